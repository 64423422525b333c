/* SPDX-License-Identifier: MIT */
/* Steps 11 to 19 of the load on pages made by hand: 16 pages of 4 KiB, as for a block group of 208 MiB. */
#include "walked.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_clean(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 16);
	add_extents(&w, 3);
	cachefile_entry(&w.file, GROUP, 8192, BITMAP);
	set_bits(cachefile_bitmap(&w.file), 1, 2);
	cachefile_seal(&w.file);
	walk_as(&w, w.file.entries, false);
	expect(&w, 0, FSR_FINDING_NONE);
	assert_true(w.result.complete);
	assert_int_equal(w.content.count, 4);
	assert_int_equal(w.content.bitmaps, 1);
	assert_int_equal(w.content.sum, 3 * 4096 + 8192);
	assert_int_equal(w.content.entries[3].bitmap_page, 1);
	assert_int_equal(w.content.first_bitmap_page, 1);
	assert_int_equal(w.content.entries[2].byte, 72 + 2 * 17);
	assert_int_equal(w.content.order[0], 0); /* the extent comes before the bitmap at the same address */
	assert_int_equal(w.content.order[1], 3);
	assert_int_equal(w.result.page_generation, GENERATION);
	assert_true(w.result.has_page_generation);
	teardown(&w);
}

static void test_unreadable(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 16);
	add_extents(&w, 3);
	cachefile_seal(&w.file);
	w.file.set.bad[15] = 1; /* Linux wants all pages, also those that hold nothing */
	w.file.set.bad_count = 1;
	expect_step(&w, 11, FSR_FINDING_CACHE_UNREADABLE);
	assert_int_equal(w.content.count, 3);
	assert_false(w.result.complete);
	w.file.set.bad[0] = 1;
	w.file.set.bad_count = 2;
	expect_step(&w, 11, FSR_FINDING_CACHE_UNREADABLE);
	assert_int_equal(w.content.count, 0);
	teardown(&w);
}

static void test_crc_of_page_0(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 16);
	add_extents(&w, 3);
	cachefile_seal(&w.file);
	w.file.set.data[4 * 16 + 8] ^= 1;
	expect_step(&w, 12, FSR_FINDING_CACHE_CRC);
	assert_int_equal(w.result.page, 0);
	assert_int_equal(w.result.crc_stored, get32(w.file.set.data));
	assert_int_equal(w.result.crc_computed, plain_crc32c(w.file.set.data + 64, PAGE - 64));
	assert_int_equal(w.content.count, 3); /* lenient */
	assert_false(w.result.complete);
	w.file.set.data[4 * 16 + 8] ^= 1;
	w.file.set.data[1] ^= 1; /* a slot */
	expect_step(&w, 12, FSR_FINDING_CACHE_CRC);
	teardown(&w);
}

/* Slots are not covered by page 0's crc: those of pages that Linux does not come to can hold anything. */
static void test_unused_pages_are_not_judged(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 16);
	add_extents(&w, 3);
	cachefile_seal(&w.file);
	put32(w.file.set.data + 4, 0);
	put32(w.file.set.data + 8, 0x12345678);
	w.file.set.data[5 * PAGE] = 1;
	expect_step(&w, 0, FSR_FINDING_NONE);
	assert_true(w.result.complete);
	teardown(&w);
}

static void test_page_stamp(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 16);
	add_extents(&w, 3);
	put64(w.file.set.data + 64, 7);
	cachefile_seal(&w.file);
	walk_as(&w, w.file.entries, false);
	expect(&w, 13, FSR_FINDING_CACHE_PAGE_STAMP);
	assert_int_equal(w.content.count, 0);
	walk_as(&w, 3, true);
	expect(&w, 13, FSR_FINDING_CACHE_PAGE_STAMP);
	assert_int_equal(w.result.page_generation, 7);
	assert_int_equal(w.content.count, 3);
	assert_true(w.result.complete);
	teardown(&w);
}

static void test_crc_of_later_page(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 16);
	add_extents(&w, ON_PAGE_0 + ON_OTHERS + 1);
	cachefile_seal(&w.file);
	walk_as(&w, w.file.entries, false);
	expect(&w, 0, FSR_FINDING_NONE);
	assert_int_equal(w.content.entries[ON_PAGE_0 - 1].page, 0);
	assert_int_equal(w.content.entries[ON_PAGE_0].page, 1);
	assert_int_equal(w.content.entries[ON_PAGE_0 + ON_OTHERS].page, 2);
	w.file.set.data[PAGE + 4095] = 1;
	expect_step(&w, 14, FSR_FINDING_CACHE_CRC);
	assert_int_equal(w.result.page, 1);
	assert_int_equal(w.result.entry, ON_PAGE_0);
	assert_false(w.result.complete);
	teardown(&w);
}

