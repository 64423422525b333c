/* SPDX-License-Identifier: MIT */
#include "map_store.h"

#include <stdlib.h>
#include <string.h>

/* Frees the passes that have ended, whose results nobody wants. */
static void bury(struct map_store *store)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < store->nstopped; i++) {
		struct map_pass *pass = store->stopped[i];
		struct map_part *part;

		while ((part = map_pass_take(pass)))
			free(part);
		if (map_pass_done(pass))
			map_pass_end(pass);
		else
			store->stopped[kept++] = pass;
	}
	store->nstopped = kept;
}

/* Stops the pass without waiting for it, unless many are being waited for already. */
static void stop(struct map_store *store)
{
	if (!store->pass)
		return;
	map_pass_stop(store->pass);
	bury(store);
	if (store->nstopped == MAP_STOPPED_MAX) {
		map_pass_end(store->stopped[0]);
		memmove(store->stopped, store->stopped + 1, (MAP_STOPPED_MAX - 1) * sizeof *store->stopped);
		store->nstopped--;
	}
	store->stopped[store->nstopped++] = store->pass;
	store->pass = NULL;
}

void map_store_forget(struct map_store *store)
{
	stop(store);
	free(store->cells);
	free(store->facts);
	store->cells = NULL;
	store->facts = NULL;
	store->first = store->count = 0;
	store->ngroups = 0;
}

void map_store_read(struct map_store *store, struct fsr_fs *fs, const struct map_shape *shape, uint64_t first,
	uint64_t count, uint64_t begin, unsigned threads)
{
	map_store_forget(store);
	if (!count)
		return;
	store->cells = calloc(count, sizeof *store->cells);
	store->facts = calloc(shape->count, sizeof *store->facts);
	if (store->cells && store->facts)
		store->pass = map_pass_start(fs, shape, first, count, begin, threads);
	if (!store->pass) {
		map_store_forget(store);
		return;
	}
	store->first = first;
	store->count = count;
	store->ngroups = shape->count;
}

static void take(struct map_store *store, const struct map_part *part)
{
	memcpy(store->cells + (part->first - store->first), part->cells, part->count * sizeof *part->cells);
	store->facts[part->group] = part->facts;
}

bool map_store_update(struct map_store *store)
{
	struct map_part *part;
	bool changed = false;

	bury(store);
	if (!store->pass)
		return false;
	while ((part = map_pass_take(store->pass))) {
		take(store, part);
		free(part);
		changed = true;
	}
	if (!map_pass_done(store->pass))
		return changed;
	map_pass_end(store->pass);
	store->pass = NULL;
	return true;
}

bool map_store_holds(const struct map_store *store, uint64_t first, uint64_t count)
{
	return first >= store->first && first - store->first <= store->count &&
	       count <= store->count - (first - store->first);
}

struct map_cell map_store_cell(const struct map_store *store, uint64_t cell)
{
	return map_store_holds(store, cell, 1) ? store->cells[cell - store->first] : (struct map_cell){0};
}

struct map_facts map_store_facts(const struct map_store *store, uint64_t cell, size_t group)
{
	bool held = map_store_holds(store, cell, 1) && group < store->ngroups;

	return held ? store->facts[group] : (struct map_facts){0};
}

void map_store_close(struct map_store *store)
{
	map_store_forget(store);
	for (unsigned i = 0; i < store->nstopped; i++)
		map_pass_end(store->stopped[i]);
	store->nstopped = 0;
}
