/* SPDX-License-Identifier: MIT */
/*
 * Reading the cells of samples. What is used is from `btrfs inspect-internal dump-tree`, what is wrong from
 * the recipe of the sample: the entry of 65536 bytes at 355991552 was moved to 355926016.
 */
#include "../../tui/screens/map_store.h"
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static const struct record groups[] = {
	{.group = {.bytenr = 13631488, .length = 8388608}},
	{.group = {.bytenr = 22020096, .length = 8388608}},
	{.group = {.bytenr = 30408704, .length = 107347968}},
	{.group = {.bytenr = 137756672, .length = 218103808}},
	{.group = {.bytenr = 355860480, .length = 218103808}},
};
static const uint64_t used[] = {6488064, 16384, 114688, 3735552, 196608};

static void wait_for(struct map_store *store)
{
	while (store->pass) {
		map_store_update(store);
		usleep(1000);
	}
}

static struct map_cell sum_of(const struct map_store *store, uint64_t from, uint64_t to)
{
	struct map_cell sum = {0};

	for (uint64_t i = from; i < to; i++) {
		struct map_cell cell = map_store_cell(store, i);

		sum.used += cell.used;
		sum.excess += cell.excess;
		sum.missing += cell.missing;
		sum.super += cell.super;
	}
	return sum;
}

static void expect_sums(const struct map_store *store, const struct map_shape *shape)
{
	for (size_t i = 0; i < shape->count; i++) {
		struct map_cell sum = sum_of(store, shape->first[i], shape->first[i + 1]);

		assert_int_equal(sum.used, used[i]);
		assert_int_equal(sum.excess, i == 4 ? 65536 : 0);
		assert_int_equal(sum.missing, i == 4 ? 65536 : 0);
		assert_int_equal(sum.super, i == 2 ? 65536 : 0); /* the copy at 64 MiB, DUP: once */
		assert_true(map_store_facts(store, shape->first[i], i).done);
		assert_false(map_store_facts(store, shape->first[i], i).unknown);
	}
}

/* The same for any number of threads, any cell size, and any order. */
static void test_whole(void **state)
{
	struct fsr_fs *fs = sample_open("misplaced");
	struct map_shape shape = {0};
	struct map_store store = {0};

	(void)state;
	for (unsigned shift = 12; shift < 30; shift += 3) {
		assert_true(map_shape_set(&shape, groups, 5, shift));
		map_store_read(&store, fs, &shape, 0, map_shape_cells(&shape), shift % 5 ? shape.first[3] : 0,
			1 + shift % 3);
		wait_for(&store);
		expect_sums(&store, &shape);
	}
	map_store_close(&store);
	map_shape_free(&shape);
	fsr_close(fs);
}

/* Cells of one sector; 16 of them are excess, the 16 behind are missing. */
static void test_window(void **state)
{
	struct fsr_fs *fs = sample_open("misplaced");
	struct map_shape shape = {0};
	struct map_store store = {0};
	uint64_t first;

	(void)state;
	assert_true(map_shape_set(&shape, groups, 5, 12));
	first = map_shape_cell(&shape, 355926016);
	map_store_read(&store, fs, &shape, first - 2, 64, first, 2);
	assert_false(map_store_facts(&store, first, 4).done);
	wait_for(&store);
	assert_true(map_store_holds(&store, first - 2, 64));
	assert_false(map_store_holds(&store, first - 3, 64) || map_store_holds(&store, first - 2, 65));
	assert_int_equal(sum_of(&store, first - 2, first).excess, 0);
	assert_int_equal(sum_of(&store, first, first + 16).excess, 65536);
	assert_int_equal(sum_of(&store, first, first + 16).used, 65536);
	assert_int_equal(sum_of(&store, first + 16, first + 32).missing, 65536);
	assert_int_equal(sum_of(&store, first + 16, first + 32).used, 0);
	assert_int_equal(sum_of(&store, first + 32, first + 62).used, 30 * 4096);
	assert_int_equal(map_store_facts(&store, first, 4).state, FSR_STATE_NEED_WRITE);
	assert_true(map_store_facts(&store, first, 4).usable);
	map_store_close(&store);
	map_shape_free(&shape);
	fsr_close(fs);
}

/* Passes that are given up one after the other leave nothing behind. */
static void test_given_up(void **state)
{
	struct fsr_fs *fs = sample_open("misplaced");
	struct map_shape shape = {0};
	struct map_store store = {0};

	(void)state;
	assert_true(map_shape_set(&shape, groups, 5, 16));
	for (int i = 0; i < 50; i++)
		map_store_read(&store, fs, &shape, 0, map_shape_cells(&shape), 0, 2);
	wait_for(&store);
	expect_sums(&store, &shape);
	map_store_close(&store);
	map_shape_free(&shape);
	fsr_close(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
