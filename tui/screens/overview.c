/* SPDX-License-Identifier: MIT */
/* Overview: one row for each block group. */
#include "overview.h"

#include "../term/clock.h"
#include "map_place.h"
#include "records_export.h"
#include "screens.h"
#include "words.h"

#include <stdlib.h>

/* Sorted by something that is still coming in, rows move at most this often. */
#define SORT_MS 500
/* The list begins behind mark, severity and a blank. */
#define MARKS 3

static struct overview *self(struct view *view)
{
	return (struct overview *)view;
}

const struct record *overview_record(const struct overview *o, size_t row)
{
	return &o->view.tab->records[o->order[row]];
}

struct record *overview_cursor(const struct overview *o)
{
	return o->list.count ? &o->view.tab->records[o->order[o->list.cursor]] : NULL;
}

void overview_keep_cursor(struct overview *o)
{
	const struct record *record = overview_cursor(o);

	if (record)
		o->bytenr = record->group.bytenr;
}

static bool overview_open(struct view *view)
{
	struct overview *o = self(view);

	o->sort = OVERVIEW_ADDRESS;
	return overview_reorder(o);
}

static void overview_close(struct view *view)
{
	free(self(view)->order);
}

static void overview_show(struct view *view, const struct place *place)
{
	const struct record *record = tab_record(view->tab, place->group);

	if (!record)
		return;
	self(view)->bytenr = record->group.bytenr;
	overview_reorder(self(view));
}

static void overview_here(const struct view *view, struct place *place)
{
	const struct record *record = overview_cursor((const struct overview *)view);

	*place = (struct place){.screen = SCREEN_OVERVIEW};
	if (record)
		place->group = place->address = record->group.bytenr;
}

static bool overview_update(struct view *view)
{
	struct overview *o = self(view);
	bool moves = o->sort != OVERVIEW_ADDRESS || *o->view.filtered_by;

	if (o->version == view->tab->version)
		return false;
	if (moves && !view->tab->complete && clock_ms() - o->sorted_ms < SORT_MS)
		return false;
	o->sorted_ms = clock_ms();
	overview_keep_cursor(o);
	return overview_reorder(o);
}

/* ---- drawing */

static void draw_row(struct view *view, size_t i, const struct area *row)
{
	struct overview *o = self(view);
	const struct record *record = overview_record(o, i);
	int severity = record_severity(record);

	if (record->marked)
		put(row, 0, 0, STYLE_PLAIN, "*");
	put(row, 0, 1, severity_style(severity), severity_letter(severity));
	columns_row(overview_columns, &o->layout, view, i, row);
}

static void draw_heads(struct view *view, const struct area *row)
{
	struct overview *o = self(view);

	overview_widths(o, row->cols);
	columns_fit(overview_columns, &o->layout, MARKS, row->cols - MARKS);
	columns_head(overview_columns, &o->layout, row, o->sort, o->descending);
}

static void draw_empty(const struct overview *o, const struct area *area)
{
	if (!o->view.tab->ngroups) {
		put(area, 1, 1, STYLE_PLAIN, "This filesystem has no block groups.");
		return;
	}
	put_untrusted(area, 1, put(area, 1, 1, STYLE_PLAIN, "no block group matches: "), area->cols - 26,
		STYLE_PLAIN, o->view.filtered_by);
}

static void overview_draw(struct view *view, const struct area *area)
{
	struct overview *o = self(view);
	struct area heads, rows;

	o->head_row = overview_head(o, area);
	heads = area_part(area, o->head_row, 0, 1, area->cols);
	rows = area_part(area, o->head_row + 1, 0, area->rows - o->head_row - 1, area->cols);
	draw_heads(view, &heads);
	if (o->list.count)
		list_draw(&o->list, view, &rows, draw_row, !view->preview);
	else
		draw_empty(o, &rows);
}

static void overview_sentence(struct view *view, struct sentence *out)
{
	const struct record *record = overview_cursor(self(view));

	if (record)
		group_sentence(view->ui, record, out);
}

static void overview_position(struct view *view, char *out, size_t size)
{
	list_position(&self(view)->list, out, size);
}

