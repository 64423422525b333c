/* SPDX-License-Identifier: MIT */
/* Adding an item: leaves and nodes that are full are split, a root that is split gets a new one above it. */
#include "../fields.h"
#include "leaf.h"

static int make_node_room(
	struct trans *t, struct tree *tree, struct path *path, unsigned level, struct fsr_error *err);

/* Puts a new root above the old one, with that as its only child. */
static int grow(struct trans *t, struct tree *tree, struct path *path, struct fsr_error *err)
{
	uint8_t level = tree->root.level;
	struct block *old = path->block[level], *root;
	struct fsr_key key = block_first_key(old->data);
	int ret;

	if (level + 1u >= MAX_LEVEL)
		return fsr_fail(err, FSR_E_NO_SPACE, 0, old->bytenr, "tree %lld can't grow above level %u",
			(long long)tree->root.owner, MAX_LEVEL - 1);
	ret = block_new(t, tree, level + 1, &root, err);
	if (ret)
		return ret;
	set_nritems(root->data, 1);
	set_ptr(root->data, 0, &key, old->bytenr, t->generation);
	tree->root.bytenr = root->bytenr;
	tree->root.generation = t->generation;
	tree->root.level = level + 1;
	path->block[level + 1] = root;
	path->slot[level + 1] = 0;
	return 0;
}

/*
 * A new block to the right of path's at `level`, with a place behind it in the parent, whose key is set
 * once the content is there. The path still leads to the left one.
 */
static int add_sibling(struct trans *t, struct tree *tree, struct path *path, unsigned level,
	struct block **right, struct fsr_error *err)
{
	int ret = level == tree->root.level ? grow(t, tree, path, err) : 0;

	if (!ret)
		ret = make_node_room(t, tree, path, level + 1, err);
	if (!ret)
		ret = block_new(t, tree, (uint8_t)level, right, err);
	if (!ret)
		node_open_slot(path->block[level + 1]->data, path->slot[level + 1] + 1);
	return ret;
}

/* The content of both is as it shall be: tells the parent, and leads the path to the right one if so. */
static void settle(
	const struct trans *t, struct path *path, unsigned level, struct block *right, bool go_right)
{
	struct fsr_key key = block_first_key(right->data);
	uint32_t slot = path->slot[level + 1] + 1;

	set_ptr(path->block[level + 1]->data, slot, &key, right->bytenr, t->generation);
	if (!go_right)
		return;
	path->block[level] = right;
	path->slot[level + 1] = slot;
}

/* Makes sure that one more pointer fits into path's node at `level`. */
static int make_node_room(
	struct trans *t, struct tree *tree, struct path *path, unsigned level, struct fsr_error *err)
{
	uint8_t *node = path->block[level]->data;
	uint32_t n = block_nritems(node), middle = n / 2;
	struct block *right;
	bool go_right = path->slot[level] >= middle;
	int ret;

	if (n < node_capacity(t))
		return 0;
	ret = add_sibling(t, tree, path, level, &right, err);
	if (ret)
		return ret;
	node_append(right->data, node, middle, n);
	while (block_nritems(node) > middle)
		node_close_slot(node, block_nritems(node) - 1);
	settle(t, path, level, right, go_right);
	if (go_right)
		path->slot[level] -= middle;
	return 0;
}

/* The d-th place to try: the middle, then further and further to both sides of it. */
static uint32_t nth_place(uint32_t middle, uint32_t d)
{
	return d & 1 ? middle + (d + 1) / 2 : middle - d / 2;
}

/*
 * Where to split so that `need` bytes at `slot` fit: as near to the middle as can be. *right: on which
 * side. At the item's own place one side always takes it, since an item is under half a leaf.
 */
static uint32_t split_place(
	const struct trans *t, const uint8_t *leaf, uint32_t slot, uint32_t need, bool *right)
{
	uint32_t n = block_nritems(leaf), most = leaf_capacity(t) - need;

	for (uint32_t d = 0; d <= 2 * n; d++) {
		uint32_t at = nth_place(n / 2, d);

		if (at > n) /* below 0 too, as unsigned */
			continue;
		*right = slot > at || (slot == at && leaf_used(t, leaf, at, n) <= most);
		if (*right ? leaf_used(t, leaf, at, n) <= most : leaf_used(t, leaf, 0, at) <= most)
			return at;
	}
	*right = true;
	return slot;
}

static int split_leaf(struct trans *t, struct tree *tree, struct path *path, const struct fsr_key *key,
	uint32_t size, struct fsr_error *err)
{
	uint8_t *leaf = path->block[0]->data;
	uint32_t n = block_nritems(leaf), slot = path->slot[0];
	bool go_right;
	uint32_t at = split_place(t, leaf, slot, size + LEAF_ITEM_SIZE, &go_right);
	struct block *right;
	int ret = add_sibling(t, tree, path, 0, &right, err);

	if (ret)
		return ret;
	leaf_append(t, right->data, leaf, at, n);
	leaf_cut(t, leaf, at);
	/* The item goes in before the parent is told, since it may be all that a side holds. */
	leaf_open_slot(t, go_right ? right->data : leaf, go_right ? slot - at : slot, key, size);
	settle(t, path, 0, right, go_right);
	if (go_right)
		path->slot[0] = slot - at;
	return 0;
}

int tree_insert(struct trans *t, struct tree *tree, const struct fsr_key *key, const void *data,
	uint32_t size, struct path *path, struct fsr_error *err)
{
	uint32_t need = size + LEAF_ITEM_SIZE;
	uint8_t *leaf;
	int ret = tree_search(t, tree, key, true, path, err);

	if (ret < 0)
		return ret;
	if (!ret)
		return fsr_fail(err, FSR_E_REFUSED, 0, path->block[0]->bytenr,
			"tree %lld has an item (%llu %u %llu) already: repair the filesystem first",
			(long long)tree->root.owner, (unsigned long long)key->objectid, key->type,
			(unsigned long long)key->offset);
	leaf = path->block[0]->data;
	tree->changed = true;
	if (leaf_used(t, leaf, 0, block_nritems(leaf)) + need <= leaf_capacity(t)) {
		leaf_open_slot(t, leaf, path->slot[0], key, size);
	} else {
		ret = split_leaf(t, tree, path, key, size, err);
		if (ret)
			return ret;
	}
	path_fix_keys(path, 0);
	if (data)
		memcpy(path_item(path), data, size);
	return 0;
}
