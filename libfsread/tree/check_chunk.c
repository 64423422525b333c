/* SPDX-License-Identifier: MIT */
/* Chunks, devices, and the stretches of devices that chunks take. */
#include "check.h"

const char *check_chunk_item(const struct leaf_check *c, const struct leaf_slot *item)
{
	return chunk_check(c->volume, item->key.offset, item->data, item->size, c->text);
}

/* total_bytes itself can't be judged: it is 0 while a device is being removed. */
const char *check_dev_item(const struct leaf_check *c, const struct leaf_slot *item)
{
	uint64_t devid, used, total;

	if (item->key.objectid != DEV_ITEMS_OBJECTID)
		return check_reason(c->text, "a device item of objectid %llu, not %llu",
			(unsigned long long)item->key.objectid, (unsigned long long)DEV_ITEMS_OBJECTID);
	if (item->size != DEV_ITEM_SIZE)
		return check_reason(c->text, "a device item of %u bytes, not %u", item->size, DEV_ITEM_SIZE);
	devid = get64(item->data + DEV_ITEM_DEVID);
	used = get64(item->data + DEV_ITEM_BYTES_USED);
	total = get64(item->data + DEV_ITEM_TOTAL_BYTES);
	if (devid != item->key.offset)
		return check_reason(c->text, "device %llu under the key of device %llu",
			(unsigned long long)devid, (unsigned long long)item->key.offset);
	if (used > total)
		return check_reason(c->text, "%llu bytes used of a device of %llu", (unsigned long long)used,
			(unsigned long long)total);
	return NULL;
}

static const char *check_dev_extent_fields(const struct leaf_check *c, const struct leaf_slot *item)
{
	uint64_t tree = get64(item->data + DEV_EXTENT_CHUNK_TREE);
	uint64_t objectid = get64(item->data + DEV_EXTENT_CHUNK_OBJECTID);
	uint64_t chunk = get64(item->data + DEV_EXTENT_CHUNK_OFFSET);
	uint64_t length = get64(item->data + DEV_EXTENT_LENGTH);

	if (tree != CHUNK_TREE_OBJECTID || objectid != FIRST_CHUNK_TREE_OBJECTID)
		return check_reason(c->text, "a device extent of chunk tree %llu, objectid %llu",
			(unsigned long long)tree, (unsigned long long)objectid);
	if (!is_aligned(item->key.offset | chunk | length, c->sectorsize))
		return check_reason(c->text, "device extent %llu, length %llu, chunk %llu: not aligned to %u",
			(unsigned long long)item->key.offset, (unsigned long long)length,
			(unsigned long long)chunk, c->sectorsize);
	return NULL;
}

/*
 * Linux 6.1 reads the fields whatever the item's size, so a short one borrows the bytes that follow;
 * only past the leaf's end there is nothing to borrow. (Later kernels want 48 bytes.)
 */
const char *check_dev_extent(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev)
{
	const char *why;
	uint64_t before;

	if (item->room < DEV_EXTENT_LENGTH + 8)
		return check_reason(
			c->text, "a device extent of %u bytes, not %u", item->size, DEV_EXTENT_SIZE);
	why = check_dev_extent_fields(c, item);
	if (why)
		return why;
	if (!prev || prev->key.objectid != item->key.objectid || prev->key.type != KEY_DEV_EXTENT)
		return NULL;
	before = prev->key.offset + get64(prev->data + DEV_EXTENT_LENGTH);
	if (before > item->key.offset)
		return check_reason(c->text, "device extent %llu begins inside the one before, up to %llu",
			(unsigned long long)item->key.offset, (unsigned long long)before);
	return NULL;
}
