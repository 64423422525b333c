/* SPDX-License-Identifier: MIT */
/* Where space is taken: never what the last commit has, nor superblocks, nor what this one freed. */
#include "../../libfsread/space/extents.h"
#include "image.h"
#include "transaction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct transaction x;

struct given {
	uint64_t *list;
	size_t count;
};

static int compare(const void *a, const void *b)
{
	uint64_t p = *(const uint64_t *)a, q = *(const uint64_t *)b;

	return (p > q) - (p < q);
}

/* Superblocks lie at 64 KiB and 64 MiB of every device, 4096 bytes each (D2). */
static void expect_no_super(uint64_t bytenr, uint64_t length)
{
	static const uint64_t supers[] = {65536, 67108864};
	const struct chunk *chunk = volume_find_chunk(x.trans.volume, bytenr);

	for (unsigned copy = 0; copy < chunk_copies(chunk); copy++) {
		for (uint64_t at = 0; at < length; at += 4096) {
			struct fsr_physical where;
			uint64_t run;

			assert_int_equal(
				volume_map(x.trans.volume, bytenr + at, copy, &where, &run, &x.err), 0);
			for (unsigned i = 0; i < 2; i++)
				assert_true(
					where.offset + 4096 <= supers[i] || where.offset >= supers[i] + 4096);
		}
	}
}

static bool has_rows(const struct chunk *chunk)
{
	return chunk->type & (BLOCK_GROUP_RAID5 | BLOCK_GROUP_RAID6);
}

/*
 * With parity all of a row is at stake: d stripes of 64 KiB beside one or two of parity, counted from the
 * chunk's start. Nothing of it may be the last commit's, nor a superblock.
 */
static void expect_whole_rows(struct cursor *last, uint64_t bytenr, uint64_t length)
{
	const struct chunk *chunk = volume_find_chunk(x.trans.volume, bytenr);
	uint64_t row, start, end;
	struct fsr_holder holder;

	if (!has_rows(chunk))
		return;
	row = (chunk->num_stripes - (chunk->type & BLOCK_GROUP_RAID5 ? 1 : 2)) * UINT64_C(65536);
	start = bytenr - (bytenr - chunk->start) % row;
	end = bytenr + length + (row - (bytenr + length - chunk->start) % row) % row;
	assert_true(end <= chunk->start + chunk->length);
	assert_int_equal(find_holder(x.fs, last, start, end, &holder, &x.err), CURSOR_END);
	expect_no_super(start, end - start);
}

/* Whether the sentence about no space tells of rows. */
static void expect_words(uint64_t type)
{
	bool rows = false;

	for (size_t i = 0; i < x.trans.ngroups; i++)
		if (x.trans.groups[i].facts->flags & type)
			rows |= has_rows(volume_find_chunk(x.trans.volume, x.trans.groups[i].facts->bytenr));
	assert_int_equal(strstr(x.err.text, "rows of stripes that are wholly free") != NULL, rows);
}

/* Takes all there is of one kind, in pieces of `length`; each of them must be free in the last commit. */
static struct given take_all(bool data, uint64_t length)
{
	struct given given = {0};
	struct cursor last;
	struct fsr_holder holder;
	uint64_t bytenr;
	int ret;

	cursor_init(&last, x.trans.volume, &x.fs->extent_root);
	while (!(ret = data ? alloc_data(&x.trans, length, &bytenr, &x.err)
			    : alloc_block(&x.trans, &bytenr, &x.err))) {
		assert_int_equal(bytenr % (data ? 4096 : length), 0);
		assert_int_equal(
			find_holder(x.fs, &last, bytenr, bytenr + length, &holder, &x.err), CURSOR_END);
		expect_no_super(bytenr, length);
		expect_whole_rows(&last, bytenr, length);
		given.list = realloc(given.list, (given.count + 1) * sizeof *given.list);
		given.list[given.count++] = bytenr;
	}
	assert_int_equal(ret, FSR_E_NO_SPACE);
	assert_non_null(
		strstr(x.err.text, data ? "free bytes in a row" : "the metadata block groups are full"));
	expect_words(data ? BLOCK_GROUP_DATA : BLOCK_GROUP_METADATA);
	cursor_free(&last);
	if (given.count)
		qsort(given.list, given.count, sizeof *given.list, compare);
	for (size_t i = 1; i < given.count; i++)
		assert_true(given.list[i] - given.list[i - 1] >= length);
	return given;
}

