/* SPDX-License-Identifier: MIT */
/* fsr_tree_walk(): any tree, by name or number. */
#include "format/error.h"
#include "space/space.h"

#include <errno.h>
#include <limits.h>
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

static int find_tree(struct fsr_fs *fs, const char *name, struct tree_root *root, struct fsr_error *err)
{
	uint64_t objectid;
	int ret = parse_tree(name, &objectid, err);

	if (ret)
		return ret;
	if (objectid == TREE_LOG_OBJECTID && !fs->volume->fs.log_root)
		return fsr_fail(err, FSR_E_NOT_FOUND, 0, FSR_NO_BYTENR, "there is no log tree");
	if (objectid == TREE_LOG_OBJECTID) {
		tree_root_of_super(fs->volume, objectid, root);
		return 0;
	}
	return tree_find_root(fs->volume, objectid, root, err);
}

int fsr_tree_walk(struct fsr_fs *fs, const char *name, fsr_item_fn fn, void *arg, struct fsr_error *err)
{
	struct tree_root root;
	struct fsr_error ignored;
	struct fsr_item item;
	struct cursor c;
	int ret, holes = 0;

	if (!err)
		err = &ignored;
	ret = find_tree(fs, name, &root, err);
	if (ret)
		return ret;
	cursor_init(&c, fs->volume, &root);
	ret = cursor_seek(&c, &(struct fsr_key){0, 0, 0}, err);
	while (ret == CURSOR_ITEM || ret == CURSOR_HOLE) {
		if (ret == CURSOR_HOLE) {
			holes += holes < INT_MAX;
		} else {
			cursor_item(&c, &item);
			if (fn(arg, &item)) {
				ret = fsr_fail(err, FSR_E_STOPPED, 0, FSR_NO_BYTENR, "stopped");
				break;
			}
		}
		ret = cursor_next(&c, err);
	}
	cursor_free(&c);
	return ret < 0 ? ret : holes;
}
