/* SPDX-License-Identifier: MIT */
/* Zooming and moving on the map, without reading. Cell sizes and numbers were worked out by hand. */
#include "../../tui/screens/map.h"
#include "../../tui/screens/screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define LARGE 170u
#define SMALL 2u /* of them have 8 MiB */

/* A saved report: its cells are known, what is in them can't be read. */
struct stage {
	struct ui ui;
	struct tab tab;
	struct record records[LARGE];
	struct map *map;
};

static int set_up(void **state)
{
	struct stage *stage = calloc(1, sizeof *stage);
	uint64_t at = 13631488;

	assert_non_null(stage);
	*state = stage;
	for (unsigned i = 0; i < LARGE; i++) {
		stage->records[i].group = (struct fsr_group){
			.bytenr = at, .length = i < SMALL ? 8 * MIB : GIB, .has_item = true};
		at += stage->records[i].group.length;
	}
	stage->tab = (struct tab){.kind = TAB_REPORT,
		.ngroups = LARGE,
		.records = stage->records,
		.facts = {.sectorsize = 4096}};
	stage->ui.body = (struct area){.rows = 21, .cols = 80};
	stage->map = (struct map *)view_new(&stage->ui, &stage->tab, &map_screen);
	assert_non_null(stage->map);
	return 0;
}

static int tear_down(void **state)
{
	struct stage *stage = *state;

	view_free(&stage->map->view);
	free(stage);
	return 0;
}

static void show(struct stage *stage, uint64_t group, uint64_t address, uint64_t detail)
{
	const struct place place = {SCREEN_MAP, group, address, .detail = detail};

	map_screen.show(&stage->map->view, &place);
}

static struct place here(const struct stage *stage)
{
	struct place place;

	map_screen.here(&stage->map->view, &place);
	return place;
}

static bool act(struct stage *stage, enum action action)
{
	return map_screen.act(&stage->map->view, action);
}

static void expect(const struct stage *stage, enum map_scope scope, unsigned shift, uint64_t cells)
{
	assert_int_equal(stage->map->scope, scope);
	assert_int_equal(stage->map->shape.shift, shift);
	assert_int_equal(map_shape_cells(&stage->map->shape), cells);
}

/* 76 x 18 cells: 128 MiB for all, 1 MiB for one of 1 GiB, 4096 at the end; and Enter leads there at once. */
static void test_stops(void **state)
{
	struct stage *stage = *state;
	const uint64_t group = stage->records[SMALL].group.bytenr, address = group + 300 * MIB + 8192;
	struct place place;

	show(stage, group, address, 0);
	expect(stage, MAP_FILESYSTEM, 27, 1346);
	assert_int_equal(map_cursor(stage->map), 2 + 2);
	place = here(stage);
	assert_true(map_screen.enter(&stage->map->view, &place));
	map_screen.show(&stage->map->view, &place);
	expect(stage, MAP_GROUP, 20, 1024);
	assert_int_equal(map_cursor(stage->map), 300);
	place = here(stage);
	assert_true(map_screen.enter(&stage->map->view, &place));
	map_screen.show(&stage->map->view, &place);
	expect(stage, MAP_GROUP, 12, 262144);
	assert_int_equal(map_cursor(stage->map), 300 * 256 + 2);
	assert_int_equal(here(stage).address, address);
	assert_true(map_at_sectors(stage->map));
	/* the cursor's line in the middle of 18, as lines of 76 */
	assert_int_equal(stage->map->top, (300 * 256 + 2) / 76 - 9);
}

static void test_halves_and_doubles(void **state)
{
	struct stage *stage = *state;
	unsigned shift = 27;

	show(stage, stage->records[5].group.bytenr, 0, 0);
	while (shift > 12) {
		shift--;
		assert_true(map_zoom(stage->map, true));
		assert_int_equal(stage->map->scope, shift > 20 ? MAP_FILESYSTEM : MAP_GROUP);
		assert_int_equal(stage->map->shape.shift, shift);
	}
	assert_false(map_zoom(stage->map, true));
	while (shift < 27) {
		shift++;
		assert_true(map_zoom(stage->map, false));
		assert_int_equal(stage->map->scope, shift > 20 ? MAP_FILESYSTEM : MAP_GROUP);
		assert_int_equal(stage->map->shape.shift, shift);
	}
	assert_false(map_zoom(stage->map, false));
	expect(stage, MAP_FILESYSTEM, 27, 1346);
	assert_int_equal(here(stage).address, stage->records[5].group.bytenr);
}

