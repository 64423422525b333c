/* SPDX-License-Identifier: MIT */
/* The window over the ranges of a block group, with ranges made up by hand. */
#include "../../tui/screens/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define SECTOR UINT64_C(4096)

static struct fsr_diff_range range_of(bool excess, uint64_t bytenr, uint64_t length)
{
	return (struct fsr_diff_range){.bytenr = bytenr, .length = length, .excess = excess};
}

static void give(struct collector *c, bool excess, uint64_t bytenr, uint64_t length)
{
	const struct fsr_diff_range range = range_of(excess, bytenr, length);

	collect_range(c, &range);
}

static struct collector begin(void)
{
	struct collector c = {.wanted = {true, true}};

	assert_true(collect_begin(&c));
	return c;
}

/* Three holders of one range of 12 KiB, the rest of it missing, and one more of another excess. */
static void give_few(struct collector *c)
{
	give(c, true, 0, SECTOR);
	give(c, true, SECTOR, 2 * SECTOR);
	give(c, false, 3 * SECTOR, SECTOR);
	give(c, true, 4 * SECTOR, SECTOR);
	give(c, true, 6 * SECTOR, SECTOR);
	collect_end(c);
}

static void test_runs(void **state)
{
	struct collector c = begin();
	struct diff_row *rows;

	(void)state;
	give_few(&c);
	assert_int_equal(c.rows, 5);
	assert_int_equal(c.runs[DIFF_EXCESS], 3);
	assert_int_equal(c.runs[DIFF_MISSING], 1);
	rows = collect_take(&c);
	assert_non_null(rows);
	assert_int_equal(rows[1].run_bytenr, 0);
	assert_int_equal(rows[0].run_length, 3 * SECTOR);
	assert_int_equal(rows[1].run_length, 3 * SECTOR);
	assert_int_equal(rows[2].run_bytenr, 3 * SECTOR);
	assert_int_equal(rows[2].run_length, SECTOR);
	assert_int_equal(rows[2].says.kind, SAYS_NOTHING);
	assert_int_equal(rows[4].run_bytenr, 6 * SECTOR);
	assert_int_equal(rows[4].run_number, 4);
	free(rows);
	free(c.ring);
}

static void test_filter(void **state)
{
	struct collector c = begin();
	struct diff_row *rows;

	(void)state;
	c.wanted[DIFF_EXCESS] = false;
	give_few(&c);
	assert_int_equal(c.rows, 1);
	assert_int_equal(c.runs[DIFF_EXCESS], 0);
	rows = collect_take(&c);
	assert_int_equal(rows[0].range.bytenr, 3 * SECTOR);
	assert_int_equal(rows[0].run_number, 1);
	free(rows);
	free(c.ring);
}

#define MANY 10000u

/* Excess in every other sector. */
static void give_many(struct collector *c)
{
	for (uint64_t i = 0; i < MANY; i++)
		give(c, true, 2 * i * SECTOR, SECTOR);
	collect_end(c);
}

/* Rows that are kept are those from `first` on, in order. */
static void expect_window(struct collector *c, uint64_t first)
{
	struct diff_row *rows = collect_take(c);

	assert_int_equal(c->rows, MANY);
	assert_int_equal(c->first, first);
	assert_int_equal(c->kept, DIFF_WINDOW);
	for (uint64_t i = 0; i < DIFF_WINDOW; i++) {
		assert_int_equal(rows[i].range.bytenr, 2 * (first + i) * SECTOR);
		assert_int_equal(rows[i].run_length, SECTOR);
		assert_int_equal(rows[i].run_number, first + i + 1);
	}
	free(rows);
	free(c->ring);
}

static void test_windows(void **state)
{
	struct collector c = begin();

	(void)state;
	give_many(&c); /* around row 0 */
	expect_window(&c, 0);
	c = begin();
	c.row = 5000;
	give_many(&c);
	expect_window(&c, 5000 - DIFF_WINDOW / 2);
	c = begin();
	c.row = UINT64_MAX / 2; /* the last ones */
	give_many(&c);
	expect_window(&c, MANY - DIFF_WINDOW);
}

static void test_by_address(void **state)
{
	struct collector c = begin();

	(void)state;
	c.by_address = true;
	c.address = (2 * 6999 + 1) * SECTOR; /* where row 6999 ends */
	give_many(&c);
	assert_true(c.found);
	assert_int_equal(c.row, 7000);
	expect_window(&c, 7000 - DIFF_WINDOW / 2);
	c = begin();
	c.by_address = true;
	c.address = UINT64_MAX;
	give_many(&c);
	assert_false(c.found);
	expect_window(&c, MANY - DIFF_WINDOW);
}

/* One range with so many holders that its beginning falls out of the window. */
static void test_long_run(void **state)
{
	struct collector c = begin();
	struct diff_row *rows;

	(void)state;
	c.row = UINT64_MAX / 2;
	for (uint64_t i = 0; i < MANY; i++)
		give(&c, true, i * SECTOR, SECTOR);
	collect_end(&c);
	assert_int_equal(c.runs[DIFF_EXCESS], 1);
	rows = collect_take(&c);
	assert_int_equal(rows[0].run_bytenr, 0);
	assert_int_equal(rows[0].run_length, MANY * SECTOR);
	assert_int_equal(rows[DIFF_WINDOW - 1].run_length, MANY * SECTOR);
	free(rows);
	free(c.ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_by_address),
		cmocka_unit_test(test_long_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
