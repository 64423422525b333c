/* SPDX-License-Identifier: MIT */
/* Single leaves for block_check(), and tables of changes to a lawful item. */
#ifndef TESTS_UNIT_LEAF_H
#define TESTS_UNIT_LEAF_H

#include "image.h"

/* One change to a lawful item's bytes and what is to be said about it. */
struct leaf_change {
	uint32_t at;
	unsigned width; /* of value: 1, 2, 4, 8 bytes; 0: no change */
	uint64_t value;
	const char *words; /* part of the reason; NULL: still lawful */
};

struct leaf_test {
	struct image *image;
	struct volume *volume;
	unsigned slot;  /* of the last verdict */
	uint8_t *block; /* nodesize bytes: the last leaf */
	char text[128];
};

/* A volume to check leaves of; for cmocka's setup and teardown. */
int leaf_setup(void **state);
int leaf_teardown(void **state);

/* Builds the leaf in t->block, sealed or not does not matter to block_check(). */
void leaf_build(struct leaf_test *t, uint64_t owner, const struct image_item *items, unsigned n);
/* block_check() on t->block as it is. */
const char *leaf_verdict(struct leaf_test *t);
/* Fails unless the reason contains words (NULL: unless there is none). */
void leaf_expect(struct leaf_test *t, const char *words);
/* A leaf of this one item (and `before`, if not NULL, in front of it). */
void leaf_expect_item(struct leaf_test *t, uint64_t owner, const struct image_item *before,
	struct fsr_key key, const void *data, uint32_t size, const char *words);
/* The same for the item after each of n changes, one at a time. */
void leaf_expect_changes(struct leaf_test *t, uint64_t owner, struct fsr_key key, const void *data,
	uint32_t size, const struct leaf_change *changes, size_t n);

#define LEAF_CHANGES(t, owner, key, data, size, changes)                                                     \
	leaf_expect_changes(                                                                                 \
		(t), (owner), (key), (data), (size), (changes), sizeof(changes) / sizeof *(changes))

#endif
