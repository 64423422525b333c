/* SPDX-License-Identifier: MIT */
#include "diff_export.h"

#include "../ui.h"
#include "diff.h"
#include "records_export.h"
#include "screens.h"

#include <errno.h>
#include <stdlib.h>

static bool has_ranges(const struct tab *tab)
{
	return tab_has_image(tab) || tab->image->has_ranges;
}

/* ---- the document */

struct document {
	struct json_stream json;
	const struct diff *shown; /* whose filter counts; NULL: all pass */
	const struct record *record;
};

static bool is_wanted(const struct document *document, bool excess)
{
	return !document->shown ||
	       diff_passes(document->shown, document->record, excess ? DIFF_EXCESS : DIFF_MISSING);
}

static int put_range(void *arg, const struct fsr_diff_range *range)
{
	struct document *document = arg;

	if (is_wanted(document, range->excess))
		json_put(&document->json, NULL, report_diff_range(range));
	return json_stopped(&document->json);
}

/* A failure costs this block group only. */
static void put_group(const struct tab *tab, struct document *document)
{
	uint64_t bytes[DIFF_KINDS];

	export_group_open(&document->json, &document->record->group);
	if (record_differs(document->record, bytes))
		diff_ranges(tab, document->record->group.bytenr, put_range, document, NULL);
	export_group_close(&document->json);
}

static bool *choose(const struct tab *tab, const struct diff *d)
{
	bool *chosen = calloc(tab->ngroups + 1, sizeof *chosen);

	for (size_t i = 0; chosen && i < d->nheadings; i++)
		chosen[d->headings[i].record] = true;
	return chosen;
}

static int write_document(const struct tab *tab, struct document *document, const bool *chosen)
{
	struct json_stream *json = &document->json;
	size_t n;
	struct fsr_finding *findings = records_findings(tab, chosen, &n);

	if (!findings)
		return -1;
	records_open(tab, json, "diff");
	json_open(json, "block_groups", '[');
	for (size_t i = 0; i < tab->ngroups && !json_stopped(json); i++) {
		document->record = &tab->records[i];
		if (!chosen || chosen[i])
			put_group(tab, document);
	}
	json_close(json, ']');
	export_findings(json, findings, n);
	export_close(json, tab->trouble.code ? &tab->trouble : NULL);
	free(findings);
	return records_outcome(json);
}

int diff_export(struct view *view, FILE *out, bool all)
{
	const struct diff *d = all || view->screen != &diff_screen ? NULL : diff_of(view);
	struct document document = {.json = {.out = out}, .shown = d};
	bool *chosen = NULL;
	int ret;

	if (!has_ranges(view->tab)) {
		errno = ENOTSUP;
		return -1;
	}
	if (d) {
		chosen = choose(view->tab, d);
		if (!chosen)
			return -1;
	}
	ret = write_document(view->tab, &document, chosen);
	free(chosen);
	return ret;
}

/* ---- text */

struct text_export {
	struct diff *d;
	const struct record *record;
	FILE *out;
	struct canvas canvas;
	struct area line;
	size_t n;
	struct diff_row *rows; /* DIFF_WINDOW of them, for which what says so is looked up together */
};

static void write_line(struct text_export *e)
{
	canvas_write(&e->canvas, e->out);
	canvas_clear(&e->canvas);
}

static void write_rows(struct text_export *e)
{
	const struct tab *tab = e->d->view.tab;

	if (tab_has_image(tab))
		says_fill(tab->fs, e->record->group.bytenr, tab->facts.sectorsize, e->rows, e->n);
	for (size_t i = 0; i < e->n; i++) {
		diff_draw_range(e->d, &e->rows[i], &e->line);
		write_line(e);
	}
	e->n = 0;
}

static int take_range(void *arg, const struct fsr_diff_range *range)
{
	struct text_export *e = arg;

	if (!diff_passes(e->d, e->record, range->excess ? DIFF_EXCESS : DIFF_MISSING))
		return 0;
	e->rows[e->n++] =
		(struct diff_row){.range = *range, .run_bytenr = range->bytenr, .run_length = range->length};
	e->rows[e->n - 1].says.kind = range->excess ? SAYS_UNKNOWN : SAYS_NOTHING;
	if (e->n == DIFF_WINDOW)
		write_rows(e);
	return ferror(e->out);
}

static void write_all(struct text_export *e)
{
	struct diff *d = e->d;

	diff_head(d, &e->line);
	write_line(e);
	diff_draw_heads(&d->view, &e->line);
	write_line(e);
	for (size_t i = 0; i < d->nheadings && !ferror(e->out); i++) {
		e->record = diff_record(d, &d->headings[i]);
		diff_draw_heading(d, &d->headings[i], &e->line);
		write_line(e);
		if (has_ranges(d->view.tab))
			diff_ranges(d->view.tab, e->record->group.bytenr, take_range, e, NULL);
		write_rows(e);
	}
}

int diff_export_text(struct view *view, FILE *out, int cols)
{
	struct text_export e = {.d = diff_of(view), .out = out, .canvas = {.ascii = view->ui->canvas.ascii}};

	e.rows = calloc(DIFF_WINDOW, sizeof *e.rows);
	if (!e.rows || !canvas_resize(&e.canvas, 1, cols)) {
		free(e.rows);
		return -1;
	}
	e.line = canvas_area(&e.canvas);
	write_all(&e);
	canvas_free(&e.canvas);
	free(e.rows);
	return ferror(out) ? -1 : 0;
}
