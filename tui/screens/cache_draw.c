/* SPDX-License-Identifier: MIT */
/* How lines, pages and entries share the screen. */
#include "cache.h"

#include <inttypes.h>
#include <string.h>

#define BOTH_PANES 72 /* columns from which pages and entries stand side by side */
#define ALL_LINES 13  /* rows from which all four lines are shown */
#define FIRST_PANE_ROW 2

/* Which lines are shown: all, or stamps and total. */
static size_t shown_lines(const struct area *area, size_t lines[CACHE_LINES])
{
	size_t n = 0;

	for (size_t i = 0; i < CACHE_LINES; i++)
		if (area->rows >= ALL_LINES || i == CACHE_AT_STAMPS || i == CACHE_AT_TOTAL)
			lines[n++] = i;
	return n;
}

static int draw_lines(struct cache_view *c, const struct area *area)
{
	size_t lines[CACHE_LINES], n = shown_lines(area, lines);

	for (size_t i = 0; i < n; i++) {
		struct area row = area_part(area, 1 + (int)i, 0, 1, area->cols);

		cache_line(&c->view, lines[i], &row);
		if (c->pane == CACHE_PANE_LINES && c->lines.cursor == lines[i] && !c->view.preview)
			put_marks(&row, 0, 0, row.cols, MARK_CURSOR);
	}
	c->lines_row = 1;
	return 1 + (int)n;
}

static void pages_title(const struct cache_view *c, char out[80])
{
	if (c->model.v2)
		snprintf(out, 80, "items %zu", c->model.tree.count + c->model.tree.has_info);
	else
		snprintf(out, 80, "pages %zu", c->model.cache->npages);
}

static void entries_title(struct cache_view *c, char out[80])
{
	size_t n = cache_model_count(&c->model), bitmaps = c->model.tree.nbitmaps;

	if (!c->model.v2)
		for (size_t i = 0; i < n; i++)
			bitmaps += c->model.cache->entries[i].type != 1;
	snprintf(out, 80, "%s %zu: %zu extent%s, %zu bitmap%s", c->model.v2 ? "ranges" : "entries", n,
		n - bitmaps, n - bitmaps == 1 ? "" : "s", bitmaps, bitmaps == 1 ? "" : "s");
}

static void draw_pages(struct cache_view *c, const struct area *area)
{
	struct area head = area_part(area, 1, 0, 1, area->cols);
	struct area body = area_part(area, FIRST_PANE_ROW, 0, area->rows - FIRST_PANE_ROW, area->cols);
	bool active = c->pane == CACHE_PANE_PAGES && !c->view.preview;
	char title[80];

	pages_title(c, title);
	put_rule(area, 0, title, active);
	cache_pages_head(&c->view, &head);
	list_draw(&c->pages, &c->view, &body, cache_page_row, active);
	c->pages_cols = area->cols;
}

static void draw_entries(struct cache_view *c, const struct area *area)
{
	struct area head = area_part(area, 1, 0, 1, area->cols);
	struct area body = area_part(area, FIRST_PANE_ROW, 0, area->rows - FIRST_PANE_ROW, area->cols);
	bool active = c->pane == CACHE_PANE_ENTRIES && !c->view.preview;
	char title[80];

	entries_title(c, title);
	put_rule(area, 0, title, active);
	cache_entries_fit(c, area->cols);
	cache_entries_head(&c->view, &head);
	list_draw(&c->entries, &c->view, &body, cache_entry_row, active);
}

static void draw_both(struct cache_view *c, const struct area *area)
{
	int left = cache_pages_width(c, area->cols);
	struct area pages = area_part(area, 0, 0, area->rows, left);
	struct area entries = area_part(area, 0, left + 1, area->rows, area->cols - left - 1);

	draw_pages(c, &pages);
	draw_entries(c, &entries);
	put(area, 0, left, STYLE_PLAIN, "┬");
	for (int row = 1; row < area->rows; row++)
		put(area, row, left, STYLE_PLAIN, "│");
	c->entries_col = left + 1;
}

static void draw_panes(struct cache_view *c, const struct area *area)
{
	c->pages_cols = 0;
	c->entries_col = area->cols;
	if (area->cols >= BOTH_PANES) {
		draw_both(c, area);
	} else if (c->list_pane == CACHE_PANE_PAGES) {
		draw_pages(c, area);
	} else {
		draw_entries(c, area);
		c->entries_col = 0;
	}
}

/* Pages, even if there is no entry, are worth to be looked at; a list of nothing is not. */
static bool something_to_list(const struct cache_view *c)
{
	return cache_there(c) && (c->pages.count || cache_model_count(&c->model));
}

void cache_draw(struct view *view, const struct area *area)
{
	struct cache_view *c = (struct cache_view *)view;
	const struct record *record = cache_record(c);
	struct area rest;
	int row;

	c->panes_row = -1;
	if (!record) {
		cache_put_reasons(c, area);
		return;
	}
	put_group(view->ui, record, area, 0);
	row = draw_lines(c, area);
	rest = area_part(area, row, 0, area->rows - row, area->cols);
	if (something_to_list(c)) {
		c->panes_row = row;
		draw_panes(c, &rest);
	} else {
		cache_put_reasons(c, &rest);
	}
}

/* ---- as text */

static void lines_as_text(struct cache_view *c, struct canvas *canvas)
{
	struct area whole = canvas_area(canvas);

	put_group(c->view.ui, cache_record(c), &whole, 0);
	for (size_t i = 0; i < CACHE_LINES; i++) {
		struct area row = area_part(&whole, 1 + (int)i, 0, 1, whole.cols);

		cache_line(&c->view, i, &row);
	}
	if (!something_to_list(c)) {
		struct area rest = area_part(&whole, 1 + (int)CACHE_LINES, 0, whole.rows, whole.cols);

		cache_put_reasons(c, &rest);
	}
}

int cache_export_text(struct view *view, FILE *out, int cols)
{
	struct cache_view *c = (struct cache_view *)view;
	const struct record *record = cache_record(c);
	struct canvas canvas = {.ascii = view->ui->canvas.ascii};
	int rows = (int)CACHE_LINES + 2, ret;

	if (!record)
		return 0;
	if (!something_to_list(c))
		rows += 6 + (int)record->group.nfindings;
	if (!canvas_resize(&canvas, rows, cols))
		return -1;
	lines_as_text(c, &canvas);
	canvas_write(&canvas, out);
	canvas_free(&canvas);
	if (!something_to_list(c))
		return ferror(out) ? -1 : 0;
	ret = list_write(&c->pages, view, cache_page_row, cache_pages_head, out, cache_pages_width(c, cols));
	fputc('\n', out);
	cache_entries_fit(c, cols);
	return ret ? ret : list_write(&c->entries, view, cache_entry_row, cache_entries_head, out, cols);
}
