/* SPDX-License-Identifier: MIT */
/* What keys, clicks and the wheel do. */
#include "frame/frame.h"
#include "ui.h"

static void open_under_cursor(struct ui *ui)
{
	struct view *view = ui_view(ui);
	struct place to = {0};

	if (!view)
		return;
	view->screen->here(view, &to);
	if (view->screen->enter && view->screen->enter(view, &to))
		ui_go(ui, &to);
}

static void cancel(struct ui *ui)
{
	ui->search_on = false;
	*ui->note = 0;
}

/* What is the same on every screen; false: the screen's. */
static bool act_everywhere(struct ui *ui, enum action action)
{
	if (action >= ACTION_SCREEN_OVERVIEW && action <= ACTION_SCREEN_FINDINGS) {
		ui_switch(ui, (enum screen_id)(action - ACTION_SCREEN_OVERVIEW));
		return true;
	}
	switch (action) {
	case ACTION_BACK:
		ui_back(ui);
		return true;
	case ACTION_FORWARD:
		ui_forward(ui);
		return true;
	case ACTION_NEXT_IMAGE:
	case ACTION_PREVIOUS_IMAGE:
		ui_image(ui, action == ACTION_NEXT_IMAGE ? 1 : -1);
		return true;
	case ACTION_UNITS:
		ui->raw = !ui->raw;
		ui_say(ui, SAY_INFORMATION, ui->raw ? "raw bytes and numbers" : "units and names");
		return true;
	case ACTION_REDRAW:
		term_redraw();
		return true;
	case ACTION_SUSPEND:
		term_suspend();
		return true;
	case ACTION_QUIT:
		ui->quit = true;
		return true;
	case ACTION_HELP:
		open_help(ui);
		return true;
	default:
		return false;
	}
}

static bool act_on_view(struct ui *ui, enum action action)
{
	switch (action) {
	case ACTION_OPEN:
		open_under_cursor(ui);
		return true;
	case ACTION_CANCEL:
		cancel(ui);
		return true;
	case ACTION_SEARCH:
		open_search(ui);
		return true;
	case ACTION_SEARCH_NEXT:
	case ACTION_SEARCH_PREVIOUS:
		search_again(ui, action == ACTION_SEARCH_NEXT ? 1 : -1);
		return true;
	case ACTION_GO:
		open_go(ui);
		return true;
	case ACTION_FILTER:
		open_filter(ui);
		return true;
	case ACTION_WHY:
		open_why(ui);
		return true;
	case ACTION_EXPORT:
		open_export(ui);
		return true;
	default:
		return false;
	}
}

void ui_act(struct ui *ui, enum action action)
{
	struct view *view = ui_view(ui);

	if (view && view->screen->act(view, action))
		return;
	if (!act_everywhere(ui, action) && view)
		act_on_view(ui, action);
}

static void click(struct ui *ui, const struct term_input *input)
{
	struct area whole = canvas_area(&ui->canvas);
	enum action action = frame_click(ui, &whole, input->row, input->col);
	struct view *view = ui_view(ui);

	if (action)
		ui_act(ui, action);
	else if (view && view->screen->click && input->row > 0 && input->row <= ui->body.rows &&
		 view->screen->click(view, input->row - 1, input->col))
		ui_act(ui, ACTION_OPEN);
}

static void wheel(struct ui *ui, int direction)
{
	struct view *view = ui_view(ui);

	if (!view)
		return;
	if (view->screen->wheel)
		view->screen->wheel(view, direction);
	else
		for (int i = 0; i < 3; i++)
			view->screen->act(view, direction > 0 ? ACTION_DOWN : ACTION_UP);
}

static void overlay_key(struct ui *ui, const struct term_input *input)
{
	struct overlay *overlay = ui->overlay;
	enum action action;

	if (overlay->ops->key && overlay->ops->key(overlay, input))
		return;
	action = action_of_key(input->key, '+');
	if (overlay->ops->act && overlay->ops->act(overlay, action))
		return;
	if (action == ACTION_CANCEL || action == ACTION_QUIT)
		ui_overlay(ui, NULL);
	else if (action == ACTION_SUSPEND || action == ACTION_REDRAW)
		act_everywhere(ui, action);
}

void ui_key(struct ui *ui, const struct term_input *input)
{
	enum action action;

	*ui->note = 0;
	if (ui->overlay) {
		overlay_key(ui, input);
	} else if (input->key == KEY_IS_CLICK) {
		click(ui, input);
	} else if (input->key == KEY_IS_WHEEL_UP || input->key == KEY_IS_WHEEL_DOWN) {
		wheel(ui, input->key == KEY_IS_WHEEL_DOWN ? 1 : -1);
	} else {
		action = action_of_key(input->key, screen_table[ui->screen]->letter);
		if (action)
			ui_act(ui, action);
	}
}
