/* SPDX-License-Identifier: MIT */
/* Diff's headings over records made up by hand: which row is what, and a cursor that stays on its thing. */
#include "../../tui/screens/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define GROUPS 5u
#define LENGTH UINT64_C(1000)

static struct record records[GROUPS];
static struct tab tab;
static struct diff diff;

/* Of the block groups 0, 1000, ... 4000 those with an odd number differ in v1, the last in v2 alone. */
static int setup(void **state)
{
	(void)state;
	for (unsigned i = 0; i < GROUPS; i++)
		records[i] = (struct record){
			.group = {.bytenr = i * LENGTH, .length = LENGTH, .relation = FSR_RELATION_EQUAL},
			.judged = true};
	for (unsigned i = 1; i < GROUPS; i += 2) {
		records[i].group.relation = FSR_RELATION_MISPLACED;
		records[i].group.excess_bytes = 8;
		records[i].group.missing_bytes = 4;
	}
	records[4].group.has_free_space_tree = true;
	records[4].group.free_space_tree =
		(struct fsr_free_space_tree_facts){.relation = FSR_RELATION_SHORT, .missing_bytes = 16};
	tab = (struct tab){.ngroups = GROUPS, .records = records};
	diff = (struct diff){.view = {.tab = &tab}};
	assert_true(diff_rebuild(&diff));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(diff.headings);
	return 0;
}

static void expect_row(size_t row, uint64_t group, int64_t number)
{
	int64_t found;
	const struct heading *heading = diff_heading(&diff, row, &found);

	assert_non_null(heading);
	assert_int_equal(diff_record(&diff, heading)->group.bytenr, group);
	assert_int_equal(found, number);
}

static void test_what_differs(void **state)
{
	uint64_t bytes[DIFF_KINDS];

	(void)state;
	assert_int_equal(diff.nheadings, 3);
	assert_int_equal(diff.list.count, 3);
	assert_false(record_differs(&records[0], bytes));
	assert_true(record_differs(&records[1], bytes));
	assert_int_equal(bytes[DIFF_EXCESS], 8);
	assert_int_equal(bytes[DIFF_MISSING], 4);
	assert_true(record_differs(&records[4], bytes));
	assert_int_equal(bytes[DIFF_EXCESS], 0);
	assert_int_equal(bytes[DIFF_MISSING], 16);
	records[1].judged = records[4].judged = false; /* what is not final is not shown */
	assert_false(record_differs(&records[1], bytes));
	assert_false(record_differs(&records[4], bytes));
}

static void test_rows(void **state)
{
	(void)state;
	diff.headings[0].rows = 2;
	diff.headings[1].rows = 7;
	diff.headings[1].folded = true;
	diff.headings[2].rows = 1;
	diff_relay(&diff, 0, 0);
	assert_int_equal(diff.list.count, 3 + 2 + 1);
	expect_row(0, 1000, -1);
	expect_row(2, 1000, 1);
	expect_row(3, 3000, -1);
	expect_row(4, 4000, -1);
	expect_row(5, 4000, 0);
}

/* Ranges that come in above push the cursor down with its row, and what is seen with it. */
static void test_cursor_stays(void **state)
{
	(void)state;
	diff_relay(&diff, 2, 0);
	assert_int_equal(diff.list.cursor, 2);
	diff.list.top = 1;
	diff.headings[0].rows = 100;
	diff_relay(&diff, 2, 0);
	assert_int_equal(diff.list.cursor, 102);
	assert_int_equal(diff.list.top, 101);
	expect_row(diff.list.cursor, 4000, -1);
}

/* A block group that is judged later takes its place; what was known of the others stays. */
static void test_more_records(void **state)
{
	(void)state;
	diff.headings[1].rows = 3;
	diff.headings[1].counted = true;
	diff_relay(&diff, 1, 2);
	expect_row(diff.list.cursor, 3000, 1);
	records[2].group.relation = FSR_RELATION_EXCESS;
	records[2].group.excess_bytes = 1;
	assert_true(diff_rebuild(&diff));
	assert_int_equal(diff.nheadings, 4);
	assert_false(diff.headings[1].counted);
	assert_true(diff.headings[2].counted);
	expect_row(diff.list.cursor, 3000, 1);
}

static void test_filter(void **state)
{
	char why[160];

	(void)state;
	assert_true(filter_parse(&diff.filter, "excess", DIFF_WORDS, why, sizeof why));
	assert_true(diff_rebuild(&diff));
	assert_int_equal(diff.nheadings, 2);
	assert_true(filter_parse(&diff.filter, "!excess", DIFF_WORDS, why, sizeof why));
	assert_true(diff_rebuild(&diff));
	assert_int_equal(diff.nheadings, 3); /* all of them have missing ranges */
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_differs),
		TEST(test_rows),
		TEST(test_cursor_stays),
		TEST(test_more_records),
		TEST(test_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
