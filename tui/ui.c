/* SPDX-License-Identifier: MIT */
/* Going from place to place; messages and overlays. */
#include "ui.h"

#include "../inspect/report/escape.h"
#include "frame/frame.h"

#include <stdarg.h>
#include <stdlib.h>

struct tab *ui_tab(const struct ui *ui)
{
	return ui->tabs[ui->current];
}

struct view *ui_view(const struct ui *ui)
{
	return ui_tab(ui)->kind == TAB_FAILED ? NULL : view_get((struct ui *)ui, ui_tab(ui), ui->screen);
}

void ui_say(struct ui *ui, enum say kind, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(ui->note, sizeof ui->note, format, args);
	va_end(args);
	ui->note_kind = kind;
}

void ui_overlay(struct ui *ui, struct overlay *overlay)
{
	struct overlay *old = ui->overlay;

	ui->overlay = overlay;
	if (!old)
		return;
	if (old->ops->close)
		old->ops->close(old);
	free(old);
}

static bool can_show(struct ui *ui, enum screen_id id)
{
	const struct tab *tab = ui_tab(ui);

	if (tab_has_image(tab) || (tab->kind == TAB_REPORT && !screen_table[id]->needs_image))
		return true;
	if (tab->kind == TAB_FAILED)
		ui_say(ui, SAY_WARNING, "this image can't be read; > and < go to the others");
	else
		ui_say(ui, SAY_WARNING, "%s needs the image; this is a report made from %s",
			screen_table[id]->name, tab->image->path ? tab->image->path : "an image");
	return false;
}

static void show(struct ui *ui, const struct place *place)
{
	struct view *view;

	ui->screen = place->screen;
	view = ui_view(ui);
	if (view)
		view->screen->show(view, place);
	else if (ui_tab(ui)->kind != TAB_FAILED)
		ui_say(ui, SAY_ERROR, "memory ran out");
}

static struct place here(const struct ui *ui)
{
	struct place place = {0};
	const struct view *view = ui_view(ui);

	if (view)
		view->screen->here(view, &place);
	place.screen = ui->screen;
	return place;
}

/* What is looked at, for when one goes on by way of a screen that knows block groups only. */
static void remember(struct ui *ui, const struct place *place)
{
	bool knows = !screen_table[place->screen]->of_groups || place->address != place->group;

	if (knows && (place->target == TARGET_NONE || place->target == TARGET_CACHE))
		ui_tab(ui)->focus = *place;
}

void ui_go(struct ui *ui, const struct place *place)
{
	struct place from = here(ui), to = *place;

	if (!can_show(ui, to.screen))
		return;
	remember(ui, &from);
	remember(ui, &to);
	history_go(&ui_tab(ui)->history, &from, &to);
	show(ui, &to);
}

void ui_switch(struct ui *ui, enum screen_id screen)
{
	struct place to = here(ui);
	const struct place *focus = &ui_tab(ui)->focus;

	if (screen == ui->screen)
		return;
	if (screen_table[ui->screen]->of_groups && focus->group == to.group)
		to = *focus;
	to.screen = screen;
	to.detail = 0; /* was the other screen's own */
	ui_go(ui, &to);
}

static void step(struct ui *ui, int direction)
{
	struct place from = here(ui);
	const struct place *to = history_step(&ui_tab(ui)->history, &from, direction);

	remember(ui, &from);
	if (to)
		show(ui, to);
	else
		ui_say(ui, SAY_INFORMATION, "nothing to go %s to", direction < 0 ? "back" : "forward");
}

void ui_back(struct ui *ui)
{
	step(ui, -1);
}

void ui_forward(struct ui *ui)
{
	step(ui, 1);
}

/* Each image keeps its screen: its history's current place says which. */
void ui_image(struct ui *ui, int step_by)
{
	struct place from = here(ui);
	struct history *history = &ui_tab(ui)->history;

	if (ui->ntabs < 2) {
		ui_say(ui, SAY_INFORMATION, "there is one image only");
		return;
	}
	history->places[history->at] = from;
	history->count = history->count ? history->count : 1;
	ui->current = (ui->current + ui->ntabs + (size_t)step_by) % ui->ntabs;
	history = &ui_tab(ui)->history;
	ui->screen = history->count ? history->places[history->at].screen : SCREEN_OVERVIEW;
}
