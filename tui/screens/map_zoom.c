/* SPDX-License-Identifier: MIT */
/* Which part of the filesystem is shown, in cells of which size, and scrolled to where. */
#include "map.h"

#include <time.h>

/* So many cells are held at most, unless the screen shows more at once. */
#define HELD_MAX (UINT64_C(1) << 18)

/* A place's detail: the cell size in the lowest byte, then the scope, then that there is one. */
#define DETAIL_SHIFT 0xffu
#define DETAIL_GROUP 0x100u
#define DETAIL_SET 0x200u

static uint64_t room(const struct map *map)
{
	return (uint64_t)map->frame.rows * (uint64_t)map->frame.cols;
}

static unsigned least(const struct map *map)
{
	return map_log2(map->view.tab->facts.sectorsize);
}

static unsigned fit_of(const struct map *map, const struct record *groups, size_t count)
{
	return map_fit(groups, count, least(map), room(map));
}

/* The same for what is shown, remembered: there may be many block groups. */
static unsigned fit(struct map *map, const struct record *groups, size_t count)
{
	if (map->fit.groups != groups || map->fit.count != count || map->fit.room != room(map)) {
		map->fit.groups = groups;
		map->fit.count = count;
		map->fit.room = room(map);
		map->fit.shift = fit_of(map, groups, count);
	}
	return map->fit.shift;
}

const struct record *map_record(const struct map *map)
{
	const struct tab *tab = map->view.tab;
	size_t i = tab_index(tab, map->address);

	return i < tab->ngroups ? &tab->records[i] : NULL;
}

/* An address that no block group holds becomes the next one that one does. */
void map_to(struct map *map, uint64_t address)
{
	const struct tab *tab = map->view.tab;
	size_t i = tab_index(tab, address);
	const struct fsr_group *group;

	if (!tab->ngroups)
		return;
	group = &tab->records[i < tab->ngroups ? i : tab->ngroups - 1].group;
	map->address = address < group->bytenr || i == tab->ngroups ? group->bytenr : address;
}

void map_to_cell(struct map *map, uint64_t cell)
{
	uint64_t cells = map_shape_cells(&map->shape);

	if (cells)
		map->address = map_shape_piece(&map->shape, cell < cells ? cell : cells - 1).bytenr;
}

uint64_t map_cursor(const struct map *map)
{
	return map_shape_cell(&map->shape, map->address);
}

/* One line further scrolls by one; from afar the cursor comes to the middle. */
static void scroll(struct map *map)
{
	uint64_t cols = (uint64_t)map->frame.cols, rows = (uint64_t)map->frame.rows;
	uint64_t line = map_cursor(map) / cols, lines = (map_shape_cells(&map->shape) + cols - 1) / cols;

	if (line + 1 == map->top)
		map->top = line;
	else if (line == map->top + rows)
		map->top++;
	else if (line < map->top || line > map->top + rows)
		map->top = line > rows / 2 ? line - rows / 2 : 0;
	if (lines <= rows)
		map->top = 0;
	else if (map->top > lines - rows)
		map->top = lines - rows;
}

/* Has these cells read, and as many around them as are held at once. */
static void read_around(struct map *map, uint64_t first, uint64_t count)
{
	uint64_t cells = map_shape_cells(&map->shape), most = room(map) * 3, before;

	if (map_store_holds(&map->store, first, count) || !tab_has_image(map->view.tab))
		return;
	if (most < HELD_MAX)
		most = HELD_MAX;
	if (most < count)
		most = count;
	before = (most - count) / 2;
	if (cells <= most || first < before)
		before = first;
	if (most > cells - (first - before))
		most = cells - (first - before);
	map_store_read(&map->store, map->view.tab->fs, &map->shape, first - before, most, first,
		map->view.ui->options->tab.threads);
}

static uint64_t at_most(uint64_t count, uint64_t most)
{
	return count < most ? count : most;
}

bool map_read_now(struct map *map, uint64_t first, uint64_t count)
{
	static const struct timespec pause = {.tv_nsec = 1000000};

	count = at_most(count, map_shape_cells(&map->shape) - first);
	read_around(map, first, count);
	while (map->store.pass) {
		map_store_update(&map->store);
		if (map->store.pass)
			nanosleep(&pause, NULL);
	}
	return map_store_holds(&map->store, first, count);
}

void map_settle(struct map *map)
{
	const struct tab *tab = map->view.tab;
	const struct record *groups = tab->records, *record = map_record(map);
	size_t count = tab->ngroups;
	uint64_t first;
	unsigned shift;

	if (map->scope == MAP_GROUP && record) {
		groups = record;
		count = 1;
	}
	shift = map->wanted ? map->wanted : fit(map, groups, count);
	if (map->shape.groups != groups || map->shape.count != count || map->shape.shift != shift) {
		map_store_forget(&map->store);
		if (!map_shape_set(&map->shape, groups, count, shift))
			return;
	}
	if (!count)
		return;
	scroll(map);
	first = map->top * (uint64_t)map->frame.cols;
	read_around(map, first, at_most(room(map), map_shape_cells(&map->shape) - first));
}

static int digits(uint64_t number)
{
	int n = 1;

	while (number /= 10)
		n++;
	return n;
}

void map_resize(struct map *map, int rows, int cols)
{
	const struct tab *tab = map->view.tab;
	uint64_t last = tab->ngroups ? tab->records[tab->ngroups - 1].group.bytenr : 0;

	map->frame = map_frame_in(rows, cols, digits(last));
}

/* ---- zoom */

bool map_at_sectors(const struct map *map)
{
	return map->scope == MAP_GROUP && map->shape.shift == least(map);
}

uint64_t map_detail(enum map_scope scope, unsigned shift)
{
	return DETAIL_SET | (scope == MAP_GROUP ? DETAIL_GROUP : 0) | shift;
}

void map_set_detail(struct map *map, uint64_t detail)
{
	unsigned shift = detail & DETAIL_SHIFT;

	if (!(detail & DETAIL_SET))
		return;
	map->scope = detail & DETAIL_GROUP ? MAP_GROUP : MAP_FILESYSTEM;
	map->wanted = shift && shift < least(map) ? least(map) : shift < 64 ? shift : 0;
}

bool map_deeper(const struct map *map, uint64_t *detail)
{
	if (map_at_sectors(map))
		return false;
	*detail = map->scope == MAP_FILESYSTEM ? map_detail(MAP_GROUP, 0) : map_detail(MAP_GROUP, least(map));
	return true;
}

static void set_zoom(struct map *map, enum map_scope scope, unsigned shift)
{
	map_set_detail(map, map_detail(scope, shift));
	map_settle(map);
}

/*
 * Sizes at which the block group under the cursor is shown whole, or in part, show it alone; larger ones the
 * filesystem, up to the size at which all of it is seen.
 */
bool map_zoom(struct map *map, bool in)
{
	const struct tab *tab = map->view.tab;
	const struct record *record = map_record(map);
	unsigned shift = map->shape.shift, alone, all;

	if (!record || (in && shift <= least(map)))
		return false;
	alone = fit_of(map, record, 1);
	all = fit_of(map, tab->records, tab->ngroups);
	if (!in && map->scope == MAP_FILESYSTEM && shift >= all)
		return false;
	shift = in ? shift - 1 : shift + 1;
	if (shift <= alone && (in || map->scope == MAP_GROUP))
		set_zoom(map, MAP_GROUP, shift == alone ? 0 : shift);
	else
		set_zoom(map, MAP_FILESYSTEM, shift >= all ? 0 : shift);
	return true;
}
