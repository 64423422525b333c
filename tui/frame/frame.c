/* SPDX-License-Identifier: MIT */
#include "frame.h"

#include "../screens/words.h"

#include <string.h>

struct area frame_body(const struct area *whole)
{
	return area_part(whole, 1, 0, whole->rows - 3, whole->cols);
}

static const enum style note_styles[] = {
	[SAY_INFORMATION] = STYLE_PLAIN, [SAY_WARNING] = STYLE_WARNING, [SAY_ERROR] = STYLE_ERROR};
static const char *const note_marks[] = {[SAY_INFORMATION] = " ", [SAY_WARNING] = "W ", [SAY_ERROR] = "E "};

/* "judged 12/170": what is still going on; empty when nothing is. */
static void put_working(struct ui *ui, struct view *view, char *out, size_t size)
{
	const struct tab *tab = ui_tab(ui);
	const char *own = view && view->screen->working ? view->screen->working(view) : NULL;

	*out = 0;
	if (own)
		snprintf(out, size, "%s", own);
	else if (tab->kind == TAB_IMAGE && !tab->complete)
		snprintf(out, size, "judged %zu/%zu", tab->njudged, tab->ngroups);
}

/* The right end of the message line; gives the column where it begins. */
static int put_right_side(struct ui *ui, const struct area *row)
{
	struct view *view = ui_view(ui);
	char working[64], position[64] = "", text[160];
	int width;

	put_working(ui, view, working, sizeof working);
	if (view && view->screen->position)
		view->screen->position(view, position, sizeof position);
	snprintf(text, sizeof text, "%s%s%s", working, *working && *position ? "  " : "", position);
	width = text_width(row->canvas, text);
	put_right(row, 0, row->cols, STYLE_PLAIN, text);
	return width ? row->cols - width - 1 : row->cols;
}

void frame_message(struct ui *ui, const struct area *row)
{
	struct view *view = ui_view(ui);
	struct area left = area_part(row, 0, 0, 1, put_right_side(ui, row));
	struct sentence sentence = {STYLE_PLAIN, ""};
	int col;

	if (*ui->note) {
		col = put(&left, 0, 0, note_styles[ui->note_kind], note_marks[ui->note_kind]);
		put_untrusted(&left, 0, col, left.cols - col, note_styles[ui->note_kind], ui->note);
		return;
	}
	if (view && view->screen->sentence)
		view->screen->sentence(view, &sentence);
	if (put(&left, 0, 1, sentence.style, sentence.text) >= left.cols &&
		1 + text_width(left.canvas, sentence.text) > left.cols)
		put_right(&left, 0, left.cols, sentence.style, "…");
}

void frame_draw(struct ui *ui, const struct area *whole)
{
	bool prompt = ui->overlay && ui->overlay->ops->is_prompt;
	struct area title = area_part(whole, 0, 0, 1, whole->cols);
	struct area message = area_part(whole, whole->rows - 2, 0, 1, whole->cols);
	struct area keys = area_part(whole, whole->rows - 1, 0, 1, whole->cols);

	frame_title(ui, &title);
	if (prompt)
		return;
	if (whole->rows > 2)
		frame_message(ui, &message);
	if (whole->rows > 1)
		frame_keys(ui, &keys);
}
