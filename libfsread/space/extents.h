/* SPDX-License-Identifier: MIT */
#ifndef FSREAD_SPACE_EXTENTS_H
#define FSREAD_SPACE_EXTENTS_H

#include "compare.h"

/* What the extent tree says about one block group (F-C1). */
struct extent_scan {
	uint64_t used;       /* sum of the extents that begin in the block group */
	uint64_t free_bytes; /* less the super stripes */
	uint64_t free_ranges;
	uint64_t largest; /* the longest of them */
	uint64_t extents;
	unsigned overlaps, outside, strays; /* how many; the first of each is kept */
	uint64_t overlap_at, overlap_end, outside_at, outside_end, stray_at;
	bool hidden; /* a block that can't be read hides a part */
	uint64_t hidden_block;
};

/* Gets what is in use, in address order: extents that touch come as one. */
struct used_sink {
	void (*fn)(void *arg, uint64_t start, uint64_t end);
	void *arg;
};

/*
 * Walks the extent tree over the block group by cursor `c` and pushes what is free into `v1` (less
 * the super stripes, F-A10) and `v2` (with them, F-C2), and gives what is not to `used`; each may be NULL.
 * Block group items without a chunk are reported as findings. Where a part is hidden all this means nothing.
 */
int scan_extents(const struct fsr_fs *fs, const struct group_facts *group, struct cursor *c,
	struct compare *v1, struct compare *v2, const struct used_sink *used, struct extent_scan *scan,
	struct fsr_error *err);

/* holders.c */
/* The extent that holds bytenr: fills holder; CURSOR_END if none does, CURSOR_HOLE where damage hides it. */
int find_holder_at(const struct fsr_fs *fs, struct cursor *c, uint64_t bytenr, struct fsr_holder *holder,
	struct fsr_error *err);
/* The extent that holds bytenr, or the first behind it up to `end`: fills holder; CURSOR_END if none. */
int find_holder(const struct fsr_fs *fs, struct cursor *c, uint64_t bytenr, uint64_t end,
	struct fsr_holder *holder, struct fsr_error *err);

#endif
