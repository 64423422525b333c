/* SPDX-License-Identifier: MIT */
/* Where the grains of a sparse VMDK lie: qemu takes what is missing for zeros. */
#include "virtual.h"

#include <stdlib.h>

#define SECTOR UINT64_C(512)
#define GRAINS_MOST 512u /* in one table */
#define TABLES_MOST (1u << 17)
#define DIRECTORY_AT_END UINT64_MAX
#define FOOTER_FROM_END 1024u

struct tables {
	struct source *source;
	const char *path;
	uint64_t capacity, grain, directory; /* sectors */
	uint32_t grains;                     /* in one table */
};

static int fail_cut(const struct tables *t, uint64_t sector, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR,
		NAME " is a VMDK that was cut: it ends at byte %llu, but has data at byte %llu", t->path,
		(unsigned long long)t->source->size, (unsigned long long)sector * SECTOR);
}

static void take_header(struct tables *t, const uint8_t h[512])
{
	t->capacity = get64(h + 12);
	t->grain = get64(h + 20);
	t->grains = get32(h + 44);
	t->directory = get64(h + 56);
}

/* Reads `count` sector numbers at sector `at`; each must lie in the file. */
static int read_numbers(
	const struct tables *t, uint64_t at, uint8_t *numbers, size_t count, struct fsr_error *err)
{
	uint64_t sectors = t->source->size / SECTOR;
	int e;

	if (at >= sectors || 4 * count > t->source->size - at * SECTOR)
		return fail_cut(t, at >= UINT32_MAX ? UINT32_MAX : at, err);
	e = source_read(t->source, numbers, 4 * count, at * SECTOR, err);
	for (size_t i = 0; i < count && !e; i++)
		if (get32(numbers + 4 * i) >= sectors)
			e = fail_cut(t, get32(numbers + 4 * i), err);
	return e;
}

/* Of more tables than any disk of use has, the first. */
static int check_grains(const struct tables *t, struct fsr_error *err)
{
	uint64_t covered = t->grain * t->grains, count = (t->capacity + covered - 1) / covered;
	uint8_t *directory, grains[4 * GRAINS_MOST];
	int e;

	if (count > TABLES_MOST)
		count = TABLES_MOST;
	directory = malloc(4 * (size_t)count);
	if (!directory)
		return fsr_fail_nomem(err);
	e = read_numbers(t, t->directory, directory, (size_t)count, err);
	for (size_t i = 0; i < count && !e; i++)
		if (get32(directory + 4 * i))
			e = read_numbers(t, get32(directory + 4 * i), grains, t->grains, err);
	free(directory);
	return e;
}

int vmdk_check_tables(const struct disk_file *file, const uint8_t header[512], struct fsr_error *err)
{
	struct tables t = {.source = file->source, .path = file->path};
	uint64_t size = file->source->size, overhead = get64(header + 64);
	uint8_t footer[512];
	int e;

	take_header(&t, header);
	if (overhead > size / SECTOR)
		return fail_cut(&t, size / SECTOR, err);
	if (t.directory == DIRECTORY_AT_END) {
		e = source_read(file->source, footer, sizeof footer,
			size < FOOTER_FROM_END ? 0 : size - FOOTER_FROM_END, err);
		if (e)
			return e;
		if (memcmp(footer, "KDMV", 4))
			return fail_cut(&t, size / SECTOR, err);
		take_header(&t, footer);
	}
	if (!t.capacity || !t.grain || t.grain > MIB || !t.grains || t.grains > GRAINS_MOST ||
		t.capacity > INT64_MAX / SECTOR)
		return fsr_fail(err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR,
			NAME " is a VMDK with a number in its header that is out of its range", file->path);
	return check_grains(&t, err);
}
