/* SPDX-License-Identifier: MIT */
#include "export.h"

static int put_label(void *arg, const struct fsr_label *label)
{
	struct json_stream *json = arg;

	json_put(json, NULL, report_label(label));
	return json_stopped(json);
}

static int put_run(void *arg, uint64_t bytenr, uint64_t length)
{
	struct json_stream *json = arg;

	json_put(json, NULL, report_run(bytenr, length));
	return json_stopped(json);
}

/* The page's bytes and what they are. */
static void put_hex(
	struct json_stream *json, const struct fsr_fs *fs, const struct fsr_cache *cache, size_t i)
{
	const struct fsr_cache_page *page = &cache->pages[i];

	json_put(json, "raw",
		page->data ? report_hex(page->data, fsr_filesystem(fs)->sectorsize) : json_null());
	json_open(json, "labels", '[');
	if (page->data)
		fsr_cache_labels(fs, cache, i, put_label, json);
	json_close(json, ']');
}

static void put_page(struct json_stream *json, const struct fsr_fs *fs, const struct fsr_cache *cache,
	size_t i, bool hex, bool copies)
{
	json_open(json, NULL, '{');
	json_put_members(json, report_cache_page(&cache->pages[i]));
	if (copies)
		json_put(json, "copies", report_cache_copies(fs, cache, i));
	if (hex)
		put_hex(json, fs, cache, i);
	json_close(json, '}');
}

static void put_entry(
	struct json_stream *json, const struct fsr_fs *fs, const struct fsr_cache *cache, size_t i)
{
	json_open(json, NULL, '{');
	json_put_members(json, report_cache_entry(&cache->entries[i]));
	json_open(json, "runs", '[');
	if (cache->entries[i].bitmap_readable)
		fsr_cache_runs(fs, cache, i, put_run, json);
	json_close(json, ']');
	json_close(json, '}');
}

/* A lawful cache has one extent; what lies behind it in a damaged one is not lost. */
static void put_extents(struct json_stream *json, const struct fsr_cache *cache)
{
	json_put(json, "extent", cache->nextents ? report_cache_extent(&cache->extents[0]) : json_null());
	json_open(json, "more_extents", '[');
	for (size_t i = 1; i < cache->nextents; i++)
		json_put(json, NULL, report_cache_extent(&cache->extents[i]));
	json_close(json, ']');
}

static void put_pages(struct json_stream *json, const struct fsr_fs *fs, const struct fsr_cache *cache,
	bool hex, bool copies)
{
	json_open(json, "pages", '[');
	for (size_t i = 0; i < cache->npages && !json_stopped(json); i++)
		put_page(json, fs, cache, i, hex, copies);
	json_close(json, ']');
}

void export_cache(struct json_stream *json, const struct fsr_fs *fs, const struct fsr_cache *cache, bool hex,
	bool copies)
{
	json_put(json, "block_group", report_group(&cache->group));
	json_put(json, "header", report_cache_header(cache));
	json_put(json, "inode", report_cache_inode(cache));
	put_extents(json, cache);
	json_put(json, "format", report_cache_format(&cache->group));
	json_put(json, "bitmap_endianness", report_word(cache->bitmap_endianness));
	put_pages(json, fs, cache, hex, copies);
	json_open(json, "entries", '[');
	for (size_t i = 0; i < cache->nentries && !json_stopped(json); i++)
		put_entry(json, fs, cache, i);
	json_close(json, ']');
}
