/* SPDX-License-Identifier: MIT */
/* The three superblock mirrors of a device: which one counts, and what is wrong with the others. */
#include "super.h"

#include "../format/csum.h"
#include "../format/error.h"

#include <stdio.h>

/* What reading a device's mirrors gave; why[i] says what is wrong with mirror i. */
struct mirror_set {
	struct fsr_super_mirror *mirrors; /* the device's three */
	char why[SUPER_MIRRORS][SUPER_WHY_SIZE];
	bool good[SUPER_MIRRORS];
};

static void read_mirror(struct source *source, struct mirror_set *set, unsigned i)
{
	struct fsr_super_mirror *m = &set->mirrors[i];
	struct fsr_error err;

	m->index = i;
	m->offset = super_offset(i);
	m->present = source->size >= SUPER_SIZE && m->offset <= source->size - SUPER_SIZE;
	if (source->logical && i)
		m->present = false; /* a dump has the primary one alone */
	if (!m->present)
		return;
	if (source_read(source, m->raw, SUPER_SIZE, m->offset, &err)) {
		memset(m->raw, 0, SUPER_SIZE);
		snprintf(set->why[i], SUPER_WHY_SIZE, "it can't be read: %.100s", err.text);
		return;
	}
	set->good[i] = super_judge(m, set->why[i]);
}

static uint64_t mirror_generation(const struct fsr_super_mirror *m)
{
	return get64(m->raw + SUPER_GENERATION);
}

/* Linux writes a mirror only where it ends before the device does (F-B3); one beyond is a left-over. */
static bool mirror_belongs(const struct fsr_super_mirror *m, const uint8_t *super)
{
	return m->offset + SUPER_SIZE < get64(super + SUPER_DEV_ITEM + DEV_ITEM_TOTAL_BYTES);
}

/* The primary if it is good, else the newest good mirror; SUPER_MIRRORS: none. */
static unsigned choose(const struct mirror_set *set)
{
	unsigned best = SUPER_MIRRORS;

	if (set->good[0])
		return 0;
	for (unsigned i = 1; i < SUPER_MIRRORS; i++) {
		if (!set->good[i] || !mirror_belongs(&set->mirrors[i], set->mirrors[i].raw))
			continue;
		if (best == SUPER_MIRRORS ||
			mirror_generation(&set->mirrors[i]) > mirror_generation(&set->mirrors[best]))
			best = i;
	}
	return best;
}

static unsigned long long image_offset(const struct source *source, unsigned mirror)
{
	return source->image_offset + super_offset(mirror);
}

static int no_super(const struct source *source, const struct mirror_set *set, struct fsr_error *err)
{
	for (unsigned i = 0; i < SUPER_MIRRORS; i++) {
		const struct fsr_super_mirror *m = &set->mirrors[i];

		if (m->magic_ok)
			return fsr_fail(err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR,
				"'%s' has no usable superblock: mirror %u at image offset %llu: %s",
				source->name, i, image_offset(source, i), set->why[i]);
	}
	return fsr_fail(err, FSR_E_NOT_BTRFS, 0, FSR_NO_BYTENR,
		"'%s' holds no btrfs: no superblock magic at image offset %llu", source->name,
		image_offset(source, 0));
}

static void mirror_details(struct fsr_finding *f, const struct fsr_super_mirror *m)
{
	finding_number(f, "devid", m->devid);
	finding_number(f, "mirror", m->index);
	finding_number(f, "offset", m->offset);
}

static void report_bad(
	struct volume *volume, const struct fsr_super_mirror *m, const char *why, unsigned used)
{
	struct fsr_finding f;

	volume->super_copies.failing++;
	if (m->index)
		finding_init(&f, FSR_FINDING_SUPER_MIRROR, FSR_NO_BYTENR,
			"superblock mirror %u of device %llu at offset %llu is not usable: %s", m->index,
			(unsigned long long)m->devid, (unsigned long long)m->offset, why);
	else
		finding_init(&f, FSR_FINDING_SUPER_PRIMARY, FSR_NO_BYTENR,
			"the primary superblock of device %llu at offset %llu is not usable: %s; mirror %u "
			"is used instead",
			(unsigned long long)m->devid, (unsigned long long)m->offset, why, used);
	mirror_details(&f, m);
	findings_add(&volume->findings, &f);
}

/* What lawfully differs between mirrors: csum, bytenr, and what fsync writes to the primary only (F-B6). */
static bool may_differ(size_t at)
{
	return at < CSUM_SIZE || (at >= SUPER_BYTENR && at < SUPER_BYTENR + 8) ||
	       (at >= SUPER_LOG_ROOT && at < SUPER_TOTAL_BYTES) || at == SUPER_LOG_ROOT_LEVEL;
}

static size_t first_difference(const uint8_t *a, const uint8_t *b)
{
	for (size_t at = 0; at < SUPER_SIZE; at++)
		if (a[at] != b[at] && !may_differ(at))
			return at;
	return SUPER_SIZE;
}

static void compare_mirror(
	struct volume *volume, const struct fsr_super_mirror *used, const struct fsr_super_mirror *m)
{
	size_t at = first_difference(used->raw, m->raw);
	struct fsr_finding f;

	if (at == SUPER_SIZE)
		return;
	volume->super_copies.differing++;
	finding_init(&f, FSR_FINDING_SUPER_DIFFERS, FSR_NO_BYTENR,
		"superblock mirror %u of device %llu (generation %llu) differs from mirror %u (generation "
		"%llu), first at "
		"byte %zu",
		m->index, (unsigned long long)m->devid, (unsigned long long)mirror_generation(m), used->index,
		(unsigned long long)mirror_generation(used), at);
	mirror_details(&f, m);
	finding_number(&f, "generation", mirror_generation(m));
	finding_number(&f, "used_generation", mirror_generation(used));
	finding_number(&f, "first_byte", at);
	findings_add(&volume->findings, &f);
}

static void report_mirrors(struct volume *volume, const struct mirror_set *set, unsigned used)
{
	const struct fsr_super_mirror *best = &set->mirrors[used];

	for (unsigned i = 0; i < SUPER_MIRRORS; i++) {
		const struct fsr_super_mirror *m = &set->mirrors[i];

		if (!m->present || (i && !mirror_belongs(m, best->raw)))
			continue;
		volume->super_copies.read++;
		if (i == used)
			continue;
		if (set->good[i])
			compare_mirror(volume, best, m);
		else
			report_bad(volume, m, set->why[i], used);
	}
}

int volume_read_mirrors(struct volume *volume, size_t i, struct fsr_error *err)
{
	struct volume_device *device = &volume->devices[i];
	struct mirror_set set = {.mirrors = volume->mirrors + i * SUPER_MIRRORS};
	unsigned used;

	for (unsigned k = 0; k < SUPER_MIRRORS; k++)
		read_mirror(device->source, &set, k);
	used = choose(&set);
	if (used == SUPER_MIRRORS)
		return no_super(device->source, &set, err);
	memcpy(device->super, set.mirrors[used].raw, SUPER_SIZE);
	for (unsigned k = 0; k < SUPER_MIRRORS; k++)
		set.mirrors[k].devid = get64(device->super + SUPER_DEV_ITEM + DEV_ITEM_DEVID);
	set.mirrors[used].used = true;
	report_mirrors(volume, &set, used);
	return 0;
}
