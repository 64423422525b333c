/* SPDX-License-Identifier: MIT */
#ifndef FSREAD_SPACE_FST_H
#define FSREAD_SPACE_FST_H

#include "content.h"

/* The free space tree's items of one block group (F-C2), as an ascending stream of free ranges. */
struct fst_stream {
	const struct fsr_fs *fs;
	const struct group_facts *group;
	struct cursor *cursor;
	uint64_t end;
	bool has_info, bad_info; /* the INFO item, or one that does not fit */
	uint64_t info_length;
	uint32_t info_size;
	uint64_t extent_count; /* as INFO says */
	uint32_t flags;
	uint64_t counted; /* as Linux would count when loading */
	uint64_t extent_items, bitmap_items;
	bool bad_item; /* out of bounds, out of order, wrong size */
	struct fsr_key bad_key;
	bool hidden;
	uint64_t hidden_block;
	int error; /* FSR_E_NOMEM */
	/* where the stream stands */
	bool on_item; /* the cursor is on an item that was not taken yet */
	uint8_t bits[FREE_SPACE_BITMAP_MAX];
	uint32_t nbits, bit;
	uint64_t base;
	uint64_t reached; /* items must not begin below this */
	bool have, previous_set;
	uint64_t start, stop; /* a run that was taken but not given out */
};

/* Goes to the block group's first item and reads its INFO. */
void fst_stream_init(struct fst_stream *s, const struct fsr_fs *fs, const struct group_facts *group,
	struct cursor *cursor);
/* A range_source. */
bool fst_stream_next(void *stream, uint64_t *start, uint64_t *end);

#endif
