/* SPDX-License-Identifier: MIT */
/* The block groups: one per chunk, with what its block group item says. */
#include "../format/error.h"
#include "space.h"

#include <inttypes.h>
#include <stdlib.h>

bool group_eligible(const struct fsr_fs *fs, uint64_t length)
{
	uint64_t sector = fs->volume->fs.sectorsize;
	uint64_t quanta = length / (256 * MIB);

	if (length < CACHE_MIN_GROUP)
		return false;
	/* page 0 must hold a crc slot for each of 16 pages a quantum, and the generation (F-A9) */
	return (quanta ? quanta : 1) * 16 <= (sector - 8) / 4;
}

static void report_chunk_mismatch(
	struct fsr_fs *fs, const struct chunk *chunk, uint64_t length, uint64_t flags)
{
	struct fsr_finding f;

	finding_init(&f, FSR_FINDING_GROUP_CHUNK, chunk->start,
		"block group item %" PRIu64 "+%" PRIu64 " with flags 0x%" PRIx64
		" does not match its chunk %" PRIu64 "+%" PRIu64 " with type 0x%" PRIx64,
		chunk->start, length, flags, chunk->start, chunk->length, chunk->type);
	finding_number(&f, "item_length", length);
	finding_number(&f, "item_flags", flags);
	finding_number(&f, "chunk_length", chunk->length);
	finding_number(&f, "chunk_type", chunk->type);
	findings_add(&fs->volume->findings, &f);
}

static void report_missing_item(struct fsr_fs *fs, const struct chunk *chunk)
{
	struct fsr_finding f;

	finding_init(&f, FSR_FINDING_GROUP_ITEM_MISSING, chunk->start,
		"chunk %" PRIu64 "+%" PRIu64 " has no block group item", chunk->start, chunk->length);
	finding_number(&f, "chunk_length", chunk->length);
	findings_add(&fs->volume->findings, &f);
}

/* Takes the block group item that belongs to the chunk, if the cursor stands on it. */
static void take_item(
	struct fsr_fs *fs, const struct chunk *chunk, const struct fsr_item *item, struct group_facts *group)
{
	uint64_t flags;

	if (item->size < BLOCK_GROUP_ITEM_SIZE)
		return;
	flags = get64(item->data + BLOCK_GROUP_FLAGS);
	group->has_item = true;
	group->used = get64(item->data + BLOCK_GROUP_USED);
	if (item->key.offset != chunk->length || flags != chunk->type)
		report_chunk_mismatch(fs, chunk, item->key.offset, flags);
}

static int fill_group(struct fsr_fs *fs, struct cursor *c, size_t i, struct fsr_error *err)
{
	const struct volume *volume = fs->volume;
	const struct chunk *chunk = &volume->chunks[i];
	struct group_facts *group = &fs->groups[i];
	struct fsr_key key = {chunk->start, KEY_BLOCK_GROUP_ITEM, 0};
	struct fsr_item item;
	int ret;

	*group = (struct group_facts){
		.bytenr = chunk->start,
		.length = chunk->length,
		.flags = chunk->type,
		.scan_from = i ? chunk->start : 0,
		.scan_to = i + 1 < volume->nchunks ? chunk[1].start : UINT64_MAX,
		.excluded_bytes = chunk_bytes_super(chunk),
	};
	if (!fs->has_extent_root)
		return 0;
	ret = cursor_seek(c, &key, err);
	if (ret < 0 || ret == CURSOR_HOLE)
		return ret < 0 ? ret : 0;
	if (ret == CURSOR_ITEM) {
		cursor_item(c, &item);
		if (item.key.objectid == chunk->start && item.key.type == KEY_BLOCK_GROUP_ITEM)
			take_item(fs, chunk, &item, group);
	}
	if (!group->has_item)
		report_missing_item(fs, chunk);
	return 0;
}

/* With a block group tree, items without a chunk show only there; the extent tree's show in the scan. */
static int check_stray_items(struct fsr_fs *fs, struct cursor *c, struct fsr_error *err)
{
	struct fsr_item item;
	struct fsr_finding f;
	int ret = cursor_seek(c, &(struct fsr_key){0, 0, 0}, err);

	for (; ret >= 0 && ret != CURSOR_END; ret = cursor_next(c, err)) {
		if (ret == CURSOR_HOLE)
			continue;
		cursor_item(c, &item);
		if (item.key.type != KEY_BLOCK_GROUP_ITEM || find_group(fs, item.key.objectid))
			continue;
		finding_init(&f, FSR_FINDING_GROUP_CHUNK, item.key.objectid,
			"block group item %" PRIu64 "+%" PRIu64 " has no chunk", item.key.objectid,
			item.key.offset);
		findings_add(&fs->volume->findings, &f);
	}
	return ret < 0 ? ret : 0;
}

int collect_groups(struct fsr_fs *fs, struct fsr_error *err)
{
	bool own_tree = fs->volume->fs.compat_ro_flags & COMPAT_RO_BLOCK_GROUP_TREE;
	struct cursor c;
	int ret = 0;

	fs->groups = calloc(fs->volume->nchunks + 1, sizeof *fs->groups);
	if (!fs->groups)
		return fsr_fail_nomem(err);
	fs->ngroups = fs->volume->nchunks;
	cursor_init(&c, fs->volume, own_tree ? &fs->block_group_root : &fs->extent_root);
	for (size_t i = 0; i < fs->ngroups && !ret; i++)
		ret = fill_group(fs, &c, i, err);
	if (!ret && own_tree && fs->has_extent_root)
		ret = check_stray_items(fs, &c, err);
	cursor_free(&c);
	return ret;
}

const struct group_facts *find_group(const struct fsr_fs *fs, uint64_t bytenr)
{
	size_t low = 0, high = fs->ngroups;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (fs->groups[middle].bytenr < bytenr)
			low = middle + 1;
		else
			high = middle;
	}
	return low < fs->ngroups && fs->groups[low].bytenr == bytenr ? &fs->groups[low] : NULL;
}
