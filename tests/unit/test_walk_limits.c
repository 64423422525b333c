/* SPDX-License-Identifier: MIT */
/* Where pages are exactly full, too few, or so many that page 0 has no room for what Linux reads there. */
#include "walked.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_no_pages(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 0);
	w.file.entries = 1;
	expect_step(&w, 11, FSR_FINDING_CACHE_OVERRUN);
	teardown(&w);
}

/* A page whose last entry fills it is not followed by an empty one. */
static void test_exact_fill(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 16);
	add_extents(&w, ON_PAGE_0);
	cachefile_seal(&w.file);
	put32(w.file.set.data + 4, 0); /* the slot that Linux leaves at 0 */
	expect_step(&w, 0, FSR_FINDING_NONE);
	w.file.page = 0;
	set_bits(cachefile_bitmap(&w.file), 0, 1);
	w.file.set.data[4 * 16 + 8 + 17 * (ON_PAGE_0 - 1) + 16] = BITMAP;
	cachefile_seal(&w.file);
	expect_step(&w, 0, FSR_FINDING_NONE);
	assert_int_equal(w.content.entries[ON_PAGE_0 - 1].bitmap_page, 1);
	teardown(&w);
}

/* With 240 pages page 0 has room for (4096 - 8 - 4 * 240) / 17 = 184 entries, and not a byte is left. */
static void test_no_byte_left(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 240);
	add_extents(&w, 185);
	cachefile_seal(&w.file);
	expect_step(&w, 0, FSR_FINDING_NONE);
	assert_int_equal(w.content.entries[183].byte, 4096 - 17);
	assert_true(w.content.entries[184].page == 1 && w.content.entries[184].byte == 0);
	teardown(&w);
}

static void test_overrun(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 1); /* (4096 - 8 - 4) / 17 = 240 entries */
	add_extents(&w, 240);
	cachefile_seal(&w.file);
	expect_step(&w, 0, FSR_FINDING_NONE);
	walk_as(&w, 241, false);
	expect(&w, 14, FSR_FINDING_CACHE_OVERRUN);
	assert_int_equal(w.content.count, 240);
	assert_int_equal(w.result.entry, 240);
	walk_as(&w, UINT64_MAX, true);
	expect(&w, 14, FSR_FINDING_CACHE_OVERRUN);
	assert_false(w.result.complete);
	teardown(&w);
	setup(&w, 2);
	add_extents(&w, 1);
	cachefile_entry(&w.file, GROUP, 4096, BITMAP);
	cachefile_entry(&w.file, GROUP + 128 * MIB, 4096, 0); /* any type but 1 is a bitmap */
	set_bits(cachefile_bitmap(&w.file), 0, 1);
	cachefile_seal(&w.file);
	expect_step(&w, 19, FSR_FINDING_CACHE_OVERRUN);
	assert_int_equal(w.result.entry, 2);
	assert_int_equal(w.content.entries[2].bitmap_page, 0);
	teardown(&w);
}

/* Step 20 adds up modulo 2^64. */
static void test_sum_wraps(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 16);
	cachefile_entry(&w.file, GROUP, UINT64_MAX - 4095, EXTENT);
	cachefile_entry(&w.file, GROUP + 8192, 12288, EXTENT);
	cachefile_seal(&w.file);
	expect_step(&w, 0, FSR_FINDING_NONE);
	assert_int_equal(w.content.sum, 8192);
	teardown(&w);
}

static void fill_page_0(struct walked *w, unsigned pages, uint64_t stamp)
{
	setup(w, pages);
	if (4 * pages + 8 <= PAGE)
		put64(w->file.set.data + 4 * pages, stamp);
	cachefile_seal(&w->file);
	w->file.entries = 1;
}

/* Measured on 6.1.192 unless said otherwise: N of 1017 and less is lawful, 1018 to 1024 may read behind the
 * page. */
static void test_full_page_0(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 1017);
	add_extents(&w, 1);
	cachefile_seal(&w.file);
	expect_step(&w, 0, FSR_FINDING_NONE);
	teardown(&w);
	for (unsigned pages = 1018; pages <= 1024; pages++) {
		fill_page_0(&w, pages, GENERATION);
		expect_step(&w, pages == 1018 ? 15 : 13,
			pages == 1018 ? FSR_FINDING_CACHE_ZERO_ENTRY : FSR_FINDING_CACHE_CRASH_PAGES);
		assert_int_equal(w.result.crash, pages != 1018);
		put32(w.file.set.data, 1); /* a wrong crc is seen before: no crash */
		expect_step(&w, 12, FSR_FINDING_CACHE_CRC);
		assert_false(w.result.crash);
		teardown(&w);
	}
	for (unsigned pages = 1018; pages <= 1022; pages++) { /* the stamp still lies in the page */
		fill_page_0(&w, pages, GENERATION - 1);
		expect_step(&w, 13, FSR_FINDING_CACHE_PAGE_STAMP);
		assert_false(w.result.crash);
		teardown(&w);
	}
	fill_page_0(&w, 1018, GENERATION); /* the type of an entry that is not 0 lies behind the page */
	put64(w.file.set.data + PAGE - 8, 4096);
	cachefile_seal(&w.file);
	expect_step(&w, 13, FSR_FINDING_CACHE_CRASH_PAGES);
	assert_true(w.result.crash);
	teardown(&w);
}

/* The largest pages: a bitmap of 524288 bits, more entries on a page than 8 bits count. */
static void test_pages_of_64k(void **state)
{
	struct walked w;
	uint8_t *bitmap;
	uint32_t bit = 0, end;

	(void)state;
	memset(&w, 0, sizeof w);
	cachefile_init(&w.file, 2, 65536, GENERATION);
	for (unsigned i = 0; i < 3853; i++) /* (65536 - 16) / 17 = 3854 */
		cachefile_entry(&w.file, (uint64_t)i << 20, 65536, EXTENT);
	cachefile_entry(&w.file, 0, 65536, BITMAP);
	bitmap = cachefile_bitmap(&w.file);
	set_bits(bitmap, 524287, 1);
	cachefile_seal(&w.file);
	expect_step(&w, 0, FSR_FINDING_NONE);
	assert_int_equal(w.content.entries[3853].byte, 16 + 3853 * 17);
	assert_int_equal(w.content.entries[3853].bitmap_page, 1);
	assert_true(bitmap_next_run(bitmap, 524288, 0, &bit, &end));
	assert_true(bit == 524287 && end == 524288);
	teardown(&w);
}

/* One structure serves one cache after the other. */
static void test_used_again(void **state)
{
	struct walked w;
	struct content content;

	(void)state;
	setup(&w, 16);
	add_extents(&w, 1000);
	cachefile_entry(&w.file, GROUP, 4096, BITMAP);
	set_bits(cachefile_bitmap(&w.file), 0, 1);
	cachefile_seal(&w.file);
	walk_as(&w, w.file.entries, false);
	content = w.content;
	page_set_free(&w.file.set);
	setup(&w, 16);
	w.content = content;
	add_extents(&w, 2);
	cachefile_seal(&w.file);
	walk_as(&w, w.file.entries, false);
	assert_true(w.content.count == 2 && !w.content.bitmaps && !w.content.first_bitmap_page);
	assert_int_equal(w.content.sum, 8192);
	teardown(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_pages),
		cmocka_unit_test(test_exact_fill),
		cmocka_unit_test(test_no_byte_left),
		cmocka_unit_test(test_overrun),
		cmocka_unit_test(test_sum_wraps),
		cmocka_unit_test(test_full_page_0),
		cmocka_unit_test(test_pages_of_64k),
		cmocka_unit_test(test_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
