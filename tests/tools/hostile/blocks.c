/* SPDX-License-Identifier: MIT */
/* Damage to tree blocks: headers, slots, pointers, and whole chains of nodes that no kernel would build. */
#include "hostile.h"

#include <stdio.h>
#include <string.h>

static const struct field header_fields[] = {
	{32, 1, "fsid"},
	{48, 8, "bytenr"},
	{56, 8, "flags"},
	{64, 1, "chunk_tree_uuid"},
	{80, 8, "generation"},
	{88, 8, "owner"},
	{96, 4, "nritems"},
	{96, 4, "nritems"},
	{96, 4, "nritems"},
	{100, 1, "level"},
};

static const struct field leaf_fields[] = {
	{0, 8, "key.objectid"},
	{8, 1, "key.type"},
	{9, 8, "key.offset"},
	{17, 4, "item offset"},
	{17, 4, "item offset"},
	{21, 4, "item size"},
	{21, 4, "item size"},
};

static const struct field node_fields[] = {
	{0, 8, "key.objectid"},
	{8, 1, "key.type"},
	{9, 8, "key.offset"},
	{17, 8, "blockptr"},
	{25, 8, "pointer generation"},
};

void take(const struct hostile *h, uint64_t bytenr, uint8_t *block)
{
	logical_read(&h->image, bytenr, block, h->image.nodesize);
}

void damage_header(struct hostile *h)
{
	const struct block_ref *ref = any_block(h);
	uint8_t block[MAX_NODE];

	take(h, ref->bytenr, block);
	spoil(h, block, &header_fields[pick(h, sizeof(header_fields) / sizeof(*header_fields))], "block",
		ref->bytenr);
	block_write(&h->image, ref->bytenr, block);
}

/* A random slot of a block; NULL when it has none. */
static uint8_t *any_slot(struct hostile *h, uint8_t *block)
{
	uint64_t count = get(block + 96, 4), room = (h->image.nodesize - BLOCK_HEADER) / NODE_SLOT;

	if (count > room) /* spoiled before */
		count = room;
	if (count == 0)
		return NULL;
	return block + BLOCK_HEADER + (size_t)(block[100] ? NODE_SLOT : LEAF_SLOT) * pick(h, count);
}

void damage_slot(struct hostile *h)
{
	const struct block_ref *ref = any_block(h);
	uint8_t block[MAX_NODE], *slot;
	const struct field *field = &leaf_fields[pick(h, sizeof(leaf_fields) / sizeof(*leaf_fields))];

	take(h, ref->bytenr, block);
	slot = any_slot(h, block);
	if (!slot) {
		printf("block %llu is empty\n", (unsigned long long)ref->bytenr);
		return;
	}
	if (block[100])
		field = &node_fields[pick(h, sizeof(node_fields) / sizeof(*node_fields))];
	spoil(h, slot, field, "slot in block", ref->bytenr);
	block_write(&h->image, ref->bytenr, block);
}

/* Where a pointer must not lead: nowhere, to superblocks, to itself, to another tree. */
static uint64_t evil_target(struct hostile *h, uint64_t self)
{
	const uint64_t choice[] = {0, self, h->block[pick(h, h->blocks)].bytenr, h->block[0].bytenr, 65536,
		self + h->image.sectorsize, self + 1, UINT64_MAX, UINT64_MAX - h->image.nodesize + 1,
		UINT64_C(1) << 63, get(h->image.super + 0x58, 8), get(h->image.super + 0x50, 8)};

	return choice[pick(h, sizeof(choice) / sizeof(*choice))];
}

