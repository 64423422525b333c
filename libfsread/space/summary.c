/* SPDX-License-Identifier: MIT */
/* Findings about the whole filesystem, once the trees have been collected. */
#include "summary.h"

#include <inttypes.h>

static void report_orphan_headers(struct fsr_fs *fs)
{
	struct fsr_finding f;

	for (size_t i = 0; i < fs->nheaders; i++) {
		const struct cache_header *h = &fs->headers[i];

		if (find_group(fs, h->group))
			continue;
		finding_init(&f, FSR_FINDING_CACHE_ORPHAN_HEADER, FSR_NO_BYTENR,
			"a header for block group %" PRIu64 ", which does not exist (inode %" PRIu64 ")",
			h->group, h->location.objectid);
		finding_number(&f, "bytenr", h->group);
		finding_number(&f, "inode", h->location.objectid);
		findings_add(&fs->volume->findings, &f);
	}
}

static void report_orphan_inodes(struct fsr_fs *fs)
{
	struct fsr_finding f;

	/* subvolumes have root items; whatever has an inode item in the root tree is a cache (F-A2) */
	for (size_t i = 0; i < fs->ninodes; i++) {
		const struct cache_inode *inode = &fs->inodes[i];

		if (inode->headers || inode->ino < FIRST_FREE_OBJECTID || inode->ino > LAST_FREE_OBJECTID)
			continue;
		finding_init(&f, FSR_FINDING_CACHE_ORPHAN_INODE, FSR_NO_BYTENR,
			"cache inode %" PRIu64 " of %" PRIu64 " bytes is named by no header", inode->ino,
			inode->size);
		finding_number(&f, "inode", inode->ino);
		finding_number(&f, "size", inode->size);
		findings_add(&fs->volume->findings, &f);
	}
}

/* super.bytes_used is the sum of all block group items (F-B2). */
static void report_bytes_used(struct fsr_fs *fs)
{
	struct fsr_finding f;
	uint64_t sum = 0;

	for (size_t i = 0; i < fs->ngroups; i++) {
		if (!fs->groups[i].has_item)
			return;
		sum += fs->groups[i].used;
	}
	if (sum == fs->volume->fs.bytes_used)
		return;
	finding_init(&f, FSR_FINDING_SUPER_BYTES_USED, FSR_NO_BYTENR,
		"bytes_used of the superblock is %" PRIu64 ", the block groups' used add up to %" PRIu64,
		fs->volume->fs.bytes_used, sum);
	finding_number(&f, "bytes_used", fs->volume->fs.bytes_used);
	finding_number(&f, "sum", sum);
	findings_add(&fs->volume->findings, &f);
}

static bool inside_group(const struct fsr_fs *fs, uint64_t bytenr)
{
	size_t i = volume_chunk_index(fs->volume, bytenr);

	return i < fs->volume->nchunks && fs->volume->chunks[i].start <= bytenr;
}

/* Free space tree items that no block group's scan comes across. */
static int report_stray_items(struct fsr_fs *fs, struct fsr_error *err)
{
	struct cursor c;
	struct fsr_key at = {0, 0, 0};
	struct fsr_finding f;
	struct fsr_item item;
	int ret;

	if (!fs->has_free_space_root)
		return 0;
	cursor_init(&c, fs->volume, &fs->free_space_root);
	while ((ret = cursor_seek(&c, &at, err)) == CURSOR_ITEM || ret == CURSOR_HOLE) {
		size_t i;

		if (ret == CURSOR_ITEM)
			cursor_item(&c, &item);
		else if (c.hole_to_end)
			break;
		else
			item.key = c.hole_to;
		i = volume_chunk_index(fs->volume, item.key.objectid);
		if (ret == CURSOR_ITEM && !inside_group(fs, item.key.objectid)) {
			finding_init(&f, FSR_FINDING_FST_STRAY, FSR_NO_BYTENR,
				"free space tree item (%" PRIu64 " %u %" PRIu64 ") lies in no block group",
				item.key.objectid, item.key.type, item.key.offset);
			finding_number(&f, "objectid", item.key.objectid);
			findings_add(&fs->volume->findings, &f);
		}
		if (i == fs->volume->nchunks)
			break;
		/* on behind the block group; one stray item in each gap is enough */
		at = (struct fsr_key){fs->volume->chunks[i].start, 0, 0};
		if (item.key.objectid >= at.objectid)
			at.objectid += fs->volume->chunks[i].length;
	}
	cursor_free(&c);
	return ret < 0 ? ret : 0;
}

static void report_invalid_tree(struct fsr_fs *fs)
{
	struct fsr_finding f;

	if (!fs->has_free_space_root || fs->volume->fs.compat_ro_flags & COMPAT_RO_FREE_SPACE_TREE_VALID)
		return;
	finding_init(&f, FSR_FINDING_FST_INVALID, FSR_NO_BYTENR,
		"the free space tree is not marked valid: Linux rebuilds it at the next read-write mount");
	finding_number(&f, "compat_ro_flags", fs->volume->fs.compat_ro_flags);
	findings_add(&fs->volume->findings, &f);
}

int summarise(struct fsr_fs *fs, struct fsr_error *err)
{
	int ret;

	report_orphan_headers(fs);
	report_orphan_inodes(fs);
	report_bytes_used(fs);
	report_invalid_tree(fs);
	ret = report_stray_items(fs, err);
	return ret ? ret : report_log_tree(fs, err);
}
