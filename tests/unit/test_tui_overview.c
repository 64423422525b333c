/* SPDX-License-Identifier: MIT */
/* The order of Overview's rows. */
#include "../../tui/screens/overview.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define DUP (UINT64_C(1) << 5)
#define RAID1 (UINT64_C(1) << 4)

static struct record of(uint64_t flags, uint64_t length)
{
	return (struct record){.group = {.flags = flags, .length = length, .has_item = true}};
}

static void check(const struct record *a, const struct record *b, int column, int expected)
{
	assert_int_equal(overview_compare(a, b, column), expected);
	assert_int_equal(overview_compare(b, a, column), -expected);
}

/* What is known either way is -1, 0 or 1, whose sign the other direction turns round. */
static void test_columns(void **state)
{
	struct record dup = of(DUP, 4096), raid1 = of(RAID1, 8192), single = of(0, 4096), pending = single;

	(void)state;
	check(&dup, &raid1, OVERVIEW_PROFILE, -1);
	check(&dup, &single, OVERVIEW_PROFILE, -1);
	check(&dup, &dup, OVERVIEW_PROFILE, 0);
	check(&dup, &raid1, OVERVIEW_SIZE, -1);
	check(&dup, &single, OVERVIEW_SIZE, 0);
	pending.group.pending = true;
	check(&single, &pending, OVERVIEW_STATE, -2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_columns)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
