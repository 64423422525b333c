/* SPDX-License-Identifier: MIT */
/* Opening trees as a mount does: root items, root blocks, and what Linux looks up beside them. */
#include "mount.h"

#include "../format/error.h"

#include <inttypes.h>

static const char *tree_name(uint64_t objectid)
{
	const char *name = fsr_objectid_name(objectid);

	return name ? name : "a subvolume";
}

static int read_root_block(
	struct mount *m, const struct tree_root *root, enum fsr_severity severity, struct fsr_error *err)
{
	const struct block_want want = {.bytenr = root->bytenr,
		.generation = root->generation,
		.owner = root->owner,
		.level = root->level};
	struct fsr_finding f;
	struct fsr_error why;
	int ret = tree_read_block(m->volume, &want, m->block, &why);

	if (ret == FSR_E_NOMEM)
		return fsr_fail_nomem(err);
	if (!ret)
		return MOUNT_GOES_ON;
	finding_init(&f, FSR_FINDING_ROOT_BAD, FSR_NO_BYTENR,
		"the root of tree %" PRId64 " (%s) can't be read: %s", (int64_t)root->owner,
		tree_name(root->owner), why.text);
	f.severity = severity;
	finding_number(&f, "tree", root->owner);
	finding_number(&f, "bytenr", root->bytenr);
	findings_add(&m->volume->findings, &f);
	return MOUNT_FAILS;
}

/* Linux searches for this key to land behind lower ones, and takes its presence for a bug of its own. */
static int report_crash(struct mount *m, const struct fsr_key *key)
{
	mount_report(m, FSR_FINDING_ROOT_BAD, "objectid", key->objectid,
		"there is an item with the key (%" PRIu64 " %u %" PRIu64 "): Linux crashes on it",
		key->objectid, key->type, key->offset);
	return MOUNT_FAILS;
}

/* The item is of a verified leaf, so it is as long as an old root item at least. */
static void decode_root(const struct fsr_item *item, struct mount_root *root)
{
	root->place = (struct tree_root){.bytenr = get64(item->data + ROOT_BYTENR),
		.generation = get64(item->data + ROOT_GENERATION),
		.owner = item->key.objectid,
		.level = item->data[ROOT_LEVEL]};
	root->top_inode = get64(item->data + ROOT_DIRID);
	root->refs = get32(item->data + ROOT_REFS);
}

int mount_open(struct mount *m, const struct fsr_key *key, enum fsr_severity severity,
	struct mount_root *root, struct fsr_error *err)
{
	struct fsr_item item;
	int ret = key->offset == UINT64_MAX ? mount_find_last(&m->roots, key, &item, err)
					    : mount_find(&m->roots, key, &item, err);

	if (ret)
		return ret;
	if (item.key.offset == UINT64_MAX)
		return report_crash(m, &item.key);
	decode_root(&item, root);
	return read_root_block(m, &root->place, severity, err);
}

static int report_no_root(struct mount *m, uint64_t objectid)
{
	mount_report(m, FSR_FINDING_ROOT_BAD, "tree", objectid, "tree %" PRId64 " (%s) has no root item",
		(int64_t)objectid, tree_name(objectid));
	return MOUNT_FAILS;
}

static int open_needed(struct mount *m, uint64_t objectid, struct mount_root *root, struct fsr_error *err)
{
	const struct fsr_key key = {objectid, KEY_ROOT_ITEM, 0};
	int ret = mount_open(m, &key, FSR_SEVERITY_ERROR, root, err);

	return ret == MOUNT_ABSENT ? report_no_root(m, objectid) : ret;
}

int mount_pass_highest(struct mount *m, const struct tree_root *root, struct fsr_error *err)
{
	const struct fsr_key key = {LAST_FREE_OBJECTID, UINT8_MAX, UINT64_MAX};
	struct fsr_item item;
	struct cursor c;
	int ret;

	cursor_init(&c, m->volume, root);
	ret = mount_find(&c, &key, &item, err);
	cursor_free(&c);
	if (ret == MOUNT_ABSENT)
		return MOUNT_GOES_ON;
	return ret ? ret : report_crash(m, &key);
}

