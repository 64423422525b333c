/* SPDX-License-Identifier: MIT */
/* The caches of Linux 2.6.37 to 3.1, written here by the rules of docs/format.md A13. */
#include "../../libfsread/space/judge.h"
#include "cachefile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define PAGE 4096u
#define PAGES 16u
#define GENERATION UINT64_C(5)
#define FLAGS_A 0x19
#define FLAGS_B 0x18

struct writer {
	struct cachefile file;
	char format;
	bool big_endian; /* writes the generation as it has it in memory */
	bool empty_page; /* 2011: one more page of entries behind one that is full */
	struct content content;
};

static void start(struct writer *w, char format, uint32_t size)
{
	memset(w, 0, sizeof *w);
	w->format = format;
	cachefile_init(&w->file, PAGES, size, GENERATION);
	put64(w->file.set.data + 4 * PAGES, 0);
	if (format == 'B')
		w->file.byte = 16;
}

/* An entry that would end exactly with its page goes to the next one. */
static void add(struct writer *w, uint64_t offset, uint64_t bytes, uint8_t type)
{
	if (w->file.byte + 17 == w->file.set.size)
		w->file.byte++;
	cachefile_entry(&w->file, offset, bytes, type);
}

static uint8_t *add_bitmap(struct writer *w)
{
	if (w->empty_page && w->file.byte + 17 >= w->file.set.size) {
		w->file.page++;
		w->file.byte = 0;
	}
	return cachefile_bitmap(&w->file);
}

static void finish(struct writer *w)
{
	uint8_t *data = w->file.set.data;
	uint32_t size = w->file.set.size, head = w->format == 'A' ? 4 * PAGES : 8;

	put64(data + head, w->big_endian ? __builtin_bswap64(GENERATION) : GENERATION);
	if (w->format == 'B') {
		put32(data, plain_crc32c(data + 8, size - 8) + 1);
		return;
	}
	for (unsigned i = 1; i <= w->file.page; i++)
		cachefile_crc(&w->file, i);
	put32(data, plain_crc32c(data + head + 8, size - head - 8));
}

static char read_as(struct writer *w, uint64_t flags, uint64_t generation)
{
	const struct cache_header header = {.generation = generation, .entries = w->file.entries};
	char format = 'x';

	assert_int_equal(read_old_format(&w->file.set, &header, flags, &w->content, &format, NULL), 0);
	return format;
}

static char read_back(struct writer *w)
{
	return read_as(w, w->format == 'A' ? FLAGS_A : FLAGS_B, GENERATION);
}

static void end(struct writer *w)
{
	content_free(&w->content);
	page_set_free(&w->file.set);
}

static void write_some(struct writer *w, char format, unsigned extents)
{
	start(w, format, PAGE);
	for (unsigned i = 0; i < extents; i++)
		add(w, GROUP + (uint64_t)(extents - i) * 8192, 4096,
			EXTENT); /* not sorted: pinned ranges stand last */
	add(w, GROUP, 8192, BITMAP);
	set_bits(add_bitmap(w), 100, 2);
}

static void check_content(const struct writer *w, unsigned extents, unsigned bitmap_page)
{
	const struct content *c = &w->content;

	assert_int_equal(c->count, extents + 1);
	assert_int_equal(c->bitmaps, 1);
	assert_int_equal(c->sum, extents * 4096 + 8192);
	assert_int_equal(c->entries[extents].bitmap_page, bitmap_page);
	assert_int_equal(c->order[0], extents); /* the bitmap has the lowest address */
	for (unsigned i = 0; i < extents; i++) {
		assert_int_equal(c->entries[i].offset, GROUP + (uint64_t)(extents - i) * 8192);
		assert_int_equal(c->order[extents - i], i);
	}
}

static void test_both(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct writer w;

		write_some(&w, i & 1 ? 'A' : 'B', 20);
		w.big_endian = i & 2;
		finish(&w);
		assert_int_equal(read_back(&w), w.format);
		check_content(&w, 20, 1);
		end(&w);
	}
}

/*
 * Page 0 takes (4096 - 72) / 17 = 236 entries in A, and in B (4096 - 16) / 17 = 240 but the last, which would
 * end with the page. The others take 240: 240 * 17 = 4080 is no exact fit.
 */
static void test_several_pages(void **state)
{
	struct writer w;

	(void)state;
	write_some(&w, 'A', 236 + 240);
	finish(&w);
	assert_int_equal(read_back(&w), 'A');
	assert_true(w.content.entries[235].page == 0 && w.content.entries[236].page == 1);
	check_content(&w, 476, 3);
	end(&w);
	write_some(&w, 'B', 239 + 240);
	finish(&w);
	assert_int_equal(read_back(&w), 'B');
	assert_true(w.content.entries[238].page == 0 && w.content.entries[239].page == 1);
	assert_int_equal(w.content.entries[239].byte, 0);
	check_content(&w, 479, 3);
	end(&w);
}