/* What Backspace does: the place that was left brings the zoom back, also after a change of size. */
static void test_back(void **state)
{
	struct stage *stage = *state;
	const uint64_t group = stage->records[7].group.bytenr;
	struct place place;

	show(stage, group, group + 5 * MIB, map_detail(MAP_GROUP, 16));
	expect(stage, MAP_GROUP, 16, 16384);
	place = here(stage);
	show(stage, 13631488, 13631488, map_detail(MAP_FILESYSTEM, 0));
	expect(stage, MAP_FILESYSTEM, 27, 1346);
	map_screen.show(&stage->map->view, &place);
	expect(stage, MAP_GROUP, 16, 16384);
	assert_int_equal(here(stage).address, group + 5 * MIB);
	show(stage, group, group + 5 * MIB, map_detail(MAP_GROUP, 0));
	map_resize(stage->map, 57, 99); /* 95 x 54 = 5130: 256 KiB */
	map_settle(stage->map);
	expect(stage, MAP_GROUP, 18, 4096);
	assert_int_equal(here(stage).address, group + 5 * MIB);
}

static void test_moving(void **state)
{
	struct stage *stage = *state;

	show(stage, 13631488, 13631488, map_detail(MAP_FILESYSTEM, 0));
	act(stage, ACTION_UP);
	act(stage, ACTION_LEFT);
	assert_int_equal(map_cursor(stage->map), 0);
	act(stage, ACTION_RIGHT);
	act(stage, ACTION_DOWN);
	assert_int_equal(map_cursor(stage->map), 77);
	/* cell 77 is the 75th behind the two small ones: 9 x 8 + 3 */
	assert_int_equal(
		here(stage).address, stage->records[SMALL + 9].group.bytenr + 3 * (UINT64_C(1) << 27));
	act(stage, ACTION_LINE_END);
	assert_int_equal(map_cursor(stage->map), 151);
	act(stage, ACTION_LINE_START);
	assert_int_equal(map_cursor(stage->map), 76);
	act(stage, ACTION_NEXT_SIBLING);
	assert_int_equal(here(stage).group, stage->records[SMALL + 10].group.bytenr);
	act(stage, ACTION_LAST);
	assert_int_equal(map_cursor(stage->map), 1345);
	act(stage, ACTION_NEXT_SIBLING);
	assert_int_equal(here(stage).group, stage->records[LARGE - 1].group.bytenr);
	act(stage, ACTION_PAGE_UP); /* 17 lines: as far as there are */
	assert_int_equal(map_cursor(stage->map), 1345 % 76);
	act(stage, ACTION_FIRST);
	assert_int_equal(map_cursor(stage->map), 0);
}

/* From one block group to the next at the same zoom. */
static void test_siblings_alone(void **state)
{
	struct stage *stage = *state;

	show(stage, stage->records[4].group.bytenr, 0, map_detail(MAP_GROUP, 0));
	act(stage, ACTION_PREVIOUS_SIBLING);
	expect(stage, MAP_GROUP, 20, 1024);
	assert_ptr_equal(stage->map->shape.groups, &stage->records[3]);
	act(stage, ACTION_PREVIOUS_SIBLING);
	act(stage, ACTION_PREVIOUS_SIBLING);
	expect(stage, MAP_GROUP, 13, 1024); /* 8 MiB */
}

static void test_scrolling(void **state)
{
	struct stage *stage = *state;
	struct map *map = stage->map;

	show(stage, stage->records[4].group.bytenr, 0, map_detail(MAP_GROUP, 12));
	assert_int_equal(map->top, 0);
	for (int i = 0; i < 18; i++)
		act(stage, ACTION_DOWN);
	assert_int_equal(map->top, 1);
	act(stage, ACTION_PAGE_DOWN);
	assert_int_equal(map->top, 18);
	assert_int_equal(map_cursor(map), (18 + 17) * 76);
	act(stage, ACTION_LAST);
	assert_int_equal(map->top, 3450 - 18); /* 262144 cells in lines of 76 */
}

