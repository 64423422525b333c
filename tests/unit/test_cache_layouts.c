/* SPDX-License-Identifier: MIT */
/* Pages made from the worst layouts and from thousands drawn by chance, read back through libfsread. */
#include "made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* The worst there is: every other sector, in every size of block group. */
static void test_combs(void **state)
{
	static const uint64_t lengths[] = {
		100 * MIB, 208 * MIB, 511 * MIB, 512 * MIB, GIB, 5 * GIB, 16 * GIB - 256 * MIB};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof *(lengths); i++) {
		for (uint32_t sector = 4096; sector <= 65536; sector *= 4) {
			struct made m = made_begin(lengths[i], sector, 0);
			uint64_t windows = (lengths[i] + 128 * MIB - 1) / (128 * MIB);

			made_comb(&m, i & 1, lengths[i] / sector / 2);
			made_check(&m);
			if (sector == 4096)
				assert_in_range(m.bitmaps, 1, windows);
			made_free(&m);
		}
	}
}

/* Sectors of other sizes make larger windows: 2 GiB and 32 GiB. */
static void test_large_sectors(void **state)
{
	struct made m = made_begin(511 * MIB, 16384, 0);

	(void)state;
	made_comb(&m, 0, 15404); /* (16384 - 72) / 17 + 15 * (16384 / 17) */
	made_check_counts(&m, 15404, 0);
	m = made_begin(511 * MIB, 16384, 0);
	made_comb(&m, 0, 15405);
	made_check_counts(&m, 1, 1);
	m = made_begin(5 * GIB, 16384, 5); /* 962 + 4 * 963 */
	made_comb(&m, 0, 100);
	made_add(&m, 131071, 131073);
	made_comb(&m, 131074, 4714);
	made_check_counts(&m, 102, 1);
	m = made_begin(2 * GIB, 65536, 2); /* 3854 + 3855 */
	made_comb(&m, 1, 7710);
	made_check_counts(&m, 1, 1);
}

/* Stretches of different kinds one behind the other, of up to two windows each. */
static void draw_layout(struct made *m, uint64_t *seed)
{
	static const unsigned most_length[] = {1, 2, 8, 100, 3000, 70000};
	uint64_t sectors = m->shape.length / m->set.size, window = 8 * (uint64_t)m->set.size;
	uint64_t at = draw_below(seed, 3) ? draw_below(seed, 100) : 0, kinds = 1 + draw_below(seed, 6);

	while (at < sectors) {
		uint64_t stop = at + 1 + draw_below(seed, 2 * window);
		uint64_t length = most_length[draw_below(seed, kinds)],
			 gap = most_length[draw_below(seed, kinds)];

		for (; at < stop && at < sectors; at += 1 + draw_below(seed, gap)) {
			uint64_t end = at + 1 + draw_below(seed, length);

			end = end > sectors ? sectors : end;
			made_add(m, at, end);
			at = end;
		}
	}
}

static int descending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x > y ? -1 : x < y;
}

/* Whether so many entries and bitmaps fit, one entry after the other. */
static bool would_fit(const struct made *m, uint64_t entries, uint64_t bitmaps)
{
	uint64_t pages = 1, byte = 4 * (uint64_t)m->set.count + 8;

	for (; entries; entries--, byte += 17)
		if (byte + 17 > m->set.size) {
			pages++;
			byte = 0;
		}
	return pages + bitmaps <= m->set.count;
}

/* With a bitmap less, of the fullest windows, it would not fit. */
static void check_fewest(const struct made *m)
{
	uint64_t span = 8 * (uint64_t)m->set.size * m->set.size, inside[256] = {0}, entries = m->n;

	for (size_t i = 0; i < m->n; i++) {
		uint64_t first = (m->ranges[i].start - START) / span;

		if ((m->ranges[i].end - 1 - START) / span == first)
			inside[first]++;
	}
	qsort(inside, 256, sizeof *inside, descending);
	for (uint64_t i = 0; i < m->bitmaps; i++) {
		assert_false(would_fit(m, entries, i));
		entries -= inside[i] - 1;
	}
	assert_int_equal(entries, m->entries);
}

static void draw_and_check(uint64_t length, uint32_t sector, uint64_t *seed, unsigned *with_bitmaps)
{
	struct made m = made_begin(length, sector, 0);

	draw_layout(&m, seed);
	made_check(&m);
	check_fewest(&m);
	*with_bitmaps += m.bitmaps > 0;
	made_free(&m);
}

static void test_drawn(void **state)
{
	uint64_t seed = 3;
	unsigned with_bitmaps = 0;

	(void)state;
	for (unsigned i = 0; i < 1500; i++) {
		uint32_t sector = 4096u << 2 * draw_below(&seed, 3);
		uint64_t length = 100 * MIB + draw_below(&seed, 924 * MIB) / sector * sector;

		draw_and_check(length / sector * sector, sector, &seed, &with_bitmaps);
	}
	for (unsigned i = 0; i < 500; i++)
		draw_and_check(100 * MIB + draw_below(&seed, 105000) * 4096, 4096, &seed, &with_bitmaps);
	for (unsigned i = 0; i < 20; i++)
		draw_and_check((4 + draw_below(&seed, 60)) * 256 * MIB, 4096, &seed, &with_bitmaps);
	assert_in_range(with_bitmaps, 500, 1900);
}

/* Where pages are scarce, bitmaps are many, and not everything fits. */
static void test_drawn_scarce(void **state)
{
	uint64_t seed = 4;
	unsigned fit = 0, bitmaps = 0;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		uint32_t sector = 4096u << 2 * draw_below(&seed, 3);
		struct made m = made_begin(512 * MIB, sector, 1 + (uint32_t)draw_below(&seed, 12));

		draw_layout(&m, &seed);
		if (made_fill(&m) == 0) {
			made_check(&m);
			check_fewest(&m);
			fit++;
			bitmaps += m.bitmaps > 0;
		} else {
			assert_int_equal(m.err.code, FSR_E_NO_SPACE);
		}
		made_free(&m);
	}
	assert_in_range(fit, 500, 990);
	assert_in_range(bitmaps, 100, 900);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_combs),
		cmocka_unit_test(test_large_sectors),
		cmocka_unit_test(test_drawn),
		cmocka_unit_test(test_drawn_scarce),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
