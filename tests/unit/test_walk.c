/* SPDX-License-Identifier: MIT */
/* Steps 11 to 19 of the load on pages made by hand: 16 pages of 4 KiB, as for a block group of 208 MiB. */
#include "cachefile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define PAGE 4096u
#define GENERATION 9u
/* Entries that fit: (4096 - 8 - 4 * 16) / 17 on page 0, 4096 / 17 on the others (docs/format.md A4). */
#define ON_PAGE_0 236u
#define ON_OTHERS 240u

struct walked {
	struct cachefile file;
	struct content content;
	struct walk_result result;
};

static void setup(struct walked *w, unsigned pages)
{
	memset(w, 0, sizeof *w);
	cachefile_init(&w->file, pages, PAGE, GENERATION);
}

/* n extents of one sector, two sectors apart. */
static void add_extents(struct walked *w, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		cachefile_entry(&w->file, GROUP + (w->file.entries) * 8192, 4096, EXTENT);
}

static void walk_as(struct walked *w, uint64_t entries, bool lenient)
{
	assert_int_equal(walk_pages(&w->file.set, w->file.generation, entries, lenient, &w->content, &w->result, NULL),
		0);
}

static void walk(struct walked *w)
{
	walk_as(w, w->file.entries, false);
}

static void teardown(struct walked *w)
{
	content_free(&w->content);
	page_set_free(&w->file.set);
}

static void expect(struct walked *w, int step, enum fsr_finding_code reason)
{
	assert_int_equal(w->result.step, step);
	assert_int_equal(w->result.reason, reason);
}

/* Both ways: what is decided is the same, only what is decoded behind it differs. */
static void expect_step(struct walked *w, int step, enum fsr_finding_code reason)
{
	walk(w);
	expect(w, step, reason);
	walk_as(w, w->file.entries, true);
	expect(w, step, reason);
}

static void test_clean(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 16);
	add_extents(&w, 3);
	cachefile_entry(&w.file, GROUP, 8192, BITMAP);
	set_bits(cachefile_bitmap(&w.file), 1, 2);
	cachefile_seal(&w.file);
	walk(&w);
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

static void test_no_pages(void **state)
{
	struct walked w;

	(void)state;
	setup(&w, 0);
	w.file.entries = 1;
	expect_step(&w, 11, FSR_FINDING_CACHE_OVERRUN);
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
	walk(&w);
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
	walk(&w);
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
	w.file.entries = 6; /* the zero entry comes after the repeated one: too late to decide, early to end */
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
	assert_false(w.result.complete); /* the repeated entry is what Linux sees, but page 1 can't be trusted */
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

/* Measured on 6.1.192 unless said otherwise: N of 1017 and less is lawful, 1018 to 1024 may read behind the page. */
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
	walk(&w);
	content = w.content;
	page_set_free(&w.file.set);
	setup(&w, 16);
	w.content = content;
	add_extents(&w, 2);
	cachefile_seal(&w.file);
	walk(&w);
	assert_true(w.content.count == 2 && !w.content.bitmaps && !w.content.first_bitmap_page);
	assert_int_equal(w.content.sum, 8192);
	teardown(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_no_pages),
		cmocka_unit_test(test_crc_of_page_0),
		cmocka_unit_test(test_unused_pages_are_not_judged),
		cmocka_unit_test(test_page_stamp),
		cmocka_unit_test(test_crc_of_later_page),
		cmocka_unit_test(test_exact_fill),
		cmocka_unit_test(test_overrun),
		cmocka_unit_test(test_zero_entry),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_duplicate_before_bad_page),
		cmocka_unit_test(test_crc_of_bitmap),
		cmocka_unit_test(test_sum_wraps),
		cmocka_unit_test(test_full_page_0),
		cmocka_unit_test(test_pages_of_64k),
		cmocka_unit_test(test_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
