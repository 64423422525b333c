/* SPDX-License-Identifier: MIT */
/* Where findings stand, and what the free space tree holds: damage of samples as their recipes plant it. */
#include "../../tui/screens/cache_model.h"

#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define DATA UINT64_C(355860480) /* the block group that recipes damage */

static struct fsr_fs *open_model(struct cache_model *model, const char *sample, uint64_t group, bool v2)
{
	struct fsr_fs *fs = sample_open(sample);
	struct fsr_error err;

	assert_int_equal(cache_model_open(model, fs, group, v2, &err), 0);
	return fs;
}

static void close_model(struct cache_model *model, struct fsr_fs *fs)
{
	cache_model_close(model);
	fsr_close(fs);
}

/* How many entries, pages or lines have something wrong; *first gets the first of them. */
static size_t count_wrong(const struct cache_model *model, enum cache_where where, size_t n, size_t *first)
{
	size_t count = 0;

	for (size_t i = n; i-- > 0;)
		if (cache_note_severity(&model->notes, where, i) >= 0) {
			*first = i;
			count++;
		}
	return count;
}

/* An entry of 64 KiB was shifted down by 65536, all of it over an extent. */
static void test_excess_belongs_to_the_entry_that_covers_it(void **state)
{
	struct cache_model model;
	struct fsr_fs *fs = open_model(&model, "misplaced", DATA, false);
	struct cache_space space;
	size_t entry = 99;

	(void)state;
	assert_int_equal(count_wrong(&model, CACHE_AT_ENTRY, model.cache->nentries, &entry), 1);
	assert_int_equal(cache_note_excess(&model.notes, entry), 65536);
	assert_true(cache_model_space(&model, entry, &space));
	assert_int_equal(space.bytes, 65536);
	assert_int_equal(space.severity, FSR_SEVERITY_DANGER);
	/* the sum is right, as the image was made to be: only the entry is wrong */
	assert_int_equal(cache_note_severity(&model.notes, CACHE_AT_TOTAL, 0), -1);
	assert_int_equal(cache_note_severity(&model.notes, CACHE_AT_STAMPS, 0), -1);
	close_model(&model, fs);
}

/* The header counts one entry more than the three that are in page 0: Linux stops at zeros behind them. */
static void test_an_entry_of_no_bytes(void **state)
{
	struct cache_model model;
	struct fsr_fs *fs = open_model(&model, "entry-zero", DATA, false);
	size_t page = 99;

	(void)state;
	assert_int_equal(model.cache->nentries, 3);
	assert_int_equal(count_wrong(&model, CACHE_AT_PAGE, model.cache->npages, &page), 1);
	assert_int_equal(page, 0);
	assert_int_equal(cache_note_at(&model.notes, CACHE_AT_PAGE, 0)->code, FSR_FINDING_CACHE_ZERO_ENTRY);
	close_model(&model, fs);
}

/* 300 entries, and a byte of page 1 flipped. */
static void test_a_checksum_stands_at_its_page(void **state)
{
	struct cache_model model;
	struct fsr_fs *fs = open_model(&model, "crc-later-page", DATA, false);
	size_t page = 99;

	(void)state;
	assert_int_equal(count_wrong(&model, CACHE_AT_PAGE, model.cache->npages, &page), 1);
	assert_int_equal(page, 1);
	close_model(&model, fs);
}

static void test_a_stamp_stands_in_its_line_and_page(void **state)
{
	struct cache_model model;
	struct fsr_fs *fs = open_model(&model, "page-generation", DATA, false);
	size_t page = 99;

	(void)state;
	assert_int_equal(cache_note_severity(&model.notes, CACHE_AT_STAMPS, 0), FSR_SEVERITY_ERROR);
	assert_int_equal(cache_note_severity(&model.notes, CACHE_AT_INODE, 0), -1);
	assert_int_equal(count_wrong(&model, CACHE_AT_PAGE, model.cache->npages, &page), 1);
	assert_int_equal(page, 0);
	close_model(&model, fs);
}

