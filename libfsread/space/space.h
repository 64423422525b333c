/* SPDX-License-Identifier: MIT */
/* Block groups and their caches: what was collected from the trees, and how it is judged. */
#ifndef FSREAD_SPACE_SPACE_H
#define FSREAD_SPACE_SPACE_H

#include "../tree/tree.h"

/* One FREE_SPACE header item of the root tree. */
struct cache_header {
	uint64_t group; /* key offset: the block group it speaks for */
	uint64_t leaf;
	unsigned slot;
	bool outside_leaf; /* its 41 bytes would end behind the leaf: Linux reads what lies there */
	struct fsr_key location;
	uint64_t generation, entries, bitmaps;
};

/* One inode of the root tree, objectid 256 and more, or one that a header names. */
struct cache_inode {
	uint64_t ino;
	uint64_t leaf;
	unsigned slot;
	uint64_t generation, size, flags;
	uint32_t nlink, mode;
	unsigned headers; /* how many headers name it */
};

/* One EXTENT_DATA item of such an inode. */
struct cache_file_extent {
	uint64_t ino;
	uint64_t leaf;
	unsigned slot;
	struct fsr_cache_extent item; /* inline: num_bytes is the length of the data */
};

/* A range of root tree keys that damage hides: [from, to). */
struct key_hole {
	struct fsr_key from, to;
	bool to_end;
	uint64_t bytenr;
};

/* What the chunk map and the block group items say, before any cache is looked at. */
struct group_facts {
	uint64_t bytenr, length, flags, used;
	bool has_item;
	uint64_t scan_from, scan_to; /* key range of the extent tree that is this group's to scan */
	uint64_t excluded_bytes;
};

struct fsr_fs {
	struct volume *volume;
	struct tree_root extent_root, block_group_root, free_space_root;
	bool has_extent_root, has_free_space_root;
	size_t ngroups, nheaders, ninodes, nextents, nholes;
	struct group_facts *groups;        /* ascending bytenr */
	struct cache_header *headers;      /* ascending group */
	struct cache_inode *inodes;        /* ascending ino */
	struct cache_file_extent *extents; /* ascending ino, file offset */
	struct key_hole *holes;            /* ascending, disjoint */
};

/* collect.c: walks the root tree once. */
int collect_caches(struct fsr_fs *fs, struct fsr_error *err);
const struct cache_header *find_header(const struct fsr_fs *fs, uint64_t group);
const struct cache_inode *find_inode(const struct fsr_fs *fs, uint64_t ino);
/* The first of inode ino's extents; *count of them follow each other. */
const struct cache_file_extent *find_extents(const struct fsr_fs *fs, uint64_t ino, size_t *count);
/* The hole that hides the key, or NULL. */
const struct key_hole *find_hole(const struct fsr_fs *fs, const struct fsr_key *key);

/* groups.c: one record per chunk, with its block group item. */
int collect_groups(struct fsr_fs *fs, struct fsr_error *err);
const struct group_facts *find_group(const struct fsr_fs *fs, uint64_t bytenr);

/* log.c: names the blocks of the log tree, if there is one, as one finding. */
int report_log_tree(struct fsr_fs *fs, struct fsr_error *err);

/* Whether Linux would keep a cache for a block group of this length (F-A8). */
bool group_eligible(const struct fsr_fs *fs, uint64_t length);

/* What can grow without end stops here, so that a hostile tree can't take all memory. */
#define COLLECT_MAX (UINT64_C(1) << 24)

/*
 * Makes room for one more element at the end of an array that doubles as it grows.
 * Returns the array, moved or not, or NULL when memory ran out (the old one stays).
 */
void *array_grow(void *array, size_t count, size_t size);

#endif
