/* SPDX-License-Identifier: MIT */
/* Pages made from ranges: bytes and counts by pencil. */
#include "made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_file_bytes(void **state)
{
	static const struct {
		uint64_t length;
		uint32_t sectorsize;
		uint64_t bytes;
	} rows[] = {
		{100 * MIB - 4096, 4096, 0},
		{100 * MIB, 4096, 64 * KIB},
		{511 * MIB, 4096, 64 * KIB},
		{512 * MIB, 4096, 128 * KIB},
		{768 * MIB, 4096, 192 * KIB},
		{GIB, 4096, 256 * KIB},
		{5 * GIB, 4096, 1280 * KIB},
		{10 * GIB, 4096, 2560 * KIB},
		{16 * GIB - 4096, 4096, 4032 * KIB},
		{16 * GIB, 4096, 0},
		{UINT64_MAX - 4095, 4096, 0},
		{100 * MIB, 16384, 256 * KIB},
		{64 * GIB - 16384, 16384, 4080 * 16 * KIB},
		{64 * GIB, 16384, 0},
		{GIB, 65536, 4 * MIB},
		{256 * GIB - 65536, 65536, 16368 * 64 * KIB},
		{256 * GIB, 65536, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++)
		assert_int_equal(cache_file_bytes(rows[i].length, rows[i].sectorsize), rows[i].bytes);
}

/* 5 GiB and 1 MiB are 0x140000000 and 0x100000. */
static void test_extents_by_pencil(void **state)
{
	static const uint8_t expected[] = {
		9, 0, 0, 0, 0, 0, 0, 0,                                                 /* the generation */
		0x00, 0x10, 0x00, 0x40, 1, 0, 0, 0, 0x00, 0x20, 0, 0, 0, 0, 0, 0, 1,    /* sectors 1 and 2 */
		0x00, 0x00, 0x10, 0x40, 1, 0, 0, 0, 0x00, 0x00, 0x30, 6, 0, 0, 0, 0, 1, /* 1 to 100 MiB */
	};
	struct made m = made_begin(100 * MIB, 4096, 0);
	const uint8_t *p = m.set.data;

	(void)state;
	made_add(&m, 1, 3);
	made_add(&m, 256, 25600);
	assert_int_equal(made_fill(&m), 0);
	assert_true(m.entries == 2 && m.bitmaps == 0 && m.set.count == 16);
	assert_memory_equal(p + 64, expected, sizeof expected);
	for (size_t i = 64 + sizeof expected; i < 65536; i++)
		assert_int_equal(p[i], 0);
	assert_int_equal(get32(p), plain_crc32c(p + 64, 4096 - 64));
	for (unsigned i = 1; i < 16; i++)
		assert_int_equal(get32(p + 4 * i), 0x98f94189);
	made_check_counts(&m, 2, 0);
}

/* 480 entries fit on two pages (240 each), 481 don't: sectors 1, 3, ... 961. */
static void test_bitmap_by_pencil(void **state)
{
	static const uint8_t expected[] = {
		9, 0, 0, 0, 0, 0, 0, 0,                                                 /* the generation */
		0x00, 0x00, 0x00, 0x40, 1, 0, 0, 0, 0x00, 0x10, 0x1e, 0, 0, 0, 0, 0, 2, /* 481 sectors */
	};
	struct made m = made_begin(100 * MIB, 4096, 2);
	const uint8_t *p = m.set.data;

	(void)state;
	made_comb(&m, 1, 481);
	assert_int_equal(made_fill(&m), 0);
	assert_memory_equal(p + 8, expected, sizeof expected);
	for (unsigned i = 8 + sizeof expected; i < 4096; i++)
		assert_int_equal(p[i], 0);
	for (unsigned i = 0; i < 4096; i++)
		assert_int_equal(p[4096 + i], i < 120 ? 0xaa : i == 120 ? 0x02 : 0);
	assert_int_equal(get32(p), plain_crc32c(p + 8, 4096 - 8));
	assert_int_equal(get32(p + 4), plain_crc32c(p + 4096, 4096));
	made_check_counts(&m, 1, 1);
}

/* The most entries of the table in docs/format.md A9, and one more, which make one bitmap. */
static void test_capacity(void **state)
{
	static const struct {
		uint64_t length, most;
	} rows[] = {
		{100 * MIB, 3836},
		{511 * MIB, 3836},
		{512 * MIB, 7672},
		{768 * MIB, 11509},
		{GIB, 15345},
		{5 * GIB, 76725},
		{10 * GIB, 153449},
		{16 * GIB - 256 * MIB, 241683},
	};
	const uint64_t window = 128 * MIB / 4096, teeth = window / 2;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++) {
		for (unsigned more = 0; more < 2; more++) {
			struct made m = made_begin(rows[i].length, 4096, 0);
			uint64_t n = rows[i].most + more, first = n < teeth ? n : teeth;

			made_comb(&m, 0, n);
			made_check_counts(&m, more ? n - first + 1 : n, more);
		}
	}
}

