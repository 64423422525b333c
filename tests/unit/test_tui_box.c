/* SPDX-License-Identifier: MIT */
#include "../../tui/overlays/box.h"
#include "../../tui/overlays/pager.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct canvas canvas;

static struct area screen(int rows, int cols)
{
	canvas_free(&canvas);
	canvas = (struct canvas){0};
	assert_true(canvas_resize(&canvas, rows, cols));
	return canvas_area(&canvas);
}

static wchar_t at(int row, int col)
{
	return canvas.cells[row * canvas.cols + col].ch;
}

static void check_box(int rows, int cols, int wanted, struct area expected)
{
	struct area whole = screen(rows, cols), box = box_draw(&whole, "why", wanted, BOX_COLS);

	assert_int_equal(box.row, expected.row);
	assert_int_equal(box.col, expected.col);
	assert_int_equal(box.rows, expected.rows);
	assert_int_equal(box.cols, expected.cols);
}

/* 72 columns in the middle; rows within the body (1 to 21 of 24) where there is one, else all. */
static void test_geometry(void **state)
{
	(void)state;
	check_box(24, 80, 5, (struct area){.row = 9, .col = 6, .rows = 5, .cols = 68});
	assert_int_equal(at(8, 4), L'┌');
	assert_int_equal(at(8, 75), L'┐');
	assert_int_equal(at(14, 4), L'└');
	assert_int_equal(at(14, 75), L'┘');
	assert_int_equal(at(10, 4), L'│');
	check_box(24, 80, 100, (struct area){.row = 2, .col = 6, .rows = 19, .cols = 68});
	check_box(10, 40, 100, (struct area){.row = 1, .col = 2, .rows = 8, .cols = 36});
	assert_int_equal(at(0, 0), L'┌');
	assert_int_equal(at(9, 39), L'┘');
	check_box(4, 80, 2, (struct area){.row = 1, .col = 6, .rows = 2, .cols = 68}); /* no frame */
	check_box(10, 10, 2, (struct area){.row = 4, .col = 0, .rows = 2, .cols = 10});
	check_box(1, 1, 2, (struct area){.row = 0, .col = 0, .rows = 1, .cols = 1});
}

/* Twenty lines, of which 3 and 12 are places. */
static void fill(struct pager *pager)
{
	struct prose prose = {0};
	struct place place = {.address = 4096};

	for (int i = 0; i < 20; i++) {
		prose_add(&prose, STYLE_PLAIN, 0, "line %d", i);
		if (i == 3 || i == 12)
			prose_place(&prose, &place);
	}
	pager_set(pager, &prose);
}

static void act(struct pager *pager, enum action action, int times)
{
	while (times-- > 0)
		assert_true(pager_act(pager, action));
}

static void test_pager(void **state)
{
	struct area area = screen(6, 40);
	struct pager pager = {0};

	(void)state;
	fill(&pager);
	pager_draw(&pager, &area);
	assert_int_equal(pager.chosen, 4); /* the first place that is seen */
	assert_int_equal(pager_chosen(&pager)->place.address, 4096);
	act(&pager, ACTION_DOWN, 3);
	assert_int_equal(pager.top, 3);
	assert_int_equal(pager.chosen, 4);
	act(&pager, ACTION_DOWN, 1);
	assert_int_equal(pager.chosen, 0); /* scrolled away */
	act(&pager, ACTION_DOWN, 3);
	assert_int_equal(pager.top, 7);
	assert_int_equal(pager.chosen, 13);
	act(&pager, ACTION_UP, 1);
	assert_int_equal(pager.top, 6);
	assert_int_equal(pager.chosen, 0); /* line 12 is just below */
	act(&pager, ACTION_UP, 3);
	assert_int_equal(pager.chosen, 4);
	act(&pager, ACTION_DOWN, 50);
	assert_int_equal(pager.top, 14); /* 20 lines, 6 rows */
	assert_null(pager_chosen(&pager));
	act(&pager, ACTION_FIRST, 1);
	assert_int_equal(pager.chosen, 4);
	act(&pager, ACTION_LAST, 1);
	assert_int_equal(pager.top, 14);
	act(&pager, ACTION_PAGE_UP, 1);
	assert_int_equal(pager.top, 8);
	assert_false(pager_act(&pager, ACTION_SORT));
	pager_free(&pager);
}

static void test_pager_two_places(void **state)
{
	struct area area = screen(15, 40);
	struct pager pager = {0};

	(void)state;
	fill(&pager);
	pager_draw(&pager, &area);
	act(&pager, ACTION_DOWN, 1);
	assert_int_equal(pager.chosen, 13);
	assert_int_equal(pager.top, 0); /* chosen, not scrolled */
	act(&pager, ACTION_UP, 1);
	assert_int_equal(pager.chosen, 4);
	pager_free(&pager);
}

static void test_pager_find(void **state)
{
	struct area area = screen(6, 40);
	struct pager pager = {0};

	(void)state;
	fill(&pager);
	pager_draw(&pager, &area);
	strcpy(pager.needle, "LINE 1");
	assert_true(pager_find(&pager, 0));
	assert_int_equal(pager.hit, 1);
	assert_true(pager_find(&pager, 1));
	assert_int_equal(pager.hit, 10);
	assert_int_equal(pager.top, 10);
	assert_true(pager_find(&pager, -1));
	assert_true(pager_find(&pager, -1));
	assert_int_equal(pager.hit, 19); /* wrapped */
	strcpy(pager.needle, "none");
	assert_false(pager_find(&pager, 1));
	pager_free(&pager);
	assert_false(pager_find(&pager, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_geometry),
		cmocka_unit_test(test_pager),
		cmocka_unit_test(test_pager_two_places),
		cmocka_unit_test(test_pager_find),
	};
	int status;

	setlocale(LC_ALL, "C.UTF-8");
	status = cmocka_run_group_tests(tests, NULL, NULL);
	canvas_free(&canvas);
	return status;
}
