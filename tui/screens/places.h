/* SPDX-License-Identifier: MIT */
/*
 * Where things lie: items of trees, entries of caches, ranges that differ. All of these read from the image
 * (a few blocks, or one cache) and answer false where there is no such place, or no image. *place comes in as
 * where one is; what a place says nothing of stays.
 */
#ifndef TUI_SCREENS_PLACES_H
#define TUI_SCREENS_PLACES_H

#include "../model/tab.h"

/* Types of keys that hold what findings are about, and objectids. */
enum {
	ITEM_UNTYPED = 0,
	ITEM_INODE = 1,
	ITEM_FILE_EXTENT = 108,
	ITEM_ROOT = 132,
	ITEM_BLOCK_GROUP = 192,
	ITEM_FREE_SPACE_INFO = 198,
	ITEM_CHUNK = 228,
};
#define ITEM_ANY 255u /* the first item of that objectid */
#define CHUNK_OBJECTID UINT64_C(256)
#define FREE_SPACE_OBJECTID (-UINT64_C(11))

/* The first item of that objectid and type (offset at least `offset`) in the tree of this name. */
bool place_of_item(const struct tab *tab, const char *tree, uint64_t objectid, unsigned type, uint64_t offset,
	struct place *place);
/* The inode item of a cache, its header item, and the block group item. */
bool place_of_inode(const struct tab *tab, uint64_t inode, struct place *place);
bool place_of_header(const struct tab *tab, uint64_t group, struct place *place);
bool place_of_group_item(const struct tab *tab, const struct fsr_group *group, struct place *place);
/* The first byte of a tree block, whatever is there. */
void place_of_block(uint64_t bytenr, unsigned copy, struct place *place);
/* Byte of a page of the group's cache. */
void place_of_page(const struct fsr_group *group, unsigned page, unsigned byte, struct place *place);
/* Entry i of the cache: where its 17 bytes lie (F-A4). */
bool place_of_entry(const struct tab *tab, const struct fsr_group *group, uint64_t i, struct place *place);
/* The entry that begins at an address, else the first that lists it: its bytes, or of a bitmap the bit's
 * byte. */
bool place_of_entry_at(
	const struct tab *tab, const struct fsr_group *group, uint64_t address, struct place *place);
/* The first range that differs: excess where there is any. In Map, or in Diff for a report. */
bool place_of_difference(const struct tab *tab, const struct fsr_group *group, struct place *place);
void place_of_address(uint64_t group, uint64_t address, struct place *place);
/* The same with every sector a cell. */
void place_of_sector(uint64_t group, uint64_t address, struct place *place);
/* The superblock in use, in Tree; byte of one copy of it, in Bytes. */
void place_of_super(struct place *place);
bool place_of_mirror(
	const struct tab *tab, uint64_t devid, uint64_t mirror, unsigned byte, struct place *place);

#endif
