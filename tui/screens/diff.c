/* SPDX-License-Identifier: MIT */
/* Diff: every range that caches or the free space tree have wrong, by block group. */
#include "diff.h"

#include "diff_export.h"
#include "places.h"
#include "screens.h"
#include "words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The rule and three lines; not under so many rows of the whole terminal. */
#define PANE_ROWS 4
#define PANE_FROM 18

static void diff_close(struct view *view)
{
	struct diff *d = diff_of(view);

	diff_stop(d);
	for (size_t i = 0; i < d->nheadings; i++)
		diff_forget(&d->headings[i]);
	free(d->headings);
	free(d->scale);
}

/* ---- places */

static void rebuild(struct diff *d)
{
	if (d->seen && d->version == d->view.tab->version)
		return;
	d->seen = diff_rebuild(d);
	d->version = d->view.tab->version;
	if (d->elsewhere) /* it may have turned up */
		diff_seek(d, d->group, d->address, d->on_range);
}

static void diff_show(struct view *view, const struct place *place)
{
	struct diff *d = diff_of(view);

	d->elsewhere = false;
	rebuild(d);
	d->group = place->group;
	d->address = place->address;
	d->on_range = place->screen == SCREEN_DIFF && place->detail;
	diff_seek(d, place->group, place->address, d->on_range);
}

static void diff_here(const struct view *view, struct place *place)
{
	const struct diff *d = (const struct diff *)view;
	const struct diff_row *row = diff_cursor(d);
	int64_t number;
	const struct heading *heading = diff_heading(d, d->list.cursor, &number);

	*place = (struct place){.screen = SCREEN_DIFF, .group = d->group, .address = d->address};
	if (!heading || d->elsewhere)
		return;
	place->group = place->address = diff_record(d, heading)->group.bytenr;
	if (!row)
		return;
	place->address = row->range.bytenr;
	place->detail = 1; /* a range, though its address may be the block group's */
	if (row->says.kind == SAYS_ENTRY) {
		place->target = TARGET_CACHE;
		place->page = row->says.page;
		place->byte = row->says.byte;
	}
}

/* What says so: the entry's bytes, or the item of the free space tree. */
static bool enter_cache(const struct diff_row *row, struct place *place)
{
	if (row->says.kind == SAYS_ITEM) {
		place_of_block(row->says.number, 0, place);
		place->slot = row->says.slot;
		return true;
	}
	place->screen = SCREEN_BYTES;
	return row->says.kind == SAYS_ENTRY;
}

static bool enter_tree(const struct diff_row *row, struct place *place)
{
	if (!row->range.holder.present)
		return false;
	place_of_block(row->range.holder.leaf, 0, place);
	place->slot = row->range.holder.slot;
	return true;
}

static bool diff_enter(struct view *view, struct place *place)
{
	struct diff *d = diff_of(view);
	const struct diff_row *row = diff_cursor(d);

	if (!tab_has_image(view->tab) || !d->nheadings)
		return false;
	if (row && d->side == 1)
		return enter_cache(row, place);
	if (row && d->side == 2)
		return enter_tree(row, place);
	place_of_sector(place->group, place->address, place);
	return true;
}

/* The bytes that are wrong, or else what is there; of a block group its cache. */
static bool diff_beside(struct view *view, struct place *place)
{
	const struct diff_row *row = diff_cursor(diff_of(view));

	if (!row) {
		place->screen = SCREEN_CACHE;
		return diff_of(view)->nheadings > 0;
	}
	return diff_of(view)->side < 2 && row->says.kind != SAYS_NOTHING ? enter_cache(row, place)
									 : enter_tree(row, place);
}

static bool diff_update(struct view *view)
{
	struct diff *d = diff_of(view);
	bool changed = diff_take(d);

	if (d->version != view->tab->version) {
		rebuild(d);
		changed = true;
	}
	return changed;
}

static const char *diff_working(struct view *view)
{
	return view->tab->complete && diff_of(view)->job ? "reading" : NULL;
}

/* ---- drawing */

/* What a report has is taken when it is seen which rows are shown, and then drawn. */
static void draw_list(struct diff *d, const struct area *rows)
{
	list_draw(&d->list, &d->view, rows, diff_draw_row, false);
	if (!diff_take_report(d))
		return;
	for (int i = 0; i < rows->rows; i++)
		put_repeated(rows, i, 0, rows->cols, STYLE_PLAIN, " ");
	list_draw(&d->list, &d->view, rows, diff_draw_row, false);
}

