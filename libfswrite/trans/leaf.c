/* SPDX-License-Identifier: MIT */
/*
 * A leaf's items stand at its front and their data at its end, in the opposite order and without gaps
 * (D3). Bytes between the two are kept zero, so that nothing old shows through in a new block.
 */
#include "leaf.h"

#include "../fields.h"

static uint8_t *slot_at(uint8_t *leaf, uint32_t i)
{
	return leaf + HEADER_SIZE + (size_t)i * LEAF_ITEM_SIZE;
}

/* Where the data of item i - 1 begins, which is where that of item i ends. */
static uint32_t data_end(const struct trans *t, const uint8_t *leaf, uint32_t i)
{
	return i ? leaf_item_offset(leaf, i - 1) : leaf_capacity(t);
}

uint32_t leaf_used(const struct trans *t, const uint8_t *leaf, uint32_t from, uint32_t to)
{
	if (from == to)
		return 0;
	return (to - from) * LEAF_ITEM_SIZE + data_end(t, leaf, from) - leaf_item_offset(leaf, to - 1);
}

/* The data of items [i, n) goes `by` bytes towards the front, or back when `by` is negative. */
static void move_data(uint8_t *leaf, uint32_t i, uint32_t n, uint32_t end, int32_t by)
{
	uint32_t begin = n > i ? leaf_item_offset(leaf, n - 1) : end;
	uint8_t *data = leaf + HEADER_SIZE;

	memmove(data + (int64_t)begin - by, data + begin, end - begin);
	for (; i < n; i++)
		set_item(leaf, i, (uint32_t)((int64_t)leaf_item_offset(leaf, i) - by),
			leaf_item_size(leaf, i));
}

void leaf_open_slot(
	const struct trans *t, uint8_t *leaf, uint32_t slot, const struct fsr_key *key, uint32_t size)
{
	uint32_t n = block_nritems(leaf), end = data_end(t, leaf, slot);

	move_data(leaf, slot, n, end, (int32_t)size);
	memmove(slot_at(leaf, slot + 1), slot_at(leaf, slot), (size_t)(n - slot) * LEAF_ITEM_SIZE);
	set_key(slot_at(leaf, slot), key);
	set_item(leaf, slot, end - size, size);
	set_nritems(leaf, n + 1);
	memset(leaf + HEADER_SIZE + end - size, 0, size);
}

/* Zeros between the last item's place and its data. */
static void clear_gap(const struct trans *t, uint8_t *leaf)
{
	uint32_t n = block_nritems(leaf);

	memset(slot_at(leaf, n), 0, data_end(t, leaf, n) - (size_t)n * LEAF_ITEM_SIZE);
}

void leaf_close_slot(const struct trans *t, uint8_t *leaf, uint32_t slot)
{
	uint32_t n = block_nritems(leaf), size = leaf_item_size(leaf, slot);

	move_data(leaf, slot + 1, n, leaf_item_offset(leaf, slot), -(int32_t)size);
	memmove(slot_at(leaf, slot), slot_at(leaf, slot + 1), (size_t)(n - slot - 1) * LEAF_ITEM_SIZE);
	set_nritems(leaf, n - 1);
	clear_gap(t, leaf);
}

void leaf_append(const struct trans *t, uint8_t *leaf, const uint8_t *from_leaf, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		uint32_t n = block_nritems(leaf), size = leaf_item_size(from_leaf, i);
		struct fsr_key key = get_key(leaf_item(from_leaf, i));

		leaf_open_slot(t, leaf, n, &key, size);
		memcpy(leaf + HEADER_SIZE + leaf_item_offset(leaf, n), leaf_item_data(from_leaf, i), size);
	}
}

void leaf_cut(const struct trans *t, uint8_t *leaf, uint32_t n)
{
	set_nritems(leaf, n);
	clear_gap(t, leaf);
}

static uint8_t *ptr_at(uint8_t *node, uint32_t i)
{
	return node + HEADER_SIZE + (size_t)i * NODE_PTR_SIZE;
}

void node_open_slot(uint8_t *node, uint32_t slot)
{
	uint32_t n = block_nritems(node);

	memmove(ptr_at(node, slot + 1), ptr_at(node, slot), (size_t)(n - slot) * NODE_PTR_SIZE);
	set_nritems(node, n + 1);
}

void node_close_slot(uint8_t *node, uint32_t slot)
{
	uint32_t n = block_nritems(node);

	memmove(ptr_at(node, slot), ptr_at(node, slot + 1), (size_t)(n - slot - 1) * NODE_PTR_SIZE);
	memset(ptr_at(node, n - 1), 0, NODE_PTR_SIZE);
	set_nritems(node, n - 1);
}

void node_append(uint8_t *node, const uint8_t *from_node, uint32_t from, uint32_t to)
{
	uint32_t n = block_nritems(node);

	memcpy(ptr_at(node, n), node_ptr(from_node, from), (size_t)(to - from) * NODE_PTR_SIZE);
	set_nritems(node, n + to - from);
}