/* The ranges over both edges of the middle window stay whole, on either side of its bitmap. */
static void test_edges(void **state)
{
	struct made m = made_begin(384 * MIB, 4096, 0);
	const uint8_t *bits;

	(void)state;
	made_add(&m, 32000, 32768 + 8);
	made_comb(&m, 32768 + 9, 4000);
	made_add(&m, 65535, 65537);
	made_check(&m);
	assert_true(m.entries == 3 && m.bitmaps == 1 && m.content.entries[1].type == BITMAP);
	assert_int_equal(m.content.entries[0].bytes, 776 * 4096);
	assert_int_equal(m.content.entries[1].offset, START + 128 * MIB);
	assert_int_equal(m.content.entries[1].bytes, 4000 * 4096);
	bits = made_page(&m, 1);
	assert_true(bits[0] == 0 && bits[1] == 0xaa && bits[4095] == 0);
	made_free(&m);
}

/* A range that ends with its window, or starts with it, is inside. */
static void test_whole_window(void **state)
{
	struct made m = made_begin(384 * MIB, 4096, 0);

	(void)state;
	made_comb(&m, 32768, 4000);
	made_add(&m, 65000, 65536);
	made_check_counts(&m, 1, 1);
	m = made_begin(384 * MIB, 4096, 0);
	made_add(&m, 0, 32768); /* free as a whole: no bitmap of its own */
	made_comb(&m, 32769, 3900);
	made_check_counts(&m, 2, 1);
}

/* The fullest window is the one that becomes a bitmap, when one is enough. */
static void test_fullest(void **state)
{
	struct made m = made_begin(511 * MIB, 4096, 0);

	(void)state;
	made_comb(&m, 0, 1000);
	made_comb(&m, 32768, 2000);
	made_comb(&m, 65536, 1000);
	made_check(&m);
	assert_true(m.entries == 2001 && m.bitmaps == 1 && m.content.entries[1000].type == BITMAP);
	made_free(&m);
}

/* Nothing behind the block group's end: its last window is cut. */
static void test_cut_window(void **state)
{
	struct made m = made_begin(208 * MIB, 4096, 0);
	const uint8_t *bits;

	(void)state;
	made_add(&m, 0, 16);
	made_comb(&m, 32769, 10240);
	made_check(&m);
	assert_true(m.entries == 2 && m.bitmaps == 1);
	bits = made_page(&m, 1);
	for (unsigned i = 0; i < 4096; i++)
		assert_int_equal(bits[i], i < 2560 ? 0xaa : 0);
	made_free(&m);
}

/* Nothing and everything. */
static void test_plain(void **state)
{
	struct made m = made_begin(GIB, 4096, 0);

	(void)state;
	made_check_counts(&m, 0, 0);
	m = made_begin(GIB, 4096, 0);
	made_add(&m, 0, GIB / 4096);
	made_check_counts(&m, 1, 0);
}

static void no_space(struct made *m)
{
	assert_int_equal(made_fill(m), FSR_E_NO_SPACE);
	assert_int_equal(m->err.code, FSR_E_NO_SPACE);
	assert_non_null(strstr(m->err.text, "block group 5368709120 does not fit"));
	made_free(m);
}

static void test_no_space(void **state)
{
	struct made m = made_begin(100 * MIB, 4096, 1);

	(void)state;
	made_comb(&m, 0, 240);
	made_check_counts(&m, 240, 0);
	m = made_begin(100 * MIB, 4096, 1); /* a bitmap would need a page */
	made_comb(&m, 0, 241);
	no_space(&m);
	m = made_begin(256 * MIB, 4096, 2); /* two would need two */
	made_comb(&m, 0, 400);
	made_comb(&m, 32768, 400);
	no_space(&m);
	m = made_begin(GIB, 4096, 1018); /* 16 bytes are left on page 0 */
	made_add(&m, 0, 1);
	no_space(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file_bytes),
		cmocka_unit_test(test_extents_by_pencil),
		cmocka_unit_test(test_bitmap_by_pencil),
		cmocka_unit_test(test_capacity),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_whole_window),
		cmocka_unit_test(test_fullest),
		cmocka_unit_test(test_cut_window),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_no_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
