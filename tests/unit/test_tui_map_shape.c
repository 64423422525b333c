/* SPDX-License-Identifier: MIT */
/* Cutting block groups into cells, and dividing the screen. All numbers were worked out by hand. */
#include "../../tui/screens/map_frame.h"
#include "../../tui/screens/map_shape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define KIB UINT64_C(1024)
#define MIB (KIB * 1024)
#define GIB (MIB * 1024)

/* 200 GiB as mkfs and Linux divide it: two of 8 MiB and 168 of 1 GiB. */
#define LARGE 170u

static void make_large(struct record groups[LARGE])
{
	uint64_t at = 13631488;

	for (unsigned i = 0; i < LARGE; i++) {
		groups[i] = (struct record){.group = {.bytenr = at, .length = i < 2 ? 8 * MIB : GIB}};
		at += groups[i].group.length;
	}
}

/* The samples' first four: 8 MiB, 8 MiB, 102.375 MiB, 208 MiB; nothing between them. */
static const struct record small[] = {
	{.group = {.bytenr = 13631488, .length = 8388608}},
	{.group = {.bytenr = 22020096, .length = 8388608}},
	{.group = {.bytenr = 30408704, .length = 107347968}},
	{.group = {.bytenr = 137756672, .length = 218103808}},
};

static void test_fit(void **state)
{
	struct record groups[LARGE];

	(void)state;
	make_large(groups);
	/* 168 x 8 + 2 = 1346; with 64 MiB 2690 */
	assert_int_equal(map_fit(groups, LARGE, 12, 76 * 18), 27);
	assert_int_equal(map_fit(groups, LARGE, 12, 1346), 27);
	assert_int_equal(map_fit(groups, LARGE, 12, 1345), 28);
	/* 168 x 32 + 2 = 5378; with 16 MiB 168 x 64 + 2 = 10754 */
	assert_int_equal(map_fit(groups, LARGE, 12, 196 * 54), 25);
	assert_int_equal(map_fit(groups, LARGE, 12, 10754), 24);
	/* 32 + 32 + 410 + 832; 409.5 are 410 */
	assert_int_equal(map_fit(small, 4, 12, 1306), 18);
	assert_int_equal(map_fit(small, 4, 12, 1305), 19);
	assert_int_equal(map_fit(small, 1, 12, 1000000), 12);
}

static void test_more_groups_than_cells(void **state)
{
	struct record groups[LARGE];
	struct map_shape shape = {0};

	(void)state;
	make_large(groups);
	assert_int_equal(map_fit(groups, LARGE, 12, 100), 30);
	assert_int_equal(map_fit(groups, LARGE, 12, 0), 30);
	assert_true(map_shape_set(&shape, groups, LARGE, 30));
	assert_int_equal(map_shape_cells(&shape), LARGE);
	map_shape_free(&shape);
	assert_int_equal(map_shape_cells(&shape), 0);
}

static void test_lengths_at_the_ends(void **state)
{
	const struct record whole = {.group = {.bytenr = 0, .length = UINT64_MAX}};

	(void)state;
	assert_int_equal(map_cells_in(0, 12), 1);
	assert_int_equal(map_cells_in(1, 12), 1);
	assert_int_equal(map_cells_in(4096, 12), 1);
	assert_int_equal(map_cells_in(4097, 12), 2);
	assert_int_equal(map_cells_in(UINT64_MAX, 12), UINT64_C(1) << 52);
	assert_int_equal(map_fit(&whole, 1, 12, 2), 63);
	assert_int_equal(map_fit(&whole, 1, 12, 1), 63);
	assert_int_equal(map_log2(4096), 12);
	assert_int_equal(map_log2(65536), 16);
}

