/* SPDX-License-Identifier: MIT */
/*
 * Step 21 of the load. The cases on GROUP are caches that Linux 6.1.192 was given, with its answers: the
 * kernel's own two extents A and B around the super stripe at 64 MiB, changed or with bitmaps beside them.
 */
#include "../../libfsread/space/insert.h"
#include "cachefile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define A_BYTES UINT64_C(45088768)
#define B_START UINT64_C(67244032)
#define B_BYTES UINT64_C(172879872)
#define BITMAPS 4u

struct made {
	struct content content;
	struct page_set pages;
	struct entry entries[2048];
	uint32_t order[2048];
	uint8_t bits[(1 + BITMAPS) * SECTOR];
	enum insert_result result;
	uint64_t at;
};

static struct made *make(void)
{
	struct made *m = calloc(1, sizeof *m);

	m->pages = (struct page_set){.count = 1 + BITMAPS, .size = SECTOR, .data = m->bits};
	m->content = (struct content){.pages = &m->pages, .entries = m->entries, .order = m->order};
	return m;
}

static void extent(struct made *m, uint64_t offset, uint64_t bytes)
{
	m->entries[m->content.count++] = (struct entry){.offset = offset, .bytes = bytes, .type = EXTENT};
}

static void bitmap(struct made *m, uint64_t offset, uint32_t from, uint32_t n)
{
	unsigned page = ++m->content.bitmaps;

	m->entries[m->content.count++] = (struct entry){
		.offset = offset, .bytes = n * SECTOR, .type = BITMAP, .bitmap_page = (uint16_t)page};
	set_bits(m->bits + page * SECTOR, from, n);
}

static bool before(const struct entry *a, const struct entry *b)
{
	return a->offset < b->offset || (a->offset == b->offset && a->type < b->type);
}

static void insert_into(struct made *m, uint64_t length)
{
	for (uint32_t i = 0; i < m->content.count; i++) {
		unsigned k = i;

		for (; k && before(&m->entries[i], &m->entries[m->order[k - 1]]); k--)
			m->order[k] = m->order[k - 1];
		m->order[k] = i;
	}
	assert_int_equal(insert_content(&m->content, GROUP, length, SECTOR, &m->result, &m->at, NULL), 0);
}

static enum insert_result insert(struct made *m, uint64_t length)
{
	enum insert_result result;

	insert_into(m, length);
	result = m->result;
	free(m);
	return result;
}

static struct made *make_ab(uint64_t a, uint64_t a_bytes, uint64_t b, uint64_t b_bytes)
{
	struct made *m = make();

	extent(m, a, a_bytes);
	extent(m, b, b_bytes);
	return m;
}

static struct made *make_clean(void)
{
	return make_ab(GROUP, A_BYTES, B_START, B_BYTES);
}

/* A, B and one bit of a bitmap on the group's grid. Only a bit where B begins is too much. */
static void test_shared_start(void **state)
{
	static const struct {
		uint32_t bit;
		enum insert_result result;
	} cases[] = {
		{11041, INSERT_EXISTS}, /* B's start */
		{0, INSERT_DONE},       /* A's start: joined with A, which holds its end */
		{5, INSERT_DONE},       /* inside A */
		{11007, INSERT_DONE},   /* A's last sector */
		{11040, INSERT_DONE},   /* the super stripe */
	};

	(void)state;
	assert_int_equal(GROUP + 11041 * SECTOR, B_START);
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct made *m = make_clean();

		bitmap(m, GROUP, cases[i].bit, 1);
		insert_into(m, GROUP_LENGTH);
		assert_int_equal(m->result, cases[i].result);
		if (m->result == INSERT_EXISTS)
			assert_int_equal(m->at, B_START);
		free(m);
	}
}

/* Two bitmaps, the second a sector off the grid, list the same sector of the super stripe. */
static void test_two_bitmaps(void **state)
{
	struct made *m = make_clean();

	(void)state;
	bitmap(m, GROUP, 11010, 1);
	bitmap(m, GROUP + SECTOR, 11009, 1);
	assert_int_equal(insert(m, GROUP_LENGTH), INSERT_EXISTS);
	m = make_clean();
	bitmap(m, GROUP, 11010, 2);          /* 11010 and 11011 */
	bitmap(m, GROUP + SECTOR, 11010, 2); /* 11011 and 11012 */
	assert_int_equal(insert(m, GROUP_LENGTH), INSERT_DONE);
}

