/* SPDX-License-Identifier: MIT */
/* The blocks that a transaction has in its hands: read ones, and the copies that take their place. */
#include "../fields.h"
#include "trans.h"

#include <stdlib.h>

static struct block **bucket_of(struct trans *t, uint64_t bytenr)
{
	/* Blocks lie at multiples of 4 KiB or more, mostly near each other. */
	return &t->blocks.bucket[(bytenr >> 12 ^ bytenr >> 24) % BLOCK_BUCKETS];
}

struct block *block_find(struct trans *t, uint64_t bytenr)
{
	struct block *b = *bucket_of(t, bytenr);

	while (b && b->bytenr != bytenr)
		b = b->next;
	return b;
}

static void put_in(struct trans *t, struct block *b)
{
	struct block **bucket = bucket_of(t, b->bytenr);

	b->next = *bucket;
	*bucket = b;
}

static void take_out(struct trans *t, struct block *b)
{
	struct block **at = bucket_of(t, b->bytenr);

	while (*at != b)
		at = &(*at)->next;
	*at = b->next;
}

static struct block *new_block(const struct trans *t, uint64_t bytenr)
{
	struct block *b = calloc(1, sizeof *b);

	if (!b)
		return NULL;
	b->bytenr = bytenr;
	b->data = calloc(1, t->volume->fs.nodesize);
	if (b->data)
		return b;
	free(b);
	return NULL;
}

static void free_block(struct block *b)
{
	free(b->data);
	free(b);
}

/* A block in memory was verified for whoever asked first; a damaged tree may lead to it by another way. */
static bool is_wanted(const struct block *b, const struct block_want *want)
{
	struct fsr_key key;

	if (block_level(b->data) != want->level || block_owner(b->data) != want->owner ||
		block_generation(b->data) != want->generation)
		return false;
	if (!want->first_key)
		return true;
	key = block_first_key(b->data);
	return block_nritems(b->data) && !key_cmp(&key, want->first_key);
}

int block_get(struct trans *t, const struct block_want *want, struct block **out, struct fsr_error *err)
{
	struct block *b = block_find(t, want->bytenr);
	int ret;

	*out = b;
	if (b && !is_wanted(b, want))
		return fsr_fail(err, FSR_E_CORRUPT, 0, want->bytenr,
			"tree block %llu is pointed to from two places", (unsigned long long)want->bytenr);
	if (b)
		return 0;
	b = new_block(t, want->bytenr);
	if (!b)
		return fsr_fail_nomem(err);
	ret = tree_read_block(t->volume, want, b->data, err);
	if (ret) {
		free_block(b);
		return ret;
	}
	put_in(t, b);
	*out = b;
	return 0;
}

/* What a block of this transaction says of itself, wherever its content comes from. */
static void stamp(const struct trans *t, const struct tree *tree, struct block *b)
{
	uint8_t *p = b->data;
	uint64_t revision = get64(p + HEADER_FLAGS) & UINT64_C(0xff) << 56;

	memcpy(p + HEADER_FSID, t->volume->tree_fsid, sizeof t->volume->tree_fsid);
	set64(p + HEADER_BYTENR, b->bytenr);
	set64(p + HEADER_FLAGS, revision);
	set64(p + HEADER_GENERATION, t->generation);
	set64(p + HEADER_OWNER, tree->root.owner);
}

/* Puts b, which is not in the table, at a new place of its own. */
static int place(struct trans *t, struct tree *tree, struct block *b, uint64_t bytenr, struct fsr_error *err)
{
	b->bytenr = bytenr;
	b->fresh = true;
	t->blocks.fresh++;
	stamp(t, tree, b);
	put_in(t, b);
	tree->changed = true;
	tree->nodes++;
	return refs_add_block(t, tree, b, err);
}

int block_cow(struct trans *t, struct tree *tree, struct block **block, bool *moved, struct fsr_error *err)
{
	struct block *b = *block;
	uint64_t old = b->bytenr, bytenr;
	int ret;

	*moved = !b->fresh;
	if (b->fresh)
		return 0;
	/* while it is still in the table, so that its own place is not taken for free */
	ret = alloc_block(t, &bytenr, err);
	if (ret)
		return ret;
	take_out(t, b);
	ret = place(t, tree, b, bytenr, err);
	if (ret)
		return ret;
	tree->nodes--;
	return refs_drop_block(t, tree, old, block_level(b->data), err);
}

int block_new(struct trans *t, struct tree *tree, uint8_t level, struct block **out, struct fsr_error *err)
{
	struct block *b = new_block(t, 0);
	struct block *root;
	uint64_t bytenr;
	const struct block_want want = {.bytenr = tree->root.bytenr,
		.generation = tree->root.generation,
		.owner = tree->root.owner,
		.level = tree->root.level};
	int ret;

	if (!b)
		return fsr_fail_nomem(err);
	/* The chunk tree's uuid and the back reference revision are those of any block. */
	ret = block_get(t, &want, &root, err);
	if (!ret)
		ret = alloc_block(t, &bytenr, err);
	if (ret) {
		free_block(b);
		return ret;
	}
	memcpy(b->data, root->data, HEADER_SIZE);
	set_nritems(b->data, 0);
	b->data[HEADER_LEVEL] = level;
	*out = b;
	return place(t, tree, b, bytenr, err);
}

int block_free(struct trans *t, struct tree *tree, struct block *b, struct fsr_error *err)
{
	uint64_t bytenr = b->bytenr;
	uint8_t level = block_level(b->data);
	size_t waiting = b->ref;
	bool fresh = b->fresh;

	take_out(t, b);
	free_block(b);
	tree->nodes--;
	tree->changed = true;
	t->blocks.fresh -= fresh;
	if (!waiting)
		return refs_drop_block(t, tree, bytenr, level, err);
	/* The extent tree never heard of it. */
	t->refs.list[waiting - 1].cancelled = true;
	return alloc_cancel(t, bytenr, t->volume->fs.nodesize, err);
}

void block_ref_arrived(struct trans *t, uint64_t bytenr)
{
	struct block *b = block_find(t, bytenr);

	if (b)
		b->ref = 0;
}

static int by_bytenr(const void *a, const void *b)
{
	const struct block *x = *(struct block *const *)a, *y = *(struct block *const *)b;

	return (x->bytenr > y->bytenr) - (x->bytenr < y->bytenr);
}

int block_each(struct trans *t, block_fn fn, void *arg, struct fsr_error *err)
{
	struct block **list = calloc(t->blocks.fresh + 1, sizeof(struct block *));
	size_t n = 0;
	int ret = 0;

	if (!list)
		return fsr_fail_nomem(err);
	for (size_t i = 0; i < BLOCK_BUCKETS; i++)
		for (struct block *b = t->blocks.bucket[i]; b; b = b->next)
			if (b->fresh)
				list[n++] = b;
	qsort(list, n, sizeof(struct block *), by_bytenr);
	for (size_t i = 0; i < n && !ret; i++)
		ret = fn(arg, list[i], err);
	free(list);
	return ret;
}

void block_table_free(struct block_table *table)
{
	for (size_t i = 0; i < BLOCK_BUCKETS; i++) {
		while (table->bucket[i]) {
			struct block *b = table->bucket[i];

			table->bucket[i] = b->next;
			free_block(b);
		}
	}
}