/* Where the mock-up has them: `!` in the 7th line at the 19th cell, `m` in the 18th at the 14th. */
static void test_cell_of_address(void **state)
{
	struct map_shape shape = {0};

	(void)state;
	assert_true(map_shape_set(&shape, small, 4, 18));
	assert_int_equal(map_shape_cells(&shape), 1306);
	assert_int_equal(map_shape_cell(&shape, 138014720), 6 * 76 + 18);
	assert_int_equal(map_shape_cell(&shape, 137756672 + 218103808 - 4096), 17 * 76 + 13);
	assert_int_equal(map_shape_cell(&shape, 13631488), 0);
	assert_int_equal(map_shape_cell(&shape, 13631487), 0);
	assert_int_equal(map_shape_cell(&shape, 13631488 + 262143), 0);
	assert_int_equal(map_shape_cell(&shape, 13631488 + 262144), 1);
	assert_int_equal(map_shape_cell(&shape, 22020096), 32);
	assert_int_equal(map_shape_cell(&shape, 137756671), 473);
	assert_int_equal(map_shape_cell(&shape, 137756672), 474);
	assert_int_equal(map_shape_cell(&shape, UINT64_MAX), 1305);
	map_shape_free(&shape);
}

static void expect_piece(const struct map_shape *shape, uint64_t cell, size_t group, uint64_t bytenr,
	uint64_t length, bool is_first)
{
	struct map_piece piece = map_shape_piece(shape, cell);

	assert_int_equal(piece.group, group);
	assert_int_equal(piece.bytenr, bytenr);
	assert_int_equal(piece.length, length);
	assert_int_equal(piece.is_first, is_first);
}

static void test_piece(void **state)
{
	struct map_shape shape = {0};

	(void)state;
	assert_true(map_shape_set(&shape, small, 4, 18));
	expect_piece(&shape, 0, 0, 13631488, 262144, true);
	expect_piece(&shape, 31, 0, 13631488 + 31 * 262144, 262144, false);
	expect_piece(&shape, 32, 1, 22020096, 262144, true);
	expect_piece(&shape, 473, 2, 137756672 - 131072, 131072, false); /* the half one */
	expect_piece(&shape, 474, 3, 137756672, 262144, true);
	expect_piece(&shape, 1305, 3, 137756672 + 831 * UINT64_C(262144), 262144, false);
	assert_true(map_shape_set(&shape, small, 4, 63));
	expect_piece(&shape, 2, 2, 30408704, 107347968, true);
	map_shape_free(&shape);
}

/* What lies between two block groups belongs to no cell: the next one is taken. */
static void test_gap(void **state)
{
	const struct record groups[] = {
		{.group = {.bytenr = MIB, .length = MIB}},
		{.group = {.bytenr = 8 * MIB, .length = MIB}},
	};
	struct map_shape shape = {0};

	(void)state;
	assert_true(map_shape_set(&shape, groups, 2, 19));
	assert_int_equal(map_shape_cells(&shape), 4);
	assert_int_equal(map_shape_cell(&shape, 2 * MIB - 1), 1);
	assert_int_equal(map_shape_cell(&shape, 2 * MIB), 2);
	assert_int_equal(map_shape_cell(&shape, 8 * MIB - 1), 2);
	assert_int_equal(map_shape_cell(&shape, 9 * MIB - 1), 3);
	map_shape_free(&shape);
}

static void expect_frame(int rows, int cols, int digits, int cell_rows, int cell_cols, int left)
{
	struct map_frame frame = map_frame_in(rows, cols, digits);

	assert_int_equal(frame.rows, cell_rows);
	assert_int_equal(frame.cols, cell_cols);
	assert_int_equal(frame.left, left);
}

/* The area is the screen without title, message and keys. */
static void test_frame(void **state)
{
	(void)state;
	expect_frame(21, 80, 12, 18, 76, 2);    /* 80x24: context, legend and line */
	expect_frame(57, 200, 12, 54, 183, 15); /* 200x60: address and a blank as well */
	expect_frame(57, 99, 12, 54, 95, 2);
	expect_frame(16, 80, 12, 14, 76, 2); /* 19 rows: no legend */
	expect_frame(8, 80, 12, 7, 76, 2);   /* 11 rows: no line either */
	expect_frame(7, 40, 12, 6, 40, 0);   /* 40x10: no margins */
	expect_frame(1, 1, 12, 1, 1, 0);
	expect_frame(0, 0, 12, 1, 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_more_groups_than_cells),
		cmocka_unit_test(test_lengths_at_the_ends),
		cmocka_unit_test(test_cell_of_address),
		cmocka_unit_test(test_piece),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
