/* SPDX-License-Identifier: MIT */
/*
 * The free space tree's items of one block group, as Linux takes them when it loads it: extents one by one,
 * bitmaps bit by bit, up to the next FREE_SPACE_INFO (docs/format.md C2).
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define SPAN (2048 * SECTOR) /* of the largest bitmap */

static struct world *make(uint32_t count, uint32_t flags)
{
	struct world *w = world_new();
	uint8_t *info = world_item(
		&w->free_space, GROUP, KEY_FREE_SPACE_INFO, GROUP_LENGTH, NULL, FREE_SPACE_INFO_SIZE);

	put32(info, count);
	put32(info + 4, flags);
	return w;
}

static void extent(struct world *w, uint64_t start, uint64_t length)
{
	world_item(&w->free_space, start, KEY_FREE_SPACE_EXTENT, length, NULL, 0);
}

static uint8_t *bitmap(struct world *w, uint64_t start, uint64_t length)
{
	return world_item(&w->free_space, start, KEY_FREE_SPACE_BITMAP, length, NULL,
		(uint32_t)((length / SECTOR + 7) / 8));
}

struct taken {
	uint64_t ranges[16][2];
	unsigned count;
	struct fst_stream s;
};

static void take(struct world *w, struct taken *t)
{
	struct cursor c;

	world_open(w);
	assert_int_equal(collect_groups(&w->fs, NULL), 0);
	cursor_init(&c, w->fs.volume, &w->fs.free_space_root);
	fst_stream_init(&t->s, &w->fs, &w->fs.groups[1], &c);
	for (t->count = 0; t->count < 16; t->count++)
		if (!fst_stream_next(&t->s, &t->ranges[t->count][0], &t->ranges[t->count][1]))
			break;
	cursor_free(&c);
	world_free(w);
}

static void expect_range(const struct taken *t, unsigned i, uint64_t start, uint64_t end)
{
	assert_true(i < t->count);
	assert_int_equal(t->ranges[i][0], start);
	assert_int_equal(t->ranges[i][1], end);
}

static void test_extents(void **state)
{
	struct world *w = make(3, 0);
	struct taken t;

	(void)state;
	extent(w, GROUP, SECTOR);
	extent(w, GROUP + SECTOR, SECTOR); /* touches: Linux counts two and has one */
	extent(w, END - SECTOR, SECTOR);
	world_item(&w->free_space, END, KEY_FREE_SPACE_INFO, MIB, NULL, 8);
	extent(w, END, MIB); /* another block group's */
	take(w, &t);
	assert_int_equal(t.count, 2);
	expect_range(&t, 0, GROUP, GROUP + 2 * SECTOR);
	expect_range(&t, 1, END - SECTOR, END);
	assert_true(t.s.has_info && !t.s.bad_item && !t.s.hidden);
	assert_int_equal(t.s.extent_count, 3);
	assert_int_equal(t.s.counted, 3);
}

static void test_bitmaps(void **state)
{
	struct world *w = make(4, 1);
	uint8_t *first = bitmap(w, GROUP, SPAN), *last = bitmap(w, GROUP + 2 * SPAN, SPAN);
	struct taken t;

	(void)state;
	set_bits(first, 0, 1);
	set_bits(first, 2040, 8);
	set_bits(bitmap(w, GROUP + SPAN, SPAN), 0, 2048); /* the run goes on over this one */
	set_bits(last, 0, 3);                             /* and ends here */
	set_bits(last, 100, 5);
	set_bits(last, 200, 1);
	take(w, &t);
	assert_int_equal(t.count, 4);
	expect_range(&t, 0, GROUP, GROUP + SECTOR);
	expect_range(&t, 1, GROUP + 2040 * SECTOR, GROUP + 2 * SPAN + 3 * SECTOR);
	expect_range(&t, 2, GROUP + 2 * SPAN + 100 * SECTOR, GROUP + 2 * SPAN + 105 * SECTOR);
	expect_range(&t, 3, GROUP + 2 * SPAN + 200 * SECTOR, GROUP + 2 * SPAN + 201 * SECTOR);
	assert_int_equal(t.s.counted, 4);
	assert_false(t.s.bad_item);
}

/* Linux remembers the last bit: what lies between two bitmaps, or behind the last one, goes with it. */
static void test_gaps_between_bitmaps(void **state)
{
	struct world *w = make(2, 1);
	struct taken t;

	(void)state;
	set_bits(bitmap(w, GROUP, SPAN), 2047, 1);
	set_bits(bitmap(w, GROUP + 2 * SPAN, SPAN), 0, 1);
	set_bits(bitmap(w, GROUP + 4 * SPAN, SPAN), 2047, 1);
	take(w, &t);
	assert_int_equal(t.count, 2);
	expect_range(&t, 0, GROUP + SPAN - SECTOR, GROUP + 2 * SPAN + SECTOR);
	expect_range(&t, 1, GROUP + 5 * SPAN - SECTOR, END);
	assert_int_equal(t.s.counted, 2);
	assert_true(t.s.bad_item);
	assert_int_equal(t.s.bad_key.objectid, GROUP + 2 * SPAN);
}

