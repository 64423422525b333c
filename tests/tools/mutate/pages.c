/* SPDX-License-Identifier: MIT */
/* The cache file: its pages, checksum slots and stamps. */
#include "mutate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PAGES 4096

/* What the walk for a cache's extents carries. */
struct transfer {
	const struct cache *cache;
	bool write;
};

static void transfer_extent(void *arg, struct key key, const uint8_t *data, uint32_t size)
{
	const struct transfer *transfer = arg;
	const struct cache *cache = transfer->cache;
	uint64_t room = (uint64_t)cache->pages * cache->page_size, length;

	if (key.objectid != cache->inode || key.type != TYPE_EXTENT_DATA || key.offset >= room)
		return;
	if (data[20] == 0) {
		length = size - 21 < room ? size - 21 : room;
		if (transfer->write)
			die("an inline cache can't be written");
		memcpy(cache->bytes, data + 21, length);
		return;
	}
	length = get(data + 45, 8);
	if (length > room - key.offset)
		length = room - key.offset;
	if (get(data + 21, 8) == 0)
		return;
	if (transfer->write)
		logical_write(cache->image, get(data + 21, 8) + get(data + 37, 8), cache->bytes + key.offset,
			length);
	else
		logical_read(cache->image, get(data + 21, 8) + get(data + 37, 8), cache->bytes + key.offset,
			length);
}

void cache_load(struct image *image, uint64_t group, struct cache *cache)
{
	struct path *path = calloc(1, sizeof(*path));
	struct transfer transfer;

	if (!path)
		die("out of memory");
	memset(cache, 0, sizeof(*cache));
	transfer = (struct transfer){cache, false};
	cache->image = image;
	cache->group = group;
	cache->page_size = image->sectorsize;
	header_find(image, group, path);
	cache->inode = get(item_data(path), 8);
	cache->generation = get(item_data(path) + 17, 8);
	cache->entries = get(item_data(path) + 25, 8);
	cache->bitmaps = get(item_data(path) + 33, 8);
	tree_need(image, 1, (struct key){cache->inode, TYPE_INODE, 0}, path);
	cache->size = get(item_data(path) + 16, 8);
	free(path);
	if (cache->size == 0 || cache->size > (uint64_t)MAX_PAGES * cache->page_size)
		die("cache file of %llu bytes", (unsigned long long)cache->size);
	cache->pages = (unsigned)((cache->size + cache->page_size - 1) / cache->page_size);
	cache->bytes = calloc(cache->pages, cache->page_size);
	if (!cache->bytes)
		die("out of memory");
	tree_walk(image, 1, transfer_extent, &transfer);
}

void cache_free(struct cache *cache)
{
	free(cache->bytes);
}

uint8_t *cache_page(const struct cache *cache, uint64_t page)
{
	if (page >= cache->pages)
		die("the cache of %llu has %u pages", (unsigned long long)cache->group, cache->pages);
	return cache->bytes + page * cache->page_size;
}

static uint32_t page_crc(const struct cache *cache, unsigned page)
{
	size_t skip = page == 0 ? 4 * (size_t)cache->pages : 0;

	if (skip > cache->page_size)
		die("no room for %u checksum slots", cache->pages);
	return crc32c_of(cache_page(cache, page) + skip, cache->page_size - skip);
}

void cache_mend(const struct cache *cache, unsigned page)
{
	if (cache->image->mend)
		put(cache->bytes + 4 * (size_t)page, 4, page_crc(cache, page));
}

void cache_save(const struct cache *cache)
{
	struct transfer transfer = {cache, true};
	struct path *path = calloc(1, sizeof(*path));

	if (!path)
		die("out of memory");
	tree_walk(cache->image, 1, transfer_extent, &transfer);
	header_find(cache->image, cache->group, path);
	if (get(item_data(path) + 25, 8) != cache->entries ||
		get(item_data(path) + 33, 8) != cache->bitmaps) {
		put(item_data(path) + 25, 8, cache->entries);
		put(item_data(path) + 33, 8, cache->bitmaps);
		leaf_save(cache->image, path);
	}
	free(path);
}

static void page_edit(struct image *image, uint64_t group, unsigned page, uint32_t offset, unsigned size,
	struct edit edit, bool mend)
{
	struct cache cache;

	cache_load(image, group, &cache);
	if (offset > cache.page_size - size)
		die("offset %u lies outside the page", offset);
	apply_edit(cache_page(&cache, page) + offset, size, edit);
	if (mend)
		cache_mend(&cache, page);
	cache_save(&cache);
	cache_free(&cache);
}

static void op_page(struct image *image, char **args)
{
	uint32_t offset;
	unsigned size;

	parse_place(args[2], &offset, &size);
	page_edit(image, number(args[0]), (unsigned)number(args[1]), offset, size, parse_edit(args[3]), true);
}

static void op_page_zero(struct image *image, char **args)
{
	struct cache cache;

	cache_load(image, number(args[0]), &cache);
	memset(cache_page(&cache, number(args[1])), 0, cache.page_size);
	cache_mend(&cache, (unsigned)number(args[1]));
	cache_save(&cache);
	cache_free(&cache);
}

static void op_crc(struct image *image, char **args)
{
	page_edit(image, number(args[0]), 0, (uint32_t)(4 * number(args[1])), 4, parse_edit(args[2]), false);
}

static void op_stamp(struct image *image, char **args)
{
	struct cache cache;

	cache_load(image, number(args[0]), &cache);
	page_edit(image, cache.group, 0, 4 * cache.pages, 8, parse_edit(args[1]), true);
	cache_free(&cache);
}

