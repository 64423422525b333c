/* SPDX-License-Identifier: MIT */
/* A device in memory and the bytes of a small filesystem on it, made field by field for the tests. */
#ifndef TESTS_UNIT_IMAGE_H
#define TESTS_UNIT_IMAGE_H

#include "../../libfsread/tree/tree.h"

#define IMAGE_NODESIZE 4096u
#define IMAGE_SECTORSIZE 4096u
#define IMAGE_GENERATION 9u
/* The system chunk maps logical addresses to two places: DUP, 4 MiB each. */
#define IMAGE_CHUNK (1 * MIB)
#define IMAGE_CHUNK_LENGTH (4 * MIB)
#define IMAGE_COPY_0 (8 * MIB)
#define IMAGE_COPY_1 (16 * MIB)
#define IMAGE_CHUNK_ROOT IMAGE_CHUNK

/* A source over `size` zero bytes, to be filled through `bytes`. */
struct image {
	struct source source;
	uint8_t *bytes;
	unsigned reads; /* calls of read_at so far */
};

/* One item of a leaf. data NULL: `size` bytes of zeros. */
struct image_item {
	struct fsr_key key;
	const void *data;
	uint32_t size;
};

/* One pointer of a node. */
struct image_ptr {
	struct fsr_key key;
	uint64_t blockptr, generation;
};

void put16(uint8_t *p, uint16_t value);
void put32(uint8_t *p, uint32_t value);
void put64(uint8_t *p, uint64_t value);

struct image *image_new(uint64_t size);
/* A lawful superblock of `devid` for mirror `mirror`, sealed. */
void image_super(uint8_t *super, unsigned mirror, uint64_t devid, uint64_t total_bytes);
/* Writes the checksum, as bytes 32 up to size have it. */
void image_seal(uint8_t *block, size_t size);
/* A chunk item with n stripes of {devid, offset}; returns its size. */
uint32_t image_chunk_item(
	uint8_t *item, uint64_t length, uint64_t type, unsigned n, const struct chunk_stripe *stripes);
/* A device item as the superblock has it. */
void image_dev_item(uint8_t *item, uint64_t devid, uint64_t total_bytes);
/* An image with supers, chunk tree and nothing else, and the volume on it. */
struct image *image_ready(void);
struct volume *image_open(struct image *image);

/* Tree blocks of the tree `owner`, written to both copies. */
void image_leaf(
	struct image *image, uint64_t bytenr, uint64_t owner, const struct image_item *items, unsigned n);
void image_node(struct image *image, uint64_t bytenr, uint64_t owner, uint8_t level,
	const struct image_ptr *ptrs, unsigned n);
/* Where copy 0 or 1 of a tree block lies. */
uint8_t *image_block(struct image *image, uint64_t bytenr, unsigned copy);
/* How many findings of this code the volume has, and the last of them. */
unsigned image_findings(const struct volume *volume, enum fsr_finding_code code, struct fsr_finding *last);

#endif
