/* SPDX-License-Identifier: MIT */
/* The structure of step 21: what insert.c fills, and insert_trim.c looks through. */
#ifndef FSREAD_SPACE_INSERT_MODEL_H
#define FSREAD_SPACE_INSERT_MODEL_H

#include "insert.h"

struct slot {
	uint64_t offset, bytes;
	uint8_t *bitmap; /* NULL: an extent */
};

struct model {
	uint64_t start, length, unit, nbits;
	struct slot *slots; /* by offset, an extent before a bitmap */
	size_t count, room, bitmaps;
	uint64_t threshold;
	uint64_t steps; /* of work, about 100 ns each */
	enum insert_result result;
	bool no_memory;
};

#define NO_SLOT SIZE_MAX
#define STEPS_MAX (UINT64_C(1) << 23)

/* Index of the first slot that is not before (offset, kind). */
size_t model_lower_bound(const struct model *m, uint64_t offset, bool bitmap);
/* The slot that holds the address, an extent in preference to the bitmap it lies in; NO_SLOT. */
size_t model_holding(const struct model *m, uint64_t offset);
/* What a slot spans, whatever is free in it. */
static inline uint64_t slot_span(const struct model *m, const struct slot *s)
{
	return s->bitmap ? m->nbits * m->unit : s->bytes;
}

/*
 * Goes through the extents of the block group as FITRIM does. Ranges that end before they start can
 * send Linux round in circles: then the result becomes INSERT_CRASHES, and *at an address on the way.
 */
void model_trim(struct model *m, uint64_t *at);

#endif