/* A full page of entries may be followed by an empty one, or not: depends on the year. */
static void test_full_page_before_bitmaps(void **state)
{
	static const char formats[] = "AABB";

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		unsigned extents = formats[i] == 'A' ? 235 : 238; /* and the bitmap's own entry */
		struct writer w;

		start(&w, formats[i], PAGE);
		w.empty_page = i & 1;
		for (unsigned k = 0; k < extents; k++)
			add(&w, GROUP + (uint64_t)(extents - k) * 8192, 4096, EXTENT);
		add(&w, GROUP, 8192, BITMAP);
		assert_int_equal(w.file.page, 0);
		set_bits(add_bitmap(&w), 100, 2);
		finish(&w);
		assert_int_equal(read_back(&w), formats[i]);
		check_content(&w, extents, i & 1 ? 2 : 1);
		end(&w);
	}
}

static void test_large_pages(void **state)
{
	struct writer w;

	(void)state;
	start(&w, 'B', 16384);
	add(&w, GROUP, 16384, EXTENT);
	w.file.set.data[16000] = 1; /* the crc covers the whole page */
	finish(&w);
	assert_int_equal(read_back(&w), 'B');
	w.file.set.data[16000] = 2;
	assert_int_equal(read_back(&w), '?');
	end(&w);
}

/* Every changed byte that a crc covers, and what the header says otherwise. */
static void test_mutated(void **state)
{
	static const uint32_t covered_a[] = {0, 4, 72, 73, 88, 4095, 4096, 5000, 8191};
	static const uint32_t covered_b[] = {0, 8, 16, 32, 4095};
	struct writer w;

	(void)state;
	write_some(&w, 'A', 20);
	finish(&w);
	for (unsigned i = 0; i < sizeof covered_a / sizeof *covered_a; i++) {
		w.file.set.data[covered_a[i]] ^= 0x40;
		assert_int_equal(read_back(&w), '?');
		w.file.set.data[covered_a[i]] ^= 0x40;
	}
	assert_int_equal(read_back(&w), 'A');
	w.file.set.data[64] ^= 1; /* the generation, which A's crc leaves out */
	assert_int_equal(read_back(&w), '?');
	assert_int_equal(read_as(&w, FLAGS_A, GENERATION ^ 1), 'A');
	end(&w);
	write_some(&w, 'B', 20);
	finish(&w);
	for (unsigned i = 0; i < sizeof covered_b / sizeof *covered_b; i++) {
		w.file.set.data[covered_b[i]] ^= 0x40;
		assert_int_equal(read_back(&w), '?');
		w.file.set.data[covered_b[i]] ^= 0x40;
	}
	assert_int_equal(read_back(&w), 'B');
	end(&w);
}

static void test_not_one_of_them(void **state)
{
	struct writer w;

	(void)state;
	write_some(&w, 'A', 20);
	finish(&w);
	assert_int_equal(read_as(&w, FLAGS_B, GENERATION), '?');
	w.file.entries++; /* zeros follow */
	assert_int_equal(read_back(&w), '?');
	w.file.entries = UINT64_MAX;
	assert_int_equal(read_back(&w), '?');
	w.file.entries = 21;
	w.file.set.bad[9] = 1;
	w.file.set.bad_count = 1;
	assert_int_equal(read_back(&w), '?');
	end(&w);
	start(&w, 'B', PAGE); /* more bitmaps than pages */
	for (unsigned i = 0; i < PAGES; i++)
		add(&w, GROUP + i * (128 * MIB), 4096, BITMAP);
	finish(&w);
	assert_int_equal(read_back(&w), '?');
	end(&w);
	memset(&w, 0, sizeof w); /* no room for a single entry on page 0 */
	cachefile_init(&w.file, 1024, PAGE, GENERATION);
	w.file.entries = 1;
	assert_int_equal(read_as(&w, FLAGS_A, GENERATION), '?');
	end(&w);
}

/* The current format is none of these, nor the other way round. */
static void test_current_format(void **state)
{
	struct writer w;
	struct walk_result result;

	(void)state;
	start(&w, 'A', PAGE);
	cachefile_entry(&w.file, GROUP, 4096, EXTENT);
	put64(w.file.set.data + 4 * PAGES, GENERATION);
	cachefile_seal(&w.file);
	assert_int_equal(read_back(&w), '?');
	assert_int_equal(read_as(&w, FLAGS_B, GENERATION), '?');
	finish(&w);
	assert_int_equal(walk_pages(&w.file.set, GENERATION, 1, false, &w.content, &result, NULL), 0);
	assert_int_equal(result.step, 12);
	assert_int_equal(read_back(&w), 'A');
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both),
		cmocka_unit_test(test_several_pages),
		cmocka_unit_test(test_full_page_before_bitmaps),
		cmocka_unit_test(test_large_pages),
		cmocka_unit_test(test_mutated),
		cmocka_unit_test(test_not_one_of_them),
		cmocka_unit_test(test_current_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
