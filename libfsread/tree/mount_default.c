/* SPDX-License-Identifier: MIT */
/*
 * The default subvolume. Linux takes its number from the entry "default", makes a path out of it by
 * walking up the back references, and walks that path down again through the directory entries.
 */
#include "mount.h"

#include "../format/crc32c.h"

#include <inttypes.h>
#include <sys/stat.h>

#define PATH_ROOM 4096u

/* A path that grows at its front, as it is found from the end. Ends with 0. */
struct path {
	char text[PATH_ROOM];
	unsigned start;
};

/* A directory within a subvolume. */
struct place {
	uint64_t subvolume, directory;
};

static int fails(struct mount *m, uint64_t subvolume, const char *why)
{
	mount_report(m, FSR_FINDING_MOUNT_LOOKUP, "subvolume", subvolume,
		"the default subvolume %" PRIu64 " %s", subvolume, why);
	return MOUNT_FAILS;
}

/* ---- up: from the subvolume's number to its path */

static bool prepend(struct path *path, const uint8_t *name, unsigned length)
{
	if (path->start < length + 1)
		return false;
	path->start -= length;
	memcpy(path->text + path->start, name, length);
	path->text[--path->start] = '/';
	return true;
}

/* One step up: the name under which (objectid, type, newest offset) hangs in what *offset names. */
static int prepend_reference(struct cursor *c, uint64_t objectid, uint8_t type, struct path *path,
	struct fsr_item *item, struct fsr_error *err)
{
	const struct fsr_key last = {objectid, type, UINT64_MAX};
	uint32_t header = type == KEY_ROOT_BACKREF ? ROOT_REF_SIZE : INODE_REF_SIZE;
	uint32_t length_at = type == KEY_ROOT_BACKREF ? ROOT_REF_NAME_LENGTH : INODE_REF_NAME_LENGTH;
	int ret = mount_find_last(c, &last, item, err);

	if (ret)
		return ret;
	/* block_check() has seen to it that the name lies within the item. */
	return prepend(path, item->data + header, get16(item->data + length_at)) ? MOUNT_GOES_ON
										 : MOUNT_ABSENT;
}

static int climb_directories(
	struct mount *m, const struct place *from, struct path *path, struct fsr_error *err)
{
	struct mount_root root;
	struct fsr_item item;
	struct cursor c;
	uint64_t directory = from->directory;
	int ret = mount_open_subvolume(m, from->subvolume, &root, err);

	if (ret)
		return ret;
	cursor_init(&c, m->volume, &root.place);
	while (!ret && directory != FIRST_FREE_OBJECTID) {
		ret = prepend_reference(&c, directory, KEY_INODE_REF, path, &item, err);
		if (!ret)
			directory = item.key.offset;
	}
	cursor_free(&c);
	return ret;
}

/* Ends, as every step takes a part of the path's room. */
static int climb(struct mount *m, uint64_t subvolume, struct path *path, struct fsr_error *err)
{
	while (subvolume != FS_TREE_OBJECTID) {
		struct fsr_item item;
		struct place parent;
		int ret = prepend_reference(&m->roots, subvolume, KEY_ROOT_BACKREF, path, &item, err);

		if (ret)
			return ret;
		parent = (struct place){item.key.offset, get64(item.data + ROOT_REF_DIRID)};
		ret = climb_directories(m, &parent, path, err);
		if (ret)
			return ret;
		subvolume = parent.subvolume;
	}
	return MOUNT_GOES_ON;
}

/* ---- down: along the path */

/* The entry of this name among those that share its hash. MOUNT_ABSENT: there is none. */
static int find_entry(struct cursor *c, uint64_t directory, const char *name, size_t length,
	const uint8_t **entry, struct fsr_error *err)
{
	const struct fsr_key key = {directory, KEY_DIR_ITEM, name_hash(name, length)};
	struct fsr_item item;
	int ret = mount_find(c, &key, &item, err);

	if (ret)
		return ret;
	for (uint32_t at = 0; at < item.size;) {
		const uint8_t *p = item.data + at;
		uint32_t name_length = get16(p + DIR_ITEM_NAME_LENGTH);

		*entry = p;
		if (name_length == length && !memcmp(p + DIR_ITEM_SIZE, name, length))
			return MOUNT_GOES_ON;
		at += DIR_ITEM_SIZE + name_length + get16(p + DIR_ITEM_DATA_LENGTH);
	}
	return MOUNT_ABSENT;
}

