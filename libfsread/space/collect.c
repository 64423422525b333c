/* SPDX-License-Identifier: MIT */
/* One walk over the root tree: cache headers, the inodes they name, and those inodes' extents. */
#include "../format/error.h"
#include "space.h"

#include <stdlib.h>

void *array_grow(void *array, size_t count, size_t size)
{
	if (count & (count - 1))
		return array; /* room up to the next power of two is there already */
	if (count > SIZE_MAX / 2 / size)
		return NULL;
	return realloc(array, (count ? count * 2 : 1) * size);
}

static int add_header(struct fsr_fs *fs, const struct cursor *c, const struct fsr_item *item)
{
	struct cache_header *h = array_grow(fs->headers, fs->nheaders, sizeof *h);
	size_t behind = fs->volume->fs.nodesize - (size_t)(item->data - cursor_leaf(c));
	const uint8_t *p = item->data;

	if (!h)
		return FSR_E_NOMEM;
	fs->headers = h;
	h += fs->nheaders++;
	*h = (struct cache_header){.group = item->key.offset, .leaf = item->leaf, .slot = item->slot};
	/* Linux never looks at the item's size: it takes 41 bytes from where the item begins. */
	if (behind < FREE_SPACE_HEADER_SIZE) {
		h->outside_leaf = true;
		return 0;
	}
	h->location = get_key(p + FREE_SPACE_HEADER_LOCATION);
	h->generation = get64(p + FREE_SPACE_HEADER_GENERATION);
	h->entries = get64(p + FREE_SPACE_HEADER_ENTRIES);
	h->bitmaps = get64(p + FREE_SPACE_HEADER_BITMAPS);
	return 0;
}

static int add_inode(struct fsr_fs *fs, const struct fsr_item *item)
{
	struct cache_inode *i = array_grow(fs->inodes, fs->ninodes, sizeof *i);
	const uint8_t *p = item->data;

	if (!i)
		return FSR_E_NOMEM;
	fs->inodes = i;
	fs->inodes[fs->ninodes++] = (struct cache_inode){
		.ino = item->key.objectid,
		.leaf = item->leaf,
		.slot = item->slot,
		.generation = get64(p + INODE_GENERATION),
		.size = get64(p + INODE_SIZE),
		.flags = get64(p + INODE_FLAGS),
		.nlink = get32(p + INODE_NLINK),
		.mode = get32(p + INODE_MODE),
	};
	return 0;
}

static int add_extent(struct fsr_fs *fs, const struct fsr_item *item)
{
	struct cache_file_extent *e = array_grow(fs->extents, fs->nextents, sizeof *e);
	const uint8_t *p = item->data;

	if (!e)
		return FSR_E_NOMEM;
	fs->extents = e;
	e += fs->nextents++;
	*e = (struct cache_file_extent){.ino = item->key.objectid, .leaf = item->leaf, .slot = item->slot};
	e->item = (struct fsr_cache_extent){
		.file_offset = item->key.offset,
		.generation = get64(p + FILE_EXTENT_GENERATION),
		.ram_bytes = get64(p + FILE_EXTENT_RAM_BYTES),
		.type = p[FILE_EXTENT_TYPE],
		.compression = p[FILE_EXTENT_COMPRESSION],
		.encryption = p[FILE_EXTENT_ENCRYPTION],
		.other_encoding = get16(p + FILE_EXTENT_OTHER),
		.num_bytes = item->size - FILE_EXTENT_INLINE_DATA,
	};
	if (e->item.type == FILE_EXTENT_INLINE)
		return 0;
	e->item.disk_bytenr = get64(p + FILE_EXTENT_DISK_BYTENR);
	e->item.disk_num_bytes = get64(p + FILE_EXTENT_DISK_NUM_BYTES);
	e->item.offset = get64(p + FILE_EXTENT_OFFSET);
	e->item.num_bytes = get64(p + FILE_EXTENT_NUM_BYTES);
	return 0;
}

