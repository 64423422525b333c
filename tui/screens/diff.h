/* SPDX-License-Identifier: MIT */
/*
 * Diff: what caches and the free space tree have wrong. Of every block group that differs a heading is kept.
 * Its ranges are computed anew when they come into view, and of them no more than a window is in memory.
 */
#ifndef TUI_SCREENS_DIFF_H
#define TUI_SCREENS_DIFF_H

#include "filter.h"
#include "list.h"

/* So many ranges of one block group are in memory at most, and so many of all of them. */
#define DIFF_WINDOW 1024u
#define DIFF_HELD 4096u
/* A heading with more ranges begins folded. */
#define DIFF_FOLD 1000u

enum { DIFF_EXCESS, DIFF_MISSING, DIFF_KINDS };

/* What says that a range is free. */
enum says_kind {
	SAYS_UNKNOWN, /* not looked at, or it can't be read */
	SAYS_NOTHING, /* no entry */
	SAYS_ENTRY,   /* an entry of the cache, or bits of its bitmap */
	SAYS_ITEM,    /* an item of the free space tree */
};
struct says {
	enum says_kind kind;
	uint64_t number; /* of the entry; the item's leaf */
	unsigned page, byte, slot;
};

/* A difference, or the part of one that has one holder. */
struct diff_row {
	struct fsr_diff_range range;
	uint64_t run_bytenr, run_length,
		run_number; /* the whole difference; 1 and up within the block group */
	struct says says;
};

/* ---- diff_collect.c: the ranges of one block group, counted, and those around a place kept */

struct collector {
	bool wanted[DIFF_KINDS]; /* what the filter lets pass */
	bool by_address;         /* keep those around the range that holds or follows `address`, */
	uint64_t address;
	uint64_t row; /* else those around this one; found by address, its number */
	/* What comes out: */
	bool found;
	uint64_t rows, runs[DIFF_KINDS];
	uint64_t first; /* number of the first row kept */
	size_t kept;
	struct diff_row *ring; /* DIFF_WINDOW of them, row i at i % DIFF_WINDOW */
	uint64_t run_first;
	struct fsr_diff_range last;
};

/* false: no memory. `ring` is to be freed. */
bool collect_begin(struct collector *c);
void collect_range(struct collector *c, const struct fsr_diff_range *range);
/* Ends the last run. */
void collect_end(struct collector *c);
/* The rows kept, in order, in memory of their own; NULL where there are none, or no memory. */
struct diff_row *collect_take(struct collector *c);

/* ---- diff_says.c */

/* Fills in what says so, for rows of one block group. */
void says_fill(struct fsr_fs *fs, uint64_t group, uint32_t sectorsize, struct diff_row *rows, size_t n);

/* ---- diff_headings.c */

struct heading {
	size_t record; /* index in tab->records */
	size_t at;     /* its row in the list */
	bool counted;  /* rows and runs are known */
	bool folded, failed;
	uint64_t rows, runs[DIFF_KINDS];
	uint64_t first; /* of the window, a row's number */
	size_t held;
	struct diff_row *window;
	struct fsr_error err; /* failed */
};

enum want_kind { WANT_NONE, WANT_FIRST, WANT_LAST, WANT_ADDRESS };

struct scale;

struct diff {
	struct view view;
	unsigned version;
	bool seen; /* the tab's records were looked at */
	size_t nheadings;
	struct heading *headings;
	struct list list;
	uint64_t group, address; /* the focus with which one came */
	bool on_range;           /* it is a range, also where its address is the beginning */
	bool elsewhere;          /* nothing differs there, and the cursor was not moved since */
	struct filter filter;
	char filter_words[FILTER_WORDS];
	unsigned serial; /* grows with each filter: what comes for an older one is dropped */
	int side;        /* 0 range, 1 cache, 2 tree */
	/* Where the cursor is to go once that block group's ranges are known. */
	enum want_kind want;
	uint64_t want_group, want_address;
	struct job *job;
	bool reading; /* the job reads ranges, and not the picture only */
	struct scale *scale;
	int scale_columns;    /* of the picture as last drawn; 0: there is none */
	int list_row, bar[2]; /* where things were drawn */
	int bytenr_width, length_width;
};

static inline struct diff *diff_of(struct view *view)
{
	return (struct diff *)view;
}

