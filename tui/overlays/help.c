/* SPDX-License-Identifier: MIT */
/* `?`: keys and words, over the whole body. */
#include "help.h"

#include "../ui.h"
#include "edit.h"
#include "export.h"
#include "pager.h"

#include <stdlib.h>
#include <string.h>

/* Under this width the names of the actions are left out. */
#define NARROW 60

struct help {
	struct overlay overlay;
	struct pager pager;
	bool narrow; /* what there is was written so */
	bool typing; /* what is to be found */
	bool no_match;
	struct edit edit;
};

static struct help *self(struct overlay *overlay)
{
	return (struct help *)overlay;
}

static void draw_head(const struct help *help, const struct area *row)
{
	char place[64];
	int col = put(row, 0, 1, STYLE_HEAD, "help: keys and words"), at;

	snprintf(place, sizeof place, "%zu/%zu   / finds   q closes", help->pager.top + 1,
		help->pager.lines.count);
	at = row->cols - text_width(row->canvas, place);
	put(row, 0, at > col + 1 ? at : col + 1, STYLE_PLAIN, place);
}

static void draw_search(struct help *help, const struct area *row)
{
	struct area part = area_part(row, 0, 2, 1, row->cols - 2 - (help->no_match ? 10 : 0));

	put_repeated(row, 0, 0, row->cols, STYLE_PLAIN, " ");
	put(row, 0, 1, STYLE_PLAIN, "/");
	if (help->no_match)
		put_right(row, 0, row->cols, STYLE_WARNING, "no match");
	help->overlay.cursor_col = part.col + edit_draw(&help->edit, &part, STYLE_PLAIN);
	help->overlay.cursor_row = part.row;
}

static void write_text(struct help *help, bool narrow)
{
	struct prose prose = {0};

	help->narrow = narrow;
	help_text(&prose, screen_table[help->overlay.ui->screen], narrow);
	pager_set(&help->pager, &prose);
}

static void help_draw(struct overlay *overlay, const struct area *whole)
{
	struct help *help = self(overlay);
	struct area body = area_part(whole, whole->rows > 2, 0, whole->rows, whole->cols), part;

	if (help->narrow != (whole->cols < NARROW))
		write_text(help, !help->narrow);
	for (int row = 0; row < body.rows; row++)
		put_repeated(&body, row, 0, body.cols, STYLE_PLAIN, " ");
	part = area_part(&body, 2, 0, body.rows - 2 - help->typing, body.cols);
	pager_draw(&help->pager, &part);
	part = area_part(&body, 0, 0, 1, body.cols);
	draw_head(help, &part);
	part = area_part(&body, body.rows - 1, 0, 1, body.cols);
	if (help->typing)
		draw_search(help, &part);
}

static void find(struct help *help, int direction)
{
	help->no_match = *help->pager.needle && !pager_find(&help->pager, direction);
}

static void stop_typing(struct help *help, bool keep)
{
	help->typing = help->no_match = false;
	if (!keep)
		*help->pager.needle = 0;
}

static bool typing_key(struct help *help, int key)
{
	if (key == KEY_IS_ENTER || key == KEY_IS_ESCAPE) {
		stop_typing(help, key == KEY_IS_ENTER);
		return true;
	}
	if (edit_key(&help->edit, key) == EDIT_CHANGED) {
		snprintf(help->pager.needle, sizeof help->pager.needle, "%.*s",
			(int)sizeof help->pager.needle - 1, help->edit.text);
		find(help, 0);
	}
	return key >= ' ';
}

static bool help_key(struct overlay *overlay, const struct term_input *input)
{
	struct help *help = self(overlay);

	if (help->typing)
		return typing_key(help, input->key);
	if (input->key != KEY_IS_WHEEL_UP && input->key != KEY_IS_WHEEL_DOWN)
		return false;
	pager_wheel(&help->pager, input->key == KEY_IS_WHEEL_DOWN ? 1 : -1);
	return true;
}

static void export_help(struct help *help)
{
	struct prose prose = {0};

	help_text(&prose, screen_table[help->overlay.ui->screen], false);
	export_prose(help->overlay.ui, "help", &prose);
}

static bool help_act(struct overlay *overlay, enum action action)
{
	struct help *help = self(overlay);

	switch (action) {
	case ACTION_SEARCH:
		help->typing = true;
		help->edit = (struct edit){0};
		return true;
	case ACTION_SEARCH_NEXT:
	case ACTION_SEARCH_PREVIOUS:
		find(help, action == ACTION_SEARCH_NEXT ? 1 : -1);
		return true;
	case ACTION_HELP:
		ui_overlay(overlay->ui, NULL);
		return true;
	case ACTION_EXPORT:
		export_help(help);
		return true;
	default:
		return pager_act(&help->pager, action);
	}
}

static void help_close(struct overlay *overlay)
{
	pager_free(&self(overlay)->pager);
}

static const struct overlay_ops help_ops = {
	.draw = help_draw,
	.key = help_key,
	.act = help_act,
	.close = help_close,
};

void open_help(struct ui *ui)
{
	struct help *help = calloc(1, sizeof *help);

	if (!help) {
		ui_say(ui, SAY_ERROR, "memory ran out");
		return;
	}
	help->overlay = (struct overlay){.ops = &help_ops, .ui = ui};
	write_text(help, false);
	ui_overlay(ui, &help->overlay);
}