/* Without the flag any item is a range to Linux. */
static void test_bitmap_as_extent(void **state)
{
	struct world *w = make(2, 0);
	struct taken t;

	(void)state;
	extent(w, GROUP, SECTOR);
	set_bits(bitmap(w, GROUP + SPAN, SPAN), 3, 1);
	take(w, &t);
	assert_int_equal(t.count, 2);
	expect_range(&t, 1, GROUP + SPAN, GROUP + 2 * SPAN);
	assert_int_equal(t.s.counted, 2);
	assert_true(t.s.bad_item);
}

/* Items behind the end without an INFO of their own are loaded with the block group. */
static void test_strays_behind(void **state)
{
	struct world *w = make(1, 0);
	struct taken t;

	(void)state;
	extent(w, GROUP, SECTOR);
	extent(w, END + SECTOR, SECTOR);
	take(w, &t);
	assert_int_equal(t.count, 1);
	assert_true(t.s.bad_item);
	assert_int_equal(t.s.bad_key.objectid, END + SECTOR);
}

static void test_unlawful_items(void **state)
{
	static const struct {
		uint64_t start, length;
		uint32_t size;
	} cases[] = {{GROUP + 512, SECTOR, 0}, {GROUP + SECTOR, 512, 0}, {GROUP + SECTOR, 0, 0},
		{END - SECTOR, 2 * SECTOR, 0}, {GROUP + SECTOR, UINT64_MAX - 4095, 0},
		{GROUP + SECTOR, SECTOR, 1}};

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world *w = make(1, 0);
		struct taken t;

		world_item(&w->free_space, cases[i].start, KEY_FREE_SPACE_EXTENT, cases[i].length, NULL,
			cases[i].size);
		take(w, &t);
		assert_true(t.s.bad_item);
		assert_int_equal(t.s.counted, 1);
	}
}

static void test_bitmap_sizes(void **state)
{
	static const struct {
		uint64_t length;
		uint32_t size;
	} cases[] = {{SPAN, 255}, {SPAN, 0}, {SPAN + SECTOR, 257}, {SECTOR, 2}, {9 * SECTOR, 1}};

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world *w = make(0, 1);
		static uint8_t ones[300];
		struct taken t;

		memset(ones, 0xff, sizeof ones);
		w->free_space.items[w->free_space.count++] = (struct image_item){
			{GROUP, KEY_FREE_SPACE_BITMAP, cases[i].length}, ones, cases[i].size};
		take(w, &t);
		assert_true(t.s.bad_item);
		assert_int_equal(t.count, 0);
	}
}

/* Bits of the last byte that stand for no sector are not looked at. */
static void test_bits_behind_the_range(void **state)
{
	struct world *w = make(1, 1);
	struct taken t;

	(void)state;
	*bitmap(w, GROUP, 3 * SECTOR) = 0xf9; /* bit 0 of three */
	take(w, &t);
	assert_int_equal(t.count, 1);
	expect_range(&t, 0, GROUP, GROUP + SECTOR);
}

static void test_no_info(void **state)
{
	struct world *w = make(1, 0);
	struct taken t;

	(void)state;
	w->free_space.items[0].key.offset = GROUP_LENGTH - SECTOR;
	take(w, &t);
	assert_true(!t.s.has_info && t.s.bad_info);
	assert_int_equal(t.s.info_length, GROUP_LENGTH - SECTOR);
	w = make(1, 0);
	w->free_space.items[0].key.objectid = END;
	take(w, &t);
	assert_true(!t.s.has_info && !t.s.bad_info && !t.count);
}

static void test_judged(void **state)
{
	struct world *w = make(2, 0);
	const uint64_t used = MIB;

	(void)state;
	world_extent(w, GROUP, used);
	world_extent(w, GROUP + 2 * used, used);
	extent(w, GROUP + used, used);
	extent(w, GROUP + 3 * used - SECTOR, GROUP_LENGTH - 3 * used + SECTOR);
	world_judge(w);
	assert_true(w->group.has_free_space_tree && w->group.free_space_tree.valid);
	assert_int_equal(w->group.free_space_tree.relation, FSR_RELATION_EXCESS);
	assert_int_equal(w->group.free_space_tree.excess_bytes, SECTOR);
	assert_true(world_finding(w, FSR_FINDING_FST_EXCESS) >= 0);
	world_free(w);
}

/* Without an extent tree there is still something to say of the items. */
static void test_judged_without_extent_tree(void **state)
{
	struct world *w = make(7, 0);

	(void)state;
	extent(w, GROUP, MIB);
	world_open(w);
	w->fs.has_extent_root = false;
	world_judge(w);
	assert_true(w->group.has_free_space_tree);
	assert_int_equal(w->group.free_space_tree.extent_count, 7);
	assert_int_equal(w->group.free_space_tree.relation, FSR_RELATION_NULL);
	assert_int_equal(world_finding(w, FSR_FINDING_FST_INFO), -1);
	assert_true(world_finding(w, FSR_FINDING_FST_COUNT) >= 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_extents),
		cmocka_unit_test(test_bitmaps),
		cmocka_unit_test(test_gaps_between_bitmaps),
		cmocka_unit_test(test_bitmap_as_extent),
		cmocka_unit_test(test_strays_behind),
		cmocka_unit_test(test_unlawful_items),
		cmocka_unit_test(test_bitmap_sizes),
		cmocka_unit_test(test_bits_behind_the_range),
		cmocka_unit_test(test_no_info),
		cmocka_unit_test(test_judged),
		cmocka_unit_test(test_judged_without_extent_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
