/* SPDX-License-Identifier: MIT */
#include "undone.h"

#include "../../libfswrite/undo/undo.h"
#include "container.h"
#include "image.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

const char *const undone_paths[UNDONE_DEVICES] = {"one", "two"};
struct fsr_error undone_error;
struct fsw_undone undone_result;

/* What is written: superblocks apart, neighbours, parts of pages, and more than one record holds. */
static const struct {
	uint64_t offset;
	size_t length;
} places[] = {{64 * KIB, 4096}, {MIB, 4096}, {MIB + 4096, 8192}, {2 * MIB + 100, 1000}, {5 * MIB, 1200000},
	{64 * MIB, 4096}, {64 * MIB + 64 * KIB, 16384}, {UNDONE_SIZE - 4096, 4096}};
#define PLACES (sizeof places / sizeof *places)

static uint8_t *before[UNDONE_DEVICES], *after[UNDONE_DEVICES];

static uint8_t *read_whole(const char *path)
{
	uint8_t *bytes = calloc(1, UNDONE_SIZE);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	for (size_t at = 0; at < UNDONE_SIZE; at += MIB)
		assert_int_equal(pread(fd, bytes + at, MIB, (off_t)at), MIB);
	close(fd);
	return bytes;
}

static void make_super(uint8_t *super, unsigned mirror, size_t device, uint64_t generation)
{
	image_super(super, mirror, device + 1, UNDONE_SIZE);
	put64(super + SUPER_GENERATION, generation);
	image_seal(super, SUPER_SIZE);
	/* Units behind the fields differ too, so that a superblock can be torn anywhere. */
	memset(super + SUPER_SIZE - 1024, (int)generation, 1024);
	image_seal(super, SUPER_SIZE);
}

static void make_device(size_t i)
{
	uint8_t super[SUPER_SIZE], old[30000];

	unlink(undone_paths[i]);
	set_size(undone_paths[i], UNDONE_SIZE);
	for (size_t at = 0; at < sizeof old; at++)
		old[at] = (uint8_t)(at / 7 + i);
	for (size_t k = 0; k < PLACES; k++)
		put_bytes(undone_paths[i], places[k].offset, old,
			sizeof old < places[k].length ? sizeof old : places[k].length);
	for (unsigned mirror = 0; mirror < 2; mirror++) {
		make_super(super, mirror, i, UNDONE_BEFORE);
		put_bytes(undone_paths[i], mirror ? 64 * MIB : 64 * KIB, super, sizeof super);
	}
}

static void write_overlay(struct device *overlay, size_t i)
{
	uint8_t super[SUPER_SIZE], *new = malloc(2 * MIB);

	for (size_t at = 0; at < 2 * MIB; at++)
		new[at] = (uint8_t)(at / 11 + 100 * i + 1);
	for (size_t k = 0; k < PLACES; k++)
		assert_int_equal(device_write(overlay, new, places[k].length, places[k].offset, NULL), 0);
	for (unsigned mirror = 0; mirror < 2; mirror++) {
		make_super(super, mirror, i, UNDONE_AFTER);
		assert_int_equal(
			device_write(overlay, super, sizeof super, mirror ? 64 * MIB : 64 * KIB, NULL), 0);
	}
	free(new);
}

static int write_out(void *arg, uint64_t offset, const void *data, size_t length, struct fsr_error *err)
{
	return device_write(arg, data, length, offset, err);
}

void undone_make(void)
{
	struct fsr_filesystem fs = {.generation = UNDONE_BEFORE, .nodesize = 16384, .sectorsize = 4096};
	struct device_set *set;
	uint8_t super[SUPER_SIZE];

	image_super(super, 0, 1, UNDONE_SIZE);
	memcpy(fs.metadata_uuid, super + SUPER_FSID, 16);
	for (size_t i = 0; i < UNDONE_DEVICES; i++) {
		make_device(i);
		before[i] = read_whole(undone_paths[i]);
	}
	assert_int_equal(
		device_set_open(undone_paths, UNDONE_DEVICES, NULL, DEVICES_WRITE, NULL, &set, &undone_error),
		0);
	for (size_t i = 0; i < UNDONE_DEVICES; i++)
		write_overlay(set->list[i], i);
	unlink(UNDONE_FILE);
	assert_int_equal(undo_save(set, UNDONE_FILE, &fs, &undone_error), 0);
	assert_true(undone_is(true, true));
	for (size_t i = 0; i < UNDONE_DEVICES; i++)
		assert_int_equal(
			overlay_ranges(set->list[i], write_out, overlay_base(set->list[i]), NULL), 0);
	device_set_close(set);
	for (size_t i = 0; i < UNDONE_DEVICES; i++)
		after[i] = read_whole(undone_paths[i]);
}

void undone_free(void)
{
	for (size_t i = 0; i < UNDONE_DEVICES; i++) {
		free(before[i]);
		free(after[i]);
	}
}

void undone_reset(bool to_before)
{
	for (size_t i = 0; i < UNDONE_DEVICES; i++)
		for (size_t k = 0; k < PLACES; k++)
			put_bytes(undone_paths[i], places[k].offset,
				(to_before ? before : after)[i] + places[k].offset, places[k].length);
}

static bool is_equal(int fd, const uint8_t *expected, uint64_t offset, size_t length)
{
	uint8_t *now = malloc(length);
	bool equal;

	assert_int_equal(pread(fd, now, length, (off_t)offset), length);
	equal = !memcmp(now, expected + offset, length);
	free(now);
	return equal;
}

bool undone_is(bool as_before, bool whole)
{
	bool equal = true;

	for (size_t i = 0; i < UNDONE_DEVICES; i++) {
		const uint8_t *expected = (as_before ? before : after)[i];
		int fd = open(undone_paths[i], O_RDONLY | O_CLOEXEC);

		assert_int_equal(lseek(fd, 0, SEEK_END), UNDONE_SIZE);
		for (size_t k = 0; k < PLACES; k++)
			equal = equal && is_equal(fd, expected, places[k].offset, places[k].length);
		if (whole)
			equal = equal && is_equal(fd, expected, 0, UNDONE_SIZE);
		close(fd);
	}
	return equal;
}

int undone_run(const char *undo, const struct device_hooks *hooks)
{
	int e;

	undone_error = (struct fsr_error){0};
	e = undo_with(&undone_result, undone_paths, UNDONE_DEVICES, undo, NULL, hooks, &undone_error);
	assert_int_equal(e, undone_error.code);
	return e;
}
