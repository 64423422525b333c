/* SPDX-License-Identifier: MIT */
/* The frame of a tree block: keys, item places, node pointers; items go to the rule of their type. */
#include "check.h"

#include "../format/csum.h"

#include <stdarg.h>
#include <stdio.h>

const char *check_reason(char *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(text, REASON_SIZE, format, args);
	va_end(args);
	return text;
}

const char *check_same_inode(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev)
{
	if (!prev || prev->key.objectid == item->key.objectid || !is_subvolume(c->owner))
		return NULL;
	return check_reason(c->text, "the item before belongs to inode %llu, not %llu",
		(unsigned long long)prev->key.objectid, (unsigned long long)item->key.objectid);
}

/* Types not named here, the v1 cache header's 0 among them, are never looked into. */
static const char *check_item(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev)
{
	switch (item->key.type) {
	case KEY_EXTENT_ITEM:
	case KEY_METADATA_ITEM:
		return check_extent_item(c, item, prev);
	case KEY_TREE_BLOCK_REF:
	case KEY_SHARED_DATA_REF:
	case KEY_SHARED_BLOCK_REF:
		return check_keyed_ref(c, item);
	case KEY_EXTENT_DATA_REF:
		return check_keyed_data_ref(c, item);
	case KEY_BLOCK_GROUP_ITEM:
		return check_block_group_item(c, item);
	case KEY_EXTENT_DATA:
		return check_file_extent(c, item, prev);
	case KEY_EXTENT_CSUM:
		return check_csum_item(c, item, prev);
	case KEY_DIR_ITEM:
	case KEY_DIR_INDEX:
	case KEY_XATTR_ITEM:
		return check_dir_item(c, item, prev);
	case KEY_INODE_REF:
		/* INODE_EXTREF gets a rule of its own in later kernels only. */
		return check_inode_ref(c, item, prev);
	case KEY_INODE_ITEM:
		return check_inode_item(c, item);
	case KEY_ROOT_ITEM:
		return check_root_item(c, item);
	case KEY_ROOT_REF:
	case KEY_ROOT_BACKREF:
		return check_root_ref(c, item);
	case KEY_CHUNK_ITEM:
		return check_chunk_item(c, item);
	case KEY_DEV_ITEM:
		return check_dev_item(c, item);
	case KEY_DEV_EXTENT:
		return check_dev_extent(c, item, prev);
	default:
		return NULL;
	}
}

static const char *bad_order(char *text, const struct fsr_key *prev, const struct fsr_key *key)
{
	return check_reason(text, "key (%llu %u %llu) does not follow (%llu %u %llu)",
		(unsigned long long)key->objectid, key->type, (unsigned long long)key->offset,
		(unsigned long long)prev->objectid, prev->type, (unsigned long long)prev->offset);
}

static void load_item(const struct leaf_check *c, const uint8_t *leaf, uint32_t i, struct leaf_slot *item)
{
	item->key = get_key(leaf_item(leaf, i));
	item->offset = leaf_item_offset(leaf, i);
	item->size = leaf_item_size(leaf, i);
	item->data = leaf + HEADER_SIZE + item->offset;
	item->room = c->nodesize - HEADER_SIZE - item->offset;
}

/*
 * Item i's data must end where the data of the item before begins, the first one's at the leaf's
 * end, and stay behind the item array. data and room are good for nothing before this.
 */
static const char *check_place(
	const struct leaf_check *c, uint32_t i, const struct leaf_slot *prev, const struct leaf_slot *item)
{
	uint64_t end = (uint64_t)item->offset + item->size;
	uint32_t array_end = (i + 1) * LEAF_ITEM_SIZE;

	if (key_cmp(&prev->key, &item->key) >= 0)
		return bad_order(c->text, &prev->key, &item->key);
	if (end != prev->offset)
		return check_reason(
			c->text, "item data ends at %llu, not at %u", (unsigned long long)end, prev->offset);
	if (item->offset < array_end)
		return check_reason(c->text, "item data at %u overlaps the item array, which ends at %u",
			item->offset, array_end);
	return NULL;
}