static void row_text(
	struct view *view, size_t i, char *text, size_t size, uint64_t *address, uint64_t *length)
{
	const struct record *record = overview_record(self(view), i);
	size_t used = 0;

	*address = record->group.bytenr;
	*length = record->group.length;
	for (size_t k = 0; k < OVERVIEW_COLUMNS && used < size; k++) {
		enum style style;
		char cell[160] = "";

		if (k == OVERVIEW_BAR)
			continue;
		overview_columns[k].cell(view, i, cell, &style);
		used += (size_t)snprintf(text + used, size - used, "%s ", cell);
	}
}

static bool overview_find(
	struct view *view, const struct needle *needle, int direction, size_t *number, size_t *count)
{
	struct overview *o = self(view);
	bool found = list_find(&o->list, view, row_text, needle, direction, number, count);

	overview_keep_cursor(o);
	return found;
}

static bool overview_filter(
	struct view *view, const char *words, struct sentence *err, size_t *shown, size_t *all)
{
	struct overview *o = self(view);
	struct filter filter;
	char why[160];

	if (!filter_parse(&filter, words, FILTER_ALL & ~FILTER_DIFFERENCE, why, sizeof why)) {
		sentence_set(err, STYLE_ERROR, "%s", why);
		return false;
	}
	o->filter = filter;
	overview_reorder(o);
	*shown = o->list.count;
	*all = view->tab->ngroups;
	return true;
}

/* ---- export */

static void overview_shown(struct view *view, char *out, size_t size)
{
	const struct overview *o = (const struct overview *)view;

	snprintf(out, size, "rows shown: %zu of %zu%s%s", o->list.count, view->tab->ngroups,
		*o->view.filtered_by ? ", filter " : "", o->view.filtered_by);
}

static int overview_export_text(struct view *view, FILE *out, int cols)
{
	struct overview *o = self(view);
	struct canvas canvas = {.ascii = view->ui->canvas.ascii};
	struct area area;
	int ret;

	if (!canvas_resize(&canvas, 2, cols))
		return -1;
	area = canvas_area(&canvas);
	overview_head(o, &area);
	canvas_write(&canvas, out);
	canvas_free(&canvas);
	ret = list_write(&o->list, view, draw_row, draw_heads, out, cols);
	return ret;
}

static int overview_export_json(struct view *view, FILE *out, bool all)
{
	const struct overview *o = (const struct overview *)view;
	bool *chosen = all ? NULL : calloc(view->tab->ngroups + 1, sizeof *chosen);
	int ret;

	if (!all && !chosen)
		return -1;
	for (size_t row = 0; chosen && row < o->list.count; row++)
		chosen[o->order[row]] = true;
	ret = groups_export(view, out, chosen);
	free(chosen);
	return ret;
}

static const struct key_hint hints[] = {
	{ACTION_OPEN, "Cache"},
	{ACTION_MARK, "Mark"},
	{ACTION_SORT, "Sort"},
	{ACTION_FILTER, "Filter"},
	{ACTION_WHY, "Why"},
	{ACTION_NEXT_WRONG, "Next"},
	{ACTION_SEARCH, "Find"},
	{ACTION_EXPORT, "Export"},
	{ACTION_GO, "Go"},
	{ACTION_MARK_ALL, "Mark all"},
	{ACTION_UNITS, "Units"},
	{ACTION_NONE, NULL},
};

const struct screen overview_screen = {
	.id = SCREEN_OVERVIEW,
	.letter = 'O',
	.name = "Overview",
	.command = "groups",
	.size = sizeof(struct overview),
	.hints = hints,
	.has_preview = true,
	.of_groups = true,
	.open = overview_open,
	.close = overview_close,
	.show = overview_show,
	.here = overview_here,
	.update = overview_update,
	.draw = overview_draw,
	.enter = overview_enter,
	.act = overview_act,
	.sentence = overview_sentence,
	.position = overview_position,
	.click = overview_click,
	.find = overview_find,
	.filter = overview_filter,
	.shown = overview_shown,
	.export_json = overview_export_json,
	.export_text = overview_export_text,
};
