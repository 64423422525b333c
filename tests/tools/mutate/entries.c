/* SPDX-License-Identifier: MIT */
/* Ops on entries and bitmaps: in place, or with the whole file laid out anew. */
#include "mutate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Loads cache and entries for an op. */
static void begin(struct image *image, const char *group, struct cache *cache, struct entries *entries)
{
	cache_load(image, number(group), cache);
	entries_load(cache, entries);
}

static void end(struct cache *cache, struct entries *entries, bool store)
{
	if (store) {
		entries_lay_out(cache, entries);
		cache_save(cache);
	}
	entries_free(entries);
	cache_free(cache);
}

static struct entry *entry_number(struct entries *entries, const char *text)
{
	uint64_t k = number(text);

	if (k >= entries->count)
		die("there are %zu entries", entries->count);
	return &entries->list[k];
}

static void op_entry(struct image *image, char **args)
{
	static const struct {
		const char *name;
		unsigned offset, size;
	} fields[] = {{"offset", 0, 8}, {"bytes", 8, 8}, {"type", 16, 1}};
	struct entries entries;
	struct cache cache;
	struct entry *entry;
	unsigned field = 0;

	while (field < 3 && strcmp(args[2], fields[field].name) != 0)
		field++;
	if (field == 3)
		die("no field '%s'", args[2]);
	begin(image, args[0], &cache, &entries);
	entry = entry_number(&entries, args[1]);
	apply_edit(cache_page(&cache, entry->page) + entry->byte + fields[field].offset, fields[field].size,
		parse_edit(args[3]));
	cache_mend(&cache, entry->page);
	cache_save(&cache);
	end(&cache, &entries, false);
}

static void op_entry_add(struct image *image, char **args)
{
	struct entries entries;
	struct cache cache;
	struct entry *entry;

	begin(image, args[0], &cache, &entries);
	entry = entries_push(&entries);
	entry->offset = number(args[1]);
	entry->bytes = number(args[2]);
	entry->type = (uint8_t)number(args[3]);
	if (is_bitmap(entry))
		entry->bitmap = bitmap_new(&cache, NULL);
	end(&cache, &entries, true);
}

static void op_entry_drop(struct image *image, char **args)
{
	struct entries entries;
	struct cache cache;
	struct entry *entry;

	begin(image, args[0], &cache, &entries);
	entry = entry_number(&entries, args[1]);
	free(entry->bitmap);
	memmove(entry, entry + 1, (size_t)(entries.list + --entries.count - entry) * sizeof(*entry));
	end(&cache, &entries, true);
}

static void split(struct entries *entries, size_t k, uint64_t bytes)
{
	struct entry *tail = entries_push(entries), *entry = &entries->list[k];

	if (is_bitmap(entry) || bytes == 0 || bytes >= entry->bytes)
		die("entry %zu can't be split at %llu", k, (unsigned long long)bytes);
	memmove(entry + 2, entry + 1, (size_t)(tail - entry - 1) * sizeof(*entry));
	entry[1] = (struct entry){.offset = entry->offset + bytes, .bytes = entry->bytes - bytes, .type = 1};
	entry->bytes = bytes;
}

static void op_entry_split(struct image *image, char **args)
{
	struct entries entries;
	struct cache cache;

	begin(image, args[0], &cache, &entries);
	split(&entries, (size_t)(entry_number(&entries, args[1]) - entries.list), number(args[2]));
	end(&cache, &entries, true);
}

static void op_entry_swap(struct image *image, char **args)
{
	struct entry *one, *other, kept;
	struct entries entries;
	struct cache cache;

	begin(image, args[0], &cache, &entries);
	one = entry_number(&entries, args[1]);
	other = entry_number(&entries, args[2]);
	kept = *one;
	*one = *other;
	*other = kept;
	end(&cache, &entries, true);
}

