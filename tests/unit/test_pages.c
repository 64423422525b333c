/* SPDX-License-Identifier: MIT */
/* The cache file's bytes as Linux's page reads give them: how many pages, and what is behind them. */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#define PAGE 4096u

/* Rounded up in 64 bits, kept in a signed 32-bit number; the measured ones are Linux 6.1.192's. */
static void test_page_count(void **state)
{
	static const struct {
		uint64_t size;
		int64_t pages;
	} cases[] = {
		{0, 0},
		{1, 1},
		{4096, 1},
		{4097, 2},
		{65536, 16},
		{1016 * 4096 + 1, 1017},
		{(UINT64_C(1) << 44) + 65536, 16}, /* accepted with a 16-page layout */
		{(UINT64_C(1) << 62) + 65536, 16}, /* the same */
		{UINT64_C(1) << 44, 0},            /* refused */
		{UINT64_C(1) << 43, INT32_MIN},    /* refused */
		{(UINT64_C(1) << 43) - 4096, INT32_MAX},
		{UINT64_MAX, 0},
		{UINT64_MAX - 4095, -1},
		{UINT64_MAX - 4094, 0},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_true(page_count(cases[i].size, 4096) == cases[i].pages);
	assert_true(page_count(UINT64_C(1) << 30, 65536) == 16384);
}

static struct world *make(struct cache_inode *inode, struct cache_file_extent *extents, size_t n)
{
	struct world *w = world_new();

	for (unsigned i = 0; i < 16 * PAGE; i++)
		*world_bytes(w, WORLD_FILE + i, 0) = (uint8_t)(1 + i / PAGE);
	world_open(w);
	inode->ino = WORLD_FILE_INO;
	inode->mode = S_IFREG;
	for (size_t i = 0; i < n; i++)
		extents[i].ino = WORLD_FILE_INO;
	w->fs.nextents = n;
	w->fs.extents = calloc(n + 1, sizeof *extents);
	memcpy(w->fs.extents, extents, n * sizeof *extents);
	return w;
}

static struct cache_file_extent regular(uint64_t file_offset, uint64_t bytenr, uint64_t length)
{
	struct cache_file_extent e = {0};

	e.item = (struct fsr_cache_extent){.file_offset = file_offset,
		.disk_bytenr = bytenr,
		.disk_num_bytes = length,
		.num_bytes = length,
		.type = FILE_EXTENT_REG};
	return e;
}

static void read_set(struct world *w, const struct cache_inode *inode, struct page_set *set)
{
	assert_int_equal(page_set_read(&w->fs, inode, 0, set, NULL), 0);
}

/* First and last byte of a page. */
static void expect_page(const struct page_set *set, unsigned page, uint8_t first, uint8_t last)
{
	assert_true(page < set->count && !set->bad[page]);
	assert_int_equal(set->data[page * PAGE], first);
	assert_int_equal(set->data[page * PAGE + PAGE - 1], last);
}

static void test_reads(void **state)
{
	struct cache_inode inode = {.size = 4 * PAGE + 100};
	struct cache_file_extent extents[3] = {regular(0, WORLD_FILE, PAGE),
		regular(2 * PAGE, WORLD_FILE + PAGE, PAGE), regular(3 * PAGE, WORLD_FILE, 8 * PAGE)};
	struct page_set set = {0};
	struct world *w;

	(void)state;
	extents[2].item.offset = 5 * PAGE;
	w = make(&inode, extents, 3);
	read_set(w, &inode, &set);
	assert_int_equal(set.count, 5);
	assert_int_equal(set.bad_count, 0);
	expect_page(&set, 0, 1, 1);
	expect_page(&set, 1, 0, 0); /* a hole */
	expect_page(&set, 2, 2, 2);
	expect_page(&set, 3, 6, 6);
	expect_page(&set, 4, 7, 0); /* zeros behind the file's size */
	assert_true(set.data[4 * PAGE + 99] == 7 && set.data[4 * PAGE + 100] == 0);
	page_set_free(&set);
	world_free(w);
}

static void test_zeros(void **state)
{
	struct cache_inode inode = {.size = 2 * PAGE};
	struct cache_file_extent extents[2] = {regular(0, WORLD_FILE, PAGE), regular(PAGE, 0, PAGE)};
	struct page_set set = {0};
	struct world *w;

	(void)state;
	extents[0].item.type = FILE_EXTENT_PREALLOC;
	w = make(&inode, extents, 2);
	read_set(w, &inode, &set);
	expect_page(&set, 0, 0, 0);
	expect_page(&set, 1, 0, 0);
	page_set_free(&set);
	world_free(w);
}

/* A set that was larger before must not show old bytes. */
static void test_used_again(void **state)
{
	struct cache_inode inode = {.size = 16 * PAGE}, small = {.size = 2 * PAGE};
	struct cache_file_extent extents[2] = {
		regular(0, WORLD_FILE, PAGE), regular(PAGE, UINT64_C(1) << 40, PAGE)};
	struct page_set set = {0};
	struct world *w = make(&inode, extents, 2);

	(void)state;
	read_set(w, &inode, &set);
	assert_true(set.bad[1] && set.bad_count == 1);
	expect_page(&set, 2, 0, 0);
	w->fs.nextents = 0;
	small.ino = WORLD_FILE_INO;
	small.mode = S_IFREG;
	read_set(w, &small, &set);
	assert_true(set.count == 2 && !set.bad_count && !set.missing);
	expect_page(&set, 0, 0, 0);
	page_set_free(&set);
	world_free(w);
}

/* Each spoils page 0 and nothing else. */
static void test_unreadable(void **state)
{
	struct cache_file_extent cases[4];

	(void)state;
	cases[0] = regular(0, UINT64_C(1) << 40, PAGE); /* no chunk */
	cases[1] = regular(0, WORLD_FILE, PAGE);
	cases[1].item.compression = 1;
	cases[2] = regular(0, UINT64_MAX - 4095, PAGE);
	cases[2].item.offset = 8192;                              /* wraps around */
	cases[3] = regular(0, GROUP + GROUP_LENGTH - PAGE, PAGE); /* beyond the image */
	for (unsigned i = 0; i < 4; i++) {
		struct cache_inode inode = {.size = 2 * PAGE};
		struct cache_file_extent extents[2] = {cases[i], regular(PAGE, WORLD_FILE, PAGE)};
		struct page_set set = {0};
		struct world *w = make(&inode, extents, 2);

		read_set(w, &inode, &set);
		assert_true(set.bad[0] && set.bad_count == 1 && !set.missing);
		assert_true(set.first_error.text[0] != 0);
		expect_page(&set, 1, 1, 1);
		page_set_free(&set);
		world_free(w);
	}
}

static void test_symlink(void **state)
{
	struct cache_inode inode = {.size = PAGE};
	struct cache_file_extent extent = regular(0, WORLD_FILE, PAGE);
	struct page_set set = {0};
	struct world *w = make(&inode, &extent, 1);

	(void)state;
	inode.mode = S_IFLNK;
	read_set(w, &inode, &set);
	assert_int_equal(set.bad_count, 1);
	page_set_free(&set);
	world_free(w);
}

/* Only the pages of the missing part are lost, and the reason is remembered. */
static void test_missing_device(void **state)
{
	struct cache_inode inode = {.size = 2 * PAGE};
	struct cache_file_extent extent = regular(0, WORLD_FILE, 2 * PAGE);
	struct page_set set = {0};
	struct world *w = make(&inode, &extent, 1);

	(void)state;
	w->fs.volume->chunks[1].stripes[0].devid = 2;
	read_set(w, &inode, &set);
	assert_true(set.missing && set.bad_count == 2);
	assert_int_equal(set.first_error.code, FSR_E_MISSING);
	page_set_free(&set);
	world_free(w);
}

static void test_addresses(void **state)
{
	struct cache_inode inode = {.size = 2 * PAGE};
	struct cache_file_extent extents[2] = {
		regular(0, WORLD_FILE, PAGE), regular(2 * PAGE, WORLD_FILE, PAGE)};
	struct world *w;
	uint64_t bytenr;

	(void)state;
	extents[1].item.offset = 3 * PAGE;
	w = make(&inode, extents, 2);
	assert_true(page_bytenr(&w->fs, WORLD_FILE_INO, 1, &bytenr) && bytenr == WORLD_FILE + 1);
	assert_false(page_bytenr(&w->fs, WORLD_FILE_INO, PAGE, &bytenr));
	assert_true(
		page_bytenr(&w->fs, WORLD_FILE_INO, 2 * PAGE, &bytenr) && bytenr == WORLD_FILE + 3 * PAGE);
	assert_false(page_bytenr(&w->fs, WORLD_FILE_INO, UINT64_MAX, &bytenr));
	assert_false(page_bytenr(&w->fs, WORLD_FILE_INO + 1, 0, &bytenr));
	assert_int_equal(page_copies(&w->fs, WORLD_FILE_INO), 1);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page_count),
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_zeros),
		cmocka_unit_test(test_used_again),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_symlink),
		cmocka_unit_test(test_missing_device),
		cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
