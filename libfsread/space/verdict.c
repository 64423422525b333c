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
		/* Linux takes an inode of its own for the cache's, whose flags stop it (measured) */
		decide(copy, FSR_VERDICT_IGNORED, inode_key.objectid == BTREE_INODE_OBJECTID ? 6 : 5,
			FSR_FINDING_CACHE_INODE_MISSING);
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
	if (pages > PAGES_BYTES_MAX / sector) {
		decide(copy, FSR_VERDICT_UNKNOWN, 11, FSR_FINDING_CACHE_UNREADABLE);
		return false;
	}
	return true;
}

/* A file of a length that can be a cache's. */
static bool has_file(const struct judge *j)
{
	int64_t pages;

	if (!j->header || !j->inode || !j->inode->size)
		return false;
	pages = page_count(j->inode->size, j->fs->volume->fs.sectorsize);
	return pages > 0 && pages <= j->fs->volume->fs.sectorsize / 4 &&
	       pages <= PAGES_BYTES_MAX / j->fs->volume->fs.sectorsize;
}

/* The pages may be shown and compared even where the stamps keep Linux from reading them. */
static bool has_pages(const struct judge *j)
{
	return has_file(j) && j->header->entries;
}

static void decide_walk(const struct judge *j, const struct page_set *set, struct copy_judgement *copy)
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
	else if (walk->step == 11 && set->missing)
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

	if (!group->has_item) { /* Linux does not get here: it does not mount */
		decide(copy, FSR_VERDICT_UNKNOWN, 20, FSR_FINDING_GROUP_ITEM_MISSING);
		return 0;
	}
	if (content->sum != group->length - group->used - group->excluded_bytes) {
		decide(copy, FSR_VERDICT_REFUSED, 20, FSR_FINDING_CACHE_TOTAL);
		return 0;
	}
	if ((faults->overlap || faults->unaligned || faults->wrap) &&
		insert_content(content, group->bytenr, group->length, j->fs->volume->fs.sectorsize, &inserted,
			&copy->insert_at, err))
		return err->code;
	if (inserted == INSERT_CRASHES)
		decide(copy, FSR_VERDICT_CRASHES, 21, FSR_FINDING_CACHE_CRASH_WRAP);
	else if (inserted == INSERT_EXISTS)
		decide(copy, FSR_VERDICT_REFUSED, 21, FSR_FINDING_CACHE_INSERT);
	else if (inserted == INSERT_UNKNOWN)
		decide(copy, FSR_VERDICT_UNKNOWN, 21, FSR_FINDING_CONTENT_OVERLAP);
	else
		decide(copy, FSR_VERDICT_ACCEPTED, 0, FSR_FINDING_NONE);
	return 0;
}

/* Formats A and B: Linux stops at step 6, but what they hold can be shown and compared. */
static int judge_old_format(struct judge *j, struct page_set *set, struct content *content,
	struct copy_judgement *copy, struct fsr_error *err)
{
	int ret = read_old_format(set, j->header, j->inode->flags, content, &copy->format, err);

	if (!ret && copy->format == 'B' && !data_csums_fit(j->fs, j->inode->ino, set))
		copy->format = '?';
	if (ret || copy->format == '?')
		return ret;
	copy->walk.step = 0;
	copy->walk.complete = true;
	copy->walk.page_generation = j->header->generation; /* in the writer's byte order */
	return judge_content(j, content, copy, err);
}

int judge_copy(struct judge *j, struct page_set *set, struct content *content, struct copy_judgement *copy,
	struct fsr_error *err)
{
	int ret;

	copy->walked = true;
	copy->format = 'C';
	copy->bad_pages = set->bad_count;
	if (set->bad_count)
		copy->why_bad = set->first_error;
	ret = walk_pages(set, j->header->generation, j->header->entries, true, content, &copy->walk, err);
	if (!ret && copy->step == 6 && copy->walk.step)
		return judge_old_format(j, set, content, copy, err);
	if (!ret)
		ret = judge_content(j, content, copy, err);
	if (ret || copy->step)
		return ret; /* decided before any page was read: it was only looked at */
	if (copy->walk.step) {
		decide_walk(j, set, copy);
		return 0;
	}
	return decide_total(j, content, copy, err);
}

bool judge_root_items(struct judge *j)
{
	struct copy_judgement *copy = &j->copy[0];

	j->ncopies = 1;
	j->first = 0;
	*copy = (struct copy_judgement){.format = '?'};
	if (check_header(j, copy) && check_stamps(j, copy))
		check_inode(j, copy);
	if (copy->verdict != FSR_VERDICT_CRASHES && copy->step != 11 && has_pages(j))
		return true;
	if (!copy->step)
		decide(copy, FSR_VERDICT_REFUSED, 11, FSR_FINDING_CACHE_OVERRUN); /* N is 0 */
	return false;
}

/* Pages that have no say in the judgement are read for their own sake, as long as they are as many as lawful.
 */
static int compare_copies(struct judge *j, bool read, struct fsr_error *err)
{
	int ret = 0;

	if (!read) {
		if (!has_file(j))
			return 0;
		ret = read_first_copy(j, page_copies(j->fs, j->inode->ino), err);
	}
	return ret ? ret : compare_all_copies(j, err);
}

int judge_cache(struct judge *j, struct fsr_error *err)
{
	bool pages = judge_root_items(j);
	struct copy_judgement before = j->copy[0];
	int ret = pages ? judge_copies(j, &before, err) : 0;

	if (!ret && j->fs->volume->copies)
		ret = compare_copies(j, pages, err);
	if (!ret)
		ret = scan_group(j, err); /* even with nothing to compare what is free is wanted */
	if (!ret)
		pick_copies(j);
	return ret;
}
