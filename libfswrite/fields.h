/* SPDX-License-Identifier: MIT */
/* Storing on-disk fields: the other direction of get64() and its kin. */
#ifndef FSWRITE_FIELDS_H
#define FSWRITE_FIELDS_H

#include "../libfsread/format/btrfs.h"

static inline void set32(void *p, uint32_t value)
{
	value = htole32(value);
	memcpy(p, &value, sizeof value);
}

static inline void set64(void *p, uint64_t value)
{
	value = htole64(value);
	memcpy(p, &value, sizeof value);
}

static inline void set_key(uint8_t *p, const struct fsr_key *key)
{
	set64(p, key->objectid);
	p[8] = key->type;
	set64(p + 9, key->offset);
}

static inline void set_item(uint8_t *leaf, uint32_t i, uint32_t offset, uint32_t size)
{
	uint8_t *item = leaf + HEADER_SIZE + (size_t)i * LEAF_ITEM_SIZE;

	set32(item + 17, offset);
	set32(item + 21, size);
}

static inline void set_ptr(
	uint8_t *node, uint32_t i, const struct fsr_key *key, uint64_t bytenr, uint64_t generation)
{
	uint8_t *p = node + HEADER_SIZE + (size_t)i * NODE_PTR_SIZE;

	set_key(p, key);
	set64(p + 17, bytenr);
	set64(p + 25, generation);
}

static inline void set_nritems(uint8_t *block, uint32_t n)
{
	set32(block + HEADER_NRITEMS, n);
}

#endif