/*
 * Ranges that end at or before their start. Trimming goes on at a range's end, and round for ever where it
 * comes to the same one again: that hung the machine.
 */
static void test_wraps(void **state)
{
	const uint64_t before = -UINT64_C(16384), in_a = GROUP + 20 * MIB, far = UINT64_C(1) << 40;
	const struct {
		uint64_t a, a_bytes, b, b_bytes;
		enum insert_result result;
	} cases[] = {
		{GROUP, A_BYTES, B_START, B_BYTES, INSERT_DONE},
		{GROUP, UINT64_MAX - 4095, B_START, B_BYTES, INSERT_CRASHES},
		{GROUP + SECTOR, -UINT64_C(8192), B_START, B_BYTES, INSERT_CRASHES},
		/* to the end of the address space, and just not */
		{GROUP, -GROUP, B_START, B_BYTES, INSERT_CRASHES},
		{GROUP, -GROUP - 4096, B_START, B_BYTES, INSERT_DONE},
		{GROUP, UINT64_C(1) << 63, B_START, B_BYTES, INSERT_DONE},
		/* B ends in the stripe before it: not found again from there, unless it is the first of all
		 */
		{GROUP, A_BYTES, B_START, before, INSERT_DONE},
		{far, A_BYTES, B_START, before, INSERT_CRASHES},
		/* B ends in A and is joined with it; A hides B; B ends before A does and is not found */
		{GROUP, A_BYTES, B_START, in_a - B_START, INSERT_DONE},
		{GROUP, GROUP_LENGTH, B_START, 4096 - B_START, INSERT_DONE},
		{GROUP, A_BYTES, B_START, 4096 - B_START, INSERT_DONE},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct made *m = make_ab(cases[i].a, cases[i].a_bytes, cases[i].b, cases[i].b_bytes);

		assert_int_equal(insert(m, GROUP_LENGTH), cases[i].result);
	}
	for (uint64_t bytes = 1; bytes <= 8192; bytes += 8191) { /* outside */
		struct made *m = make_clean();

		extent(m, END + SECTOR, -bytes);
		assert_int_equal(insert(m, GROUP_LENGTH), INSERT_DONE);
	}
}

/* Trimming goes back once, to the end of the range that wraps, and from there on finds the range behind it.
 */
static void test_wrap_that_is_left(void **state)
{
	struct made *m = make();

	(void)state;
	extent(m, GROUP, SECTOR);
	extent(m, 64 * MIB, GROUP + 5 * SECTOR - 64 * MIB);
	extent(m, B_START, 263032832);
	assert_int_equal(insert(m, GROUP_LENGTH), INSERT_DONE);
}

/* Entries at odd addresses that Linux took. */
static void test_odd_addresses(void **state)
{
	static const uint64_t starts[] = {0, 4096, UINT64_C(1) << 36, UINT64_MAX - 4095, GROUP + 512};

	(void)state;
	for (unsigned i = 0; i < sizeof starts / sizeof *starts; i++) {
		struct made *m = make_ab(GROUP + 8 * SECTOR, A_BYTES - 8 * SECTOR, B_START, B_BYTES);

		extent(m, starts[i], 4095);
		assert_int_equal(insert(m, GROUP_LENGTH), INSERT_DONE);
		m = make_ab(GROUP + MIB, A_BYTES - MIB, B_START, B_BYTES);
		bitmap(m, starts[i], 3, 2);
		assert_int_equal(insert(m, GROUP_LENGTH), INSERT_DONE);
	}
}

/* `fill` single sectors two sectors apart; then one more sector from a bitmap, and an extent that begins
 * there. */
static enum insert_result probe(unsigned fill, uint64_t length)
{
	struct made *m = make();
	uint64_t behind = GROUP + 400 * SECTOR;

	for (unsigned i = 0; i < fill; i++)
		extent(m, GROUP + i * UINT64_C(2) * SECTOR, SECTOR);
	bitmap(m, behind, 100, 1);
	extent(m, behind + 100 * SECTOR, 9 * SECTOR);
	return insert(m, length);
}

