/* SPDX-License-Identifier: MIT */
/* A cache file as a list of entries, and back. */
#include "mutate.h"

#include <stdlib.h>
#include <string.h>

#define ENTRY_SIZE 17

bool is_bitmap(const struct entry *entry)
{
	return entry->type != 1;
}

struct entry *entries_push(struct entries *entries)
{
	if (entries->count == entries->room) {
		entries->room = entries->room ? 2 * entries->room : 256;
		entries->list = realloc(entries->list, entries->room * sizeof(*entries->list));
		if (!entries->list)
			die("out of memory");
	}
	memset(&entries->list[entries->count], 0, sizeof(*entries->list));
	return &entries->list[entries->count++];
}

void entries_free(struct entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		free(entries->list[i].bitmap);
	free(entries->list);
}

uint8_t *bitmap_new(const struct cache *cache, const uint8_t *from)
{
	uint8_t *bitmap = calloc(1, cache->page_size);

	if (!bitmap)
		die("out of memory");
	if (from)
		memcpy(bitmap, from, cache->page_size);
	return bitmap;
}

/* Entries follow each other; a page is closed when no whole entry fits any more. */
static void step_entry(const struct cache *cache, unsigned *page, uint32_t *byte)
{
	*byte += ENTRY_SIZE;
	if (*byte + ENTRY_SIZE > cache->page_size) {
		++*page;
		*byte = 0;
	}
}

void entries_load(const struct cache *cache, struct entries *entries)
{
	uint32_t byte = 4 * cache->pages + 8;
	unsigned page = 0;

	memset(entries, 0, sizeof(*entries));
	if (byte + ENTRY_SIZE > cache->page_size)
		die("no room for entries");
	for (uint64_t i = 0; i < cache->entries; i++) {
		const uint8_t *at = cache_page(cache, page) + byte;
		struct entry *entry = entries_push(entries);

		entry->offset = get(at, 8);
		entry->bytes = get(at + 8, 8);
		entry->type = at[16];
		entry->page = page;
		entry->byte = byte;
		step_entry(cache, &page, &byte);
	}
	if (byte > 0)
		page++;
	for (size_t i = 0; i < entries->count; i++)
		if (is_bitmap(&entries->list[i]))
			entries->list[i].bitmap = bitmap_new(cache, cache_page(cache, page++));
}

void entries_lay_out(struct cache *cache, const struct entries *entries)
{
	uint32_t byte = 4 * cache->pages + 8;
	unsigned page = 0;

	memset(cache->bytes, 0, (size_t)cache->pages * cache->page_size);
	put(cache->bytes + 4 * (size_t)cache->pages, 8, cache->generation);
	cache->entries = entries->count;
	cache->bitmaps = 0;
	for (size_t i = 0; i < entries->count; i++) {
		uint8_t *at = cache_page(cache, page) + byte;

		put(at, 8, entries->list[i].offset);
		put(at + 8, 8, entries->list[i].bytes);
		at[16] = entries->list[i].type;
		step_entry(cache, &page, &byte);
	}
	if (byte > 0)
		page++;
	for (size_t i = 0; i < entries->count; i++) {
		if (!is_bitmap(&entries->list[i]))
			continue;
		memcpy(cache_page(cache, page++), entries->list[i].bitmap, cache->page_size);
		cache->bitmaps++;
	}
	for (page = 0; page < cache->pages; page++)
		cache_mend(cache, page);
}
