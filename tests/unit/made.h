/* SPDX-License-Identifier: MIT */
/* Ranges of a block group, and the pages that libfswrite makes of them. */
#ifndef TESTS_UNIT_MADE_H
#define TESTS_UNIT_MADE_H

#include "../../libfswrite/cache/pages.h"
#include "cachefile.h"

#define START (5 * GIB)
#define GENERATION 9u

/* A layout, and the cache made of it. */
struct made {
	struct cache_shape shape;
	struct free_range *ranges;
	size_t n, room;
	struct page_set set;
	struct content content;
	uint64_t entries, bitmaps;
	struct fsr_error err;
};

/* A block group at START; npages 0: as many as its length calls for. made_free() frees all of it. */
struct made made_begin(uint64_t length, uint32_t sectorsize, uint32_t npages);
void made_free(struct made *m);
/* Sectors [from, to) of the block group are free. */
void made_add(struct made *m, uint64_t from, uint64_t to);
/* Every other sector from `from` on, n of them. */
void made_comb(struct made *m, uint64_t from, uint64_t n);
uint8_t *made_page(const struct made *m, unsigned i);
/* Calls cache_fill_pages(), answers what it does. */
int made_fill(struct made *m);
/* The same; then libfsread must read these ranges and no others, sorted, with right crcs and counts. */
void made_check(struct made *m);
/* And so many entries and bitmaps. Frees it. */
void made_check_counts(struct made *m, uint64_t entries, uint64_t bitmaps);

#endif
