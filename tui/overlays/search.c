/* SPDX-License-Identifier: MIT */
/* `/`: finds while one types. */
#include "address.h"
#include "prompt.h"

#include <stdlib.h>
#include <string.h>

struct search {
	struct prompt prompt;
	/* When it was opened. */
	struct place start;
	char before[SEARCH_SIZE];
	bool was_on;
};

static struct needle needle_of(const char *text)
{
	struct needle needle = {.text = text};

	needle.is_address = address_parse(text, &needle.address);
	return needle;
}

static void search_changed(struct prompt *prompt)
{
	struct search *search = (struct search *)prompt;
	struct ui *ui = prompt->overlay.ui;
	struct view *view = ui_view(ui);
	struct needle needle = needle_of(prompt->edit.text);
	size_t number, count;

	if (!view)
		return;
	view->screen->show(view, &search->start);
	snprintf(ui->search, sizeof ui->search, "%s", prompt->edit.text);
	ui->search_on = *ui->search;
	if (!*needle.text)
		return;
	if (!view->screen->find(view, &needle, 0, &number, &count))
		prompt_note(prompt, STYLE_WARNING, "no match%s", prompt_still(prompt));
	else if (count)
		prompt_note(prompt, STYLE_PLAIN, "%zu of %zu%s", number, count, prompt_still(prompt));
}

static bool search_enter(struct prompt *prompt)
{
	(void)prompt;
	return true;
}

static void search_leave(struct prompt *prompt, bool kept)
{
	struct search *search = (struct search *)prompt;
	struct ui *ui = prompt->overlay.ui;
	struct view *view = ui_view(ui);

	if (kept)
		return;
	if (view)
		view->screen->show(view, &search->start);
	snprintf(ui->search, sizeof ui->search, "%s", search->before);
	ui->search_on = search->was_on;
}

static const struct key_hint hints[] = {
	{ACTION_OPEN, "Keep"},
	{ACTION_CANCEL, "Drop"},
	{ACTION_UP, "Older"},
	{ACTION_DOWN, "Newer"},
	{ACTION_NONE, NULL},
};
static const struct prompt_kind kind = {
	.label = "/",
	.recall = RECALL_SEARCH,
	.hints = hints,
	.changed = search_changed,
	.enter = search_enter,
	.leave = search_leave,
};

void open_search(struct ui *ui)
{
	struct view *view = ui_view(ui);
	struct search *search;

	if (!view || !view->screen->find) {
		ui_say(ui, SAY_INFORMATION, "there is nothing to find on this screen");
		return;
	}
	search = (struct search *)prompt_open(ui, &kind, sizeof *search, "");
	if (!search)
		return;
	view->screen->here(view, &search->start);
	search->start.screen = ui->screen;
	snprintf(search->before, sizeof search->before, "%s", ui->search);
	search->was_on = ui->search_on;
}

/* The row, cell or byte of the cursor, by the "4/170" of the message line. */
static unsigned long long cursor_number(struct view *view)
{
	char position[64] = "";

	if (view->screen->position)
		view->screen->position(view, position, sizeof position);
	return strtoull(position, NULL, 0);
}

void search_again(struct ui *ui, int direction)
{
	struct view *view = ui_view(ui);
	struct needle needle = needle_of(ui->search);
	unsigned long long from, to;
	size_t number, count;
	char of[64] = "";

	if (!view || !view->screen->find || !*ui->search) {
		ui_say(ui, SAY_INFORMATION,
			*ui->search ? "there is nothing to find on this screen"
				    : "nothing was searched for yet: / does");
		return;
	}
	from = cursor_number(view);
	ui->search_on = true;
	if (!view->screen->find(view, &needle, direction, &number, &count)) {
		ui_say(ui, SAY_WARNING, "no match: %s", ui->search);
		return;
	}
	to = cursor_number(view);
	if (count)
		snprintf(of, sizeof of, "%zu of %zu", number, count);
	if (direction > 0 ? to <= from : to >= from)
		ui_say(ui, SAY_INFORMATION, "search wrapped%s%s", *of ? ": " : "", of);
	else if (*of)
		ui_say(ui, SAY_INFORMATION, "%s", of);
}
