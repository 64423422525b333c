/* SPDX-License-Identifier: MIT */
/* cache: one block group's cache in full. */
#include "cache_text.h"
#include "document.h"
#include "image.h"
#include "message.h"
#include "output.h"
#include "report/report.h"
#include "text.h"

static int put_label(void *arg, const struct fsr_label *label)
{
	json_put(arg, NULL, report_label(label));
	return output_stopped();
}

static int put_run(void *arg, uint64_t bytenr, uint64_t length)
{
	json_put(arg, NULL, report_run(bytenr, length));
	return output_stopped();
}

static void put_page(struct json_stream *json, const struct settings *settings, const struct fsr_fs *fs,
	const struct fsr_cache *cache, size_t i)
{
	const struct fsr_cache_page *page = &cache->pages[i];

	if (!settings->hex) {
		json_put(json, NULL, report_cache_page(page));
		return;
	}
	json_open(json, NULL, '{');
	json_put_members(json, report_cache_page(page));
	json_put(json, "raw",
		page->data ? report_hex(page->data, fsr_filesystem(fs)->sectorsize) : json_null());
	json_open(json, "labels", '[');
	if (page->data)
		fsr_cache_labels(fs, cache, i, put_label, json);
	json_close(json, ']');
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

static void cache_json(const struct settings *settings, struct fsr_fs *fs, const struct fsr_cache *cache,
	const struct finding_list *findings)
{
	const char format[2] = {cache->group.has_cache ? cache->group.cache.format : 0, 0};
	struct json_stream json;

	document_open(&json, settings, fs);
	json_put(&json, "block_group", report_group(&cache->group));
	json_put(&json, "header", report_cache_header(cache));
	json_put(&json, "inode", report_cache_inode(cache));
	put_extents(&json, cache);
	json_put(&json, "format", report_word(format[0] ? format : NULL));
	json_put(&json, "bitmap_endianness", report_word(cache->bitmap_endianness));
	json_open(&json, "pages", '[');
	for (size_t i = 0; i < cache->npages && !output_stopped(); i++)
		put_page(&json, settings, fs, cache, i);
	json_close(&json, ']');
	json_open(&json, "entries", '[');
	for (size_t i = 0; i < cache->nentries && !output_stopped(); i++)
		put_entry(&json, fs, cache, i);
	json_close(&json, ']');
	document_findings(&json, findings);
	document_close(&json, NULL);
}

static void show(const struct settings *settings, struct fsr_fs *fs, const struct fsr_cache *cache)
{
	struct finding_list findings = {0};

	finding_list_add(&findings, cache->group.findings, cache->group.nfindings);
	finding_list_add_filesystem(&findings, fs);
	if (settings->format == FORMAT_JSON) {
		cache_json(settings, fs, cache, &findings);
	} else {
		put_head(settings, fs, settings->operands[0]);
		cache_print(settings, fs, cache);
		finding_list_print_section(settings, &findings);
	}
	finding_list_free(&findings);
}

int cmd_cache(const struct settings *settings)
{
	struct fsr_error err = {.bytenr = FSR_NO_BYTENR};
	struct fsr_fs *fs = image_open_only(settings);
	struct fsr_cache *cache = NULL;

	if (!fs)
		return STATUS_TROUBLE;
	int ret = fsr_cache_open(fs, settings->group.value, &cache, &err);
	if (ret == 0)
		show(settings, fs, cache);
	else
		complain_error(settings->operands[0], &err);
	fsr_cache_free(cache);
	fsr_close(fs);
	return ret ? STATUS_TROUBLE : STATUS_CLEAN;
}
