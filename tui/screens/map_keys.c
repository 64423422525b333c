/* SPDX-License-Identifier: MIT */
#include "map.h"

/* Moves by a number of cells; stops at the ends. */
static void step(struct map *map, uint64_t cells, bool forward)
{
	uint64_t cursor = map_cursor(map), last = map_shape_cells(&map->shape) - 1;

	if (forward)
		map_to_cell(map, cells < last - cursor ? cursor + cells : last);
	else
		map_to_cell(map, cells < cursor ? cursor - cells : 0);
}

/* A line up or down keeps the column: at the first and the last line nothing moves. */
static void step_line(struct map *map, uint64_t lines, bool forward)
{
	uint64_t cursor = map_cursor(map), cols = (uint64_t)map->frame.cols;
	uint64_t last = map_shape_cells(&map->shape) - 1, here = cursor / cols;

	if (forward && lines > last / cols - here)
		lines = last / cols - here;
	if (!forward && lines > here)
		lines = here;
	step(map, lines * cols, forward);
}

/* The picture moves with the cursor. */
static void step_page(struct map *map, bool forward)
{
	uint64_t lines = map->frame.rows > 1 ? (uint64_t)map->frame.rows - 1 : 1;

	step_line(map, lines, forward);
	if (forward)
		map->top += lines;
	else
		map->top -= lines < map->top ? lines : map->top;
}

static void step_group(struct map *map, bool forward)
{
	const struct tab *tab = map->view.tab;
	size_t i = tab_index(tab, map->address);

	if (forward && i + 1 < tab->ngroups)
		map->address = tab->records[i + 1].group.bytenr;
	else if (!forward && i > 0 && i < tab->ngroups)
		map->address = tab->records[i - 1].group.bytenr;
	else
		ui_say(map->view.ui, SAY_INFORMATION, "this is the %s block group",
			forward ? "last" : "first");
}

static bool move(struct map *map, enum action action)
{
	uint64_t cols = (uint64_t)map->frame.cols, line = map_cursor(map) / cols;

	switch (action) {
	case ACTION_LEFT:
	case ACTION_RIGHT:
		step(map, 1, action == ACTION_RIGHT);
		return true;
	case ACTION_UP:
	case ACTION_DOWN:
		step_line(map, 1, action == ACTION_DOWN);
		return true;
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		step_page(map, action == ACTION_PAGE_DOWN);
		return true;
	case ACTION_LINE_START:
	case ACTION_LINE_END:
		map_to_cell(map, action == ACTION_LINE_START ? line * cols : (line + 1) * cols - 1);
		return true;
	case ACTION_FIRST:
	case ACTION_LAST:
		map_to_cell(map, action == ACTION_FIRST ? 0 : UINT64_MAX);
		return true;
	case ACTION_NEXT_SIBLING:
	case ACTION_PREVIOUS_SIBLING:
		step_group(map, action == ACTION_NEXT_SIBLING);
		return true;
	default:
		return false;
	}
}

static void zoom(struct map *map, bool in)
{
	if (!map_zoom(map, in))
		ui_say(map->view.ui, SAY_INFORMATION, "%s",
			in ? "a cell is one sector" : "the whole filesystem is shown");
}

bool map_act(struct view *view, enum action action)
{
	struct map *map = (struct map *)view;

	if (!map_shape_cells(&map->shape))
		return false;
	if (action == ACTION_NEXT_WRONG || action == ACTION_PREVIOUS_WRONG) {
		map_next_wrong(map, action == ACTION_NEXT_WRONG ? 1 : -1);
		return true;
	}
	map_search_drop(map);
	if (action == ACTION_ZOOM_IN || action == ACTION_ZOOM_OUT)
		zoom(map, action == ACTION_ZOOM_IN);
	else if (action == ACTION_VIEW)
		map->colouring = (enum map_colouring)((map->colouring + 1) % MAP_COLOURINGS);
	else if (!move(map, action))
		return false;
	map_settle(map);
	return true;
}

bool map_click(struct view *view, int row, int col)
{
	struct map *map = (struct map *)view;
	const struct map_frame *frame = &map->frame;
	uint64_t cell, before = map_cursor(map);

	row -= frame->top;
	col -= frame->left;
	if (row < 0 || row >= frame->rows || col < 0 || col >= frame->cols)
		return false;
	cell = (map->top + (uint64_t)row) * (uint64_t)frame->cols + (uint64_t)col;
	if (cell >= map_shape_cells(&map->shape))
		return false;
	map_search_drop(map);
	if (cell == before)
		return true;
	map_to_cell(map, cell);
	map_settle(map);
	return false;
}

void map_wheel(struct view *view, int direction)
{
	map_act(view, direction > 0 ? ACTION_ZOOM_OUT : ACTION_ZOOM_IN);
}