static void diff_draw(struct view *view, const struct area *area)
{
	struct diff *d = diff_of(view);
	int head, pane;
	struct area heads, rows, lower;

	rebuild(d);
	head = diff_head(d, area);
	pane = view->ui->canvas.rows >= PANE_FROM && d->nheadings && tab_has_image(view->tab) ? PANE_ROWS : 0;
	heads = area_part(area, head, 0, 1, area->cols);
	rows = area_part(area, head + 1, 0, area->rows - head - 1 - pane, area->cols);
	lower = area_part(area, area->rows - pane, 0, pane, area->cols);
	d->list_row = head + 1;
	d->scale_columns = 0;
	diff_draw_heads(view, &heads);
	if (d->nheadings)
		draw_list(d, &rows);
	else
		diff_draw_empty(d, &rows);
	if (pane)
		scale_draw(d, &lower);
	diff_want(d);
}

static void range_sentence(const struct diff *d, const struct diff_row *row, struct sentence *out)
{
	const struct fsr_diff_range *range = &row->range;
	char says[80] = "the cache", holder[160];

	if (row->says.kind != SAYS_UNKNOWN)
		says_text(row, says);
	if (range->excess)
		sentence_set(out, STYLE_PLAIN, "%" PRIu64 "+%" PRIu64 ": %s says free; in fact %s",
			range->bytenr, range->length, says, holder_text(d, row, holder));
	else
		sentence_set(out, STYLE_PLAIN, "%" PRIu64 "+%" PRIu64 " is free, but %s says so",
			range->bytenr, range->length, says);
}

static void diff_sentence(struct view *view, struct sentence *out)
{
	struct diff *d = diff_of(view);
	const struct diff_row *row = diff_cursor(d);
	int64_t number;
	const struct heading *heading = diff_heading(d, d->list.cursor, &number);

	if (row)
		range_sentence(d, row, out);
	else if (heading && heading->failed)
		sentence_set(out, STYLE_ERROR, "%s", heading->err.text);
	else if (heading)
		group_sentence(view->ui, diff_record(d, heading), out);
}

static void diff_position(struct view *view, char *out, size_t size)
{
	struct diff *d = diff_of(view);
	const struct diff_row *row = diff_cursor(d);
	int64_t number;
	const struct heading *heading = diff_heading(d, d->list.cursor, &number);

	if (row)
		snprintf(out, size, "%" PRIu64 "/%" PRIu64, row->run_number,
			heading->runs[DIFF_EXCESS] + heading->runs[DIFF_MISSING]);
	else if (heading)
		snprintf(out, size, "%zu/%zu", (size_t)(heading - d->headings) + 1, d->nheadings);
}

static void diff_shown(struct view *view, char *out, size_t size)
{
	const struct diff *d = diff_of(view);

	snprintf(out, size, "block groups shown: %zu%s%s", d->nheadings, *d->filter_words ? ", filter " : "",
		d->filter_words);
}

static const struct key_hint hints[] = {
	{ACTION_OPEN, "Map"},
	{ACTION_NEXT_PANE, "Side"},
	{ACTION_NEXT_WRONG, "Next"},
	{ACTION_FILTER, "Filter"},
	{ACTION_WHY, "Why"},
	{ACTION_SEARCH, "Find"},
	{ACTION_EXPORT, "Export"},
	{ACTION_UNFOLD, "Unfold"},
	{ACTION_FOLD, "Fold"},
	{ACTION_NONE, NULL},
};

const struct screen diff_screen = {
	.id = SCREEN_DIFF,
	.letter = 'D',
	.name = "Diff",
	.command = "diff",
	.size = sizeof(struct diff),
	.hints = hints,
	.has_preview = true,
	.close = diff_close,
	.show = diff_show,
	.here = diff_here,
	.update = diff_update,
	.draw = diff_draw,
	.enter = diff_enter,
	.beside = diff_beside,
	.act = diff_act,
	.sentence = diff_sentence,
	.position = diff_position,
	.working = diff_working,
	.click = diff_click,
	.wheel = diff_wheel,
	.find = diff_find,
	.filter_kinds = DIFF_WORDS,
	.filter = diff_filter,
	.shown = diff_shown,
	.export_json = diff_export,
	.export_text = diff_export_text,
};
