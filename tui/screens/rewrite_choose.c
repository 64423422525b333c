/* SPDX-License-Identifier: MIT */
/* Choose: the block groups that have or could have a cache, with marks. */
#include "rewrite.h"
#include "words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Without any mark every one that is not WRITTEN is taken. */
static bool taken(const struct record *record, size_t marked)
{
	return marked ? record->marked : !record->group.pending && record->group.state != FSR_STATE_WRITTEN;
}

bool rewrite_collect(struct rewrite_view *r)
{
	const struct tab *tab = r->view.tab;
	uint32_t *grown = realloc(r->candidates, (tab->ngroups + 1) * sizeof *grown);

	r->version = tab->version;
	if (!grown)
		return false;
	r->candidates = grown;
	r->ncandidates = 0;
	for (size_t i = 0; i < tab->ngroups; i++)
		if (tab->records[i].group.pending || tab->records[i].group.state != FSR_STATE_NONE)
			grown[r->ncandidates++] = (uint32_t)i;
	return true;
}

int rewrite_address_end(const struct rewrite_view *r)
{
	const struct tab *tab = r->view.tab;
	char text[24];

	if (!tab->ngroups)
		return 13;
	snprintf(text, sizeof text, "%" PRIu64, tab->records[tab->ngroups - 1].group.bytenr);
	return strlen(text) < 9 ? 13 : 4 + (int)strlen(text);
}

/* Behind the address: type, size, state, verdict, reason. */
#define TYPE 1
#define STATE 2
#define VERDICT 13
#define REASON 24
#define REASON_COLS 18

static int size_end(const struct rewrite_view *r)
{
	return rewrite_address_end(r) + (r->view.ui->raw ? 18 : 12);
}

static void draw_row(struct view *view, size_t i, const struct area *row)
{
	const struct rewrite_view *r = (const struct rewrite_view *)view;
	const struct record *record = &view->tab->records[r->candidates[i]];
	const struct fsr_finding_info *reason = fsr_finding_info(record->group.reason);
	int severity = record_severity(record);
	int end = rewrite_address_end(r), sizes = size_end(r);
	char address[24], size[SIZE_SHORT];

	put(row, 0, 1, STYLE_PLAIN, taken(record, r->marked) ? "*" : " ");
	put(row, 0, 2, severity_style(severity), severity_letter(severity));
	snprintf(address, sizeof address, "%" PRIu64, record->group.bytenr);
	put_right(row, 0, end, STYLE_PLAIN, address);
	put(row, 0, end + TYPE, STYLE_PLAIN, type_short(record->group.flags));
	put_right(row, 0, sizes, STYLE_PLAIN, ui_size(view->ui, record->group.length, size));
	put(row, 0, sizes + STATE, record->group.pending ? STYLE_PENDING : state_style(record->group.state),
		state_word(record));
	put(row, 0, sizes + VERDICT, verdict_style(record->group.verdict), verdict_word(record));
	if (row->cols >= sizes + REASON + REASON_COLS)
		put(row, 0, sizes + REASON, STYLE_PLAIN, reason ? reason->name : "");
}

/* Whether there is anything to do: without marks every right cache is left as it is. */
static bool nothing_to_do(const struct rewrite_view *r)
{
	for (size_t i = 0; i < r->ncandidates; i++)
		if (taken(&r->view.tab->records[r->candidates[i]], r->marked))
			return false;
	return r->view.tab->complete;
}

void rewrite_draw_choose(struct rewrite_view *r, const struct area *area)
{
	struct area list = area_part(area, 3, 0, area->rows - 3, area->cols);

	r->marked = rewrite_marked(r);
	if (r->ncandidates == 0) {
		put(area, 1, 1, STYLE_PLAIN, "No block group here keeps a v1 cache: nothing to rewrite.");
		return;
	}
	if (r->marked)
		putf(area, 0, 1, STYLE_PLAIN, "%zu of %zu marked", r->marked, r->ncandidates);
	else if (nothing_to_do(r))
		put(area, 0, 1, STYLE_OK,
			"Every eligible cache is WRITTEN: nothing to rewrite (Space marks one).");
	else
		put(area, 0, 1, STYLE_PLAIN, "nothing marked: every eligible cache that is not WRITTEN (*)");
	put_right(area, 2, rewrite_address_end(r), STYLE_HEAD, "address");
	put(area, 2, rewrite_address_end(r) + TYPE, STYLE_HEAD, "type");
	put_right(area, 2, size_end(r), STYLE_HEAD, "size");
	put(area, 2, size_end(r) + STATE, STYLE_HEAD, "state");
	put(area, 2, size_end(r) + VERDICT, STYLE_HEAD, "verdict");
	if (area->cols >= size_end(r) + REASON + REASON_COLS)
		put(area, 2, size_end(r) + REASON, STYLE_HEAD, "reason");
	list_draw(&r->list, &r->view, &list, draw_row, true);
}
