/* SPDX-License-Identifier: MIT */
/*
 * Makes hostile images: one lawful image, one seed, and the same damage every time. Checksums are
 * made good again, so that the damage reaches the checks behind them.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include "../mutate/mutate.h"

#define BLOCK_HEADER 101u
#define LEAF_SLOT 25u
#define NODE_SLOT 33u
#define TREES_MAX 32u

/* A number somewhere: how far from the start of its structure, how wide. */
struct field {
	uint16_t at;
	uint8_t size;
	const char *name;
};

struct block_ref {
	uint64_t bytenr, tree;
	unsigned level;
};

struct item_ref {
	uint64_t leaf;
	unsigned slot;
	struct key key;
	uint32_t at, size; /* of the data, within the leaf */
};

struct hostile {
	struct image image;
	uint64_t random;
	struct block_ref *block;
	size_t blocks;
	struct item_ref *item;
	size_t items;
	uint64_t tree[TREES_MAX];
	size_t trees;
};

/* A number below n, n > 0. */
uint64_t pick(struct hostile *h, uint64_t n);
/* A number likely to hurt in place of old: limits of its type, neighbours, sizes, noise. */
uint64_t evil(struct hostile *h, unsigned size, uint64_t old);
/* Puts such a number into a field of structure and says so. */
void spoil(
	struct hostile *h, uint8_t *structure, const struct field *field, const char *where, uint64_t which);

/* Reads a tree block, whatever is left of it. */
void take(const struct hostile *h, uint64_t bytenr, uint8_t *block);

/* Lists every tree's blocks and items. */
void survey(struct hostile *h);
/* A block of a tree, both taken at random. */
const struct block_ref *any_block(struct hostile *h);
/* An item of a type; NULL when there is none. */
const struct item_ref *item_of_type(struct hostile *h, uint8_t type);
const struct item_ref *item_by_key(struct hostile *h, uint64_t objectid, uint8_t type);

/* Writes the superblock to every mirror, its place and checksum made good. */
void super_write(struct hostile *h);

/* The classes of damage; each is one row of the table in hostile.c. */
void damage_super(struct hostile *h);
void damage_label(struct hostile *h);
void damage_sys_array(struct hostile *h);
void damage_header(struct hostile *h);
void damage_slot(struct hostile *h);
void damage_pointer(struct hostile *h);
void damage_chain(struct hostile *h);
void damage_item(struct hostile *h);
void damage_noise(struct hostile *h);
void damage_cache(struct hostile *h);

#endif
