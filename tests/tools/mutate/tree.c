/* SPDX-License-Identifier: MIT */
/* Tree blocks: finding, walking, editing, deleting and inserting items. */
#include "mutate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_HEADER 101
#define ITEM_SIZE 25
#define POINTER_SIZE 33

static const struct {
	const char *name;
	uint64_t number;
} tree_names[] = {
	{"root", 1},
	{"extent", 2},
	{"chunk", 3},
	{"dev", 4},
	{"fs", 5},
	{"csum", 7},
	{"quota", 8},
	{"uuid", 9},
	{"free-space", 10},
	{"block-group", 11},
	{"data-reloc", UINT64_C(0xfffffffffffffff7)},
};

uint64_t tree_number(const char *name)
{
	for (size_t i = 0; i < sizeof(tree_names) / sizeof(*tree_names); i++)
		if (strcmp(name, tree_names[i].name) == 0)
			return tree_names[i].number;
	return number(name);
}

void block_read(const struct image *image, uint64_t bytenr, uint8_t *block)
{
	logical_read(image, bytenr, block, image->nodesize);
	if (get(block + 48, 8) != bytenr)
		die("%llu holds no tree block", (unsigned long long)bytenr);
}

void block_write(const struct image *image, uint64_t bytenr, uint8_t *block)
{
	if (image->mend) {
		if (get(image->super + 0xc4, 2) != 0)
			die("only crc32c tree blocks can be mended");
		put(block, 4, crc32c_of(block + 32, image->nodesize - 32));
	}
	logical_write(image, bytenr, block, image->nodesize);
}

static struct key key_at(const uint8_t *at)
{
	return (struct key){get(at, 8), at[8], get(at + 9, 8)};
}

static void put_key(uint8_t *at, struct key key)
{
	put(at, 8, key.objectid);
	at[8] = key.type;
	put(at + 9, 8, key.offset);
}

static int key_compare(struct key a, struct key b)
{
	if (a.objectid != b.objectid)
		return a.objectid < b.objectid ? -1 : 1;
	if (a.type != b.type)
		return a.type < b.type ? -1 : 1;
	return a.offset == b.offset ? 0 : a.offset < b.offset ? -1 : 1;
}

static unsigned count_of(const uint8_t *block)
{
	return (unsigned)get(block + 96, 4);
}

static uint8_t *item_at(uint8_t *leaf, unsigned slot)
{
	return leaf + BLOCK_HEADER + (size_t)ITEM_SIZE * slot;
}

uint64_t tree_root(const struct image *image, uint64_t tree)
{
	struct path *path;
	uint64_t bytenr;

	if (tree == 1)
		return get(image->super + 0x50, 8);
	if (tree == 3)
		return get(image->super + 0x58, 8);
	path = calloc(1, sizeof(*path));
	if (!path)
		die("out of memory");
	/* the item's key offset is 0 but for snapshots, which need no editing */
	tree_need(image, 1, (struct key){tree, TYPE_ROOT, 0}, path);
	bytenr = get(item_data(path) + 176, 8);
	free(path);
	return bytenr;
}

/* The last slot whose key is not above key, 0 when all are. */
static unsigned node_slot(const uint8_t *node, struct key key)
{
	unsigned slot = 0;

	while (slot + 1 < count_of(node) &&
		key_compare(key_at(node + BLOCK_HEADER + (size_t)POINTER_SIZE * (slot + 1)), key) <= 0)
		slot++;
	return slot;
}

bool tree_find(const struct image *image, uint64_t tree, struct key key, struct path *path)
{
	uint8_t *block = path->leaf;
	unsigned slot = 0;

	path->depth = 0;
	path->bytenr[0] = tree_root(image, tree);
	block_read(image, path->bytenr[0], block);
	while (block[100] > 0) {
		if (path->depth + 1 == MAX_LEVEL)
			die("tree %llu is too deep", (unsigned long long)tree);
		slot = node_slot(block, key);
		path->slot[path->depth++] = slot;
		path->bytenr[path->depth] = get(block + BLOCK_HEADER + (size_t)POINTER_SIZE * slot + 17, 8);
		block_read(image, path->bytenr[path->depth], block);
	}
	for (slot = 0; slot < count_of(block); slot++)
		if (key_compare(key_at(item_at(block, slot)), key) >= 0)
			break;
	path->slot[path->depth] = slot;
	return slot < count_of(block) && key_compare(key_at(item_at(block, slot)), key) == 0;
}

void tree_need(const struct image *image, uint64_t tree, struct key key, struct path *path)
{
	if (!tree_find(image, tree, key, path))
		die("tree %lld has no item (%lld %u %llu)", (long long)tree, (long long)key.objectid,
			key.type, (unsigned long long)key.offset);
}

