/* SPDX-License-Identifier: MIT */
/* What cells add up to, who wins in them, and which entry of a cache speaks of an address. */
#include "../../tui/screens/map_cells.h"
#include "../../tui/screens/map_entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct map_facts written = {.done = true, .usable = true, .state = FSR_STATE_WRITTEN};

static enum map_mark mark_of(struct map_cell cell, uint64_t length)
{
	return map_mark_of(&cell, length, false, &written);
}

static void test_shades(void **state)
{
	(void)state;
	assert_int_equal(mark_of((struct map_cell){.used = 0}, 9), MAP_NONE);
	assert_int_equal(mark_of((struct map_cell){.used = 1}, 9), MAP_THIRD);
	assert_int_equal(mark_of((struct map_cell){.used = 3}, 9), MAP_THIRD);
	assert_int_equal(mark_of((struct map_cell){.used = 4}, 9), MAP_TWO_THIRDS);
	assert_int_equal(mark_of((struct map_cell){.used = 6}, 9), MAP_TWO_THIRDS);
	assert_int_equal(mark_of((struct map_cell){.used = 7}, 9), MAP_MORE);
	assert_int_equal(mark_of((struct map_cell){.used = 8}, 9), MAP_MORE);
	assert_int_equal(mark_of((struct map_cell){.used = 9}, 9), MAP_ALL);
	/* where three times the length is more than 64 bits hold */
	assert_int_equal(mark_of((struct map_cell){.used = UINT64_C(1) << 60}, UINT64_MAX), MAP_THIRD);
	assert_int_equal(mark_of((struct map_cell){.used = UINT64_C(1) << 63}, UINT64_MAX), MAP_TWO_THIRDS);
	assert_int_equal(mark_of((struct map_cell){.used = UINT64_C(7) << 61}, UINT64_MAX), MAP_MORE);
}

/* Worst first; one byte is enough. */
static void test_who_wins(void **state)
{
	struct map_cell cell = {.used = 4096, .excess = 1, .missing = 1, .super = 1};
	struct map_facts facts = {.done = true, .unknown = true, .state = FSR_STATE_SETUP};

	(void)state;
	assert_int_equal(map_mark_of(&cell, 8192, true, &facts), MAP_EXCESS);
	cell.excess = 0;
	assert_int_equal(map_mark_of(&cell, 8192, true, &facts), MAP_UNKNOWN);
	facts.unknown = false;
	assert_int_equal(map_mark_of(&cell, 8192, true, &facts), MAP_MISSING);
	cell.missing = 0;
	assert_int_equal(map_mark_of(&cell, 8192, true, &facts), MAP_STATE);
	assert_int_equal(map_mark_of(&cell, 8192, false, &facts), MAP_SUPER);
	facts.state = FSR_STATE_WRITTEN;
	assert_int_equal(map_mark_of(&cell, 8192, true, &facts), MAP_SUPER);
	cell.super = 0;
	assert_int_equal(map_mark_of(&cell, 8192, true, &facts), MAP_TWO_THIRDS);
	facts.done = false;
	assert_int_equal(map_mark_of(&cell, 8192, true, &facts), MAP_PENDING);
}

static void test_marks(void **state)
{
	(void)state;
	assert_string_equal(map_mark_text(MAP_STATE, FSR_STATE_NEED_WRITE), "n");
	assert_string_equal(map_mark_text(MAP_STATE, FSR_STATE_SETUP), "s");
	assert_string_equal(map_mark_text(MAP_STATE, FSR_STATE_CLEAR), "c");
	assert_string_equal(map_mark_text(MAP_STATE, FSR_STATE_ERROR), "e");
	assert_string_equal(map_mark_text(MAP_STATE, FSR_STATE_NONE), "-");
	assert_string_equal(map_mark_text(MAP_EXCESS, FSR_STATE_NONE), "!");
	assert_string_equal(map_mark_text(MAP_MISSING, FSR_STATE_NONE), "m");
	assert_true(map_mark_wrong(MAP_EXCESS) && map_mark_wrong(MAP_UNKNOWN) && map_mark_wrong(MAP_MISSING));
	assert_false(map_mark_wrong(MAP_STATE) || map_mark_wrong(MAP_SUPER) || map_mark_wrong(MAP_PENDING));
}

static void add(const struct map_run *run, enum fsr_span_kind kind, uint64_t bytenr, uint64_t length)
{
	const struct fsr_span span = {kind, bytenr, length};

	map_run_add(run, &span);
}

