/* SPDX-License-Identifier: MIT */
/* A small filesystem in memory with one large block group: its extents, its cache, its free space tree. */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include "../../libfsread/space/judge.h"
#include "cachefile.h"

/* Where the block group at GROUP lies on device 1 (and again, where it has two copies). */
#define WORLD_COPY_0 (24 * MIB)
#define WORLD_COPY_1 (40 * MIB)
#define WORLD_FILE_INO 256u
/* Where the cache's own file lies, in the block group. */
#define WORLD_FILE (GROUP + MIB)
#define FILE_BYTES (16 * SECTOR)
/* Device offset 64 MiB, where a superblock lies: 40 MiB into copy 0, 24 MiB into copy 1. */
#define STRIPE_0 (GROUP + 64 * MIB - WORLD_COPY_0)
#define STRIPE_1 (GROUP + 64 * MIB - WORLD_COPY_1)
#define STRIPE_BYTES (64 * KIB)
/* Roots of the trees; each is one leaf. */
#define WORLD_ROOT_TREE (IMAGE_CHUNK + IMAGE_NODESIZE)
#define WORLD_EXTENT_TREE (IMAGE_CHUNK + 2 * IMAGE_NODESIZE)
#define WORLD_FREE_SPACE_TREE (IMAGE_CHUNK + 3 * IMAGE_NODESIZE)

struct world_tree {
	struct image_item items[40];
	uint8_t data[40][256];
	unsigned count;
};

struct world {
	struct image *image;
	struct fsr_fs fs;
	struct world_tree roots, extents, free_space;
	uint64_t profile;   /* of the block group's chunk: 0, BLOCK_GROUP_DUP or BLOCK_GROUP_RAID1 */
	bool second_device; /* RAID1: the other stripe lies on a device that is not there */
	uint64_t used;      /* by the extents added so far */
	bool no_group_item;
	/* after world_judge() */
	struct judge judge;
	struct fsr_group group;
};

struct world *world_new(void);
/* The same with 1 MiB of data at the block group's start and the extent of the cache's file behind it. */
struct world *world_plain(uint64_t profile);
/* And with a cache that lists what is free, less the super stripes. */
struct world *world_clean(uint64_t profile);
/* Its entries: the header and the pages are yet to be written, by world_cache(). */
void list_free_space(struct cachefile *f, bool two_stripes);
void world_free(struct world *w);
/* Adds an item to one of the trees; `data` of `size` bytes may be NULL for zeros. Returns where its data is
 * kept. */
uint8_t *world_item(struct world_tree *tree, uint64_t objectid, uint8_t type, uint64_t offset,
	const void *data, uint32_t size);
/* A data extent of inode 257 in subvolume 5. */
void world_extent(struct world *w, uint64_t start, uint64_t length);
/* Header, inode and extent of the cache, and its pages to both copies of WORLD_FILE. */
void world_cache(struct world *w, struct cachefile *f);
/* Place of a byte of the block group in the image. */
uint8_t *world_bytes(struct world *w, uint64_t bytenr, unsigned copy);
/* Writes the trees (the root tree gets an item if it has none), opens the volume, collects what there is.
 * Index of the block group is 1. */
void world_open(struct world *w);
/* Judges the block group; opens first if that was not done. */
void world_judge(struct world *w);
/* Whether the block group has the finding, and with what severity (-1: it has not). */
int world_finding(const struct world *w, enum fsr_finding_code code);

#endif
