/* SPDX-License-Identifier: MIT */
#include "transaction.h"

#include "../../libfsread/open.h"
#include "../../libfswrite/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

void transaction_begin(struct transaction *x, const char *sample)
{
	char path[128];
	const char *paths[] = {path};
	struct source **sources;

	snprintf(path, sizeof path, "samples/%s.tar.zst", sample);
	*x = (struct transaction){0};
	if (device_set_open(paths, 1, NULL, DEVICES_READ, NULL, &x->set, &x->err))
		fail_msg("%s: %s", path, x->err.text);
	assert_int_equal(device_set_sources(x->set, &sources, &x->err), 0);
	assert_int_equal(fs_open_sources(sources, x->set->count, &x->fs, &x->err), 0);
	assert_int_equal(trans_begin(&x->trans, x->fs, &x->options, &x->err), 0);
}

void transaction_end(struct transaction *x)
{
	trans_free(&x->trans);
	fsr_close(x->fs);
	device_set_close(x->set);
}

void transaction_new_tree(struct transaction *x, struct tree *tree)
{
	struct trans *t = &x->trans;
	struct block *root;

	/* made as one of the root tree, whose blocks there are; quotas are off, so their tree's name is free
	 */
	*tree = (struct tree){.root = t->roots.root};
	assert_int_equal(block_new(t, tree, 0, &root, &x->err), 0);
	set64(root->data + HEADER_OWNER, QUOTA_TREE_OBJECTID);
	t->refs.list[t->refs.count - 1].owner = QUOTA_TREE_OBJECTID;
	tree->root = (struct tree_root){root->bytenr, t->generation, QUOTA_TREE_OBJECTID, 0};
}

static int age(void *arg, struct block *b, struct fsr_error *err)
{
	(void)arg;
	(void)err;
	b->fresh = false;
	return 0;
}

void transaction_age(struct transaction *x)
{
	struct trans *t = &x->trans;

	assert_false(refs_waiting(t));
	assert_int_equal(block_each(t, age, NULL, &x->err), 0);
	t->blocks.fresh = 0;
	t->generation++;
	t->volume->fs.generation++;
}

/* ---- walking */

struct walk {
	struct transaction *x;
	const struct tree *tree;
	struct tree_seen seen;
	uint64_t *places;
	size_t room;
};

static void *bigger(void *list, size_t n, size_t size)
{
	list = realloc(list, (n + 1) * size);
	assert_non_null(list);
	return list;
}

static void expect_lawful(struct walk *w, const struct block *b)
{
	const struct volume *v = w->x->trans.volume;
	uint8_t *copy = malloc(v->fs.nodesize);
	char text[128];
	unsigned slot;
	const char *why;

	memcpy(copy, b->data, v->fs.nodesize);
	set64(copy + HEADER_FLAGS, get64(copy + HEADER_FLAGS) | HEADER_FLAG_WRITTEN);
	why = block_nritems(copy) ? block_check(v, copy, &slot, text) : NULL;
	if (why)
		fail_msg("block %llu slot %u: %s", (unsigned long long)b->bytenr, slot, why);
	/* nothing of what was there before shows between items and data */
	for (uint32_t i = HEADER_SIZE + block_nritems(copy) * LEAF_ITEM_SIZE;
		b->fresh && !block_level(copy) && block_nritems(copy) &&
		i < HEADER_SIZE + leaf_item_offset(copy, block_nritems(copy) - 1);
		i++)
		assert_int_equal(copy[i], 0);
	free(copy);
}

static void walk_items(struct walk *w, const uint8_t *leaf)
{
	for (uint32_t i = 0; i < block_nritems(leaf); i++) {
		w->seen.keys = bigger(w->seen.keys, w->seen.items, sizeof *w->seen.keys);
		w->seen.keys[w->seen.items++] = get_key(leaf_item(leaf, i));
	}
	w->seen.leaves++;
}

static void walk_block(struct walk *w, const struct block_want *want)
{
	struct trans *t = &w->x->trans;
	struct block *b;

	if (block_get(t, want, &b, &w->x->err))
		fail_msg("%s", w->x->err.text);
	assert_int_equal(b->bytenr, want->bytenr);
	assert_int_equal(get64(b->data + HEADER_BYTENR), want->bytenr);
	assert_int_equal(b->fresh, block_generation(b->data) == t->generation);
	expect_lawful(w, b);
	w->places = bigger(w->places, w->seen.blocks, sizeof *w->places);
	w->places[w->seen.blocks++] = b->bytenr;
	w->seen.fresh += b->fresh;
	if (!want->level)
		walk_items(w, b->data);
	else
		assert_true(block_nritems(b->data) > 0);
	for (uint32_t i = 0; want->level && i < block_nritems(b->data); i++) {
		const struct fsr_key first = get_key(node_ptr(b->data, i));

		walk_block(w, &(struct block_want){.bytenr = node_blockptr(b->data, i),
				      .generation = node_ptr_generation(b->data, i),
				      .owner = want->owner,
				      .level = want->level - 1,
				      .first_key = &first});
	}
}

static int compare_places(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static struct walk walk(struct transaction *x, const struct tree *tree)
{
	struct walk w = {.x = x, .tree = tree};

	walk_block(&w, &(struct block_want){.bytenr = tree->root.bytenr,
			       .generation = tree->root.generation,
			       .owner = tree->root.owner,
			       .level = tree->root.level});
	qsort(w.places, w.seen.blocks, sizeof *w.places, compare_places);
	for (size_t i = 1; i < w.seen.blocks; i++)
		assert_true(w.places[i] > w.places[i - 1]);
	for (size_t i = 1; i < w.seen.items; i++)
		assert_true(key_cmp(&w.seen.keys[i - 1], &w.seen.keys[i]) < 0);
	return w;
}

struct tree_seen transaction_walk(struct transaction *x, const struct tree *tree)
{
	struct walk w = walk(x, tree);

	free(w.places);
	return w.seen;
}

/* ---- the extent tree against the blocks */

static uint64_t extents_of_group(struct transaction *x, const struct trans_group *g)
{
	uint64_t begin = g->facts->bytenr, end = begin + g->facts->length, used = 0;
	struct fsr_key key = {begin, 0, 0};
	uint32_t size;

	while (!tree_next_item(&x->trans, &x->trans.extents, &key, NULL, 0, &size, &x->err)) {
		if (key.objectid >= end)
			break;
		if (key.type == KEY_EXTENT_ITEM)
			used += key.offset;
		else if (key.type == KEY_METADATA_ITEM)
			used += x->trans.volume->fs.nodesize;
		if (!++key.offset)
			key.type++;
	}
	return used;
}

void transaction_check_extents(struct transaction *x, const struct tree *const *trees, size_t n)
{
	struct trans *t = &x->trans;
	uint64_t sum = 0;

	assert_false(refs_waiting(t));
	for (size_t i = 0; i < n; i++) {
		struct walk w = walk(x, trees[i]);

		for (size_t k = 0; k < w.seen.blocks; k++) {
			const struct block *b = block_find(t, w.places[k]);
			const struct ref ref = {.bytenr = b->bytenr,
				.length = t->volume->fs.nodesize,
				.owner = trees[i]->root.owner,
				.level = block_level(b->data)};

			if (extent_item_check(t, &ref, &x->err))
				fail_msg("%s", x->err.text);
		}
		free(w.places);
		free(w.seen.keys);
	}
	for (size_t i = 0; i < t->ngroups; i++) {
		assert_int_equal(extents_of_group(x, &t->groups[i]), t->groups[i].used);
		sum += t->groups[i].used;
	}
	assert_int_equal(sum, t->bytes_used);
}
