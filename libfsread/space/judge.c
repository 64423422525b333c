/* SPDX-License-Identifier: MIT */
#include "judge.h"
#include "../format/error.h"

/* Versions below which a kernel may oops on entries that need more pages than there are (F-A7). */
static const char *const overrun_kernels[] = {
	"<5.10.265", "<5.15.216", "<6.1.183", "<6.6.148", "<6.12.101", "<6.18.42", "<7.1.6", NULL};
static const char *const size_kernels[] = {"6.1", "6.12", NULL};
static const char *const flags_kernels[] = {"6.1", "6.12", "6.18", NULL};

void judge_init(struct judge *j, struct fsr_fs *fs)
{
	*j = (struct judge){.fs = fs};
	cursor_init(&j->extents, fs->volume, &fs->extent_root);
	cursor_init(&j->free_space, fs->volume, &fs->free_space_root);
	findings_init(&j->findings);
}

void judge_free(struct judge *j)
{
	cursor_free(&j->extents);
	cursor_free(&j->free_space);
	page_set_free(&j->pages);
	page_set_free(&j->other);
	content_free(&j->content);
	content_free(&j->other_content);
	range_stream_free(&j->ranges);
	findings_free(&j->findings);
}

static void fill_cache_facts(const struct judge *j, struct fsr_group *record)
{
	const struct copy_judgement *copy = &j->copy[j->read];
	struct fsr_cache_facts *facts = &record->cache;

	record->has_cache = true;
	*facts = (struct fsr_cache_facts){
		.inode = j->header->location.objectid,
		.generation = j->header->generation,
		.entries = j->header->entries,
		.bitmaps = j->header->bitmaps,
		.has_page_generation = copy->walk.has_page_generation,
		.page_generation = copy->walk.page_generation,
		.declared_bytes = copy->declared_bytes,
		.has_ranges = copy->relation != FSR_RELATION_NULL,
		.ranges_bytes = copy->ranges_bytes,
		.format = copy->format,
	};
	if (j->inode) {
		int64_t pages = page_count(j->inode->size, j->fs->volume->fs.sectorsize);

		facts->has_inode_generation = true;
		facts->inode_generation = j->inode->generation;
		facts->pages = pages > 0 ? (uint64_t)pages : 0;
	}
	record->relation = copy->relation;
	record->excess_bytes = copy->excess_bytes;
	record->missing_bytes = copy->missing_bytes;
}

static void fill_copies(const struct judge *j, struct fsr_group *record)
{
	uint64_t bytenr;

	if (j->ncopies < 2 || !page_bytenr(j->fs, j->inode->ino, 0, &bytenr))
		return;
	record->ncopies = j->ncopies;
	for (unsigned i = 0; i < j->ncopies; i++) {
		struct fsr_physical where = {0};
		uint64_t length;

		volume_map(j->fs->volume, bytenr, i, &where, &length, NULL);
		record->copies[i] =
			(struct fsr_copy_verdict){where.devid, j->copy[i].verdict, j->copy[i].step};
	}
}

/* Linux loads the free space tree of this block group into a null dereference (F-A7). */
static void decide_tree_crash(const struct judge *j, struct fsr_group *record)
{
	for (size_t i = 0; i < j->findings.count; i++) {
		if (j->findings.list[i].code != FSR_FINDING_FST_CRASH_FLAGS)
			continue;
		record->crash_kernels = flags_kernels;
		if (j->findings.list[i].severity != FSR_SEVERITY_DANGER)
			continue; /* not marked valid: Linux rebuilds it instead */
		record->verdict = FSR_VERDICT_CRASHES;
		record->step = 0;
		record->reason = FSR_FINDING_FST_CRASH_FLAGS;
		record->state = FSR_STATE_ERROR;
	}
}

