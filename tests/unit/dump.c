/* SPDX-License-Identifier: MIT */
#include "dump.h"

#include "container.h"
#include "image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <zlib.h>

#include <cmocka.h>

#define BLOCK 1024u
#define SUPER_AT (64 * KIB)

uint8_t dump_byte(uint64_t logical)
{
	static uint8_t super[SUPER_SIZE];

	if (!super[SUPER_MAGIC_AT])
		image_super(super, 0, 1, 1 * GIB);
	if (logical >= SUPER_AT && logical < SUPER_AT + SUPER_SIZE)
		return super[logical - SUPER_AT];
	return (uint8_t)(logical * 2654435761u >> 13);
}

/* The blob, which the caller frees. */
static uint8_t *make_blob(const struct dump_item *item, bool deflated, uLongf *stored)
{
	uint8_t *raw = malloc(item->length), *packed;

	assert_non_null(raw);
	for (uint32_t i = 0; i < item->length; i++)
		raw[i] = dump_byte(item->logical + i);
	*stored = item->length;
	if (!deflated)
		return raw;
	*stored = compressBound(item->length);
	packed = malloc(*stored);
	assert_non_null(packed);
	assert_int_equal(compress2(packed, stored, raw, item->length, 1), Z_OK);
	free(raw);
	return packed;
}

static uint64_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : (uint64_t)st.st_size;
}

uint64_t dump_add(const char *path, bool deflated, const struct dump_item *items, unsigned n,
	const struct dump_lie *lie)
{
	static const struct dump_lie none;
	uint64_t start = size_of(path), at = start + BLOCK;
	uint8_t block[BLOCK] = {0};

	lie = lie ? lie : &none;
	put64(block, UINT64_C(0xbd5c25e27295668b));
	put64(block + 8, lie->place ? lie->place : start);
	put32(block + 16, lie->items ? lie->items : n);
	block[20] = lie->compression ? lie->compression : deflated;
	for (unsigned i = 0; i < n; i++) {
		uLongf stored;
		uint8_t *blob = make_blob(&items[i], deflated, &stored);

		put_bytes(path, at, blob, stored);
		free(blob);
		put64(block + 21 + 12 * (size_t)i, items[i].logical);
		put32(block + 29 + 12 * (size_t)i,
			lie->stored && i == n - 1 ? lie->stored : (uint32_t)stored);
		at += stored;
	}
	put_bytes(path, start, block, sizeof block);
	at = (at + BLOCK - 1) / BLOCK * BLOCK;
	set_size(path, at);
	return at;
}
