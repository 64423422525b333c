/* SPDX-License-Identifier: MIT */
/* Damage to the pages of a cache, their checksums made good (mostly). */
#include "hostile.h"

#include <stdio.h>

static const struct field entry_fields[] = {
	{0, 8, "entry offset"}, {8, 8, "entry bytes"}, {16, 1, "entry type"}};

static void spoil_bytes(struct hostile *h, const struct cache *cache)
{
	size_t used = cache->page_size * (size_t)(1 + pick(h, 2) * pick(h, cache->pages));
	size_t from = 4 * (size_t)cache->pages;
	uint64_t n = 1 + pick(h, 64);

	for (uint64_t i = 0; i < n; i++)
		cache->bytes[from + pick(h, used - from)] = (uint8_t)pick(h, 256);
	printf("cache of %llu: %llu random bytes\n", (unsigned long long)cache->group, (unsigned long long)n);
}

static void spoil_entries(struct hostile *h, const struct cache *cache)
{
	size_t first = 4 * (size_t)cache->pages + 8;
	uint64_t room = (cache->page_size - first) / 17;
	uint64_t n = cache->entries && cache->entries < room ? cache->entries : room;

	for (uint64_t i = 0, rounds = 1 + pick(h, 3); i < rounds; i++)
		spoil(h, cache->bytes + first + 17 * pick(h, n), &entry_fields[pick(h, 3)], "cache of",
			cache->group);
}

void damage_cache(struct hostile *h)
{
	static const struct field stamp = {0, 8, "page generation"};
	const struct item_ref *header = item_of_type(h, TYPE_UNTYPED);
	uint64_t kind = pick(h, 8);
	struct cache cache;

	if (!header) {
		printf("no cache\n");
		return;
	}
	cache_load(&h->image, header->key.offset, &cache);
	if (kind == 0)
		spoil(h, cache.bytes + 4 * (size_t)cache.pages, &stamp, "cache of", cache.group);
	else if (kind <= 2)
		spoil_bytes(h, &cache);
	else
		spoil_entries(h, &cache);
	h->image.mend = pick(h, 8) != 0;
	for (unsigned i = 0; i < cache.pages; i++)
		cache_mend(&cache, i);
	h->image.mend = true;
	cache_save(&cache);
	cache_free(&cache);
}
