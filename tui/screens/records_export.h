/* SPDX-License-Identifier: MIT */
/* The documents that `spacescope groups` and `validate` write, from a tab's records. 0, or -1 with errno set.
 */
#ifndef TUI_SCREENS_RECORDS_EXPORT_H
#define TUI_SCREENS_RECORDS_EXPORT_H

#include "../../inspect/report/export.h"
#include "screen.h"

/* chosen[i] says whether record i is to be in it; NULL: all are, and the findings about the filesystem too.
 */
int groups_export(struct view *view, FILE *out, const bool *chosen);
/* With these findings alone; NULL: with all of them. */
int validate_export(struct view *view, FILE *out, const struct fsr_finding *findings, size_t n);

/* Parts of such documents, for those of other commands. Opens one: of the image, or of what a report told. */
void records_open(const struct tab *tab, struct json_stream *json, const char *command);
/* Findings of the chosen records in their order; with NULL of all, then those of the filesystem, as the
 * commands have them. To be freed; NULL: no memory. */
struct fsr_finding *records_findings(const struct tab *tab, const bool *chosen, size_t *n);
/* 0, or -1 with errno set where the document could not be made or written. */
int records_outcome(const struct json_stream *json);

#endif
