/* SPDX-License-Identifier: MIT */
/*
 * A model of the structure Linux keeps a block group's free space in: entries ordered by offset, an
 * extent before a bitmap at the same address, bitmaps on a grid from the block group's start. Adding
 * a range first joins it with neighbours, else may put it into a bitmap, else links it as an extent,
 * and that fails where an extent begins at the same address (F-A6 step 21, F-A15). All address
 * arithmetic is modulo 2^64, as there.
 */
#include "../format/error.h"
#include "insert_model.h"

#include <stdlib.h>

#define ENTRY_MEMORY 104u /* what one entry costs Linux; sets the number it allows (F-A15) */
#define EXTENT_FORCED (UINT64_C(1) << 20)
#define BITMAP_MEMORY (64 * MIB) /* spread over the address space they would take any amount */

static uint64_t grid(const struct model *m, uint64_t offset)
{
	uint64_t span = m->nbits * m->unit;

	return (offset - m->start) / span * span + m->start;
}

size_t model_lower_bound(const struct model *m, uint64_t offset, bool bitmap)
{
	size_t low = 0, high = m->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct slot *s = &m->slots[middle];

		if (s->offset < offset || (s->offset == offset && !s->bitmap && bitmap))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t find_bitmap(const struct model *m, uint64_t offset)
{
	size_t i = model_lower_bound(m, offset, true);

	return i < m->count && m->slots[i].offset == offset && m->slots[i].bitmap ? i : NO_SLOT;
}

size_t model_holding(const struct model *m, uint64_t offset)
{
	size_t i = model_lower_bound(m, offset, false);
	const struct slot *s;
	bool exact = i < m->count && m->slots[i].offset == offset;

	if (!m->count)
		return NO_SLOT;
	if (exact && !m->slots[i].bitmap)
		return i;
	if (!exact && !i--)
		return NO_SLOT;
	s = &m->slots[i];
	if (!s->bitmap)
		return s->offset + s->bytes > offset ? i : NO_SLOT;
	if (i && !s[-1].bitmap && s[-1].offset + s[-1].bytes > offset)
		return i - 1;
	return exact || s->offset + slot_span(m, s) > offset ? i : NO_SLOT;
}

static void set_threshold(struct model *m)
{
	uint64_t most = 64 * KIB * (m->length < GIB ? 1 : m->length / GIB);
	uint64_t left = most - m->bitmaps * m->unit;

	m->threshold = (left < most / 2 ? left : most / 2) / ENTRY_MEMORY;
}

static void remove_slot(struct model *m, size_t i)
{
	if (m->slots[i].bitmap) {
		free(m->slots[i].bitmap);
		m->bitmaps--;
		set_threshold(m);
	}
	m->count--;
	memmove(&m->slots[i], &m->slots[i + 1], (m->count - i) * sizeof *m->slots);
	m->steps += (m->count - i) / 64;
}

/* Links a slot; false when one of its kind begins there, or without memory. */
static bool insert_slot(struct model *m, struct slot slot)
{
	size_t i = model_lower_bound(m, slot.offset, slot.bitmap != NULL);

	if (i < m->count && m->slots[i].offset == slot.offset && !m->slots[i].bitmap == !slot.bitmap) {
		m->result = INSERT_EXISTS;
		return false;
	}
	if (m->count == m->room) {
		size_t room = m->room ? m->room * 2 : 512;
		struct slot *grown = realloc(m->slots, room * sizeof *grown);

		m->no_memory = !grown;
		if (!grown)
			return false;
		m->slots = grown;
		m->room = room;
	}
	memmove(&m->slots[i + 1], &m->slots[i], (m->count - i) * sizeof *m->slots);
	m->slots[i] = slot;
	m->count++;
	m->steps += (m->count - i) / 64 + 1;
	return true;
}

/* Sets or clears bits of a bitmap; an impossible count is the memory error that Linux would run into. */
static bool change_bits(struct model *m, struct slot *s, uint64_t offset, uint64_t bytes, bool set)
{
	uint64_t first = (offset - s->offset) / m->unit, n = bytes / m->unit;

	if (first > m->nbits || n > m->nbits - first) {
		m->result = INSERT_CRASHES;
		return false;
	}
	for (uint64_t bit = first; bit < first + n; bit++) {
		uint8_t mask = (uint8_t)(1u << (bit & 7));

		s->bitmap[bit / 8] = set ? s->bitmap[bit / 8] | mask : s->bitmap[bit / 8] & (uint8_t)~mask;
	}
	m->steps += n / 64 + 1;
	s->bytes += set ? bytes : -bytes;
	return true;
}

/* Joins the range with what begins at its end and what ends at its start. */
static bool merge(struct model *m, struct slot *range)
{
	uint64_t offset = range->offset;
	size_t right = model_holding(m, offset + range->bytes), left = NO_SLOT;
	bool merged = false;

	if (right == NO_SLOT)
		left = model_holding(m, offset - 1);
	else if (right)
		left = right - 1;
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): who holds an address has slots */
	if (right != NO_SLOT && !m->slots[right].bitmap) {
		range->bytes += m->slots[right].bytes;
		remove_slot(m, right); /* left lies before it and keeps its place */
		merged = true;
	}
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	if (left != NO_SLOT && !m->slots[left].bitmap &&
		m->slots[left].offset + m->slots[left].bytes == offset) {
		range->offset = m->slots[left].offset;
		range->bytes += m->slots[left].bytes;
		remove_slot(m, left);
		merged = true;
	}
	return merged;
}

