/* SPDX-License-Identifier: MIT */
/* A line of text that is being typed. */
#ifndef TUI_OVERLAYS_EDIT_H
#define TUI_OVERLAYS_EDIT_H

#include "../term/canvas.h"

#define EDIT_SIZE 512

/* Begins zeroed. Holds whole UTF-8 characters that can be seen, nothing else. */
struct edit {
	char text[EDIT_SIZE];
	size_t length, cursor; /* bytes; the cursor stands before the character at text[cursor] */
	size_t left;           /* where the shown part begins */
};

enum edit_result { EDIT_NOT_WANTED, EDIT_MOVED, EDIT_CHANGED };

/* Puts a text there with the cursor behind it; what may not be in it is left out. */
void edit_set(struct edit *edit, const char *text);
/* A key of term/term.h: typing, Left, Right, Home, End, Backspace, Delete, Ctrl-U. */
enum edit_result edit_key(struct edit *edit, int key);
/* Draws on the first row of the area, scrolled so that the cursor is seen; gives the cursor's column. */
int edit_draw(struct edit *edit, const struct area *area, enum style style);

#endif
