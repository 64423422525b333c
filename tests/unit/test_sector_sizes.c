/* SPDX-License-Identifier: MIT */
/* Caches of 16K and 64K sectors, and block groups up to where a cache no longer fits: numbers of
 * docs/format.md A9, A14. */
#include "../../libfswrite/cache/pages.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define GENERATION 9u
#define BASE (64 * GIB) /* on every grid of windows */

/* Entries on page 0, (size - 8 - 4 * 16) / 17, and on others; what a bitmap covers, 8 * size sectors. */
static const struct {
	uint32_t size;
	unsigned on_page_0, on_others;
	uint64_t window;
} sizes[] = {{4096, 236, 240, 128 * MIB}, {16384, 959, 963, 2 * GIB}, {65536, 3850, 3855, 32 * GIB}};

struct read_back {
	struct cachefile file;
	struct content content;
	struct walk_result result;
	struct range_stream stream;
};

static void walk(struct read_back *r)
{
	assert_int_equal(
		walk_pages(&r->file.set, GENERATION, r->file.entries, false, &r->content, &r->result, NULL),
		0);
}

static void expect_range(struct read_back *r, uint64_t start, uint64_t end)
{
	uint64_t from, to;

	assert_true(range_stream_next(&r->stream, &from, &to));
	assert_int_equal(from, start);
	assert_int_equal(to, end);
}

static void end(struct read_back *r)
{
	range_stream_free(&r->stream);
	content_free(&r->content);
	page_set_free(&r->file.set);
}

/* Two full pages, one entry more, a bitmap's entry and the bitmap: where each stands. */
static void test_full_pages(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		unsigned n = sizes[i].on_page_0 + sizes[i].on_others + 1;
		struct read_back r = {0};

		cachefile_init(&r.file, 16, sizes[i].size, GENERATION);
		for (unsigned k = 0; k < n; k++)
			cachefile_entry(
				&r.file, BASE + (uint64_t)k * 2 * sizes[i].size, sizes[i].size, EXTENT);
		cachefile_entry(&r.file, BASE, sizes[i].size, BITMAP);
		set_bits(cachefile_bitmap(&r.file), 1, 1);
		cachefile_seal(&r.file);
		walk(&r);
		assert_int_equal(r.result.step, 0);
		assert_int_equal(r.content.count, n + 1);
		assert_int_equal(r.content.entries[sizes[i].on_page_0 - 1].page, 0);
		assert_int_equal(r.content.entries[sizes[i].on_page_0].page, 1);
		assert_int_equal(r.content.entries[n - 1].page, 2);
		assert_int_equal(r.content.entries[n].bitmap_page, 3);
		r.file.set.data[4 * (size_t)sizes[i].size - 1] ^= 1; /* the last byte of the bitmap's page */
		walk(&r);
		assert_int_equal(r.result.step, 19);
		assert_int_equal(r.result.reason, FSR_FINDING_CACHE_CRC);
		end(&r);
	}
}

/* As a machine writes it whose words of so many bytes stand the other way round. */
static void write_bit(uint8_t *bitmap, uint32_t bit, unsigned word)
{
	uint32_t byte = bit / 8;

	bitmap[word ? byte / word * word + word - 1 - byte % word : byte] |= (uint8_t)(1u << bit % 8);
}

/* First and last bit, two beside a word's end, and the first of the window behind. */
static void test_bitmap_windows(void **state)
{
	static const unsigned words[] = {0, 8, 4}; /* little-endian, be64, be32 */

	(void)state;
	for (unsigned i = 0; i < 9; i++) {
		uint32_t size = sizes[i / 3].size, last = 8 * size - 1;
		unsigned word = words[i % 3];
		uint64_t window = sizes[i / 3].window;
		struct read_back r = {0};
		uint8_t *bitmap;

		cachefile_init(&r.file, 16, size, GENERATION);
		cachefile_entry(&r.file, BASE, 4 * (uint64_t)size, BITMAP);
		cachefile_entry(&r.file, BASE + window, size, BITMAP);
		bitmap = cachefile_bitmap(&r.file);
		write_bit(bitmap, 0, word);
		write_bit(bitmap, 63, word);
		write_bit(bitmap, 64, word);
		write_bit(bitmap, last, word);
		write_bit(cachefile_bitmap(&r.file), 0, word);
		cachefile_seal(&r.file);
		walk(&r);
		assert_int_equal(r.result.step, 0);
		r.content.swap = word;
		range_stream_init(&r.stream, &r.content, size);
		expect_range(&r, BASE, BASE + size);
		expect_range(&r, BASE + UINT64_C(63) * size, BASE + UINT64_C(65) * size);
		expect_range(&r, BASE + window - size, BASE + window + size);
		assert_int_equal(r.stream.total, 5 * (uint64_t)size);
		end(&r);
	}
}

