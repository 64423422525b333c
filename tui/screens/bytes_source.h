/* SPDX-License-Identifier: MIT */
/* One page, tree block or superblock: its bytes as one copy has them, and what each of them is. */
#ifndef TUI_SCREENS_BYTES_SOURCE_H
#define TUI_SCREENS_BYTES_SOURCE_H

#include "bytes_rows.h"
#include "cache_model.h"

enum bytes_kind { BYTES_NONE, BYTES_CACHE, BYTES_BLOCK, BYTES_SUPER };

struct bytes_source {
	enum bytes_kind kind;
	uint64_t bytenr; /* of the first byte; FSR_NO_BYTENR: it has no logical address */
	unsigned page, copy, ncopies;
	bool judged; /* these bytes are those that the findings are about: copies may differ */
	size_t size;
	uint8_t *data;
	uint32_t unread;  /* byte_unread() */
	uint8_t *differs; /* 1 where another copy has another byte; NULL: copies are equal, or there is one */
	size_t ndiffers;
	size_t nlabels, room;
	struct fsr_label *labels;
	struct fsr_block *block; /* BYTES_BLOCK that could be read, else NULL */
	bool has_where;
	struct fsr_physical where;
	char problem[512]; /* what can't be read, or why a block is not lawful; empty: nothing */
};

/* Each makes the source anew; false: memory ran out, it is BYTES_NONE then. What can't be read is a problem.
 */
bool bytes_of_page(struct bytes_source *source, struct cache_model *model, unsigned page, unsigned copy);
bool bytes_of_block(struct bytes_source *source, struct fsr_fs *fs, uint64_t bytenr, unsigned copy);
bool bytes_of_super(struct bytes_source *source, struct fsr_fs *fs, unsigned mirror);
void bytes_source_free(struct bytes_source *source);
/* A little-endian number of 1 to 8 bytes. */
uint64_t bytes_number(const struct bytes_source *source, size_t byte, unsigned length);

#endif
