/* SPDX-License-Identifier: MIT */
/* The union of a cache's entries against a map of every single byte. */
#include "cachefile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* Small sectors make small bitmaps: 64 bytes are 512 bits, 32 KiB. */
#define SMALL 64u
#define BITS 512u
#define BASE UINT64_C(1000000007)
#define SPACE 131072u
#define ENTRIES_MAX 40u

struct layout {
	struct content content;
	struct page_set pages;
	struct entry entries[ENTRIES_MAX];
	uint32_t order[ENTRIES_MAX];
	uint8_t data[SMALL * (1 + ENTRIES_MAX)];
	uint8_t listed[SPACE]; /* how many entries list the byte */
};

/* Bit i as a writer that keeps words of `swap` bytes the other way round has it. */
static bool bit_of(const uint8_t *bits, uint32_t i, unsigned swap)
{
	uint32_t byte = i / 8;

	if (swap)
		byte = byte / swap * swap + (swap - 1 - byte % swap);
	return bits[byte] >> (i % 8) & 1;
}

static void draw_bits(uint64_t *seed, uint8_t *bits)
{
	unsigned style = (unsigned)draw_below(seed, 4);

	for (unsigned i = 0; i < SMALL; i++)
		bits[i] = style == 0   ? (uint8_t)draw(seed)
			  : style == 1 ? (draw_below(seed, 2) ? 0xff : 0)
			  : style == 2 ? 0xff
				       : (draw_below(seed, 16) ? 0 : (uint8_t)draw(seed));
}

static void list(struct layout *l, uint64_t offset, uint64_t bytes)
{
	for (uint64_t i = offset - BASE; i < offset - BASE + bytes; i++)
		l->listed[i]++;
}

static void draw_entry(struct layout *l, uint64_t *seed, unsigned i)
{
	struct entry *e = &l->entries[i];
	bool bitmap = draw_below(seed, 3) == 0;
	uint64_t most = SPACE - (bitmap ? BITS * SMALL : 4000), step = draw_below(seed, 2) ? SMALL : 1;
	uint8_t *bits = l->data + SMALL * (1 + i);

	e->offset = BASE + draw_below(seed, most / step) * step;
	e->type = bitmap ? BITMAP : EXTENT;
	e->bytes = 1 + draw_below(seed, 3999);
	if (!bitmap) {
		list(l, e->offset, e->bytes);
		return;
	}
	e->bitmap_page = (uint16_t)(1 + i);
	draw_bits(seed, bits);
	for (uint32_t bit = 0; bit < BITS; bit++)
		if (bit_of(bits, bit, l->content.swap))
			list(l, e->offset + bit * SMALL, SMALL);
}

static bool before(const struct entry *a, const struct entry *b)
{
	return a->offset < b->offset || (a->offset == b->offset && a->type < b->type);
}

/* By insertion: offsets ascending, an extent before a bitmap. */
static void sort(struct layout *l, unsigned n)
{
	for (uint32_t i = 0; i < n; i++) {
		unsigned k = i;

		for (; k && before(&l->entries[i], &l->entries[l->order[k - 1]]); k--)
			l->order[k] = l->order[k - 1];
		l->order[k] = i;
	}
}

static void draw_layout(struct layout *l, uint64_t seed)
{
	static const unsigned swaps[] = {0, 0, 8, 4};
	unsigned n = (unsigned)draw_below(&seed, ENTRIES_MAX + 1);

	memset(l, 0, sizeof *l);
	l->pages = (struct page_set){.count = 1 + ENTRIES_MAX, .size = SMALL, .data = l->data};
	l->content = (struct content){.pages = &l->pages,
		.entries = l->entries,
		.count = n,
		.order = l->order,
		.swap = swaps[seed % 4]};
	for (unsigned i = 0; i < n; i++)
		draw_entry(l, &seed, i);
	sort(l, n);
}

static void check_layout(struct layout *l, struct range_stream *s)
{
	uint64_t start, end, sum = 0;
	bool overlap = false;
	uint32_t at = 0;

	range_stream_init(s, &l->content, SMALL);
	for (;;) {
		uint32_t stop;

		for (; at < SPACE && !l->listed[at]; at++)
			;
		if (at == SPACE)
			break;
		for (stop = at; stop < SPACE && l->listed[stop]; stop++)
			overlap |= l->listed[stop] > 1;
		assert_true(range_stream_next(s, &start, &end));
		assert_int_equal(start, BASE + at);
		assert_int_equal(end, BASE + stop);
		sum += stop - at;
		at = stop;
	}
	assert_false(range_stream_next(s, &start, &end));
	assert_int_equal(s->total, sum);
	assert_int_equal(s->overlap, overlap);
	assert_false(s->failed);
}

