/* SPDX-License-Identifier: MIT */
#include "places.h"

#include "map_entry.h"

#include "map.h"

#define ENTRY_SIZE 17u
#define CRC_SIZE 4u
#define GENERATION_SIZE 8u

static void to_tree(struct place *place, uint64_t block, unsigned slot, unsigned byte)
{
	place->screen = SCREEN_TREE;
	place->target = TARGET_BLOCK;
	place->block = block;
	place->slot = slot;
	place->byte = byte;
	place->page = place->copy = 0;
}

void place_of_block(uint64_t bytenr, unsigned copy, struct place *place)
{
	to_tree(place, bytenr, 0, 0);
	place->copy = copy;
}

void place_of_super(struct place *place)
{
	to_tree(place, 0, 0, 0);
	place->target = TARGET_SUPER;
}

bool place_of_mirror(
	const struct tab *tab, uint64_t devid, uint64_t mirror, unsigned byte, struct place *place)
{
	size_t i = 0, n = tab_has_image(tab) ? fsr_mirror_count(tab->fs) : 0;

	while (i < n && (fsr_mirror(tab->fs, i)->devid != devid || fsr_mirror(tab->fs, i)->index != mirror))
		i++;
	if (i == n)
		return false;
	place_of_super(place);
	place->screen = SCREEN_BYTES;
	place->copy = (unsigned)i;
	place->byte = byte;
	return true;
}

void place_of_address(uint64_t group, uint64_t address, struct place *place)
{
	place->screen = SCREEN_MAP;
	place->target = TARGET_NONE;
	place->group = group;
	place->address = address;
	place->detail = 0;
}

void place_of_sector(uint64_t group, uint64_t address, struct place *place)
{
	place_of_address(group, address, place);
	place->detail = map_detail(MAP_GROUP, 1); /* cells are never less than a sector */
}

/* ---- items */

static bool is_wanted(const struct fsr_item *item, uint64_t objectid, unsigned type)
{
	return item->key.objectid == objectid && (type == ITEM_ANY || item->key.type == type);
}

bool place_of_item(const struct tab *tab, const char *tree, uint64_t objectid, unsigned type, uint64_t offset,
	struct place *place)
{
	struct fsr_key key = {objectid, (uint8_t)(type == ITEM_ANY ? 0 : type), offset};
	struct fsr_error err;
	struct fsr_tree root;
	struct fsr_path path;
	struct fsr_block *block;
	struct fsr_item item;
	bool found;

	if (!tab_has_image(tab) || fsr_tree_find(tab->fs, tree, &root, &err) ||
		fsr_tree_seek(tab->fs, &root, &key, &path, &err) ||
		fsr_block_open(tab->fs, path.bytenr[0], FSR_ANY_COPY, &block, &err))
		return false;
	found = fsr_block_item(block, path.slot[0], &item) && is_wanted(&item, objectid, type);
	if (found)
		to_tree(place, block->bytenr, path.slot[0], (unsigned)(item.data - block->data));
	fsr_block_free(block);
	return found;
}

bool place_of_inode(const struct tab *tab, uint64_t inode, struct place *place)
{
	return place_of_item(tab, "root", inode, ITEM_INODE, 0, place);
}

bool place_of_header(const struct tab *tab, uint64_t group, struct place *place)
{
	struct place header = *place;

	if (!place_of_item(tab, "root", FREE_SPACE_OBJECTID, ITEM_UNTYPED, group, &header))
		return false;
	*place = header;
	return true;
}

bool place_of_group_item(const struct tab *tab, const struct fsr_group *group, struct place *place)
{
	return place_of_item(tab, "block-group", group->bytenr, ITEM_BLOCK_GROUP, 0, place) ||
	       place_of_item(tab, "extent", group->bytenr, ITEM_BLOCK_GROUP, 0, place);
}

/* ---- caches */

void place_of_page(const struct fsr_group *group, unsigned page, unsigned byte, struct place *place)
{
	place->screen = SCREEN_BYTES;
	place->target = TARGET_CACHE;
	place->group = place->address = group->bytenr;
	place->page = page;
	place->byte = byte;
	place->copy = 0;
}

bool place_of_entry(const struct tab *tab, const struct fsr_group *group, uint64_t i, struct place *place)
{
	uint64_t size = tab->facts.sectorsize, pages = group->cache.pages;
	uint64_t from = CRC_SIZE * pages + GENERATION_SIZE, first, each = size / ENTRY_SIZE;

	if (!pages || pages > size || from > size)
		return false;
	first = (size - from) / ENTRY_SIZE;
	if (i < first)
		place_of_page(group, 0, (unsigned)(from + i * ENTRY_SIZE), place);
	else if ((i - first) / each < pages - 1)
		place_of_page(group, (unsigned)((i - first) / each + 1),
			(unsigned)((i - first) % each * ENTRY_SIZE), place);
	else
		return false;
	return true;
}

/* The entry that begins at an address, else the first that lists it. */
static bool find_entry(const struct tab *tab, const struct fsr_cache *cache, uint64_t address, size_t *entry,
	unsigned *page, unsigned *byte)
{
	for (*entry = 0; *entry < cache->nentries; ++*entry) {
		const struct fsr_cache_entry *e = &cache->entries[*entry];

		*page = e->page;
		*byte = e->byte;
		if (e->offset == address)
			return true;
	}
	return map_entry_listing(cache, tab->facts.sectorsize, address, entry, page, byte);
}

bool place_of_entry_at(
	const struct tab *tab, const struct fsr_group *group, uint64_t address, struct place *place)
{
	struct fsr_cache *cache;
	struct fsr_error err;
	unsigned page, byte;
	size_t entry;
	bool found;

	if (!tab_has_image(tab) || fsr_cache_open(tab->fs, group->bytenr, &cache, &err))
		return false;
	found = find_entry(tab, cache, address, &entry, &page, &byte);
	if (found)
		place_of_page(group, page, byte, place);
	fsr_cache_free(cache);
	return found;
}

/* ---- differences */

struct first {
	bool found, excess;
	uint64_t address;
};

/* The first excess range, or else the first one at all. */
static int take_range(void *arg, const struct fsr_diff_range *range)
{
	struct first *first = arg;

	if (!first->found || (range->excess && !first->excess))
		*first = (struct first){true, range->excess, range->bytenr};
	return first->excess;
}

static void take_recorded(const struct report_image *image, uint64_t group, struct first *first)
{
	for (size_t i = 0; i < image->nranges && !first->excess; i++)
		if (image->ranges[i].block_group == group)
			take_range(first, &image->ranges[i]);
}

bool place_of_difference(const struct tab *tab, const struct fsr_group *group, struct place *place)
{
	struct first first = {0};
	struct fsr_error err;

	if (tab->kind == TAB_REPORT)
		take_recorded(tab->image, group->bytenr, &first);
	else if (tab_has_image(tab))
		fsr_diff(tab->fs, group->bytenr, take_range, &first, &err);
	if (!first.found)
		return false;
	place_of_sector(group->bytenr, first.address, place);
	if (tab->kind == TAB_REPORT)
		place->screen = SCREEN_DIFF;
	return true;
}
