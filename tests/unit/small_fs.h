/* SPDX-License-Identifier: MIT */
/* A small filesystem for mount_check(), to be broken in one place. */
#ifndef TESTS_UNIT_SMALL_FS_H
#define TESTS_UNIT_SMALL_FS_H

#include "image.h"

#define FS_BLOCK(i) (IMAGE_CHUNK + (uint64_t)(i)*IMAGE_NODESIZE)
#define FS_SUBVOLUME UINT64_C(300)
#define FS_DIRECTORY UINT64_C(257)
#define FS_DEV_STATS UINT64_C(0)
#define FS_MAX_ITEMS 20u

/* The trees, one leaf each; quotas have no root item unless it is added. */
enum {
	FS_ROOTS = 1,
	FS_EXTENTS,
	FS_DEVICES,
	FS_FILES,
	FS_CSUMS,
	FS_UUIDS,
	FS_RELOCATED,
	FS_SUB,
	FS_QUOTAS,
	FS_TREES
};

struct small_tree {
	struct image_item items[FS_MAX_ITEMS];
	uint8_t data[FS_MAX_ITEMS][ROOT_ITEM_SIZE];
	unsigned n, used; /* items, and data ever given to one */
};

struct small_fs {
	struct image *image;
	uint8_t levels[FS_TREES]; /* 1: a node stands above the tree's leaf, see fs_add_leaf() */
	uint64_t second[FS_TREES];
	struct fsr_key second_key[FS_TREES];
	struct small_tree trees[FS_TREES];
};

/* Directory "d" in the top level, in it the subvolume "sub", which is what a mount shows. */
struct small_fs *fs_make(void);

/* Items stay in key order; returns the new item's bytes, all 0. */
uint8_t *fs_add(struct small_fs *fs, unsigned tree, struct fsr_key key, uint32_t size);
void fs_add_root(struct small_fs *fs, unsigned tree);
void fs_add_directory(struct small_fs *fs, unsigned tree, uint64_t ino);
uint8_t *fs_add_dev_extent(struct small_fs *fs, uint64_t start);
/*
 * Gives the tree (which must have its root item) a node above its leaf and a second leaf at bytenr, made
 * by the caller, whose first key this is.
 */
void fs_add_leaf(struct small_fs *fs, unsigned tree, struct fsr_key first, uint64_t bytenr);
/* The first item of this objectid and type, which must be there; its bytes; and without it. */
struct image_item *fs_find(struct small_fs *fs, unsigned tree, uint64_t objectid, uint8_t type);
uint8_t *fs_bytes(struct small_fs *fs, unsigned tree, uint64_t objectid, uint8_t type);
void fs_drop(struct small_fs *fs, unsigned tree, uint64_t objectid, uint8_t type);

/* Writes the trees and opens the volume, chunks loaded. */
struct volume *fs_volume(struct small_fs *fs);
/*
 * Runs mount_check(): there must be a finding of this code with these words, or (words NULL) none at
 * all. Takes fs and volume.
 */
void fs_expect_volume(
	struct small_fs *fs, struct volume *volume, enum fsr_finding_code code, const char *words);
/* The same for a volume opened here. */
void fs_expect(struct small_fs *fs, enum fsr_finding_code code, const char *words);

#endif
