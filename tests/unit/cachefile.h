/* SPDX-License-Identifier: MIT */
/* Pages of a cache file, written by the rules of docs/format.md A4 without a look at the library's reader. */
#ifndef TESTS_UNIT_CACHEFILE_H
#define TESTS_UNIT_CACHEFILE_H

#include "../../libfsread/space/content.h"
#include "image.h"

/* The group that the kernel was asked about: 208 MiB at 21 MiB, with one super stripe 43 MiB in. */
#define GROUP UINT64_C(22020096)
#define GROUP_LENGTH UINT64_C(218103808)
#define END (GROUP + GROUP_LENGTH)
#define SECTOR UINT64_C(4096)
#define EXTENT 1
#define BITMAP 2

struct cachefile {
	struct page_set set;
	uint64_t generation, entries, bitmaps;
	unsigned page; /* the last one written to */
	uint32_t byte; /* where its next entry goes */
};

/* CRC-32C bit by bit, with inversion before and after. */
uint32_t plain_crc32c(const uint8_t *p, size_t n);
/* Pseudorandom numbers: the same for the same seed. */
uint64_t draw(uint64_t *seed);
static inline uint64_t draw_below(uint64_t *seed, uint64_t n)
{
	return draw(seed) % n;
}

/* Empty pages with a stamp; page_set_free(&f->set) frees them. */
void cachefile_init(struct cachefile *f, unsigned pages, uint32_t size, uint64_t generation);
void cachefile_entry(struct cachefile *f, uint64_t offset, uint64_t bytes, uint8_t type);
/* The next bitmap's page; after the last entry. */
uint8_t *cachefile_bitmap(struct cachefile *f);
/* Sets bits [from, from + n). */
void set_bits(uint8_t *bitmap, uint32_t from, uint32_t n);
/* Writes the crc of one page, and of all pages. */
void cachefile_crc(struct cachefile *f, unsigned page);
void cachefile_seal(struct cachefile *f);

#endif
