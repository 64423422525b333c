/* SPDX-License-Identifier: MIT */
#include "cache_tree.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_INFO = 198, KEY_EXTENT = 199, KEY_BITMAP = 200 };
#define INFO_SIZE 8u

bool cache_tree_is_bitmap(const struct cache_tree_item *item)
{
	return item->key.type == KEY_BITMAP;
}

/* ---- bits */

struct runs {
	const uint8_t *bits;
	uint64_t nbits, base, sector;
};

static bool bit(const struct runs *runs, uint64_t i)
{
	return runs->bits[i / 8] >> (i % 8) & 1;
}

static int give_runs(const struct runs *runs, fsr_run_fn fn, void *arg)
{
	uint64_t at = 0, end;
	int ret = 0;

	while (!ret) {
		while (at < runs->nbits && !bit(runs, at))
			at++;
		if (at == runs->nbits)
			break;
		for (end = at; end < runs->nbits && bit(runs, end);)
			end++;
		ret = fn(arg, runs->base + at * runs->sector, (end - at) * runs->sector);
		at = end;
	}
	return ret;
}

/* An item that is too short for its range has fewer bits. */
static struct runs runs_of(const struct cache_tree *tree, const struct fsr_item *item)
{
	uint64_t nbits = item->key.offset / tree->sector;

	return (struct runs){item->data, nbits < item->size * UINT64_C(8) ? nbits : item->size * UINT64_C(8),
		item->key.objectid, tree->sector};
}

static int count_run(void *arg, uint64_t bytenr, uint64_t length)
{
	struct cache_tree_item *item = arg;

	(void)bytenr;
	item->runs++;
	item->bytes += length;
	return 0;
}

static struct cache_tree_item take(const struct cache_tree *tree, const struct fsr_item *from)
{
	struct cache_tree_item item = {.key = from->key, .leaf = from->leaf, .slot = from->slot};
	struct runs runs;

	if (from->key.type == KEY_EXTENT) {
		item.bytes = from->key.offset;
	} else if (from->key.type == KEY_BITMAP) {
		runs = runs_of(tree, from);
		give_runs(&runs, count_run, &item);
	}
	return item;
}

/* ---- the first look */

static void *grown(void *list, size_t n, size_t size)
{
	return n & (n - 1) ? list : reallocarray(list, n ? 2 * n : 1, size);
}

static bool add_piece(struct cache_tree *tree, const struct fsr_item *item)
{
	struct cache_tree_piece *last = tree->npieces ? &tree->pieces[tree->npieces - 1] : NULL;

	if (last && last->type == item->key.type && last->leaf == item->leaf) {
		last->last_slot = item->slot;
		return true;
	}
	last = grown(tree->pieces, tree->npieces, sizeof *tree->pieces);
	if (!last)
		return false;
	tree->pieces = last;
	tree->pieces[tree->npieces++] =
		(struct cache_tree_piece){item->key.type, item->leaf, item->slot, item->slot, tree->count};
	return true;
}

static bool add_mark(struct cache_tree *tree, const struct fsr_key *key)
{
	size_t n = tree->count / CACHE_TREE_WINDOW;
	struct fsr_key *marks;

	if (tree->count % CACHE_TREE_WINDOW)
		return true;
	marks = grown(tree->marks, n, sizeof *marks);
	if (!marks)
		return false;
	tree->marks = marks;
	tree->marks[n] = *key;
	return true;
}

static uint32_t little32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static int first_look(void *arg, const struct fsr_item *item)
{
	struct cache_tree *tree = arg;

	if (item->key.type < KEY_INFO || item->key.type > KEY_BITMAP)
		return 0;
	if (!add_piece(tree, item))
		return FSR_E_NOMEM;
	if (item->key.type == KEY_INFO) {
		if (tree->has_info || item->size < INFO_SIZE)
			return 0;
		tree->has_info = true;
		tree->info = take(tree, item);
		tree->extent_count = little32(item->data);
		tree->flags = little32(item->data + 4);
		return 0;
	}
	if (!add_mark(tree, &item->key))
		return FSR_E_NOMEM;
	tree->count++;
	tree->nbitmaps += item->key.type == KEY_BITMAP;
	tree->bytes += take(tree, item).bytes;
	return 0;
}

