/* SPDX-License-Identifier: MIT */
/* What the scan of the extent tree and the free space tree say about a block group, in sentences. */
#include "report.h"

#include <inttypes.h>

void report_scan(struct judge *j)
{
	const struct extent_scan *scan = &j->scan;
	uint64_t bg = j->group->bytenr;
	struct fsr_finding f;

	if (scan->hidden) {
		finding_init(&f, FSR_FINDING_GROUP_UNREADABLE, bg,
			j->fs->has_extent_root
				? "extent tree block %" PRIu64
				  " can't be read: what is free here is not known"
				: "the extent tree can't be found: what is free here is not known",
			scan->hidden_block);
		if (j->fs->has_extent_root)
			finding_number(&f, "bytenr", scan->hidden_block);
		findings_add(&j->findings, &f);
		return;
	}
	if (j->group->has_item && scan->used != j->group->used)
		report_number(j, FSR_FINDING_GROUP_USED, FSR_SEVERITY_ERROR, "used of the block group item",
			j->group->used, scan->used);
	if (scan->overlaps)
		report_at(j, FSR_FINDING_GROUP_OVERLAP, FSR_SEVERITY_ERROR, scan->overlap_at,
			"extents overlap");
	if (scan->outside)
		report_at(j, FSR_FINDING_GROUP_OUTSIDE, FSR_SEVERITY_ERROR, scan->outside_at,
			"an extent over the end of the block group begins");
	if (scan->strays)
		report_at(j, FSR_FINDING_EXTENT_STRAY, FSR_SEVERITY_ERROR, scan->stray_at,
			"an extent in no block group begins");
}

/* How bad a wrong free space tree is: Linux rebuilds one that is not marked valid. */
static enum fsr_severity v2_most(const struct judge *j)
{
	const struct fsr_filesystem *fs = &j->fs->volume->fs;

	return fs->compat_ro_flags & COMPAT_RO_FREE_SPACE_TREE_VALID ? FSR_SEVERITY_DANGER
								     : FSR_SEVERITY_WARNING;
}

static bool report_v2_items(struct judge *j, enum fsr_severity most)
{
	const struct fst_stream *s = &j->fst;
	bool bitmaps = s->flags & FREE_SPACE_INFO_USING_BITMAPS;
	size_t before = j->findings.count;
	struct fsr_finding f;

	if (!s->has_info) {
		finding_init(&f, FSR_FINDING_FST_INFO, j->group->bytenr,
			s->bad_info ? "FREE_SPACE_INFO covers %" PRIu64 " bytes in an item of %u"
				    : "no FREE_SPACE_INFO item (%" PRIu64 ", %u)",
			s->info_length, s->info_size);
		report_add(j, &f, most);
	} else if (bitmaps && s->extent_items) {
		finding_init(&f, FSR_FINDING_FST_CRASH_FLAGS, j->group->bytenr,
			"FREE_SPACE_INFO has flags %" PRIu32 ", but there are %" PRIu64 " extent and %" PRIu64
			" bitmap items",
			s->flags, s->extent_items, s->bitmap_items);
		finding_number(&f, "flags", s->flags);
		report_add(j, &f, most);
	} else if (s->counted != s->extent_count) {
		report_number(j, FSR_FINDING_FST_COUNT, most, "the free space tree's extent count",
			s->extent_count, s->counted);
	}
	if (s->bad_item) {
		finding_init(&f, FSR_FINDING_FST_ITEM, j->group->bytenr,
			"the item (%" PRIu64 " %u %" PRIu64
			") is out of bounds, out of order or of a wrong size",
			s->bad_key.objectid, s->bad_key.type, s->bad_key.offset);
		finding_number(&f, "objectid", s->bad_key.objectid);
		report_add(j, &f, most);
	}
	return j->findings.count == before;
}

void report_free_space_tree(struct judge *j, struct fsr_group *record)
{
	struct fsr_free_space_tree_facts *facts = &record->free_space_tree;
	enum fsr_severity most = v2_most(j);
	struct fsr_finding f;

	record->has_free_space_tree = true;
	*facts = (struct fsr_free_space_tree_facts){
		.extent_count = j->fst.extent_count, .flags = j->fst.flags};
	if (j->fst.hidden) {
		report_at(j, FSR_FINDING_FST_UNREADABLE, most, j->fst.hidden_block,
			"a free space tree block that can't be read");
		return;
	}
	facts->valid = report_v2_items(j, most);
	if (j->scan.hidden)
		return;
	facts->relation = compare_relation(&j->v2);
	facts->excess_bytes = j->v2.excess_bytes;
	facts->missing_bytes = j->v2.missing_bytes;
	if (facts->relation == FSR_RELATION_EQUAL)
		return;
	finding_init(&f, facts->excess_bytes ? FSR_FINDING_FST_EXCESS : FSR_FINDING_FST_SHORT,
		j->group->bytenr,
		"free space tree: %" PRIu64 " bytes that are in use are free in it, %" PRIu64
		" free bytes are not in it",
		facts->excess_bytes, facts->missing_bytes);
	finding_number(&f, "excess_bytes", facts->excess_bytes);
	finding_number(&f, "missing_bytes", facts->missing_bytes);
	report_add(j, &f, most);
}
