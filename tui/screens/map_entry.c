/* SPDX-License-Identifier: MIT */
#include "map_entry.h"

#include <string.h>

/* How far an entry is from speaking of the address. */
#define LISTED 0u
#define COULD_LIST 1u

/* Bits stand in words of the machine that wrote them: which byte of a bitmap holds bit `bit` (F-A4). */
static unsigned bit_byte(const struct fsr_cache *cache, uint64_t bit)
{
	const char *order = cache->bitmap_endianness;
	unsigned byte = (unsigned)(bit / 8);

	if (order && !strcmp(order, "be64"))
		return byte ^ 7u;
	return order && !strcmp(order, "be32") ? byte ^ 3u : byte;
}

static uint64_t from_extent(const struct fsr_cache_entry *entry, uint64_t address)
{
	if (address < entry->offset)
		return entry->offset - address + COULD_LIST;
	if (address - entry->offset < entry->bytes)
		return LISTED;
	return address - entry->offset - entry->bytes + 1 + COULD_LIST;
}

/* UINT64_MAX: the bitmap covers other addresses. *byte: within its page. */
static uint64_t from_bitmap(const struct fsr_cache *cache, const struct fsr_cache_entry *entry,
	uint32_t sectorsize, uint64_t address, unsigned *byte)
{
	uint64_t bit = (address - entry->offset) / sectorsize;
	const uint8_t *data;

	if (address < entry->offset || bit / 8 >= sectorsize || entry->bitmap_page >= cache->npages)
		return UINT64_MAX;
	data = cache->pages[entry->bitmap_page].data;
	*byte = bit_byte(cache, bit);
	return data && data[*byte] >> (bit % 8) & 1 ? LISTED : COULD_LIST;
}

/* The distance of entry i, and where in the pages it speaks. */
static uint64_t distance_of(const struct fsr_cache *cache, const struct fsr_cache_entry *entry,
	uint32_t sectorsize, uint64_t address, unsigned *page, unsigned *byte)
{
	*page = entry->bitmap_page ? entry->bitmap_page : entry->page;
	*byte = entry->byte;
	return entry->bitmap_page ? from_bitmap(cache, entry, sectorsize, address, byte)
				  : from_extent(entry, address);
}

bool map_entry_of(
	const struct fsr_cache *cache, uint32_t sectorsize, uint64_t address, unsigned *page, unsigned *byte)
{
	uint64_t best = UINT64_MAX;

	for (size_t i = 0; i < cache->nentries && best != LISTED; i++) {
		unsigned p, at;
		uint64_t distance = distance_of(cache, &cache->entries[i], sectorsize, address, &p, &at);

		if (distance >= best)
			continue;
		best = distance;
		*page = p;
		*byte = at;
	}
	return best != UINT64_MAX;
}

bool map_entry_listing(const struct fsr_cache *cache, uint32_t sectorsize, uint64_t address, size_t *entry,
	unsigned *page, unsigned *byte)
{
	for (*entry = 0; *entry < cache->nentries; ++*entry)
		if (distance_of(cache, &cache->entries[*entry], sectorsize, address, page, byte) == LISTED)
			return true;
	return false;
}