static void op_entries_fill(struct image *image, char **args)
{
	struct entries entries;
	struct cache cache;
	uint64_t want = number(args[1]);

	begin(image, args[0], &cache, &entries);
	if (entries.count > want)
		die("there are %zu entries already", entries.count);
	for (size_t k = 0; entries.count < want; k++) {
		if (k == entries.count)
			die("%zu entries are all there can be", entries.count);
		while (entries.count < want && !is_bitmap(&entries.list[k]) &&
			entries.list[k].bytes > cache.page_size)
			split(&entries, k++, cache.page_size);
	}
	end(&cache, &entries, true);
}

static struct entry *bitmap_number(struct entries *entries, const char *text)
{
	uint64_t k = number(text);

	for (size_t i = 0; i < entries->count; i++)
		if (is_bitmap(&entries->list[i]) && k-- == 0)
			return &entries->list[i];
	die("there is no bitmap %s", text);
}

static void op_bitmap(struct image *image, char **args)
{
	struct entries entries;
	struct cache cache;
	struct entry *entry;
	uint64_t bit = number(args[2]);

	begin(image, args[0], &cache, &entries);
	entry = bitmap_number(&entries, args[1]);
	if (bit >= 8 * (uint64_t)cache.page_size)
		die("bit %llu", (unsigned long long)bit);
	entry->bitmap[bit / 8] = (uint8_t)(entry->bitmap[bit / 8] & ~(1U << bit % 8));
	if (number(args[3]))
		entry->bitmap[bit / 8] = (uint8_t)(entry->bitmap[bit / 8] | 1U << bit % 8);
	end(&cache, &entries, true);
}

/* In place, whatever stands behind the entries' last page. */
static void op_bitmap_byte(struct image *image, char **args)
{
	uint64_t k = number(args[1]), byte = number(args[2]);
	struct entries entries;
	struct cache cache;
	unsigned page;

	begin(image, args[0], &cache, &entries);
	bitmap_number(&entries, args[1]);
	page = entries.list[entries.count - 1].page + 1 + (unsigned)k;
	if (byte >= cache.page_size)
		die("byte %llu", (unsigned long long)byte);
	apply_edit(cache_page(&cache, page) + byte, 1, parse_edit(args[3]));
	cache_mend(&cache, page);
	cache_save(&cache);
	end(&cache, &entries, false);
}

static void op_bitmap_swap(struct image *image, char **args)
{
	struct entries entries;
	struct cache cache;
	unsigned word = (unsigned)number(args[1]);

	if (word != 4 && word != 8)
		die("words of 4 or 8 bytes");
	begin(image, args[0], &cache, &entries);
	for (size_t i = 0; i < entries.count; i++)
		for (uint32_t at = 0; entries.list[i].bitmap && at < cache.page_size; at++) {
			uint8_t *bytes = entries.list[i].bitmap, kept = bytes[at];
			uint32_t other = at - at % word + word - 1 - at % word;

			if (other > at) {
				bytes[at] = bytes[other];
				bytes[other] = kept;
			}
		}
	end(&cache, &entries, true);
}

/* The part of extent k that lies in the window goes into the bitmap, what is left stays. */
static void into_bitmap(struct entries *entries, size_t k, const struct cache *cache, struct entry *bitmap)
{
	uint64_t unit = cache->page_size, window = 8 * unit * unit;
	struct entry *entry = &entries->list[k];

	if (entry->offset < bitmap->offset && entry->offset + entry->bytes > bitmap->offset) {
		split(entries, k, bitmap->offset - entry->offset);
		return;
	}
	if (entry->offset < bitmap->offset || entry->offset >= bitmap->offset + window)
		return;
	if (entry->offset + entry->bytes > bitmap->offset + window) {
		split(entries, k, bitmap->offset + window - entry->offset);
		entry = &entries->list[k];
	}
	for (uint64_t at = entry->offset; at < entry->offset + entry->bytes; at += unit) {
		uint64_t bit = (at - bitmap->offset) / unit;

		bitmap->bitmap[bit / 8] = (uint8_t)(bitmap->bitmap[bit / 8] | 1U << bit % 8);
	}
	bitmap->bytes += entry->bytes;
	entry->bytes = 0;
}

