/* SPDX-License-Identifier: MIT */
/* Steps 4 to 21 of the load (F-A6), in their order, as if steps 1 to 3 had passed. */
#include "../format/error.h"
#include "judge.h"

#include <sys/stat.h>

/* From this many pages on the array of them is more than Linux can allocate at once: it gives up. */
#define PAGES_ALLOC_MAX (INT64_C(1) << 19)

static void decide(
	struct copy_judgement *copy, enum fsr_verdict verdict, int step, enum fsr_finding_code reason)
{
	copy->verdict = verdict;
	copy->step = step;
	copy->reason = reason;
}

/* Steps 4 and 5: the header and its inode. false: decided. */
static bool check_header(struct judge *j, struct copy_judgement *copy)
{
	struct fsr_key inode_key;

	if (!j->header) {
		decide(copy, FSR_VERDICT_IGNORED, 4, FSR_FINDING_NONE);
		return false;
	}
	if (j->header->outside_leaf) {
		decide(copy, FSR_VERDICT_CRASHES, 4, FSR_FINDING_CACHE_CRASH_ENTRIES);
		return false;
	}
	inode_key = (struct fsr_key){j->header->location.objectid, KEY_INODE_ITEM, 0};
	j->inode = find_inode(j->fs, inode_key.objectid);
	if (!j->inode) {
		j->header_hole = find_hole(j->fs, &inode_key);
		decide(copy, FSR_VERDICT_IGNORED, 5, FSR_FINDING_CACHE_INODE_MISSING);
	}
	return j->inode != NULL;
}

/* Steps 6 to 10: inode and header against each other. false: decided. */
static bool check_stamps(const struct judge *j, struct copy_judgement *copy)
{
	const struct cache_inode *inode = j->inode;
	const uint64_t both = INODE_FLAG_NODATASUM | INODE_FLAG_NODATACOW;

	if ((inode->flags & both) != both)
		decide(copy, FSR_VERDICT_IGNORED, 6, FSR_FINDING_CACHE_OLD_FORMAT);
	else if (!inode->size)
		decide(copy, FSR_VERDICT_IGNORED, 7,
			inode->generation ? FSR_FINDING_CACHE_SIZE_ZERO : FSR_FINDING_CACHE_DISCARDED);
	else if (!inode->generation)
		decide(copy, FSR_VERDICT_IGNORED, 8, FSR_FINDING_CACHE_DISCARDED);
	else if (inode->generation != j->header->generation)
		decide(copy, FSR_VERDICT_IGNORED, 9, FSR_FINDING_CACHE_STAMPS);
	else if (!j->header->entries)
		decide(copy, FSR_VERDICT_IGNORED, 10, FSR_FINDING_CACHE_NO_ENTRIES);
	else
		return true;
	return false;
}

/* Step 11 as far as it depends on the inode alone. false: decided, no page is to be read. */
static bool check_inode(const struct judge *j, struct copy_judgement *copy)
{
	uint32_t sector = j->fs->volume->fs.sectorsize;
	int64_t pages = page_count(j->inode->size, sector);

	if (pages < 0 || pages > PAGES_ALLOC_MAX) {
		decide(copy, FSR_VERDICT_REFUSED, 11, FSR_FINDING_CACHE_UNREADABLE);
		return false;
	}
	if (pages && !S_ISREG(j->inode->mode) && !S_ISLNK(j->inode->mode)) {
		decide(copy, FSR_VERDICT_CRASHES, 11, FSR_FINDING_CACHE_CRASH_MODE);
		return false;
	}
	if (pages > sector / 4) {
		decide(copy, FSR_VERDICT_CRASHES, 11, FSR_FINDING_CACHE_CRASH_PAGES);
		return false;
	}
	return true;
}

/* The pages may be shown and compared even where the stamps keep Linux from reading them. */
static bool has_pages(const struct judge *j)
{
	int64_t pages;

	if (!j->inode || !j->inode->size || !j->header->entries)
		return false;
	pages = page_count(j->inode->size, j->fs->volume->fs.sectorsize);
	return pages > 0 && pages <= j->fs->volume->fs.sectorsize / 4 && pages <= PAGES_MAX;
}