static void walk_block(const struct image *image, uint64_t bytenr, item_fn fn, void *arg)
{
	uint8_t *block = malloc(image->nodesize);

	if (!block)
		die("out of memory");
	block_read(image, bytenr, block);
	for (unsigned i = 0; i < count_of(block); i++) {
		uint8_t *item = item_at(block, i);

		if (block[100] > 0)
			walk_block(
				image, get(block + BLOCK_HEADER + (size_t)POINTER_SIZE * i + 17, 8), fn, arg);
		else
			fn(arg, key_at(item), block + BLOCK_HEADER + get(item + 17, 4),
				(uint32_t)get(item + 21, 4));
	}
	free(block);
}

void tree_walk(const struct image *image, uint64_t tree, item_fn fn, void *arg)
{
	walk_block(image, tree_root(image, tree), fn, arg);
}

uint32_t item_size(const struct path *path)
{
	return (uint32_t)get(item_at((uint8_t *)path->leaf, path->slot[path->depth]) + 21, 4);
}

uint8_t *item_data(struct path *path)
{
	return path->leaf + BLOCK_HEADER + get(item_at(path->leaf, path->slot[path->depth]) + 17, 4);
}

struct key item_key(const struct path *path)
{
	return key_at(item_at((uint8_t *)path->leaf, path->slot[path->depth]));
}

void leaf_save(const struct image *image, struct path *path)
{
	block_write(image, path->bytenr[path->depth], path->leaf);
}

/* After a leaf's first key changed: the keys above must say so too. */
static void fix_parents(const struct image *image, const struct path *path)
{
	struct key first = key_at(path->leaf + BLOCK_HEADER);
	uint8_t *node = malloc(image->nodesize);

	if (!node)
		die("out of memory");
	for (unsigned level = path->depth; level-- > 0;) {
		block_read(image, path->bytenr[level], node);
		put_key(node + BLOCK_HEADER + (size_t)POINTER_SIZE * path->slot[level], first);
		block_write(image, path->bytenr[level], node);
		if (path->slot[level] != 0)
			break;
	}
	free(node);
}

/* Moves the data of the items from slot on, which lie at and below `from`, by `by` bytes. */
static void shift_data(uint8_t *leaf, unsigned slot, uint32_t from, int by)
{
	unsigned count = count_of(leaf);
	uint32_t low = from;

	if (slot < count)
		low = (uint32_t)get(item_at(leaf, count - 1) + 17, 4);
	memmove(leaf + BLOCK_HEADER + low + by, leaf + BLOCK_HEADER + low, from - low);
	for (unsigned i = slot; i < count; i++) {
		uint8_t *item = item_at(leaf, i);

		put(item + 17, 4, get(item + 17, 4) + (uint64_t)by);
	}
}

void item_delete(const struct image *image, uint64_t tree, struct key key)
{
	struct path *path = calloc(1, sizeof(*path));
	unsigned slot, count;
	uint32_t size;

	if (!path)
		die("out of memory");
	tree_need(image, tree, key, path);
	slot = path->slot[path->depth];
	count = count_of(path->leaf);
	if (count == 1)
		die("the leaf's only item can't be deleted");
	size = item_size(path);
	shift_data(path->leaf, slot + 1, (uint32_t)get(item_at(path->leaf, slot) + 17, 4), (int)size);
	memmove(item_at(path->leaf, slot), item_at(path->leaf, slot + 1),
		(size_t)ITEM_SIZE * (count - slot - 1));
	put(path->leaf + 96, 4, count - 1);
	leaf_save(image, path);
	if (slot == 0)
		fix_parents(image, path);
	free(path);
}

void item_insert(const struct image *image, uint64_t tree, struct key key, const uint8_t *data, uint32_t size)
{
	struct path *path = calloc(1, sizeof(*path));
	unsigned slot, count;
	uint32_t top, low;
	uint8_t *item;

	if (!path)
		die("out of memory");
	if (tree_find(image, tree, key, path))
		die("there is such an item already");
	slot = path->slot[path->depth];
	count = count_of(path->leaf);
	top = slot ? (uint32_t)get(item_at(path->leaf, slot - 1) + 17, 4) : image->nodesize - BLOCK_HEADER;
	low = count ? (uint32_t)get(item_at(path->leaf, count - 1) + 17, 4) : top;
	if (low < size + ITEM_SIZE * (count + 1))
		die("the leaf is full");
	shift_data(path->leaf, slot, top, -(int)size);
	item = item_at(path->leaf, slot);
	memmove(item + ITEM_SIZE, item, (size_t)ITEM_SIZE * (count - slot));
	put_key(item, key);
	put(item + 17, 4, top - size);
	put(item + 21, 4, size);
	memcpy(path->leaf + BLOCK_HEADER + top - size, data, size);
	put(path->leaf + 96, 4, count + 1);
	leaf_save(image, path);
	if (slot == 0)
		fix_parents(image, path);
	free(path);
}
