/* SPDX-License-Identifier: MIT */
/* The way from a tree's root to a block, and along it to the blocks beside that one. */
#ifndef TUI_SCREENS_TREE_PATH_H
#define TUI_SCREENS_TREE_PATH_H

#include "../../libfsread/fsread.h"

/* From tree.level down to the block's level; below that nothing is meant. */
struct tree_path {
	bool known;
	struct fsr_tree tree;
	struct fsr_path way;
};

/* The way to the first item not below *key. 0, 1 where there is none (the last item), or an error. */
int path_to_key(struct fsr_fs *fs, struct tree_path *path, const struct fsr_tree *tree,
	const struct fsr_key *key, struct fsr_error *err);
/* The way to a lawful block, by its owner and first key; not known where that leads elsewhere. */
void path_to_block(struct fsr_fs *fs, struct tree_path *path, const struct fsr_block *block);
/* Whether the way goes through the block at this level. */
bool path_holds(const struct tree_path *path, uint64_t bytenr, unsigned level);
/* The level at which it does so; -1: it does not. */
int path_level(const struct tree_path *path, uint64_t bytenr);
/* The way goes down from the node at `level` by this pointer of it; what it was below is forgotten. */
void path_down(struct tree_path *path, unsigned level, uint32_t slot, uint64_t bytenr);
/*
 * From the block at `level` to the next (1) or previous (-1) one of that level: the way climbs as far as it
 * must and descends again. 0, 1 where there is none, or an error; the way stays as it was then.
 */
int path_step(
	struct fsr_fs *fs, struct tree_path *path, unsigned level, int direction, struct fsr_error *err);
/* The tree of this number. */
int tree_of_number(struct fsr_fs *fs, uint64_t objectid, struct fsr_tree *tree, struct fsr_error *err);

#endif
