/* SPDX-License-Identifier: MIT */
/* What is known of copies that are all to be read: which tree blocks were compared, and the counts. */
#ifndef FSREAD_VOLUME_COPIES_H
#define FSREAD_VOLUME_COPIES_H

#include "../fsread.h"

/* May be used by several threads. It grows by at most 2 bits for each sector of the tree blocks that were
 * read. */
struct copy_set;

/* NULL: memory ran out. To be given to copy_set_free(). */
struct copy_set *copy_set_new(void);
void copy_set_free(struct copy_set *set);

/* Whether the copies of the block at this sector (address / sectorsize) were found to be alike before. */
bool copy_set_alike(struct copy_set *set, uint64_t sector);
/*
 * Takes down how the copies of the block at this sector fared. Only the first time for each sector are they
 * counted, so that a block that is visited again doesn't count again. 0 or FSR_E_NOMEM.
 */
int copy_set_note(struct copy_set *set, uint64_t sector, const struct fsr_copy_counts *counts);
/* Adds to the counts. */
void copy_set_count(struct copy_set *set, const struct fsr_copy_counts *counts);
/* The counts so far. */
struct fsr_copy_counts copy_set_counts(struct copy_set *set);

static inline void copy_counts_add(struct fsr_copy_counts *to, const struct fsr_copy_counts *more)
{
	to->read += more->read;
	to->differing += more->differing;
	to->failing += more->failing;
}

#endif
