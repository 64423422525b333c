/* SPDX-License-Identifier: MIT */
/* The state table: from what was judged to state, verdict, severity. One place decides. */
#include "judge.h"

/* Where Linux stands before it asks for the cache: steps 1 to 3. */
enum asked {
	ASKED,
	NOT_V1,        /* step 1: the free space tree, or no cache at all, is in use */
	FULL_OR_EMPTY, /* step 2 */
	STALE,         /* step 3: cache_generation is another one */
};

static enum asked asked_for(const struct judge *j)
{
	const struct fsr_filesystem *fs = &j->fs->volume->fs;

	if (fs->space_cache != FSR_SPACE_CACHE_V1)
		return NOT_V1;
	if (j->group->has_item && (!j->group->used || j->group->used == j->group->length))
		return FULL_OR_EMPTY;
	return fs->cache_generation == fs->generation ? ASKED : STALE;
}

/* Accepted and equal, but something about it is not as it should be. */
static bool facts_wrong(const struct judge *j, const struct copy_judgement *copy)
{
	const struct cache_header *h = j->header;
	const struct cache_inode *inode = j->inode;
	size_t n;
	const struct cache_file_extent *e = find_extents(j->fs, inode->ino, &n);
	uint64_t newest = j->fs->volume->fs.generation;

	return h->bitmaps != copy->bitmaps || h->location.type != KEY_INODE_ITEM || h->location.offset ||
	       inode->nlink != 1 || copy->faults.type || copy->faults.grid || copy->faults.many_bitmaps ||
	       h->generation > newest || (n && e->item.type == FILE_EXTENT_INLINE);
}

static bool layout_wrong(const struct copy_judgement *copy)
{
	const struct content_faults *f = &copy->faults;

	return (copy->relation != FSR_RELATION_EQUAL && copy->relation != FSR_RELATION_NULL) || f->outside ||
	       f->unaligned || f->overlap || f->popcount || f->wrap;
}

int copy_severity(const struct judge *j, const struct copy_judgement *copy)
{
	switch (copy->verdict) {
	case FSR_VERDICT_CRASHES:
		return FSR_SEVERITY_DANGER;
	case FSR_VERDICT_UNKNOWN:
		return FSR_SEVERITY_ERROR;
	case FSR_VERDICT_REFUSED:
		return copy->step == 21 ? FSR_SEVERITY_DANGER : FSR_SEVERITY_ERROR;
	case FSR_VERDICT_ACCEPTED:
		if (layout_wrong(copy))
			return FSR_SEVERITY_DANGER;
		return facts_wrong(j, copy) ? FSR_SEVERITY_ERROR : -1;
	default:
		break;
	}
	if (copy->reason == FSR_FINDING_CACHE_DISCARDED)
		return FSR_SEVERITY_WARNING;
	if (copy->step == 6)
		return copy->format == 'A' || copy->format == 'B' ? FSR_SEVERITY_WARNING : FSR_SEVERITY_ERROR;
	if (copy->step == 10 && !j->scan.hidden && !j->scan.free_bytes)
		return -1;
	return copy->step == 4 ? -1 : FSR_SEVERITY_ERROR;
}

/* The state that the content alone gives. */
static enum fsr_state content_state(const struct judge *j, const struct copy_judgement *copy)
{
	size_t n;

	if (copy_severity(j, copy) < 0)
		return FSR_STATE_WRITTEN;
	if (copy->verdict == FSR_VERDICT_UNKNOWN)
		return FSR_STATE_UNKNOWN;
	if (copy->verdict == FSR_VERDICT_CRASHES || copy->reason == FSR_FINDING_CACHE_INODE_MISSING ||
		copy->reason == FSR_FINDING_CACHE_SIZE_ZERO)
		return FSR_STATE_ERROR;
	if (copy->reason == FSR_FINDING_CACHE_DISCARDED)
		return FSR_STATE_SETUP;
	if (copy->step >= 11 && copy->step <= 20 && !find_extents(j->fs, j->inode->ino, &n))
		return FSR_STATE_ERROR;
	return FSR_STATE_NEED_WRITE;
}

