/* SPDX-License-Identifier: MIT */
/* What keys, clicks, searches and filters do in Diff. */
#include "diff.h"
#include "words.h"

#include <stdlib.h>

/* The range itself, what the cache says, what the extent tree holds. */
#define SIDES 3

/* The cursor is where it is wanted: nothing that comes later moves it. */
static void stay(struct diff *d)
{
	d->want = WANT_NONE;
	d->elsewhere = false;
}

static bool move(struct diff *d, enum action action)
{
	if (!list_act(&d->list, action))
		return false;
	stay(d);
	return true;
}

/* Says why Enter does nothing, where it does nothing. */
static bool cannot_open(struct diff *d)
{
	struct place place;

	d->view.screen->here(&d->view, &place);
	if (d->view.screen->enter(&d->view, &place))
		return false;
	ui_say(d->view.ui, SAY_INFORMATION, "%s",
		!tab_has_image(d->view.tab) ? "this takes the image; here is a report only"
		: d->side == 1              ? "no entry says this is free"
		: d->side == 2              ? "no extent is here"
					    : "there is nothing to open");
	return true;
}

bool diff_act(struct view *view, enum action action)
{
	struct diff *d = diff_of(view);

	switch (action) {
	case ACTION_OPEN:
		return cannot_open(d);
	case ACTION_NEXT_PANE:
	case ACTION_PREVIOUS_PANE:
		if (d->bar[0] >= 0)
			d->side = (d->side + (action == ACTION_NEXT_PANE ? 1 : SIDES - 1)) % SIDES;
		else
			ui_say(view->ui, SAY_INFORMATION, "the sides take a wider screen");
		return true;
	case ACTION_NEXT_WRONG:
	case ACTION_PREVIOUS_WRONG:
		diff_step(d, action == ACTION_NEXT_WRONG ? 1 : -1);
		return true;
	case ACTION_UNFOLD:
	case ACTION_FOLD:
		diff_fold(d, action == ACTION_FOLD);
		return true;
	default:
		return move(d, action);
	}
}

bool diff_click(struct view *view, int row, int col)
{
	struct diff *d = diff_of(view);
	int side = d->bar[0] < 0 || col < d->bar[0] ? 0 : col < d->bar[1] ? 1 : 2;
	bool there;

	if (row < d->list_row || row - d->list_row >= d->list.rows)
		return false;
	there = list_click(&d->list, row - d->list_row) && side == d->side;
	d->side = side;
	stay(d);
	return there;
}

void diff_wheel(struct view *view, int direction)
{
	list_wheel(&diff_of(view)->list, direction);
	stay(diff_of(view));
}

bool diff_find(struct view *view, const struct needle *needle, int direction, size_t *number, size_t *count)
{
	struct diff *d = diff_of(view);
	const struct record *record = needle->is_address ? tab_record(view->tab, needle->address) : NULL;
	size_t at;

	stay(d);
	if (list_find(&d->list, view, diff_row_text, needle, direction, number, count))
		return true;
	/* among ranges that are not in memory */
	if (!record)
		return false;
	for (at = 0; at < d->nheadings; at++)
		if (diff_record(d, &d->headings[at]) == record)
			break;
	if (at == d->nheadings)
		return false;
	diff_seek(d, record->group.bytenr, needle->address, false);
	return true;
}

bool diff_filter(struct view *view, const char *words, struct sentence *err, size_t *shown, size_t *all)
{
	struct diff *d = diff_of(view);
	uint64_t bytes[DIFF_KINDS];
	struct filter filter;
	char why[160];

	if (!filter_parse(&filter, words, DIFF_WORDS, why, sizeof why)) {
		sentence_set(err, STYLE_ERROR, "%s", why);
		return false;
	}
	d->filter = filter;
	snprintf(d->filter_words, sizeof d->filter_words, "%s", words);
	d->serial++;
	stay(d);
	for (size_t i = 0; i < d->nheadings; i++) {
		diff_forget(&d->headings[i]);
		d->headings[i] = (struct heading){.record = d->headings[i].record};
	}
	diff_rebuild(d);
	*shown = d->nheadings;
	*all = 0;
	for (size_t i = 0; i < view->tab->ngroups; i++)
		*all += record_differs(&view->tab->records[i], bytes);
	return true;
}