static void decide_walk(const struct judge *j, struct copy_judgement *copy)
{
	const struct walk_result *walk = &copy->walk;
	enum fsr_finding_code reason = walk->reason;

	if (reason == FSR_FINDING_CACHE_CRC && walk->step == 12) {
		size_t n;

		if (!find_extents(j->fs, j->inode->ino, &n))
			reason = FSR_FINDING_CACHE_NO_EXTENT;
	}
	if (walk->crash)
		decide(copy, FSR_VERDICT_CRASHES, walk->step, reason);
	else if (walk->step == 11 && j->pages.missing)
		decide(copy, FSR_VERDICT_UNKNOWN, 11, FSR_FINDING_CACHE_UNREADABLE);
	else
		decide(copy, FSR_VERDICT_REFUSED, walk->step, reason);
}

/* Steps 20 and 21. */
static int decide_total(
	struct judge *j, const struct content *content, struct copy_judgement *copy, struct fsr_error *err)
{
	const struct group_facts *group = j->group;
	enum insert_result inserted = INSERT_DONE;
	struct content_faults *faults = &copy->faults;

	if (content->sum != group->length - group->used - group->excluded_bytes) {
		decide(copy, FSR_VERDICT_REFUSED, 20, FSR_FINDING_CACHE_TOTAL);
		return 0;
	}
	if ((faults->overlap || faults->unaligned || faults->wrap) &&
		insert_content(content, group->bytenr, group->length, j->fs->volume->fs.sectorsize, &inserted,
			&copy->insert_at, err))
		return err->code;
	if (faults->wrap_crashes || inserted == INSERT_CRASHES)
		decide(copy, FSR_VERDICT_CRASHES, 21, FSR_FINDING_CACHE_CRASH_WRAP);
	else if (inserted == INSERT_EXISTS)
		decide(copy, FSR_VERDICT_REFUSED, 21, FSR_FINDING_CACHE_INSERT);
	else if (inserted == INSERT_UNKNOWN)
		decide(copy, FSR_VERDICT_UNKNOWN, 21, FSR_FINDING_CONTENT_OVERLAP);
	else
		decide(copy, FSR_VERDICT_ACCEPTED, 0, FSR_FINDING_NONE);
	return 0;
}

static bool ranges_next(void *source, uint64_t *start, uint64_t *end)
{
	return range_stream_next(source, start, end);
}

/* One pass over the block group's extents with the content (NULL: none) beside it. */
static int scan_beside(struct judge *j, const struct content *content, struct compare *v1, difference_fn fn,
	struct fsr_error *err)
{
	bool with_v2 = j->fs->has_free_space_root && !j->scanned;
	int ret;

	if (!j->fs->has_extent_root) {
		j->scan = (struct extent_scan){.hidden = true};
		return 0;
	}
	if (content) {
		range_stream_init(&j->ranges, content, j->fs->volume->fs.sectorsize);
		compare_init(v1, ranges_next, &j->ranges, fn, j->fn_arg);
	}
	if (with_v2) {
		fst_stream_init(&j->fst, j->fs, j->group, &j->free_space);
		compare_init(&j->v2, fst_stream_next, &j->fst, j->v2_fn, j->fn_arg);
	}
	ret = scan_extents(
		j->fs, j->group, &j->extents, content ? v1 : NULL, with_v2 ? &j->v2 : NULL, &j->scan, err);
	j->scanned = true;
	if (!ret && (j->ranges.failed || j->fst.error))
		ret = fsr_fail_nomem(err);
	return ret;
}

static int compare_content(
	struct judge *j, const struct content *content, struct copy_judgement *copy, struct fsr_error *err)
{
	struct compare v1;
	int ret = scan_beside(j, content, &v1, j->v1_fn, err);

	if (ret || !j->scanned || j->scan.hidden)
		return ret;
	copy->relation = compare_relation(&v1);
	copy->excess_bytes = v1.excess_bytes;
	copy->missing_bytes = v1.missing_bytes;
	copy->ranges_bytes = j->ranges.total;
	copy->faults.overlap = j->ranges.overlap;
	copy->faults.overlap_at = j->ranges.overlap_at;
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

static int judge_content(
	struct judge *j, struct content *content, struct copy_judgement *copy, struct fsr_error *err)
{
	const struct group_facts *group = j->group;
	int step = copy->walk.step, ret;