static const char *check_items(
	const struct leaf_check *c, const uint8_t *leaf, uint32_t nritems, unsigned *slot)
{
	/* What comes before the first item: the lowest key, and the end of the leaf. */
	struct leaf_slot item, prev = {.offset = c->nodesize - HEADER_SIZE};
	uint32_t room = prev.offset / LEAF_ITEM_SIZE, n = nritems < room ? nritems : room;

	for (uint32_t i = 0; i < n; i++, prev = item) {
		uint32_t plain = plain_extents(c, leaf, i, n, &prev);
		const char *why;

		if (plain) {
			i += plain - 1;
			load_item(c, leaf, i, &item);
			continue;
		}
		load_item(c, leaf, i, &item);
		why = check_place(c, i, &prev, &item);
		if (!why)
			why = check_item(c, &item, i ? &prev : NULL);
		if (why) {
			*slot = i;
			return why;
		}
	}
	*slot = n < nritems ? n : 0;
	return n < nritems ? check_reason(c->text, "%u items, %u fit", nritems, room) : NULL;
}

/* Trees that always hold something; a relocation tree's blocks carry their subvolume's id. */
static const char *check_empty_leaf(const uint8_t *leaf)
{
	if (get64(leaf + HEADER_FLAGS) & HEADER_FLAG_RELOC)
		return NULL;
	switch (block_owner(leaf)) {
	case 0:
		return "an empty leaf of tree 0, which does not exist";
	case ROOT_TREE_OBJECTID:
	case EXTENT_TREE_OBJECTID:
	case CHUNK_TREE_OBJECTID:
	case DEV_TREE_OBJECTID:
	case FS_TREE_OBJECTID:
	case DATA_RELOC_TREE_OBJECTID:
		return "an empty leaf in a tree that is never empty";
	default:
		return NULL;
	}
}

/*
 * The last pointer is followed, if at all, by a read that refuses it, and has no key behind it: Linux
 * looks at all but that one. (Later kernels also want the WRITTEN flag, here and in leaves.)
 */
static const char *check_node(const struct volume *volume, const uint8_t *node, unsigned *slot, char *text)
{
	uint32_t nritems = block_nritems(node), most = (volume->fs.nodesize - HEADER_SIZE) / NODE_PTR_SIZE;

	if (block_level(node) >= MAX_LEVEL)
		return check_reason(text, "level %u, at most %u", block_level(node), MAX_LEVEL - 1);
	if (nritems == 0 || nritems > most)
		return check_reason(text, "a node of %u pointers, between 1 and %u fit", nritems, most);
	for (uint32_t i = 0; i + 1 < nritems; i++) {
		struct fsr_key key = get_key(node_ptr(node, i)), next = get_key(node_ptr(node, i + 1));
		uint64_t bytenr = node_blockptr(node, i);

		*slot = i;
		if (!bytenr)
			return "a pointer to block 0";
		if (!is_aligned(bytenr, volume->fs.sectorsize))
			return check_reason(text, "pointer %llu is not aligned to %u",
				(unsigned long long)bytenr, volume->fs.sectorsize);
		if (key_cmp(&key, &next) >= 0)
			return bad_order(text, &key, &next);
	}
	*slot = 0;
	return NULL;
}

const char *block_check(const struct volume *volume, const uint8_t *block, unsigned *slot, char text[128])
{
	struct leaf_check c = {
		.volume = volume,
		.nodesize = volume->fs.nodesize,
		.sectorsize = volume->fs.sectorsize,
		.csum_size = csum_length(volume->fs.csum_type),
		.owner = block_owner(block),
		.max_generation = volume->fs.generation + 1,
		.incompat = volume->fs.incompat_flags,
		.text = text,
	};

	*slot = 0;
	if (block_level(block) > 0)
		return check_node(volume, block, slot, text);
	if (block_nritems(block) == 0)
		return check_empty_leaf(block);
	return check_items(&c, block, block_nritems(block), slot);
}