static void fill_kernels(const struct judge *j, struct fsr_group *record)
{
	const struct copy_judgement *copy = &j->copy[j->read];

	if (copy->reason == FSR_FINDING_CACHE_OVERRUN)
		record->crash_kernels = overrun_kernels;
	else if (copy->verdict == FSR_VERDICT_CRASHES)
		record->crash_kernels = size_kernels;
	decide_tree_crash(j, record);
}

static void fill_facts(const struct judge *j, size_t i, struct fsr_group *record)
{
	const struct group_facts *g = j->group;

	*record = (struct fsr_group){
		.index = i,
		.bytenr = g->bytenr,
		.length = g->length,
		.flags = g->flags,
		.has_item = g->has_item,
		.used = g->used,
		.excluded_bytes = g->excluded_bytes,
	};
}

static void begin(struct judge *j, size_t i)
{
	j->group = &j->fs->groups[i];
	j->header = find_header(j->fs, j->group->bytenr);
	j->inode = NULL;
	j->header_hole = NULL;
	j->findings.count = 0;
	j->ndifferences = 0;
	j->scanned = false;
}

static void finish(struct judge *j, struct fsr_group *record)
{
	fill_kernels(j, record);
	findings_sort_by_severity(&j->findings);
	record->findings = j->findings.list;
	record->nfindings = j->findings.count;
}

int judge_group(struct judge *j, size_t i, struct fsr_group *record, struct fsr_error *err)
{
	int ret;

	begin(j, i);
	ret = judge_cache(j, err);
	if (ret)
		return ret;
	fill_facts(j, i, record);
	if (j->header)
		fill_cache_facts(j, record);
	record->has_recomputed = !j->scan.hidden;
	record->recomputed_free_bytes = j->scan.free_bytes;
	record->recomputed_ranges = j->scan.free_ranges;
	record->recomputed_largest = j->scan.largest;
	decide_state(j, record);
	if (j->header)
		fill_copies(j, record);
	page_copies_report(j);
	report_scan(j);
	if (j->fs->has_free_space_root)
		report_free_space_tree(j, record);
	finish(j, record);
	return 0;
}

static bool differs(enum fsr_relation relation)
{
	return relation != FSR_RELATION_EQUAL && relation != FSR_RELATION_NULL;
}

int judge_differences(struct judge *j, const struct fsr_group *record, difference_fn v1, difference_fn v2,
	void *arg, struct fsr_error *err)
{
	struct fsr_group again;

	j->v1_fn = differs(record->relation) ? v1 : NULL;
	j->v2_fn = differs(record->free_space_tree.relation) ? v2 : NULL;
	j->fn_arg = arg;
	j->fn_copy = j->read;
	return j->v1_fn || j->v2_fn || j->used.fn ? judge_group(j, record->index, &again, err) : 0;
}

/* Whether more than the root tree has a say. Of an old format the pages tell which one it is. */
static bool is_pending(const struct judge *j, bool pages)
{
	const int step = j->copy[0].step;

	if (step == 10 || (pages && (!step || step == 6)))
		return true;
	/* a free space tree that Linux loads may crash it */
	return j->fs->has_free_space_root &&
	       j->fs->volume->fs.compat_ro_flags & COMPAT_RO_FREE_SPACE_TREE_VALID;
}

void outline_group(struct judge *j, size_t i, struct fsr_group *record)
{
	bool pages;

	begin(j, i);
	pages = judge_root_items(j);
	pick_copies(j);
	j->scan = (struct extent_scan){.hidden = !j->fs->has_extent_root};
	fill_facts(j, i, record);
	if (j->header)
		fill_cache_facts(j, record);
	record->pending = is_pending(j, pages);
	if (record->pending) {
		record->state = FSR_STATE_UNKNOWN;
		record->verdict = record->verdict_if_trusted = FSR_VERDICT_UNKNOWN;
		return;
	}
	decide_state(j, record);
	if (j->scan.hidden)
		report_scan(j);
	finish(j, record);
}
