/* SPDX-License-Identifier: MIT */
/* A transaction on a filesystem that Linux made, and what must hold of its trees at any time. */
#ifndef TESTS_UNIT_TRANSACTION_H
#define TESTS_UNIT_TRANSACTION_H

#include "../../libfswrite/device/set.h"
#include "../../libfswrite/trans/trans.h"

struct transaction {
	struct device_set *set;
	struct fsr_fs *fs;
	struct trans trans;
	struct fsw_options options;
	struct fsr_error err;
};

/* Opens samples/NAME.tar.zst for reading and begins a transaction on it. */
void transaction_begin(struct transaction *x, const char *sample);
void transaction_end(struct transaction *x);

/* A tree of its own, with nothing in it: one empty leaf, which waits for its reference. */
void transaction_new_tree(struct transaction *x, struct tree *tree);

/* What the transaction made counts as the last commit's: its blocks have to move again to be changed. */
void transaction_age(struct transaction *x);

/* What a walk over a tree saw. */
struct tree_seen {
	size_t blocks, leaves, fresh, items;
	struct fsr_key *keys; /* of all items, in order; the caller frees it */
};

/*
 * Every block below the root: reached once, level and owner right, its first key and generation as its
 * parent has them, a generation of the transaction exactly if it is fresh, lawful by block_check().
 * Fails the test otherwise.
 */
struct tree_seen transaction_walk(struct transaction *x, const struct tree *tree);

/*
 * No reference waits: each block of the trees must have its one item in the extent tree, and what is used in
 * each block group must be what the items in the extent tree add up to.
 */
void transaction_check_extents(struct transaction *x, const struct tree *const *trees, size_t n);

#endif
