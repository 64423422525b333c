/* SPDX-License-Identifier: MIT */
/* Where trees begin: by the superblock, or by their root items. */
#include "tree.h"

#include "../format/error.h"

#include <inttypes.h>

void tree_root_of_super(const struct volume *volume, uint64_t objectid, struct tree_root *root)
{
	const struct fsr_filesystem *fs = &volume->fs;

	switch (objectid) {
	case CHUNK_TREE_OBJECTID:
		*root = (struct tree_root){
			fs->chunk_root, fs->chunk_root_generation, objectid, fs->chunk_root_level};
		break;
	case TREE_LOG_OBJECTID:
		/* Its blocks belong to the commit that has not happened yet (F-B6). */
		*root = (struct tree_root){fs->log_root, fs->generation + 1, objectid, fs->log_root_level};
		break;
	default:
		*root = (struct tree_root){fs->root, fs->generation, ROOT_TREE_OBJECTID, fs->root_level};
	}
}

bool tree_is_in_super(uint64_t objectid)
{
	return objectid == ROOT_TREE_OBJECTID || objectid == CHUNK_TREE_OBJECTID ||
	       objectid == TREE_LOG_OBJECTID;
}

int tree_decode_root(const struct volume *volume, const struct fsr_item *item, struct tree_root *root,
	struct fsr_error *err)
{
	uint64_t objectid = item->key.objectid;

	if (item->size < ROOT_ITEM_LEGACY_SIZE)
		return fsr_fail(err, FSR_E_CORRUPT, 0, item->leaf,
			"root item of tree %" PRId64 " has %u bytes, needs %u", (int64_t)objectid, item->size,
			ROOT_ITEM_LEGACY_SIZE);
	*root = (struct tree_root){get64(item->data + ROOT_BYTENR), get64(item->data + ROOT_GENERATION),
		objectid, item->data[ROOT_LEVEL]};
	if (root->level >= MAX_LEVEL)
		return fsr_fail(err, FSR_E_CORRUPT, 0, item->leaf,
			"root item of tree %" PRId64 ": level is %u, must be below %u", (int64_t)objectid,
			root->level, MAX_LEVEL);
	if (root->bytenr % volume->fs.sectorsize)
		return fsr_fail(err, FSR_E_CORRUPT, 0, item->leaf,
			"root item of tree %" PRId64 ": bytenr %" PRIu64
			" is not a multiple of the sectorsize %u",
			(int64_t)objectid, root->bytenr, volume->fs.sectorsize);
	return 0;
}

/* The cursor is at the newest root item that may be the tree's, or where none is. */
static int take_root(
	struct cursor *c, int answer, uint64_t objectid, struct tree_root *root, struct fsr_error *err)
{
	struct fsr_item item;

	if (answer == CURSOR_HOLE)
		return fsr_fail(err, FSR_E_CORRUPT, 0, c->hole_bytenr,
			"the root item of tree %" PRId64 " lies in tree block %" PRIu64
			", which can't be read",
			(int64_t)objectid, c->hole_bytenr);
	if (answer == CURSOR_ITEM) {
		cursor_item(c, &item);
		if (item.key.objectid == objectid && item.key.type == KEY_ROOT_ITEM)
			return tree_decode_root(c->volume, &item, root, err);
	}
	return fsr_fail(
		err, FSR_E_NOT_FOUND, 0, FSR_NO_BYTENR, "there is no tree %" PRId64, (int64_t)objectid);
}

int tree_find_root(struct volume *volume, uint64_t objectid, struct tree_root *root, struct fsr_error *err)
{
	/* subvolumes keep the transaction of a snapshot in the key's offset; Linux finds other trees at 0
	 * only */
	const uint64_t offset = objectid < FIRST_FREE_OBJECTID ? 0 : UINT64_MAX;
	const struct fsr_key last = {objectid, KEY_ROOT_ITEM, offset};
	struct cursor c;
	int ret;

	if (objectid == TREE_LOG_OBJECTID && !volume->fs.log_root)
		return fsr_fail(err, FSR_E_NOT_FOUND, 0, FSR_NO_BYTENR, "there is no log tree");
	if (tree_is_in_super(objectid)) {
		tree_root_of_super(volume, objectid, root);
		return 0;
	}
	tree_root_of_super(volume, ROOT_TREE_OBJECTID, root);
	cursor_init(&c, volume, root);
	ret = cursor_seek_back(&c, &last, err);
	if (ret >= 0)
		ret = take_root(&c, ret, objectid, root, err);
	cursor_free(&c);
	return ret;
}
