/* SPDX-License-Identifier: MIT */
/*
 * After fsync and a crash, log trees hold blocks that no extent item speaks of (F-B6): caches list
 * them as free, and rightly so. They are named, so that nobody takes that space for unused.
 */
#include "../format/error.h"
#include "space.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define LOG_LEAVES_MAX 65536u

struct log_scan {
	struct fsr_fs *fs;
	uint64_t *blocks; /* as met: children before what follows them */
	size_t count;
	size_t leaves; /* and holes, come to so far */
	bool cut, hidden;
	uint64_t hidden_block;
};

static int add_block(struct log_scan *s, uint64_t bytenr)
{
	uint64_t *grown;

	grown = array_grow(s->blocks, s->count, sizeof *grown);
	if (!grown)
		return FSR_E_NOMEM;
	s->blocks = grown;
	s->blocks[s->count++] = bytenr;
	return 0;
}

/* Adds the blocks that the cursor has come to since `seen`. */
static int add_path(struct log_scan *s, const struct cursor *c, uint64_t seen[MAX_LEVEL])
{
	for (unsigned level = 0; level <= c->root.level && level < MAX_LEVEL; level++) {
		if (c->bytenr[level] == seen[level] || !c->bytenr[level])
			continue;
		seen[level] = c->bytenr[level];
		if (add_block(s, c->bytenr[level]))
			return FSR_E_NOMEM;
	}
	return 0;
}

static int scan_root(struct log_scan *s, const struct tree_root *root, bool top, struct fsr_error *err);

/* A log root tree's items are the roots of the subvolumes' log trees. */
static int scan_children(struct log_scan *s, const struct cursor *c, struct fsr_error *err)
{
	const uint8_t *leaf = cursor_leaf(c);
	int ret = 0;

	for (uint32_t i = 0; i < block_nritems(leaf) && ret >= 0 && !s->cut; i++) {
		const uint8_t *item = leaf_item(leaf, i), *data = leaf_item_data(leaf, i);
		struct tree_root root = {.owner = TREE_LOG_OBJECTID};

		if (item[8] != KEY_ROOT_ITEM || leaf_item_size(leaf, i) < ROOT_ITEM_LEGACY_SIZE)
			continue;
		root.bytenr = get64(data + ROOT_BYTENR);
		root.generation = get64(data + ROOT_GENERATION);
		root.level = data[ROOT_LEVEL];
		if (root.level < MAX_LEVEL)
			ret = scan_root(s, &root, false, err);
	}
	return ret;
}

static int scan_root(struct log_scan *s, const struct tree_root *root, bool top, struct fsr_error *err)
{
	uint64_t seen[MAX_LEVEL] = {0};
	struct cursor c;
	int ret;

	cursor_init(&c, s->fs->volume, root);
	ret = cursor_seek(&c, &(struct fsr_key){0, 0, 0}, err);
	while (ret == CURSOR_ITEM || ret == CURSOR_HOLE) {
		/* any number of root items may share a tree */
		s->cut = s->cut || ++s->leaves > LOG_LEAVES_MAX;
		if (s->cut)
			break;
		if (ret == CURSOR_HOLE) {
			s->hidden = true;
			s->hidden_block = c.hole_bytenr;
		} else if (add_path(s, &c, seen)) {
			ret = fsr_fail_nomem(err);
			break;
		} else if (top && (ret = scan_children(s, &c, err)) < 0) {
			break;
		}
		ret = cursor_next_leaf(&c, err);
	}
	cursor_free(&c);
	return ret < 0 ? ret : 0;
}

static void describe(const struct log_scan *s, struct fsr_finding *f)
{
	static const char *const names[] = {"block_1", "block_2", "block_3", "block_4", "block_5", "block_6"};
	char list[160] = "";
	size_t n = s->count < 6 ? s->count : 6, length = 0;

	for (size_t i = 0; i < n && length < sizeof list; i++)
		length += (size_t)snprintf(
			list + length, sizeof list - length, "%s%" PRIu64, i ? ", " : "", s->blocks[i]);
	finding_init(f, FSR_FINDING_LOG_TREE, FSR_NO_BYTENR,
		"a log tree of %s%zu blocks is present, in space that counts as free: %s%s",
		s->cut ? "at least " : "", s->count, list, s->count > n ? ", ..." : "");
	finding_number(f, "log_root", s->fs->volume->fs.log_root);
	finding_number(f, "blocks", s->count);
	for (size_t i = 0; i < n; i++)
		finding_number(f, names[i], s->blocks[i]);
}

int report_log_tree(struct fsr_fs *fs, struct fsr_error *err)
{
	struct log_scan scan = {.fs = fs};
	struct tree_root root;
	struct fsr_finding f;
	int ret;

	if (!fs->volume->fs.log_root)
		return 0;
	tree_root_of_super(fs->volume, TREE_LOG_OBJECTID, &root);
	ret = scan_root(&scan, &root, true, err);
	describe(&scan, &f);
	findings_add(&fs->volume->findings, &f);
	if (scan.hidden) {
		finding_init(&f, FSR_FINDING_LOG_UNREADABLE, FSR_NO_BYTENR,
			"log tree block %" PRIu64 " can't be read: Linux does not mount", scan.hidden_block);
		finding_number(&f, "bytenr", scan.hidden_block);
		findings_add(&fs->volume->findings, &f);
	}
	free(scan.blocks);
	return ret;
}