static void test_nothing_is_wrong_with_a_clean_cache(void **state)
{
	struct cache_model model;
	struct fsr_fs *fs = open_model(&model, "clean", DATA, false);
	size_t first;

	(void)state;
	assert_true(model.cache->nentries > 0);
	assert_int_equal(count_wrong(&model, CACHE_AT_ENTRY, model.cache->nentries, &first), 0);
	assert_int_equal(count_wrong(&model, CACHE_AT_PAGE, model.cache->npages, &first), 0);
	for (unsigned line = CACHE_AT_HEADER; line <= CACHE_AT_TOTAL; line++)
		assert_int_equal(cache_note_severity(&model.notes, (enum cache_where)line, 0), -1);
	close_model(&model, fs);
}

/*
 * The kernel's own count: 1500 extents in bitmaps, flags 1, 6144000 bytes used. Ranges that go on from one
 * bitmap to the next are one for it.
 */
static void test_the_free_space_tree_of_a_fragmented_group(void **state)
{
	struct cache_model model;
	struct fsr_fs *fs = open_model(&model, "v2-bitmaps", 137756672, true);
	uint64_t end = 0, bytes, all = 0;
	size_t ranges = 0;
	struct cache_run run;

	(void)state;
	assert_true(model.tree.has_info);
	assert_int_equal(model.tree.extent_count, 1500);
	assert_int_equal(model.tree.flags, 1);
	assert_int_equal(model.tree.bytes, 218103808 - 6144000);
	for (size_t i = 0; i < cache_model_count(&model); i++) {
		size_t n = cache_model_runs(&model, i, &bytes);

		all += bytes;
		for (size_t k = 0; k < n; k++) {
			assert_true(cache_model_run(&model, i, k, &run));
			ranges += run.bytenr != end;
			end = run.bytenr + run.length;
		}
		assert_false(cache_model_run(&model, i, n, &run));
	}
	assert_int_equal(ranges, 1500);
	assert_int_equal(all, 218103808 - 6144000);
	close_model(&model, fs);
}

/* Entries are found by the addresses that they speak of. */
static void test_addresses_lead_to_entries(void **state)
{
	struct cache_model model;
	struct fsr_fs *fs = open_model(&model, "v2-bitmaps", 137756672, true);
	struct cache_space space;
	size_t i = cache_model_at(&model, 137756672 + 100 * UINT64_C(1048576));

	(void)state;
	assert_true(cache_model_space(&model, i, &space));
	assert_true(space.offset <= 137756672 + 100 * UINT64_C(1048576));
	assert_true(space.offset + space.span > 137756672 + 100 * UINT64_C(1048576));
	assert_int_equal(cache_model_at(&model, 137756672), 0);
	assert_int_equal(cache_model_at(&model, 137756671), SIZE_MAX);
	assert_int_equal(cache_model_at(&model, 137756672 + UINT64_C(218103808)), SIZE_MAX);
	close_model(&model, fs);
}

/* An extent within the reach of a bitmap says more about its addresses. */
static void test_extents_go_before_bitmaps(void **state)
{
	struct fsr_cache_entry entries[] = {
		{.offset = 0, .bytes = 4096, .type = 2, .bitmap_page = 1, .bitmap_readable = true},
		{.offset = 8192, .bytes = 8192, .type = 1},
	};
	struct fsr_cache cache = {.entries = entries, .nentries = 2};

	(void)state;
	assert_int_equal(cache_entry_at(&cache, 4096, 0), 0);
	assert_int_equal(cache_entry_at(&cache, 4096, 8192), 1);
	assert_int_equal(cache_entry_at(&cache, 4096, 16383), 1);
	assert_int_equal(cache_entry_at(&cache, 4096, 16384), 0);
	/* 4096 bytes of 8 bits for a sector each are 128 MiB */
	assert_int_equal(cache_entry_at(&cache, 4096, 134217727), 0);
	assert_int_equal(cache_entry_at(&cache, 4096, 134217728), SIZE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_excess_belongs_to_the_entry_that_covers_it),
		cmocka_unit_test(test_an_entry_of_no_bytes),
		cmocka_unit_test(test_a_checksum_stands_at_its_page),
		cmocka_unit_test(test_a_stamp_stands_in_its_line_and_page),
		cmocka_unit_test(test_nothing_is_wrong_with_a_clean_cache),
		cmocka_unit_test(test_the_free_space_tree_of_a_fragmented_group),
		cmocka_unit_test(test_addresses_lead_to_entries),
		cmocka_unit_test(test_extents_go_before_bitmaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