static int range(struct cache_tree *tree, const struct fsr_key *from, fsr_item_fn fn, struct fsr_error *err)
{
	const struct fsr_key to = {tree->group + tree->length - 1, KEY_BITMAP, UINT64_MAX};
	int ret = fsr_tree_range(tree->fs, "free-space", from, &to, fn, tree, err);

	return ret > 0 ? 0 : ret; /* parts that can't be read are findings */
}

int cache_tree_open(
	struct cache_tree *tree, struct fsr_fs *fs, const struct fsr_group *group, struct fsr_error *err)
{
	const struct fsr_key from = {group->bytenr, KEY_INFO, 0};

	*tree = (struct cache_tree){
		.fs = fs,
		.group = group->bytenr,
		.length = group->length,
		.sector = fsr_filesystem(fs)->sectorsize,
		.compare = group->free_space_tree.excess_bytes > 0,
	};
	tree->window = calloc(CACHE_TREE_WINDOW, sizeof *tree->window);
	if (!tree->window)
		return FSR_E_NOMEM;
	return range(tree, &from, first_look, err);
}

void cache_tree_free(struct cache_tree *tree)
{
	free(tree->pieces);
	free(tree->marks);
	free(tree->window);
	*tree = (struct cache_tree){0};
}

/* ---- windows */

static int fill_window(void *arg, const struct fsr_item *item)
{
	struct cache_tree *tree = arg;

	if (item->key.type != KEY_EXTENT && item->key.type != KEY_BITMAP)
		return 0;
	tree->window[tree->window_count++] = take(tree, item);
	return tree->window_count == CACHE_TREE_WINDOW;
}

/* Items are in address order and share nothing. */
static int add_excess(void *arg, const struct fsr_diff_range *diff)
{
	struct cache_tree *tree = arg;
	uint64_t end = diff->bytenr + diff->length;

	if (!diff->excess || !diff->free_space_tree)
		return 0;
	for (size_t i = 0; i < tree->window_count; i++) {
		struct cache_tree_item *item = &tree->window[i];
		uint64_t from = item->key.objectid, to = from + item->key.offset;

		if (from >= end)
			break;
		from = from > diff->bytenr ? from : diff->bytenr;
		to = to < end ? to : end;
		item->excess += from < to ? to - from : 0;
	}
	return 0;
}

const struct cache_tree_item *cache_tree_item(struct cache_tree *tree, size_t i)
{
	size_t window = i / CACHE_TREE_WINDOW;

	if (i >= tree->count)
		return NULL;
	if (!tree->window_count || tree->window_first != window * CACHE_TREE_WINDOW) {
		tree->window_first = window * CACHE_TREE_WINDOW;
		tree->window_count = 0;
		range(tree, &tree->marks[window], fill_window, NULL);
		if (tree->compare)
			fsr_diff(tree->fs, tree->group, add_excess, tree, NULL);
	}
	i -= tree->window_first;
	return i < tree->window_count ? &tree->window[i] : NULL;
}

struct run_call {
	const struct cache_tree *tree;
	fsr_run_fn fn;
	void *arg;
};

static int give_item_runs(void *arg, const struct fsr_item *item)
{
	const struct run_call *call = arg;
	struct runs runs = runs_of(call->tree, item);

	return give_runs(&runs, call->fn, call->arg);
}

int cache_tree_runs(struct cache_tree *tree, size_t i, fsr_run_fn fn, void *arg)
{
	const struct cache_tree_item *item = cache_tree_item(tree, i);
	struct run_call call = {tree, fn, arg};

	if (!item || !cache_tree_is_bitmap(item))
		return 0;
	return fsr_tree_range(tree->fs, "free-space", &item->key, &item->key, give_item_runs, &call, NULL);
}
