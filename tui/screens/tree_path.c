/* SPDX-License-Identifier: MIT */
#include "tree_path.h"

#include <inttypes.h>
#include <stdio.h>

int tree_of_number(struct fsr_fs *fs, uint64_t objectid, struct fsr_tree *tree, struct fsr_error *err)
{
	char name[24];

	snprintf(name, sizeof name, "%" PRIu64, objectid);
	return fsr_tree_find(fs, name, tree, err);
}

int path_to_key(struct fsr_fs *fs, struct tree_path *path, const struct fsr_tree *tree,
	const struct fsr_key *key, struct fsr_error *err)
{
	struct tree_path found = {.known = true, .tree = *tree};
	int ret = fsr_tree_seek(fs, tree, key, &found.way, err);

	if (ret >= 0)
		*path = found;
	return ret;
}

bool path_holds(const struct tree_path *path, uint64_t bytenr, unsigned level)
{
	return path->known && level <= path->tree.level && path->way.bytenr[level] == bytenr;
}

int path_level(const struct tree_path *path, uint64_t bytenr)
{
	for (int level = 0; path->known && level <= path->tree.level; level++)
		if (path->way.bytenr[level] == bytenr)
			return level;
	return -1;
}

/* Below this level the way is not known. */
static void forget_below(struct fsr_path *way, unsigned level)
{
	while (level-- > 0)
		way->bytenr[level] = UINT64_MAX;
}

void path_down(struct tree_path *path, unsigned level, uint32_t slot, uint64_t bytenr)
{
	path->way.slot[level] = slot;
	path->way.bytenr[level - 1] = bytenr;
	forget_below(&path->way, level - 1);
}

static bool first_key(const struct fsr_block *block, struct fsr_key *key)
{
	struct fsr_pointer pointer;
	struct fsr_item item;

	if (block->level && fsr_block_pointer(block, 0, &pointer)) {
		*key = pointer.key;
		return true;
	}
	*key = fsr_block_item(block, 0, &item) ? item.key : (struct fsr_key){0};
	return block->lawful; /* an empty leaf is its tree's only block */
}

void path_to_block(struct fsr_fs *fs, struct tree_path *path, const struct fsr_block *block)
{
	struct fsr_tree tree;
	struct fsr_key key;

	path->known = false;
	if (!first_key(block, &key) || tree_of_number(fs, block->owner, &tree, NULL))
		return;
	if (path_to_key(fs, path, &tree, &key, NULL) < 0)
		return;
	path->known = path_holds(path, block->bytenr, block->level);
}

/* ---- stepping */

/* How many pointers the block at this level has; negative: it can't be read, or not be followed. */
static int count_pointers(struct fsr_fs *fs, uint64_t bytenr, struct fsr_error *err)
{
	struct fsr_block *block;
	int ret = fsr_block_open(fs, bytenr, FSR_ANY_COPY, &block, err);

	if (ret)
		return ret;
	ret = block->lawful && block->level ? (int)block->nritems : 0;
	fsr_block_free(block);
	return ret;
}

/* The block to which pointer `slot` (UINT32_MAX: the last one) of a node at `level` leads. */
static int descend(
	struct fsr_fs *fs, struct fsr_path *way, unsigned level, uint32_t slot, struct fsr_error *err)
{
	struct fsr_pointer pointer;
	struct fsr_block *block;
	int ret = fsr_block_open(fs, way->bytenr[level], FSR_ANY_COPY, &block, err);

	if (ret)
		return ret;
	if (block->nritems && slot >= block->nritems)
		slot = block->nritems - 1;
	if (block->level == level && fsr_block_pointer(block, slot, &pointer)) {
		way->slot[level] = slot;
		way->bytenr[level - 1] = pointer.bytenr;
	} else {
		ret = FSR_E_CORRUPT;
		*err = (struct fsr_error){.code = ret, .bytenr = block->bytenr};
		snprintf(err->text, sizeof err->text, "the node at %" PRIu64 " is bad: %s", block->bytenr,
			block->lawful ? "it has another level" : block->problem);
	}
	fsr_block_free(block);
	return ret;
}

/* The lowest level above `level` whose block has a pointer on that side; 0: none, negative: an error. */
static int climb(
	struct fsr_fs *fs, const struct tree_path *path, unsigned level, int direction, struct fsr_error *err)
{
	for (unsigned up = level + 1; up <= path->tree.level; up++) {
		int n;

		if (direction < 0 && path->way.slot[up] > 0)
			return (int)up;
		if (direction < 0)
			continue;
		n = count_pointers(fs, path->way.bytenr[up], err);
		if (n < 0)
			return n;
		if (path->way.slot[up] + 1 < (uint32_t)n)
			return (int)up;
	}
	return 0;
}

int path_step(struct fsr_fs *fs, struct tree_path *path, unsigned level, int direction, struct fsr_error *err)
{
	struct fsr_path way = path->way;
	int up = path->known ? climb(fs, path, level, direction, err) : 0, ret;

	if (up <= 0)
		return up ? up : 1;
	ret = descend(fs, &way, (unsigned)up, way.slot[up] + (uint32_t)direction, err);
	while (!ret && (unsigned)--up > level)
		ret = descend(fs, &way, (unsigned)up, direction > 0 ? 0 : UINT32_MAX, err);
	if (ret)
		return ret;
	forget_below(&way, level);
	path->way = way;
	return 0;
}