static bool wants_bitmap(const struct model *m, const struct slot *range)
{
	if (range->bytes >= EXTENT_FORCED)
		return false;
	if (m->count < m->threshold && (range->bytes > 8 * m->unit || (uint64_t)m->count * 3 <= m->threshold))
		return false;
	return m->nbits * m->unit / 2 <= m->length;
}

/* The bitmap on the grid over offset, made if there is none yet. */
static size_t get_bitmap(struct model *m, uint64_t offset)
{
	struct slot slot = {.offset = grid(m, offset)};
	size_t i = find_bitmap(m, slot.offset);

	if (i != NO_SLOT)
		return i;
	if (m->bitmaps >= BITMAP_MEMORY / (m->nbits / 8)) {
		m->result = INSERT_UNKNOWN;
		return NO_SLOT;
	}
	slot.bitmap = calloc(1, m->nbits / 8);
	m->no_memory = !slot.bitmap;
	if (!slot.bitmap || !insert_slot(m, slot)) {
		free(slot.bitmap);
		return NO_SLOT;
	}
	m->bitmaps++;
	set_threshold(m);
	return find_bitmap(m, slot.offset);
}

static void add_to_bitmaps(struct model *m, uint64_t offset, uint64_t bytes)
{
	while (bytes) {
		size_t i = get_bitmap(m, offset);
		uint64_t room, n;

		if (i == NO_SLOT)
			return;
		room = m->slots[i].offset + m->nbits * m->unit - offset;
		n = room < bytes ? room : bytes;
		if (!change_bits(m, &m->slots[i], offset, n, true))
			return;
		offset += n;
		bytes -= n;
	}
}

static bool test_bit(const uint8_t *bitmap, uint64_t bit)
{
	return bitmap[bit / 8] >> (bit & 7) & 1;
}

static bool steal_behind(struct model *m, struct slot *range)
{
	uint64_t end = range->offset + range->bytes;
	size_t i = find_bitmap(m, grid(m, end));
	uint32_t bit, run_end;
	uint64_t bytes;

	if (i == NO_SLOT)
		return false;
	bit = (uint32_t)((end - m->slots[i].offset) / m->unit);
	if (!test_bit(m->slots[i].bitmap, bit))
		return false;
	bitmap_next_run(m->slots[i].bitmap, (uint32_t)m->nbits, 0, &bit, &run_end);
	bytes = (run_end - bit) * m->unit;
	range->bytes += bytes;
	if (!change_bits(m, &m->slots[i], end, bytes, false))
		return false;
	if (!m->slots[i].bytes)
		remove_slot(m, i);
	return true;
}

