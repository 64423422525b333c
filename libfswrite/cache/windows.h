/* SPDX-License-Identifier: MIT */
/* Which parts of a block group become bitmaps, so that all entries fit into the cache file. */
#ifndef FSWRITE_CACHE_WINDOWS_H
#define FSWRITE_CACHE_WINDOWS_H

#include "pages.h"

/* What one bitmap covers, from the block group's start on. */
struct window {
	uint64_t start;
	size_t first, ranges; /* index of the first range that lies wholly inside, and how many do */
	uint64_t bytes;       /* their sum */
	bool bitmap;
};

struct windows {
	struct window *list; /* by address; the caller frees it; NULL: all ranges are extents */
	size_t count;
	uint64_t entries, bitmaps, entry_pages; /* bitmap pages follow the entries' */
};

/*
 * Chooses the windows with the most ranges, as few as make everything fit. FSR_E_NO_SPACE when nothing
 * does; FSR_E_NOMEM.
 */
int windows_choose(struct windows *windows, const struct cache_shape *shape, const struct free_range *ranges,
	size_t n, struct fsr_error *err);

#endif