/* How many bytes of a record differ; false: it differs in nothing, or is not judged. */
bool record_differs(const struct record *record, uint64_t bytes[DIFF_KINDS]);
/* Whether ranges of this kind pass the filter. */
bool diff_passes(const struct diff *d, const struct record *record, int kind);
/* Makes the headings anew from the records; what was known of them is kept. false: no memory. */
bool diff_rebuild(struct diff *d);
void diff_forget(struct heading *heading);
/* Rows of headings changed: list and cursor follow; the cursor stays on row `row` of heading `at`. */
void diff_relay(struct diff *d, size_t at, uint64_t row);
/* The heading of a list row, and the row's number below it: 0 and up, or -1 for the heading itself. */
struct heading *diff_heading(const struct diff *d, size_t row, int64_t *number);
/* A row below a heading; NULL: not in memory at present. */
const struct diff_row *diff_row(const struct heading *heading, int64_t number);
const struct record *diff_record(const struct diff *d, const struct heading *heading);
/* The range under the cursor; NULL on a heading, and where it is not in memory. */
const struct diff_row *diff_cursor(const struct diff *d);
/* Rows that the heading shows. */
uint64_t diff_shown_rows(const struct heading *heading);

/* ---- diff_jobs.c: ranges and pictures, computed in a thread of their own */

/* Starts what the screen as last drawn is in need of, unless something is under way. */
void diff_want(struct diff *d);
/* Takes what it is in need of from a saved report; true when there was something. */
bool diff_take_report(struct diff *d);
/* Takes in what came; true when something changed. */
bool diff_take(struct diff *d);
void diff_stop(struct diff *d);
/* Every range of a block group, from the image or the report, in the calling thread. Answers as fsr_diff().
 */
int diff_ranges(const struct tab *tab, uint64_t group, fsr_diff_fn fn, void *arg, struct fsr_error *err);

/* ---- diff_scale.c: the lower pane */

/* Draws the picture around the range under the cursor, as far as it is known. */
void scale_draw(struct diff *d, const struct area *area);
/* What picture is wanted; false: none, or the one at hand is it. */
bool scale_wanted(const struct diff *d, struct scale *out);
/* Sums up what lies in the columns; in the job. */
int scale_fill(struct fsr_fs *fs, struct scale *scale, struct fsr_error *err);

#define SCALE_COLUMNS 400
enum { SCALE_USED, SCALE_SUPER, SCALE_EXCESS, SCALE_MISSING, SCALE_SUMS };
struct scale {
	uint64_t group, length, start, unit; /* start within the block group; unit: bytes a column */
	bool free_space_tree;
	bool filled, unknown;
	int columns;
	uint64_t sums[SCALE_SUMS][SCALE_COLUMNS];
};

/* ---- diff_head.c */

/* Gives how many lines it drew. */
int diff_head(struct diff *d, const struct area *area);
void diff_draw_empty(struct diff *d, const struct area *area);

/* ---- diff_draw.c */

void diff_draw_heads(struct view *view, const struct area *area);
void diff_draw_row(struct view *view, size_t row, const struct area *area);
void diff_row_text(
	struct view *view, size_t row, char *text, size_t size, uint64_t *address, uint64_t *length);
/* The same rows without a list: a heading, a range. */
void diff_draw_heading(struct diff *d, const struct heading *heading, const struct area *area);
void diff_draw_range(struct diff *d, const struct diff_row *row, const struct area *area);
/* Where the rules between the three sides stand in a row of so many columns; negative: there is no such side.
 */
void diff_bars(struct diff *d, int cols);
/* "entry 3 (0:123)", "block 30408704, ROOT_TREE": what the two sides say. */
const char *says_text(const struct diff_row *row, char out[80]);
const char *holder_text(const struct diff *d, const struct diff_row *row, char out[160]);

/* ---- diff_keys.c */

#define DIFF_WORDS (FILTER_STATE | FILTER_VERDICT | FILTER_TYPE | FILTER_DIFFERENCE | FILTER_MARKED)

bool diff_act(struct view *view, enum action action);
bool diff_click(struct view *view, int row, int col);
void diff_wheel(struct view *view, int direction);
bool diff_find(struct view *view, const struct needle *needle, int direction, size_t *number, size_t *count);
bool diff_filter(struct view *view, const char *words, struct sentence *err, size_t *shown, size_t *all);

/* ---- diff_move.c */

/* To the next (1) or previous (-1) difference, across folds. */
void diff_step(struct diff *d, int direction);
/* Puts the cursor on the range of a block group that holds an address (its beginning: on the heading, unless
 * `range`), else
 * as near as can be; at once, or when the ranges have come. */
void diff_seek(struct diff *d, uint64_t group, uint64_t address, bool range);
void diff_fold(struct diff *d, bool folded);

#endif
