/* SPDX-License-Identifier: MIT */
/* Which entry of a cache speaks of an address. */
#ifndef TUI_SCREENS_MAP_ENTRY_H
#define TUI_SCREENS_MAP_ENTRY_H

#include "../../libfsread/fsread.h"

/*
 * Where in the cache's pages the address is listed: an entry's first byte, or the byte of a bitmap. Where it
 * is not: the byte of the bitmap that could, else the nearest extent entry. false: it has no entries.
 */
bool map_entry_of(
	const struct fsr_cache *cache, uint32_t sectorsize, uint64_t address, unsigned *page, unsigned *byte);

/* The first entry in disk order that lists the address as free, and where it says so. false: none does. */
bool map_entry_listing(const struct fsr_cache *cache, uint32_t sectorsize, uint64_t address, size_t *entry,
	unsigned *page, unsigned *byte);

#endif
