/* SPDX-License-Identifier: MIT */
#include "image.h"

#include "../../libfsread/format/csum.h"
#include "../../libfsread/format/error.h"

#include <stdlib.h>

static const uint8_t fsid[16] = "0123456789abcdef";

void put16(uint8_t *p, uint16_t value)
{
	value = htole16(value);
	memcpy(p, &value, sizeof value);
}

void put32(uint8_t *p, uint32_t value)
{
	value = htole32(value);
	memcpy(p, &value, sizeof value);
}

void put64(uint8_t *p, uint64_t value)
{
	value = htole64(value);
	memcpy(p, &value, sizeof value);
}

static int read_image(struct source *s, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	struct image *image = (struct image *)s;

	image->reads++;
	if (offset > s->size || length > s->size - offset)
		return fsr_fail(err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR, "past the end");
	memcpy(buffer, image->bytes + offset, length);
	return 0;
}

static void close_image(struct source *s)
{
	free(((struct image *)s)->bytes);
	free(s->name);
	free(s);
}

struct image *image_new(uint64_t size)
{
	static const struct source_ops ops = {read_image, close_image};
	struct image *image = calloc(1, sizeof *image);

	image->bytes = calloc(1, size);
	image->source =
		(struct source){.ops = &ops, .name = strdup("test.img"), .size = size, .file_size = size};
	return image;
}

void image_seal(uint8_t *block, size_t size)
{
	csum_compute(CSUM_CRC32C, block + CSUM_SIZE, size - CSUM_SIZE, block);
}

uint32_t image_chunk_item(
	uint8_t *item, uint64_t length, uint64_t type, unsigned n, const struct chunk_stripe *stripes)
{
	memset(item, 0, CHUNK_ITEM_SIZE);
	put64(item + CHUNK_LENGTH, length);
	put64(item + CHUNK_OWNER, EXTENT_TREE_OBJECTID);
	put64(item + CHUNK_STRIPE_LEN, STRIPE_LEN);
	put64(item + CHUNK_TYPE, type);
	put32(item + CHUNK_IO_ALIGN, STRIPE_LEN);
	put32(item + CHUNK_IO_WIDTH, STRIPE_LEN);
	put32(item + CHUNK_SECTOR_SIZE, IMAGE_SECTORSIZE);
	put16(item + CHUNK_NUM_STRIPES, (uint16_t)n);
	put16(item + CHUNK_SUB_STRIPES, type & BLOCK_GROUP_RAID10 ? 2 : 1);
	for (unsigned i = 0; i < n; i++) {
		uint8_t *stripe = item + CHUNK_STRIPES + i * CHUNK_STRIPE_SIZE;

		memset(stripe, 0, CHUNK_STRIPE_SIZE);
		put64(stripe + CHUNK_STRIPE_DEVID, stripes[i].devid);
		put64(stripe + CHUNK_STRIPE_OFFSET, stripes[i].offset);
		put64(stripe + CHUNK_STRIPE_UUID, stripes[i].devid);
	}
	return CHUNK_ITEM_SIZE + n * CHUNK_STRIPE_SIZE;
}

void image_dev_item(uint8_t *item, uint64_t devid, uint64_t total_bytes)
{
	memset(item, 0, DEV_ITEM_SIZE);
	put64(item + DEV_ITEM_DEVID, devid);
	put64(item + DEV_ITEM_TOTAL_BYTES, total_bytes);
	put64(item + DEV_ITEM_UUID, devid);
	memcpy(item + DEV_ITEM_FSID, fsid, sizeof fsid);
}

static uint32_t system_chunk(uint8_t *item)
{
	const struct chunk_stripe stripes[] = {{1, IMAGE_COPY_0}, {1, IMAGE_COPY_1}};

	return image_chunk_item(item, IMAGE_CHUNK_LENGTH, BLOCK_GROUP_SYSTEM | BLOCK_GROUP_DUP, 2, stripes);
}

static void put_key(uint8_t *p, const struct fsr_key *key)
{
	put64(p, key->objectid);
	p[8] = key->type;
	put64(p + 9, key->offset);
}

