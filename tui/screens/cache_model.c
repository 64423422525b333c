/* SPDX-License-Identifier: MIT */
#include "cache_model.h"

#include <stdlib.h>
#include <string.h>

#define RUNS (sizeof((struct cache_model *)NULL)->runs / sizeof *((struct cache_model *)NULL)->runs)
#define COUNTED (sizeof((struct cache_model *)NULL)->counted / sizeof *((struct cache_model *)NULL)->counted)

/* ---- opening */

static unsigned byte_of_item(struct fsr_fs *fs, uint64_t leaf, unsigned slot)
{
	struct fsr_block *block = NULL;
	struct fsr_item item;
	unsigned byte = 0;

	if (fsr_block_open(fs, leaf, FSR_ANY_COPY, &block, NULL))
		return 0;
	if (block->lawful && block->level == 0 && fsr_block_item(block, slot, &item))
		byte = (unsigned)(item.data - block->data);
	fsr_block_free(block);
	return byte;
}

static bool index_bitmaps(struct cache_model *model)
{
	const struct fsr_cache *cache = model->cache;

	model->bitmap_entry = calloc(cache->npages + 1, sizeof *model->bitmap_entry);
	if (!model->bitmap_entry)
		return false;
	for (size_t i = 0; i < cache->npages; i++)
		model->bitmap_entry[i] = UINT32_MAX;
	for (size_t i = 0; i < cache->nentries; i++)
		if (cache->entries[i].bitmap_page && cache->entries[i].bitmap_page < cache->npages)
			model->bitmap_entry[cache->entries[i].bitmap_page] = (uint32_t)i;
	return true;
}

static bool same_copy(const struct cache_model *model, unsigned copy, uint8_t *buffer)
{
	for (size_t i = 0; i < model->cache->npages; i++) {
		const struct fsr_cache_page *page = &model->cache->pages[i];

		if (page->kind != FSR_PAGE_UNREADABLE && page->bytenr != FSR_NO_BYTENR &&
			(fsr_read(model->fs, page->bytenr, model->sector, copy, buffer, NULL) ||
				memcmp(buffer, page->data, model->sector) != 0))
			return false;
	}
	return true;
}

/* Of several copies one was judged, and its bytes are in the cache: another may differ, or be unreadable. */
static void find_copy(struct cache_model *model)
{
	unsigned copies = model->cache->npages ? fsr_copies(model->fs, model->cache->pages[0].bytenr) : 0;
	uint8_t *buffer = copies > 1 ? malloc(model->sector) : NULL;

	for (unsigned copy = 0; buffer && copy < copies; copy++) {
		if (!same_copy(model, copy, buffer))
			continue;
		model->copy = copy;
		break;
	}
	free(buffer);
}

static int open_parts(struct cache_model *model, struct fsr_error *err)
{
	const struct fsr_cache *cache = model->cache;
	int ret = cache_notes_make(&model->notes, model->fs, cache, err);

	if (!ret && !index_bitmaps(model))
		ret = FSR_E_NOMEM;
	if (!ret && model->v2)
		ret = cache_tree_open(&model->tree, model->fs, &cache->group, err);
	find_copy(model);
	if (cache->has_header)
		model->header_byte = byte_of_item(model->fs, cache->header_leaf, cache->header_slot);
	if (cache->has_inode)
		model->inode_byte = byte_of_item(model->fs, cache->inode_leaf, cache->inode_slot);
	return ret;
}

int cache_model_open(
	struct cache_model *model, struct fsr_fs *fs, uint64_t group, bool v2, struct fsr_error *err)
{
	int ret;

	*err = (struct fsr_error){.code = FSR_E_NOMEM, .bytenr = FSR_NO_BYTENR, .text = "memory ran out"};
	*model = (struct cache_model){
		.fs = fs, .sector = fsr_filesystem(fs)->sectorsize, .v2 = v2, .run_entry = SIZE_MAX};
	ret = fsr_cache_open(fs, group, &model->cache, err);
	if (!ret)
		ret = open_parts(model, err);
	if (ret)
		cache_model_close(model);
	return ret;
}

void cache_model_close(struct cache_model *model)
{
	cache_notes_free(&model->notes);
	cache_tree_free(&model->tree);
	fsr_cache_free(model->cache);
	free(model->bitmap_entry);
	*model = (struct cache_model){.run_entry = SIZE_MAX};
}

/* ---- entries */

size_t cache_model_count(const struct cache_model *model)
{
	if (!model->cache)
		return 0;
	return model->v2 ? model->tree.count : model->cache->nentries;
}

