/* SPDX-License-Identifier: MIT */
#ifndef FSREAD_SPACE_JUDGE_H
#define FSREAD_SPACE_JUDGE_H

#include "content.h"
#include "extents.h"
#include "fst.h"
#include "insert.h"

/* What is wrong with the listed ranges though Linux does not look (F-A7). First address of each. */
struct content_faults {
	bool outside, unaligned, overlap, popcount, grid, type, wrap;
	uint64_t outside_at, unaligned_at, overlap_at, popcount_at, grid_at, wrap_at;
	uint64_t popcount_bytes, popcount_declared;
	uint8_t type_value;
	bool many_bitmaps; /* step 18 speaks, and goes on */
};

/* One copy of a cache, judged as if steps 1 to 3 had passed. */
struct copy_judgement {
	enum fsr_verdict verdict;
	int step;
	enum fsr_finding_code reason;
	struct walk_result walk;
	bool walked;        /* there were pages to look at */
	bool absent;        /* on a device that was not given, while another copy is there */
	unsigned bad_pages; /* that can't be read, and why the first of them */
	struct fsr_error why_bad;
	enum fsr_relation relation;
	uint64_t excess_bytes, missing_bytes, ranges_bytes, declared_bytes;
	unsigned bitmaps;
	struct content_faults faults;
	char format;
	uint64_t insert_at; /* where step 21 fails */
	unsigned endian;    /* 8, 4: equal when bitmap words are read in this byte order; 0 */
};

/* A page of one copy of a cache that is not as that of another. */
struct page_difference {
	unsigned copy, page;
	struct fsr_physical where;
	uint32_t first_byte; /* the page's size: it can't be read */
};
#define PAGE_DIFFERENCES_MAX 16

/* What one worker keeps between block groups. */
struct judge {
	struct fsr_fs *fs;
	struct cursor extents, free_space;
	struct page_set pages, other;
	struct content content, other_content;
	struct range_stream ranges;
	struct fst_stream fst;
	struct findings findings; /* of the block group at hand */
	/* what is known of the block group at hand */
	const struct group_facts *group;
	const struct cache_header *header;
	const struct cache_inode *inode;
	const struct key_hole *header_hole;
	struct extent_scan scan;
	struct compare v2;
	bool scanned;
	struct copy_judgement copy[FSR_MAX_COPIES];
	unsigned ncopies;    /* judged; 1 where all copies are the same */
	unsigned first;      /* the one in `pages` and `content`: the first on devices that were given */
	unsigned worst;      /* decides the state */
	unsigned read;       /* decides the verdict: what Linux reads, or the worst of what it may read */
	size_t ndifferences; /* of pages between copies; the first of them are kept */
	struct page_difference differences[PAGE_DIFFERENCES_MAX];
	/* see judge_differences(): called with the differences of copy fn_copy */
	difference_fn v1_fn, v2_fn;
	void *fn_arg;
	unsigned fn_copy;
	struct used_sink used; /* of the block group's extents; fn NULL: not wanted */
};

void judge_init(struct judge *j, struct fsr_fs *fs);
void judge_free(struct judge *j);
/*
 * Judges block group i of fs->groups into *record, whose findings point into the judge and are
 * valid until the next call. Negative only for errors that are no damage.
 */
int judge_group(struct judge *j, size_t i, struct fsr_group *record, struct fsr_error *err);
/*
 * Judges the block group of *record, the last that was judged, once more for the sake of its
 * differences: v1 gets those of the cache, v2 those of the free space tree (NULL: not wanted), where there
 * are any. Twice because they mean nothing where a tree is hidden in part, and because of copies that differ
 * one counts, which shows only in the end. The record's findings are no longer valid.
 */
int judge_differences(struct judge *j, const struct fsr_group *record, difference_fn v1, difference_fn v2,
	void *arg, struct fsr_error *err);
/* judge_group() without a look at extents, pages or the free space tree: `pending` where they have a say. */
void outline_group(struct judge *j, size_t i, struct fsr_group *record);

/* verdict.c: steps 4 to 21 for the block group at hand: fills j->copy[]. Scans the extent tree. */
int judge_cache(struct judge *j, struct fsr_error *err);
/* What the root tree alone says of them, into j->copy[0]; true: the pages are to be looked at too. */
bool judge_root_items(struct judge *j);
/* Steps 11 to 21 for one copy, in set; *copy holds what the steps before decided. */
int judge_copy(struct judge *j, struct page_set *set, struct content *content, struct copy_judgement *copy,
	struct fsr_error *err);

/* copies.c: reads all copies; those of the same bytes are judged once. `before`: see judge_copy(). */
int judge_copies(struct judge *j, const struct copy_judgement *before, struct fsr_error *err);
/* Sets j->worst and j->read. */
void pick_copies(struct judge *j);
/* Reads copy 0, or the first that lies on devices that were given, into `pages`, and sets j->first. */
int read_first_copy(struct judge *j, unsigned copies, struct fsr_error *err);
/* After judge_group(): makes `pages` and `content` those of the copy that decided the verdict. */
int load_read_copy(struct judge *j, struct fsr_error *err);

/*
 * page_copies.c: adds the pages of copy `copy`, in set, that differ from those of copy j->first, in j->pages,
 * or can't be read, to j->differences, and to the counts. Pages on devices that were not given don't count.
 */
void compare_pages(
	struct judge *j, const struct page_set *set, unsigned copy, struct fsr_copy_counts *counts);
/* The same anew for all copies there are, for volume->copies. `pages` is read. */
int compare_all_copies(struct judge *j, struct fsr_error *err);
/* Copy and place as numbers of a finding. */
void page_difference_numbers(const struct page_difference *d, struct fsr_finding *f);
/* A finding for each page that differs, where all copies were asked for. */
void page_copies_report(struct judge *j);

/* layout.c: what was read against F-A7 and the extent tree; fills *copy. */
int judge_content(
	struct judge *j, struct content *content, struct copy_judgement *copy, struct fsr_error *err);
/* Scans the extent tree, and the free space tree, unless that was done beside some content. */
int scan_group(struct judge *j, struct fsr_error *err);

/* content.c: F-A7 on what was read. */
void find_content_faults(const struct content *content, uint64_t start, uint64_t length, uint32_t sectorsize,
	struct content_faults *faults);

/* state.c: the state table: state, verdict, step, reason and the findings of the record. */
void decide_state(struct judge *j, struct fsr_group *record);
/* One copy's severity if it were trusted: -1 where nothing is wrong with it. */
int copy_severity(const struct judge *j, const struct copy_judgement *copy);

/* report.c: the findings' sentences and numbers. */
void report_copy(struct judge *j, const struct copy_judgement *copy, enum fsr_severity most, bool left_over);
void report_copies(struct judge *j, enum fsr_severity severity);
void report_scan(struct judge *j);
void report_free_space_tree(struct judge *j, struct fsr_group *record);

/* oldformat.c: formats A and B of F-A13. 0 and format '?' when it is neither, or FSR_E_NOMEM. */
int read_old_format(const struct page_set *set, const struct cache_header *header, uint64_t inode_flags,
	struct content *content, char *format, struct fsr_error *err);
/* data_csums.c: whether the checksum tree has the right checksum of every page of this inode's file. */
bool data_csums_fit(const struct fsr_fs *fs, uint64_t ino, const struct page_set *set);

#endif
