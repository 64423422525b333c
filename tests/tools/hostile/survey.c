/* SPDX-License-Identifier: MIT */
/* What there is to damage: every tree's blocks and items, taken from the image while it is lawful. */
#include "hostile.h"

#include <stdlib.h>

static void *grown(void *list, size_t count, size_t size)
{
	if (count & (count - 1)) /* room was made up to the next power of two */
		return list;
	list = realloc(list, (count ? 2 * count : 1) * size);
	if (!list)
		die("out of memory");
	return list;
}

static void add_block(struct hostile *h, uint64_t bytenr, uint64_t tree, unsigned level)
{
	h->block = grown(h->block, h->blocks, sizeof(*h->block));
	h->block[h->blocks++] = (struct block_ref){bytenr, tree, level};
}

static void add_items(struct hostile *h, uint64_t leaf, const uint8_t *block)
{
	for (unsigned i = 0; i < get(block + 96, 4); i++) {
		const uint8_t *slot = block + BLOCK_HEADER + (size_t)LEAF_SLOT * i;
		struct item_ref item = {leaf, i, {get(slot, 8), slot[8], get(slot + 9, 8)},
			BLOCK_HEADER + (uint32_t)get(slot + 17, 4), (uint32_t)get(slot + 21, 4)};

		h->item = grown(h->item, h->items, sizeof(*h->item));
		h->item[h->items++] = item;
	}
}

/* Goes through a tree block by block; the image is lawful, so it ends. */
static void survey_tree(struct hostile *h, uint64_t tree, uint64_t root)
{
	size_t next = h->blocks;
	uint8_t *block = malloc(h->image.nodesize);

	if (!block || h->trees == TREES_MAX)
		die("too many trees");
	h->tree[h->trees++] = tree;
	add_block(h, root, tree, 0);
	for (; next < h->blocks; next++) {
		block_read(&h->image, h->block[next].bytenr, block);
		h->block[next].level = block[100];
		if (block[100] == 0) {
			add_items(h, h->block[next].bytenr, block);
			continue;
		}
		for (unsigned i = 0; i < get(block + 96, 4); i++)
			add_block(h, get(block + BLOCK_HEADER + (size_t)NODE_SLOT * i + 17, 8), tree, 0);
	}
	free(block);
}

void survey(struct hostile *h)
{
	size_t items;

	survey_tree(h, 3, get(h->image.super + 0x58, 8));
	survey_tree(h, 1, get(h->image.super + 0x50, 8));
	items = h->items;
	for (size_t i = 0; i < items; i++) {
		uint8_t block[MAX_NODE];

		if (h->item[i].key.type != TYPE_ROOT || h->trees == TREES_MAX)
			continue;
		block_read(&h->image, h->item[i].leaf, block);
		survey_tree(h, h->item[i].key.objectid, get(block + h->item[i].at + 176, 8));
	}
}

const struct block_ref *any_block(struct hostile *h)
{
	uint64_t tree = h->tree[pick(h, h->trees)];
	size_t n = 0, nth;

	for (size_t i = 0; i < h->blocks; i++)
		n += h->block[i].tree == tree;
	nth = (size_t)pick(h, n);
	for (size_t i = 0;; i++)
		if (h->block[i].tree == tree && nth-- == 0)
			return &h->block[i];
}

const struct item_ref *item_of_type(struct hostile *h, uint8_t type)
{
	size_t n = 0, nth;

	for (size_t i = 0; i < h->items; i++)
		n += h->item[i].key.type == type;
	if (n == 0)
		return NULL;
	nth = (size_t)pick(h, n);
	for (size_t i = 0;; i++)
		if (h->item[i].key.type == type && nth-- == 0)
			return &h->item[i];
}

const struct item_ref *item_by_key(struct hostile *h, uint64_t objectid, uint8_t type)
{
	for (size_t i = 0; i < h->items; i++)
		if (h->item[i].key.objectid == objectid && h->item[i].key.type == type)
			return &h->item[i];
	return NULL;
}
