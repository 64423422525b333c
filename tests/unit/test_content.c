/* SPDX-License-Identifier: MIT */
/* What Linux does not check about a cache's ranges (docs/format.md A7), one fault at a time. */
#include "../../libfsread/space/judge.h"
#include "cachefile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define SPAN (128 * MIB) /* of a bitmap: 32768 sectors */

/* A lawful extent, and one entry that is looked at. */
static struct content_faults check(struct entry e, const uint8_t *bits)
{
	static uint8_t data[2 * SECTOR];
	struct entry entries[] = {{.offset = GROUP, .bytes = SECTOR, .type = EXTENT}, e};
	struct page_set pages = {.count = 2, .size = SECTOR, .data = data};
	struct content content = {
		.pages = &pages, .entries = entries, .count = 2, .bitmaps = e.type != EXTENT};
	struct content_faults faults = {0};

	if (bits)
		memcpy(data + SECTOR, bits, SECTOR);
	find_content_faults(&content, GROUP, GROUP_LENGTH, SECTOR, &faults);
	return faults;
}

static struct content_faults check_extent(uint64_t offset, uint64_t bytes)
{
	return check((struct entry){.offset = offset, .bytes = bytes, .type = EXTENT}, NULL);
}

/* n bits from bit `from` on; the entry claims `bytes`. */
static struct content_faults check_bitmap(
	uint64_t offset, uint32_t from, uint32_t n, uint64_t bytes, uint8_t type)
{
	uint8_t bits[SECTOR] = {0};

	set_bits(bits, from, n);
	return check((struct entry){.offset = offset, .bytes = bytes, .type = type, .bitmap_page = 1}, bits);
}

static bool none(const struct content_faults *f)
{
	return !(f->outside || f->unaligned || f->overlap || f->popcount || f->grid || f->type || f->wrap ||
		 f->many_bitmaps);
}

static void test_lawful(void **state)
{
	struct content_faults f;

	(void)state;
	f = check_extent(GROUP + MIB, MIB);
	assert_true(none(&f));
	f = check_extent(END - SECTOR, SECTOR);
	assert_true(none(&f));
	f = check_bitmap(GROUP, 0, 32768, SPAN, BITMAP);
	assert_true(none(&f));
	f = check_bitmap(GROUP + SPAN, 0, 53248 - 32768, GROUP_LENGTH - SPAN, BITMAP);
	assert_true(none(&f));
	f = check((struct entry){.offset = GROUP, .bytes = SECTOR, .type = BITMAP}, NULL); /* page not read */
	assert_true(none(&f));
}

static void test_extents_outside(void **state)
{
	static const uint64_t ranges[][2] = {{GROUP - SECTOR, SECTOR}, {END, SECTOR},
		{END - SECTOR, 2 * SECTOR}, {0, SECTOR}, {UINT64_C(1) << 40, SECTOR},
		{GROUP, GROUP_LENGTH + SECTOR}};

	(void)state;
	for (unsigned i = 0; i < sizeof ranges / sizeof *ranges; i++) {
		struct content_faults f = check_extent(ranges[i][0], ranges[i][1]);

		assert_true(f.outside && !f.wrap && !f.unaligned);
		assert_int_equal(f.outside_at, ranges[i][0]);
	}
}

static void test_bits_outside(void **state)
{
	struct content_faults f = check_bitmap(GROUP + SPAN, 20479, 2, 2 * SECTOR, BITMAP);

	(void)state;
	assert_true(f.outside && !f.grid && !f.popcount);
	assert_int_equal(f.outside_at, END - SECTOR);
	f = check_bitmap(GROUP + SPAN, 20480, 1, SECTOR, BITMAP);
	assert_int_equal(f.outside_at, END);
	f = check_bitmap(GROUP - SPAN, 32767, 1, SECTOR, BITMAP);
	assert_true(f.outside && f.wrap);
	f = check_bitmap(END, 0, 0, 0, BITMAP);
	assert_false(f.outside);
}

static void test_unaligned(void **state)
{
	struct content_faults f = check_extent(GROUP + 512, SECTOR);

	(void)state;
	assert_true(f.unaligned && !f.outside);
	assert_int_equal(f.unaligned_at, GROUP + 512);
	f = check_extent(GROUP + SECTOR, 1);
	assert_true(f.unaligned);
	f = check_bitmap(GROUP + 100, 1, 1, SECTOR, BITMAP);
	assert_true(f.unaligned && f.grid);
}

static void test_popcount(void **state)
{
	struct content_faults f = check_bitmap(GROUP, 7, 3, 2 * SECTOR, BITMAP);

	(void)state;
	assert_true(f.popcount);
	assert_int_equal(f.popcount_at, GROUP);
	assert_int_equal(f.popcount_bytes, 3 * SECTOR);
	assert_int_equal(f.popcount_declared, 2 * SECTOR);
}

static void test_grid(void **state)
{
	struct content_faults f = check_bitmap(GROUP + SECTOR, 0, 1, SECTOR, BITMAP);

	(void)state;
	assert_true(f.grid && !f.outside && !f.unaligned);
	assert_int_equal(f.grid_at, GROUP + SECTOR);
}

/* Linux takes any type but 1 for a bitmap. */
static void test_type(void **state)
{
	static const uint8_t types[] = {0, 3, 255};

	(void)state;
	for (unsigned i = 0; i < sizeof types; i++) {
		struct content_faults f = check_bitmap(GROUP, 0, 1, SECTOR, types[i]);

		assert_true(f.type);
		assert_int_equal(f.type_value, types[i]);
	}
}

static void test_wrap(void **state)
{
	struct content_faults f = check_extent(GROUP, UINT64_MAX - 4095);

	(void)state;
	assert_true(f.wrap && f.outside);
	assert_int_equal(f.wrap_at, GROUP);
	f = check_extent(GROUP, -GROUP); /* ends at 2^64, which is 0 */
	assert_true(f.wrap);
	f = check_extent(GROUP, -GROUP - SECTOR);
	assert_false(f.wrap);
	f = check_bitmap(-UINT64_C(8192), 1, 1, SECTOR, BITMAP); /* ends at 2^64 */
	assert_true(f.wrap && f.outside);
	f = check_bitmap(-UINT64_C(8192), 0, 1, SECTOR, BITMAP);
	assert_true(!f.wrap && f.outside);
	f = check_bitmap(
		-UINT64_C(8192), 2 + GROUP / SECTOR, 1, SECTOR, BITMAP); /* the group's first sector */
	assert_true(f.wrap && f.grid && !f.outside);
}

/* 208 MiB need two bitmaps; a group smaller than a bitmap may have one. */
static void test_many_bitmaps(void **state)
{
	static const struct {
		uint64_t length;
		unsigned bitmaps;
		bool many;
	} cases[] = {{GROUP_LENGTH, 2, false}, {GROUP_LENGTH, 3, true}, {SPAN, 1, false}, {SPAN, 2, true},
		{SPAN + SECTOR, 2, false}, {8 * MIB, 1, false}, {8 * MIB, 2, true}};
	struct content_faults f;

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct content content = {.bitmaps = cases[i].bitmaps};

		find_content_faults(&content, GROUP, cases[i].length, SECTOR, &f);
		assert_int_equal(f.many_bitmaps, cases[i].many);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lawful),
		cmocka_unit_test(test_extents_outside),
		cmocka_unit_test(test_bits_outside),
		cmocka_unit_test(test_unaligned),
		cmocka_unit_test(test_popcount),
		cmocka_unit_test(test_grid),
		cmocka_unit_test(test_type),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_many_bitmaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
