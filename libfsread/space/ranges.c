/* SPDX-License-Identifier: MIT */
/*
 * Extents and bitmaps may come in any order, touch and (wrongly) overlap. Entries are taken by
 * ascending offset; a bitmap becomes an iterator over its runs in a heap keyed by the next run, so
 * that memory is bounded by the number of entries, never by the number of runs.
 */
#include "content.h"

#include <stdlib.h>

uint64_t bitmap_word(const uint8_t *bits, uint32_t word, unsigned swap)
{
	uint64_t v = get64(bits + 8 * (size_t)word);

	if (swap == 8)
		return __builtin_bswap64(v);
	if (swap == 4)
		return (uint64_t)__builtin_bswap32((uint32_t)(v >> 32)) << 32 |
		       __builtin_bswap32((uint32_t)v);
	return v;
}

bool bitmap_next_run(const uint8_t *bits, uint32_t nbits, unsigned swap, uint32_t *bit, uint32_t *end)
{
	uint32_t words = nbits / 64, word = *bit / 64;
	uint64_t v;

	if (*bit >= nbits)
		return false;
	v = bitmap_word(bits, word, swap) & (UINT64_MAX << (*bit & 63));
	while (!v) {
		if (++word == words)
			return false;
		v = bitmap_word(bits, word, swap);
	}
	*bit = word * 64 + (uint32_t)__builtin_ctzll(v);
	v = ~bitmap_word(bits, word, swap) & (UINT64_MAX << (*bit & 63));
	while (!v) {
		if (++word == words) {
			*end = nbits;
			return true;
		}
		v = ~bitmap_word(bits, word, swap);
	}
	*end = word * 64 + (uint32_t)__builtin_ctzll(v);
	return true;
}

uint32_t bitmap_popcount(const uint8_t *bits, uint32_t nbits)
{
	uint32_t sum = 0;

	for (uint32_t word = 0; word < nbits / 64; word++)
		sum += (uint32_t)__builtin_popcountll(get64(bits + 8 * (size_t)word));
	return sum;
}

void range_stream_init(struct range_stream *s, const struct content *content, uint32_t sectorsize)
{
	struct bitmap_iterator *heap = s->heap;
	size_t room = s->heap_room;

	*s = (struct range_stream){
		.content = content,
		.unit = sectorsize,
		.nbits = sectorsize * 8,
		.heap = heap,
		.heap_room = room,
	};
}

void range_stream_free(struct range_stream *s)
{
	free(s->heap);
	*s = (struct range_stream){0};
}

static uint64_t add_capped(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Moves the iterator to its next run; false when its bits are used up. */
static bool iterator_step(const struct range_stream *s, struct bitmap_iterator *it)
{
	uint32_t bit = it->next_bit, end;

	if (!bitmap_next_run(it->bits, s->nbits, s->content->swap, &bit, &end))
		return false;
	it->start = add_capped(it->base, bit * s->unit);
	it->end = add_capped(it->base, end * s->unit);
	it->next_bit = end;
	return true;
}

static void sift_down(struct range_stream *s, size_t i)
{
	struct bitmap_iterator moving = s->heap[i];

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= s->heap_count)
			break;
		if (child + 1 < s->heap_count && s->heap[child + 1].start < s->heap[child].start)
			child++;
		if (moving.start <= s->heap[child].start)
			break;
		s->heap[i] = s->heap[child];
		i = child;
	}
	s->heap[i] = moving;
}

static void sift_up(struct range_stream *s, size_t i)
{
	struct bitmap_iterator moving = s->heap[i];

	while (i && s->heap[(i - 1) / 2].start > moving.start) {
		s->heap[i] = s->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	s->heap[i] = moving;
}

static void push_bitmap(struct range_stream *s, const struct entry *e)
{
	const struct page_set *pages = s->content->pages;
	struct bitmap_iterator it = {.base = e->offset};

	if (!e->bitmap_page)
		return;
	it.bits = pages->data + (size_t)e->bitmap_page * pages->size;
	if (!iterator_step(s, &it))
		return;
	if (s->heap_count == s->heap_room) {
		size_t room = s->heap_room ? s->heap_room * 2 : 8;
		struct bitmap_iterator *grown = realloc(s->heap, room * sizeof *grown);

		if (!grown) {
			s->failed = true;
			return;
		}
		s->heap = grown;
		s->heap_room = room;
	}
	s->heap[s->heap_count] = it;
	sift_up(s, s->heap_count++);
}

static void take_top(struct range_stream *s, uint64_t *start, uint64_t *end)
{
	*start = s->heap[0].start;
	*end = s->heap[0].end;
	if (!iterator_step(s, &s->heap[0]))
		s->heap[0] = s->heap[--s->heap_count];
	if (s->heap_count > 1)
		sift_down(s, 0);
}

/* The next listed range by ascending start, not yet merged with its neighbours. */
static bool next_raw(struct range_stream *s, uint64_t *start, uint64_t *end)
{
	const struct content *content = s->content;

	for (;;) {
		const struct entry *e =
			s->next < content->count ? &content->entries[content->order[s->next]] : NULL;

		if (s->heap_count && (!e || s->heap[0].start < e->offset)) {
			take_top(s, start, end);
			return true;
		}
		if (!e)
			return false;
		s->next++;
		if (entry_is_bitmap(e)) {
			push_bitmap(s, e);
			continue;
		}
		*start = e->offset;
		*end = add_capped(e->offset, e->bytes);
		return true;
	}
}

static bool next_merged(struct range_stream *s, uint64_t *start, uint64_t *end)
{
	if (!s->have && !next_raw(s, &s->start, &s->end))
		return false;
	*start = s->start;
	*end = s->end;
	while ((s->have = next_raw(s, &s->start, &s->end)) && s->start <= *end) {
		if (s->start < *end && !s->overlap) {
			s->overlap = true;
			s->overlap_at = s->start;
		}
		if (s->end > *end)
			*end = s->end;
	}
	s->total += *end - *start;
	return true;
}

bool range_stream_next(struct range_stream *s, uint64_t *start, uint64_t *end)
{
	while (next_merged(s, start, end))
		if (*start < *end) /* at the end of the address space nothing may be left of a range */
			return true;
	return false;
}
