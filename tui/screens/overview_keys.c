/* SPDX-License-Identifier: MIT */
/* What keys and clicks do in Overview. */
#include "map_place.h"
#include "overview.h"
#include "words.h"

bool overview_enter(struct view *view, struct place *place)
{
	const struct record *record = overview_cursor((struct overview *)view);

	if (!record)
		return false;
	place->screen = record->group.has_cache || !tab_has_image(view->tab) ? SCREEN_CACHE : SCREEN_MAP;
	if (place->screen == SCREEN_MAP)
		place->detail = map_detail(MAP_GROUP, 0);
	return true;
}

static void sort_by(struct overview *o, int column)
{
	overview_keep_cursor(o);
	o->sort = column;
	overview_reorder(o);
}

/* The next column that is shown, so that it can be seen what it is sorted by. */
static void sort_next(struct overview *o)
{
	int column = o->sort;

	do
		column = (column + 1) % OVERVIEW_COLUMNS;
	while (o->layout.at[column] < 0 && column != o->sort);
	o->descending = false;
	sort_by(o, column);
}

static void mark(struct overview *o, enum action action)
{
	struct tab *tab = o->view.tab;
	struct record *record = overview_cursor(o);

	if (action == ACTION_MARK) {
		if (record)
			toggle_mark(o->view.ui, record);
		list_act(&o->list, ACTION_DOWN);
		return;
	}
	for (size_t i = 0; i < o->list.count; i++) {
		record = &tab->records[o->order[i]];
		record->marked = action == ACTION_MARK_ALL && record->judged &&
				 record->group.state != FSR_STATE_WRITTEN &&
				 record->group.state != FSR_STATE_NONE;
	}
}

static void next_wrong(struct overview *o, int step)
{
	size_t n = o->list.count, row = o->list.cursor;

	for (size_t i = 0; i < n; i++) {
		row = (row + n + (size_t)step) % n;
		if (record_severity(overview_record(o, row)) < FSR_SEVERITY_WARNING)
			continue;
		if (row == o->list.cursor)
			ui_say(o->view.ui, SAY_INFORMATION, "no other block group has a finding%s",
				o->view.tab->complete ? "" : ", still judging");
		o->list.cursor = row;
		return;
	}
	ui_say(o->view.ui, SAY_INFORMATION, "no block group has a warning, an error or a danger%s",
		o->view.tab->complete ? "" : ", still judging");
}

bool overview_act(struct view *view, enum action action)
{
	struct overview *o = (struct overview *)view;

	switch (action) {
	case ACTION_LEFT:
	case ACTION_RIGHT:
		columns_scroll(overview_columns, &o->layout, action);
		break;
	case ACTION_SORT:
		sort_next(o);
		break;
	case ACTION_REVERSE:
		o->descending = !o->descending;
		sort_by(o, o->sort);
		break;
	case ACTION_MARK:
	case ACTION_MARK_ALL:
	case ACTION_MARK_NONE:
		mark(o, action);
		break;
	case ACTION_NEXT_WRONG:
	case ACTION_PREVIOUS_WRONG:
		next_wrong(o, action == ACTION_NEXT_WRONG ? 1 : -1);
		break;
	default:
		if (!list_act(&o->list, action))
			return false;
	}
	overview_keep_cursor(o);
	return true;
}

bool overview_click(struct view *view, int row, int col)
{
	struct overview *o = (struct overview *)view;
	int column;
	bool again;

	if (row == o->head_row) {
		column = columns_at(overview_columns, &o->layout, col);
		if (column >= 0 && column == o->sort)
			o->descending = !o->descending;
		if (column >= 0)
			sort_by(o, column);
		return false;
	}
	again = list_click(&o->list, row - o->head_row - 1);
	overview_keep_cursor(o);
	return again;
}
