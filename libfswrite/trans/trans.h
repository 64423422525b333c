/* SPDX-License-Identifier: MIT */
/*
 * A transaction: tree blocks changed copy-on-write, space allocated for the copies, and the references that
 * this makes and drops, all in memory. Nothing that the last commit references is ever overwritten, and
 * nothing that this one frees is given out again.
 *
 * Functions answer 0 or a negative fsr_code unless said otherwise; after a failure the transaction is only
 * good for trans_free().
 */
#ifndef FSWRITE_TRANS_TRANS_H
#define FSWRITE_TRANS_TRANS_H

#include "../../libfsread/format/error.h"
#include "../../libfsread/space/extents.h"
#include "../fswrite.h"

/* A tree block in memory. */
struct block {
	uint64_t bytenr;
	uint8_t *data; /* nodesize bytes */
	bool fresh;    /* made by this transaction, to be changed in place */
	size_t ref;    /* 1 + the place in the queue of the reference that it waits for; 0: none */
	struct block *next;
};

#define BLOCK_BUCKETS 4096u

struct block_table {
	struct block *bucket[BLOCK_BUCKETS];
	size_t fresh; /* how many are */
};

/* One tree that is changed. Its root's place is the newest. */
struct tree {
	struct tree_root root;
	int64_t nodes; /* how many blocks it has gained */
	bool changed;
};

/* A way from the root to a slot of a leaf; block[level] is NULL above the root. */
struct path {
	struct block *block[MAX_LEVEL];
	uint32_t slot[MAX_LEVEL];
};

/* What may be allocated in one block group: free before the transaction, and not given out since. */
struct free_map {
	bool loaded;
	size_t count, room;
	struct super_stripe *ranges; /* ascending, disjoint */
};

/* One block group during the transaction. */
struct trans_group {
	const struct group_facts *facts;
	uint64_t used;      /* by now */
	uint64_t item_used; /* as its item says by now */
	uint64_t largest;   /* no free range is longer */
	struct free_map map;
	bool dirty;   /* allocated or freed in since its cache was set up last */
	bool touched; /* the same, since ever */

	/* cache/: how far its cache is */
	struct fsw_group result;
	bool eligible;        /* Linux keeps caches for block groups of this length */
	bool entered;         /* what takes part has begun to: from CLEAR on */
	bool takes_part;      /* its cache is renewed or made invalid, for result.why */
	bool deadly;          /* wrong, and trusted once cache_generation is renewed */
	bool harmful;         /* has a finding of danger or error */
	bool has_header;      /* there is one, by now */
	bool extent_there;    /* the new extent is allocated */
	bool old_dropped;     /* those that were there before are gone */
	uint64_t ino;         /* of the cache inode that the header names by now */
	enum fsr_state state; /* by now: how far the commit is with it */
};

/* A reference to be made in the extent tree, or taken out of it. */
struct ref {
	uint64_t bytenr, length;
	bool add, cancelled;
	uint64_t ino;   /* data: the cache inode that holds it; 0: a tree block */
	uint64_t start; /* data: file offset less offset into the extent, which the reference names */
	uint64_t owner; /* tree block: its tree */
	uint8_t level;
};

struct ref_queue {
	struct ref *list;
	size_t done, count, room;
};

struct trans {
	struct fsr_fs *fs;
	struct volume *volume;
	uint64_t generation; /* of this commit */
	bool skinny, simple_quota;
	bool frozen; /* nothing may be allocated any more */
	struct block_table blocks;
	struct tree roots, extents, quota;
	bool has_quota;
	struct ref_queue refs;
	size_t ngroups;
	struct trans_group *groups; /* one for each of fs->groups, in their order */
	uint64_t bytes_used;        /* of the superblock, by now */
	uint64_t next_ino; /* the lowest number above all objectids of the root tree; 0: not known yet */
	const struct fsw_options *options;
	/* what was taken away, for the result */
	size_t nremoved;
	struct fsw_removed *removed;
};

/* ---- trans.c */

/* fs stays the caller's. */
int trans_begin(struct trans *t, struct fsr_fs *fs, const struct fsw_options *options, struct fsr_error *err);
void trans_free(struct trans *t);
/* The caller of the library hears of it; FSR_E_STOPPED when the answer is to stop. */
int trans_tell(const struct trans *t, const struct fsw_event *event, struct fsr_error *err);
/* The block group that holds the address, or NULL. */
struct trans_group *trans_group_of(struct trans *t, uint64_t bytenr);

/* ---- block.c */

/* The block as this transaction has it; read and verified when it is not in memory. */
int block_get(struct trans *t, const struct block_want *want, struct block **out, struct fsr_error *err);
/* Makes *block one that may be changed, with a place of its own; *moved when it got one just now. */
int block_cow(struct trans *t, struct tree *tree, struct block **block, bool *moved, struct fsr_error *err);
/* A new empty block. */
int block_new(struct trans *t, struct tree *tree, uint8_t level, struct block **out, struct fsr_error *err);
/* Takes a block out of its tree, its reference too. It is gone afterwards. */
int block_free(struct trans *t, struct tree *tree, struct block *block, struct fsr_error *err);
/* Calls fn for every fresh block, in ascending order. */
typedef int (*block_fn)(void *arg, struct block *block, struct fsr_error *err);
int block_each(struct trans *t, block_fn fn, void *arg, struct fsr_error *err);
/* The extent tree takes up the block's reference: from here on freeing the block is news to it. */
void block_ref_arrived(struct trans *t, uint64_t bytenr);
/* The block with this address, or NULL: only those in memory. */
struct block *block_find(struct trans *t, uint64_t bytenr);
void block_table_free(struct block_table *table);

