/* SPDX-License-Identifier: MIT */
/*
 * A bitmap takes a page and one entry, and saves those of the ranges wholly inside its window. A range
 * that crosses a window's edge is one entry whatever becomes of the windows, so the savings don't depend on
 * each other: no choice of as many windows saves more than those with the most ranges.
 */
#include "windows.h"
#include "../../libfsread/format/error.h"

#include <inttypes.h>
#include <stdlib.h>

/* Pages that hold this many entries; UINT64_MAX where page 0 has no room for one. */
static uint64_t pages_for(const struct cache_shape *shape, uint64_t entries)
{
	uint64_t head = 4 * (uint64_t)shape->npages + 8, on_first, on_others;

	if (head + FREE_SPACE_ENTRY_SIZE > shape->sectorsize)
		return UINT64_MAX;
	on_first = (shape->sectorsize - head) / FREE_SPACE_ENTRY_SIZE;
	on_others = shape->sectorsize / FREE_SPACE_ENTRY_SIZE;
	return entries <= on_first ? 1 : 1 + (entries - on_first + on_others - 1) / on_others;
}

static void count_ranges(
	struct windows *windows, const struct cache_shape *shape, const struct free_range *ranges, size_t n)
{
	uint64_t span = 8 * (uint64_t)shape->sectorsize * shape->sectorsize;
	struct window *window = windows->list;

	for (size_t i = 0; i < windows->count; i++)
		window[i].start = shape->start + i * span;
	for (size_t i = 0; i < n; i++) {
		while (ranges[i].start - window->start >= span)
			window++;
		if (ranges[i].end - window->start > span)
			continue;
		if (!window->ranges++)
			window->first = i;
		window->bytes += ranges[i].end - ranges[i].start;
	}
}

/* Most ranges first; of equals the lower address. */
static int compare_windows(const void *a, const void *b)
{
	const struct window *x = *(struct window *const *)a, *y = *(struct window *const *)b;

	if (x->ranges != y->ranges)
		return x->ranges > y->ranges ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

static bool fits(struct windows *windows, const struct cache_shape *shape)
{
	windows->entry_pages = pages_for(shape, windows->entries);
	return windows->entry_pages <= shape->npages &&
	       windows->bitmaps <= shape->npages - windows->entry_pages;
}

static bool take_windows(struct windows *windows, const struct cache_shape *shape, struct window **order)
{
	for (size_t i = 0; i < windows->count; i++)
		order[i] = &windows->list[i];
	qsort(order, windows->count, sizeof(*order), compare_windows);
	for (size_t i = 0; i < windows->count && order[i]->ranges > 1; i++) {
		order[i]->bitmap = true;
		windows->bitmaps++;
		windows->entries -= order[i]->ranges - 1;
		if (fits(windows, shape))
			return true;
	}
	return false;
}

static int no_space(const struct cache_shape *shape, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_NO_SPACE, 0, shape->start,
		"the free space of block group %" PRIu64 " does not fit into a cache of %" PRIu32 " pages",
		shape->start, shape->npages);
}

int windows_choose(struct windows *windows, const struct cache_shape *shape, const struct free_range *ranges,
	size_t n, struct fsr_error *err)
{
	uint64_t span = 8 * (uint64_t)shape->sectorsize * shape->sectorsize;
	struct window **order;
	bool taken;

	*windows = (struct windows){.entries = n};
	if (fits(windows, shape))
		return 0;
	if (!n || pages_for(shape, 1) > shape->npages)
		return no_space(shape, err);
	windows->count = (size_t)((shape->length + span - 1) / span);
	windows->list = calloc(windows->count, sizeof(*windows->list));
	order = calloc(windows->count, sizeof(struct window *));
	if (windows->list && order) {
		count_ranges(windows, shape, ranges, n);
		taken = take_windows(windows, shape, order);
		free(order);
		if (taken)
			return 0;
		free(windows->list);
		return no_space(shape, err);
	}
	free(windows->list);
	free(order);
	return fsr_fail_nomem(err);
}
