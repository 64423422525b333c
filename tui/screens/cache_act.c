/* SPDX-License-Identifier: MIT */
/* What keys do on Cache. */
#include "cache.h"

#include <stdlib.h>
#include <string.h>

struct list *cache_list(struct cache_view *c)
{
	return c->pane == CACHE_PANE_LINES   ? &c->lines
	       : c->pane == CACHE_PANE_PAGES ? &c->pages
					     : &c->entries;
}

static bool pane_has_rows(const struct cache_view *c, enum cache_pane pane)
{
	if (pane == CACHE_PANE_LINES)
		return cache_record(c) != NULL;
	return cache_there(c) && (pane == CACHE_PANE_PAGES ? c->pages.count : c->entries.count) > 0;
}

static void change_pane(struct cache_view *c, int step)
{
	for (int i = 1; i <= CACHE_PANE_COUNT; i++) {
		enum cache_pane pane =
			(enum cache_pane)((c->pane + CACHE_PANE_COUNT + step * i) % CACHE_PANE_COUNT);

		if (!pane_has_rows(c, pane))
			continue;
		c->pane = pane;
		if (pane != CACHE_PANE_LINES)
			c->list_pane = pane;
		return;
	}
}

/* ---- block groups */

static bool has_cache(const struct record *record)
{
	return record->group.has_cache || record->group.has_free_space_tree;
}

static void next_group(struct cache_view *c, int step)
{
	const struct tab *tab = c->view.tab;
	size_t at = tab_index(tab, c->group);

	for (size_t i = 1; i < tab->ngroups; i++) {
		const struct record *record =
			&tab->records[(at + (step > 0 ? i : tab->ngroups - i)) % tab->ngroups];

		if (!has_cache(record) && tab->facts.space_cache != FSR_SPACE_CACHE_V2)
			continue;
		cache_load(c, record->group.bytenr);
		return;
	}
	ui_say(c->view.ui, SAY_INFORMATION, "no other block group has a cache");
}

/* ---- folding */

static bool unfold(struct cache_view *c)
{
	struct cache_row row;
	uint64_t bytes;

	if (c->pane == CACHE_PANE_PAGES && !c->model.v2) {
		c->unfolded_pages = true;
		return cache_pages_fold(c);
	}
	if (c->pane != CACHE_PANE_ENTRIES || !c->entries.count)
		return false;
	row = cache_rows_at(&c->rows, c->entries.cursor);
	if (!cache_rows_unfold(&c->rows, row.entry, cache_model_runs(&c->model, row.entry, &bytes)))
		return false;
	list_resize(&c->entries, cache_rows_total(&c->rows));
	return true;
}

static bool fold(struct cache_view *c)
{
	struct cache_row row;

	if (c->pane == CACHE_PANE_PAGES && !c->model.v2) {
		c->unfolded_pages = false;
		return cache_pages_fold(c);
	}
	if (c->pane != CACHE_PANE_ENTRIES || !c->entries.count)
		return false;
	row = cache_rows_at(&c->rows, c->entries.cursor);
	if (!cache_rows_fold(&c->rows, row.entry))
		return false;
	list_resize(&c->entries, cache_rows_total(&c->rows));
	list_to(&c->entries, cache_rows_of(&c->rows, row.entry));
	return true;
}

/* ---- order */

static int by_offset(const void *a, const void *b, void *arg)
{
	const struct fsr_cache_entry *entries = arg;
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;

	if (entries[i].offset != entries[k].offset)
		return entries[i].offset < entries[k].offset ? -1 : 1;
	return i < k ? -1 : i > k;
}

static bool make_order(struct cache_view *c)
{
	const struct fsr_cache *cache = c->model.cache;
	size_t n = cache->nentries;
	uint32_t *order = calloc(n + 1, sizeof *order);

	if (!order)
		return false;
	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	if (c->by_offset)
		qsort_r(order, n, sizeof *order, by_offset, cache->entries);
	for (size_t i = 0; c->descending && i < n / 2; i++) {
		uint32_t other = order[i];

		order[i] = order[n - 1 - i];
		order[n - 1 - i] = other;
	}
	cache_rows_order(&c->rows, order);
	free(c->order);
	c->order = order;
	return true;
}

static void sort(struct cache_view *c, bool reverse)
{
	struct cache_row row;

	if (c->model.v2 || !c->entries.count) {
		ui_say(c->view.ui, SAY_INFORMATION, "items of a tree stand in the order of their addresses");
		return;
	}
	row = cache_rows_at(&c->rows, c->entries.cursor);
	c->by_offset ^= !reverse;
	c->descending = reverse ? !c->descending : false;
	if (!make_order(c)) {
		ui_say(c->view.ui, SAY_ERROR, "memory ran out");
		return;
	}
	list_to(&c->entries, row.kind == CACHE_ROW_ENTRY ? cache_rows_of(&c->rows, row.entry)
							 : cache_rows_of_run(&c->rows, row.entry, row.run));
}

/* ---- what is wrong */