/* 15.75 GiB: 63 * 16 crc slots and the generation leave 4096 - 4040 = 56 bytes of page 0, three entries. */
static void test_largest_group(void **state)
{
	struct read_back r = {0};

	(void)state;
	cachefile_init(&r.file, 1008, 4096, GENERATION);
	for (unsigned k = 0; k < 4; k++)
		cachefile_entry(&r.file, BASE + k * 4 * GIB, 4096, EXTENT);
	cachefile_seal(&r.file);
	walk(&r);
	assert_int_equal(r.result.step, 0);
	assert_int_equal(r.content.entries[0].byte, 4040);
	assert_true(r.content.entries[2].page == 0 && r.content.entries[2].byte == 4074);
	assert_true(r.content.entries[3].page == 1 && r.content.entries[3].byte == 0);
	end(&r);
}

/* crc slots (16 for each whole 256 MiB) and 8 bytes must fit page 0: at most (sector - 8) / 4 slots. */
static void test_eligible(void **state)
{
	static const struct {
		uint32_t sector;
		uint64_t length;
		bool eligible;
	} cases[] = {
		{4096, 100 * MIB - 4096, false}, {4096, 100 * MIB, true},
		{4096, 15 * GIB + 768 * MIB, true},                          /* 1008 of 1022 */
		{4096, 16 * GIB - 4096, true}, {4096, 16 * GIB, false},      /* 1024 */
		{4096, 100 * GIB, false}, {16384, 16 * GIB, true},           /* 1024 of 4094 */
		{16384, 64 * GIB - 16384, true}, {16384, 64 * GIB, false},   /* 4096 */
		{65536, 64 * GIB, true},                                     /* 4096 of 16382 */
		{65536, 256 * GIB - 65536, true}, {65536, 256 * GIB, false}, /* 16384 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct volume volume = {.fs = {.sectorsize = cases[i].sector}};
		const struct fsr_fs fs = {.volume = &volume};

		assert_int_equal(group_eligible(&fs, cases[i].length), cases[i].eligible);
		assert_int_equal(cache_file_bytes(cases[i].length, cases[i].sector) > 0, cases[i].eligible);
	}
}

/* Linux makes no cache for 16 GiB of 4K sectors, so that none is no lack; one that is there it never renews.
 */
static void test_too_large_a_group(void **state)
{
	static const struct {
		uint64_t length;
		enum fsr_state state;
		int finding;
	} cases[] = {
		{15 * GIB + 768 * MIB, FSR_STATE_CLEAR, -1},
		{16 * GIB, FSR_STATE_NONE, FSR_SEVERITY_ERROR},
		{20 * GIB, FSR_STATE_NONE, FSR_SEVERITY_ERROR},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world *without = world_plain(0), *with = world_clean(0);

		world_judge(without);
		without->fs.groups[1].length = cases[i].length;
		world_judge(without);
		assert_int_equal(without->group.state, cases[i].state);
		assert_int_equal(
			without->group.reason == FSR_FINDING_CACHE_ABSENT, cases[i].state == FSR_STATE_CLEAR);
		world_judge(with);
		with->fs.groups[1].length = cases[i].length;
		world_judge(with);
		assert_int_equal(world_finding(with, FSR_FINDING_CACHE_SMALL_GROUP), cases[i].finding);
		world_free(without);
		world_free(with);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full_pages),
		cmocka_unit_test(test_bitmap_windows),
		cmocka_unit_test(test_largest_group),
		cmocka_unit_test(test_eligible),
		cmocka_unit_test(test_too_large_a_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
