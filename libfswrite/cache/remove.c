/* SPDX-License-Identifier: MIT */
/* Taking away what no block group claims. */
#include "cache.h"

static int remove_item(struct trans *t, const struct fsr_key *key, struct fsr_error *err)
{
	struct path path;
	int ret = tree_search(t, &t->roots, key, false, &path, err);

	if (!ret)
		ret = tree_search(t, &t->roots, key, true, &path, err);
	if (ret)
		return ret < 0 ? ret : 0;
	return tree_delete(t, &t->roots, &path, err);
}

int cache_remove_header(struct trans *t, uint64_t group, struct fsr_error *err)
{
	const struct fsw_removed removed = {.kind = FSW_REMOVED_HEADER, .block_group = group};
	int ret = remove_item(t, &(struct fsr_key){FREE_SPACE_OBJECTID, KEY_UNTYPED, group}, err);

	return ret ? ret : cache_removed(t, &removed, err);
}

/* Whether the number has any item: 1 or 0. */
static int has_items(struct trans *t, uint64_t ino, struct fsr_error *err)
{
	struct fsr_key key = {ino, 0, 0};
	uint32_t size;
	int ret = tree_next_item(t, &t->roots, &key, NULL, 0, &size, err);

	return ret < 0 ? ret : !ret && key.objectid == ino;
}

int cache_remove_inode(struct trans *t, uint64_t ino, struct fsr_error *err)
{
	const struct fsw_removed removed = {.kind = FSW_REMOVED_INODE, .inode = ino};
	bool in_range = ino >= FIRST_FREE_OBJECTID && ino <= LAST_FREE_OBJECTID;
	int ret = in_range ? has_items(t, ino, err) : 0;

	if (ret > 0) /* else it is gone already, with the last header that named it */
		ret = inode_is_plain(t, ino, err);
	if (ret <= 0)
		return ret < 0 ? ret : 1;
	ret = inode_check_extents(t, ino, err);
	if (ret)
		return ret == FSR_E_REFUSED ? 1 : ret;
	ret = inode_drop_extents(t, ino, err);
	if (!ret) /* it may have had extents only */
		ret = remove_item(t, &(struct fsr_key){ino, KEY_INODE_ITEM, 0}, err);
	if (!ret)
		ret = remove_item(t, &(struct fsr_key){ORPHAN_OBJECTID, KEY_ORPHAN_ITEM, ino}, err);
	return ret ? ret : cache_removed(t, &removed, err);
}

/* How many headers still name the inode, this one not counted any more. */
static unsigned names_left(struct trans *t, const struct cache_header *header)
{
	uint64_t ino = header->location.objectid;
	const struct cache_inode *inode = find_inode(t->fs, ino);
	unsigned left = 0;

	if (inode) {
		struct cache_inode *mine = &t->fs->inodes[inode - t->fs->inodes];

		mine->headers -= mine->headers > 0;
		return mine->headers;
	}
	t->fs->headers[header - t->fs->headers].location.objectid = 0;
	for (size_t i = 0; i < t->fs->nheaders; i++)
		left += !t->fs->headers[i].outside_leaf && t->fs->headers[i].location.objectid == ino;
	return left;
}

int cache_leave_inode(struct trans *t, const struct cache_header *header, struct fsr_error *err)
{
	uint64_t ino = header->outside_leaf ? 0 : header->location.objectid;
	int ret;

	if (!ino || names_left(t, header))
		return 0;
	ret = cache_remove_inode(t, ino, err);
	return ret < 0 ? ret : 0;
}

int cache_drop_stray(struct trans *t, const struct cache_header *header, struct fsr_error *err)
{
	int ret = cache_remove_header(t, header->group, err);

	return ret ? ret : cache_leave_inode(t, header, err);
}
