/* SPDX-License-Identifier: MIT */
#include "cache_excess.h"

#include <stdlib.h>

struct excess {
	struct cache_notes *notes;
	uint32_t *order; /* entries by offset */
	size_t nbitmaps; /* at most as many as there are pages */
	uint32_t *bitmaps;
};

static int by_offset(const void *a, const void *b, void *arg)
{
	const struct fsr_cache_entry *entries = arg;
	const struct fsr_cache_entry *x = &entries[*(const uint32_t *)a], *y = &entries[*(const uint32_t *)b];

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* How many entries begin at or before the address. */
static size_t begin_up_to(const struct excess *x, uint64_t address)
{
	size_t low = 0, high = x->notes->cache->nentries;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (x->notes->cache->entries[x->order[middle]].offset <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * The entry that covers the address: mostly the last that begins before it. Extents lie within the reach of
 * bitmaps, and a few overlap in a cache that is wrong; further back than this none is looked for.
 */
static size_t covering(const struct excess *x, uint64_t address, size_t up_to)
{
	const struct fsr_cache *cache = x->notes->cache;

	for (size_t i = up_to; i > 0 && up_to - i < 64; i--)
		if (cache->entries[x->order[i - 1]].type == 1 &&
			cache_entry_covers(&cache->entries[x->order[i - 1]], x->notes->sector, address))
			return x->order[i - 1];
	for (size_t i = 0; i < x->nbitmaps; i++)
		if (cache_entry_covers(&cache->entries[x->bitmaps[i]], x->notes->sector, address))
			return x->bitmaps[i];
	return SIZE_MAX;
}

/* A range may go over the ends of entries: each gets its part. */
static int add_excess(void *arg, const struct fsr_diff_range *range)
{
	struct excess *x = arg;
	const struct fsr_cache *cache = x->notes->cache;
	uint64_t at = range->bytenr, end = range->bytenr + range->length;

	while (range->excess && !range->free_space_tree && at < end) {
		size_t up_to = begin_up_to(x, at), entry = covering(x, at, up_to);
		uint64_t until = end, rest;

		if (entry != SIZE_MAX) {
			rest = cache_entry_span(&cache->entries[entry], x->notes->sector) -
			       (at - cache->entries[entry].offset);
			until = rest < end - at ? at + rest : end;
		}
		if (up_to < cache->nentries && cache->entries[x->order[up_to]].offset < until)
			until = cache->entries[x->order[up_to]].offset;
		if (entry != SIZE_MAX)
			x->notes->excess[entry] += until - at;
		at = until;
	}
	return 0;
}

static enum fsr_severity excess_severity(const struct fsr_group *group)
{
	for (size_t i = 0; i < group->nfindings; i++)
		if (group->findings[i].code == FSR_FINDING_CONTENT_EXCESS ||
			group->findings[i].code == FSR_FINDING_CONTENT_MISPLACED)
			return group->findings[i].severity;
	return group->nfindings ? group->findings[0].severity : FSR_SEVERITY_NOTE;
}

static void index_entries(struct excess *x)
{
	const struct fsr_cache *cache = x->notes->cache;

	for (size_t i = 0; i < cache->nentries; i++) {
		x->order[i] = (uint32_t)i;
		if (cache->entries[i].bitmap_page && x->nbitmaps < cache->npages)
			x->bitmaps[x->nbitmaps++] = (uint32_t)i;
	}
	qsort_r(x->order, cache->nentries, sizeof *x->order, by_offset, cache->entries);
}

int cache_excess_make(struct cache_notes *notes, struct fsr_fs *fs, struct fsr_error *err)
{
	const struct fsr_cache *cache = notes->cache;
	struct excess x = {
		.notes = notes,
		.order = calloc(cache->nentries, sizeof *x.order),
		.bitmaps = calloc(cache->npages + 1, sizeof *x.bitmaps),
	};
	int ret = FSR_E_NOMEM;

	notes->excess = calloc(cache->nentries, sizeof *notes->excess);
	notes->excess_severity = excess_severity(&cache->group);
	if (x.order && x.bitmaps && notes->excess) {
		index_entries(&x);
		ret = fsr_diff(fs, cache->group.bytenr, add_excess, &x, err);
	}
	free(x.order);
	free(x.bitmaps);
	return ret;
}
