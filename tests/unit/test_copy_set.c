/* SPDX-License-Identifier: MIT */
/* The set of tree blocks whose copies were compared. */
#include "../../libfsread/volume/copies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct fsr_copy_counts good = {.read = 2}, bad = {.read = 2, .failing = 1};

static void assert_counts(struct copy_set *set, uint64_t read, uint64_t differing, uint64_t failing)
{
	struct fsr_copy_counts counts = copy_set_counts(set);

	assert_int_equal(counts.read, read);
	assert_int_equal(counts.differing, differing);
	assert_int_equal(counts.failing, failing);
}

static void test_counts_a_block_once(void **state)
{
	struct copy_set *set = copy_set_new();

	(void)state;
	assert_non_null(set);
	for (int visit = 0; visit < 3; visit++)
		assert_int_equal(copy_set_note(set, 7436, &good), 0);
	assert_counts(set, 2, 0, 0);
	assert_int_equal(copy_set_note(set, 7440, &bad), 0);
	assert_int_equal(copy_set_note(set, 7440, &bad), 0);
	assert_counts(set, 4, 0, 1);
	copy_set_count(set, &(struct fsr_copy_counts){.read = 32, .differing = 3});
	assert_counts(set, 36, 3, 1);
	copy_set_free(set);
}

/* A bad one is looked at again: who refers to it may expect something else of it, and is to hear of it too.
 */
static void test_only_good_blocks_are_done_with(void **state)
{
	struct copy_set *set = copy_set_new();

	(void)state;
	assert_non_null(set);
	assert_false(copy_set_alike(set, 7436));
	assert_int_equal(copy_set_note(set, 7436, &good), 0);
	assert_true(copy_set_alike(set, 7436));
	assert_int_equal(copy_set_note(set, 7437, &bad), 0);
	assert_false(copy_set_alike(set, 7437));
	assert_int_equal(copy_set_note(set, 7436, &bad), 0);
	assert_false(copy_set_alike(set, 7436));
	copy_set_free(set);
}

/* Neighbours in a word, in a region, in the next one, and the same place of another. */
static void test_sectors_are_told_apart(void **state)
{
	static const uint64_t others[] = {1, 63, 64, 65, 511, 512, 513, 1024, UINT64_MAX / 4096, UINT64_MAX};
	struct copy_set *set = copy_set_new();

	(void)state;
	assert_non_null(set);
	assert_int_equal(copy_set_note(set, 0, &good), 0);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_false(copy_set_alike(set, others[i]));
		assert_int_equal(copy_set_note(set, others[i], &good), 0);
		assert_true(copy_set_alike(set, others[i]));
	}
	assert_counts(set, 22, 0, 0);
	copy_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_a_block_once),
		cmocka_unit_test(test_only_good_blocks_are_done_with),
		cmocka_unit_test(test_sectors_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
