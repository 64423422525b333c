/* SPDX-License-Identifier: MIT */
/* Writing that takes long can be stopped. */
#ifndef TUI_OVERLAYS_EXPORT_WATCH_H
#define TUI_OVERLAYS_EXPORT_WATCH_H

#include <stdbool.h>
#include <stdio.h>

struct export_watch {
	FILE *out; /* where it goes */
	long long begin_ms;
	bool stopped;
};

/*
 * A stream to write to in place of `out`. After half a second Esc, Ctrl-C or a signal that asks to end make
 * it fail with ECANCELED; other keys typed meanwhile are lost. NULL with errno set: there is none. To be
 * ended with export_watch_end().
 */
FILE *export_watch_begin(struct export_watch *watch, FILE *out);
/* Writes what is left, and closes the stream; `ret` is what writing came to. 0, or -1 with errno set. */
int export_watch_end(struct export_watch *watch, FILE *stream, int ret);

#endif
