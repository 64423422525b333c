/* SPDX-License-Identifier: MIT */
/* The terminal: the only part that knows curses. Restored on every way out, see signals.h. */
#ifndef TUI_TERM_TERM_H
#define TUI_TERM_TERM_H

#include "canvas.h"

enum term_colour { TERM_COLOUR_AUTO, TERM_COLOUR_ALWAYS, TERM_COLOUR_NEVER };

struct term_options {
	enum term_colour colour; /* AUTO: not with NO_COLOR, not where the terminal has none */
	bool ascii;              /* also outside UTF-8, and where "█" is not one column wide */
};

/* Keys beside characters. Characters come as their code points. */
enum term_key {
	KEY_IS_NONE = -1, /* nothing is waiting */
	KEY_IS_UP = 0x200000,
	KEY_IS_DOWN,
	KEY_IS_LEFT,
	KEY_IS_RIGHT,
	KEY_IS_PAGE_UP,
	KEY_IS_PAGE_DOWN,
	KEY_IS_HOME,
	KEY_IS_END,
	KEY_IS_ENTER,
	KEY_IS_BACKSPACE,
	KEY_IS_DELETE,
	KEY_IS_TAB,
	KEY_IS_BACKTAB,
	KEY_IS_ESCAPE,
	KEY_IS_F1,
	KEY_IS_F10,
	KEY_IS_CLICK,
	KEY_IS_WHEEL_UP,
	KEY_IS_WHEEL_DOWN,
	KEY_IS_OTHER, /* a key that means nothing here */
};

struct term_input {
	int key;      /* a code point (control characters too: Ctrl-L is 12) or an enum term_key */
	int row, col; /* of a click or the wheel */
};

/*
 * Sets up terminal and signals. NULL, or a sentence why it can't be done (stdin or stdout is no terminal,
 * TERM is not known), in which case nothing was changed.
 */
const char *term_open(const struct term_options *options);
/* Gives the terminal back as it was. May be called twice. */
void term_close(void);
/* Name and version of the library under it. */
const char *term_library(void);
/* Whether only ASCII is to be drawn. */
bool term_ascii(void);
/* Whether memory ran out for another size of the terminal: nothing is shown any more, no key comes, and a
 * request to end was made. */
bool term_lost(void);
/* The terminal's size, at least 1 x 1. */
void term_size(int *rows, int *cols);
/* Shows the canvas; the cursor is hidden, or at cursor_row, cursor_col where that is not negative. */
void term_show(const struct canvas *canvas, int cursor_row, int cursor_col);
/* Draws everything anew at the next term_show(). */
void term_redraw(void);
/* The next key, or KEY_IS_NONE at once. A lone Escape is one after 25 ms. */
struct term_input term_read(void);
/* Gives the terminal back, stops the process as Ctrl-Z does, and goes on after `fg`. */
void term_suspend(void);

#endif
