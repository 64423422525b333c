/* SPDX-License-Identifier: MIT */
/* Verified tree blocks, and walking a tree over damage. */
#ifndef FSREAD_TREE_TREE_H
#define FSREAD_TREE_TREE_H

#include "../volume/volume.h"

/* Where a tree begins. */
struct tree_root {
	uint64_t bytenr, generation, owner; /* owner: the tree's objectid */
	uint8_t level;
};

/* What a block must be, from its parent or its root item. first_key NULL: a root. */
struct block_want {
	uint64_t bytenr, generation, owner;
	uint8_t level;
	const struct fsr_key *first_key;
};

/*
 * Reads the block into buffer (nodesize bytes), trying every copy until one passes all checks of D5
 * (block_check() included). A copy that fails while another passes becomes a finding
 * tree-block-copy; if none passes the error is that of copy 0 and no finding is made here.
 */
int tree_read_block(
	struct volume *volume, const struct block_want *want, uint8_t *buffer, struct fsr_error *err);

#define BLOCK_WHY_SIZE 192u
/*
 * The checks of tree_read_block() that need no parent, on nodesize bytes read from bytenr; and that the
 * block is not newer than the filesystem. false: `why` says what fails.
 */
bool tree_block_lawful(
	const struct volume *volume, uint64_t bytenr, const uint8_t *block, char why[BLOCK_WHY_SIZE]);

/*
 * The content rules Linux applies to a leaf or node when it reads one (D5): bounds, key order, no
 * holes, and the fields of every item type. NULL when lawful, else what is wrong, in words; *slot
 * names the item. `generation` is the super's. The reason's text is static or lives in `text`.
 */
const char *block_check(const struct volume *volume, const uint8_t *block, unsigned *slot, char text[128]);

/* A position in a tree. Blocks are read as they are needed; it may be used again for another seek. */
struct cursor {
	struct volume *volume;
	struct tree_root root;
	uint8_t *block[MAX_LEVEL];  /* block[level], allocated as needed */
	uint64_t bytenr[MAX_LEVEL]; /* what is in block[level]; 0: nothing valid */
	uint32_t slot[MAX_LEVEL];
	struct fsr_key upper[MAX_LEVEL]; /* keys in block[level] are below this (exclusive) if has_upper */
	bool has_upper[MAX_LEVEL];
	/* filled when a call answers CURSOR_HOLE: keys from hole_from (inclusive) to hole_to (exclusive) are
	 * hidden */
	struct fsr_key hole_from, hole_to;
	bool hole_to_end; /* hidden up to the end of the tree */
	uint64_t hole_bytenr;
};

/*
 * 0: the cursor is on an item. CURSOR_END: past the last one. CURSOR_HOLE: a block that can't be
 * read hides keys (a finding tree-block was added); cursor_next() goes on behind it. Negative: an
 * error that is no damage (memory).
 */
enum cursor_answer { CURSOR_ITEM = 0, CURSOR_END = 1, CURSOR_HOLE = 2 };

void cursor_init(struct cursor *c, struct volume *volume, const struct tree_root *root);
void cursor_free(struct cursor *c);
/* To the first item whose key is not below key. Blocks still held from before are not read again. */
int cursor_seek(struct cursor *c, const struct fsr_key *key, struct fsr_error *err);
int cursor_next(struct cursor *c, struct fsr_error *err);
/* To the first item of the next leaf: for scans that go through c->block[0] by themselves. */
int cursor_next_leaf(struct cursor *c, struct fsr_error *err);
/* To the last item whose key is not above key (CURSOR_END: there is none). */
int cursor_seek_back(struct cursor *c, const struct fsr_key *key, struct fsr_error *err);

static inline const uint8_t *cursor_leaf(const struct cursor *c)
{
	return c->block[0];
}
static inline void cursor_item(const struct cursor *c, struct fsr_item *item)
{
	const uint8_t *leaf = c->block[0];
	uint32_t i = c->slot[0];

	item->key = get_key(leaf_item(leaf, i));
	item->leaf = c->bytenr[0];
	item->slot = i;
	item->size = leaf_item_size(leaf, i);
	item->data = leaf_item_data(leaf, i);
}

/* The trees whose place the superblock tells: root, chunk and log tree. */
bool tree_is_in_super(uint64_t objectid);
void tree_root_of_super(const struct volume *volume, uint64_t objectid, struct tree_root *root);
/* Any tree, by its root item (of a subvolume the newest); the super's trees too. FSR_E_NOT_FOUND. */
int tree_find_root(struct volume *volume, uint64_t objectid, struct tree_root *root, struct fsr_error *err);

/* What a root item says; FSR_E_CORRUPT when no tree can begin there. */
int tree_decode_root(const struct volume *volume, const struct fsr_item *item, struct tree_root *root,
	struct fsr_error *err);

/* Reads the whole chunk tree into the volume's map. Damage becomes findings. */
int volume_load_chunks(struct volume *volume, struct fsr_error *err);

/*
 * What Linux does at mount beyond reading supers and chunks, and would fail on: the roots of all
 * trees it opens, the dev tree against the chunks, block group items against the chunks, the
 * top-level directory. Each failure becomes a finding; only memory is an error.
 */
int mount_check(struct volume *volume, struct fsr_error *err);

/* Decoding, for fsr_item_fields(): see tree/fields.c. */

#endif
