/* SPDX-License-Identifier: MIT */
/* The pages of a cache file (F-A4), made from a block group's free space. */
#ifndef FSWRITE_CACHE_PAGES_H
#define FSWRITE_CACHE_PAGES_H

#include "../../libfsread/format/btrfs.h"
#include "../../libfsread/format/error.h"

struct free_range {
	uint64_t start, end;
};

/* What the pages are for. */
struct cache_shape {
	uint64_t start, length; /* of the block group */
	uint32_t sectorsize;    /* the size of a page, and what a bit stands for */
	uint32_t npages;        /* of the file: 1 to (sectorsize - 8) / 4 */
	uint64_t generation;
};

/* Bytes of the cache file of a block group of this length (F-A9); 0 where Linux keeps none. */
uint64_t cache_file_bytes(uint64_t length, uint32_t sectorsize);

/*
 * Fills pages (npages * sectorsize bytes) with the cache that lists exactly these ranges: ascending, not
 * touching, aligned to sectors, within the block group. They become extents; where these are too many
 * for the file, the windows of one bitmap with the most of them become bitmaps, as few as will do. All pages
 * get their checksums. FSR_E_NO_SPACE when even bitmaps don't fit, which can't be in a file of
 * cache_file_bytes(); FSR_E_NOMEM.
 */
int cache_fill_pages(const struct cache_shape *shape, const struct free_range *ranges, size_t n,
	uint8_t *pages, uint64_t *entries, uint64_t *bitmaps, struct fsr_error *err);

#endif
