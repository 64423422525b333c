/* SPDX-License-Identifier: MIT */
/* File extents and data checksums. */
#include "check.h"

#define COMPRESSION_TYPES 4u /* none, zlib, lzo, zstd */

/* A compressed inline extent doesn't tell its size on disk. */
static const char *check_inline_extent(const struct leaf_check *c, const struct leaf_slot *item)
{
	uint64_t ram_bytes = get64(item->data + FILE_EXTENT_RAM_BYTES);

	if (item->key.offset)
		return check_reason(c->text, "an inline extent at file offset %llu, not 0",
			(unsigned long long)item->key.offset);
	if (item->data[FILE_EXTENT_COMPRESSION])
		return NULL;
	if (item->size != FILE_EXTENT_INLINE_DATA + ram_bytes)
		return check_reason(c->text, "an inline extent of %llu bytes in an item of %u",
			(unsigned long long)ram_bytes, item->size);
	return NULL;
}

static const char *check_extent_fields(const struct leaf_check *c, const struct leaf_slot *item)
{
	static const struct {
		const char *name;
		uint32_t at;
	} fields[] = {
		{"ram_bytes", FILE_EXTENT_RAM_BYTES},
		{"disk_bytenr", FILE_EXTENT_DISK_BYTENR},
		{"disk_num_bytes", FILE_EXTENT_DISK_NUM_BYTES},
		{"offset", FILE_EXTENT_OFFSET},
		{"num_bytes", FILE_EXTENT_NUM_BYTES},
	};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		uint64_t value = get64(item->data + fields[i].at);

		if (!is_aligned(value, c->sectorsize))
			return check_reason(c->text, "file extent %s %llu is not aligned to %u",
				fields[i].name, (unsigned long long)value, c->sectorsize);
	}
	return NULL;
}

/* Where a file extent that passed its own rules ends; all sums wrap as the kernel's do. */
static uint64_t file_extent_end(const struct leaf_check *c, const struct leaf_slot *item)
{
	uint64_t mask = (uint64_t)c->sectorsize - 1;

	if (item->data[FILE_EXTENT_TYPE] == FILE_EXTENT_INLINE)
		return (item->key.offset + get64(item->data + FILE_EXTENT_RAM_BYTES) + mask) & ~mask;
	return item->key.offset + get64(item->data + FILE_EXTENT_NUM_BYTES);
}

static const char *check_file_range(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev)
{
	uint64_t bytes = get64(item->data + FILE_EXTENT_NUM_BYTES), before;

	if (bytes > UINT64_MAX - item->key.offset)
		return check_reason(c->text, "a file extent at %llu of %llu bytes overflows",
			(unsigned long long)item->key.offset, (unsigned long long)bytes);
	if (!prev || prev->key.objectid != item->key.objectid || prev->key.type != KEY_EXTENT_DATA)
		return NULL;
	before = file_extent_end(c, prev);
	if (before > item->key.offset)
		return check_reason(c->text, "file extent at %llu begins inside the one before, up to %llu",
			(unsigned long long)item->key.offset, (unsigned long long)before);
	return NULL;
}

/* An inline extent ends its checks early: what came before it is not compared. */
const char *check_file_extent(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev)
{
	const uint8_t *p = item->data;
	const char *why;

	if (!is_aligned(item->key.offset, c->sectorsize))
		return check_reason(c->text, "file offset %llu is not aligned to %u",
			(unsigned long long)item->key.offset, c->sectorsize);
	why = check_same_inode(c, item, prev);
	if (why)
		return why;
	if (item->size < FILE_EXTENT_INLINE_DATA)
		return check_reason(c->text, "a file extent item of %u bytes, at least %u", item->size,
			FILE_EXTENT_INLINE_DATA);
	if (p[FILE_EXTENT_TYPE] > FILE_EXTENT_PREALLOC)
		return check_reason(c->text, "file extent type %u, at most %u", p[FILE_EXTENT_TYPE],
			FILE_EXTENT_PREALLOC);
	if (p[FILE_EXTENT_COMPRESSION] >= COMPRESSION_TYPES)
		return check_reason(c->text, "compression %u, at most %u", p[FILE_EXTENT_COMPRESSION],
			COMPRESSION_TYPES - 1);
	if (p[FILE_EXTENT_ENCRYPTION])
		return check_reason(c->text, "encryption %u, not 0", p[FILE_EXTENT_ENCRYPTION]);
	if (p[FILE_EXTENT_TYPE] == FILE_EXTENT_INLINE)
		return check_inline_extent(c, item);
	if (item->size != FILE_EXTENT_SIZE)
		return check_reason(
			c->text, "a file extent item of %u bytes, not %u", item->size, FILE_EXTENT_SIZE);
	why = check_extent_fields(c, item);
	return why ? why : check_file_range(c, item, prev);
}

const char *check_csum_item(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev)
{
	uint64_t before;

	if (item->key.objectid != EXTENT_CSUM_OBJECTID)
		return check_reason(
			c->text, "a checksum item of objectid %llu", (unsigned long long)item->key.objectid);
	if (!is_aligned(item->key.offset, c->sectorsize))
		return check_reason(c->text, "checksummed address %llu is not aligned to %u",
			(unsigned long long)item->key.offset, c->sectorsize);
	if (item->size % c->csum_size)
		return check_reason(
			c->text, "a checksum item of %u bytes, no multiple of %u", item->size, c->csum_size);
	if (!prev || prev->key.type != KEY_EXTENT_CSUM)
		return NULL;
	before = prev->key.offset + (uint64_t)(prev->size / c->csum_size) * c->sectorsize;
	if (before > item->key.offset)
		return check_reason(c->text, "checksums from %llu begin inside the item before, up to %llu",
			(unsigned long long)item->key.offset, (unsigned long long)before);
	return NULL;
}