/* 3 lines of 20 cells: each of the 170 block groups gets one, in 9 lines. */
static void test_more_groups_than_cells(void **state)
{
	struct stage *stage = *state;

	map_resize(stage->map, 4, 20);
	show(stage, stage->records[100].group.bytenr, stage->records[100].group.bytenr + 5 * MIB, 0);
	expect(stage, MAP_FILESYSTEM, 30, LARGE);
	assert_int_equal(map_cursor(stage->map), 100);
	assert_int_equal(stage->map->top, 5 - 1);
	assert_int_equal(here(stage).address, stage->records[100].group.bytenr + 5 * MIB);
	act(stage, ACTION_LAST);
	assert_int_equal(stage->map->top, 9 - 3);
	assert_false(map_zoom(stage->map, false));
}

/* The third line of the screen is the second of the map, whose cells begin in the third column. */
static void test_click(void **state)
{
	struct stage *stage = *state;

	show(stage, 13631488, 13631488, map_detail(MAP_FILESYSTEM, 0));
	assert_false(map_screen.click(&stage->map->view, 2, 2 + 10));
	assert_int_equal(map_cursor(stage->map), 86);
	assert_true(map_screen.click(&stage->map->view, 2, 2 + 10));
	assert_false(map_screen.click(&stage->map->view, 0, 10));
	assert_false(map_screen.click(&stage->map->view, 2, 1));
	assert_false(map_screen.click(&stage->map->view, 2, 78));
	assert_false(map_screen.click(&stage->map->view, 18, 2 + 60)); /* behind the last */
	assert_int_equal(map_cursor(stage->map), 86);
}

static void test_addresses_of_no_group(void **state)
{
	struct stage *stage = *state;
	const uint64_t last = stage->records[LARGE - 1].group.bytenr;

	show(stage, 0, 0, 0);
	assert_int_equal(here(stage).address, 13631488);
	show(stage, UINT64_MAX, UINT64_MAX, 0);
	assert_int_equal(here(stage).group, last);
	show(stage, last, 13631488, 0); /* the address is elsewhere: a tree block's */
	assert_int_equal(here(stage).address, last);
}

static void test_find(void **state)
{
	struct stage *stage = *state;
	struct needle needle = {.text = "4000000000", .is_address = true, .address = 4000000000};
	size_t number, count;

	stage->records[9].group.flags = 4;
	stage->records[3].group.flags = 4;
	show(stage, 13631488, 13631488, 0);
	assert_true(map_screen.find(&stage->map->view, &needle, 0, &number, &count));
	assert_int_equal(here(stage).address, 4000000000);
	assert_int_equal(count, 1);
	needle = (struct needle){.text = "metadata"};
	assert_true(map_screen.find(&stage->map->view, &needle, 1, &number, &count));
	assert_int_equal(here(stage).group, stage->records[9].group.bytenr);
	assert_true(number == 2 && count == 2);
	assert_true(map_screen.find(&stage->map->view, &needle, 1, &number, &count));
	assert_int_equal(here(stage).group, stage->records[3].group.bytenr);
	assert_true(map_screen.find(&stage->map->view, &needle, -1, &number, &count));
	assert_int_equal(here(stage).group, stage->records[9].group.bytenr);
	needle.text = "raid6";
	assert_false(map_screen.find(&stage->map->view, &needle, 1, &number, &count));
}

/* Every size of screen, at every stop. */
static void test_draws_at_any_size(void **state)
{
	struct stage *stage = *state;
	struct canvas canvas = {0};

	for (unsigned stop = 0; stop < 3; stop++)
		for (int rows = 1; rows < 30; rows += stop + 1)
			for (int cols = 1; cols < 130; cols += 7) {
				struct area area;

				assert_true(canvas_resize(&canvas, rows, cols));
				area = canvas_area(&canvas);
				map_set_detail(stage->map,
					map_detail(stop ? MAP_GROUP : MAP_FILESYSTEM, stop == 2 ? 12 : 0));
				act(stage, ACTION_LAST);
				map_screen.draw(&stage->map->view, &area);
			}
	canvas_free(&canvas);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_stops),
		TEST(test_halves_and_doubles),
		TEST(test_back),
		TEST(test_moving),
		TEST(test_siblings_alone),
		TEST(test_scrolling),
		TEST(test_more_groups_than_cells),
		TEST(test_click),
		TEST(test_addresses_of_no_group),
		TEST(test_find),
		TEST(test_draws_at_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
