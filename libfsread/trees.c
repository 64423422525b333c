/* SPDX-License-Identifier: MIT */
/* Which trees there are, by name or number, and the way to an item of one. */
#include "format/error.h"
#include "space/space.h"

#include <errno.h>
#include <stdlib.h>

static const struct {
	const char *name;
	uint64_t objectid;
} tree_names[] = {
	{"root", ROOT_TREE_OBJECTID},
	{"extent", EXTENT_TREE_OBJECTID},
	{"chunk", CHUNK_TREE_OBJECTID},
	{"dev", DEV_TREE_OBJECTID},
	{"fs", FS_TREE_OBJECTID},
	{"csum", CSUM_TREE_OBJECTID},
	{"quota", QUOTA_TREE_OBJECTID},
	{"uuid", UUID_TREE_OBJECTID},
	{"free-space", FREE_SPACE_TREE_OBJECTID},
	{"block-group", BLOCK_GROUP_TREE_OBJECTID},
	{"log", TREE_LOG_OBJECTID},
	{"data-reloc", DATA_RELOC_TREE_OBJECTID},
};

static int parse_tree(const char *name, uint64_t *objectid, struct fsr_error *err)
{
	char *end;

	for (size_t i = 0; i < sizeof tree_names / sizeof *tree_names; i++) {
		if (!strcmp(name, tree_names[i].name)) {
			*objectid = tree_names[i].objectid;
			return 0;
		}
	}
	errno = 0;
	*objectid = strtoull(name, &end, !strncasecmp(name, "0x", 2) ? 16 : 10);
	if (errno || end == name || *end || *name < '0' || *name > '9')
		return fsr_fail(err, FSR_E_INVALID, 0, FSR_NO_BYTENR,
			"no tree is called '%s': root, extent, chunk, dev, fs, csum, quota, uuid, "
			"free-space, "
			"block-group, log, data-reloc, or a number",
			name);
	return 0;
}

static struct fsr_tree tree_at(const struct tree_root *root)
{
	return (struct fsr_tree){root->owner, root->bytenr, root->generation, root->level};
}

int fsr_tree_find(struct fsr_fs *fs, const char *name, struct fsr_tree *tree, struct fsr_error *err)
{
	struct tree_root root;
	uint64_t objectid;
	int ret = parse_tree(name, &objectid, err);

	if (!ret)
		ret = tree_find_root(fs->volume, objectid, &root, err);
	if (!ret)
		*tree = tree_at(&root);
	return ret;
}

/* ---- all of them */

struct tree_list {
	const struct fsr_fs *fs;
	fsr_tree_fn fn;
	void *arg;
	struct fsr_error *err;
	bool have; /* `newest` is not given out yet */
	struct fsr_tree newest;
};

static int give(const struct tree_list *list, const struct fsr_tree *tree)
{
	if (!list->fn(list->arg, tree))
		return 0;
	return fsr_fail(list->err, FSR_E_STOPPED, 0, FSR_NO_BYTENR, "stopped");
}

static int give_of_super(const struct tree_list *list, uint64_t objectid)
{
	struct tree_root root;
	struct fsr_tree tree;

	tree_root_of_super(list->fs->volume, objectid, &root);
	tree = tree_at(&root);
	return give(list, &tree);
}

static int give_newest(struct tree_list *list)
{
	bool have = list->have;

	list->have = false;
	return have ? give(list, &list->newest) : 0;
}

/* Of a subvolume's root items the last one counts: it is given out when another tree's comes. */
static int take_item(struct tree_list *list, const struct fsr_item *item)
{
	uint64_t objectid = item->key.objectid;
	struct tree_root root;
	int ret = 0;

	if (item->key.type != KEY_ROOT_ITEM || tree_is_in_super(objectid) ||
		(objectid < FIRST_FREE_OBJECTID && item->key.offset))
		return 0;
	if (list->newest.objectid != objectid)
		ret = give_newest(list);
	list->have = !tree_decode_root(list->fs->volume, item, &root, NULL);
	if (list->have)
		list->newest = tree_at(&root);
	return ret;
}

static int give_root_items(struct tree_list *list)
{
	struct tree_root root;
	struct fsr_item item;
	struct cursor c;
	int ret, stopped = 0;

	tree_root_of_super(list->fs->volume, ROOT_TREE_OBJECTID, &root);
	cursor_init(&c, list->fs->volume, &root);
	ret = cursor_seek(&c, &(struct fsr_key){0, 0, 0}, list->err);
	while (!stopped && (ret == CURSOR_ITEM || ret == CURSOR_HOLE)) {
		if (ret == CURSOR_ITEM) {
			cursor_item(&c, &item);
			stopped = take_item(list, &item);
		}
		ret = cursor_next(&c, list->err);
	}
	cursor_free(&c);
	if (stopped || ret < 0)
		return stopped ? stopped : ret;
	return give_newest(list);
}

int fsr_trees(struct fsr_fs *fs, fsr_tree_fn fn, void *arg, struct fsr_error *err)
{
	struct fsr_error ignored = {0};
	struct tree_list list = {.fs = fs, .fn = fn, .arg = arg, .err = err ? err : &ignored};
	int ret = give_of_super(&list, ROOT_TREE_OBJECTID);

	if (!ret)
		ret = give_of_super(&list, CHUNK_TREE_OBJECTID);
	if (!ret && fs->volume->fs.log_root)
		ret = give_of_super(&list, TREE_LOG_OBJECTID);
	return ret ? ret : give_root_items(&list);
}

/* ---- the way to an item */

static void take_path(const struct cursor *c, struct fsr_path *path)
{
	*path = (struct fsr_path){0};
	for (unsigned level = 0; level <= c->root.level; level++) {
		path->bytenr[level] = c->bytenr[level];
		path->slot[level] = c->slot[level];
	}
}

/* The cursor's answer as a call's: what a damaged block hides can't be told, *err says which it is. */
static int answer_of(int ret, const struct fsr_error *err)
{
	return ret == CURSOR_HOLE ? err->code : ret;
}

int fsr_tree_seek(struct fsr_fs *fs, const struct fsr_tree *tree, const struct fsr_key *key,
	struct fsr_path *path, struct fsr_error *err)
{
	const struct tree_root root = {tree->bytenr, tree->generation, tree->objectid, tree->level};
	const struct fsr_key last = {UINT64_MAX, UINT8_MAX, UINT64_MAX};
	struct fsr_error ignored;
	struct cursor c;
	int ret, back = 0;

	if (!err)
		err = &ignored;
	cursor_init(&c, fs->volume, &root);
	ret = answer_of(cursor_seek(&c, key, err), err);
	if (ret == CURSOR_END)
		back = answer_of(cursor_seek_back(&c, &last, err), err); /* of an empty leaf the end too */
	if (ret >= 0 && back >= 0)
		take_path(&c, path);
	cursor_free(&c);
	return back < 0 ? back : ret;
}
