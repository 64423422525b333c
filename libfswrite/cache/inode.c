/* SPDX-License-Identifier: MIT */
/* Cache inodes: items of the root tree under a number of their own (F-A2, F-A3). */
#include "cache.h"

#include "../fields.h"

#include <sys/stat.h>

#define CACHE_INODE_MODE (S_IFREG | 0600)
#define CACHE_INODE_FLAGS 0x1bu /* NODATASUM, NODATACOW, NOCOMPRESS, PREALLOC */

int inode_is_plain(struct trans *t, uint64_t ino, struct fsr_error *err)
{
	struct fsr_key key = {ino, 0, 0};
	uint32_t size;
	int ret;

	while (!(ret = tree_next_item(t, &t->roots, &key, NULL, 0, &size, err)) && key.objectid == ino) {
		if (key.type != KEY_INODE_ITEM && key.type != KEY_EXTENT_DATA)
			return 0;
		if (!++key.offset)
			key.type++;
	}
	return ret < 0 ? ret : 1;
}

int inode_reusable(struct trans *t, const struct cache_header *header, struct fsr_error *err)
{
	uint64_t ino = header->location.objectid;
	const struct cache_inode *inode = header->outside_leaf ? NULL : find_inode(t->fs, ino);

	if (!inode || header->location.type != KEY_INODE_ITEM || header->location.offset)
		return 0;
	if (ino < FIRST_FREE_OBJECTID || ino > LAST_FREE_OBJECTID)
		return 0;
	if (inode->mode != CACHE_INODE_MODE || inode->nlink != 1 || inode->headers != 1)
		return 0;
	return inode_is_plain(t, ino, err);
}

int inode_number(struct trans *t, uint64_t *ino, struct fsr_error *err)
{
	struct fsr_key key = {LAST_FREE_OBJECTID, UINT8_MAX, UINT64_MAX};
	int ret = t->next_ino ? 0 : tree_last_item(t, &t->roots, &key, err);

	if (ret < 0)
		return ret;
	if (!t->next_ino)
		t->next_ino =
			ret || key.objectid < FIRST_FREE_OBJECTID ? FIRST_FREE_OBJECTID : key.objectid + 1;
	if (t->next_ino > LAST_FREE_OBJECTID)
		return fsr_fail(
			err, FSR_E_NO_SPACE, 0, FSR_NO_BYTENR, "no inode number is left in the root tree");
	*ino = t->next_ino++;
	return 0;
}

int inode_go_to(
	struct trans *t, const struct fsr_key *key, uint32_t size, struct path *path, struct fsr_error *err)
{
	int ret = tree_search(t, &t->roots, key, true, path, err);

	if (ret < 0)
		return ret;
	t->roots.changed = true;
	if (!ret && path_item_size(path) >= size)
		return 0;
	return fsr_fail(err, FSR_E_CORRUPT, 0, path->block[0]->bytenr,
		"the root tree's item (%llu %u %llu) is not as it was read before",
		(unsigned long long)key->objectid, key->type, (unsigned long long)key->offset);
}

int inode_set_up(struct trans *t, uint64_t ino, uint64_t size, bool add, struct fsr_error *err)
{
	const struct fsr_key key = {ino, KEY_INODE_ITEM, 0};
	struct path path;
	uint8_t *p;
	int ret = add ? tree_insert(t, &t->roots, &key, NULL, INODE_ITEM_SIZE, &path, err)
		      : inode_go_to(t, &key, INODE_ITEM_SIZE, &path, err);

	if (ret)
		return ret;
	p = path_item(&path);
	set64(p + INODE_GENERATION, 0);
	set64(p + INODE_TRANSID, t->generation);
	set64(p + INODE_SIZE, size);
	set64(p + INODE_NBYTES, size);
	set64(p + INODE_BLOCK_GROUP, 0);
	set32(p + INODE_NLINK, 1);
	set32(p + INODE_MODE, CACHE_INODE_MODE);
	set64(p + INODE_FLAGS, CACHE_INODE_FLAGS);
	set64(p + INODE_SEQUENCE, get64(p + INODE_SEQUENCE) + 1);
	return 0;
}

int inode_clear(struct trans *t, uint64_t ino, struct fsr_error *err)
{
	const struct fsr_key key = {ino, KEY_INODE_ITEM, 0};
	struct path path;
	int ret = inode_go_to(t, &key, INODE_ITEM_SIZE, &path, err);

	if (ret)
		return ret;
	set64(path_item(&path) + INODE_GENERATION, 0);
	set64(path_item(&path) + INODE_TRANSID, t->generation);
	/* by the flags of old formats Linux looks before it looks at the generation (F-A6) */
	set64(path_item(&path) + INODE_FLAGS, CACHE_INODE_FLAGS);
	return 0;
}

int inode_add_extent(struct trans *t, uint64_t ino, uint64_t bytenr, uint64_t length, struct fsr_error *err)
{
	const struct fsr_key key = {ino, KEY_EXTENT_DATA, 0};
	uint8_t item[FILE_EXTENT_SIZE] = {0};
	struct path path;

	set64(item + FILE_EXTENT_GENERATION, t->generation);
	set64(item + FILE_EXTENT_RAM_BYTES, length);
	item[FILE_EXTENT_TYPE] = FILE_EXTENT_PREALLOC;
	set64(item + FILE_EXTENT_DISK_BYTENR, bytenr);
	set64(item + FILE_EXTENT_DISK_NUM_BYTES, length);
	set64(item + FILE_EXTENT_NUM_BYTES, length);
	return tree_insert(t, &t->roots, &key, item, sizeof item, &path, err);
}

int inode_complete(struct trans *t, uint64_t ino, struct fsr_error *err)
{
	const struct fsr_key inode = {ino, KEY_INODE_ITEM, 0}, extent = {ino, KEY_EXTENT_DATA, 0};
	struct path path;
	int ret = inode_go_to(t, &inode, INODE_ITEM_SIZE, &path, err);

	if (ret)
		return ret;
	set64(path_item(&path) + INODE_GENERATION, t->generation);
	ret = inode_go_to(t, &extent, FILE_EXTENT_SIZE, &path, err);
	if (!ret)
		path_item(&path)[FILE_EXTENT_TYPE] = FILE_EXTENT_REG;
	return ret;
}