/* ---- search.c */

/*
 * Goes to the key: 0 when it is there, 1 when not; then the path leads to where it would stand, which may be
 * behind the last item of a leaf. With `change` every block on the path is made one that may be changed.
 */
int tree_search(struct trans *t, struct tree *tree, const struct fsr_key *key, bool change, struct path *path,
	struct fsr_error *err);
/*
 * A copy of the first item at or behind *key: 0 with *key its key and *size what it has (at most room
 * bytes are copied to data), 1 when there is none.
 */
int tree_next_item(struct trans *t, struct tree *tree, struct fsr_key *key, uint8_t *data, uint32_t room,
	uint32_t *size, struct fsr_error *err);
/* The same for the last item at or before *key. */
int tree_last_item(struct trans *t, struct tree *tree, struct fsr_key *key, struct fsr_error *err);
/* Makes the keys above path's block at `level` agree with its first key. */
void path_fix_keys(struct path *path, unsigned level);
struct fsr_key block_first_key(const uint8_t *block);

static inline uint32_t path_item_size(const struct path *path)
{
	return leaf_item_size(path->block[0]->data, path->slot[0]);
}
/* The bytes of the item that the path leads to; the path was searched with `change`. */
static inline uint8_t *path_item(const struct path *path)
{
	uint8_t *leaf = path->block[0]->data;

	return leaf + HEADER_SIZE + leaf_item_offset(leaf, path->slot[0]);
}

/* ---- insert.c */

/* Adds an item, which must not be there yet; data NULL: zeros. The path leads to it afterwards. */
int tree_insert(struct trans *t, struct tree *tree, const struct fsr_key *key, const void *data,
	uint32_t size, struct path *path, struct fsr_error *err);

/* ---- delete.c */

/* Removes the item that the path, searched with `change`, leads to. The path is of no use afterwards. */
int tree_delete(struct trans *t, struct tree *tree, struct path *path, struct fsr_error *err);

/* ---- alloc.c */

/* Space for a tree block of `tree`. FSR_E_NO_SPACE. */
int alloc_block(struct trans *t, uint64_t *bytenr, struct fsr_error *err);
/* A contiguous range for a cache file. FSR_E_NO_SPACE; nothing has changed then. */
int alloc_data(struct trans *t, uint64_t length, uint64_t *bytenr, struct fsr_error *err);
/* Gives back what was allocated and never referenced. */
int alloc_cancel(struct trans *t, uint64_t bytenr, uint64_t length, struct fsr_error *err);
/* Counts an extent that the last commit references as gone; its space stays untouched in this one. */
int alloc_release(struct trans *t, uint64_t bytenr, uint64_t length, struct fsr_error *err);

/* ---- free_map.c */

/*
 * Calls fn with each range of the block group that is free by the extent tree that c walks, ascending, less
 * the super stripes; a non-zero answer is FSR_E_NOMEM. *scan has what was seen on the way.
 */
int free_ranges(const struct trans *t, const struct trans_group *g, struct cursor *c, difference_fn fn,
	void *arg, struct extent_scan *scan, struct fsr_error *err);

/* Fills the map with what the last commit leaves free; of RAID5 and RAID6 only whole rows of stripes. */
int free_map_load(struct trans *t, struct trans_group *g, struct fsr_error *err);
/* Takes the first `length` free bytes at a multiple of `align`. FSR_E_NO_SPACE, FSR_E_NOMEM; no sentence. */
int free_map_take(struct free_map *map, uint64_t length, uint64_t align, uint64_t *bytenr);
/* The longest range there is. */
uint64_t free_map_largest(const struct free_map *map);
int free_map_give(struct free_map *map, uint64_t start, uint64_t end, struct fsr_error *err);
void free_map_free(struct free_map *map);

/* ---- refs.c */

int refs_add_block(struct trans *t, const struct tree *tree, struct block *block, struct fsr_error *err);
int refs_drop_block(
	struct trans *t, const struct tree *tree, uint64_t bytenr, uint8_t level, struct fsr_error *err);
int refs_add_data(struct trans *t, uint64_t bytenr, uint64_t length, uint64_t ino, struct fsr_error *err);
int refs_drop_data(struct trans *t, uint64_t bytenr, uint64_t length, uint64_t ino, uint64_t start,
	struct fsr_error *err);
static inline bool refs_waiting(const struct trans *t)
{
	return t->refs.done < t->refs.count;
}
/* Brings all that wait into the extent tree, and what that makes wait, until none does. */
int refs_run(struct trans *t, struct fsr_error *err);

/* ---- extent_items.c: the extent tree's items, for refs.c */

int extent_item_add(struct trans *t, const struct ref *ref, struct fsr_error *err);
int extent_item_drop(struct trans *t, const struct ref *ref, struct fsr_error *err);
/*
 * Whether the extent is held by this one reference and nothing else: 0. Otherwise FSR_E_REFUSED with the
 * reason. Nothing is changed.
 */
int extent_item_check(struct trans *t, const struct ref *ref, struct fsr_error *err);

#endif
