/* SPDX-License-Identifier: MIT */
/* The parts of one commit, in the order in which commit_run() goes through them. Answers as in trans.h. */
#ifndef FSWRITE_COMMIT_COMMIT_H
#define FSWRITE_COMMIT_COMMIT_H

#include "../cache/cache.h"
#include "../device/set.h"

struct commit {
	struct trans trans;
	struct device_set *set; /* its overlays take all writes until commit_write() */
	const struct fsw_options *options;
	struct fsw_transaction done;
	uint8_t super[SUPER_SIZE]; /* the new one, as for mirror 0 of the first device */
	bool removes_strays;       /* headers and inodes that nobody claims */
	bool scratch;              /* the devices are a copy that goes when the commit fails */
	bool written;              /* something was written to a device */
	bool super_begun;          /* a superblock may have been */
};

/* refuse.c: FSR_E_REFUSED or FSR_E_UNSUPPORTED, with the sentence, when the filesystem is not to be written
 * to. */
int commit_refuse(struct fsr_fs *fs, const struct fsw_options *options, struct fsr_error *err);
/* A finding of a block group that a new cache does not mend. */
bool finding_forbids(const struct fsr_finding *f);

/*
 * select.c: judges every block group and decides which take part. *work is false when there is nothing to
 * do.
 */
int commit_select(struct commit *c, bool *work, struct fsr_error *err);

/* closure.c: makes all changes, over and over until nothing is left that they change in turn. */
int commit_settle(struct commit *c, struct fsr_error *err);

/* roots.c: what simple quotas want to know must be known before the first extent is made. */
int commit_begin_quota(struct commit *c, struct fsr_error *err);
/* Brings root items and the quota status up to date; *changed when a root item was not. */
int commit_update_roots(struct commit *c, bool *changed, struct fsr_error *err);

/* contents.c: fills all caches with what is free by now, and completes them. */
int commit_fill(struct commit *c, struct fsr_error *err);

/* blocks.c: gives the fresh blocks of the tree (0: of all) their checksums and puts them on the overlays. */
int commit_seal_blocks(struct commit *c, uint64_t owner, struct fsr_error *err);
/* Writes to every copy of a logical range, by fn for each piece; parity is not written. */
typedef int (*place_fn)(void *arg, struct device *overlay, uint64_t offset, const uint8_t *data,
	size_t length, struct fsr_error *err);
int commit_each_copy(struct commit *c, uint64_t logical, const uint8_t *data, size_t length, place_fn fn,
	void *arg, struct fsr_error *err);
/* The same for one copy; of a chunk with parity copy 1 is the row's P and copy 2 its Q. */
int commit_one_copy(struct commit *c, uint64_t logical, unsigned copy, const uint8_t *data, size_t length,
	place_fn fn, void *arg, struct fsr_error *err);
/* A place_fn: onto the overlay. */
int place_on_overlay(void *arg, struct device *overlay, uint64_t offset, const uint8_t *data, size_t length,
	struct fsr_error *err);

/*
 * parity.c, when all that the commit writes is on the overlays but the superblocks: the parity of the RAID5
 * and RAID6 rows that it touches, of old and new bytes alike, goes onto the overlays too.
 */
int commit_make_parity(struct commit *c, struct fsr_error *err);
/* Calls fn for each piece of that parity, with what the overlay has there. */
int commit_each_parity(struct commit *c, place_fn fn, void *arg, struct fsr_error *err);

/* super.c: makes the new superblock and puts all its copies on the overlays. */
int commit_make_super(struct commit *c, struct fsr_error *err);
/* Calls fn with each copy that belongs on the devices: mirror 0 of all, or the others of all. */
int commit_each_super(struct commit *c, bool primary, place_fn fn, void *arg, struct fsr_error *err);

/*
 * check.c: reads the filesystem that is about to be back through libfsread and holds it against what must
 * be so (F-B8). Fills in what became of each block group.
 */
int commit_check(struct commit *c, struct fsr_error *err);

/* How often commit_write() has all devices flushed. */
#define COMMIT_FLUSHES 3u
/* write.c: each cache goes to WRITTEN; `really`: its pages go to the devices. */
int commit_write_caches(struct commit *c, bool really, struct fsr_error *err);
/*
 * Caches, tree blocks, their parity, flush, primary superblocks, flush, the other superblocks, flush. A
 * failure leaves the old filesystem, or once c->super_begun the old or the new one; c->written tells whether
 * anything was.
 */
int commit_write(struct commit *c, struct fsr_error *err);

/* run.c: all of it. *result is filled on success; c->trans is to be freed in any case. */
int commit_run(struct commit *c, struct fsr_fs *fs, struct fsw_result *result, struct fsr_error *err);
/* What became of each block group, of which result has room for all; result->planned is set. */
void commit_tell(struct commit *c, struct fsw_result *result);
/* fsr_judge() of all block groups of fs, with the threads and the progress that the caller asked for. */
int commit_judge(
	const struct commit *c, struct fsr_fs *fs, fsr_group_fn fn, void *arg, struct fsr_error *err);
/* cache_generation was set once and is not that of the last commit: work by itself (F-A16). */
bool commit_is_behind(const struct commit *c);
/* Tells that a phase begins; FSR_E_STOPPED when it is to stop, which nobody can once c->super_begun. */
int commit_phase(const struct commit *c, enum fsw_phase phase, struct fsr_error *err);
/* Tells how far long work is; FSR_E_STOPPED when it is to stop. */
int commit_progress(
	const struct commit *c, const char *what, uint64_t done, uint64_t total, struct fsr_error *err);

#endif
