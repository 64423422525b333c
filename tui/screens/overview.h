/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREENS_OVERVIEW_H
#define TUI_SCREENS_OVERVIEW_H

#include "columns.h"
#include "filter.h"
#include "list.h"

struct overview {
	struct view view;
	struct list list;
	struct layout layout;
	uint32_t *order; /* the rows: indices into tab->records */
	size_t room;
	int sort; /* a column */
	bool descending;
	unsigned version; /* of the tab, when the rows were made */
	long long sorted_ms;
	uint64_t bytenr; /* of the block group under the cursor */
	struct filter filter;
	int head_row; /* where the column heads were drawn */
};

/* The record under the cursor; NULL: there is none. */
struct record *overview_cursor(const struct overview *o);
/* The cursor is to stay on the block group that it is on now. */
void overview_keep_cursor(struct overview *o);

/* overview_keys.c */
bool overview_enter(struct view *view, struct place *place);
bool overview_act(struct view *view, enum action action);
bool overview_click(struct view *view, int row, int col);

/* overview_columns.c */
extern const struct column overview_columns[];
enum {
	OVERVIEW_ADDRESS,
	OVERVIEW_TYPE,
	OVERVIEW_PROFILE,
	OVERVIEW_SIZE,
	OVERVIEW_BAR,
	OVERVIEW_PERCENT,
	OVERVIEW_STATE,
	OVERVIEW_REASON,
	OVERVIEW_VERDICT,
	OVERVIEW_EXCESS,
	OVERVIEW_MISSING,
	OVERVIEW_ENTRIES,
	OVERVIEW_BITMAPS,
	OVERVIEW_CACHED,
	OVERVIEW_RECOMPUTED,
	OVERVIEW_GENERATION,
	OVERVIEW_INODE,
	OVERVIEW_COLUMNS
};
const struct record *overview_record(const struct overview *overview, size_t row);
/* Columns whose width depends on the image or the screen. */
void overview_widths(struct overview *overview, int cols);
/* By this column: -1, 0, 1; or where one of them is not known yet -2, 2, which comes last either way. */
int overview_compare(const struct record *a, const struct record *b, int column);
/* A bar of `width` columns for part of whole. */
void bar_text(uint64_t part, uint64_t whole, int width, char *out, size_t size);

/* overview_head.c: the lines over the list; gives how many they are. */
int overview_head(struct overview *overview, const struct area *area);

/* overview_order.c: makes the rows anew, the cursor stays on its block group. false: no memory. */
bool overview_reorder(struct overview *overview);

#endif
