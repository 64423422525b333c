/* SPDX-License-Identifier: MIT */
#include "made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct made made_begin(uint64_t length, uint32_t sectorsize, uint32_t npages)
{
	struct made m = {.shape = {START, length, sectorsize, npages, GENERATION}};

	if (!npages)
		m.shape.npages = (uint32_t)(cache_file_bytes(length, sectorsize) / sectorsize);
	m.set.count = m.shape.npages;
	m.set.size = sectorsize;
	m.set.data = malloc((size_t)m.set.count * sectorsize);
	m.set.bad = calloc(m.set.count, 1);
	assert_non_null(m.set.data);
	memset(m.set.data, 0xee, (size_t)m.set.count * sectorsize);
	return m;
}

void made_free(struct made *m)
{
	free(m->ranges);
	content_free(&m->content);
	page_set_free(&m->set);
}

void made_add(struct made *m, uint64_t from, uint64_t to)
{
	if (m->n == m->room) {
		m->room = m->room ? 2 * m->room : 1024;
		m->ranges = realloc(m->ranges, m->room * sizeof *m->ranges);
		assert_non_null(m->ranges);
	}
	m->ranges[m->n].start = m->shape.start + from * m->shape.sectorsize;
	m->ranges[m->n++].end = m->shape.start + to * m->shape.sectorsize;
}

void made_comb(struct made *m, uint64_t from, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		made_add(m, from + 2 * i, from + 2 * i + 1);
}

int made_fill(struct made *m)
{
	return cache_fill_pages(&m->shape, m->ranges, m->n, m->set.data, &m->entries, &m->bitmaps, &m->err);
}

uint8_t *made_page(const struct made *m, unsigned i)
{
	return m->set.data + (size_t)i * m->set.size;
}

static void check_entries(const struct made *m)
{
	for (size_t i = 0; i < m->content.count; i++) {
		const struct entry *e = &m->content.entries[i];

		assert_int_equal(m->content.order[i], i);
		if (!entry_is_bitmap(e))
			continue;
		assert_int_equal((e->offset - m->shape.start) % (8 * (uint64_t)m->set.size * m->set.size), 0);
		assert_int_equal(e->bytes, bitmap_popcount(made_page(m, e->bitmap_page), 8 * m->set.size) *
						   (uint64_t)m->set.size);
	}
}

static void check_ranges(const struct made *m)
{
	struct range_stream s = {0};
	uint64_t start, end;
	size_t i = 0;

	range_stream_init(&s, &m->content, m->set.size);
	for (; range_stream_next(&s, &start, &end); i++)
		if (i >= m->n || start != m->ranges[i].start || end != m->ranges[i].end)
			fail_msg("range %zu is %llu to %llu", i, (unsigned long long)start,
				(unsigned long long)end);
	assert_int_equal(i, m->n);
	assert_false(s.overlap || s.failed);
	range_stream_free(&s);
}

void made_check(struct made *m)
{
	struct walk_result result;

	assert_int_equal(made_fill(m), 0);
	assert_int_equal(walk_pages(&m->set, GENERATION, m->entries, false, &m->content, &result, NULL), 0);
	assert_int_equal(result.step, 0);
	assert_true(result.complete);
	assert_int_equal(m->content.bitmaps, m->bitmaps);
	for (unsigned i = 0; i < m->set.count; i++)
		assert_int_equal(page_crc_stored(&m->set, i), page_crc_computed(&m->set, i));
	check_entries(m);
	check_ranges(m);
}

void made_check_counts(struct made *m, uint64_t entries, uint64_t bitmaps)
{
	made_check(m);
	assert_int_equal(m->entries, entries);
	assert_int_equal(m->bitmaps, bitmaps);
	made_free(m);
}
