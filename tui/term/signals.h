/* SPDX-License-Identifier: MIT */
/*
 * Signals, and waking up. Handlers only write one byte into a pipe; those of a crash (SIGSEGV, SIGBUS,
 * SIGILL, SIGFPE, SIGABRT, in any thread), and a second request to end while the first was not heeded, give
 * the terminal back themselves, with write() and tcsetattr() alone, and let the signal do its work.
 */
#ifndef TUI_TERM_SIGNALS_H
#define TUI_TERM_SIGNALS_H

#include <stdbool.h>
#include <stddef.h>

enum wake {
	WAKE_NONE = 0,
	WAKE_KEY = 1,     /* something was typed: read until there is no more */
	WAKE_RESIZE = 2,  /* SIGWINCH, or the process had been stopped */
	WAKE_QUIT = 4,    /* SIGINT, SIGTERM, SIGHUP, SIGQUIT, or the terminal is gone */
	WAKE_SUSPEND = 8, /* SIGTSTP */
	WAKE_WORK = 16,   /* wake_up() was called */
};

/*
 * Catches the signals. Keys come from terminal `in`; `restore` is what has to be written to `out` to leave
 * the screen, kept, not copied. false: it can't be done, and nothing was changed. Called by term_open().
 * SIGINT, SIGQUIT and SIGHUP stay ignored where they were (nohup).
 */
bool signals_open(int in, int out, const char *restore, size_t size);
void signals_close(void);
/* The number of the signal that asked to end, or 0. */
int signals_ended_by(void);
/*
 * Waits until something happens or the time is over (-1: for ever); a set of enum wake. A request to end is
 * heeded once it was handed over here. Another one that comes half a second or more after one that was not
 * ends the process; sooner it is taken for the same one: a hang-up comes from the kernel and from the shell.
 */
unsigned signals_wait(int milliseconds);
/* signals_wait() comes back with WAKE_QUIT, as after a signal that asks to end. */
void signals_ask_to_end(void);
/* From any thread, at any time: signals_wait() comes back with WAKE_WORK. */
void wake_up(void);

/* For term.c: stops the process and its job as Ctrl-Z does, unless whoever started it forbade that (SIGTSTP
 * ignored). Comes back when it goes on. */
void signals_stop(void);
/* Whether a request to end waits to be heeded. */
bool signals_quit_pending(void);
/* Whether the process was stopped and went on since this was last asked. */
bool signals_continued(void);

#endif