/* A range between two joins with both: here 51 sectors and one of three count 52, which is the most. */
static void test_joins_both_sides(void **state)
{
	struct made *m = make();
	uint64_t behind = GROUP + 400 * SECTOR;

	(void)state;
	extent(m, GROUP, SECTOR);
	bitmap(m, GROUP, 2, 1);
	extent(m, GROUP + SECTOR, SECTOR);
	for (unsigned i = 0; i < 51; i++)
		extent(m, GROUP + (4 + i * 2) * SECTOR, SECTOR);
	bitmap(m, behind, 100, 1);
	extent(m, behind + 100 * SECTOR, 9 * SECTOR);
	assert_int_equal(insert(m, GROUP_LENGTH), INSERT_EXISTS);
}

/*
 * docs/format.md A15: small ranges stay extents while three times their number is at most 157, and after the
 * first bitmap at most 315; else they go to a bitmap, where nothing can begin at the same address. 53 sectors
 * and a bitmap count 54, so 51 more fit. Groups below 64 MiB have no bitmaps.
 */
static void test_thresholds(void **state)
{
	(void)state;
	assert_int_equal(probe(52, GROUP_LENGTH), INSERT_EXISTS);
	assert_int_equal(probe(53, GROUP_LENGTH), INSERT_DONE);
	assert_int_equal(probe(54, GROUP_LENGTH), INSERT_EXISTS);
	assert_int_equal(probe(53 + 1 + 51, GROUP_LENGTH), INSERT_EXISTS);
	assert_int_equal(probe(53 + 1 + 52, GROUP_LENGTH), INSERT_DONE);
	assert_int_equal(probe(53, 64 * MIB), INSERT_DONE);
	assert_int_equal(probe(53, 64 * MIB - SECTOR), INSERT_EXISTS);
}

/* Disjoint, aligned ranges in any mix of extents and bitmaps. */
static void fill_clean(struct made *m, uint64_t seed)
{
	unsigned mean = 1 + (unsigned)draw_below(&seed, 200), bitmaps = (unsigned)draw_below(&seed, 3);
	uint32_t sectors = GROUP_LENGTH / SECTOR, at = 0;

	for (unsigned i = 0; i < bitmaps; i++)
		bitmap(m, GROUP + i * 32768 * SECTOR, 0, 0);
	while (at < sectors && m->content.count < 2000) {
		uint32_t from = at + (uint32_t)draw_below(&seed, mean),
			 n = 1 + (uint32_t)draw_below(&seed, mean);
		uint32_t grid = from / 32768;

		if (from + n > sectors)
			break;
		if (grid < bitmaps && (from + n - 1) / 32768 == grid && draw_below(&seed, 2))
			set_bits(m->bits + (1 + grid) * SECTOR, from % 32768, n);
		else
			extent(m, GROUP + (uint64_t)from * SECTOR, (uint64_t)n * SECTOR);
		at = from + n;
	}
}

static void test_clean_never_fails(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 150; seed++) {
		struct made *m = make();

		fill_clean(m, seed);
		assert_int_equal(insert(m, GROUP_LENGTH), INSERT_DONE);
	}
}

/* Bitmaps all over the address space would take Linux's memory, and ours: there is a limit to finding out. */
static void test_scattered(void **state)
{
	struct made *m = make();
	struct entry *entries = calloc(40000, sizeof *entries);
	uint32_t *order = calloc(40000, sizeof *order);

	(void)state;
	for (uint32_t i = 0; i < 40000; i++) {
		entries[i] = (struct entry){
			.offset = GROUP + ((uint64_t)i << 30), .bytes = SECTOR, .type = EXTENT};
		order[i] = i;
	}
	m->content.entries = entries;
	m->content.order = order;
	m->content.count = 40000;
	assert_int_equal(
		insert_content(&m->content, GROUP, GROUP_LENGTH, SECTOR, &m->result, &m->at, NULL), 0);
	assert_int_equal(m->result, INSERT_UNKNOWN);
	free(entries);
	free(order);
	free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shared_start),
		cmocka_unit_test(test_two_bitmaps),
		cmocka_unit_test(test_wraps),
		cmocka_unit_test(test_wrap_that_is_left),
		cmocka_unit_test(test_odd_addresses),
		cmocka_unit_test(test_joins_both_sides),
		cmocka_unit_test(test_thresholds),
		cmocka_unit_test(test_clean_never_fails),
		cmocka_unit_test(test_scattered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
