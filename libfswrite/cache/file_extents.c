/* SPDX-License-Identifier: MIT */
/* The extents of a cache file: those that its items name, and those that the extent tree says are its. */
#include "cache.h"

#define DATA_REF_SIZE 28u

/*
 * Whether there is an extent behind this piece of the file, and the reference it must have. A hole and inline
 * data have none, and nor has a piece whose address the extent tree knows nothing of.
 */
static int find_held(struct trans *t, const struct cache_file_extent *e, struct ref *ref, bool *held,
	struct fsr_error *err)
{
	struct fsr_key key = {e->item.disk_bytenr, KEY_EXTENT_ITEM, 0};
	uint32_t size;
	int ret;

	*ref = (struct ref){
		.bytenr = e->item.disk_bytenr,
		.length = e->item.disk_num_bytes,
		.ino = e->ino,
		.start = e->item.file_offset - e->item.offset,
	};
	*held = false;
	if (e->item.type == FILE_EXTENT_INLINE || !e->item.disk_bytenr)
		return 0;
	ret = tree_next_item(t, &t->extents, &key, NULL, 0, &size, err);
	*held = !ret && key.objectid == ref->bytenr && key.type <= KEY_METADATA_ITEM;
	return ret < 0 ? ret : 0;
}

int inode_check_extents(struct trans *t, uint64_t ino, struct fsr_error *err)
{
	size_t n;
	const struct cache_file_extent *e = find_extents(t->fs, ino, &n);

	for (size_t i = 0; i < n; i++) {
		struct ref ref;
		bool held;
		int ret = find_held(t, &e[i], &ref, &held, err);

		if (!ret && held)
			ret = extent_item_check(t, &ref, err);
		if (ret)
			return ret;
	}
	return 0;
}

/* ---- extents that no item of the file names */

struct leak {
	struct trans *t;
	uint64_t ino;
	uint64_t bytenr, length; /* of the data extent that was met last */
};

/* The reference at p is the inode's: the extent goes. */
static int free_leak(const struct leak *l, const uint8_t *p, struct fsr_error *err)
{
	const struct ref ref = {
		.bytenr = l->bytenr, .length = l->length, .ino = l->ino, .start = get64(p + 16)};
	int ret;

	if (get64(p) != ROOT_TREE_OBJECTID || get64(p + 8) != l->ino)
		return 0;
	ret = extent_item_check(l->t, &ref, err);
	if (ret)
		return ret == FSR_E_REFUSED ? 0 : ret;
	return refs_drop_data(l->t, ref.bytenr, ref.length, ref.ino, ref.start, err);
}

static int look_at(struct leak *l, const struct fsr_item *item, struct fsr_error *err)
{
	uint32_t at = EXTENT_ITEM_SIZE;

	if (item->key.type == KEY_EXTENT_DATA_REF && item->key.objectid == l->bytenr &&
		item->size == DATA_REF_SIZE)
		return free_leak(l, item->data, err);
	if (item->key.type != KEY_EXTENT_ITEM || item->size < at)
		return 0;
	l->bytenr = item->key.objectid;
	l->length = item->key.offset;
	if (at + 9 <= item->size && item->data[at] == KEY_EXTENT_OWNER_REF)
		at += 9;
	if (at + 1 + DATA_REF_SIZE > item->size || item->data[at] != KEY_EXTENT_DATA_REF)
		return 0;
	return free_leak(l, item->data + at + 1, err);
}

/*
 * A file that should have extents and has none, or other ones: somewhere in the extent tree there may be
 * extents that are said to be its. This reads the whole extent tree of the last commit, but it is rare.
 */
static int free_leaks(struct trans *t, uint64_t ino, struct fsr_error *err)
{
	struct leak leak = {.t = t, .ino = ino};
	struct fsr_item item;
	struct cursor c;
	int ret;

	cursor_init(&c, t->volume, &t->fs->extent_root);
	for (ret = cursor_seek(&c, &(struct fsr_key){0, 0, 0}, err); ret >= 0 && ret != CURSOR_END;
		ret = cursor_next(&c, err)) {
		int failed = 0;

		if (ret == CURSOR_ITEM) {
			cursor_item(&c, &item);
			failed = look_at(&leak, &item, err);
		}
		if (failed) {
			ret = failed;
			break;
		}
	}
	cursor_free(&c);
	return ret < 0 ? ret : 0;
}

int inode_drop_extents(struct trans *t, uint64_t ino, struct fsr_error *err)
{
	const struct cache_inode *inode = find_inode(t->fs, ino);
	size_t n, nheld = 0;
	const struct cache_file_extent *e = find_extents(t->fs, ino, &n);

	for (size_t i = 0; i < n; i++) {
		const struct fsr_key key = {ino, KEY_EXTENT_DATA, e[i].item.file_offset};
		struct path path;
		struct ref ref;
		bool held = false;
		int ret = find_held(t, &e[i], &ref, &held, err);

		if (!ret)
			ret = inode_go_to(t, &key, FILE_EXTENT_INLINE_DATA, &path, err);
		if (!ret)
			ret = tree_delete(t, &t->roots, &path, err);
		if (!ret && held)
			ret = refs_drop_data(t, ref.bytenr, ref.length, ino, ref.start, err);
		if (ret)
			return ret;
		nheld += held;
	}
	return nheld < n || (!n && inode && inode->size) ? free_leaks(t, ino, err) : 0;
}
