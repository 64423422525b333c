/* SPDX-License-Identifier: MIT */
#include "extents.h"
#include "../format/error.h"

#include <inttypes.h>
#include <stdlib.h>

/* How many addresses without an extent are passed over to find one: hostile trees hold any number. */
#define HOLDER_JUMPS 256u

struct scanner {
	const struct fsr_fs *fs;
	const struct group_facts *group;
	struct extent_scan *scan;
	struct compare *v1, *v2;
	uint64_t end; /* of the block group */
	uint64_t at;  /* everything below is dealt with */
	struct super_stripe *stripes;
	size_t nstripes, stripe;
};

static void free_without_stripes(struct scanner *s, uint64_t start, uint64_t end)
{
	s->scan->free_ranges++;
	s->scan->free_bytes += end - start;
	if (end - start > s->scan->largest)
		s->scan->largest = end - start;
	if (s->v1)
		compare_free_range(s->v1, start, end);
}

/* A free range of the extent tree, cut at super stripes. */
static void add_free(struct scanner *s, uint64_t start, uint64_t end)
{
	if (s->v2)
		compare_free_range(s->v2, start, end);
	while (s->stripe < s->nstripes && s->stripes[s->stripe].start < end) {
		const struct super_stripe *stripe = &s->stripes[s->stripe];

		if (stripe->end > start) {
			if (stripe->start > start)
				free_without_stripes(s, start, stripe->start);
			if (stripe->end >= end)
				return;
			start = stripe->end;
		}
		s->stripe++;
	}
	if (start < end)
		free_without_stripes(s, start, end);
}

static void add_stray(struct scanner *s, uint64_t at)
{
	if (!s->scan->strays++)
		s->scan->stray_at = at;
}

static void add_extent(struct scanner *s, uint64_t start, uint64_t length)
{
	struct extent_scan *scan = s->scan;
	uint64_t end = start + length;

	if (start < s->group->bytenr || start >= s->end) {
		add_stray(s, start);
		return;
	}
	scan->extents++;
	scan->used += length;
	if (end > s->end || end < start) {
		if (!scan->outside++) {
			scan->outside_at = start;
			scan->outside_end = end;
		}
		end = s->end;
	}
	if (start > s->at) {
		add_free(s, s->at, start);
	} else if (start < s->at && !scan->overlaps++) {
		scan->overlap_at = start;
		scan->overlap_end = s->at;
	}
	if (end > s->at)
		s->at = end;
}

static void check_group_item(struct scanner *s, const uint8_t *item)
{
	uint64_t start = get64(item);
	struct fsr_finding f;

	if (find_group(s->fs, start))
		return;
	finding_init(&f, FSR_FINDING_GROUP_CHUNK, start,
		"block group item %" PRIu64 "+%" PRIu64 " has no chunk: Linux does not mount", start,
		get64(item + 9));
	findings_add(&s->fs->volume->findings, &f);
}

/* Goes through the rest of the leaf under the cursor; false when the block group's keys are used up. */
static bool scan_leaf(struct scanner *s, const struct cursor *c)
{
	const uint8_t *leaf = cursor_leaf(c);
	uint32_t n = block_nritems(leaf), nodesize = s->fs->volume->fs.nodesize;
	uint64_t to = s->group->scan_to;

	for (uint32_t i = c->slot[0]; i < n; i++) {
		const uint8_t *item = leaf_item(leaf, i);
		uint64_t objectid = get64(item);

		if (objectid >= to)
			return false;
		if (item[8] == KEY_METADATA_ITEM)
			add_extent(s, objectid, nodesize);
		else if (item[8] == KEY_EXTENT_ITEM)
			add_extent(s, objectid, get64(item + 9));
		else if (item[8] == KEY_BLOCK_GROUP_ITEM)
			check_group_item(s, item);
	}
	return true;
}

static int scan_keys(struct scanner *s, struct cursor *c, struct fsr_error *err)
{
	struct fsr_key key = {s->group->scan_from, 0, 0};
	int ret = cursor_seek(c, &key, err);

	while (ret == CURSOR_ITEM || ret == CURSOR_HOLE) {
		if (ret == CURSOR_HOLE) {
			if (c->hole_from.objectid >= s->group->scan_to)
				break;
			s->scan->hidden = true;
			s->scan->hidden_block = c->hole_bytenr;
			ret = cursor_next(c, err);
			continue;
		}
		if (!scan_leaf(s, c))
			break;
		ret = cursor_next_leaf(c, err);
	}
	return ret < 0 ? ret : 0;
}

int scan_extents(const struct fsr_fs *fs, const struct group_facts *group, struct cursor *c,
	struct compare *v1, struct compare *v2, struct extent_scan *scan, struct fsr_error *err)
{
	const struct chunk *chunk = volume_find_chunk(fs->volume, group->bytenr);
	struct super_stripe few[64];
	struct scanner s = {
		.fs = fs,
		.group = group,
		.scan = scan,
		.v1 = v1,
		.v2 = v2,
		.at = group->bytenr,
		.end = group->bytenr + group->length,
		.stripes = few,
	};
	int ret;

