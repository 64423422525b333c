/* SPDX-License-Identifier: MIT */
/* Rows of the list of entries: which entry or run stands in which, folded and unfolded, in any order. */
#include "../../tui/screens/cache_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void expect_row(
	const struct cache_rows *rows, size_t row, enum cache_row_kind kind, size_t entry, size_t run)
{
	struct cache_row is = cache_rows_at(rows, row);

	assert_int_equal(is.kind, kind);
	assert_int_equal(is.entry, entry);
	if (kind != CACHE_ROW_ENTRY)
		assert_int_equal(is.run, run);
}

static void test_folded_rows_are_entries(void **state)
{
	struct cache_rows rows = {0};

	(void)state;
	cache_rows_init(&rows, 3);
	assert_int_equal(cache_rows_total(&rows), 3);
	expect_row(&rows, 2, CACHE_ROW_ENTRY, 2, 0);
	assert_int_equal(cache_rows_of(&rows, 1), 1);
	assert_int_equal(cache_rows_of_run(&rows, 1, 7), 1);
	cache_rows_free(&rows);
}

/* Entry 1 of 4 has 96 runs: rows 0, 1, five runs in 2 to 6, "91 more" in 7, then entries 2 and 3 in 8 and 9.
 */
static void test_unfolded_once_shows_five_runs(void **state)
{
	struct cache_rows rows = {0};

	(void)state;
	cache_rows_init(&rows, 4);
	assert_true(cache_rows_unfold(&rows, 1, 96));
	assert_int_equal(cache_rows_total(&rows), 10);
	expect_row(&rows, 1, CACHE_ROW_ENTRY, 1, 0);
	expect_row(&rows, 2, CACHE_ROW_RUN, 1, 0);
	expect_row(&rows, 6, CACHE_ROW_RUN, 1, 4);
	expect_row(&rows, 7, CACHE_ROW_MORE, 1, 5);
	assert_true(cache_rows_at(&rows, 7).last);
	assert_false(cache_rows_at(&rows, 6).last);
	expect_row(&rows, 8, CACHE_ROW_ENTRY, 2, 0);
	expect_row(&rows, 9, CACHE_ROW_ENTRY, 3, 0);
	assert_int_equal(cache_rows_of(&rows, 3), 9);
	assert_int_equal(cache_rows_of_run(&rows, 1, 3), 5);
	assert_int_equal(cache_rows_of_run(&rows, 1, 50), 7);
	cache_rows_free(&rows);
}

static void test_unfolded_twice_shows_all_runs(void **state)
{
	struct cache_rows rows = {0};

	(void)state;
	cache_rows_init(&rows, 4);
	assert_true(cache_rows_unfold(&rows, 1, 96));
	assert_true(cache_rows_unfold(&rows, 1, 96));
	assert_false(cache_rows_unfold(&rows, 1, 96));
	assert_int_equal(cache_rows_total(&rows), 100);
	expect_row(&rows, 97, CACHE_ROW_RUN, 1, 95);
	assert_true(cache_rows_at(&rows, 97).last);
	expect_row(&rows, 98, CACHE_ROW_ENTRY, 2, 0);
	cache_rows_free(&rows);
}

/* A row that says "1 more" would take as much room as the run. */
static void test_six_runs_are_shown_at_once(void **state)
{
	struct cache_rows rows = {0};

	(void)state;
	cache_rows_init(&rows, 1);
	assert_true(cache_rows_unfold(&rows, 0, 6));
	assert_int_equal(cache_rows_total(&rows), 7);
	assert_int_equal(cache_rows_shown(&rows, 0), 6);
	assert_false(cache_rows_unfold(&rows, 0, 6));
	cache_rows_free(&rows);
}

static void test_an_entry_without_runs_stays(void **state)
{
	struct cache_rows rows = {0};

	(void)state;
	cache_rows_init(&rows, 2);
	assert_false(cache_rows_unfold(&rows, 0, 0));
	assert_false(cache_rows_fold(&rows, 0));
	assert_int_equal(cache_rows_total(&rows), 2);
	cache_rows_free(&rows);
}

/* Entries 0 and 2 of 3, with 2 and 3 runs: rows 0, 1 2, 3, 4, 5 6 7. Entry 2 was unfolded first. */
static void test_several_unfolded(void **state)
{
	struct cache_rows rows = {0};

	(void)state;
	cache_rows_init(&rows, 3);
	assert_true(cache_rows_unfold(&rows, 2, 3));
	assert_true(cache_rows_unfold(&rows, 0, 2));
	assert_int_equal(cache_rows_total(&rows), 8);
	expect_row(&rows, 2, CACHE_ROW_RUN, 0, 1);
	expect_row(&rows, 3, CACHE_ROW_ENTRY, 1, 0);
	expect_row(&rows, 4, CACHE_ROW_ENTRY, 2, 0);
	expect_row(&rows, 7, CACHE_ROW_RUN, 2, 2);
	assert_true(cache_rows_fold(&rows, 0));
	assert_int_equal(cache_rows_total(&rows), 6);
	expect_row(&rows, 5, CACHE_ROW_RUN, 2, 2);
	cache_rows_free(&rows);
}

/* Shown as 2, 0, 1, and what is unfolded goes along: 2 in row 0, 0 in row 1, its runs in 2 and 3, 1 in row 4.
 */
static void test_another_order(void **state)
{
	static const uint32_t order[] = {2, 0, 1};
	struct cache_rows rows = {0};

	(void)state;
	cache_rows_init(&rows, 3);
	assert_true(cache_rows_unfold(&rows, 0, 2));
	cache_rows_order(&rows, order);
	assert_int_equal(cache_rows_total(&rows), 5);
	expect_row(&rows, 0, CACHE_ROW_ENTRY, 2, 0);
	expect_row(&rows, 1, CACHE_ROW_ENTRY, 0, 0);
	expect_row(&rows, 3, CACHE_ROW_RUN, 0, 1);
	expect_row(&rows, 4, CACHE_ROW_ENTRY, 1, 0);
	assert_int_equal(cache_rows_of(&rows, 1), 4);
	cache_rows_order(&rows, NULL);
	expect_row(&rows, 0, CACHE_ROW_ENTRY, 0, 0);
	expect_row(&rows, 4, CACHE_ROW_ENTRY, 2, 0);
	cache_rows_free(&rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_folded_rows_are_entries),
		cmocka_unit_test(test_unfolded_once_shows_five_runs),
		cmocka_unit_test(test_unfolded_twice_shows_all_runs),
		cmocka_unit_test(test_six_runs_are_shown_at_once),
		cmocka_unit_test(test_an_entry_without_runs_stays),
		cmocka_unit_test(test_several_unfolded),
		cmocka_unit_test(test_another_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
