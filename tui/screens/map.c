/* SPDX-License-Identifier: MIT */
/* Map: every byte of the filesystem, used or free, and where its caches are wrong. */
#include "map.h"
#include "diff_export.h"
#include "screens.h"

#include <inttypes.h>
#include <stdio.h>

static struct map *self(struct view *view)
{
	return (struct map *)view;
}

static bool map_open(struct view *view)
{
	struct map *map = self(view);

	map_to(map, 0);
	map_resize(map, view->ui->body.rows, view->ui->body.cols);
	return true;
}

static void map_close(struct view *view)
{
	struct map *map = self(view);

	map_search_drop(map);
	job_end(map->search.dropped);
	map_store_close(&map->store);
	map_shape_free(&map->shape);
}

/* The address counts where it lies in the place's block group. */
static void map_show(struct view *view, const struct place *place)
{
	struct map *map = self(view);
	const struct record *record = tab_record(view->tab, place->address);
	bool there = record && record->group.bytenr == place->group;

	map_search_drop(map);
	if (place->screen == SCREEN_MAP)
		map_set_detail(map, place->detail);
	map_to(map, there ? place->address : place->group);
	map_settle(map);
}

static void map_here(const struct view *view, struct place *place)
{
	const struct map *map = (const struct map *)view;
	const struct record *record = map_record(map);

	*place = (struct place){.screen = SCREEN_MAP, .detail = map_detail(map->scope, map->wanted)};
	if (!record)
		return;
	place->group = record->group.bytenr;
	place->address = map->address;
}

static bool map_update(struct view *view)
{
	struct map *map = self(view);
	bool found = map_search_update(map), read = map_store_update(&map->store);

	return found || read;
}

static void map_position(struct view *view, char *out, size_t size)
{
	const struct map *map = self(view);
	uint64_t cells = map_shape_cells(&map->shape);

	snprintf(out, size, "%" PRIu64 "/%" PRIu64, cells ? map_cursor(map) + 1 : 0, cells);
}

static const char *map_working(struct view *view)
{
	struct map *map = self(view);
	size_t done, all;

	if (map->search.job)
		return "searching";
	if (!map->store.pass)
		return NULL;
	map_pass_progress(map->store.pass, &done, &all);
	snprintf(map->progress, sizeof map->progress, "reading %zu/%zu", done, all);
	return map->progress;
}

static const struct key_hint hints[] = {
	{ACTION_OPEN, "Zoom in"},
	{ACTION_BACK, "Back"},
	{ACTION_ZOOM_IN, ""},
	{ACTION_ZOOM_OUT, "Zoom"},
	{ACTION_VIEW, "View"},
	{ACTION_NEXT_WRONG, "Next"},
	{ACTION_NEXT_SIBLING, "Group"},
	{ACTION_GO, "Go"},
	{ACTION_WHY, "Why"},
	{ACTION_SEARCH, "Find"},
	{ACTION_EXPORT, "Export"},
	{ACTION_UNITS, "Units"},
	{ACTION_NONE, NULL},
};

/* A sector can't be zoomed into: Enter goes to what holds it, or says that it is free. */
static const struct key_hint sector_hints[] = {
	{ACTION_OPEN, "Follow"},
	{ACTION_BACK, "Back"},
	{ACTION_ZOOM_OUT, "Zoom out"},
	{ACTION_VIEW, "View"},
	{ACTION_NEXT_WRONG, "Next"},
	{ACTION_NEXT_SIBLING, "Group"},
	{ACTION_GO, "Go"},
	{ACTION_WHY, "Why"},
	{ACTION_SEARCH, "Find"},
	{ACTION_EXPORT, "Export"},
	{ACTION_UNITS, "Units"},
	{ACTION_NONE, NULL},
};

static const struct key_hint *map_hints(struct view *view)
{
	return map_at_sectors(self(view)) ? sector_hints : hints;
}

const struct screen map_screen = {
	.id = SCREEN_MAP,
	.letter = 'M',
	.name = "Map",
	.command = "diff",
	.size = sizeof(struct map),
	.hints = hints,
	.hints_now = map_hints,
	.needs_image = true,
	.open = map_open,
	.close = map_close,
	.show = map_show,
	.here = map_here,
	.update = map_update,
	.draw = map_draw,
	.enter = map_enter,
	.act = map_act,
	.sentence = map_sentence,
	.position = map_position,
	.working = map_working,
	.click = map_click,
	.wheel = map_wheel,
	.find = map_find,
	.export_json = diff_export,
	.export_text = map_export_text,
};
