/* SPDX-License-Identifier: MIT */
/* Comparing the copies of a tree block that Linux would not look at, for want of a reason. */
#include "block_copies.h"

#include "../format/error.h"

#include <stdio.h>
#include <stdlib.h>

void block_copy_finding(const struct volume *volume, const struct block_want *want, unsigned copy,
	const struct fsr_error *why, struct fsr_finding *f)
{
	struct fsr_physical where;
	uint64_t length;

	finding_init(f, FSR_FINDING_TREE_BLOCK_COPY, FSR_NO_BYTENR, "copy %u of %s", copy, why->text);
	finding_number(f, "bytenr", want->bytenr);
	finding_number(f, "copy", copy);
	if (volume_map(volume, want->bytenr, copy, &where, &length, NULL))
		return;
	finding_number(f, "devid", where.devid);
	finding_number(f, "offset", where.offset);
	finding_number(f, "image_offset", where.image_offset);
}

/* One block while its copies are compared. */
struct comparison {
	struct volume *volume;
	const struct block_want *want;
	const uint8_t *block; /* copy `good` */
	unsigned good, copies;
	uint8_t *other;
	struct fsr_copy_counts counts;
};

static uint32_t first_difference(const struct comparison *c)
{
	uint32_t at = 0;

	while (at < c->volume->fs.nodesize && c->block[at] == c->other[at])
		at++;
	return at;
}

/* at == nodesize: it can't be read, so there is no first byte. */
static void report(struct comparison *c, unsigned copy, const struct fsr_error *why, uint32_t at)
{
	struct fsr_finding f;

	if (c->good == NO_COPY)
		return; /* the whole block is a finding of its own */
	block_copy_finding(c->volume, c->want, copy, why, &f);
	if (at < c->volume->fs.nodesize)
		finding_number(&f, "first_byte", at);
	findings_add(&c->volume->findings, &f);
}

static void compare_bytes(struct comparison *c, unsigned copy)
{
	uint32_t at = first_difference(c);
	struct fsr_error why;
	char text[64];

	if (block_check_copy(c->volume, c->want, copy, c->other, &why)) {
		c->counts.failing++;
		report(c, copy, &why, at);
	} else if (at < c->volume->fs.nodesize) {
		snprintf(text, sizeof text, "it differs from copy %u, first at byte %u", c->good, at);
		block_fail_copy(c->volume, c->want, copy, text, &why);
		c->counts.differing++;
		report(c, copy, &why, at);
	}
}

/* A copy on a device that was not given is known to be missing: nothing was read of it. */
static void compare_copy(struct comparison *c, unsigned copy)
{
	struct fsr_error why;
	int ret = block_read_raw(c->volume, c->want, copy, c->other, &why);

	if (ret == FSR_E_MISSING)
		return;
	c->counts.read++;
	if (!ret) {
		compare_bytes(c, copy);
		return;
	}
	c->counts.failing++;
	report(c, copy, &why, c->volume->fs.nodesize);
}

int block_compare_copies(struct volume *volume, const struct block_want *want, unsigned good,
	const uint8_t *block, struct fsr_error *err)
{
	struct comparison c = {.volume = volume, .want = want, .block = block, .good = good};
	const uint64_t sector = want->bytenr / volume->fs.sectorsize;

	if (!volume->copies || copy_set_alike(volume->copies, sector))
		return 0;
	c.other = malloc(volume->fs.nodesize);
	if (!c.other)
		return fsr_fail_nomem(err);
	c.copies = volume_copies(volume, volume_find_chunk(volume, want->bytenr));
	for (unsigned copy = 0; copy < c.copies; copy++)
		if (copy == good)
			c.counts.read++;
		else
			compare_copy(&c, copy);
	free(c.other);
	return copy_set_note(volume->copies, sector, &c.counts) ? fsr_fail_nomem(err) : 0;
}
