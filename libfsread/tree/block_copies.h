/* SPDX-License-Identifier: MIT */
/* One copy of a tree block, and the others beside it. */
#ifndef FSREAD_TREE_BLOCK_COPIES_H
#define FSREAD_TREE_BLOCK_COPIES_H

#include "tree.h"

#include <limits.h>

/* Instead of a copy's number: there is no good one. */
#define NO_COPY UINT_MAX

/* block.c: reads copy `copy` of the block into buffer, checked by nothing. The error names block and place.
 */
int block_read_raw(struct volume *volume, const struct block_want *want, unsigned copy, uint8_t *buffer,
	struct fsr_error *err);
/* block.c: all checks but the owner's on what block_read_raw() read. FSR_E_CORRUPT. */
int block_check_copy(const struct volume *volume, const struct block_want *want, unsigned copy,
	const uint8_t *buffer, struct fsr_error *err);
/* block.c: FSR_E_CORRUPT with a sentence that names block, device and place, and says why. */
int block_fail_copy(const struct volume *volume, const struct block_want *want, unsigned copy,
	const char *why, struct fsr_error *err);

/* A tree-block-copy to be added: `why` says what is wrong with the copy. Details: bytenr, copy, place. */
void block_copy_finding(const struct volume *volume, const struct block_want *want, unsigned copy,
	const struct fsr_error *why, struct fsr_finding *f);

/*
 * Where volume->copies asks for it: reads all copies but number `good`, which is in `block` and passed its
 * checks; a finding tree-block-copy for each that fails or has other bytes. With NO_COPY they are
 * only counted. `good` may be a way beyond the copies (volume_ways()). FSR_E_NOMEM.
 */
int block_compare_copies(struct volume *volume, const struct block_want *want, unsigned good,
	const uint8_t *block, struct fsr_error *err);

#endif
