/* SPDX-License-Identifier: MIT */
/*
 * The image mutator's own parser. It shares no code with libfsread on purpose: what it plants must
 * be what it says even where the library reads it wrongly. It trusts the image it is given (the
 * images are ours) and ends the program with a message where something is not as expected.
 */
#ifndef MUTATE_H
#define MUTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_DEVICES 16
#define MAX_STRIPES 16
#define MAX_CHUNKS 4096
#define MAX_NODE 65536
#define MAX_LEVEL 8
#define SUPER_SIZE 4096

enum {
	TYPE_UNTYPED = 0,
	TYPE_INODE = 1,
	TYPE_EXTENT_DATA = 108,
	TYPE_ROOT = 132,
	TYPE_BLOCK_GROUP = 192,
	TYPE_CHUNK = 228,
};

#define FREE_SPACE_ID UINT64_C(0xfffffffffffffff5)

struct key {
	uint64_t objectid;
	uint8_t type;
	uint64_t offset;
};

struct device {
	int fd;
	const char *path;
	uint64_t id;
};

struct chunk {
	uint64_t start, length, stripe_len, type;
	unsigned stripes, sub_stripes;
	struct {
		uint64_t devid, offset;
	} stripe[MAX_STRIPES];
};

struct image {
	struct device device[MAX_DEVICES];
	unsigned devices;
	uint8_t super[SUPER_SIZE]; /* the first device's primary */
	uint32_t nodesize, sectorsize;
	struct chunk chunk[MAX_CHUNKS];
	unsigned chunks;
	/* modifiers of the ops that follow */
	int copy;   /* only this copy of a logical range is written; -1: all */
	int mirror; /* only this superblock mirror is written; -1: all */
	bool mend;  /* checksums are made good again */
};

/* How an op changes a number: `5`, `+=5`, `-=5`, `^=5`. */
struct edit {
	char op;
	uint64_t value;
};

/* A leaf and the way down to it. */
struct path {
	unsigned depth; /* nodes above the leaf */
	uint64_t bytenr[MAX_LEVEL];
	unsigned slot[MAX_LEVEL]; /* slot[depth] is the item's */
	uint8_t leaf[MAX_NODE];
};

void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
uint32_t crc32c_of(const void *data, size_t length);
uint64_t get(const uint8_t *at, unsigned size);
void put(uint8_t *at, unsigned size, uint64_t value);
uint64_t number(const char *text);
struct edit parse_edit(const char *text);
/* Changes the `size` bytes at `at`. */
void apply_edit(uint8_t *at, unsigned size, struct edit edit);
/* Splits "OFFSET" or "OFFSET/SIZE" (size 8 when not given). */
void parse_place(const char *text, uint32_t *offset, unsigned *size);

/* Opens the comma-separated devices and reads superblock and chunks. */
void image_open(struct image *image, char *paths);
void image_close(struct image *image);
/* Reads from the first copy whose device is there. */
void logical_read(const struct image *image, uint64_t bytenr, void *buffer, size_t length);
/* Writes every copy, or image->copy alone. */
void logical_write(const struct image *image, uint64_t bytenr, const void *buffer, size_t length);
/* Edits a field in the superblocks of every device and mirror (or image->mirror). */
void super_edit(struct image *image, uint32_t offset, unsigned size, struct edit edit);
/* A chunk item's bytes into the map. */
void chunk_add(struct image *image, uint64_t start, const uint8_t *data);

void block_read(const struct image *image, uint64_t bytenr, uint8_t *block);
/* Writes a tree block, its checksum mended unless the modifier says no. */
void block_write(const struct image *image, uint64_t bytenr, uint8_t *block);
/* A tree's number from its name ("root", "extent", "fs", ...) or digits. */
uint64_t tree_number(const char *name);
/* Where a tree's root block lies. */
uint64_t tree_root(const struct image *image, uint64_t tree);
/* Goes to key in a tree; the slot is where it is or would be. */
bool tree_find(const struct image *image, uint64_t tree, struct key key, struct path *path);
/* Goes to key and ends the program when it is not there. */
void tree_need(const struct image *image, uint64_t tree, struct key key, struct path *path);
/* Calls fn for every item of a tree in key order. */
typedef void (*item_fn)(void *arg, struct key key, const uint8_t *data, uint32_t size);
void tree_walk(const struct image *image, uint64_t tree, item_fn fn, void *arg);
uint32_t item_size(const struct path *path);
uint8_t *item_data(struct path *path);
struct key item_key(const struct path *path);
void leaf_save(const struct image *image, struct path *path);
void item_delete(const struct image *image, uint64_t tree, struct key key);
void item_insert(
	const struct image *image, uint64_t tree, struct key key, const uint8_t *data, uint32_t size);

/* A block group's cache header, which must be there. */
void header_find(const struct image *image, uint64_t group, struct path *path);
uint64_t header_inode(const struct image *image, uint64_t group);

/* A cache file in memory. */
struct cache {
	struct image *image;
	uint64_t group, inode, size;
	uint64_t generation, entries, bitmaps; /* the header's */
	uint32_t page_size;
	unsigned pages; /* N */
	uint8_t *bytes;
};

/* Reads a block group's cache file; pages without an extent read as zeros. */
void cache_load(struct image *image, uint64_t group, struct cache *cache);
void cache_free(struct cache *cache);
uint8_t *cache_page(const struct cache *cache, uint64_t page);
/* Makes a page's crc slot right, unless the modifier says no. */
void cache_mend(const struct cache *cache, unsigned page);
/* Writes the file and the header's counts back. */
void cache_save(const struct cache *cache);

/* One entry of a cache; bitmap is its page, NULL for an extent. */
struct entry {
	uint64_t offset, bytes;
	uint8_t type;
	uint8_t *bitmap;
	unsigned page;
	uint32_t byte;
};

/* Entries in disk order. */
struct entries {
	struct entry *list;
	size_t count, room;
};

bool is_bitmap(const struct entry *entry);
/* Appends an entry of zeros. */
struct entry *entries_push(struct entries *entries);
void entries_load(const struct cache *cache, struct entries *entries);
void entries_free(struct entries *entries);
/* A page of zeros, or a copy of `from`. */
uint8_t *bitmap_new(const struct cache *cache, const uint8_t *from);
/* Lays the file out anew in memory, as Linux does but for the slots it leaves at 0. */
void entries_lay_out(struct cache *cache, const struct entries *entries);

/* One group of ops; the tables are joined in mutate.c. */
struct op {
	const char *name;
	int args; /* how many */
	void (*run)(struct image *image, char **args);
	const char *help;
};
extern const struct op image_ops[], item_ops[], page_ops[], entry_ops[];

#endif