/* Dispatches on the key type, never on the objectid: inode and subvolume numbers share one space (F-A2). */
static int add_item(struct fsr_fs *fs, const struct cursor *c, const struct fsr_item *item)
{
	if (fs->nheaders >= COLLECT_MAX || fs->ninodes >= COLLECT_MAX || fs->nextents >= COLLECT_MAX)
		return 0;
	if (item->key.objectid == FREE_SPACE_OBJECTID && item->key.type == KEY_UNTYPED)
		return add_header(fs, c, item);
	if (item->key.type == KEY_INODE_ITEM && item->size >= INODE_ITEM_SIZE && !item->key.offset)
		return add_inode(fs, item);
	if (item->key.type != KEY_EXTENT_DATA || item->size < FILE_EXTENT_INLINE_DATA)
		return 0;
	if (item->data[FILE_EXTENT_TYPE] != FILE_EXTENT_INLINE && item->size < FILE_EXTENT_SIZE)
		return 0;
	return add_extent(fs, item);
}

static int add_hole(struct fsr_fs *fs, const struct cursor *c)
{
	struct key_hole *h = array_grow(fs->holes, fs->nholes, sizeof *h);

	if (!h)
		return FSR_E_NOMEM;
	fs->holes = h;
	fs->holes[fs->nholes++] = (struct key_hole){c->hole_from, c->hole_to, c->hole_to_end, c->hole_bytenr};
	return 0;
}

/* Counts how many headers name each inode: more than one is unlawful, none is an orphan. */
static void link_headers(struct fsr_fs *fs)
{
	for (size_t i = 0; i < fs->nheaders; i++) {
		const struct cache_header *h = &fs->headers[i];
		const struct cache_inode *inode =
			h->outside_leaf ? NULL : find_inode(fs, h->location.objectid);

		if (inode)
			fs->inodes[inode - fs->inodes].headers++;
	}
}

int collect_caches(struct fsr_fs *fs, struct fsr_error *err)
{
	struct tree_root root;
	struct cursor c;
	struct fsr_item item;
	int ret;

	tree_root_of_super(fs->volume, ROOT_TREE_OBJECTID, &root);
	cursor_init(&c, fs->volume, &root);
	ret = cursor_seek(&c, &(struct fsr_key){0, 0, 0}, err);
	while (ret >= 0 && ret != CURSOR_END) {
		if (ret == CURSOR_HOLE) {
			ret = add_hole(fs, &c);
		} else {
			cursor_item(&c, &item);
			ret = add_item(fs, &c, &item);
		}
		if (ret < 0) {
			fsr_fail_nomem(err);
			break;
		}
		ret = cursor_next(&c, err);
	}
	cursor_free(&c);
	if (ret < 0)
		return ret;
	link_headers(fs);
	return 0;
}

const struct cache_header *find_header(const struct fsr_fs *fs, uint64_t group)
{
	size_t low = 0, high = fs->nheaders;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (fs->headers[middle].group < group)
			low = middle + 1;
		else
			high = middle;
	}
	return low < fs->nheaders && fs->headers[low].group == group ? &fs->headers[low] : NULL;
}

const struct cache_inode *find_inode(const struct fsr_fs *fs, uint64_t ino)
{
	size_t low = 0, high = fs->ninodes;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (fs->inodes[middle].ino < ino)
			low = middle + 1;
		else
			high = middle;
	}
	return low < fs->ninodes && fs->inodes[low].ino == ino ? &fs->inodes[low] : NULL;
}

const struct cache_file_extent *find_extents(const struct fsr_fs *fs, uint64_t ino, size_t *count)
{
	size_t low = 0, high = fs->nextents;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (fs->extents[middle].ino < ino)
			low = middle + 1;
		else
			high = middle;
	}
	*count = 0;
	while (low + *count < fs->nextents && fs->extents[low + *count].ino == ino)
		++*count;
	return *count ? &fs->extents[low] : NULL;
}

const struct key_hole *find_hole(const struct fsr_fs *fs, const struct fsr_key *key)
{
	size_t low = 0, high = fs->nholes;
	const struct key_hole *h;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (key_cmp(&fs->holes[middle].from, key) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	h = &fs->holes[low - 1];
	return h->to_end || key_cmp(key, &h->to) < 0 ? h : NULL;
}
