/* SPDX-License-Identifier: MIT */
/*
 * All copies of every tree block. Whoever reads a tree is content with one that is good; a commit that is
 * there must be there in all of them.
 */
#include "crash.h"

#include "../../libfsread/format/btrfs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct looking {
	FILE *out;
	struct fsr_fs *fs;
	uint8_t *first, *other;
	uint64_t blocks;
};

static bool is_tree_block(const struct fsr_item *item)
{
	if (item->key.type == KEY_METADATA_ITEM)
		return true;
	return item->key.type == KEY_EXTENT_ITEM && item->size >= 24 &&
	       get64(item->data + EXTENT_FLAGS) & EXTENT_FLAG_TREE_BLOCK;
}

/* Copy 0, and whether copy `copy` is the same. */
static bool copy_equals(struct looking *l, uint64_t bytenr, unsigned copy)
{
	struct volume *volume = l->fs->volume;
	uint32_t nodesize = volume->fs.nodesize;
	struct fsr_error err;

	return !volume_read(volume, bytenr, nodesize, 0, l->first, &err) &&
	       !volume_read(volume, bytenr, nodesize, copy, l->other, &err) &&
	       memcmp(l->first, l->other, nodesize) == 0;
}

static int look_at_item(void *arg, const struct fsr_item *item)
{
	struct looking *l = arg;
	uint64_t bytenr = item->key.objectid;
	const struct chunk *chunk;

	if (!is_tree_block(item))
		return 0;
	l->blocks++;
	chunk = volume_find_chunk(l->fs->volume, bytenr);
	if (!chunk)
		fprintf(l->out, "tree block %" PRIu64 " lies in no chunk\n", bytenr);
	for (unsigned copy = 1; chunk && copy < chunk_copies(chunk); copy++)
		if (!copy_equals(l, bytenr, copy))
			fprintf(l->out, "copy %u of tree block %" PRIu64 " differs\n", copy, bytenr);
	return 0;
}

void blocks_write(FILE *out, struct fsr_fs *fs)
{
	struct looking l = {.out = out, .fs = fs};
	struct fsr_error err;
	int ret;

	l.first = must_alloc(fs->volume->fs.nodesize, 1);
	l.other = must_alloc(fs->volume->fs.nodesize, 1);
	ret = fsr_tree_walk(fs, "extent", look_at_item, &l, &err);
	fprintf(out, "copies of %" PRIu64 " tree blocks, answer %d\n", l.blocks, ret);
	free(l.first);
	free(l.other);
}
