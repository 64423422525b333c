/* SPDX-License-Identifier: MIT */
/* Giving the terminal back from a signal handler, with nothing but calls that are safe there. */
#ifndef TUI_TERM_CRASH_H
#define TUI_TERM_CRASH_H

#include <stdbool.h>
#include <stddef.h>

/* Remembers the modes of terminal `in` and what has to be written to `out` (kept, not copied), and catches
 * the signals of a crash. false: `in` is no terminal. */
bool crash_open(int in, int out, const char *restore, size_t size);
/* Gives the signals of a crash back. */
void crash_close(void);
/* Whether the terminal is ours now, so that there is something to give back. */
void crash_shield(bool ours);
/* Whether the process may use its terminal: it is not in the background. */
bool crash_foreground(void);
/* Gives the terminal back, once. Safe in signal handlers and in any thread. */
void crash_give_back(void);
/* Lets a signal that was caught do what it does when nobody catches it. */
void crash_let_die(int signal);

#endif
