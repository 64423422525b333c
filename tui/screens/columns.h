/* SPDX-License-Identifier: MIT */
/* Columns of a list: shown whole or not at all, by importance, as many as there is room for. */
#ifndef TUI_SCREENS_COLUMNS_H
#define TUI_SCREENS_COLUMNS_H

#include "screen.h"

/* A cell's text and style; `out` has 160 bytes and holds harmless text. */
typedef void (*cell_fn)(struct view *view, size_t row, char out[160], enum style *style);

struct column {
	const char *title;
	int width;     /* negative: left-aligned. 0: what the screen gives for it (layout.width) */
	int room;      /* it may take so many columns more, where there are */
	unsigned rank; /* 0: always shown; else the order in which columns come as the width grows */
	cell_fn cell;
};

#define COLUMNS_MAX 24

/* Which columns are shown, and where. */
struct layout {
	size_t first_hidden; /* h and l: how many columns that are not always shown are scrolled out to the
				left */
	int width[COLUMNS_MAX];
	bool left[COLUMNS_MAX]; /* left-aligned */
	int at[COLUMNS_MAX];    /* -1: hidden */
};

/*
 * Fits the columns (ended by a NULL title) into `cols` from column `from` on. layout->width[i] must hold the
 * width of a column whose own is 0. Columns that do not fit are left out, the highest rank first.
 */
void columns_fit(const struct column *columns, struct layout *layout, int from, int cols);
/* Heads; `sorted` (or -1) with ▲ or ▼. */
void columns_head(const struct column *columns, const struct layout *layout, const struct area *row,
	int sorted, bool descending);
void columns_row(const struct column *columns, const struct layout *layout, struct view *view, size_t i,
	const struct area *row);
/* LEFT and RIGHT: scrolls hidden columns in; false where there is nothing to scroll. */
bool columns_scroll(const struct column *columns, struct layout *layout, enum action action);
/* The column whose head or cell is at col, or -1. */
int columns_at(const struct column *columns, const struct layout *layout, int col);

#endif
