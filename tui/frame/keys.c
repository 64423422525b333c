/* SPDX-License-Identifier: MIT */
/* The key bar: actions by importance, whole ones only. */
#include "frame.h"

#include <string.h>

/* Under this width keys come without their words, but for the last ones. */
#define NARROW 60

static const struct key_hint always[] = {{ACTION_HELP, "Help"}, {ACTION_QUIT, "Quit"}, {ACTION_NONE, NULL}};
#define ALWAYS 2

/* The row that ends a list has none. */
static const char *word_of(const struct key_hint *hint)
{
	return hint->word ? hint->word : "";
}

static int hint_width(const struct key_hint *hint, bool words)
{
	int width = (int)strlen(action_key(hint->action));

	return words && *word_of(hint) ? width + 1 + (int)strlen(word_of(hint)) : width;
}

static int put_hint(const struct area *row, int col, const struct key_hint *hint, bool words)
{
	col = put(row, 0, col, STYLE_KEY, action_key(hint->action));
	if (words && *word_of(hint))
		col = put(row, 0, col + 1, STYLE_PLAIN, word_of(hint));
	return col;
}

/* A key without a word stands together with the next one, which has the word for both. */
static int gap_behind(const struct key_hint *hint, int gap)
{
	return *word_of(hint) ? gap : 0;
}

#define HINTS_MAX 32

static size_t count_hints(const struct key_hint *hints)
{
	size_t n = 0;

	while (n < HINTS_MAX && hints[n].action)
		n++;
	return n;
}

/* How much room hint i needs: one without a word is nothing without the next. */
static int room_for(const struct key_hint *hints, size_t i, bool words)
{
	int width = hint_width(&hints[i], words);

	return *word_of(&hints[i]) || !hints[i + 1].action ? width : width + room_for(hints, i + 1, words);
}

/* Where each hint goes, -1: nowhere. The last ones always stay. Gives whether words are shown. */
static bool lay_out(int cols, const struct key_hint *hints, size_t last, int at[HINTS_MAX])
{
	size_t n = count_hints(hints), kept = n > last ? n - last : 0, shown = 0;
	bool words = cols >= NARROW;
	int gap = words ? 2 : 1, tail = 0, col = 0;

	for (size_t i = 0; i < HINTS_MAX; i++)
		at[i] = -1;
	for (size_t i = kept; i < n; i++)
		tail += hint_width(&hints[i], true) + 2;
	for (; shown < kept && col + room_for(hints, shown, words) + tail <= cols; shown++) {
		at[shown] = col;
		col += hint_width(&hints[shown], words) + gap_behind(&hints[shown], gap);
	}
	for (size_t i = kept; i < n; i++) {
		at[i] = col;
		col += hint_width(&hints[i], true) + 2;
	}
	return words;
}

void frame_put_keys(const struct area *row, const struct key_hint *hints, size_t last)
{
	size_t n = count_hints(hints), kept = n > last ? n - last : 0;
	int at[HINTS_MAX];
	bool words = lay_out(row->cols, hints, last, at);

	for (size_t i = 0; i < n; i++)
		if (at[i] >= 0)
			put_hint(row, at[i], &hints[i], words || i >= kept);
}

static bool has_hint(const struct key_hint *hints, size_t n, enum action action)
{
	for (size_t i = 0; i < n; i++)
		if (hints[i].action == action)
			return true;
	return false;
}

/* The screen's own, then those that always stay, unless it has a word of its own for them. */
static void collect(const struct ui *ui, struct key_hint all[HINTS_MAX])
{
	static const struct key_hint images[] = {
		{ACTION_PREVIOUS_IMAGE, ""}, {ACTION_NEXT_IMAGE, "Image"}, {ACTION_NONE, NULL}};
	struct view *view = ui_view(ui);
	const struct key_hint *own = !view                     ? images
				     : view->screen->hints_now ? view->screen->hints_now(view)
							       : view->screen->hints;
	size_t n = count_hints(own), room = HINTS_MAX - sizeof always / sizeof *always, kept;

	n = kept = n < room ? n : room;
	memcpy(all, own, n * sizeof *all);
	for (size_t i = 0; i < ALWAYS; i++)
		if (!has_hint(own, kept, always[i].action))
			all[n++] = always[i];
	all[n] = (struct key_hint){ACTION_NONE, NULL};
}

void frame_keys(struct ui *ui, const struct area *row)
{
	struct key_hint all[HINTS_MAX] = {{ACTION_NONE, NULL}};

	collect(ui, all);
	frame_put_keys(row, all, ALWAYS);
}

enum action frame_key_at(const struct ui *ui, int cols, int col)
{
	struct key_hint all[HINTS_MAX] = {{ACTION_NONE, NULL}};
	int at[HINTS_MAX];
	bool words;

	collect(ui, all);
	words = lay_out(cols, all, ALWAYS, at);
	for (size_t i = 0; i < count_hints(all); i++)
		if (at[i] >= 0 && col >= at[i] && col < at[i] + hint_width(&all[i], words))
			return all[i].action;
	return ACTION_NONE;
}