static int severity_at(struct cache_view *c, enum cache_pane pane, size_t i)
{
	struct cache_space space;
	struct cache_row row;

	if (pane == CACHE_PANE_LINES)
		return cache_note_severity(&c->model.notes, (enum cache_where)i, 0);
	if (pane == CACHE_PANE_PAGES)
		return cache_page_severity(c, i);
	row = cache_rows_at(&c->rows, i);
	if (row.kind != CACHE_ROW_ENTRY || !cache_model_space(&c->model, row.entry, &space))
		return -1;
	return space.severity;
}

/* All rows of all panes are one row of things, gone through in a circle. */
static void next_wrong(struct cache_view *c, bool back)
{
	struct list *lists[CACHE_PANE_COUNT] = {&c->lines, &c->pages, &c->entries};
	size_t starts[CACHE_PANE_COUNT + 1] = {0}, at;

	for (int pane = 0; pane < CACHE_PANE_COUNT; pane++)
		starts[pane + 1] = starts[pane] + lists[pane]->count;
	at = starts[c->pane] + lists[c->pane]->cursor;
	for (size_t n = 0; n < starts[CACHE_PANE_COUNT]; n++) {
		int pane = 0;

		at = (at + (back ? starts[CACHE_PANE_COUNT] - 1 : 1)) % starts[CACHE_PANE_COUNT];
		while (at >= starts[pane + 1])
			pane++;
		if (severity_at(c, (enum cache_pane)pane, at - starts[pane]) < 0)
			continue;
		c->pane = (enum cache_pane)pane;
		if (pane != CACHE_PANE_LINES)
			c->list_pane = c->pane;
		list_to(lists[pane], at - starts[pane]);
		return;
	}
	ui_say(c->view.ui, SAY_INFORMATION, "nothing is wrong in this cache");
}

/* ---- keys */

static bool act_there(struct cache_view *c, enum action action)
{
	switch (action) {
	case ACTION_OPEN:
		if (c->pane != CACHE_PANE_ENTRIES || !c->entries.count ||
			cache_rows_at(&c->rows, c->entries.cursor).kind != CACHE_ROW_MORE)
			return false;
		return unfold(c);
	case ACTION_UNFOLD:
		if (!unfold(c))
			ui_say(c->view.ui, SAY_INFORMATION, "nothing is folded here");
		return true;
	case ACTION_FOLD:
		if (!fold(c))
			ui_say(c->view.ui, SAY_INFORMATION, "nothing is unfolded here");
		return true;
	case ACTION_SORT:
	case ACTION_REVERSE:
		sort(c, action == ACTION_REVERSE);
		return true;
	case ACTION_NEXT_WRONG:
	case ACTION_PREVIOUS_WRONG:
		next_wrong(c, action == ACTION_PREVIOUS_WRONG);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		cache_entries_scroll(c, action);
		return true;
	default:
		return false;
	}
}

bool cache_act(struct view *view, enum action action)
{
	struct cache_view *c = (struct cache_view *)view;

	switch (action) {
	case ACTION_NEXT_PANE:
	case ACTION_PREVIOUS_PANE:
		change_pane(c, action == ACTION_NEXT_PANE ? -1 : 1); /* entries, pages, lines */
		return true;
	case ACTION_NEXT_SIBLING:
	case ACTION_PREVIOUS_SIBLING:
		next_group(c, action == ACTION_NEXT_SIBLING ? 1 : -1);
		return true;
	default:
		return list_act(cache_list(c), action) || (cache_there(c) && act_there(c, action));
	}
}

/* ---- mouse and search */

static bool click_list(struct cache_view *c, enum cache_pane pane, int row)
{
	bool same = c->pane == pane;

	c->pane = pane;
	if (pane != CACHE_PANE_LINES)
		c->list_pane = pane;
	return list_click(cache_list(c), row) && same;
}

bool cache_click(struct view *view, int row, int col)
{
	struct cache_view *c = (struct cache_view *)view;
	int first = c->panes_row + 2;

	if (c->panes_row < 0 || !cache_there(c))
		return false;
	if (row >= c->lines_row && row < c->panes_row && c->panes_row - c->lines_row == (int)CACHE_LINES)
		return click_list(c, CACHE_PANE_LINES, row - c->lines_row);
	if (row < first)
		return false;
	if (col < c->pages_cols)
		return click_list(c, CACHE_PANE_PAGES, row - first);
	return col >= c->entries_col && click_list(c, CACHE_PANE_ENTRIES, row - first);
}

void cache_wheel(struct view *view, int direction)
{
	list_wheel(cache_list((struct cache_view *)view), direction);
}

static void line_text(
	struct view *view, size_t i, char *text, size_t size, uint64_t *address, uint64_t *length)
{
	struct sentence sentence = {0};

	(void)address;
	(void)length;
	cache_line_sentence((struct cache_view *)view, i, &sentence);
	snprintf(text, size, "%s", sentence.text);
}

bool cache_find(struct view *view, const struct needle *needle, int direction, size_t *number, size_t *count)
{
	static const list_text_fn texts[CACHE_PANE_COUNT] = {line_text, cache_page_text, cache_entry_text};
	struct cache_view *c = (struct cache_view *)view;

	*number = *count = 0;
	return cache_there(c) &&
	       list_find(cache_list(c), view, texts[c->pane], needle, direction, number, count);
}