/* A subvolume is entered only by the name and the directory that its parent refers to it by. */
static int enter_subvolume(struct mount *m, struct place *at, uint64_t subvolume, const char *name,
	size_t length, struct fsr_error *err)
{
	const struct fsr_key key = {at->subvolume, KEY_ROOT_REF, subvolume};
	struct mount_root root;
	struct fsr_item item;
	int ret = mount_find(&m->roots, &key, &item, err);

	if (ret)
		return ret;
	if (get64(item.data + ROOT_REF_DIRID) != at->directory ||
		get16(item.data + ROOT_REF_NAME_LENGTH) != length ||
		memcmp(item.data + ROOT_REF_SIZE, name, length))
		return MOUNT_ABSENT;
	ret = mount_open_subvolume(m, subvolume, &root, err);
	if (!ret)
		*at = (struct place){subvolume, root.top_inode};
	return ret;
}

/* Whether *at is a directory that can be loaded. */
static int check_directory(struct mount *m, const struct place *at, struct fsr_error *err)
{
	struct mount_root root;
	struct cursor c;
	uint32_t mode = 0;
	int ret = mount_open_subvolume(m, at->subvolume, &root, err);

	if (ret)
		return ret;
	cursor_init(&c, m->volume, &root.place);
	ret = mount_inode(&c, at->directory, &mode, err);
	cursor_free(&c);
	return !ret && !S_ISDIR(mode) ? MOUNT_ABSENT : ret;
}

static int look_up(struct mount *m, const struct place *at, const char *name, size_t length,
	struct fsr_key *location, uint8_t *type, struct fsr_error *err)
{
	const uint8_t *entry = NULL;
	struct mount_root root;
	struct cursor c;
	int ret = mount_open_subvolume(m, at->subvolume, &root, err);

	if (ret)
		return ret;
	cursor_init(&c, m->volume, &root.place);
	ret = find_entry(&c, at->directory, name, length, &entry, err);
	if (!ret) {
		*location = get_key(entry + DIR_ITEM_LOCATION);
		*type = entry[DIR_ITEM_TYPE];
	}
	cursor_free(&c);
	return ret;
}

/* One name down: *at becomes what it leads to. */
static int step(struct mount *m, struct place *at, const char *name, size_t length, struct fsr_error *err)
{
	struct fsr_key location = {0, 0, 0};
	uint8_t type = FILE_TYPE_UNKNOWN;
	int ret = look_up(m, at, name, length, &location, &type, err);

	if (ret)
		return ret;
	if (location.type == KEY_ROOT_ITEM) {
		ret = enter_subvolume(m, at, location.objectid, name, length, err);
		if (ret)
			return ret;
	} else if (location.type == KEY_INODE_ITEM && type == FILE_TYPE_DIRECTORY) {
		at->directory = location.objectid;
	} else {
		return MOUNT_ABSENT;
	}
	return check_directory(m, at, err);
}

static int follow(struct mount *m, const char *path, struct place *at, struct fsr_error *err)
{
	int ret = MOUNT_GOES_ON;

	while (!ret && *path) {
		size_t length = strcspn(path, "/");

		if (length)
			ret = step(m, at, path, length, err);
		path += length + (path[length] == '/');
	}
	return ret;
}

/* ---- */

/* Without the entry Linux shows the top level. */
static int find_default(struct mount *m, uint64_t *subvolume, struct fsr_error *err)
{
	static const char name[] = "default";
	const uint8_t *entry;
	int ret = find_entry(
		&m->roots, get64(m->volume->super + SUPER_ROOT_DIR), name, sizeof name - 1, &entry, err);

	if (ret != MOUNT_GOES_ON && ret != MOUNT_ABSENT)
		return ret;
	*subvolume = ret ? FS_TREE_OBJECTID : get_key(entry + DIR_ITEM_LOCATION).objectid;
	return MOUNT_GOES_ON;
}

int mount_check_default(struct mount *m, struct fsr_error *err)
{
	struct place at = {FS_TREE_OBJECTID, FIRST_FREE_OBJECTID};
	struct path path = {.start = PATH_ROOM - 1};
	uint64_t subvolume = FS_TREE_OBJECTID;
	int ret = find_default(m, &subvolume, err);

	if (ret || subvolume == FS_TREE_OBJECTID)
		return ret;
	ret = climb(m, subvolume, &path, err);
	if (ret)
		return ret == MOUNT_ABSENT ? fails(m, subvolume, "has no path that leads to it") : ret;
	ret = follow(m, path.text + path.start, &at, err);
	if (ret)
		return ret == MOUNT_ABSENT ? fails(m, subvolume, "is not where its references say") : ret;
	if (at.subvolume != subvolume || at.directory != FIRST_FREE_OBJECTID)
		return fails(m, subvolume, "is not what its path leads to");
	return MOUNT_GOES_ON;
}
