/* SPDX-License-Identifier: MIT */
/* The sorted list of chunks, and filling it from the superblock's array. */
#include "super.h"

#include "../format/error.h"

#include <stdlib.h>

size_t volume_chunk_index(const struct volume *volume, uint64_t logical)
{
	size_t low = 0, high = volume->nchunks;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct chunk *c = &volume->chunks[middle];

		if (c->start + c->length > logical)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

const struct chunk *volume_find_chunk(const struct volume *volume, uint64_t logical)
{
	size_t i = volume_chunk_index(volume, logical);

	return i < volume->nchunks && volume->chunks[i].start <= logical ? &volume->chunks[i] : NULL;
}

/* A lawful item as a chunk; its stripes are allocated. */
static int decode_chunk(uint64_t start, const uint8_t *item, struct chunk *chunk, struct fsr_error *err)
{
	*chunk = (struct chunk){
		.start = start,
		.length = get64(item + CHUNK_LENGTH),
		.type = get64(item + CHUNK_TYPE),
		.num_stripes = get16(item + CHUNK_NUM_STRIPES),
	};
	/* The field is only right for RAID10: old mkfs left 0 elsewhere. */
	chunk->sub_stripes = chunk->type & BLOCK_GROUP_RAID10 ? 2 : 1;
	chunk->stripes = calloc(chunk->num_stripes, sizeof *chunk->stripes);
	if (!chunk->stripes)
		return fsr_fail_nomem(err);
	for (unsigned i = 0; i < chunk->num_stripes; i++) {
		const uint8_t *stripe = item + CHUNK_STRIPES + i * CHUNK_STRIPE_SIZE;

		chunk->stripes[i] = (struct chunk_stripe){
			get64(stripe + CHUNK_STRIPE_DEVID), get64(stripe + CHUNK_STRIPE_OFFSET)};
	}
	return 0;
}

static bool same_chunk(const struct chunk *a, const struct chunk *b)
{
	return a->start == b->start && a->length == b->length && a->type == b->type &&
	       a->num_stripes == b->num_stripes &&
	       !memcmp(a->stripes, b->stripes, a->num_stripes * sizeof *a->stripes);
}

static int make_room(struct volume *volume, struct fsr_error *err)
{
	size_t room = volume->chunk_room ? 2 * volume->chunk_room : 64;
	struct chunk *grown;

	if (volume->nchunks < volume->chunk_room)
		return 0;
	grown = reallocarray(volume->chunks, room, sizeof *grown);
	if (!grown)
		return fsr_fail_nomem(err);
	volume->chunks = grown;
	volume->chunk_room = room;
	return 0;
}

/* Puts the chunk in its place: 1 when it is there already, so that the caller keeps its stripes. */
static int insert_chunk(struct volume *volume, const struct chunk *chunk, struct fsr_error *err)
{
	size_t i = volume_chunk_index(volume, chunk->start);
	struct chunk *next = volume->chunks + i;
	int ret;

	if (i < volume->nchunks && same_chunk(next, chunk))
		return 1;
	if (i < volume->nchunks && next->start < chunk->start + chunk->length)
		return fsr_fail(err, FSR_E_CORRUPT, 0, chunk->start,
			"chunk %llu of %llu bytes overlaps, or differs from, chunk %llu of %llu bytes",
			(unsigned long long)chunk->start, (unsigned long long)chunk->length,
			(unsigned long long)next->start, (unsigned long long)next->length);
	ret = make_room(volume, err);
	if (ret)
		return ret;
	memmove(volume->chunks + i + 1, volume->chunks + i, (volume->nchunks - i) * sizeof *next);
	volume->chunks[i] = *chunk;
	volume->nchunks++;
	return 0;
}

int volume_add_chunk(
	struct volume *volume, uint64_t start, const uint8_t *item, uint32_t size, struct fsr_error *err)
{
	struct chunk chunk;
	char text[128];
	const char *why = chunk_check(volume, start, item, size, text);
	int ret;

	if (why)
		return fsr_fail(
			err, FSR_E_CORRUPT, 0, start, "chunk %llu: %s", (unsigned long long)start, why);
	ret = decode_chunk(start, item, &chunk, err);
	if (ret)
		return ret;
	ret = insert_chunk(volume, &chunk, err);
	if (ret)
		free(chunk.stripes);
	return ret < 0 ? ret : 0;
}

/* One entry of the array at `at`; *length is what it takes. */
static int map_sys_chunk(
	struct volume *volume, uint32_t at, uint32_t left, uint32_t *length, struct fsr_error *err)
{
	const uint8_t *entry = volume->super + SUPER_SYS_ARRAY + at, *item = entry + DISK_KEY_SIZE;
	struct fsr_key key;
	uint32_t size;

	if (left < DISK_KEY_SIZE + CHUNK_ITEM_SIZE + CHUNK_STRIPE_SIZE)
		return fsr_fail(err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR,
			"sys_chunk_array: %u bytes are left at byte %u, too few for a chunk", left, at);
	key = get_key(entry);
	if (key.type != KEY_CHUNK_ITEM)
		return fsr_fail(err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR,
			"sys_chunk_array: key type at byte %u is %u, must be %u", at, key.type,
			KEY_CHUNK_ITEM);
	if (!(get64(item + CHUNK_TYPE) & BLOCK_GROUP_SYSTEM))
		return fsr_fail(err, FSR_E_CORRUPT, 0, key.offset,
			"sys_chunk_array: the chunk at byte %u has type 0x%llx, "
			"not system",
			at, (unsigned long long)get64(item + CHUNK_TYPE));
	size = CHUNK_ITEM_SIZE + get16(item + CHUNK_NUM_STRIPES) * CHUNK_STRIPE_SIZE;
	if (size > left - DISK_KEY_SIZE)
		return fsr_fail(err, FSR_E_CORRUPT, 0, key.offset,
			"sys_chunk_array: the chunk at byte %u needs %u bytes, %u are left", at, size,
			left - DISK_KEY_SIZE);
	*length = DISK_KEY_SIZE + size;
	return volume_add_chunk(volume, key.offset, item, size, err);
}

static int walk_sys_chunks(struct volume *volume, struct fsr_error *err)
{
	uint32_t size = get32(volume->super + SUPER_SYS_ARRAY_SIZE), at = 0;

	while (at < size) {
		uint32_t length = 0;
		int ret = map_sys_chunk(volume, at, size - at, &length, err);

		if (ret)
			return ret;
		at += length;
	}
	return 0;
}

int volume_map_sys_chunks(struct volume *volume, struct fsr_error *err)
{
	struct fsr_error why;
	struct fsr_finding f;
	int ret = walk_sys_chunks(volume, &why);

	if (!ret && volume_find_chunk(volume, volume->fs.chunk_root))
		return 0;
	if (!ret)
		return fsr_fail(err, FSR_E_CORRUPT, 0, volume->fs.chunk_root,
			"superblock: no chunk of the sys_chunk_array holds the chunk tree's root %llu",
			(unsigned long long)volume->fs.chunk_root);
	if (ret != FSR_E_CORRUPT || !volume_find_chunk(volume, volume->fs.chunk_root))
		return fsr_fail(err, ret, why.devid, why.bytenr, "%s", why.text);
	finding_init(&f, FSR_FINDING_CHUNK_BAD, FSR_NO_BYTENR, "%s", why.text);
	finding_number(&f, "bytenr", why.bytenr);
	findings_add(&volume->findings, &f);
	return 0;
}