static void test_against_map(void **state)
{
	struct layout *l = malloc(sizeof *l);
	struct range_stream s = {0};

	(void)state;
	for (uint64_t seed = 0; seed < 3000; seed++) {
		draw_layout(l, seed);
		check_layout(l, &s);
		if (s.overlap) /* the address must be one that is listed twice */
			assert_true(l->listed[s.overlap_at - BASE] > 1);
	}
	range_stream_free(&s);
	free(l);
}

static unsigned give(const struct entry *entries, size_t n, uint64_t out[][2])
{
	static const uint32_t order[] = {0, 1, 2};
	struct content content = {.entries = (struct entry *)entries, .count = n, .order = (uint32_t *)order};
	struct range_stream s = {0};
	unsigned count = 0;

	range_stream_init(&s, &content, 4096);
	while (range_stream_next(&s, &out[count][0], &out[count][1]))
		count++;
	range_stream_free(&s);
	return count;
}

static void test_address_space_ends(void **state)
{
	const struct entry wraps[] = {{.offset = 4096, .bytes = 4096, .type = EXTENT},
		{.offset = UINT64_MAX - 8191, .bytes = 16384, .type = EXTENT},
		{.offset = UINT64_MAX, .bytes = 1, .type = EXTENT}};
	uint64_t out[3][2];

	(void)state;
	assert_int_equal(give(wraps, 3, out), 2);
	assert_int_equal(out[0][0], 4096);
	assert_int_equal(out[0][1], 8192);
	assert_true(out[1][0] == UINT64_MAX - 8191 && out[1][1] == UINT64_MAX);
	assert_int_equal(give(wraps + 2, 1, out), 0); /* nothing is left of it */
}

static void test_touching_is_no_overlap(void **state)
{
	const struct entry entries[] = {{.offset = 8192, .bytes = 4096, .type = EXTENT},
		{.offset = 12288, .bytes = 100, .type = EXTENT},
		{.offset = 12389, .bytes = 1, .type = EXTENT}};
	uint64_t out[3][2];

	(void)state;
	assert_int_equal(give(entries, 3, out), 2);
	assert_true(out[0][0] == 8192 && out[0][1] == 12388);
	assert_true(out[1][0] == 12389 && out[1][1] == 12390);
}

static void test_unread_bitmap_gives_nothing(void **state)
{
	const struct entry entries[] = {{.offset = 8192, .bytes = 4096, .type = BITMAP}};
	uint64_t out[3][2];

	(void)state;
	assert_int_equal(give(entries, 1, out), 0);
}

/* Every run from every bit on, against a walk bit by bit. */
static void check_runs(const uint8_t *bits, uint32_t nbits, unsigned swap)
{
	for (uint32_t from = 0; from <= nbits; from++) {
		uint32_t first = from, behind, bit = from, end = 0;

		while (first < nbits && !bit_of(bits, first, swap))
			first++;
		behind = first;
		while (behind < nbits && bit_of(bits, behind, swap))
			behind++;
		assert_int_equal(bitmap_next_run(bits, nbits, swap, &bit, &end), first < nbits);
		if (first < nbits)
			assert_true(bit == first && end == behind);
	}
}

static void test_runs(void **state)
{
	static const unsigned swaps[] = {0, 8, 4};
	uint8_t bits[SMALL];

	(void)state;
	for (uint64_t seed = 0; seed < 300; seed++) {
		uint64_t at = seed;
		uint32_t set = 0;

		draw_bits(&at, bits);
		check_runs(bits, BITS, swaps[seed % 3]);
		for (uint32_t i = 0; i < BITS; i++)
			set += bit_of(bits, i, 0);
		assert_int_equal(bitmap_popcount(bits, BITS), set);
	}
}

/* docs/format.md A14: a big-endian writer's bit 0 is the lowest bit of the word's last byte. */
static void test_swapped_words(void **state)
{
	const uint8_t bits[8] = {0, 0, 0, 0, 0, 0, 0, 1}, half[8] = {0, 0, 0, 0x80, 0, 0, 0, 1};

	(void)state;
	assert_true(bitmap_word(bits, 0, 0) == UINT64_C(1) << 56);
	assert_true(bitmap_word(bits, 0, 8) == 1);
	assert_true(bitmap_word(half, 0, 4) == (UINT64_C(0x80) | UINT64_C(1) << 32));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_map),
		cmocka_unit_test(test_address_space_ends),
		cmocka_unit_test(test_touching_is_no_overlap),
		cmocka_unit_test(test_unread_bitmap_gives_nothing),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_swapped_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