/* All that could be had was: what is left in a block group of the kind is less than a piece at each gap. */
static void expect_taken(uint64_t type, const struct given *given, uint64_t length)
{
	uint64_t used = 0, before = 0;

	for (size_t i = 0; i < x.trans.ngroups; i++) {
		const struct trans_group *g = &x.trans.groups[i];

		if (!(g->facts->flags & type)) {
			assert_int_equal(g->used, g->facts->used);
			assert_false(g->touched);
			continue;
		}
		used += g->used;
		before += g->facts->used;
	}
	assert_int_equal(used - before, given->count * length);
	assert_int_equal(x.trans.bytes_used - x.trans.volume->fs.bytes_used, given->count * length);
}

static void run_blocks(const char *sample)
{
	struct given given;

	transaction_begin(&x, sample);
	given = take_all(false, x.trans.volume->fs.nodesize);
	assert_true(given.count > 1000);
	expect_taken(BLOCK_GROUP_METADATA, &given, x.trans.volume->fs.nodesize);
	free(given.list);
	transaction_end(&x);
}

static void run_data(const char *sample)
{
	struct given given;

	transaction_begin(&x, sample);
	given = take_all(true, 65536);
	assert_true(given.count > 1000);
	expect_taken(BLOCK_GROUP_DATA, &given, 65536);
	free(given.list);
	transaction_end(&x);
}

static void test_blocks(void **state)
{
	(void)state;
	run_blocks("clean");
	run_blocks("node-64k");
	run_blocks("mixed");
	run_blocks("raid1");
	run_blocks("raid10");
	run_blocks("raid5");
	run_blocks("raid6");
}

static void test_data(void **state)
{
	(void)state;
	run_data("clean");
	run_data("bitmaps-mixed");
	run_data("raid0");
	run_data("raid1");
	run_data("raid5");
	run_data("raid6");
}

/* Only holes of 4 KiB are free in the sample, but for one. */
static void test_no_space(void **state)
{
	struct given given;

	(void)state;
	transaction_begin(&x, "enospc");
	given = take_all(true, 65536);
	assert_true(given.count < 4);
	free(given.list);
	transaction_end(&x);
}

/* The kernel made the block group at 13631488 of 8 MiB: first, to its end; then the others. */
static void test_small_first(void **state)
{
	uint64_t bytenr = 0, n;

	(void)state;
	transaction_begin(&x, "clean");
	for (n = 0; n < 8 * MIB / 65536; n++) {
		if (alloc_data(&x.trans, 65536, &bytenr, &x.err))
			fail_msg("%s", x.err.text);
		if (bytenr >= 22020096)
			break;
		assert_true(bytenr >= 13631488);
	}
	/* 8 MiB less 6.19 MiB in use, in one piece or a few */
	assert_true(n >= 26 && n <= 29);
	assert_true(bytenr >= 137756672);
	transaction_end(&x);
}

/* Both large ones could: what takes part already is taken, though it comes later. */
static void test_takes_part_first(void **state)
{
	uint64_t bytenr;

	(void)state;
	transaction_begin(&x, "clean");
	for (size_t i = 0; i < x.trans.ngroups; i++)
		x.trans.groups[i].takes_part = x.trans.groups[i].facts->bytenr == 355860480;
	assert_int_equal(
		alloc_data(&x.trans, 16 * MIB, &bytenr, &x.err), 0); /* too large for the small one */
	assert_true(bytenr >= 355860480);
	transaction_end(&x);
}

/* What the last commit has and this one gives up stays untouched; what this one took and never used does not.
 */
static void test_freed(void **state)
{
	struct given given;
	uint64_t old, fresh;
	bool again = false;

	(void)state;
	transaction_begin(&x, "clean");
	old = x.trans.roots.root.bytenr;
	assert_int_equal(alloc_release(&x.trans, old, 16384, &x.err), 0);
	assert_int_equal(alloc_block(&x.trans, &fresh, &x.err), 0);
	assert_int_equal(alloc_cancel(&x.trans, fresh, 16384, &x.err), 0);
	given = take_all(false, 16384);
	for (size_t i = 0; i < given.count; i++) {
		assert_true(given.list[i] + 16384 <= old || given.list[i] >= old + 16384);
		again |= given.list[i] == fresh;
	}
	assert_true(again);
	free(given.list);
	transaction_end(&x);
}

