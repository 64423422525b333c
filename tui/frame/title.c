/* SPDX-License-Identifier: MIT */
/* The title: image, whether it can be written to, and the eight screens. */
#include "frame.h"

#include "../screens/words.h"

#include <string.h>

/* From this width on the tool's name and whole words; under NARROW the other screens are digits. */
#define WIDE 100
#define NARROW 80
#define TAB_TEXT 24

static const char *mode_word(const struct ui *ui, bool wide)
{
	switch (ui_tab(ui)->kind) {
	case TAB_REPORT:
		return wide ? "report" : "RP";
	case TAB_FAILED:
		return wide ? "unreadable" : "--";
	default:
		if (ui->options->write)
			return wide ? "read-write" : "RW";
		return wide ? "read-only" : "RO";
	}
}

/* Whether a screen can be shown in this tab. */
static bool available(const struct ui *ui, enum screen_id id)
{
	enum tab_kind kind = ui_tab(ui)->kind;

	return kind != TAB_FAILED && (kind == TAB_IMAGE || !screen_table[id]->needs_image);
}

/* " 3Cache ", "[3Cache]", or where it is narrow " 3 "; "-" in place of a digit that can't be had. */
static void tab_text(const struct ui *ui, enum screen_id id, bool narrow, char out[TAB_TEXT])
{
	bool current = id == ui->screen;
	char digit = available(ui, id) ? (char)('1' + id) : '-';

	snprintf(out, TAB_TEXT, "%s%c%s%s", current ? "[" : "", digit,
		narrow && !current ? "" : screen_table[id]->name, current ? "]" : "");
}

/* Between two neighbours stands one blank, or the bracket of the current one. */
static bool blank_before(const struct ui *ui, int id)
{
	return id > 0 && id != (int)ui->screen && id - 1 != (int)ui->screen;
}

static int tabs_width(const struct ui *ui, bool narrow)
{
	char text[TAB_TEXT];
	int width = 0;

	for (int i = 0; i < SCREEN_COUNT; i++) {
		tab_text(ui, (enum screen_id)i, narrow, text);
		width += (int)strlen(text) + blank_before(ui, i);
	}
	return width;
}

static int worst(const struct ui *ui)
{
	size_t counts[FSR_SEVERITY_DANGER + 1];

	tab_count_findings(ui_tab(ui), counts);
	for (int severity = FSR_SEVERITY_DANGER; severity > FSR_SEVERITY_NOTE; severity--)
		if (counts[severity])
			return severity;
	return -1;
}

static enum style tab_style(const struct ui *ui, int id)
{
	int severity = id == SCREEN_FINDINGS ? worst(ui) : -1;

	if (!available(ui, (enum screen_id)id))
		return STYLE_DIM;
	return severity >= 0 ? severity_style(severity) : STYLE_TITLE;
}

/* Where the tabs begin. */
static int tabs_at(const struct ui *ui, int cols, bool *narrow)
{
	int at;

	*narrow = cols < NARROW;
	at = cols - tabs_width(ui, *narrow) - (cols > NARROW ? 1 : 0);
	return at > 0 ? at : 0;
}

static void put_name(struct ui *ui, const struct area *row, bool wide)
{
	const char *mode = mode_word(ui, wide), *name = wide ? ui_tab(ui)->path : tab_name(ui_tab(ui));
	char number[32] = "", text[512];
	int width = row->cols, col = wide ? put(row, 0, 1, STYLE_TITLE, "spacescope  ") : 1, room;

	if (ui->ntabs > 1)
		snprintf(number, sizeof number, "%zu/%zu ", ui->current + 1, ui->ntabs);
	col = put(row, 0, col, STYLE_TITLE, number);
	room = width - col - (int)strlen(mode) - 2;
	if (room < 4)
		room = 4;
	clip_untrusted(row->canvas, name, room, true, text, sizeof text);
	put(row, 0, col, STYLE_TITLE, text);
	put_right(row, 0, width - 1, STYLE_TITLE, mode);
}

void frame_title(struct ui *ui, const struct area *row)
{
	char text[TAB_TEXT];
	bool narrow;
	int at = tabs_at(ui, row->cols, &narrow), col = at;
	struct area left = area_part(row, 0, 0, 1, at);

	put_repeated(row, 0, 0, row->cols, STYLE_TITLE, " ");
	put_name(ui, &left, row->cols >= WIDE);
	for (int i = 0; i < SCREEN_COUNT; i++) {
		col += blank_before(ui, i);
		tab_text(ui, (enum screen_id)i, narrow, text);
		put(row, 0, col, tab_style(ui, i), text);
		if (i == (int)ui->screen)
			put_marks(row, 0, col, (int)strlen(text), MARK_BOLD);
		col += (int)strlen(text);
	}
}

enum action frame_click(struct ui *ui, const struct area *whole, int row, int col)
{
	char text[TAB_TEXT];
	bool narrow;
	int at = tabs_at(ui, whole->cols, &narrow);

	if (row)
		return row == whole->rows - 1 ? frame_key_at(ui, whole->cols, col) : ACTION_NONE;
	for (int i = 0; i < SCREEN_COUNT; i++) {
		at += blank_before(ui, i);
		tab_text(ui, (enum screen_id)i, narrow, text);
		if (col >= at && col < at + (int)strlen(text))
			return (enum action)(ACTION_SCREEN_OVERVIEW + i);
		at += (int)strlen(text);
	}
	return ACTION_NONE;
}
