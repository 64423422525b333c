/* SPDX-License-Identifier: MIT */
/* What is typed, from curses to term_read(). */
#ifndef TUI_TERM_KEYS_H
#define TUI_TERM_KEYS_H

#include "term.h"

/* Makes curses read keys one by one, at once, and the mouse. After newterm(). */
void keys_open(void);
/* The next key or KEY_IS_NONE. */
struct term_input keys_read(void);

#endif