void image_super(uint8_t *s, unsigned mirror, uint64_t devid, uint64_t total_bytes)
{
	static const uint64_t offsets[] = {64 * KIB, 64 * MIB, 256 * GIB};
	const struct fsr_key key = {FIRST_CHUNK_TREE_OBJECTID, KEY_CHUNK_ITEM, IMAGE_CHUNK};

	memset(s, 0, SUPER_SIZE);
	memcpy(s + SUPER_FSID, fsid, sizeof fsid);
	put64(s + SUPER_BYTENR, offsets[mirror]);
	put64(s + SUPER_FLAGS, 1);
	put64(s + SUPER_MAGIC_AT, UINT64_C(0x4d5f53665248425f));
	put64(s + SUPER_GENERATION, IMAGE_GENERATION);
	put64(s + SUPER_ROOT, IMAGE_CHUNK + IMAGE_NODESIZE);
	put64(s + SUPER_CHUNK_ROOT, IMAGE_CHUNK_ROOT);
	put64(s + SUPER_TOTAL_BYTES, total_bytes);
	put64(s + SUPER_BYTES_USED, 6 * IMAGE_NODESIZE);
	put64(s + SUPER_ROOT_DIR, ROOT_TREE_DIR_OBJECTID);
	put64(s + SUPER_NUM_DEVICES, 1);
	put32(s + SUPER_SECTORSIZE, IMAGE_SECTORSIZE);
	put32(s + SUPER_NODESIZE, IMAGE_NODESIZE);
	put32(s + SUPER_LEAFSIZE, IMAGE_NODESIZE);
	put32(s + SUPER_STRIPESIZE, IMAGE_SECTORSIZE);
	put64(s + SUPER_CHUNK_ROOT_GENERATION, IMAGE_GENERATION);
	put64(s + SUPER_CACHE_GENERATION, IMAGE_GENERATION);
	image_dev_item(s + SUPER_DEV_ITEM, devid, total_bytes);
	put_key(s + SUPER_SYS_ARRAY, &key);
	put32(s + SUPER_SYS_ARRAY_SIZE, DISK_KEY_SIZE + system_chunk(s + SUPER_SYS_ARRAY + DISK_KEY_SIZE));
	image_seal(s, SUPER_SIZE);
}

uint8_t *image_block(struct image *image, uint64_t bytenr, unsigned copy)
{
	return image->bytes + (copy ? IMAGE_COPY_1 : IMAGE_COPY_0) + (bytenr - IMAGE_CHUNK);
}

static void header(uint8_t *block, uint64_t bytenr, uint64_t owner, uint8_t level, unsigned n)
{
	memset(block, 0, IMAGE_NODESIZE);
	memcpy(block + HEADER_FSID, fsid, sizeof fsid);
	put64(block + HEADER_BYTENR, bytenr);
	put64(block + HEADER_FLAGS, HEADER_FLAG_WRITTEN | UINT64_C(1) << 56);
	put64(block + HEADER_GENERATION, IMAGE_GENERATION);
	put64(block + HEADER_OWNER, owner);
	put32(block + HEADER_NRITEMS, n);
	block[HEADER_LEVEL] = level;
}

static void finish(struct image *image, uint64_t bytenr)
{
	image_seal(image_block(image, bytenr, 0), IMAGE_NODESIZE);
	memcpy(image_block(image, bytenr, 1), image_block(image, bytenr, 0), IMAGE_NODESIZE);
}

void image_leaf(
	struct image *image, uint64_t bytenr, uint64_t owner, const struct image_item *items, unsigned n)
{
	uint8_t *block = image_block(image, bytenr, 0);
	uint32_t end = IMAGE_NODESIZE - HEADER_SIZE;

	header(block, bytenr, owner, 0, n);
	for (unsigned i = 0; i < n; i++) {
		uint8_t *slot = block + HEADER_SIZE + i * LEAF_ITEM_SIZE;

		end -= items[i].size;
		put_key(slot, &items[i].key);
		put32(slot + 17, end);
		put32(slot + 21, items[i].size);
		if (items[i].data)
			memcpy(block + HEADER_SIZE + end, items[i].data, items[i].size);
	}
	finish(image, bytenr);
}

void image_node(struct image *image, uint64_t bytenr, uint64_t owner, uint8_t level,
	const struct image_ptr *ptrs, unsigned n)
{
	uint8_t *block = image_block(image, bytenr, 0);

	header(block, bytenr, owner, level, n);
	for (unsigned i = 0; i < n; i++) {
		uint8_t *ptr = block + HEADER_SIZE + i * NODE_PTR_SIZE;

		put_key(ptr, &ptrs[i].key);
		put64(ptr + 17, ptrs[i].blockptr);
		put64(ptr + 25, ptrs[i].generation);
	}
	finish(image, bytenr);
}

/* Large enough for the first two mirrors. */
struct image *image_ready(void)
{
	uint64_t size = 65 * MIB;
	struct image *image = image_new(size);
	uint8_t chunk[256], device[DEV_ITEM_SIZE];
	struct image_item items[] = {
		{{DEV_ITEMS_OBJECTID, KEY_DEV_ITEM, 1}, device, sizeof device},
		{{FIRST_CHUNK_TREE_OBJECTID, KEY_CHUNK_ITEM, IMAGE_CHUNK}, chunk, 0},
	};

	items[1].size = system_chunk(chunk);
	image_dev_item(device, 1, size);
	image_super(image->bytes + 64 * KIB, 0, 1, size);
	image_super(image->bytes + 64 * MIB, 1, 1, size);
	image_leaf(image, IMAGE_CHUNK_ROOT, CHUNK_TREE_OBJECTID, items, 2);
	return image;
}

struct volume *image_open(struct image *image)
{
	struct source *source = &image->source;
	struct volume *volume;

	return volume_open(&source, 1, &volume, NULL) ? NULL : volume;
}

unsigned image_findings(const struct volume *volume, enum fsr_finding_code code, struct fsr_finding *last)
{
	unsigned n = 0;

	for (size_t i = 0; i < volume->findings.count; i++) {
		if (volume->findings.list[i].code != code)
			continue;
		if (last)
			*last = volume->findings.list[i];
		n++;
	}
	return n;
}
