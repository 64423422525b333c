/* SPDX-License-Identifier: MIT */
/*
 * same IMAGE...: for each block group with a WRITTEN cache, has libfswrite make the cache of the recomputed
 * free space, into as many pages as the file on disk has and into as few as do (for more bitmaps), and
 * compares the ranges read back with those of the cache on disk. Prints "BYTENR RANGES entries/bitmaps
 * entries/bitmaps". Exit status 1 and what differs, if anything does. The images of one filesystem, or an
 * archive of them.
 */
#include "../../libfsread/space/content.h"
#include "../../libfsread/space/extents.h"
#include "../../libfswrite/cache/pages.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct list {
	struct free_range *ranges;
	size_t n, room;
};

struct written {
	uint64_t *groups;
	size_t n, room;
};

static _Noreturn void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fflush(stdout);
	fputs("\nsame: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static void *grow(void *array, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return array;
	*room = *room ? 2 * *room : 1024;
	array = realloc(array, *room * size);
	if (!array)
		die("out of memory");
	return array;
}

static void append(struct list *list, uint64_t start, uint64_t end)
{
	list->ranges = grow(list->ranges, list->n, &list->room, sizeof *list->ranges);
	list->ranges[list->n++] = (struct free_range){start, end};
}

static int note_written(void *arg, const struct fsr_group *group)
{
	struct written *written = arg;

	if (group->state != FSR_STATE_WRITTEN)
		return 0;
	written->groups = grow(written->groups, written->n, &written->room, sizeof *written->groups);
	written->groups[written->n++] = group->bytenr;
	return 0;
}

/* ---- the cache on disk, and any pages */

static void list_pages(const struct page_set *set, uint64_t generation, uint64_t entries, struct list *list)
{
	struct content content = {0};
	struct range_stream stream = {0};
	struct walk_result result;
	struct fsr_error err;
	uint64_t start, end;

	if (walk_pages(set, generation, entries, false, &content, &result, &err))
		die("%s", err.text);
	if (entries && !result.complete)
		die("the pages fail step %d", result.step);
	range_stream_init(&stream, &content, set->size);
	for (list->n = 0; range_stream_next(&stream, &start, &end);)
		append(list, start, end);
	if (stream.overlap || stream.failed)
		die("the pages' ranges overlap");
	range_stream_free(&stream);
	content_free(&content);
}

static void list_on_disk(
	const struct fsr_fs *fs, const struct cache_header *header, struct page_set *set, struct list *list)
{
	const struct cache_inode *inode = find_inode(fs, header->location.objectid);
	struct fsr_error err;

	if (!inode)
		die("no inode");
	if (page_set_read(fs, inode, 0, set, &err))
		die("%s", err.text);
	list_pages(set, header->generation, header->entries, list);
}

/* ---- the recomputed free space */

static bool nothing(void *source, uint64_t *start, uint64_t *end)
{
	(void)source;
	*start = *end = 0;
	return false;
}

/* With nothing cached all that is free is missing. */
static int hear(void *arg, uint64_t start, uint64_t end, bool excess)
{
	(void)excess;
	append(arg, start, end);
	return 0;
}

static void list_recomputed(const struct fsr_fs *fs, const struct group_facts *group, struct list *list)
{
	struct extent_scan scan;
	struct compare compare;
	struct cursor cursor;
	struct fsr_error err;

	list->n = 0;
	compare_init(&compare, nothing, NULL, hear, list);
	cursor_init(&cursor, fs->volume, &fs->extent_root);
	if (scan_extents(fs, group, &cursor, &compare, NULL, NULL, &scan, &err))
		die("%s", err.text);
	cursor_free(&cursor);
}

/* ---- both beside each other */

static void compare_lists(uint64_t bytenr, const struct list *made, const struct list *disk)
{
	for (size_t i = 0; i < made->n && i < disk->n; i++)
		if (made->ranges[i].start != disk->ranges[i].start ||
			made->ranges[i].end != disk->ranges[i].end)
			die("block group %" PRIu64 ", range %zu: %" PRIu64 " to %" PRIu64 " made, %" PRIu64
			    " to %" PRIu64 " on disk",
				bytenr, i, made->ranges[i].start, made->ranges[i].end, disk->ranges[i].start,
				disk->ranges[i].end);
	if (made->n != disk->n)
		die("block group %" PRIu64 ": %zu ranges made, %zu on disk", bytenr, made->n, disk->n);
}

/* False when so few pages don't hold them. */
static bool make_and_compare(const struct group_facts *group, const struct page_set *like, unsigned npages,
	const struct list *recomputed, const struct list *disk)
{
	struct cache_shape shape = {group->bytenr, group->length, like->size, npages, 7};
	struct page_set set = {.count = npages, .size = like->size};
	struct list made = {0};
	struct fsr_error err;
	uint64_t entries, bitmaps;
	int ret;

	set.data = malloc((size_t)npages * set.size);
	set.bad = calloc(npages, 1);
	if (!set.data || !set.bad)
		die("out of memory");
	ret = cache_fill_pages(&shape, recomputed->ranges, recomputed->n, set.data, &entries, &bitmaps, &err);
	if (ret && ret != FSR_E_NO_SPACE)
		die("%s", err.text);
	if (!ret) {
		list_pages(&set, shape.generation, entries, &made);
		compare_lists(group->bytenr, &made, disk);
		printf(" %" PRIu64 "/%" PRIu64, entries, bitmaps);
	}
	free(made.ranges);
	page_set_free(&set);
	return !ret;
}

static void compare_group(const struct fsr_fs *fs, uint64_t bytenr)
{
	const struct cache_header *header = find_header(fs, bytenr);
	const struct group_facts *group = find_group(fs, bytenr);
	struct list disk = {0}, recomputed = {0};
	struct page_set set = {0};
	unsigned least = 0;

	if (!header || !group)
		die("block group %" PRIu64 " has no header", bytenr);
	list_on_disk(fs, header, &set, &disk);
	list_recomputed(fs, group, &recomputed);
	if (set.count != cache_file_bytes(group->length, set.size) / set.size)
		die("block group %" PRIu64 ": the kernel's file has %u pages", bytenr, set.count);
	printf("%" PRIu64 " %zu", bytenr, disk.n);
	if (!make_and_compare(group, &set, set.count, &recomputed, &disk))
		die("block group %" PRIu64 " does not fit", bytenr);
	while (!make_and_compare(group, &set, ++least, &recomputed, &disk))
		;
	putchar('\n');
	page_set_free(&set);
	free(disk.ranges);
	free(recomputed.ranges);
}

int main(int argc, char **argv)
{
	struct written written = {0};
	struct fsr_error err;
	struct fsr_fs *fs;

	if (argc < 2)
		die("usage: same IMAGE...");
	if (fsr_open(&fs, (const char *const *)argv + 1, (size_t)argc - 1, NULL, &err) ||
		fsr_judge(fs, NULL, note_written, &written, &err))
		die("%s", err.text);
	for (size_t i = 0; i < written.n; i++)
		compare_group(fs, written.groups[i]);
	free(written.groups);
	fsr_close(fs);
	return 0;
}
