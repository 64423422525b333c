/* SPDX-License-Identifier: MIT */
/*
 * limit IMAGE [TIMES]: how fast it could be at best. Lists, untimed, the tree blocks and cache pages
 * that judging an image needs (chunk, root and extent tree, the pages with entries and bitmaps);
 * then reads each once and checksums it, and prints the medians of TIMES in milliseconds. For crc32c
 * images on one device.
 */
#include "../../libfsread/format/crc32c.h"
#include "../tools/mutate/mutate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ENTRY_SIZE 17u
#define TYPE_EXTENT_OR_METADATA 168 /* and 169 */

/* One read: a tree block, or the used pages of a cache. */
struct piece {
	uint64_t offset;
	uint32_t length;
	bool block;
};

static struct image image;
static struct piece *pieces;
static size_t count, room, extent_items;

static void add_piece(uint64_t bytenr, uint64_t length, bool block)
{
	const struct chunk *chunk = image.chunk;

	while (chunk < image.chunk + image.chunks &&
		!(bytenr >= chunk->start && bytenr - chunk->start < chunk->length))
		chunk++;
	if (chunk == image.chunk + image.chunks)
		die("%llu lies in no chunk", (unsigned long long)bytenr);
	if (count == room) {
		room = room ? 2 * room : 1024;
		pieces = realloc(pieces, room * sizeof(*pieces));
		if (!pieces)
			die("out of memory");
	}
	pieces[count++] =
		(struct piece){chunk->stripe[0].offset + (bytenr - chunk->start), (uint32_t)length, block};
}

static void list_tree(uint64_t bytenr)
{
	uint8_t *block = malloc(image.nodesize);

	if (!block)
		die("out of memory");
	block_read(&image, bytenr, block);
	add_piece(bytenr, image.nodesize, true);
	for (uint64_t i = 0; block[100] == 0 && i < get(block + 96, 4); i++)
		extent_items += (block[101 + 25 * i + 8] & ~1) == TYPE_EXTENT_OR_METADATA;
	for (uint64_t i = 0; block[100] > 0 && i < get(block + 96, 4); i++)
		list_tree(get(block + 101 + 33 * i + 17, 8));
	free(block);
}

/* How many pages of a cache of n pages its entries and bitmaps take. */
static uint64_t used_pages(uint64_t n, uint64_t entries, uint64_t bitmaps)
{
	uint64_t first = (image.sectorsize - 8 - 4 * n) / ENTRY_SIZE, each = image.sectorsize / ENTRY_SIZE;
	uint64_t used = 1 + bitmaps;

	if (entries > first)
		used += (entries - first + each - 1) / each;
	return used < n ? used : n;
}

static void list_cache(void *arg, struct key key, const uint8_t *data, uint32_t size)
{
	static struct path path;
	uint64_t entries = get(data + 25, 8), length;

	(void)arg;
	if (key.objectid != FREE_SPACE_ID || key.type != TYPE_UNTYPED || size < 41 || entries == 0)
		return;
	if (!tree_find(&image, 1, (struct key){get(data, 8), TYPE_EXTENT_DATA, 0}, &path))
		return;
	length = get(item_data(&path) + 29, 8);
	length = used_pages(length / image.sectorsize, entries, get(data + 33, 8)) * image.sectorsize;
	add_piece(get(item_data(&path) + 21, 8), length, false);
}

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Reads and checksums everything; answers how many tree blocks were wrong. */
static unsigned read_all(uint8_t *buffer)
{
	unsigned bad = 0;

	for (const struct piece *piece = pieces; piece < pieces + count; piece++) {
		if (pread(image.device[0].fd, buffer, piece->length, (off_t)piece->offset) !=
			(ssize_t)piece->length)
			die("can't read %u bytes", piece->length);
		if (piece->block)
			bad += crc32c(0, buffer + 32, piece->length - 32) != get(buffer, 4);
		else
			for (uint32_t at = 0; at < piece->length; at += image.sectorsize)
				bad += crc32c(0, buffer + at, image.sectorsize) == 0;
	}
	return bad;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	static double took[64], busy[64];
	static uint8_t buffer[8 << 20];
	uint64_t times = argc > 2 ? number(argv[2]) : 5, bytes = 0;
	unsigned bad = 0;

	if (argc < 2 || times < 1 || times > 64)
		die("usage: limit IMAGE [TIMES]");
	image_open(&image, argv[1]);
	list_tree(get(image.super + 0x58, 8));
	list_tree(get(image.super + 0x50, 8));
	list_tree(tree_root(&image, 2));
	tree_walk(&image, 1, list_cache, NULL);
	for (size_t i = 0; i < count; i++)
		bytes += pieces[i].length;
	for (uint64_t i = 0; i < times; i++) {
		double start = now(CLOCK_MONOTONIC), work = now(CLOCK_PROCESS_CPUTIME_ID);

		bad += read_all(buffer);
		took[i] = now(CLOCK_MONOTONIC) - start;
		busy[i] = now(CLOCK_PROCESS_CPUTIME_ID) - work;
	}
	qsort(took, times, sizeof(*took), compare);
	qsort(busy, times, sizeof(*busy), compare);
	printf("%.1f %.1f ms (wall, processor), %zu reads, %llu bytes, %zu extent items\n", took[times / 2],
		busy[times / 2], count, (unsigned long long)bytes, extent_items);
	image_close(&image);
	free(pieces);
	return bad ? 1 : 0;
}