static void op_to_bitmap(struct image *image, char **args)
{
	struct entry bitmap = {.type = 2};
	struct entries entries;
	struct cache cache;
	size_t kept = 0;

	begin(image, args[0], &cache, &entries);
	bitmap.bitmap = bitmap_new(&cache, NULL);
	bitmap.offset = cache.group + number(args[1]) * 8 * cache.page_size * cache.page_size;
	for (size_t k = 0; k < entries.count; k++)
		if (!is_bitmap(&entries.list[k]))
			into_bitmap(&entries, k, &cache, &bitmap);
	for (size_t k = 0; k < entries.count; k++)
		if (is_bitmap(&entries.list[k]) || entries.list[k].bytes)
			entries.list[kept++] = entries.list[k];
	entries.count = kept;
	*entries_push(&entries) = bitmap;
	end(&cache, &entries, true);
}

/* The same entries in a file of another i_size, and so with another number of checksum slots. */
static void op_resize(struct image *image, char **args)
{
	struct path *path = calloc(1, sizeof(*path));
	uint64_t size = number(args[1]);
	struct entries entries;
	struct cache cache;

	if (!path)
		die("out of memory");
	begin(image, args[0], &cache, &entries);
	free(cache.bytes);
	cache.pages = (unsigned)((size + cache.page_size - 1) / cache.page_size);
	cache.bytes = calloc(cache.pages, cache.page_size);
	if (!cache.bytes)
		die("out of memory");
	tree_need(image, 1, (struct key){cache.inode, TYPE_INODE, 0}, path);
	put(item_data(path) + 16, 8, size);
	leaf_save(image, path);
	end(&cache, &entries, true);
	free(path);
}

static void op_show(struct image *image, char **args)
{
	struct entries entries;
	struct cache cache;

	begin(image, args[0], &cache, &entries);
	printf("cache group %llu inode %llu generation %llu pages %u entries %llu bitmaps %llu\n",
		(unsigned long long)cache.group, (unsigned long long)cache.inode,
		(unsigned long long)cache.generation, cache.pages, (unsigned long long)cache.entries,
		(unsigned long long)cache.bitmaps);
	for (size_t i = 0; i < entries.count; i++) {
		const struct entry *entry = &entries.list[i];

		printf("entry %zu page %u byte %u offset %llu bytes %llu type %u\n", i, entry->page,
			entry->byte, (unsigned long long)entry->offset, (unsigned long long)entry->bytes,
			entry->type);
	}
	end(&cache, &entries, false);
}

const struct op entry_ops[] = {
	{"entry", 4, op_entry, "BG K offset|bytes|type VALUE: in place"},
	{"entry-add", 4, op_entry_add, "BG OFFSET BYTES TYPE: at the end; a bitmap starts empty"},
	{"entry-drop", 2, op_entry_drop, "BG K"},
	{"entry-split", 3, op_entry_split, "BG K BYTES: BYTES and the rest, as two extents"},
	{"entry-swap", 3, op_entry_swap, "BG K K: changes their order"},
	{"entries-fill", 2, op_entries_fill, "BG COUNT: splits extents until there are COUNT entries"},
	{"bitmap", 4, op_bitmap, "BG K BIT 0|1: a bit of the K-th bitmap"},
	{"bitmap-byte", 4, op_bitmap_byte, "BG K BYTE VALUE: a byte of the K-th bitmap's page, in place"},
	{"bitmap-swap", 2, op_bitmap_swap, "BG 4|8: all bitmaps as a big-endian machine writes them"},
	{"to-bitmap", 2, op_to_bitmap, "BG WINDOW: the extents in the WINDOW-th 128 MiB become a bitmap"},
	{"resize", 2, op_resize, "BG SIZE: lays the entries out for a file of SIZE bytes"},
	{"show", 1, op_show, "BG: prints the cache's entries"},
	{NULL, 0, NULL, NULL},
};