	copy->declared_bytes = content->sum;
	copy->bitmaps = content->bitmaps;
	copy->complete = !step || step == 13 || step == 16;
	find_content_faults(
		content, group->bytenr, group->length, j->fs->volume->fs.sectorsize, &copy->faults);
	if (!copy->complete)
		return 0;
	ret = compare_content(j, content, copy, err);
	return ret ? ret : try_endianness(j, content, copy, err);
}

/* Formats A and B: Linux stops at step 6, but what they hold can be shown and compared. */
static int judge_old_format(struct judge *j, struct page_set *set, struct content *content,
	struct copy_judgement *copy, struct fsr_error *err)
{
	int ret = read_old_format(set, j->header, j->inode->flags, content, &copy->format, err);

	if (ret || copy->format == '?')
		return ret;
	copy->walk.step = 0;
	return judge_content(j, content, copy, err);
}

static int judge_copy(struct judge *j, struct page_set *set, struct content *content,
	struct copy_judgement *copy, struct fsr_error *err)
{
	int ret;

	copy->walked = true;
	copy->format = 'C';
	ret = walk_pages(set, j->header->generation, j->header->entries, true, content, &copy->walk, err);
	if (!ret && copy->step == 6 && copy->walk.step)
		return judge_old_format(j, set, content, copy, err);
	if (!ret)
		ret = judge_content(j, content, copy, err);
	if (ret || copy->step)
		return ret; /* decided before any page was read: it was only looked at */
	if (copy->walk.step) {
		decide_walk(j, copy);
		return 0;
	}
	return decide_total(j, content, copy, err);
}

static bool same_pages(const struct page_set *a, const struct page_set *b)
{
	size_t bytes = (size_t)a->count * a->size;

	return a->count == b->count && !memcmp(a->bad, b->bad, a->count) && !memcmp(a->data, b->data, bytes);
}

/* Reads the other copies; the same bytes need no second judgement. `before`: what steps 4 to 11 decided. */
static int judge_copies(struct judge *j, const struct copy_judgement *before, struct fsr_error *err)
{
	unsigned copies = page_copies(j->fs, j->inode->ino);
	bool differ = false;

	for (unsigned i = 1; i < copies && i < FSR_MAX_COPIES; i++) {
		if (page_set_read(j->fs, j->inode, i, &j->other, err))
			return err->code;
		j->copy[i] = j->copy[0];
		if (same_pages(&j->pages, &j->other))
			continue;
		differ = true;
		j->copy[i] = *before;
		if (judge_copy(j, &j->other, &j->other_content, &j->copy[i], err))
			return err->code;
	}
	j->ncopies = differ ? copies : 1;
	return 0;
}

/* The copy that counts: DUP is read from copy 0, of mirrors on devices Linux may take any. */
static void pick_worst(struct judge *j)
{
	j->worst = 0;
	if (j->ncopies < 2 || j->group->flags & BLOCK_GROUP_DUP)
		return;
	for (unsigned i = 1; i < j->ncopies; i++)
		if (copy_severity(j, &j->copy[i]) > copy_severity(j, &j->copy[j->worst]))
			j->worst = i;
}

int judge_cache(struct judge *j, struct fsr_error *err)
{
	struct copy_judgement before = {.format = '?'};
	int ret = 0;

	j->ncopies = 1;
	if (check_header(j, &before) && check_stamps(j, &before))
		check_inode(j, &before);
	j->copy[0] = before;
	if (before.verdict != FSR_VERDICT_CRASHES && before.step != 11 && has_pages(j)) {
		ret = page_set_read(j->fs, j->inode, 0, &j->pages, err);
		if (!ret)
			ret = judge_copy(j, &j->pages, &j->content, &j->copy[0], err);
		if (!ret)
			ret = judge_copies(j, &before, err);
	} else if (!before.step) {
		decide(&j->copy[0], FSR_VERDICT_REFUSED, 11, FSR_FINDING_CACHE_OVERRUN); /* N is 0 */
	}
	if (!ret && !j->scanned) /* nothing to compare with, but what is free is wanted */
		ret = scan_beside(j, NULL, NULL, NULL, err);
	pick_worst(j);
	return ret;
}
