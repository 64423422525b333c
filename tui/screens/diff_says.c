/* SPDX-License-Identifier: MIT */
/* What says that a range is free: an entry of the cache, or an item of the free space tree. */
#include "diff.h"
#include "map_entry.h"
#include "tree_path.h"

#include <string.h>

/* ---- v1 */

static void look_up(const struct fsr_cache *cache, uint32_t sectorsize, struct diff_row *row)
{
	struct says *says = &row->says;
	size_t entry;

	says->kind = SAYS_NOTHING;
	if (!map_entry_listing(cache, sectorsize, row->range.bytenr, &entry, &says->page, &says->byte))
		return;
	says->kind = SAYS_ENTRY;
	says->number = entry;
}

static void fill_from_cache(
	struct fsr_fs *fs, uint64_t group, uint32_t sectorsize, struct diff_row *rows, size_t n)
{
	struct fsr_cache *cache;

	if (fsr_cache_open(fs, group, &cache, NULL))
		return;
	for (size_t i = 0; i < n; i++)
		if (rows[i].range.excess && !rows[i].range.free_space_tree)
			look_up(cache, sectorsize, &rows[i]);
	fsr_cache_free(cache);
}

/* ---- v2 */

/* The item of the free space tree that is last at or before an address lies in *path. */
static bool seek_before(
	struct fsr_fs *fs, const struct fsr_tree *tree, uint64_t address, struct tree_path *path)
{
	struct fsr_key key = {address + 1, 0, 0};
	struct fsr_error err;
	int ret = path_to_key(fs, path, tree, &key, &err);

	if (ret)
		return ret == 1; /* none behind it: the last item is the one */
	if (path->way.slot[0]) {
		path->way.slot[0]--;
		return true;
	}
	path->way.slot[0] = UINT32_MAX;
	return path_step(fs, path, 0, -1, &err) == 0;
}

static void look_up_item(struct fsr_fs *fs, const struct fsr_tree *tree, struct diff_row *row)
{
	struct tree_path path;
	struct fsr_block *leaf;
	struct fsr_item item;
	unsigned slot;

	row->says.kind = SAYS_UNKNOWN;
	if (!seek_before(fs, tree, row->range.bytenr, &path) ||
		fsr_block_open(fs, path.way.bytenr[0], FSR_ANY_COPY, &leaf, NULL))
		return;
	slot = path.way.slot[0] < leaf->nritems ? path.way.slot[0] : leaf->nritems - 1;
	if (fsr_block_item(leaf, slot, &item) && row->range.bytenr - item.key.objectid < item.key.offset)
		row->says = (struct says){.kind = SAYS_ITEM, .number = leaf->bytenr, .slot = slot};
	fsr_block_free(leaf);
}

static void fill_from_tree(struct fsr_fs *fs, struct diff_row *rows, size_t n)
{
	struct fsr_tree tree;

	if (fsr_tree_find(fs, "free-space", &tree, NULL))
		return;
	for (size_t i = 0; i < n; i++)
		if (rows[i].range.excess && rows[i].range.free_space_tree)
			look_up_item(fs, &tree, &rows[i]);
}

void says_fill(struct fsr_fs *fs, uint64_t group, uint32_t sectorsize, struct diff_row *rows, size_t n)
{
	bool v1 = false, v2 = false;

	for (size_t i = 0; i < n; i++) {
		v1 |= rows[i].range.excess && !rows[i].range.free_space_tree;
		v2 |= rows[i].range.excess && rows[i].range.free_space_tree;
	}
	if (v1)
		fill_from_cache(fs, group, sectorsize, rows, n);
	if (v2)
		fill_from_tree(fs, rows, n);
}