int mount_open_subvolume(struct mount *m, uint64_t objectid, struct mount_root *root, struct fsr_error *err)
{
	const struct fsr_key newest = {objectid, KEY_ROOT_ITEM, UINT64_MAX};
	int ret = mount_open(m, &newest, FSR_SEVERITY_ERROR, root, err);

	if (ret == MOUNT_ABSENT)
		return report_no_root(m, objectid);
	if (ret)
		return ret;
	if (!root->refs) {
		mount_report(m, FSR_FINDING_ROOT_BAD, "tree", objectid,
			"tree %" PRId64 " (%s): its root item counts 0 references, at least 1 is needed",
			(int64_t)objectid, tree_name(objectid));
		return MOUNT_FAILS;
	}
	ret = mount_pass_highest(m, &root->place, err);
	return ret ? ret : mount_pass(&m->roots, ORPHAN_OBJECTID, KEY_ORPHAN_ITEM, objectid, err);
}

/* ---- the trees of every mount */

static int open_one_global(struct mount *m, const struct fsr_item *item, struct fsr_error *err)
{
	struct mount_root root;

	if (item->key.type == KEY_ROOT_ITEM && item->key.offset == UINT64_MAX)
		return report_crash(m, &item->key);
	if (item->key.type == KEY_ROOT_ITEM) {
		decode_root(item, &root);
		return read_root_block(m, &root.place, FSR_SEVERITY_ERROR, err);
	}
	mount_report(m, FSR_FINDING_ROOT_BAD, "tree", item->key.objectid,
		"tree %" PRId64 " (%s) has an item of type %u among its root items",
		(int64_t)item->key.objectid, tree_name(item->key.objectid), item->key.type);
	return MOUNT_FAILS;
}

/*
 * Trees that could be there several times, told apart by the key's offset (a format that was never
 * finished): Linux opens all that there are and uses number 0. What follows under their number must be
 * root items, too.
 */
static int open_global(struct mount *m, uint64_t objectid, struct fsr_error *err)
{
	const struct fsr_key first = {objectid, KEY_ROOT_ITEM, 0};
	struct fsr_item item;
	bool has_first = false;
	int ret = cursor_seek(&m->roots, &first, err), bad = MOUNT_GOES_ON;

	for (; ret == CURSOR_ITEM && bad >= 0; ret = cursor_next(&m->roots, err)) {
		cursor_item(&m->roots, &item);
		if (item.key.objectid != objectid)
			break;
		has_first = has_first || !key_cmp(&item.key, &first);
		bad = open_one_global(m, &item, err);
	}
	if (ret < 0 || bad < 0)
		return ret < 0 ? ret : bad;
	if (ret == CURSOR_HOLE)
		return MOUNT_FAILS;
	return has_first ? bad : report_no_root(m, objectid);
}

int mount_open_needed(struct mount *m, struct mount_root *dev_tree, struct fsr_error *err)
{
	uint64_t flags = m->volume->fs.compat_ro_flags;
	struct mount_root root;
	int ret = open_global(m, EXTENT_TREE_OBJECTID, err);

	if (ret >= 0)
		ret = open_global(m, CSUM_TREE_OBJECTID, err);
	if (ret >= 0 && flags & COMPAT_RO_FREE_SPACE_TREE)
		ret = open_global(m, FREE_SPACE_TREE_OBJECTID, err);
	if (ret >= 0 && flags & COMPAT_RO_BLOCK_GROUP_TREE)
		ret = open_needed(m, BLOCK_GROUP_TREE_OBJECTID, &root, err);
	if (ret >= 0)
		ret = mount_open_subvolume(m, DATA_RELOC_TREE_OBJECTID, &root, err);
	return ret < 0 ? ret : open_needed(m, DEV_TREE_OBJECTID, dev_tree, err);
}
