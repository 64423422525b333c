/* SPDX-License-Identifier: MIT */
/*
 * The caches' contents: what the extent tree of this commit leaves free, which is settled and on the
 * overlays by now (F-B7 step 6). Workers take block groups side by side; what they make goes onto the
 * overlays afterwards, since these are read meanwhile.
 */
#include "../cache/pages.h"
#include "commit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#define FILLERS_MAX 8u

/* One cache: its group, and the pages as they come. */
struct filling {
	struct trans_group *group;
	uint8_t *pages;
	uint64_t entries, bitmaps;
};

struct filler {
	struct commit *c;
	pthread_mutex_t lock;
	size_t next, count;
	struct filling *list;
	struct fsr_error err; /* of the first that failed */
};

struct range_list {
	struct free_range *ranges;
	size_t count, room;
};

static int add_range(void *arg, uint64_t start, uint64_t end, bool excess)
{
	struct range_list *list = arg;

	(void)excess;
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 1024;
		struct free_range *grown = reallocarray(list->ranges, room, sizeof *grown);

		if (!grown)
			return FSR_E_NOMEM;
		list->ranges = grown;
		list->room = room;
	}
	list->ranges[list->count++] = (struct free_range){start, end};
	return 0;
}

/* Free ranges of the block group by the new extent tree, whose total Linux will hold against its own (F-A6).
 */
static int find_free(struct commit *c, struct cursor *cursor, const struct trans_group *g,
	struct range_list *list, struct fsr_error *err)
{
	struct extent_scan scan;
	int ret;

	list->count = 0;
	ret = free_ranges(&c->trans, g, cursor, add_range, list, &scan, err);
	if (ret)
		return ret;
	if (scan.hidden || scan.used != g->used ||
		scan.free_bytes != g->facts->length - g->used - g->facts->excluded_bytes)
		return fsr_fail(err, FSR_E_REFUSED, 0, g->facts->bytenr,
			"block group %" PRIu64 ": %" PRIu64 " bytes are in use by its extents, %" PRIu64
			" by its item; repair the filesystem first",
			g->facts->bytenr, scan.used, g->used);
	return 0;
}

static int fill_one(struct filler *f, struct filling *one, struct cursor *cursor, struct range_list *list,
	struct fsr_error *err)
{
	const struct trans *t = &f->c->trans;
	const struct trans_group *g = one->group;
	uint32_t sector = t->volume->fs.sectorsize;
	const struct cache_shape shape = {
		.start = g->facts->bytenr,
		.length = g->facts->length,
		.sectorsize = sector,
		.npages = (uint32_t)(g->result.cache_bytes / sector),
		.generation = t->generation,
	};
	int ret = find_free(f->c, cursor, g, list, err);

	if (ret)
		return ret;
	one->pages = malloc(g->result.cache_bytes);
	if (!one->pages)
		return fsr_fail_nomem(err);
	return cache_fill_pages(
		&shape, list->ranges, list->count, one->pages, &one->entries, &one->bitmaps, err);
}

static struct filling *take(struct filler *f)
{
	struct filling *one = NULL;

	pthread_mutex_lock(&f->lock);
	if (!f->err.code && f->next < f->count)
		one = &f->list[f->next++];
	pthread_mutex_unlock(&f->lock);
	return one;
}

static void *fill_some(void *arg)
{
	struct filler *f = arg;
	struct range_list list = {0};
	struct filling *one;
	struct fsr_error err = {0};
	struct cursor cursor;

	cursor_init(&cursor, f->c->trans.volume, &f->c->trans.extents.root);
	while ((one = take(f))) {
		if (!fill_one(f, one, &cursor, &list, &err))
			continue;
		pthread_mutex_lock(&f->lock);
		if (!f->err.code)
			f->err = err;
		pthread_mutex_unlock(&f->lock);
	}
	cursor_free(&cursor);
	free(list.ranges);
	return NULL;
}

static void fill_all(struct filler *f, unsigned threads)
{
	pthread_t ids[FILLERS_MAX];
	unsigned started = 0;

	while (started + 1 < threads && !pthread_create(&ids[started], NULL, fill_some, f))
		started++;
	fill_some(f);
	for (unsigned i = 0; i < started; i++)
		pthread_join(ids[i], NULL);
}

/* Everything at once would need twice the memory of all caches, so that each is let go as it is put away. */
static int put_away(struct filler *f, struct fsr_error *err)
{
	struct commit *c = f->c;
	int ret = 0;

	for (size_t i = 0; i < f->count && !ret; i++) {
		struct filling *one = &f->list[i];
		struct fsw_group *result = &one->group->result;

		ret = cache_finish(&c->trans, one->group, one->entries, one->bitmaps, err);
		if (!ret)
			ret = commit_each_copy(c, result->cache_bytenr, one->pages, result->cache_bytes,
				place_on_overlay, NULL, err);
		free(one->pages);
		one->pages = NULL;
	}
	return ret;
}

static unsigned thread_count(const struct fsw_options *options)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned n = options->threads ? options->threads : online > 0 ? (unsigned)online : 1;

	return n < FILLERS_MAX ? n : FILLERS_MAX;
}

int commit_fill(struct commit *c, struct fsr_error *err)
{
	struct filler f = {.c = c, .list = calloc(c->trans.ngroups + 1, sizeof *f.list)};
	int ret;

	if (!f.list)
		return fsr_fail_nomem(err);
	for (size_t i = 0; i < c->trans.ngroups; i++)
		if (c->trans.groups[i].extent_there)
			f.list[f.count++].group = &c->trans.groups[i];
	ret = commit_seal_blocks(c, EXTENT_TREE_OBJECTID, err);
	if (!ret && f.count) {
		pthread_mutex_init(&f.lock, NULL);
		fill_all(&f, thread_count(c->options));
		pthread_mutex_destroy(&f.lock);
		ret = f.err.code;
		if (ret)
			*err = f.err;
	}
	if (!ret)
		ret = put_away(&f, err);
	for (size_t i = 0; i < f.count; i++)
		free(f.list[i].pages);
	free(f.list);
	return ret;
}
