/* SPDX-License-Identifier: MIT */
/*
 * One block group's cache during a commit: its header, inode and extent in the root tree (F-A2, F-A3), in
 * the order CLEAR, SETUP, NEED_WRITE, WRITTEN. Answers as in trans.h.
 */
#ifndef FSWRITE_CACHE_CACHE_H
#define FSWRITE_CACHE_CACHE_H

#include "../trans/trans.h"

/* state.c: the block group is at `state` now, for a reason that format tells; the caller of the library hears
 * it. */
int cache_state(struct trans *t, struct trans_group *g, enum fsr_state state, struct fsr_error *err,
	const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The same for something taken away; kept for the result. */
int cache_removed(struct trans *t, const struct fsw_removed *removed, struct fsr_error *err);

/* Whether the block group wants a cache: eligible, and neither full nor empty by now (F-B12). */
bool cache_wanted(const struct trans_group *g);

/*
 * setup.c. From CLEAR to SETUP: a header, an inode of generation 0, a new extent; what was there before is
 * reused or dropped. A block group that wants no cache, or for which there is no space, has its old cache
 * made invalid instead, the latter going to ERROR. Where all that was done before in this commit, only the
 * state changes.
 */
int cache_set_up(struct trans *t, struct trans_group *g, struct fsr_error *err);
/* Makes the cache invalid with the least change: no cache of it will be trusted. */
int cache_invalidate(struct trans *t, struct trans_group *g, struct fsr_error *err);
/* The content is known: fills in header, inode and extent. Needs no space. */
int cache_finish(
	struct trans *t, struct trans_group *g, uint64_t entries, uint64_t bitmaps, struct fsr_error *err);

/* ---- inode.c: cache inodes in the root tree */

/*
 * Whether the inode that a header names can be used for its cache (F-B12): a regular cache inode with nothing
 * but extents, named by this header alone. 1: yes, 0: no, or negative.
 */
int inode_reusable(struct trans *t, const struct cache_header *header, struct fsr_error *err);
/* Whether the number has nothing in the root tree but an inode and extents: 1, 0, or negative. */
int inode_is_plain(struct trans *t, uint64_t ino, struct fsr_error *err);
/* A number for a new inode. */
int inode_number(struct trans *t, uint64_t *ino, struct fsr_error *err);
/* Makes the inode one of `size` bytes and generation 0; `add` where it does not exist yet. */
int inode_set_up(struct trans *t, uint64_t ino, uint64_t size, bool add, struct fsr_error *err);
/* Marks the inode invalid and changes nothing else. */
int inode_clear(struct trans *t, uint64_t ino, struct fsr_error *err);
/* The one extent of a cache file, not written yet. */
int inode_add_extent(struct trans *t, uint64_t ino, uint64_t bytenr, uint64_t length, struct fsr_error *err);
/* Marks inode and extent complete. */
int inode_complete(struct trans *t, uint64_t ino, struct fsr_error *err);
/* Goes to an item of the root tree that was there when it was read, to change it; it has `size` bytes or
 * more. */
int inode_go_to(
	struct trans *t, const struct fsr_key *key, uint32_t size, struct path *path, struct fsr_error *err);

/* ---- file_extents.c */

/* FSR_E_REFUSED, with the reason, when extents of the inode can't be dropped. Changes nothing. */
int inode_check_extents(struct trans *t, uint64_t ino, struct fsr_error *err);
/*
 * Drops all extents of the inode, which inode_check_extents() found right; and where it lacks some, those
 * that the extent tree says are its.
 */
int inode_drop_extents(struct trans *t, uint64_t ino, struct fsr_error *err);

/* ---- remove.c */

/* Removes the header of a block group. An inode that no header names any more is for cache_remove_inode(). */
int cache_remove_header(struct trans *t, uint64_t group, struct fsr_error *err);
/* The header names its inode no more: the inode goes too when it was the last one. */
int cache_leave_inode(struct trans *t, const struct cache_header *header, struct fsr_error *err);
/* Removes a header that belongs to no block group, and its inode unless another header names it. */
int cache_drop_stray(struct trans *t, const struct cache_header *header, struct fsr_error *err);
/*
 * Removes a cache inode that no header names, its extents and its orphan item. 1: it is not what a
 * cache inode is, and stays.
 */
int cache_remove_inode(struct trans *t, uint64_t ino, struct fsr_error *err);

#endif
