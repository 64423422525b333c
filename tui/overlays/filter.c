/* SPDX-License-Identifier: MIT */
/* `f`: filters while one types. */
#include "../screens/filter.h"
#include "prompt.h"

#include <string.h>

struct filter_prompt {
	struct prompt prompt;
	char before[FILTER_WORDS]; /* the filter when it was opened */
	bool refused;              /* the words that are there now */
};

/* What the rows of a screen are. */
static const char *rows_word(enum screen_id id)
{
	switch (id) {
	case SCREEN_OVERVIEW:
		return "block groups";
	case SCREEN_FINDINGS:
		return "findings";
	default:
		return "ranges";
	}
}

/* false: the screen does not know a word, which is in the note. */
static bool apply(struct prompt *prompt, struct view *view, const char *words)
{
	struct sentence err = {STYLE_ERROR, ""};
	size_t shown = 0, all = 0;

	if (strlen(words) >= sizeof view->filtered_by) {
		prompt_note(prompt, STYLE_DIM, "too many words");
		return false;
	}
	if (!view->screen->filter(view, words, &err, &shown, &all)) {
		prompt_note(prompt, STYLE_DIM, "%s", err.text);
		return false;
	}
	snprintf(view->filtered_by, sizeof view->filtered_by, "%s", words);
	prompt_note(prompt, shown ? STYLE_PLAIN : STYLE_WARNING, "%zu of %zu %s%s", shown, all,
		rows_word(view->screen->id), prompt_still(prompt));
	return true;
}

static void filter_changed(struct prompt *prompt)
{
	struct filter_prompt *filter = (struct filter_prompt *)prompt;
	struct view *view = ui_view(prompt->overlay.ui);

	filter->refused = view && !apply(prompt, view, prompt->edit.text);
}

static bool filter_enter(struct prompt *prompt)
{
	return !((struct filter_prompt *)prompt)->refused;
}

static void filter_leave(struct prompt *prompt, bool kept)
{
	struct filter_prompt *filter = (struct filter_prompt *)prompt;
	struct view *view = ui_view(prompt->overlay.ui);

	if (!kept && view)
		apply(prompt, view, filter->before);
}

static void filter_complete_words(struct prompt *prompt)
{
	const struct view *view = ui_view(prompt->overlay.ui);
	char words[EDIT_SIZE];

	if (!view)
		return;
	snprintf(words, sizeof words, "%s", prompt->edit.text);
	if (filter_complete(words, sizeof words,
		    view->screen->filter_kinds ? view->screen->filter_kinds : FILTER_ALL))
		edit_set(&prompt->edit, words);
}

static const struct key_hint hints[] = {
	{ACTION_OPEN, "Keep"},
	{ACTION_CANCEL, "Drop"},
	{ACTION_NEXT_PANE, "Complete"},
	{ACTION_UP, "Older"},
	{ACTION_NONE, NULL},
};
static const struct prompt_kind kind = {
	.label = "filter: ",
	.recall = RECALL_FILTER,
	.hints = hints,
	.tail = "empty: all   !word: not these",
	.changed = filter_changed,
	.enter = filter_enter,
	.leave = filter_leave,
	.complete = filter_complete_words,
};

void open_filter(struct ui *ui)
{
	struct view *view = ui_view(ui);
	struct prompt *prompt;

	if (!view || !view->screen->filter) {
		ui_say(ui, SAY_INFORMATION, "there is nothing to filter on this screen");
		return;
	}
	prompt = prompt_open(ui, &kind, sizeof(struct filter_prompt), view->filtered_by);
	if (!prompt)
		return;
	snprintf(((struct filter_prompt *)prompt)->before, FILTER_WORDS, "%s", view->filtered_by);
	filter_changed(prompt);
}
