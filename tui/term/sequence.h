/* SPDX-License-Identifier: MIT */
/*
 * Sequences that curses doesn't decode: the mouse, of which it loses what comes in quick succession, and
 * those that it doesn't know, whose letters must not act as keys.
 */
#ifndef TUI_TERM_SEQUENCE_H
#define TUI_TERM_SEQUENCE_H

#include "term.h"

/* Leaves the mouse off again, on a terminal that has one. */
#define MOUSE_OFF "\033[?1006;1000l"

/* Switches the mouse on or off if the terminal has one. */
void mouse_switch(bool on);
/* Reads on after an escape character: KEY_IS_ESCAPE when it stands alone, KEY_IS_OTHER, a click or the wheel,
 * or KEY_IS_NONE for what the mouse has done else. */
struct term_input sequence_read(void);

#endif
