/* SPDX-License-Identifier: MIT */
/* Which extent holds an address, and who holds the extent. */
#include "extents.h"

/* How many addresses without an extent are passed over to find one: hostile trees hold any number. */
#define HOLDER_JUMPS 256u

/* The first reference of an extent item, inline or none: who holds the extent. */
static void fill_reference(const struct fsr_item *item, uint32_t at, struct fsr_holder *holder)
{
	const uint8_t *p = item->data + at;

	if (at + 9 <= item->size && p[0] == KEY_EXTENT_OWNER_REF) { /* simple quota's, stands first */
		at += 9;
		p += 9;
	}
	if (at + 9 > item->size)
		return;
	if (p[0] == KEY_EXTENT_DATA_REF && at + 29 <= item->size) {
		holder->root = get64(p + 1);
		holder->objectid = get64(p + 9);
		holder->offset = get64(p + 17);
	} else if (p[0] == KEY_TREE_BLOCK_REF) {
		holder->root = get64(p + 1);
	}
}

static void fill_holder(const struct fsr_fs *fs, const struct fsr_item *item, struct fsr_holder *holder)
{
	uint32_t at = EXTENT_ITEM_SIZE;

	*holder = (struct fsr_holder){
		.present = true,
		.bytenr = item->key.objectid,
		.key = item->key,
		.leaf = item->leaf,
		.slot = item->slot,
	};
	holder->length = item->key.type == KEY_EXTENT_ITEM ? item->key.offset : fs->volume->fs.nodesize;
	if (item->size < EXTENT_ITEM_SIZE)
		return;
	holder->generation = get64(item->data + EXTENT_GENERATION);
	holder->tree_block = get64(item->data + EXTENT_FLAGS) & EXTENT_FLAG_TREE_BLOCK;
	if (holder->tree_block && item->key.type == KEY_EXTENT_ITEM)
		at += TREE_BLOCK_INFO_SIZE;
	if (holder->tree_block)
		holder->offset = item->key.type == KEY_METADATA_ITEM ? item->key.offset
				 : item->size >= at                  ? item->data[at - 1]
								     : 0;
	fill_reference(item, at, holder);
}

static bool is_extent(const struct fsr_item *item)
{
	return item->key.type == KEY_EXTENT_ITEM || item->key.type == KEY_METADATA_ITEM;
}

/* To the last extent that begins at or below bytenr. What else stands there, references above all, is jumped.
 */
static int seek_extent_back(struct cursor *c, uint64_t bytenr, struct fsr_item *item, struct fsr_error *err)
{
	for (unsigned i = 0; i < HOLDER_JUMPS; i++) {
		struct fsr_key key = {bytenr, KEY_METADATA_ITEM, UINT64_MAX};
		int ret = cursor_seek_back(c, &key, err);

		if (ret != CURSOR_ITEM)
			return ret;
		cursor_item(c, item);
		if (is_extent(item))
			return CURSOR_ITEM;
		if (item->key.objectid < bytenr)
			bytenr = item->key.objectid;
		else if (!bytenr--)
			break;
	}
	return CURSOR_END;
}

/* To the first extent that begins at or behind bytenr. */
static int seek_extent(struct cursor *c, uint64_t bytenr, struct fsr_item *item, struct fsr_error *err)
{
	struct fsr_key key = {bytenr, KEY_EXTENT_ITEM, 0};

	for (unsigned i = 0; i < HOLDER_JUMPS; i++) {
		int ret = cursor_seek(c, &key, err);

		if (ret != CURSOR_ITEM)
			return ret;
		cursor_item(c, item);
		if (is_extent(item))
			return CURSOR_ITEM;
		key.objectid = item->key.objectid;
		if (item->key.type > KEY_METADATA_ITEM && !++key.objectid)
			break;
	}
	return CURSOR_END;
}

int find_holder_at(const struct fsr_fs *fs, struct cursor *c, uint64_t bytenr, struct fsr_holder *holder,
	struct fsr_error *err)
{
	struct fsr_item item;
	int ret = seek_extent_back(c, bytenr, &item, err);

	*holder = (struct fsr_holder){0};
	if (ret != CURSOR_ITEM)
		return ret;
	fill_holder(fs, &item, holder);
	if (bytenr - holder->bytenr < holder->length)
		return CURSOR_ITEM;
	*holder = (struct fsr_holder){0};
	return CURSOR_END;
}

int find_holder(const struct fsr_fs *fs, struct cursor *c, uint64_t bytenr, uint64_t end,
	struct fsr_holder *holder, struct fsr_error *err)
{
	struct fsr_item item;
	int ret = find_holder_at(fs, c, bytenr, holder, err);

	if (ret < 0 || ret == CURSOR_ITEM)
		return ret;
	ret = seek_extent(c, bytenr, &item, err);
	if (ret == CURSOR_ITEM && item.key.objectid < end) {
		fill_holder(fs, &item, holder);
		return CURSOR_ITEM;
	}
	return ret < 0 ? ret : CURSOR_END;
}
