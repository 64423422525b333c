/* SPDX-License-Identifier: MIT */
/* Commit and Result: each block group on its way, by the engine's own events. */
#include "prose.h"
#include "rewrite.h"
#include "words.h"

#include <inttypes.h>

/* So many of the last states are shown: more come of an allocation that had to be repeated. */
#define STATES_SHOWN 4

int rewrite_put_states(const struct area *row, int col, const enum fsr_state *states, unsigned n, bool stands)
{
	unsigned first = n > STATES_SHOWN ? n - STATES_SHOWN : 0;

	for (unsigned i = first; i < n; i++) {
		bool unproven = states[i] == FSR_STATE_WRITTEN && !stands;

		if (i > first || first)
			col = put(row, 0, col, STYLE_DIM, i == first ? "… " : " › ");
		col = putf(row, 0, col, state_style(states[i]), unproven ? "(%s)" : "%s",
			fsr_state_name(states[i]));
	}
	return col;
}

static bool stands(const struct rewrite_view *r)
{
	return r->step == REWRITE_RESULT ? r->result && r->result->committed
					 : r->phase > FSW_PHASE_FLUSH_SUPER;
}

static void draw_row(struct view *view, size_t i, const struct area *row)
{
	const struct rewrite_view *r = (const struct rewrite_view *)view;
	const struct rewrite_row *at = &r->rows[i];
	int end = rewrite_address_end(r), col;
	char address[24];

	snprintf(address, sizeof address, "%" PRIu64, at->bytenr);
	put_right(row, 0, end, STYLE_PLAIN, address);
	put(row, 0, end + 1, STYLE_PLAIN, type_short(at->flags));
	col = rewrite_put_states(row, end + 6, at->states, at->nstates, stands(r));
	put_untrusted(row, 0, col + 1, row->cols - col - 1, STYLE_PLAIN, at->text);
}

/* "[serialise] › check › write": the phase at hand in brackets, what is over before it. */
static void draw_phases(const struct rewrite_view *r, const struct area *area, int row)
{
	unsigned end = r->job && r->step == REWRITE_PLAN ? FSW_PHASE_CHECK + 1 : FSW_PHASE_COUNT;
	int col = 1;

	for (unsigned phase = 0; phase < end; phase++) {
		bool now = phase == (unsigned)r->phase;

		if (phase)
			col = put(area, row, col, STYLE_DIM, " › ");
		col = putf(area, row, col,
			now                          ? STYLE_PLAIN
			: phase < (unsigned)r->phase ? STYLE_OK
						     : STYLE_DIM,
			now ? "[%s]" : "%s", fsw_phase_name((enum fsw_phase)phase));
	}
}

static size_t count_written(const struct rewrite_view *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->nrows; i++)
		n += r->rows[i].nstates && r->rows[i].states[r->rows[i].nstates - 1] == FSR_STATE_WRITTEN;
	return n;
}

int rewrite_put_error(const struct rewrite_view *r, const struct area *area, int row)
{
	struct area below = area_part(area, row, 1, area->rows - row, area->cols - 2);
	struct prose prose = {0};
	int rows;

	prose_add(&prose, STYLE_PLAIN, 2, "%s", r->err.text);
	prose_mark(&prose, 0, STYLE_ERROR, "E");
	rows = (int)prose_draw(&prose, &below, 0);
	prose_free(&prose);
	return rows;
}

void rewrite_draw_commit(struct rewrite_view *r, const struct area *area)
{
	struct area list = area_part(area, 2, 0, area->rows - 4, area->cols);

	putf(area, 0, 1, STYLE_PLAIN, "caches  %zu of %zu serialised        super  %s", count_written(r),
		r->nrows, r->phase > FSW_PHASE_FLUSH_SUPER ? "new" : "old");
	if (r->list.count != r->nrows)
		list_resize(&r->list, r->nrows);
	list_draw(&r->list, &r->view, &list, draw_row, false);
	draw_phases(r, area, area->rows - 1);
}

/* How the filesystem fares that was written: as its own tab knows it. */
static void draw_fresh(const struct rewrite_view *r, const struct area *area, int row)
{
	const struct tab *fresh = r->fresh;
	size_t now[FSR_SEVERITY_DANGER + 1];
	int col;

	if (!fresh || fresh->kind != TAB_IMAGE) {
		put(area, row, 1, STYLE_ERROR, "E the filesystem that was written can't be opened");
		return;
	}
	tab_count_findings(fresh, now);
	col = put(area, row, 1, STYLE_PLAIN, "fresh validate: ");
	if (!fresh->complete)
		col = putf(area, row, col, STYLE_PENDING, "judged %zu/%zu", fresh->njudged, fresh->ngroups);
	else if (now[FSR_SEVERITY_DANGER] || now[FSR_SEVERITY_ERROR])
		col = putf(area, row, col, STYLE_ERROR, "%zu danger, %zu error", now[FSR_SEVERITY_DANGER],
			now[FSR_SEVERITY_ERROR]);
	else
		col = putf(area, row, col, STYLE_OK, "clean, %zu warning%s", now[FSR_SEVERITY_WARNING],
			now[FSR_SEVERITY_WARNING] == 1 ? "" : "s");
	putf(area, row, col, STYLE_PLAIN, "   (was: %zu danger, %zu error)", r->before[FSR_SEVERITY_DANGER],
		r->before[FSR_SEVERITY_ERROR]);
}

/* The command that takes it back; or where the copy is. */
static void draw_way_back(const struct rewrite_view *r, const struct area *area, int row)
{
	int col;

	if (r->result->noutputs) {
		col = put(area, row, 1, STYLE_PLAIN, "written to ");
		col = put_untrusted(area, row, col, area->cols - col, STYLE_PLAIN, r->result->outputs[0]);
		put(area, row, col, STYLE_PLAIN, r->fresh ? ", which has a tab of its own now (>)" : "");
		return;
	}
	col = put(area, row, 1, STYLE_PLAIN, "undo with: spacescope undo ");
	col = put_untrusted(area, row, col, area->cols - col, STYLE_PLAIN, r->view.tab->path);
	put_untrusted(area, row, col + 1, area->cols - col - 1, STYLE_PLAIN, r->undo);
}

static void draw_failure(const struct rewrite_view *r, const struct area *area)
{
	int row = 2 + rewrite_put_error(r, area, 1);

	if (r->to_copy || r->phase < FSW_PHASE_WRITE)
		put(area, row, 1, STYLE_PLAIN, "Nothing was written to the image.");
	else
		putf(area, row, 1, STYLE_PLAIN, "Generation %" PRIu64 " stands.", r->old_generation);
}

void rewrite_draw_result(struct rewrite_view *r, const struct area *area)
{
	struct area list = area_part(area, 1, 0, area->rows - 5, area->cols);
	const struct fsw_transaction *t = r->result ? &r->result->transaction : NULL;
	char size[SIZE_SHORT];

	if (!t) {
		draw_failure(r, area);
		return;
	}
	if (!r->result->committed) {
		put(area, 1, 1, STYLE_PLAIN, "There was nothing to do: nothing was written.");
		return;
	}
	if (list.rows > (int)r->nrows)
		list.rows = (int)r->nrows;
	list_draw(&r->list, &r->view, &list, draw_row, true);
	putf(area, 2 + list.rows, 1, STYLE_PLAIN, "tree blocks %" PRIu64 "   caches %s   flushes %" PRIu64,
		t->blocks_written, ui_size_long(r->view.ui, t->cache_bytes_written, size), t->flushes);
	draw_fresh(r, area, 3 + list.rows);
	draw_way_back(r, area, 4 + list.rows);
}
