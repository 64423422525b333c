/* SPDX-License-Identifier: MIT */
#include "prompt.h"

#include "../frame/frame.h"
#include "../screens/words.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* So much of a line stays for what is typed, however long the note is. */
#define ROOM_MIN 12
/* From this width on there is room behind the keys. */
#define TAIL_COLS 60

static struct prompt *self(struct overlay *overlay)
{
	return (struct prompt *)overlay;
}

void prompt_note(struct prompt *prompt, enum style style, const char *format, ...)
{
	char text[SENTENCE_SIZE]; /* may come from the note itself */
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	sentence_set(&prompt->note, style, "%s", text);
}

const char *prompt_still(const struct prompt *prompt)
{
	const struct tab *tab = ui_tab(prompt->overlay.ui);

	return tab->kind == TAB_IMAGE && !tab->complete ? ", still judging" : "";
}

static void changed(struct prompt *prompt)
{
	prompt->version = ui_tab(prompt->overlay.ui)->version;
	prompt->note = (struct sentence){STYLE_PLAIN, ""};
	prompt->kind->changed(prompt);
}

/* ---- drawing */

static void draw_line(struct prompt *prompt, const struct area *row)
{
	int at = put(row, 0, 1, STYLE_PLAIN, prompt->kind->label), room = row->cols - at;
	int width = text_width(row->canvas, prompt->note.text);
	struct area typed;

	if (width > room - ROOM_MIN)
		width = room > ROOM_MIN ? room - ROOM_MIN : 0;
	put_untrusted(row, 0, row->cols - width, width, prompt->note.style, prompt->note.text);
	typed = area_part(row, 0, at, 1, room - (width ? width + 1 : 0));
	prompt->overlay.cursor_col = typed.col + edit_draw(&prompt->edit, &typed, STYLE_PLAIN);
	prompt->overlay.cursor_row = typed.row;
}

static void prompt_draw(struct overlay *overlay, const struct area *whole)
{
	struct prompt *prompt = self(overlay);
	int line = whole->rows > 2 ? whole->rows - 2 : 0;
	struct area row = area_part(whole, line, 0, 1, whole->cols);
	struct area keys = area_part(whole, line + 1, 0, 1, whole->cols);

	put_repeated(&row, 0, 0, row.cols, STYLE_PLAIN, " ");
	draw_line(prompt, &row);
	if (!keys.rows)
		return;
	put_repeated(&keys, 0, 0, keys.cols, STYLE_PLAIN, " ");
	frame_put_keys(&keys, prompt->kind->hints, 0);
	if (prompt->kind->tail && keys.cols >= TAIL_COLS)
		put_right(&keys, 0, keys.cols, STYLE_DIM, prompt->kind->tail);
}

/* ---- keys */

static void recall(struct prompt *prompt, bool older)
{
	size_t to = older ? prompt->recalled + 1 : prompt->recalled ? prompt->recalled - 1 : 0;
	const char *line = to ? recall_line(prompt->kind->recall, to) : prompt->typed;

	if (!line || to == prompt->recalled)
		return;
	if (!prompt->recalled)
		snprintf(prompt->typed, sizeof prompt->typed, "%s", prompt->edit.text);
	prompt->recalled = to;
	edit_set(&prompt->edit, line);
	changed(prompt);
}

/* What was a hint while one typed is an error now. */
static void refuse(struct prompt *prompt)
{
	changed(prompt);
	if (*prompt->note.text)
		prompt_note(prompt, STYLE_ERROR, "E %s", prompt->note.text);
}

static void enter(struct prompt *prompt)
{
	if (!prompt->kind->enter(prompt)) {
		refuse(prompt);
		return;
	}
	recall_add(prompt->kind->recall, prompt->edit.text);
	prompt->kept = true;
	ui_overlay(prompt->overlay.ui, NULL);
}

static bool prompt_key(struct overlay *overlay, const struct term_input *input)
{
	struct prompt *prompt = self(overlay);
	enum edit_result result;

	switch (input->key) {
	case KEY_IS_UP:
	case KEY_IS_DOWN:
		recall(prompt, input->key == KEY_IS_UP);
		return true;
	case KEY_IS_ENTER:
		enter(prompt);
		return true;
	case KEY_IS_TAB:
		if (prompt->kind->complete) {
			prompt->kind->complete(prompt);
			changed(prompt);
		}
		return true;
	default:
		result = edit_key(&prompt->edit, input->key);
		if (result == EDIT_CHANGED) {
			prompt->recalled = 0;
			changed(prompt);
		}
		return result != EDIT_NOT_WANTED;
	}
}

static bool prompt_update(struct overlay *overlay)
{
	struct prompt *prompt = self(overlay);

	if (prompt->version == ui_tab(overlay->ui)->version)
		return false;
	changed(prompt);
	return true;
}

static void prompt_close(struct overlay *overlay)
{
	struct prompt *prompt = self(overlay);

	if (prompt->kind->leave)
		prompt->kind->leave(prompt, prompt->kept);
}

static const struct overlay_ops prompt_ops = {
	.draw = prompt_draw,
	.key = prompt_key,
	.update = prompt_update,
	.close = prompt_close,
	.is_prompt = true,
};

struct prompt *prompt_open(struct ui *ui, const struct prompt_kind *kind, size_t size, const char *text)
{
	struct prompt *prompt = calloc(1, size);

	if (!prompt) {
		ui_say(ui, SAY_ERROR, "memory ran out");
		return NULL;
	}
	prompt->overlay = (struct overlay){.ops = &prompt_ops, .ui = ui, .cursor_row = -1, .cursor_col = -1};
	prompt->kind = kind;
	prompt->version = ui_tab(ui)->version;
	edit_set(&prompt->edit, text);
	ui_overlay(ui, &prompt->overlay);
	return prompt;
}
