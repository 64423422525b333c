/* SPDX-License-Identifier: MIT */
/* What Linux opens and reads at a read-only mount, in its order, beyond superblocks and chunks (D5). */
#include "mount.h"

#include "../format/error.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define QGROUP_STATUS_VERSION UINT64_C(1)

void mount_report(struct mount *m, enum fsr_finding_code code, const char *name, uint64_t number,
	const char *format, ...)
{
	struct fsr_finding f;
	char text[sizeof f.message];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	finding_init(&f, code, FSR_NO_BYTENR, "%s", text);
	if (name)
		finding_number(&f, name, number);
	findings_add(&m->volume->findings, &f);
}

static int at_item(struct cursor *c, struct fsr_item *item)
{
	cursor_item(c, item);
	return MOUNT_GOES_ON;
}

int mount_find(struct cursor *c, const struct fsr_key *key, struct fsr_item *item, struct fsr_error *err)
{
	int ret = cursor_seek_back(c, key, err);
	struct fsr_key found;

	if (ret < 0)
		return ret;
	if (ret == CURSOR_HOLE)
		return MOUNT_FAILS;
	if (ret == CURSOR_END)
		return MOUNT_ABSENT;
	found = get_key(leaf_item(cursor_leaf(c), c->slot[0]));
	return key_cmp(&found, key) ? MOUNT_ABSENT : at_item(c, item);
}

int mount_find_last(struct cursor *c, const struct fsr_key *key, struct fsr_item *item, struct fsr_error *err)
{
	int ret = cursor_seek_back(c, key, err);

	if (ret < 0)
		return ret;
	if (ret == CURSOR_HOLE)
		return MOUNT_FAILS;
	if (ret == CURSOR_END)
		return MOUNT_ABSENT;
	at_item(c, item);
	return item->key.objectid == key->objectid && item->key.type == key->type ? MOUNT_GOES_ON
										  : MOUNT_ABSENT;
}

int mount_pass(struct cursor *c, uint64_t objectid, uint8_t type, uint64_t offset, struct fsr_error *err)
{
	const struct fsr_key key = {objectid, type, offset};
	struct fsr_item item;
	int ret = mount_find(c, &key, &item, err);

	return ret == MOUNT_ABSENT ? MOUNT_GOES_ON : ret;
}

static int open_uuid_tree(struct mount *m, struct fsr_error *err)
{
	const struct fsr_key key = {UUID_TREE_OBJECTID, KEY_ROOT_ITEM, 0};
	struct mount_root root;
	int ret = mount_open(m, &key, FSR_SEVERITY_ERROR, &root, err);

	return ret == MOUNT_ABSENT ? MOUNT_GOES_ON : ret;
}

/*
 * With quotas on Linux reads the whole quota tree, whatever it says; a hole is the cursor's finding. It
 * stops at a status item of a version that it does not know, and mounts. Where the tree can't be opened
 * it mounts without quotas.
 */
static int read_quota_tree(struct mount *m, struct fsr_error *err)
{
	const struct fsr_key key = {QUOTA_TREE_OBJECTID, KEY_ROOT_ITEM, 0}, first = {0, 0, 0};
	struct mount_root root;
	struct fsr_item item;
	struct cursor c;
	int ret = mount_open(m, &key, FSR_SEVERITY_WARNING, &root, err);

	if (ret)
		return ret < 0 ? ret : MOUNT_GOES_ON;
	cursor_init(&c, m->volume, &root.place);
	for (ret = cursor_seek(&c, &first, err); ret == CURSOR_ITEM; ret = cursor_next(&c, err)) {
		cursor_item(&c, &item);
		if (item.key.type == KEY_QGROUP_STATUS && item.size >= 8 &&
			get64(item.data) != QGROUP_STATUS_VERSION)
			break;
	}
	cursor_free(&c);
	return ret < 0 ? ret : MOUNT_GOES_ON;
}

int mount_inode(struct cursor *c, uint64_t ino, uint32_t *mode, struct fsr_error *err)
{
	const struct fsr_key key = {ino, KEY_INODE_ITEM, 0};
	struct fsr_item item;
	int ret = mount_find(c, &key, &item, err);

	if (!ret)
		*mode = get32(item.data + INODE_MODE);
	return ret;
}

static int check_top_directory(struct mount *m, const struct tree_root *fs_tree, struct fsr_error *err)
{
	struct cursor c;
	uint32_t mode = 0;
	int ret;

	cursor_init(&c, m->volume, fs_tree);
	ret = mount_inode(&c, FIRST_FREE_OBJECTID, &mode, err);
	cursor_free(&c);
	if (ret == MOUNT_ABSENT)
		mount_report(m, FSR_FINDING_MOUNT_LOOKUP, "inode", FIRST_FREE_OBJECTID,
			"the top-level directory, inode %" PRIu64 " of tree %" PRIu64 ", is missing",
			FIRST_FREE_OBJECTID, FS_TREE_OBJECTID);
	else if (!ret && !S_ISDIR(mode))
		mount_report(m, FSR_FINDING_MOUNT_LOOKUP, "mode", mode,
			"the top-level directory, inode %" PRIu64 " of tree %" PRIu64
			", has mode 0%o, not a directory's",
			FIRST_FREE_OBJECTID, FS_TREE_OBJECTID, mode);
	return ret < 0 ? ret : MOUNT_GOES_ON;
}

static int check_files(struct mount *m, struct fsr_error *err)
{
	struct mount_root fs_tree;
	int ret = mount_open_subvolume(m, FS_TREE_OBJECTID, &fs_tree, err);

	if (ret)
		return ret;
	ret = check_top_directory(m, &fs_tree.place, err);
	/* The names that lead to the default subvolume may have been replaced in a dump. */
	return ret || m->volume->logical ? ret : mount_check_default(m, err);
}

/* Every part is looked at, although Linux stops at the first that fails. */
static int check_all(struct mount *m, struct fsr_error *err)
{
	struct mount_root dev_tree;
	int ret = mount_pass_highest(m, &m->roots.root, err);

	if (ret)
		return ret;
	ret = mount_open_needed(m, &dev_tree, err);
	if (!ret)
		ret = mount_check_devices(m, &dev_tree.place, err);
	if (ret >= 0)
		ret = open_uuid_tree(m, err);
	if (ret >= 0)
		ret = mount_pass(&m->roots, BALANCE_OBJECTID, KEY_TEMPORARY_ITEM, 0, err);
	if (ret >= 0)
		ret = read_quota_tree(m, err);
	return ret < 0 ? ret : check_files(m, err);
}

int mount_check(struct volume *volume, struct fsr_error *err)
{
	struct mount m = {.volume = volume, .block = malloc(volume->fs.nodesize)};
	struct tree_root root_tree;
	int ret;

	if (!m.block)
		return fsr_fail_nomem(err);
	tree_root_of_super(volume, ROOT_TREE_OBJECTID, &root_tree);
	cursor_init(&m.roots, volume, &root_tree);
	ret = check_all(&m, err);
	cursor_free(&m.roots);
	free(m.block);
	return ret < 0 ? ret : 0;
}
