/* SPDX-License-Identifier: MIT */
/* The bytes of a cache file, copy by copy, as Linux's page reads would give them. */
#ifndef FSREAD_SPACE_PAGES_H
#define FSREAD_SPACE_PAGES_H

#include "space.h"

/* Larger files are not read: Linux needs no more for the largest block groups that it makes. */
#define PAGES_BYTES_MAX (INT64_C(64) << 20)

#define PAGE_BAD 1
#define PAGE_MISSING 2 /* on a device that was not given */

struct page_set {
	unsigned count; /* N of F-A4 */
	uint32_t size;  /* of a page: the sector size (F-A14) */
	uint8_t *data;  /* count * size bytes */
	uint8_t *bad;   /* one per page: not 0 when it can't be read, one of these */
	uint8_t *lent;  /* one per page, in the same memory: not 0 when it comes from another copy */
	unsigned bad_count;
	bool missing;  /* a page lies on devices that were not given, in all of its copies */
	bool own;      /* something was read from the copy that was asked for */
	bool borrowed; /* or from others in its stead */
	struct fsr_error first_error;
	size_t room; /* allocated, in bytes of data */
	size_t bad_room;
};

void page_set_free(struct page_set *set);

/* N of F-A4: i_size in pages, truncated to 32 bits signed as Linux does (F-A6 step 11). */
int64_t page_count(uint64_t i_size, uint32_t page_size);

/*
 * Reads copy `copy` of inode's file into set (reused between calls). Holes and preallocated extents
 * read as zeros, bytes past i_size too. What lies on a device that was not given comes from another copy
 * (`borrowed`). A page that can't be read is marked, not an error; the only
 * error is FSR_E_NOMEM. page_count() must be positive, and the pages at most PAGES_BYTES_MAX.
 */
int page_set_read(const struct fsr_fs *fs, const struct cache_inode *inode, unsigned copy,
	struct page_set *set, struct fsr_error *err);

/* Whether a set has nothing of the copy that was asked for, for want of its devices. */
static inline bool page_set_absent(const struct page_set *set)
{
	return set->missing || (set->borrowed && !set->own);
}

/* How many copies there are of the file: the most that any of its extents has; at least 1. */
unsigned page_copies(const struct fsr_fs *fs, uint64_t ino);
/* The logical address of byte 0 of a page; false where no regular extent stands behind it. */
bool page_bytenr(const struct fsr_fs *fs, uint64_t ino, uint64_t file_offset, uint64_t *bytenr);

#endif
