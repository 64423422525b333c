/* SPDX-License-Identifier: MIT */
/* Finding the way to a key, making what lies on it changeable where that is wanted. */
#include "../fields.h"
#include "trans.h"

struct fsr_key block_first_key(const uint8_t *block)
{
	return get_key(block + HEADER_SIZE); /* an item and a pointer both begin with their key */
}

/* The first slot whose key is not below `key`; *found when it is equal. */
static uint32_t lower_bound(const uint8_t *block, const struct fsr_key *key, bool *found)
{
	uint32_t low = 0, high = block_nritems(block);
	bool leaf = !block_level(block);

	*found = false;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct fsr_key k = get_key(leaf ? leaf_item(block, middle) : node_ptr(block, middle));
		int cmp = key_cmp(&k, key);

		if (!cmp) {
			*found = true;
			return middle;
		}
		if (cmp < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int get_root(struct trans *t, struct tree *tree, bool change, struct path *path, struct fsr_error *err)
{
	const struct block_want want = {.bytenr = tree->root.bytenr,
		.generation = tree->root.generation,
		.owner = tree->root.owner,
		.level = tree->root.level};
	struct block *root;
	bool moved;
	int ret = block_get(t, &want, &root, err);

	if (!ret && change)
		ret = block_cow(t, tree, &root, &moved, err);
	if (ret)
		return ret;
	tree->root.bytenr = root->bytenr;
	tree->root.generation = block_generation(root->data);
	path->block[tree->root.level] = root;
	return 0;
}

/* The child that slot[level] of block[level] points to; with `change` the parent is changeable already. */
static int get_child(struct trans *t, struct tree *tree, bool change, struct path *path, unsigned level,
	struct fsr_error *err)
{
	uint8_t *node = path->block[level]->data;
	uint32_t slot = path->slot[level];
	struct fsr_key first = get_key(node_ptr(node, slot));
	const struct block_want want = {.bytenr = node_blockptr(node, slot),
		.generation = node_ptr_generation(node, slot),
		.owner = tree->root.owner,
		.level = (uint8_t)(level - 1),
		.first_key = &first};
	struct block *child;
	bool moved = false;
	int ret = block_get(t, &want, &child, err);

	if (!ret && change)
		ret = block_cow(t, tree, &child, &moved, err);
	if (ret)
		return ret;
	if (moved)
		set_ptr(node, slot, &first, child->bytenr, t->generation);
	path->block[level - 1] = child;
	return 0;
}

int tree_search(struct trans *t, struct tree *tree, const struct fsr_key *key, bool change, struct path *path,
	struct fsr_error *err)
{
	bool found = false;
	int ret;

	*path = (struct path){0};
	ret = get_root(t, tree, change, path, err);
	for (unsigned level = tree->root.level; !ret; level--) {
		uint32_t slot = lower_bound(path->block[level]->data, key, &found);

		if (level && !found && slot)
			slot--;
		path->slot[level] = slot;
		if (!level)
			return !found;
		ret = get_child(t, tree, change, path, level, err);
	}
	return ret;
}

/* To the first item of the next leaf, for reading; 1 when there is none. */
static int next_leaf(struct trans *t, struct tree *tree, struct path *path, struct fsr_error *err)
{
	unsigned level = 1;
	int ret = 0;

	while (level <= tree->root.level && path->slot[level] + 1 >= block_nritems(path->block[level]->data))
		level++;
	if (level > tree->root.level)
		return 1;
	path->slot[level]++;
	for (; level && !ret; level--) {
		ret = get_child(t, tree, false, path, level, err);
		path->slot[level - 1] = 0;
	}
	return ret;
}

int tree_next_item(struct trans *t, struct tree *tree, struct fsr_key *key, uint8_t *data, uint32_t room,
	uint32_t *size, struct fsr_error *err)
{
	struct path path;
	int ret = tree_search(t, tree, key, false, &path, err);

	if (ret < 0 || !path.block[0])
		return ret;
	if (path.slot[0] >= block_nritems(path.block[0]->data)) {
		ret = next_leaf(t, tree, &path, err);
		if (ret)
			return ret;
	}
	*key = get_key(leaf_item(path.block[0]->data, path.slot[0]));
	*size = path_item_size(&path);
	if (data)
		memcpy(data, path_item(&path), *size < room ? *size : room);
	return 0;
}

int tree_last_item(struct trans *t, struct tree *tree, struct fsr_key *key, struct fsr_error *err)
{
	struct path path;
	int ret = tree_search(t, tree, key, false, &path, err);

	if (ret <= 0)
		return ret;
	/* A leaf's first key is its parent's, so what is below the key lies in the leaf that was found. */
	if (!path.slot[0])
		return 1;
	*key = get_key(leaf_item(path.block[0]->data, path.slot[0] - 1));
	return 0;
}

void path_fix_keys(struct path *path, unsigned level)
{
	for (; level + 1 < MAX_LEVEL && path->block[level + 1]; level++) {
		struct fsr_key key = block_first_key(path->block[level]->data);
		uint8_t *node = path->block[level + 1]->data;
		uint32_t slot = path->slot[level + 1];

		set_key(node + HEADER_SIZE + (size_t)slot * NODE_PTR_SIZE, &key);
		if (slot)
			return;
	}
}
