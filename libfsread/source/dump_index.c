/* SPDX-License-Identifier: MIT */
/* The index blocks of a btrfs-image dump: which addresses there are, and where. */
#include "dump.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* An index block: magic, own place, count, compression, then the items. */
#define INDEX_PLACE 8u
#define INDEX_ITEMS 16u
#define INDEX_COMPRESSION 20u
#define INDEX_FIRST_ITEM 21u
#define ITEM_SIZE 12u
#define ITEMS_MAX ((DUMP_BLOCK - INDEX_FIRST_ITEM) / ITEM_SIZE)
/* No sector is smaller, nor a zlib stream. */
#define RAW_MIN 4096u
#define DEFLATED_MIN 8u
#define PROGRESS_STEP (4 * MIB)

enum { COMPRESSION_NONE, COMPRESSION_ZLIB };

/* The way through the file. */
struct walk {
	struct source *file;
	struct dump_index *index;
	uint64_t block; /* where the index block at hand lies */
	uint64_t next;  /* where its next blob lies, in the end the next index block */
	bool raw;       /* its blobs are not compressed */
};

static int fail_cut(const struct walk *walk, const char *what, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR,
		NAME " ends at byte %llu, inside the %s at byte %llu: the dump is cut", walk->file->name,
		(unsigned long long)walk->file->size, what, (unsigned long long)walk->block);
}

__attribute__((format(printf, 3, 4))) static int fail_block(
	const struct walk *walk, struct fsr_error *err, const char *format, ...)
{
	char why[128];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	return fsr_fail(err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR,
		NAME " is a damaged btrfs-image dump: the index block at byte %llu %s", walk->file->name,
		(unsigned long long)walk->block, why);
}

static int check_block(struct walk *walk, const uint8_t *block, struct fsr_error *err)
{
	uint64_t magic = get64(block), place = get64(block + INDEX_PLACE);
	uint32_t items = get32(block + INDEX_ITEMS);
	unsigned compression = block[INDEX_COMPRESSION];

	if (magic != DUMP_MAGIC)
		return fail_block(walk, err, "has the magic 0x%llx, must be 0x%llx",
			(unsigned long long)magic, (unsigned long long)DUMP_MAGIC);
	if (place != walk->block)
		return fail_block(walk, err, "says that it lies at byte %llu", (unsigned long long)place);
	if (items > ITEMS_MAX)
		return fail_block(walk, err, "has %u items, at most %u have room", items, ITEMS_MAX);
	if (compression > COMPRESSION_ZLIB)
		return fail_block(walk, err, "has the compression %u, known are 0 and 1", compression);
	walk->raw = compression == COMPRESSION_NONE;
	return 0;
}

static int check_item(const struct walk *walk, const struct dump_blob *blob, struct fsr_error *err)
{
	uint64_t least = walk->raw ? RAW_MIN : DEFLATED_MIN, most = DUMP_BLOB_MAX;

	/* zlib's own bound for what can't be made smaller. */
	if (!walk->raw)
		most += most / 1024 + 64;
	if (blob->stored < least || blob->stored > most)
		return fail_block(walk, err, "has %u bytes for address %llu, must be %llu to %llu",
			blob->stored, (unsigned long long)blob->logical, (unsigned long long)least,
			(unsigned long long)most);
	if (blob->logical > INT64_MAX)
		return fail_block(walk, err, "has the address %llu, must be below 2^63",
			(unsigned long long)blob->logical);
	if (blob->stored > walk->file->size - blob->at)
		return fail_cut(walk, "blobs of the index block", err);
	return 0;
}

static struct dump_blob *make_room(struct dump_index *index)
{
	size_t room = index->room ? 2 * index->room : ITEMS_MAX;
	struct dump_blob *grown;

	if (index->count == index->room) {
		grown = reallocarray(index->blobs, room, sizeof *grown);
		if (!grown)
			return NULL;
		index->blobs = grown;
		index->room = room;
	}
	return &index->blobs[index->count];
}

static int take_item(struct walk *walk, const uint8_t *item, struct fsr_error *err)
{
	struct dump_blob *blob = make_room(walk->index);
	int e;

	if (!blob)
		return fsr_fail_nomem(err);
	*blob = (struct dump_blob){.logical = get64(item), .stored = get32(item + 8), .at = walk->next};
	e = check_item(walk, blob, err);
	if (e)
		return e;
	blob->length = walk->raw ? blob->stored : 0;
	walk->next += blob->stored;
	walk->index->count++;
	return 0;
}

/* Goes on by at least one block, so that the walk ends with the file. */
static int take_block(struct walk *walk, struct fsr_error *err)
{
	uint8_t block[DUMP_BLOCK];
	uint32_t items;
	int e;

	if (walk->file->size - walk->block < DUMP_BLOCK)
		return fail_cut(walk, "index block", err);
	e = source_read(walk->file, block, DUMP_BLOCK, walk->block, err);
	if (!e)
		e = check_block(walk, block, err);
	items = get32(block + INDEX_ITEMS);
	walk->next = walk->block + DUMP_BLOCK;
	for (uint32_t i = 0; !e && i < items; i++)
		e = take_item(walk, block + INDEX_FIRST_ITEM + (size_t)i * ITEM_SIZE, err);
	walk->next = (walk->next + DUMP_BLOCK - 1) / DUMP_BLOCK * DUMP_BLOCK;
	return e;
}

static int by_address(const void *a, const void *b)
{
	const struct dump_blob *x = a, *y = b;

	return (x->logical > y->logical) - (x->logical < y->logical);
}

static int sort(const struct walk *walk, struct fsr_error *err)
{
	struct dump_index *index = walk->index;

	if (index->count)
		qsort(index->blobs, index->count, sizeof *index->blobs, by_address);
	for (size_t i = 1; i < index->count; i++) {
		const struct dump_blob *a = &index->blobs[i - 1], *b = a + 1;

		if (a->logical != b->logical && a->length <= b->logical - a->logical)
			continue;
		return fsr_fail(err, FSR_E_CORRUPT, 0, b->logical,
			NAME " is a damaged btrfs-image dump: its blobs of addresses %llu and %llu overlap",
			walk->file->name, (unsigned long long)a->logical, (unsigned long long)b->logical);
	}
	return 0;
}

int dump_read_index(struct source *file, const struct fsr_open_options *options, struct dump_index *index,
	struct fsr_error *err)
{
	struct walk walk = {.file = file, .index = index};
	uint64_t shown = 0;
	int e = 0;

	for (; !e && walk.block < file->size; walk.block = walk.next) {
		e = take_block(&walk, err);
		if (e || !options->progress || walk.next - shown < PROGRESS_STEP)
			continue;
		shown = walk.next;
		if (options->progress(options->progress_arg, "listing", shown, file->size))
			e = fsr_fail(err, FSR_E_STOPPED, 0, FSR_NO_BYTENR,
				"stopped while listing what is in " NAME, file->name);
	}
	return e ? e : sort(&walk, err);
}

const struct dump_blob *dump_find(const struct dump_index *index, uint64_t logical)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (index->blobs[middle].logical > logical)
			high = middle;
		else
			low = middle + 1;
	}
	return low ? &index->blobs[low - 1] : NULL;
}

uint64_t dump_most(const struct dump_index *index, const struct dump_blob *blob)
{
	bool last = blob == &index->blobs[index->count - 1];
	uint64_t gap = last ? UINT64_MAX : blob[1].logical - blob->logical;

	return gap < DUMP_BLOB_MAX ? gap : DUMP_BLOB_MAX;
}
