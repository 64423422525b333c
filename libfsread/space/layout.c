/* SPDX-License-Identifier: MIT */
/* What a copy of a cache lists, side by side with what the extent tree says is free. */
#include "../format/error.h"
#include "judge.h"

static bool ranges_next(void *source, uint64_t *start, uint64_t *end)
{
	return range_stream_next(source, start, end);
}

static int check_streams(struct judge *j, struct fsr_error *err)
{
	return j->ranges.failed || j->fst.error ? fsr_fail_nomem(err) : 0;
}

/* Without an extent tree only the free space tree's items can be looked at. */
static int drain_free_space_tree(struct judge *j, struct fsr_error *err)
{
	uint64_t start, end;

	fst_stream_init(&j->fst, j->fs, j->group, &j->free_space);
	while (fst_stream_next(&j->fst, &start, &end))
		;
	return check_streams(j, err);
}

/* One pass over the block group's extents with the content (NULL: none) beside it. */
static int scan_beside(struct judge *j, const struct content *content, struct compare *v1, difference_fn fn,
	struct fsr_error *err)
{
	bool with_v2 = j->fs->has_free_space_root && !j->scanned;
	const struct used_sink *used = j->used.fn && !j->scanned ? &j->used : NULL;
	int ret;

	j->scanned = true;
	if (!j->fs->has_extent_root) {
		j->scan = (struct extent_scan){.hidden = true};
		return with_v2 ? drain_free_space_tree(j, err) : 0;
	}
	if (content) {
		range_stream_init(&j->ranges, content, j->fs->volume->fs.sectorsize);
		compare_init(v1, ranges_next, &j->ranges, fn, j->fn_arg);
	}
	if (with_v2) {
		fst_stream_init(&j->fst, j->fs, j->group, &j->free_space);
		compare_init(&j->v2, fst_stream_next, &j->fst, j->v2_fn, j->fn_arg);
	}
	ret = scan_extents(j->fs, j->group, &j->extents, content ? v1 : NULL, with_v2 ? &j->v2 : NULL, used,
		&j->scan, err);
	return ret ? ret : check_streams(j, err);
}

int scan_group(struct judge *j, struct fsr_error *err)
{
	struct compare unused;

	return j->scanned ? 0 : scan_beside(j, NULL, &unused, NULL, err);
}

/* What there is to say of the ranges without an extent tree: step 21 depends on it. */
static int look_at_ranges(struct judge *j, const struct content *content, struct fsr_error *err)
{
	uint64_t start, end;

	range_stream_init(&j->ranges, content, j->fs->volume->fs.sectorsize);
	while (range_stream_next(&j->ranges, &start, &end))
		;
	return check_streams(j, err);
}

static int compare_content(
	struct judge *j, const struct content *content, struct copy_judgement *copy, struct fsr_error *err)
{
	struct compare v1;
	int ret = scan_beside(j, content, &v1, copy == &j->copy[j->fn_copy] ? j->v1_fn : NULL, err);

	if (!ret && !j->fs->has_extent_root)
		ret = look_at_ranges(j, content, err);
	if (ret)
		return ret;
	copy->faults.overlap = j->ranges.overlap;
	copy->faults.overlap_at = j->ranges.overlap_at;
	if (j->scan.hidden)
		return 0;
	copy->relation = compare_relation(&v1);
	copy->excess_bytes = v1.excess_bytes;
	copy->missing_bytes = v1.missing_bytes;
	copy->ranges_bytes = j->ranges.total;
	return 0;
}

/* A layout that is wrong may be right in another byte order: words of 8 or 4 bytes (F-A14). */
static int try_endianness(
	struct judge *j, struct content *content, struct copy_judgement *copy, struct fsr_error *err)
{
	static const unsigned orders[] = {8, 4};
	struct compare v1;
	int ret = 0;

	if (!content->bitmaps || copy->relation == FSR_RELATION_EQUAL || copy->relation == FSR_RELATION_NULL)
		return 0;
	for (unsigned i = 0; i < 2 && !ret && !copy->endian; i++) {
		content->swap = orders[i];
		ret = scan_beside(j, content, &v1, NULL, err);
		if (!ret && compare_relation(&v1) == FSR_RELATION_EQUAL)
			copy->endian = orders[i];
	}
	content->swap = 0;
	return ret;
}

int judge_content(
	struct judge *j, struct content *content, struct copy_judgement *copy, struct fsr_error *err)
{
	const struct group_facts *group = j->group;
	int ret;

	copy->declared_bytes = content->sum;
	copy->bitmaps = content->bitmaps;
	find_content_faults(
		content, group->bytenr, group->length, j->fs->volume->fs.sectorsize, &copy->faults);
	if (!copy->walk.complete)
		return 0;
	ret = compare_content(j, content, copy, err);
	return ret ? ret : try_endianness(j, content, copy, err);
}