/* The last clear bit below `below` (or of all where below is 0 - 1), as a signed number; -1: none. */
static int64_t last_clear_bit(struct model *m, const uint8_t *bitmap, uint64_t below)
{
	uint64_t first = below < m->nbits ? below + 1 : m->nbits, bit = first;

	while (bit && test_bit(bitmap, bit - 1))
		bit--;
	m->steps += (first - bit) / 64;
	return (int64_t)bit - 1;
}

static bool steal_before(struct model *m, struct slot *range)
{
	uint64_t at = grid(m, range->offset), bit, bytes;
	int64_t clear;
	size_t i;

	if (at == range->offset) {
		if (!range->offset)
			return false;
		at = grid(m, range->offset - 1);
	}
	i = find_bitmap(m, at);
	if (i == NO_SLOT)
		return false;
	bit = (range->offset - at) / m->unit - 1;
	clear = last_clear_bit(m, m->slots[i].bitmap, bit);
	if ((uint64_t)clear == bit)
		return false;
	bytes = (bit - (uint64_t)clear) * m->unit; /* clear is -1 where all are set: bit + 1 */
	range->offset -= bytes;
	range->bytes += bytes;
	if (!change_bits(m, &m->slots[i], range->offset, bytes, false))
		return false;
	if (!m->slots[i].bytes)
		remove_slot(m, i);
	return true;
}

static void steal(struct model *m, struct slot *range)
{
	bool stole = false;

	if (m->bitmaps)
		stole = steal_behind(m, range);
	if (m->bitmaps && m->result == INSERT_DONE)
		stole |= steal_before(m, range);
	if (stole && m->result == INSERT_DONE)
		merge(m, range);
}

static bool add_range(struct model *m, uint64_t offset, uint64_t bytes)
{
	struct slot range = {.offset = offset, .bytes = bytes};

	if (++m->steps > STEPS_MAX)
		m->result = INSERT_UNKNOWN;
	else if (!merge(m, &range) && wants_bitmap(m, &range))
		add_to_bitmaps(m, offset, bytes);
	else {
		steal(m, &range);
		if (m->result == INSERT_DONE)
			insert_slot(m, range);
	}
	return m->result == INSERT_DONE && !m->no_memory;
}

static bool add_bitmap(struct model *m, const struct content *content, const struct entry *e, uint64_t *at)
{
	const uint8_t *bits = content->pages->data + (size_t)e->bitmap_page * content->pages->size;
	uint32_t bit = 0, end;

	/* bits are taken as a little-endian kernel takes them, whoever wrote them */
	while (bitmap_next_run(bits, (uint32_t)m->nbits, 0, &bit, &end)) {
		*at = e->offset + bit * m->unit;
		if (!add_range(m, *at, (end - bit) * m->unit))
			return false;
		bit = end;
	}
	return true;
}

int insert_content(const struct content *content, uint64_t start, uint64_t length, uint32_t sectorsize,
	enum insert_result *result, uint64_t *at, struct fsr_error *err)
{
	struct model m = {
		.start = start,
		.length = length,
		.unit = sectorsize,
		.nbits = (uint64_t)sectorsize * 8,
		.threshold = 32 * KIB / 2 / ENTRY_MEMORY,
	};
	bool going = true;

	for (size_t i = 0; i < content->count && going; i++) {
		const struct entry *e = &content->entries[content->order[i]];

		*at = e->offset;
		going = entry_is_bitmap(e) ? add_bitmap(&m, content, e, at)
					   : add_range(&m, e->offset, e->bytes);
	}
	if (going)
		model_trim(&m, at);
	for (size_t i = 0; i < m.count; i++)
		free(m.slots[i].bitmap);
	free(m.slots);
	*result = m.result;
	return m.no_memory ? fsr_fail_nomem(err) : 0;
}
