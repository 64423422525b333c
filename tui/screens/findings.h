/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREENS_FINDINGS_H
#define TUI_SCREENS_FINDINGS_H

#include "explain.h"
#include "filter.h"
#include "list.h"

/* Where a row's finding stands: in a record, or for NO_RECORD among those about the filesystem. */
#define NO_RECORD UINT32_MAX
struct finding_row {
	uint32_t record, index;
};

struct findings_view {
	struct view view;
	struct list list;
	struct finding_row *rows; /* filtered, worst first, then by address */
	size_t room, all;
	unsigned version;        /* of the tab, when the rows were made */
	struct fsr_finding kept; /* a copy of the one under the cursor: records come and go */
	struct filter filter;
	bool pane; /* the lower one is active */
	int pane_row;
	size_t pane_top, pane_end; /* first line shown, and the last that may be */
	struct prose prose;
	/* What is shown beside the list: looked up once for each finding. */
	struct fsr_finding beside_of;
	unsigned beside_version; /* of the tab */
	bool has_beside;
	struct place beside;
};

/* findings_place.c */

/* Where the finding under the cursor lies: for Enter, and for the preview. */
bool findings_enter(struct view *view, struct place *place);
bool findings_beside(struct view *view, struct place *place);

/* The finding under the cursor; NULL: there is none. */
const struct fsr_finding *findings_cursor(const struct findings_view *f);

/* findings_draw.c */
void findings_draw(struct view *view, const struct area *area);
void findings_draw_row(struct view *view, size_t i, const struct area *row);
void findings_draw_heads(struct view *view, const struct area *row);

/* findings_rows.c */

/* Makes the rows anew; the cursor goes to the finding in `kept`. false: no memory, no rows. */
bool findings_collect(struct findings_view *f);
const struct fsr_finding *findings_row(const struct findings_view *f, size_t row);
/* The record of the row's block group, NULL for none. */
const struct record *findings_record(const struct findings_view *f, size_t row);
/* "cache-crc"; a code that only a newer version knows is "unknown". */
const char *findings_code(const struct fsr_finding *finding);

#endif
