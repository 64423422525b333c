/* SPDX-License-Identifier: MIT */
/* A framed box in the middle of a screen's body, or of all of a small screen. */
#ifndef TUI_OVERLAYS_BOX_H
#define TUI_OVERLAYS_BOX_H

#include "../term/canvas.h"

/* Columns of the text where there is room; rows are as many as the text needs. */
#define BOX_COLS 68

/* How many columns of text a box of at most `cols` of them has on this screen. */
int box_cols(const struct area *whole, int cols);
/*
 * Clears and draws a box for `rows` rows of `cols` columns, as much of it as there is room for, and gives the
 * area within. On a screen too small for a frame there is none.
 */
struct area box_draw(const struct area *whole, const char *title, int rows, int cols);

/* A key and what it does; ends with NULL. */
struct box_key {
	const char *key, *word;
};
/* As many whole ones as there is room for in the last row of the area; words are left out where it is narrow.
 */
void box_keys(const struct area *area, const struct box_key *keys);

#endif