static void add(struct judge *j, struct fsr_finding *f, enum fsr_severity severity)
{
	f->severity = severity;
	findings_add(&j->findings, f);
}

static void decide_without_header(struct judge *j, struct fsr_group *record, enum asked asked)
{
	struct fsr_finding f;
	struct fsr_key key = {FREE_SPACE_OBJECTID, KEY_UNTYPED, j->group->bytenr};

	record->state = FSR_STATE_NONE;
	if (find_hole(j->fs, &key)) {
		record->state = FSR_STATE_UNKNOWN;
		finding_init(&f, FSR_FINDING_GROUP_HEADER_HIDDEN, j->group->bytenr,
			"root tree block %llu can't be read: it may hold this block group's header",
			(unsigned long long)find_hole(j->fs, &key)->bytenr);
		finding_number(&f, "bytenr", find_hole(j->fs, &key)->bytenr);
		add(j, &f, FSR_SEVERITY_ERROR);
		record->reason = f.code;
	} else if (asked != NOT_V1 && group_eligible(j->fs, j->group->length)) {
		record->state = FSR_STATE_CLEAR;
		finding_init(&f, FSR_FINDING_CACHE_ABSENT, j->group->bytenr,
			"no cache: Linux scans the extent tree, and writes one when the block group changes");
		add(j, &f, FSR_SEVERITY_NOTE);
		record->reason = f.code;
	}
}

/* What a worst severity becomes where Linux does not ask for the cache at present. */
static int lowered(int severity, enum asked asked)
{
	if (asked == FULL_OR_EMPTY)
		return severity > FSR_SEVERITY_WARNING ? FSR_SEVERITY_WARNING : severity;
	if (asked == NOT_V1)
		return severity < 0                     ? FSR_SEVERITY_NOTE
		       : severity < FSR_SEVERITY_DANGER ? FSR_SEVERITY_WARNING
							: severity;
	if (asked == STALE && severity < FSR_SEVERITY_WARNING)
		return FSR_SEVERITY_WARNING;
	return severity;
}

static void report_left_over(struct judge *j, int severity)
{
	const struct fsr_filesystem *fs = &j->fs->volume->fs;
	struct fsr_finding f;

	finding_init(&f, FSR_FINDING_CACHE_LEFT_OVER, j->group->bytenr,
		"a v1 header is left over, but %s is in use",
		fs->space_cache == FSR_SPACE_CACHE_V2 ? "the free space tree" : "no cache");
	add(j, &f, severity == FSR_SEVERITY_DANGER ? FSR_SEVERITY_WARNING : (enum fsr_severity)severity);
}

static void report_stale(struct judge *j)
{
	const struct fsr_filesystem *fs = &j->fs->volume->fs;
	struct fsr_finding f;

	if (fs->cache_generation == UINT64_MAX)
		finding_init(&f, FSR_FINDING_CACHE_GENERATION, j->group->bytenr,
			"cache_generation is not set: Linux ignores the cache until the next commit");
	else
		finding_init(&f, FSR_FINDING_CACHE_GENERATION, j->group->bytenr,
			"cache_generation %llu is not generation %llu: Linux ignores the cache until the "
			"next commit",
			(unsigned long long)fs->cache_generation, (unsigned long long)fs->generation);
	finding_number(&f, "cache_generation", fs->cache_generation);
	finding_number(&f, "generation", fs->generation);
	add(j, &f, FSR_SEVERITY_WARNING);
}

/* What it means that Linux does not ask for the cache; content: its severity if it were asked for. */
static void report_not_asked(struct judge *j, enum asked asked, int content, int severity)
{
	struct fsr_finding f;

	if (asked == NOT_V1)
		report_left_over(j, severity);
	else if (asked == STALE)
		report_stale(j);
	if (asked == FULL_OR_EMPTY && content >= FSR_SEVERITY_ERROR) {
		finding_init(&f, FSR_FINDING_CACHE_UNUSED_WRONG, j->group->bytenr,
			"the cache is wrong, but Linux never loads it: the block group is %s",
			j->group->used ? "full" : "empty");
		finding_number(&f, "used", j->group->used);
		add(j, &f, FSR_SEVERITY_WARNING);
	} else if (asked != FULL_OR_EMPTY && severity == FSR_SEVERITY_DANGER) {
		finding_init(&f, FSR_FINDING_CACHE_STALE_DANGER, j->group->bytenr,
			asked == STALE ? "ignored now, but trusted after the next commit, and it is wrong"
				       : "not used now, but trusted once v1 is used again, and it is wrong");
		add(j, &f, FSR_SEVERITY_DANGER);
	}
}