static void op_stamps(struct image *image, char **args)
{
	struct path *path = calloc(1, sizeof(*path));
	uint64_t group = number(args[0]);
	struct key inode = {header_inode(image, group), TYPE_INODE, 0};

	if (!path)
		die("out of memory");
	op_stamp(image, args);
	header_find(image, group, path);
	apply_edit(item_data(path) + 17, 8, parse_edit(args[1]));
	leaf_save(image, path);
	tree_need(image, 1, inode, path);
	apply_edit(item_data(path), 8, parse_edit(args[1]));
	leaf_save(image, path);
	free(path);
}

/* The cache moves into one page in its file extent item. */
static void op_extent_inline(struct image *image, char **args)
{
	struct path *path = calloc(1, sizeof(*path));
	uint8_t item[21 + MAX_NODE] = {0};
	struct entries entries;
	struct cache cache;
	struct key key;

	if (!path)
		die("out of memory");
	cache_load(image, number(args[0]), &cache);
	entries_load(&cache, &entries);
	cache.pages = 1;
	entries_lay_out(&cache, &entries);
	key = (struct key){cache.inode, TYPE_INODE, 0};
	tree_need(image, 1, key, path);
	put(item_data(path) + 16, 8, cache.page_size);
	leaf_save(image, path);
	key.type = TYPE_EXTENT_DATA;
	put(item, 8, cache.generation);
	put(item + 8, 8, cache.page_size);
	memcpy(item + 21, cache.bytes, cache.page_size);
	item_delete(image, 1, key);
	item_insert(image, 1, key, item, 21 + cache.page_size);
	entries_free(&entries);
	cache_free(&cache);
	free(path);
}

/* As Linux 2.6.37 to 3.0 wrote it: page 0's checksum leaves the generation out, unused pages have none. */
static void op_format_a(struct image *image, char **args)
{
	struct path *path = calloc(1, sizeof(*path));
	struct entries entries;
	struct cache cache;
	size_t skip;
	unsigned used;

	if (!path)
		die("out of memory");
	cache_load(image, number(args[0]), &cache);
	entries_load(&cache, &entries);
	used = entries.list[entries.count - 1].page + 1 + (unsigned)cache.bitmaps;
	skip = 4 * (size_t)cache.pages + 8;
	memset(cache.bytes + 4 * (size_t)used, 0, 4 * (size_t)(cache.pages - used));
	put(cache.bytes, 4, crc32c_of(cache.bytes + skip, cache.page_size - skip));
	cache_save(&cache);
	tree_need(image, 1, (struct key){cache.inode, TYPE_INODE, 0}, path);
	put(item_data(path) + 64, 8, 0x19);
	leaf_save(image, path);
	entries_free(&entries);
	cache_free(&cache);
	free(path);
}

static void list_header(void *arg, struct key key, const uint8_t *data, uint32_t size)
{
	if (key.objectid == FREE_SPACE_ID && key.type == TYPE_UNTYPED && size == 41)
		printf("header group %llu inode %llu generation %llu entries %llu bitmaps %llu\n",
			(unsigned long long)key.offset, (unsigned long long)get(data, 8),
			(unsigned long long)get(data + 17, 8), (unsigned long long)get(data + 25, 8),
			(unsigned long long)get(data + 33, 8));
	(void)arg;
}

static void list_group(void *arg, struct key key, const uint8_t *data, uint32_t size)
{
	if (key.type == TYPE_BLOCK_GROUP && size >= 24)
		printf("group %llu length %llu used %llu flags %llu\n", (unsigned long long)key.objectid,
			(unsigned long long)key.offset, (unsigned long long)get(data, 8),
			(unsigned long long)get(data + 16, 8));
	(void)arg;
}

static void list_leaves(const struct image *image, uint64_t bytenr)
{
	uint8_t *block = malloc(MAX_NODE);

	if (!block)
		die("out of memory");
	block_read(image, bytenr, block);
	if (block[100] == 0)
		printf("%llu\n", (unsigned long long)bytenr);
	else
		for (uint64_t i = 0; i < get(block + 96, 4); i++)
			list_leaves(image, get(block + 101 + 33 * i + 17, 8));
	free(block);
}

static void op_leaves(struct image *image, char **args)
{
	list_leaves(image, tree_root(image, tree_number(args[0])));
}

static void op_list(struct image *image, char **args)
{
	(void)args;
	printf("super generation %llu cache_generation %lld nodesize %u sectorsize %u\n",
		(unsigned long long)get(image->super + 0x48, 8), (long long)get(image->super + 0x22b, 8),
		image->nodesize, image->sectorsize);
	tree_walk(image, 2, list_group, NULL);
	tree_walk(image, 1, list_header, NULL);
}

const struct op page_ops[] = {
	{"page", 4, op_page, "BG PAGE OFF[/SIZE] VALUE: bytes of a cache page"},
	{"page-zero", 2, op_page_zero, "BG PAGE: clears a cache page"},
	{"crc", 3, op_crc, "BG PAGE VALUE: a page's checksum slot"},
	{"stamp", 2, op_stamp, "BG VALUE: the generation in page 0"},
	{"stamps", 2, op_stamps, "BG VALUE: the generations of header, inode and page 0"},
	{"extent-inline", 1, op_extent_inline, "BG: the cache, cut to one page, becomes an inline extent"},
	{"format-a", 1, op_format_a, "BG: as the first kernels wrote it (flags and checksums)"},
	{"leaves", 1, op_leaves, "TREE: prints the addresses of a tree's leaves"},
	{"list", 0, op_list, "prints superblock, block groups and headers"},
	{NULL, 0, NULL, NULL},
};
