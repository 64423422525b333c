/* SPDX-License-Identifier: MIT */
/*
 * The rules of block_check(), item type by item type. Each rule answers NULL for a lawful item or
 * the reason in words, static or in c->text. They are those of Linux 6.1; where later kernels ask
 * for more, a comment says so and nothing is refused.
 */
#ifndef FSREAD_TREE_CHECK_H
#define FSREAD_TREE_CHECK_H

#include "tree.h"

#define REASON_SIZE 128u

/* What the rules need to know about the leaf, the same for all its items. */
struct leaf_check {
	const struct volume *volume;
	uint32_t nodesize, sectorsize, csum_size;
	uint64_t owner;
	uint64_t max_generation; /* one above the super's: a log tree is that new */
	uint64_t incompat;
	char *text; /* REASON_SIZE bytes */
};

/* One item of the leaf. Its data lies within the leaf, which ends `room` bytes after its start. */
struct leaf_slot {
	struct fsr_key key;
	const uint8_t *data;
	uint32_t offset, size, room;
};

/* Writes a reason with numbers into text and returns it. */
const char *check_reason(char *text, const char *format, ...) __attribute__((cold, format(printf, 2, 3)));

static inline bool is_aligned(uint64_t value, uint32_t power_of_two)
{
	return (value & (power_of_two - 1)) == 0;
}

/* The id of a subvolume: the top level, or a number with no quota group level in its upper 16 bits. */
static inline bool is_subvolume(uint64_t objectid)
{
	return objectid == FS_TREE_OBJECTID || (objectid >= FIRST_FREE_OBJECTID && objectid >> 48 == 0);
}

/*
 * In a subvolume an inode's items follow its INODE_ITEM, so the item before has the same objectid;
 * a leaf may begin with any of them. prev is NULL for the first item of a leaf.
 */
const char *check_same_inode(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev);

/* check_extent.c */
const char *check_extent_item(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev);
/*
 * The fast way over nearly all items of an extent tree: how many items from slot i on, below n, are
 * plainly lawful, their place in the leaf included. Each is the only reference's extent and lies behind
 * the one before; prev is what stands before slot i. Whatever differs is left to check_extent_item().
 */
uint32_t plain_extents(const struct leaf_check *c, const uint8_t *leaf, uint32_t i, uint32_t n,
	const struct leaf_slot *prev);
const char *check_keyed_ref(const struct leaf_check *c, const struct leaf_slot *item);
const char *check_keyed_data_ref(const struct leaf_check *c, const struct leaf_slot *item);
const char *check_block_group_item(const struct leaf_check *c, const struct leaf_slot *item);

/* check_inode.c */
const char *check_inode_item(const struct leaf_check *c, const struct leaf_slot *item);
const char *check_inode_ref(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev);
const char *check_dir_item(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev);

/* check_file.c */
const char *check_file_extent(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev);
const char *check_csum_item(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev);

/* check_root.c */
const char *check_root_item(const struct leaf_check *c, const struct leaf_slot *item);
const char *check_root_ref(const struct leaf_check *c, const struct leaf_slot *item);
/* A key that names a tree: of a root item, or (location) one that a directory entry points to. */
const char *check_root_key(const struct leaf_check *c, const struct fsr_key *key, bool location);

/* check_chunk.c */
const char *check_chunk_item(const struct leaf_check *c, const struct leaf_slot *item);
const char *check_dev_item(const struct leaf_check *c, const struct leaf_slot *item);
const char *check_dev_extent(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev);

#endif
