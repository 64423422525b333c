/* SPDX-License-Identifier: MIT */
/* Cache: everything about one block group's cache. */
#include "cache.h"

#include "cache_export.h"
#include "screens.h"

#include <stdlib.h>

struct record *cache_record(const struct cache_view *c)
{
	return tab_record(c->view.tab, c->group);
}

bool cache_there(const struct cache_view *c)
{
	return c->loaded && c->model.cache;
}

static void unload(struct cache_view *c)
{
	cache_model_close(&c->model);
	cache_rows_free(&c->rows);
	free(c->order);
	free(c->folds);
	c->order = NULL;
	c->folds = NULL;
	c->lines = c->pages = c->entries = (struct list){0};
	c->unfolded_pages = c->by_offset = c->descending = false;
	c->error = (struct fsr_error){0};
}

/* With v2 in use the free space tree is what Linux takes. */
static void load_model(struct cache_view *c)
{
	bool v2 = c->view.tab->facts.space_cache == FSR_SPACE_CACHE_V2;
	int ret = cache_model_open(&c->model, c->view.tab->fs, c->group, v2, &c->error);

	if (ret)
		return;
	c->error.code = 0;
	cache_rows_init(&c->rows, cache_model_count(&c->model));
	list_resize(&c->entries, c->rows.count);
	if (cache_pages_fold(c))
		return;
	unload(c);
	c->error = (struct fsr_error){.code = FSR_E_NOMEM, .text = "memory ran out"};
}

void cache_load(struct cache_view *c, uint64_t group)
{
	const struct record *record = tab_record(c->view.tab, group);

	unload(c);
	if (!record && c->view.tab->ngroups) /* an address between block groups: the first one */
		record = &c->view.tab->records[0];
	c->group = record ? record->group.bytenr : group;
	c->loaded = true;
	if (record && tab_has_image(c->view.tab))
		load_model(c);
	list_resize(&c->lines, CACHE_LINES);
	c->pane = c->entries.count ? CACHE_PANE_ENTRIES
		  : c->pages.count ? CACHE_PANE_PAGES
				   : CACHE_PANE_LINES;
	c->list_pane = c->pane == CACHE_PANE_LINES ? CACHE_PANE_ENTRIES : c->pane;
}

static void close_view(struct view *view)
{
	unload((struct cache_view *)view);
}

static void sentence(struct view *view, struct sentence *out)
{
	struct cache_view *c = (struct cache_view *)view;

	if (!cache_record(c))
		return;
	if (c->pane == CACHE_PANE_LINES)
		cache_line_sentence(c, c->lines.cursor, out);
	else if (c->pane == CACHE_PANE_PAGES && c->pages.count)
		cache_page_sentence(c, c->pages.cursor, out);
	else if (c->pane == CACHE_PANE_ENTRIES && c->entries.count)
		cache_entry_sentence(c, c->entries.cursor, out);
}

/* Runs are not counted: the position is that of the entry. */
static void position(struct view *view, char *out, size_t size)
{
	struct cache_view *c = (struct cache_view *)view;

	if (c->pane == CACHE_PANE_ENTRIES && c->entries.count) {
		size_t entry = cache_rows_at(&c->rows, c->entries.cursor).entry;

		snprintf(out, size, "%zu/%zu", entry + 1, c->rows.count);
	} else {
		list_position(cache_list(c), out, size);
	}
}

static int export_json(struct view *view, FILE *out, bool all)
{
	(void)all;
	return cache_export(view, out, &((struct cache_view *)view)->model, false);
}

static const struct key_hint hints[] = {
	{ACTION_OPEN, "Open"},
	{ACTION_NEXT_PANE, "Pane"},
	{ACTION_UNFOLD, "Unfold"},
	{ACTION_NEXT_WRONG, "Next"},
	{ACTION_WHY, "Why"},
	{ACTION_SORT, "Sort"},
	{ACTION_NEXT_SIBLING, "Group"},
	{ACTION_SEARCH, "Find"},
	{ACTION_EXPORT, "Export"},
	{ACTION_NONE, NULL},
};

const struct screen cache_screen = {
	.id = SCREEN_CACHE,
	.letter = 'C',
	.name = "Cache",
	.command = "cache",
	.size = sizeof(struct cache_view),
	.hints = hints,
	.has_preview = true,
	.close = close_view,
	.show = cache_show,
	.here = cache_here,
	.draw = cache_draw,
	.enter = cache_enter,
	.act = cache_act,
	.sentence = sentence,
	.position = position,
	.click = cache_click,
	.wheel = cache_wheel,
	.find = cache_find,
	.go = cache_go,
	.export_json = export_json,
	.export_text = cache_export_text,
};
