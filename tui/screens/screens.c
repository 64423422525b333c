/* SPDX-License-Identifier: MIT */
/* The eight screens, and making their views. */
#include "screens.h"

#include "../ui.h"

#include <stdlib.h>

const struct screen *const screen_table[SCREEN_COUNT] = {
	[SCREEN_OVERVIEW] = &overview_screen,
	[SCREEN_MAP] = &map_screen,
	[SCREEN_CACHE] = &cache_screen,
	[SCREEN_BYTES] = &bytes_screen,
	[SCREEN_DIFF] = &diff_screen,
	[SCREEN_TREE] = &tree_screen,
	[SCREEN_REWRITE] = &rewrite_screen,
	[SCREEN_FINDINGS] = &findings_screen,
};

struct view *view_new(struct ui *ui, struct tab *tab, const struct screen *screen)
{
	struct view *view = calloc(1, screen->size);

	if (!view)
		return NULL;
	*view = (struct view){.ui = ui, .tab = tab, .screen = screen};
	if (!screen->open || screen->open(view))
		return view;
	free(view);
	return NULL;
}

void view_free(struct view *view)
{
	if (!view)
		return;
	if (view->screen->close)
		view->screen->close(view);
	free(view);
}

struct view *view_get(struct ui *ui, struct tab *tab, enum screen_id id)
{
	if (!tab->views[id])
		tab->views[id] = view_new(ui, tab, screen_table[id]);
	return tab->views[id];
}