/* Three cells of 8192 from 1000000 on. */
static void test_spans(void **state)
{
	struct map_cell cells[3] = {{0}};
	const struct map_run run = {1000000, 13, 3, cells};

	(void)state;
	add(&run, FSR_SPAN_USED, 1004096, 16384);      /* 4096, 8192, 4096 */
	add(&run, FSR_SPAN_USED, 990000, 10100);       /* 100 of it in the first */
	add(&run, FSR_SPAN_USED, 900000, 100000);      /* ends where they begin */
	add(&run, FSR_SPAN_USED, 1024576, 4096);       /* begins where they end */
	add(&run, FSR_SPAN_SUPER, 1008192, 1);         /* first byte of the second */
	add(&run, FSR_SPAN_MISSING, 1024575, 1000000); /* last byte of the third */
	add(&run, FSR_SPAN_EXCESS, 0, UINT64_MAX);     /* all of them */
	add(&run, FSR_SPAN_UNKNOWN, 1000000, 8192);
	assert_int_equal(cells[0].used, 4196);
	assert_int_equal(cells[1].used, 8192);
	assert_int_equal(cells[2].used, 4096);
	assert_int_equal(cells[0].super + cells[2].super, 0);
	assert_int_equal(cells[1].super, 1);
	assert_int_equal(cells[0].missing + cells[1].missing, 0);
	assert_int_equal(cells[2].missing, 1);
	for (int i = 0; i < 3; i++)
		assert_int_equal(cells[i].excess, 8192);
}

static void test_largest_cell(void **state)
{
	struct map_cell cells[2] = {{0}};
	const struct map_run run = {0, 63, 2, cells};

	(void)state;
	add(&run, FSR_SPAN_USED, 1, UINT64_MAX - 1);
	assert_int_equal(cells[0].used, (UINT64_C(1) << 63) - 1);
	assert_int_equal(cells[1].used, (UINT64_C(1) << 63) - 1);
}

static void test_usable(void **state)
{
	struct fsr_group group = {.state = FSR_STATE_WRITTEN, .has_cache = true};

	(void)state;
	group.verdict = FSR_VERDICT_ACCEPTED;
	assert_true(map_facts_of(&group).usable);
	group.verdict = FSR_VERDICT_REFUSED;
	assert_false(map_facts_of(&group).usable);
	group.has_free_space_tree = group.free_space_tree.valid = true;
	assert_false(map_facts_of(&group).usable); /* the cache is what Linux asks */
	group.has_cache = false;
	assert_true(map_facts_of(&group).usable);
}

/* ---- entries */

#define BITMAP UINT64_C(137756672)

static struct fsr_cache_entry entries[] = {
	{.page = 0, .byte = 72, .offset = BITMAP, .bytes = 135168, .type = 1},
	{.page = 0, .byte = 89, .offset = BITMAP, .bytes = 4096, .type = 2, .bitmap_page = 1},
	{.page = 0, .byte = 106, .offset = BITMAP + (256 << 20), .bytes = 8192, .type = 1},
};

static void expect_entry(const struct fsr_cache *cache, uint64_t address, unsigned page, unsigned byte)
{
	unsigned found_page = 99, found_byte = 99;

	assert_true(map_entry_of(cache, 4096, address, &found_page, &found_byte));
	assert_int_equal(found_page, page);
	assert_int_equal(found_byte, byte);
}

/* A bitmap covers 128 MiB; 138313728 is its bit 136, in byte 17. */
static void test_entry(void **state)
{
	static uint8_t bits[4096];
	struct fsr_cache_page pages[2] = {{.data = NULL}, {.data = bits}};
	struct fsr_cache cache = {
		.npages = 2, .pages = pages, .nentries = 3, .entries = entries, .bitmap_endianness = "le"};

	(void)state;
	bits[17] = 1;
	expect_entry(&cache, BITMAP + 4096, 0, 72);
	expect_entry(&cache, 138313728, 1, 17);
	expect_entry(&cache, 138313728 + 4096, 1, 17); /* could be listed there */
	expect_entry(&cache, BITMAP + (128 << 20) - 4096, 1, 4095);
	expect_entry(&cache, BITMAP + (128 << 20), 0, 72);  /* 127.9 MiB behind it, 128 to the next */
	expect_entry(&cache, BITMAP + (129 << 20), 0, 106); /* 127 to it */
	expect_entry(&cache, BITMAP - 4096, 0, 72);
	expect_entry(&cache, BITMAP + (256 << 20) + 4096, 0, 106);
	cache.nentries = 0;
	assert_false(map_entry_of(&cache, 4096, BITMAP, &(unsigned){0}, &(unsigned){0}));
}

/* As big-endian machines write it: byte 17 of the words is byte 22, or 18, of the page. */
static void test_entry_big_endian(void **state)
{
	static uint8_t bits[4096];
	struct fsr_cache_page pages[2] = {{.data = NULL}, {.data = bits}};
	struct fsr_cache cache = {.npages = 2, .pages = pages, .nentries = 3, .entries = entries};

	(void)state;
	cache.bitmap_endianness = "be64";
	expect_entry(&cache, 138313728, 1, 22);
	cache.bitmap_endianness = "be32";
	expect_entry(&cache, 138313728, 1, 18);
	pages[1].data = NULL; /* unreadable */
	expect_entry(&cache, 138313728, 1, 18);
	cache.npages = 1; /* and not even there */
	expect_entry(&cache, 138313728, 0, 72);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shades),
		cmocka_unit_test(test_who_wins),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_largest_cell),
		cmocka_unit_test(test_usable),
		cmocka_unit_test(test_entry),
		cmocka_unit_test(test_entry_big_endian),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
