/* SPDX-License-Identifier: MIT */
/* fsr_block_open(): one tree block by its address, whether it is lawful or not, and what is in it. */
#include "format/error.h"
#include "space/space.h"

#include <stdlib.h>

/* The block's bytes lie behind it in the same piece of memory. */
struct held_block {
	struct fsr_block block;
	uint8_t bytes[];
};

static int check_address(const struct volume *volume, uint64_t bytenr, struct fsr_error *err)
{
	const struct fsr_filesystem *fs = &volume->fs;
	const struct chunk *chunk = volume_find_chunk(volume, bytenr);

	if (bytenr % fs->sectorsize)
		return fsr_fail(err, FSR_E_INVALID, 0, bytenr,
			"no tree block begins at %llu: it is not a multiple of the sectorsize %u",
			(unsigned long long)bytenr, fs->sectorsize);
	if (!chunk)
		return fsr_fail(err, FSR_E_NOT_FOUND, 0, bytenr, "address %llu lies in no chunk",
			(unsigned long long)bytenr);
	if (fs->nodesize > chunk->length - (bytenr - chunk->start))
		return fsr_fail(err, FSR_E_INVALID, 0, bytenr,
			"no tree block begins at %llu: its %u bytes would reach over the end of the chunk",
			(unsigned long long)bytenr, fs->nodesize);
	return 0;
}

static uint32_t free_bytes(const uint8_t *block, uint32_t size)
{
	uint32_t n = block_nritems(block);

	if (block_level(block))
		return size - HEADER_SIZE - n * NODE_PTR_SIZE;
	return (n ? leaf_item_offset(block, n - 1) : size - HEADER_SIZE) - n * LEAF_ITEM_SIZE;
}

/* Copy `copy` into *held. Damage is not an error, but what can't be read at all. */
static int read_copy(struct volume *volume, unsigned copy, struct held_block *held, struct fsr_error *err)
{
	struct fsr_block *block = &held->block;
	int ret = volume_read(volume, block->bytenr, block->size, copy, held->bytes, err);

	if (ret)
		return ret;
	block->copy = copy;
	block->owner = block_owner(held->bytes);
	block->generation = block_generation(held->bytes);
	block->level = block_level(held->bytes);
	block->nritems = block_nritems(held->bytes);
	block->free_bytes = 0;
	block->problem[0] = 0;
	block->lawful = tree_block_lawful(volume, block->bytenr, held->bytes, block->problem);
	if (block->lawful)
		block->free_bytes = free_bytes(held->bytes, block->size);
	return 0;
}

/* The first lawful copy, or the first that can be read. */
static int read_any(struct volume *volume, struct held_block *held, struct fsr_error *err)
{
	unsigned copies = held->block.ncopies, readable = copies;
	struct fsr_error first = {0};
	int ret = 0;

	for (unsigned copy = 0; copy < copies; copy++) {
		struct fsr_error *why = copy ? NULL : &first;

		if (read_copy(volume, copy, held, why))
			continue;
		if (held->block.lawful)
			return 0;
		if (readable == copies)
			readable = copy;
	}
	if (readable < copies)
		return read_copy(volume, readable, held, err);
	ret = first.code;
	if (err)
		*err = first;
	return ret;
}

int fsr_block_open(
	struct fsr_fs *fs, uint64_t bytenr, unsigned copy, struct fsr_block **out, struct fsr_error *err)
{
	struct volume *volume = fs->volume;
	uint32_t size = volume->fs.nodesize;
	struct held_block *held;
	int ret;

	*out = NULL;
	ret = check_address(volume, bytenr, err);
	if (ret)
		return ret;
	held = malloc(sizeof *held + size);
	if (!held)
		return fsr_fail_nomem(err);
	held->block = (struct fsr_block){.bytenr = bytenr, .size = size, .data = held->bytes};
	held->block.ncopies = volume_copies(volume, volume_find_chunk(volume, bytenr));
	ret = copy == FSR_ANY_COPY ? read_any(volume, held, err) : read_copy(volume, copy, held, err);
	if (ret)
		free(held);
	else
		*out = &held->block;
	return ret;
}

void fsr_block_free(struct fsr_block *block)
{
	free(block); /* its bytes too: it is the first member of the piece */
}

bool fsr_block_item(const struct fsr_block *block, unsigned i, struct fsr_item *item)
{
	if (!block->lawful || block->level || i >= block->nritems)
		return false;
	*item = (struct fsr_item){
		.key = get_key(leaf_item(block->data, i)),
		.leaf = block->bytenr,
		.slot = i,
		.size = leaf_item_size(block->data, i),
		.data = leaf_item_data(block->data, i),
	};
	return true;
}

bool fsr_block_pointer(const struct fsr_block *block, unsigned i, struct fsr_pointer *pointer)
{
	if (!block->lawful || !block->level || i >= block->nritems)
		return false;
	*pointer = (struct fsr_pointer){
		.key = get_key(node_ptr(block->data, i)),
		.bytenr = node_blockptr(block->data, i),
		.generation = node_ptr_generation(block->data, i),
	};
	return true;
}