static void test_zero_entry(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 16);
	add_extents(&w, 2);
	cachefile_seal(&w.file);
	w.file.entries = 1000000; /* zeros follow: the rule for pages is not come to */
	expect_step(&w, 15, FSR_FINDING_CACHE_ZERO_ENTRY);
	assert_int_equal(w.result.entry, 2);
	assert_int_equal(w.content.count, 2);
	assert_false(w.result.complete);
	teardown(&w);
}

static void test_duplicates(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 16);
	cachefile_entry(&w.file, GROUP + 8192, 4096, EXTENT);
	cachefile_entry(&w.file, GROUP, 4096, EXTENT);
	cachefile_entry(&w.file, GROUP, 4096, BITMAP); /* another kind: lawful */
	cachefile_entry(&w.file, GROUP, 8192, EXTENT);
	cachefile_entry(&w.file, GROUP, 8192, 3);
	set_bits(cachefile_bitmap(&w.file), 0, 1);
	set_bits(cachefile_bitmap(&w.file), 0, 1);
	cachefile_seal(&w.file);
	expect_step(&w, 16, FSR_FINDING_CACHE_DUPLICATE);
	assert_int_equal(w.result.entry, 3);
	assert_true(w.result.complete);
	w.file.entries = 3;
	expect_step(&w, 0, FSR_FINDING_NONE);
	w.file.entries =
		6; /* the zero entry comes after the repeated one: too late to decide, early to end */
	expect_step(&w, 16, FSR_FINDING_CACHE_DUPLICATE);
	assert_false(w.result.complete);
	put64(w.file.set.data + 72 + 17 + 8, 0); /* entry 1 has 0 bytes: first */
	cachefile_seal(&w.file);
	expect_step(&w, 15, FSR_FINDING_CACHE_ZERO_ENTRY);
	assert_int_equal(w.result.entry, 1);
	teardown(&w);
}

static void test_duplicate_before_bad_page(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 16);
	add_extents(&w, 1);
	cachefile_entry(&w.file, GROUP, 4096, EXTENT);
	add_extents(&w, ON_PAGE_0);
	cachefile_seal(&w.file);
	w.file.set.data[PAGE + 4000] ^= 1;
	expect_step(&w, 16, FSR_FINDING_CACHE_DUPLICATE);
	assert_false(
		w.result.complete); /* the repeated entry is what Linux sees, but page 1 can't be trusted */
	teardown(&w);
}

/* Linux has turned away before it sees the entries. */
static void test_duplicate_behind_bad_stamp(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 16);
	cachefile_entry(&w.file, GROUP, 4096, EXTENT);
	cachefile_entry(&w.file, GROUP, 4096, EXTENT);
	put64(w.file.set.data + 64, 7);
	cachefile_seal(&w.file);
	expect_step(&w, 13, FSR_FINDING_CACHE_PAGE_STAMP);
	teardown(&w);
}

static void test_crc_of_bitmap(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 16);
	cachefile_entry(&w.file, GROUP, 4096, BITMAP);
	add_extents(&w, 1);
	cachefile_entry(&w.file, GROUP + 128 * MIB, 4096, BITMAP);
	set_bits(cachefile_bitmap(&w.file), 0, 1);
	set_bits(cachefile_bitmap(&w.file), 0, 1);
	cachefile_seal(&w.file);
	expect_step(&w, 0, FSR_FINDING_NONE);
	w.file.set.data[2 * PAGE + 100] = 1;
	expect_step(&w, 19, FSR_FINDING_CACHE_CRC);
	assert_int_equal(w.result.page, 2);
	assert_int_equal(w.result.entry, 2);
	assert_int_equal(w.content.entries[2].bitmap_page, 2); /* lenient */
	teardown(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_crc_of_page_0),
		cmocka_unit_test(test_unused_pages_are_not_judged),
		cmocka_unit_test(test_page_stamp),
		cmocka_unit_test(test_crc_of_later_page),
		cmocka_unit_test(test_zero_entry),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_duplicate_before_bad_page),
		cmocka_unit_test(test_duplicate_behind_bad_stamp),
		cmocka_unit_test(test_crc_of_bitmap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