/* Rules about headers that hold whatever their content: returns the severity they add. */
static int check_header_rules(struct judge *j, struct fsr_group *record, int content)
{
	struct fsr_finding f;
	int severity = -1;

	if (!group_eligible(j->fs, j->group->length)) {
		finding_init(&f, FSR_FINDING_CACHE_SMALL_GROUP, j->group->bytenr,
			"a block group of %llu bytes has a cache: Linux loads it but never renews it",
			(unsigned long long)j->group->length);
		finding_number(&f, "length", j->group->length);
		severity = content == FSR_SEVERITY_DANGER ? FSR_SEVERITY_DANGER : FSR_SEVERITY_ERROR;
		add(j, &f, (enum fsr_severity)severity);
		record->reason = f.code;
	}
	if (j->inode && j->inode->headers > 1) {
		finding_init(&f, FSR_FINDING_CACHE_SHARED_INODE, j->group->bytenr,
			"inode %llu is named by %u headers: each block group overwrites the other's cache",
			(unsigned long long)j->inode->ino, j->inode->headers);
		finding_number(&f, "inode", j->inode->ino);
		finding_number(&f, "headers", j->inode->headers);
		severity = severity > FSR_SEVERITY_ERROR ? severity : FSR_SEVERITY_ERROR;
		add(j, &f, FSR_SEVERITY_ERROR);
		record->reason = f.code;
	}
	if (severity >= 0)
		record->state = FSR_STATE_ERROR;
	return severity;
}

static void decide_with_header(struct judge *j, struct fsr_group *record, enum asked asked)
{
	const struct copy_judgement *copy = &j->copy[j->worst];
	int content = copy_severity(j, copy), severity = lowered(content, asked);

	record->state = content_state(j, copy);
	if (content >= 0)
		report_copy(j, copy, (enum fsr_severity)severity, asked == NOT_V1);
	if (j->ncopies > 1 && (asked != NOT_V1 || severity == FSR_SEVERITY_DANGER))
		report_copies(j,
			severity < FSR_SEVERITY_WARNING ? FSR_SEVERITY_WARNING : (enum fsr_severity)severity);
	record->reason = j->findings.count ? j->findings.list[0].code : FSR_FINDING_NONE;
	check_header_rules(j, record, content);
	if (asked != ASKED)
		report_not_asked(j, asked, content, severity);
	if (asked == NOT_V1)
		record->state = FSR_STATE_NONE;
	if (record->reason == FSR_FINDING_NONE && j->findings.count)
		record->reason = j->findings.list[0].code;
}

void decide_state(struct judge *j, struct fsr_group *record)
{
	const struct copy_judgement *copy = &j->copy[j->read];
	enum asked asked = asked_for(j);

	record->verdict_if_trusted = copy->verdict;
	record->verdict = copy->verdict;
	record->step = copy->step;
	if (!j->fs->has_extent_root) { /* Linux does not mount, or takes every block group for full (measured)
					*/
		record->verdict = FSR_VERDICT_NOT_LOADED;
		record->step = 0;
	} else if (asked == NOT_V1 || asked == FULL_OR_EMPTY) {
		record->verdict = FSR_VERDICT_NOT_LOADED;
		record->step = asked == NOT_V1 ? 1 : 2;
	} else if (asked == STALE) {
		record->verdict = FSR_VERDICT_IGNORED;
		record->step = 3;
	}
	if (j->header)
		decide_with_header(j, record, asked);
	else
		decide_without_header(j, record, asked);
	if (j->scan.hidden || !j->group->has_item)
		record->state = FSR_STATE_UNKNOWN;
}