	*scan = (struct extent_scan){0};
	s.nstripes = chunk_super_stripes(chunk, few, 64);
	if (s.nstripes > 64) {
		s.stripes = calloc(s.nstripes, sizeof *s.stripes);
		if (!s.stripes)
			return fsr_fail_nomem(err);
		s.nstripes = chunk_super_stripes(chunk, s.stripes, s.nstripes);
	}
	ret = scan_keys(&s, c, err);
	if (!ret && s.at < s.end)
		add_free(&s, s.at, s.end);
	if (v1)
		compare_finish(v1);
	if (v2)
		compare_finish(v2);
	if (s.stripes != few)
		free(s.stripes);
	return ret;
}

/* The first reference of an extent item, inline or none: who holds the extent. */
static void fill_reference(const struct fsr_item *item, uint32_t at, struct fsr_holder *holder)
{
	const uint8_t *p = item->data + at;

	if (at + 9 <= item->size && p[0] == KEY_EXTENT_OWNER_REF) { /* simple quota's, stands first */
		at += 9;
		p += 9;
	}
	if (at + 9 > item->size)
		return;
	if (p[0] == KEY_EXTENT_DATA_REF && at + 29 <= item->size) {
		holder->root = get64(p + 1);
		holder->objectid = get64(p + 9);
		holder->offset = get64(p + 17);
	} else if (p[0] == KEY_TREE_BLOCK_REF) {
		holder->root = get64(p + 1);
	}
}

static void fill_holder(const struct fsr_fs *fs, const struct fsr_item *item, struct fsr_holder *holder)
{
	uint32_t at = EXTENT_ITEM_SIZE;

	*holder = (struct fsr_holder){.present = true, .bytenr = item->key.objectid};
	holder->length = item->key.type == KEY_EXTENT_ITEM ? item->key.offset : fs->volume->fs.nodesize;
	if (item->size < EXTENT_ITEM_SIZE)
		return;
	holder->generation = get64(item->data + EXTENT_GENERATION);
	holder->tree_block = get64(item->data + EXTENT_FLAGS) & EXTENT_FLAG_TREE_BLOCK;
	if (holder->tree_block && item->key.type == KEY_EXTENT_ITEM)
		at += TREE_BLOCK_INFO_SIZE;
	if (holder->tree_block)
		holder->offset = item->key.type == KEY_METADATA_ITEM ? item->key.offset
				 : item->size >= at                  ? item->data[at - 1]
								     : 0;
	fill_reference(item, at, holder);
}

static bool is_extent(const struct fsr_item *item)
{
	return item->key.type == KEY_EXTENT_ITEM || item->key.type == KEY_METADATA_ITEM;
}

/* To the last extent that begins at or below bytenr. What else stands there, references above all, is jumped.
 */
static int seek_extent_back(struct cursor *c, uint64_t bytenr, struct fsr_item *item, struct fsr_error *err)
{
	for (unsigned i = 0; i < HOLDER_JUMPS; i++) {
		struct fsr_key key = {bytenr, KEY_METADATA_ITEM, UINT64_MAX};
		int ret = cursor_seek_back(c, &key, err);

		if (ret != CURSOR_ITEM)
			return ret;
		cursor_item(c, item);
		if (is_extent(item))
			return CURSOR_ITEM;
		if (item->key.objectid < bytenr)
			bytenr = item->key.objectid;
		else if (!bytenr--)
			break;
	}
	return CURSOR_END;
}

/* To the first extent that begins at or behind bytenr. */
static int seek_extent(struct cursor *c, uint64_t bytenr, struct fsr_item *item, struct fsr_error *err)
{
	struct fsr_key key = {bytenr, KEY_EXTENT_ITEM, 0};

	for (unsigned i = 0; i < HOLDER_JUMPS; i++) {
		int ret = cursor_seek(c, &key, err);

		if (ret != CURSOR_ITEM)
			return ret;
		cursor_item(c, item);
		if (is_extent(item))
			return CURSOR_ITEM;
		key.objectid = item->key.objectid;
		if (item->key.type > KEY_METADATA_ITEM && !++key.objectid)
			break;
	}
	return CURSOR_END;
}

int find_holder(const struct fsr_fs *fs, struct cursor *c, uint64_t bytenr, uint64_t end,
	struct fsr_holder *holder, struct fsr_error *err)
{
	struct fsr_item item;
	int ret = seek_extent_back(c, bytenr, &item, err);

	if (ret == CURSOR_ITEM) {
		fill_holder(fs, &item, holder);
		if (bytenr - holder->bytenr < holder->length)
			return CURSOR_ITEM;
	}
	if (ret >= 0)
		ret = seek_extent(c, bytenr, &item, err);
	if (ret == CURSOR_ITEM && item.key.objectid < end) {
		fill_holder(fs, &item, holder);
		return CURSOR_ITEM;
	}
	return ret < 0 ? ret : CURSOR_END;
}
