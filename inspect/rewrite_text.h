/* SPDX-License-Identifier: MIT */
/* A rewrite as text: each event as it happens, then what became of every block group that took part. */
#ifndef INSPECT_REWRITE_TEXT_H
#define INSPECT_REWRITE_TEXT_H

#include "../libfswrite/fswrite.h"
#include "options.h"

/* One line, written out at once; none for a phase. *titled: whether the titles stand over the first one
 * already. */
void rewrite_print_event(const struct fsw_event *event, bool *titled);

/* The table, the summary and how to take it back. */
void rewrite_print_result(const struct settings *settings, const struct fsw_result *result);

#endif
