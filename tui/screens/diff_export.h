/* SPDX-License-Identifier: MIT */
/* Diff as a document and as text. Both read the ranges of every block group again, as they go. */
#ifndef TUI_SCREENS_DIFF_EXPORT_H
#define TUI_SCREENS_DIFF_EXPORT_H

#include "screen.h"

/*
 * The document that `spacescope --format json diff` writes, from any screen's view: of all block groups, or
 * (from Diff) of those that are shown, with the ranges that the filter lets pass. 0, or -1 with errno set:
 * ENOTSUP for a report without ranges.
 */
int diff_export(struct view *view, FILE *out, bool all);
/* All headings that are shown, with all of their ranges cut at the ends of holders. 0, or -1 with errno set.
 */
int diff_export_text(struct view *view, FILE *out, int cols);

#endif
