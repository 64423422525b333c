/* SPDX-License-Identifier: MIT */
/*
 * One block group's items of the free space tree, by number: a window of them is in memory, the rest is read
 * when it is asked for.
 */
#ifndef TUI_SCREENS_CACHE_TREE_H
#define TUI_SCREENS_CACHE_TREE_H

#include "../../libfsread/fsread.h"

struct cache_tree_item {
	struct fsr_key key;
	uint64_t leaf;
	unsigned slot;
	uint64_t bytes, excess; /* said to be free; of them in use */
	size_t runs;            /* of a bitmap */
};

/* Items of one type that stand one after the other in one leaf. */
struct cache_tree_piece {
	uint8_t type;
	uint64_t leaf;
	unsigned first_slot, last_slot;
	size_t first; /* number of the first one; of no meaning for FREE_SPACE_INFO */
};

#define CACHE_TREE_WINDOW 512u

struct cache_tree {
	struct fsr_fs *fs;
	uint64_t group, length, sector;
	bool compare; /* there is excess to be found */
	bool has_info;
	struct cache_tree_item info;
	uint32_t extent_count, flags; /* as the info item says */
	size_t count, nbitmaps;       /* extents and bitmaps */
	uint64_t bytes;               /* that they say are free */
	size_t npieces;
	struct cache_tree_piece *pieces;
	struct fsr_key *marks; /* key of each first item of a window */
	size_t window_first, window_count;
	struct cache_tree_item *window;
};

/* Looks at all items once. Fails as fsr_tree_range() does. To be given to cache_tree_free(). */
int cache_tree_open(
	struct cache_tree *tree, struct fsr_fs *fs, const struct fsr_group *group, struct fsr_error *err);
void cache_tree_free(struct cache_tree *tree);
/* Item i; NULL: there is none, or it can't be read any more. Valid until the next call. */
const struct cache_tree_item *cache_tree_item(struct cache_tree *tree, size_t i);
/* The runs of set bits of item i, a bitmap. */
int cache_tree_runs(struct cache_tree *tree, size_t i, fsr_run_fn fn, void *arg);
bool cache_tree_is_bitmap(const struct cache_tree_item *item);

#endif