/* Points the tree elsewhere: a node's pointer, else its root item, else the superblock. */
void damage_pointer(struct hostile *h)
{
	const struct block_ref *ref = any_block(h);
	const struct item_ref *root = item_by_key(h, ref->tree, TYPE_ROOT);
	uint64_t target = evil_target(h, ref->bytenr);
	uint8_t block[MAX_NODE];

	take(h, ref->bytenr, block);
	if (block[100] && get(block + 96, 4)) {
		put(any_slot(h, block) + 17, 8, target);
		block_write(&h->image, ref->bytenr, block);
	} else if (root) {
		take(h, root->leaf, block);
		put(block + root->at + 176, 8, target);
		block_write(&h->image, root->leaf, block);
	} else {
		if (target == ref->bytenr)
			target = 0;
		put(h->image.super + (ref->tree == 3 ? 0x58 : 0x50), 8, target);
		super_write(h);
	}
	printf("tree %llu: pointer to %llu\n", (unsigned long long)ref->tree, (unsigned long long)target);
}

/* Makes the tree start at bytenr, of a level. */
static void set_root(struct hostile *h, uint64_t tree, uint64_t bytenr, unsigned level)
{
	const struct item_ref *root = item_by_key(h, tree, TYPE_ROOT);
	uint8_t block[MAX_NODE];

	if (root) {
		take(h, root->leaf, block);
		put(block + root->at + 176, 8, bytenr);
		block[root->at + 238] = (uint8_t)level;
		block_write(&h->image, root->leaf, block);
		return;
	}
	put(h->image.super + (tree == 3 ? 0x58 : 0x50), 8, bytenr);
	h->image.super[tree == 3 ? 0xc7 : 0xc6] = (uint8_t)level;
	super_write(h);
}

enum chain { CHAIN_LAWFUL, CHAIN_FAN, CHAIN_LOOP, CHAIN_KINDS };

/* Makes block, whose header is a copy of its child's, the node above the child. */
static void make_node(struct hostile *h, uint8_t *block, uint64_t child, uint64_t bytenr, enum chain kind)
{
	uint64_t room = (h->image.nodesize - BLOCK_HEADER) / NODE_SLOT, n = kind == CHAIN_FAN ? room : 1;
	uint64_t generation = get(block + 80, 8);
	uint8_t first[17];

	memcpy(first, block + BLOCK_HEADER, sizeof(first));
	memset(block + BLOCK_HEADER, 0, h->image.nodesize - BLOCK_HEADER);
	for (uint64_t i = 0; i < n; i++) {
		uint8_t *slot = block + BLOCK_HEADER + NODE_SLOT * i;

		memcpy(slot, first, sizeof(first));
		put(slot + 9, 8, get(first + 9, 8) + i);
		put(slot + 17, 8, child);
		put(slot + 25, 8, generation);
	}
	put(block + 48, 8, bytenr);
	put(block + 96, 4, n);
	block[100]++;
}

/* Puts nodes above a tree up to level 7: lawful, each with all its pointers to one child, or in a circle. */
void damage_chain(struct hostile *h)
{
	const struct block_ref *ref = any_block(h);
	enum chain kind = (enum chain)pick(h, CHAIN_KINDS);
	uint64_t at = 0, child, end = 0;
	uint8_t block[MAX_NODE];

	for (size_t i = 0; i < h->blocks; i++)
		if (h->block[i].tree == ref->tree) { /* the first one is the root */
			at = h->block[i].bytenr;
			break;
		}
	for (unsigned i = 0; i < h->image.chunks; i++)
		if (at >= h->image.chunk[i].start && at - h->image.chunk[i].start < h->image.chunk[i].length)
			end = h->image.chunk[i].start + h->image.chunk[i].length;
	take(h, at, block);
	for (child = at; block[100] < 7; child = at) {
		at = end -= h->image.nodesize; /* chunks fill from their start */
		make_node(h, block, child, at, kind);
		block_write(&h->image, at, block);
	}
	if (kind == CHAIN_LOOP) {
		put(block + BLOCK_HEADER + 17, 8, at);
		block_write(&h->image, at, block);
	}
	set_root(h, ref->tree, at, block[100]);
	printf("tree %llu raised to level 7, kind %d\n", (unsigned long long)ref->tree, (int)kind);
}
