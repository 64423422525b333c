/* SPDX-License-Identifier: MIT */
/* What a cache's pages list, in disk order and as one ascending stream of free ranges. */
#ifndef FSREAD_SPACE_CONTENT_H
#define FSREAD_SPACE_CONTENT_H

#include "pages.h"

struct entry {
	uint64_t offset, bytes;
	uint16_t page, byte;  /* where its 17 bytes lie */
	uint16_t bitmap_page; /* of a bitmap, once it is known to be readable; else 0 */
	uint8_t type;
};

static inline bool entry_is_bitmap(const struct entry *e)
{
	return e->type != FREE_SPACE_ENTRY_EXTENT; /* any other value, as Linux takes it (step 17) */
}

struct content {
	const struct page_set *pages;
	struct entry *entries; /* in disk order */
	size_t count, room;
	uint32_t *order; /* indices into entries by offset, an extent before a bitmap */
	size_t order_room;
	unsigned bitmaps;
	unsigned first_bitmap_page; /* 0: none */
	uint64_t sum;               /* of the entries' bytes, modulo 2^64 (step 20) */
	unsigned swap; /* how bitmap words are read: 0 as written, 8 or 4 bytes reversed (F-A14) */
};

void content_free(struct content *content);
/* Fills content->order by the entries there are. FSR_E_NOMEM. */
int content_sort(struct content *content, struct fsr_error *err);

/* How far steps 12 to 19 of F-A6 go. */
struct walk_result {
	int step;                     /* that fails; 0: all passed */
	enum fsr_finding_code reason; /* of the failure */
	uint64_t page;                /* the page, and the entry it fails at */
	size_t entry;
	uint32_t crc_stored, crc_computed;
	uint64_t page_generation;
	bool has_page_generation;
	bool crash;    /* page 0 has no room for what Linux reads there: it reads on behind it */
	bool complete; /* all entries and bitmaps were decoded, from pages with right crcs */
};

/*
 * Steps 11 to 19 for one copy's pages. content is filled as far as Linux gets; it refers to set.
 * With `lenient` what can be decoded behind a bad crc or stamp is decoded too, so that it can be
 * shown and compared; the result is the same. FSR_E_NOMEM is the only error.
 */
int walk_pages(const struct page_set *set, uint64_t generation, uint64_t entries, bool lenient,
	struct content *content, struct walk_result *result, struct fsr_error *err);

/* The stored slot and the computed crc of a page (F-A4). page 0 needs 4 * count <= size. */
uint32_t page_crc_stored(const struct page_set *set, unsigned page);
uint32_t page_crc_computed(const struct page_set *set, unsigned page);
/* Byte of page 0 where the generation stands: behind the crc slots. */
static inline uint32_t page0_generation_at(const struct page_set *set)
{
	return 4 * set->count;
}

/* ---- ranges.c: the union of all entries, ascending */

struct bitmap_iterator {
	uint64_t base; /* of bit 0 */
	const uint8_t *bits;
	uint32_t next_bit;
	uint64_t start, end; /* the current run */
};

struct range_stream {
	const struct content *content;
	uint64_t unit; /* bytes a bit stands for */
	uint32_t nbits;
	size_t next; /* in content->order */
	struct bitmap_iterator *heap;
	size_t heap_count, heap_room;
	bool have; /* a raw run has been taken but not given out */
	uint64_t start, end;
	/* found on the way */
	uint64_t total; /* bytes given out: the union */
	bool overlap;   /* two listed ranges share bytes */
	uint64_t overlap_at;
	bool failed; /* memory ran out: the stream ended early */
};

void range_stream_init(struct range_stream *s, const struct content *content, uint32_t sectorsize);
void range_stream_free(struct range_stream *s);
/* The next maximal range; false at the end. Ends that wrap around are cut at 2^64 - 1. */
bool range_stream_next(struct range_stream *s, uint64_t *start, uint64_t *end);

/* Bits first..first+63 of a bitmap page as a little-endian word, swapped as content->swap says. */
uint64_t bitmap_word(const uint8_t *bits, uint32_t word, unsigned swap);
/* The next run of set bits at or after *bit: fills *bit and *end (exclusive); false when there is none. */
bool bitmap_next_run(const uint8_t *bits, uint32_t nbits, unsigned swap, uint32_t *bit, uint32_t *end);
uint32_t bitmap_popcount(const uint8_t *bits, uint32_t nbits);

#endif
