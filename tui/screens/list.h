/* SPDX-License-Identifier: MIT */
/* A list of rows with a cursor: moving, scrolling, searching. What the rows are is the screen's to say. */
#ifndef TUI_SCREENS_LIST_H
#define TUI_SCREENS_LIST_H

#include "screen.h"

struct list {
	size_t count, cursor, top;
	int rows; /* of the last drawing */
};

/* Draws row i on a one-row area. */
typedef void (*list_row_fn)(struct view *view, size_t i, const struct area *row);
/* The text of row i that is searched, and the address range it stands for (length 0: none). */
typedef void (*list_text_fn)(
	struct view *view, size_t i, char *text, size_t size, uint64_t *address, uint64_t *length);

/* Another number of rows; the cursor stays on its row where there is one. */
void list_resize(struct list *list, size_t count);
void list_to(struct list *list, size_t row);
/* Moves by an action; false: it is not one that moves. */
bool list_act(struct list *list, enum action action);
void list_wheel(struct list *list, int direction);
/* Scrolls so that the cursor is seen, and draws. active: the cursor row is marked. */
void list_draw(struct list *list, struct view *view, const struct area *area, list_row_fn row, bool active);
/* A click on row `row` of the area. true: the cursor was there already. */
bool list_click(struct list *list, int row);
/* See struct screen's find. */
bool list_find(struct list *list, struct view *view, list_text_fn text, const struct needle *needle,
	int direction, size_t *number, size_t *count);
/* "4/170" */
void list_position(const struct list *list, char *out, size_t size);
/* All rows as text, for export_text: with `head` (may be NULL) drawn as first line. */
int list_write(struct list *list, struct view *view, list_row_fn row,
	void (*head)(struct view *view, const struct area *row), FILE *out, int cols);
/* Whether text holds the needle's text, without regard to case. */
bool needle_in(const struct needle *needle, const char *text);

#endif
