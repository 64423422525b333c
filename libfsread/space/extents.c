/* SPDX-License-Identifier: MIT */
#include "extents.h"
#include "../format/error.h"

#include <inttypes.h>
#include <stdlib.h>

struct scanner {
	const struct fsr_fs *fs;
	const struct group_facts *group;
	struct extent_scan *scan;
	struct compare *v1, *v2;
	const struct used_sink *used;
	uint64_t used_from; /* where the last free range ended */
	uint64_t end;       /* of the block group */
	uint64_t at;        /* everything below is dealt with */
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

/* What lies between two free ranges, or behind the last one. */
static void give_used(const struct scanner *s, uint64_t end)
{
	if (s->used && s->used_from < end)
		s->used->fn(s->used->arg, s->used_from, end);
}

/* A free range of the extent tree, cut at super stripes. */
static void add_free(struct scanner *s, uint64_t start, uint64_t end)
{
	give_used(s, start);
	s->used_from = end;
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
	struct compare *v1, struct compare *v2, const struct used_sink *used, struct extent_scan *scan,
	struct fsr_error *err)
{
	const struct chunk *chunk = volume_find_chunk(fs->volume, group->bytenr);
	struct super_stripe few[64];
	struct scanner s = {
		.fs = fs,
		.group = group,
		.scan = scan,
		.v1 = v1,
		.v2 = v2,
		.used = used,
		.used_from = group->bytenr,
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
	if (!ret)
		give_used(&s, s.end);
	if (v1)
		compare_finish(v1);
	if (v2)
		compare_finish(v2);
	if (s.stripes != few)
		free(s.stripes);
	return ret;
}
