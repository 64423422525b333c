/* SPDX-License-Identifier: MIT */
/* Tabs that come and change while the browser runs. */
#include "frame/preview.h"
#include "ui.h"

#include <stdlib.h>

bool ui_take_tab(struct ui *ui, struct tab *tab)
{
	struct tab **grown = tab ? realloc(ui->tabs, (ui->ntabs + 1) * sizeof *grown) : NULL;

	if (!grown) {
		tab_close(tab);
		return false;
	}
	ui->tabs = grown;
	ui->tabs[ui->ntabs++] = tab;
	return true;
}

struct tab *ui_add_tab(struct ui *ui, char *const *paths, size_t npaths)
{
	struct tab *tab = tab_open_made(paths, npaths, &ui->options->tab);

	return ui_take_tab(ui, tab) ? tab : NULL;
}

void ui_reopen(struct ui *ui, struct view *keep)
{
	struct tab *tab = ui_tab(ui);
	struct tab_options options = tab_own_options(tab, &ui->options->tab);

	ui_overlay(ui, NULL); /* it may be reading */
	preview_forget(ui);
	for (int i = 0; i < SCREEN_COUNT; i++) {
		if (tab->views[i] == keep)
			continue;
		view_free(tab->views[i]);
		tab->views[i] = NULL;
	}
	tab_reopen(tab, &options);
}
