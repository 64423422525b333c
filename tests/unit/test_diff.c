/* SPDX-License-Identifier: MIT */
/* Every difference of a block group, one by one: where it lies and who holds it. */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct heard {
	unsigned count;
	struct fsr_diff_range ranges[8];
};

static int hear(void *arg, const struct fsr_diff_range *range)
{
	struct heard *h = arg;

	if (h->count < 8)
		h->ranges[h->count] = *range;
	h->count++;
	return 0;
}

/* One sector of the first extent and one of the file, cached as free; the file's last ones are not listed. */
static void write_shifted(struct cachefile *f)
{
	cachefile_init(f, 16, 4096, IMAGE_GENERATION);
	cachefile_entry(f, WORLD_FILE - SECTOR, 2 * SECTOR, EXTENT);
	cachefile_entry(f, WORLD_FILE + FILE_BYTES, STRIPE_0 - WORLD_FILE - FILE_BYTES - 2 * SECTOR, EXTENT);
	cachefile_entry(f, STRIPE_0 + STRIPE_BYTES, END - STRIPE_0 - STRIPE_BYTES, EXTENT);
}

static void expect_shifted(const struct heard *h)
{
	assert_int_equal(h->count, 3);
	assert_true(h->ranges[0].excess && h->ranges[1].excess && !h->ranges[2].excess);
	assert_int_equal(h->ranges[0].bytenr, WORLD_FILE - SECTOR);
	assert_int_equal(h->ranges[0].length, SECTOR);
	assert_int_equal(h->ranges[0].holder.bytenr, GROUP);
	assert_int_equal(h->ranges[0].holder.objectid, 257);
	assert_int_equal(h->ranges[1].bytenr, WORLD_FILE);
	assert_int_equal(h->ranges[1].holder.length, FILE_BYTES);
	assert_int_equal(h->ranges[2].bytenr, STRIPE_0 - 2 * SECTOR);
	assert_int_equal(h->ranges[2].length, 2 * SECTOR);
}

static void test_diff(void **state)
{
	struct world *w = world_plain(0);
	struct heard h = {0};
	struct cachefile f;

	(void)state;
	write_shifted(&f);
	world_cache(w, &f);
	page_set_free(&f.set);
	world_judge(w);
	assert_int_equal(fsr_diff(&w->fs, GROUP, hear, &h, NULL), 0);
	expect_shifted(&h);
	world_free(w);
}

static void change_page_0(uint8_t *page, unsigned at, uint64_t value)
{
	put64(page + at, value);
	put32(page, plain_crc32c(page + 64, 4096 - 64));
}

/* Of copies that differ the one that counts is told, and only that: the other one is refused, and wrong as
 * well. */
static void test_diff_of_worst_copy(void **state)
{
	for (unsigned copy = 0; copy < 2; copy++) {
		struct world *w = world_clean(BLOCK_GROUP_RAID1);
		struct heard h = {0};

		(void)state;
		change_page_0(world_bytes(w, WORLD_FILE, copy), 72, WORLD_FILE + FILE_BYTES - SECTOR);
		change_page_0(world_bytes(w, WORLD_FILE, !copy), 72, WORLD_FILE + FILE_BYTES + SECTOR);
		change_page_0(world_bytes(w, WORLD_FILE, !copy), 64, IMAGE_GENERATION - 1);
		world_judge(w);
		assert_int_equal(w->group.verdict, FSR_VERDICT_ACCEPTED);
		assert_int_equal(world_finding(w, FSR_FINDING_CACHE_COPIES_DIFFER), FSR_SEVERITY_DANGER);
		assert_int_equal(fsr_diff(&w->fs, GROUP, hear, &h, NULL), 0);
		assert_int_equal(h.count, 2);
		assert_int_equal(h.ranges[0].bytenr, WORLD_FILE + FILE_BYTES - SECTOR);
		assert_int_equal(h.ranges[1].bytenr, STRIPE_1 - SECTOR);
		world_free(w);
	}
}

static void test_no_diff_where_hidden(void **state)
{
	struct world *w = world_clean(0);
	struct heard h = {0};

	(void)state;
	world_judge(w);
	for (unsigned copy = 0; copy < 2; copy++)
		image_block(w->image, WORLD_EXTENT_TREE, copy)[500] ^= 1;
	assert_int_equal(fsr_diff(&w->fs, GROUP, hear, &h, NULL), 0);
	assert_int_equal(h.count, 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_diff),
		cmocka_unit_test(test_diff_of_worst_copy),
		cmocka_unit_test(test_no_diff_where_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