static bool tree_space(struct cache_model *model, size_t i, struct cache_space *space)
{
	const struct cache_tree_item *item = cache_tree_item(&model->tree, i);

	if (!item)
		return false;
	*space = (struct cache_space){
		.offset = item->key.objectid,
		.bytes = item->bytes,
		.span = item->key.offset,
		.bitmap = cache_tree_is_bitmap(item),
		.readable = cache_tree_is_bitmap(item),
		.leaf = item->leaf,
		.slot = item->slot,
		.excess = item->excess,
		.severity = -1,
	};
	if (item->excess)
		space->severity = (int)FSR_SEVERITY_DANGER;
	return true;
}

bool cache_model_space(struct cache_model *model, size_t i, struct cache_space *space)
{
	const struct fsr_cache_entry *entry;

	if (i >= cache_model_count(model))
		return false;
	if (model->v2)
		return tree_space(model, i, space);
	entry = &model->cache->entries[i];
	*space = (struct cache_space){
		.offset = entry->offset,
		.bytes = entry->bytes,
		.span = cache_entry_span(entry, model->sector),
		.bitmap = entry->type != 1,
		.readable = entry->bitmap_readable,
		.type = entry->type,
		.page = entry->page,
		.byte = entry->byte,
		.bitmap_page = entry->bitmap_page,
		.excess = cache_note_excess(&model->notes, i),
		.finding = cache_note_at(&model->notes, CACHE_AT_ENTRY, i),
		.severity = cache_note_severity(&model->notes, CACHE_AT_ENTRY, i),
	};
	return true;
}

size_t cache_model_at(struct cache_model *model, uint64_t address)
{
	size_t low = 0, high = cache_model_count(model);
	const struct cache_tree_item *item;

	if (!model->cache)
		return SIZE_MAX;
	if (!model->v2)
		return cache_entry_at(model->cache, model->sector, address);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		item = cache_tree_item(&model->tree, middle);
		if (!item)
			return SIZE_MAX;
		if (item->key.objectid > address)
			high = middle;
		else if (address - item->key.objectid < item->key.offset)
			return middle;
		else
			low = middle + 1;
	}
	return SIZE_MAX;
}

/* ---- runs */

static int runs_of(struct cache_model *model, size_t i, fsr_run_fn fn, void *arg)
{
	return model->v2 ? cache_tree_runs(&model->tree, i, fn, arg)
			 : fsr_cache_runs(model->fs, model->cache, i, fn, arg);
}

struct count {
	size_t runs;
	uint64_t bytes;
};

static int count_run(void *arg, uint64_t bytenr, uint64_t length)
{
	struct count *count = arg;

	(void)bytenr;
	count->runs++;
	count->bytes += length;
	return 0;
}

size_t cache_model_runs(struct cache_model *model, size_t i, uint64_t *bytes)
{
	struct count count = {0};
	size_t at = i % COUNTED;

	if (!model->counted[at].known || model->counted[at].entry != i) {
		runs_of(model, i, count_run, &count);
		model->counted[at].known = true;
		model->counted[at].entry = i;
		model->counted[at].runs = count.runs;
		model->counted[at].bytes = count.bytes;
	}
	*bytes = model->counted[at].bytes;
	return model->counted[at].runs;
}

struct window {
	struct cache_model *model;
	size_t skip;
};

static int fill_window(void *arg, uint64_t bytenr, uint64_t length)
{
	struct window *window = arg;
	struct cache_model *model = window->model;

	if (window->skip) {
		window->skip--;
		return 0;
	}
	model->runs[model->run_count++] = (struct cache_run){bytenr, length};
	return model->run_count == RUNS;
}

bool cache_model_run(struct cache_model *model, size_t i, size_t run, struct cache_run *out)
{
	if (model->run_entry != i || run < model->run_first || run - model->run_first >= model->run_count) {
		struct window window = {model, run - run % (RUNS / 2)};

		model->run_entry = i;
		model->run_first = window.skip;
		model->run_count = 0;
		runs_of(model, i, fill_window, &window);
	}
	if (run - model->run_first >= model->run_count)
		return false;
	*out = model->runs[run - model->run_first];
	return true;
}

struct seek {
	uint64_t address;
	size_t run;
};

static int seek_run(void *arg, uint64_t bytenr, uint64_t length)
{
	struct seek *seek = arg;

	if (bytenr + length > seek->address)
		return 1;
	seek->run++;
	return 0;
}

size_t cache_model_run_at(struct cache_model *model, size_t i, uint64_t address)
{
	struct seek seek = {address, 0};

	runs_of(model, i, seek_run, &seek);
	return seek.run;
}
