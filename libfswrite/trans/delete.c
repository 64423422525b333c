/* SPDX-License-Identifier: MIT */
/* Removing an item: blocks that become empty go, those that become small are merged with a neighbour. */
#include "../fields.h"
#include "leaf.h"

static int remove_block(
	struct trans *t, struct tree *tree, struct path *path, unsigned level, struct fsr_error *err);

/* How full a block is, in the units of its capacity. */
static uint32_t fill_of(const struct trans *t, const uint8_t *block)
{
	return block_level(block) ? block_nritems(block) : leaf_used(t, block, 0, block_nritems(block));
}

static uint32_t capacity_of(const struct trans *t, const uint8_t *block)
{
	return block_level(block) ? node_capacity(t) : leaf_capacity(t);
}

/* The neighbour at `slot` of path's node at level + 1. */
static int get_sibling(struct trans *t, struct tree *tree, const struct path *path, unsigned level,
	uint32_t slot, struct block **out, struct fsr_error *err)
{
	const uint8_t *parent = path->block[level + 1]->data;
	struct fsr_key first = get_key(node_ptr(parent, slot));
	const struct block_want want = {.bytenr = node_blockptr(parent, slot),
		.generation = node_ptr_generation(parent, slot),
		.owner = tree->root.owner,
		.level = (uint8_t)level,
		.first_key = &first};

	return block_get(t, &want, out, err);
}

/* Puts `left` before what b holds. */
static void prepend(const struct trans *t, uint8_t *b, const uint8_t *left)
{
	uint32_t n = block_nritems(left);

	for (uint32_t i = 0; i < n; i++) {
		if (block_level(b)) {
			node_open_slot(b, i);
			memcpy(b + HEADER_SIZE + (size_t)i * NODE_PTR_SIZE, node_ptr(left, i), NODE_PTR_SIZE);
		} else {
			struct fsr_key key = get_key(leaf_item(left, i));

			leaf_open_slot(t, b, i, &key, leaf_item_size(left, i));
			memcpy(b + HEADER_SIZE + leaf_item_offset(b, i), leaf_item_data(left, i),
				leaf_item_size(left, i));
		}
	}
}

static void append(const struct trans *t, uint8_t *b, const uint8_t *right)
{
	if (block_level(b))
		node_append(b, right, 0, block_nritems(right));
	else
		leaf_append(t, b, right, 0, block_nritems(right));
}

/* Takes all of the neighbour at `slot` into path's block at `level`; the neighbour is gone then. */
static int swallow(struct trans *t, struct tree *tree, struct path *path, unsigned level, uint32_t slot,
	struct block *sibling, struct fsr_error *err)
{
	struct path to_sibling = *path;
	uint8_t *b = path->block[level]->data;

	if (slot < path->slot[level + 1]) {
		prepend(t, b, sibling->data);
		path_fix_keys(path, level);
	} else {
		append(t, b, sibling->data);
	}
	to_sibling.block[level] = sibling;
	to_sibling.slot[level + 1] = slot;
	return remove_block(t, tree, &to_sibling, level, err);
}

/* Merges path's block at `level` with a neighbour if it has become small and both fit into one. */
static int merge(struct trans *t, struct tree *tree, struct path *path, unsigned level, struct fsr_error *err)
{
	const uint8_t *b = path->block[level]->data, *parent;
	uint32_t slot, fill = fill_of(t, b), most = capacity_of(t, b);

	if (level == tree->root.level || fill > most / 4)
		return 0;
	parent = path->block[level + 1]->data;
	slot = path->slot[level + 1];
	for (unsigned side = 0; side < 2; side++) {
		uint32_t other = side ? slot - 1 : slot + 1;
		struct block *sibling;
		int ret;

		if (side ? !slot : other >= block_nritems(parent))
			continue;
		ret = get_sibling(t, tree, path, level, other, &sibling, err);
		if (ret)
			return ret;
		if (fill + fill_of(t, sibling->data) <= most)
			return swallow(t, tree, path, level, other, sibling, err);
	}
	return 0;
}

/* A root node with one child gives way to it. */
static int shrink(struct trans *t, struct tree *tree, struct path *path, struct fsr_error *err)
{
	struct block *root = path->block[tree->root.level];
	const uint8_t *p = root->data;

	if (!tree->root.level || block_nritems(p) != 1)
		return 0;
	tree->root.bytenr = node_blockptr(p, 0);
	tree->root.generation = node_ptr_generation(p, 0);
	tree->root.level--;
	return block_free(t, tree, root, err);
}

/* Takes path's block at `level`, which is below the root, out of the tree. */
static int remove_block(
	struct trans *t, struct tree *tree, struct path *path, unsigned level, struct fsr_error *err)
{
	struct block *parent = path->block[level + 1];
	uint32_t slot = path->slot[level + 1];
	int ret = block_free(t, tree, path->block[level], err);

	if (ret)
		return ret;
	if (block_nritems(parent->data) == 1 && level + 1 < tree->root.level)
		return remove_block(t, tree, path, level + 1, err);
	node_close_slot(parent->data, slot);
	if (level + 1 == tree->root.level)
		return shrink(t, tree, path, err);
	if (!slot)
		path_fix_keys(path, level + 1);
	return merge(t, tree, path, level + 1, err);
}

int tree_delete(struct trans *t, struct tree *tree, struct path *path, struct fsr_error *err)
{
	struct block *leaf = path->block[0];

	tree->changed = true;
	leaf_close_slot(t, leaf->data, path->slot[0]);
	if (!block_nritems(leaf->data) && tree->root.level)
		return remove_block(t, tree, path, 0, err);
	if (!path->slot[0] && block_nritems(leaf->data))
		path_fix_keys(path, 0);
	return merge(t, tree, path, 0, err);
}
