/* SPDX-License-Identifier: MIT */
/*
 * Ranges to pages (F-A4). Entries come sorted and none touches another: a range that lies wholly in the
 * window of a bitmap is in the bitmap's bits, any other is an extent of its own, also where it reaches into
 * such a window.
 */
#include "pages.h"
#include "../../libfsread/format/crc32c.h"
#include "../../libfsread/format/error.h"
#include "windows.h"

#include <endian.h>
#include <stdlib.h>

uint64_t cache_file_bytes(uint64_t length, uint32_t sectorsize)
{
	uint64_t quanta = length / (256 * MIB), pages = 16 * (quanta ? quanta : 1);

	/* page 0 must hold the crc slots and the generation */
	if (length < CACHE_MIN_GROUP || pages > (sectorsize - 8) / 4)
		return 0;
	return pages * sectorsize;
}

/* Where the next entry and the next bitmap go. */
struct writer {
	const struct cache_shape *shape;
	uint8_t *pages;
	uint8_t *at, *page_end; /* of the page that takes entries */
	uint8_t *bitmap;        /* the next bitmap's page */
};

static void store32(uint8_t *p, uint32_t value)
{
	value = htole32(value);
	memcpy(p, &value, sizeof value);
}

static void store64(uint8_t *p, uint64_t value)
{
	value = htole64(value);
	memcpy(p, &value, sizeof value);
}

static void start_pages(struct writer *w, uint64_t bitmaps_from)
{
	const struct cache_shape *shape = w->shape;
	size_t stamp = 4 * (size_t)shape->npages;

	memset(w->pages, 0, (size_t)shape->npages * shape->sectorsize);
	store64(w->pages + stamp, shape->generation);
	w->at = w->pages + stamp + 8;
	w->page_end = w->pages + shape->sectorsize;
	w->bitmap = w->pages + bitmaps_from * shape->sectorsize;
}

static void put_entry(struct writer *w, uint64_t offset, uint64_t bytes, uint8_t type)
{
	if (w->page_end - w->at < (ptrdiff_t)FREE_SPACE_ENTRY_SIZE) {
		w->at = w->page_end;
		w->page_end += w->shape->sectorsize;
	}
	store64(w->at, offset);
	store64(w->at + 8, bytes);
	w->at[16] = type;
	w->at += FREE_SPACE_ENTRY_SIZE;
}

/* Sets bits [from, to), least significant first. */
static void set_bits(uint8_t *bits, uint64_t from, uint64_t to)
{
	uint8_t *first = bits + from / 8, *last = bits + (to - 1) / 8;
	uint8_t head = (uint8_t)(0xff << (from & 7)), tail = (uint8_t)(0xff >> (7 - ((to - 1) & 7)));

	if (first == last) {
		*first |= head & tail;
		return;
	}
	*first |= head;
	*last |= tail;
	memset(first + 1, 0xff, (size_t)(last - first - 1));
}

/* The entry and the bits of a window; answers the range behind its last. */
static size_t put_bitmap(
	struct writer *w, const struct window *window, const struct free_range *ranges, size_t i)
{
	unsigned shift = (unsigned)__builtin_ctz(w->shape->sectorsize);
	size_t end = i + window->ranges;

	put_entry(w, window->start, window->bytes, FREE_SPACE_ENTRY_BITMAP);
	for (; i < end; i++)
		set_bits(w->bitmap, (ranges[i].start - window->start) >> shift,
			(ranges[i].end - window->start) >> shift);
	w->bitmap += w->shape->sectorsize;
	return end;
}

static void put_ranges(
	struct writer *w, const struct windows *windows, const struct free_range *ranges, size_t n)
{
	const struct window *window = windows->list, *end = window + windows->count;

	for (size_t i = 0; i < n;) {
		while (window < end && !window->bitmap)
			window++;
		if (window < end && window->first == i)
			i = put_bitmap(w, window++, ranges, i);
		else
			for (size_t stop = window < end ? window->first : n; i < stop; i++)
				put_entry(w, ranges[i].start, ranges[i].end - ranges[i].start,
					FREE_SPACE_ENTRY_EXTENT);
	}
}

/* Slot i is page i's crc; page 0's leaves the slots themselves out. */
static void seal_pages(const struct cache_shape *shape, uint8_t *pages)
{
	size_t size = shape->sectorsize, slots = 4 * (size_t)shape->npages;

	for (uint32_t i = 1; i < shape->npages; i++)
		store32(pages + 4 * (size_t)i, crc32c(0, pages + i * size, size));
	store32(pages, crc32c(0, pages + slots, size - slots));
}

int cache_fill_pages(const struct cache_shape *shape, const struct free_range *ranges, size_t n,
	uint8_t *pages, uint64_t *entries, uint64_t *bitmaps, struct fsr_error *err)
{
	struct writer w = {.shape = shape, .pages = pages};
	struct windows windows;
	int ret = windows_choose(&windows, shape, ranges, n, err);

	if (ret)
		return ret;
	start_pages(&w, windows.entry_pages);
	put_ranges(&w, &windows, ranges, n);
	seal_pages(shape, pages);
	*entries = windows.entries;
	*bitmaps = windows.bitmaps;
	free(windows.list);
	return 0;
}
