/* SPDX-License-Identifier: MIT */
/* How styles and marks look on this terminal. */
#ifndef TUI_TERM_LOOK_H
#define TUI_TERM_LOOK_H

#include "term.h"

#include <curses.h>

/* Chooses between 256 colours, 8 and none, and makes the colour pairs. After newterm(). */
void look_open(enum term_colour colour);
/* Attributes of a style with a set of marks; *pair gets the colour pair. */
attr_t look_of(unsigned style, unsigned marks, short *pair);

#endif
