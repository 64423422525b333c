/* SPDX-License-Identifier: MIT */
/*
 * From one wrong place to the next, and from a sector to what says so. The sample's recipe moved the entry of
 * 65536 bytes at 355991552 to 355926016; its 17 bytes lie at byte 106 of page 0.
 */
#include "../../tui/screens/map.h"
#include "../../tui/screens/screens.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define GROUP UINT64_C(355860480)
#define EXCESS UINT64_C(355926016)
#define MISSING UINT64_C(355991552)
/* by dump-tree */
#define LEAF UINT64_C(30425088)
#define USED UINT64_C(356057088)
#define USED_SLOT 23

static const struct ui_options options;

struct stage {
	struct ui ui;
	struct tab *tab;
	struct view *view;
};

static struct stage open_stage_of(const char *path, bool judged)
{
	struct stage stage = {.ui = {.options = &options, .body = {.rows = 21, .cols = 80}}};

	stage.tab = tab_open(path, &options.tab);
	assert_non_null(stage.tab);
	assert_int_equal(stage.tab->kind, TAB_IMAGE);
	if (judged)
		tab_judge(stage.tab, &options.tab);
	while (judged && !stage.tab->complete) {
		tab_update(stage.tab);
		usleep(1000);
	}
	return stage;
}

static struct stage open_stage(bool judged)
{
	return open_stage_of("samples/misplaced.tar.zst", judged);
}

static void open_view(struct stage *stage)
{
	stage->view = view_new(&stage->ui, stage->tab, &map_screen);
	assert_non_null(stage->view);
}

static void close_stage(struct stage *stage)
{
	view_free(stage->view);
	tab_close(stage->tab);
}

static struct place here(const struct stage *stage)
{
	struct place place;

	map_screen.here(stage->view, &place);
	return place;
}

static void show(struct stage *stage, uint64_t group, uint64_t address, uint64_t detail)
{
	const struct place place = {SCREEN_MAP, group, address, .detail = detail};

	map_screen.show(stage->view, &place);
}

/* As the main loop does, until nothing is under way. */
static void settle(struct stage *stage)
{
	while (map_screen.working(stage->view)) {
		map_screen.update(stage->view);
		usleep(1000);
	}
}

static uint64_t next(struct stage *stage, enum action action)
{
	*stage->ui.note = 0;
	map_screen.act(stage->view, action);
	settle(stage);
	return here(stage).address;
}

/* The same whether the records are known already or not. */
static void test_next(void **state)
{
	(void)state;
	for (int judged = 0; judged < 2; judged++) {
		struct stage stage = open_stage(judged);

		open_view(&stage);
		show(&stage, 13631488, 13631488, map_detail(MAP_GROUP, 12));
		assert_int_equal(next(&stage, ACTION_NEXT_WRONG), EXCESS);
		assert_string_equal(stage.ui.note, "");
		assert_int_equal(here(&stage).group, GROUP);
		assert_int_equal(next(&stage, ACTION_NEXT_WRONG), MISSING);
		assert_string_equal(stage.ui.note, "");
		assert_int_equal(next(&stage, ACTION_NEXT_WRONG), EXCESS);
		assert_string_not_equal(stage.ui.note, "");
		assert_int_equal(next(&stage, ACTION_PREVIOUS_WRONG), MISSING);
		assert_string_not_equal(stage.ui.note, "");
		assert_int_equal(next(&stage, ACTION_PREVIOUS_WRONG), EXCESS);
		assert_string_equal(stage.ui.note, "");
		close_stage(&stage);
	}
}

/* Two keys before the first answer: two steps. Another key between: none. */
static void test_several_keys(void **state)
{
	struct stage stage = open_stage(false);

	(void)state;
	open_view(&stage);
	show(&stage, 13631488, 13631488, map_detail(MAP_GROUP, 12));
	map_screen.act(stage.view, ACTION_NEXT_WRONG);
	assert_int_equal(next(&stage, ACTION_NEXT_WRONG), MISSING);
	map_screen.act(stage.view, ACTION_NEXT_WRONG);
	map_screen.act(stage.view, ACTION_LEFT);
	settle(&stage);
	assert_int_equal(here(&stage).address, MISSING - 4096);
	close_stage(&stage);
}

static void expect_entry(struct stage *stage, uint64_t address)
{
	struct place place;

	show(stage, GROUP, address, map_detail(MAP_GROUP, 12));
	settle(stage);
	place = here(stage);
	assert_true(map_screen.enter(stage->view, &place));
	assert_int_equal(place.screen, SCREEN_BYTES);
	assert_int_equal(place.target, TARGET_CACHE);
	assert_int_equal(place.group, GROUP);
	assert_int_equal(place.page, 0);
	assert_int_equal(place.byte, 106);
}

static void test_enter(void **state)
{
	struct stage stage = open_stage(true);
	struct place place;

	(void)state;
	open_view(&stage);
	expect_entry(&stage, EXCESS + 8192);
	expect_entry(&stage, MISSING + 8192);
	show(&stage, GROUP, USED + 4096, map_detail(MAP_GROUP, 12));
	settle(&stage);
	place = here(&stage);
	assert_true(map_screen.enter(stage.view, &place));
	assert_int_equal(place.screen, SCREEN_TREE);
	assert_int_equal(place.target, TARGET_BLOCK);
	assert_int_equal(place.block, LEAF);
	assert_int_equal(place.slot, USED_SLOT);
	close_stage(&stage);
}

/* By dump-tree the last extent ends at 141492224; item 14 of the free space tree's leaf has free from here
 * on. */
#define V2_EXCESS UINT64_C(141488128)
#define V2_LEAF UINT64_C(30720000)

static void test_free_space_tree(void **state)
{
	struct stage stage = open_stage_of("samples/v2-excess.tar.zst", false);
	struct place place;

	(void)state;
	open_view(&stage);
	show(&stage, 13631488, 13631488, 0);
	assert_int_equal(next(&stage, ACTION_NEXT_WRONG), V2_EXCESS);
	show(&stage, here(&stage).group, V2_EXCESS, map_detail(MAP_GROUP, 12));
	settle(&stage);
	place = here(&stage);
	assert_true(map_screen.enter(stage.view, &place));
	assert_int_equal(place.screen, SCREEN_TREE);
	assert_int_equal(place.target, TARGET_BLOCK);
	assert_int_equal(place.block, V2_LEAF);
	assert_int_equal(place.slot, 14);
	close_stage(&stage);
}

/*
 * 208 MiB by sectors, 76 in a line. The first 16 are free (the state on the first), 16 in use but cached, 16
 * the other way round, then 32 in use.
 */
static void test_export(void **state)
{
	static const char lines[] =
		"D n···············!!!!!!!!!!!!!!!!mmmmmmmmmmmmmmmm████████████████████████████\n"
		"  ████········································································\n";
	struct stage stage = open_stage(true);
	char *text = NULL;
	size_t size, count = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	open_view(&stage);
	show(&stage, GROUP, GROUP, map_detail(MAP_GROUP, 12));
	assert_int_equal(map_screen.export_text(stage.view, out, 80), 0);
	fclose(out);
	assert_non_null(strstr(text, lines));
	for (size_t i = 0; i < size; i++)
		count += text[i] == '\n';
	assert_int_equal(count, 701 + 2); /* 53248 / 76 rounded up, context and legend */
	free(text);
	close_stage(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_several_keys),
		cmocka_unit_test(test_enter),
		cmocka_unit_test(test_free_space_tree),
		cmocka_unit_test(test_export),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