/* Ranges by hand, pieces at multiples of 16. */
static void test_free_map(void **state)
{
	struct free_map map = {0};
	struct fsr_error err;
	uint64_t at;

	(void)state;
	assert_int_equal(free_map_take(&map, 1, 1, &at), FSR_E_NO_SPACE);
	assert_int_equal(free_map_give(&map, 100, 120, &err), 0);
	assert_int_equal(free_map_give(&map, 8, 40, &err), 0);
	assert_int_equal(free_map_largest(&map), 32);
	assert_int_equal(
		free_map_take(&map, 16, 16, &at), 0); /* [8, 16) and [32, 40) are left of the first */
	assert_int_equal(at, 16);
	assert_int_equal(map.count, 3);
	assert_int_equal(free_map_take(&map, 8, 16, &at), 0);
	assert_int_equal(at, 32);
	assert_int_equal(free_map_take(&map, 8, 16, &at), 0); /* [100, 112) and nothing behind it */
	assert_int_equal(at, 112);
	assert_int_equal(free_map_take(&map, 8, 16, &at), FSR_E_NO_SPACE);
	assert_int_equal(free_map_take(&map, 8, 8, &at), 0);
	assert_int_equal(at, 8);
	assert_int_equal(map.count, 1);
	assert_int_equal(free_map_take(&map, 12, UINT64_C(1) << 63, &at), FSR_E_NO_SPACE);
	assert_int_equal(free_map_take(&map, 12, 4, &at), 0);
	assert_int_equal(at, 100);
	assert_int_equal(map.count, 0);
	free_map_free(&map);
}

/* The extent tree calls the place of a block free that a tree leads to: its own, and another one's. */
static void test_block_in_the_way(void **state)
{
	const struct fsr_key key = {256, 1, 0};
	struct trans_group *g;
	struct path path;

	(void)state;
	for (unsigned before = 0; before <= 16384; before += 4096) {
		uint64_t root;

		transaction_begin(&x, "clean");
		root = x.trans.roots.root.bytenr;
		g = trans_group_of(&x.trans, root);
		g->map.loaded = true;
		assert_int_equal(free_map_give(&g->map, root - before, root + 16384, &x.err), 0);
		assert_int_equal(tree_search(&x.trans, &x.trans.roots, &key, true, &path, &x.err),
			before < 16384 ? FSR_E_REFUSED : 0);
		if (before < 16384)
			assert_non_null(strstr(x.err.text, "lies where the extent tree has nothing"));
		transaction_end(&x);
	}
}

/* Once all is settled, nothing may be. */
static void test_frozen(void **state)
{
	uint64_t bytenr;

	(void)state;
	transaction_begin(&x, "clean");
	x.trans.frozen = true;
	assert_int_equal(alloc_block(&x.trans, &bytenr, &x.err), FSR_E_REFUSED);
	assert_int_equal(alloc_data(&x.trans, 65536, &bytenr, &x.err), FSR_E_REFUSED);
	assert_int_equal(alloc_release(&x.trans, x.trans.roots.root.bytenr, 16384, &x.err), FSR_E_REFUSED);
	transaction_end(&x);
}

/* An extent that ends in another block group than it begins in, in none, or of more than is used. */
static void test_outside(void **state)
{
	(void)state;
	transaction_begin(&x, "clean");
	assert_int_equal(alloc_release(&x.trans, 22020096 - 4096, 8192, &x.err), FSR_E_REFUSED);
	assert_int_equal(alloc_release(&x.trans, 4096, 4096, &x.err), FSR_E_REFUSED);
	assert_int_equal(alloc_release(&x.trans, UINT64_MAX - 4095, 4096, &x.err), FSR_E_REFUSED);
	assert_int_equal(alloc_release(&x.trans, 137756672, 128 * MIB, &x.err), FSR_E_REFUSED);
	transaction_end(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_data),
		cmocka_unit_test(test_no_space),
		cmocka_unit_test(test_small_first),
		cmocka_unit_test(test_takes_part_first),
		cmocka_unit_test(test_freed),
		cmocka_unit_test(test_free_map),
		cmocka_unit_test(test_block_in_the_way),
		cmocka_unit_test(test_frozen),
		cmocka_unit_test(test_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
