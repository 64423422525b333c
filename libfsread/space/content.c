/* SPDX-License-Identifier: MIT */
/* What Linux does not check about the ranges of a cache, and takes as they are (F-A7). */
#include "judge.h"

struct checker {
	const struct content *content;
	struct content_faults *faults;
	uint64_t start, end;
	uint32_t sector, nbits;
};

static void check_wrap(struct checker *c, const struct entry *e, uint64_t bytes)
{
	if (bytes <= UINT64_MAX - e->offset)
		return;
	if (!c->faults->wrap)
		c->faults->wrap_at = e->offset;
	c->faults->wrap = true;
}

static void outside(struct checker *c, uint64_t at)
{
	if (!c->faults->outside)
		c->faults->outside_at = at;
	c->faults->outside = true;
}

static void check_extent(struct checker *c, const struct entry *e)
{
	check_wrap(c, e, e->bytes);
	if (e->offset < c->start || e->offset >= c->end || e->bytes > c->end - e->offset)
		outside(c, e->offset);
	if ((e->offset | e->bytes) % c->sector && !c->faults->unaligned) {
		c->faults->unaligned = true;
		c->faults->unaligned_at = e->offset;
	}
}

/* Bits that stand for sectors that are not the block group's. */
static void check_bits(struct checker *c, const struct entry *e, const uint8_t *bits)
{
	uint32_t bit = 0, end;

	while (bitmap_next_run(bits, c->nbits, 0, &bit, &end)) {
		uint64_t from = e->offset + (uint64_t)bit * c->sector;

		if (from < c->start || from >= c->end || (uint64_t)(end - bit) * c->sector > c->end - from)
			outside(c, from);
		check_wrap(c, e, (uint64_t)end * c->sector);
		bit = end;
	}
}

static void check_bitmap(struct checker *c, const struct entry *e)
{
	const uint8_t *bits;
	uint64_t span = (uint64_t)c->nbits * c->sector, set;

	if ((e->offset < c->start || (e->offset - c->start) % span) && !c->faults->grid) {
		c->faults->grid = true;
		c->faults->grid_at = e->offset;
	}
	if (e->offset % c->sector && !c->faults->unaligned) {
		c->faults->unaligned = true;
		c->faults->unaligned_at = e->offset;
	}
	if (e->type != FREE_SPACE_ENTRY_BITMAP) {
		c->faults->type = true;
		c->faults->type_value = e->type;
	}
	if (!e->bitmap_page)
		return;
	bits = c->content->pages->data + (size_t)e->bitmap_page * c->content->pages->size;
	set = (uint64_t)bitmap_popcount(bits, c->nbits) * c->sector;
	if (set != e->bytes && !c->faults->popcount) {
		c->faults->popcount = true;
		c->faults->popcount_at = e->offset;
		c->faults->popcount_bytes = set;
		c->faults->popcount_declared = e->bytes;
	}
	/* only a bitmap that reaches over an end needs a look at its bits */
	if (e->offset < c->start || e->offset >= c->end || span > c->end - e->offset)
		check_bits(c, e, bits);
}

void find_content_faults(const struct content *content, uint64_t start, uint64_t length, uint32_t sectorsize,
	struct content_faults *faults)
{
	struct checker c = {content, faults, start, start + length, sectorsize, sectorsize * 8};
	uint64_t span = (uint64_t)c.nbits * sectorsize, most = (length + span - 1) / span;

	*faults = (struct content_faults){0};
	for (size_t i = 0; i < content->count; i++) {
		const struct entry *e = &content->entries[i];

		if (entry_is_bitmap(e))
			check_bitmap(&c, e);
		else
			check_extent(&c, e);
	}
	faults->many_bitmaps = content->bitmaps > (most ? most : 1);
}
