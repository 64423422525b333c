/* SPDX-License-Identifier: MIT */
/* The free ranges of one block group, as the last commit left them less what was given out since. */
#include "trans.h"

#include <stdlib.h>

/* Beside an empty cache everything that is free is missing. */
static bool nothing_cached(void *source, uint64_t *start, uint64_t *end)
{
	(void)source, (void)start, (void)end;
	return false;
}

int free_ranges(const struct trans *t, const struct trans_group *g, struct cursor *c, difference_fn fn,
	void *arg, struct extent_scan *scan, struct fsr_error *err)
{
	struct compare all_free;
	int ret;

	compare_init(&all_free, nothing_cached, NULL, fn, arg);
	ret = scan_extents(t->fs, g->facts, c, &all_free, NULL, NULL, scan, err);
	return !ret && all_free.stopped ? fsr_fail_nomem(err) : ret;
}

static bool make_room(struct free_map *map)
{
	size_t room = map->room ? 2 * map->room : 256;
	struct super_stripe *grown;

	if (map->count < map->room)
		return true;
	grown = reallocarray(map->ranges, room, sizeof *grown);
	if (!grown)
		return false;
	map->ranges = grown;
	map->room = room;
	return true;
}

static int add_missing(void *arg, uint64_t start, uint64_t end, bool excess)
{
	struct free_map *map = arg;

	(void)excess;
	if (!make_room(map))
		return FSR_E_NOMEM;
	map->ranges[map->count++] = (struct super_stripe){start, end};
	return 0;
}

/*
 * With parity a row of stripes is the unit: changing a part of it changes the parity of all of it, which must
 * not be one that the last commit has anything in.
 */
static void keep_whole_rows(struct free_map *map, const struct chunk *chunk)
{
	uint64_t row = chunk_super_unit(chunk);
	size_t kept = 0;

	for (size_t i = 0; i < map->count; i++) {
		uint64_t start = (map->ranges[i].start - chunk->start + row - 1) / row * row;
		uint64_t end = (map->ranges[i].end - chunk->start) / row * row;

		if (start < end)
			map->ranges[kept++] = (struct super_stripe){chunk->start + start, chunk->start + end};
	}
	map->count = kept;
}

int free_map_load(struct trans *t, struct trans_group *g, struct fsr_error *err)
{
	const struct chunk *chunk = volume_find_chunk(t->volume, g->facts->bytenr);
	struct extent_scan scan;
	struct cursor c;
	int ret;

	if (g->map.loaded)
		return 0;
	cursor_init(&c, t->volume, &t->fs->extent_root);
	ret = free_ranges(t, g, &c, add_missing, &g->map, &scan, err);
	cursor_free(&c);
	if (!ret && (scan.hidden || scan.overlaps || scan.outside || scan.used != g->facts->used))
		ret = fsr_fail(err, FSR_E_REFUSED, 0, g->facts->bytenr,
			"block group %llu: the extents in it don't add up to what its item says is used; "
			"repair the filesystem first",
			(unsigned long long)g->facts->bytenr);
	if (!ret && chunk && chunk_has_parity(chunk))
		keep_whole_rows(&g->map, chunk);
	g->map.loaded = !ret;
	g->largest = free_map_largest(&g->map);
	return ret;
}

/* Cuts [start, start + length) out of range i. There is room for one more. */
static void cut_out(struct free_map *map, size_t i, uint64_t start, uint64_t length)
{
	struct super_stripe *r = &map->ranges[i];

	if (start == r->start && start + length == r->end) {
		memmove(r, r + 1, (--map->count - i) * sizeof *r);
	} else if (start == r->start) {
		r->start += length;
	} else if (start + length == r->end) {
		r->end = start;
	} else {
		memmove(r + 1, r, (map->count++ - i) * sizeof *r);
		r[0].end = start;
		r[1].start = start + length;
	}
}

int free_map_take(struct free_map *map, uint64_t length, uint64_t align, uint64_t *bytenr)
{
	if (!make_room(map))
		return FSR_E_NOMEM;
	for (size_t i = 0; i < map->count; i++) {
		const struct super_stripe *r = &map->ranges[i];
		uint64_t start = (r->start + align - 1) / align * align;

		if (start < r->start || start >= r->end || r->end - start < length)
			continue;
		*bytenr = start;
		cut_out(map, i, start, length);
		return 0;
	}
	return FSR_E_NO_SPACE;
}

uint64_t free_map_largest(const struct free_map *map)
{
	uint64_t largest = 0;

	for (size_t i = 0; i < map->count; i++)
		if (map->ranges[i].end - map->ranges[i].start > largest)
			largest = map->ranges[i].end - map->ranges[i].start;
	return largest;
}

/* Ranges that touch stay apart: what was cut in pieces is given back in the same pieces, if at all. */
int free_map_give(struct free_map *map, uint64_t start, uint64_t end, struct fsr_error *err)
{
	size_t i = 0;

	if (!make_room(map))
		return fsr_fail_nomem(err);
	while (i < map->count && map->ranges[i].start < start)
		i++;
	memmove(map->ranges + i + 1, map->ranges + i, (map->count - i) * sizeof *map->ranges);
	map->ranges[i] = (struct super_stripe){start, end};
	map->count++;
	return 0;
}

void free_map_free(struct free_map *map)
{
	free(map->ranges);
	*map = (struct free_map){0};
}
