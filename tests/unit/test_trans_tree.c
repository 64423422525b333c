/* SPDX-License-Identifier: MIT */
/* Items put in and taken out of trees, against a sorted list of what should be there. */
#include "image.h"
#include "transaction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define TYPE 5u /* none that block_check() looks into */
#define SIZE_MAX_ITEM 400u

static struct transaction x;
static struct tree tree;

/* ---- the model: for each number whether it is there, how large and of which filling */

#define NUMBERS 6000u

static struct {
	bool there;
	uint32_t size;
	uint8_t fill;
} model[NUMBERS];
static size_t model_count;

static uint64_t seed;

static uint64_t draw(uint64_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (seed >> 33) % below;
}

/* Numbers fall into objectids and offsets, so that both count. */
static struct fsr_key key_of(size_t i)
{
	return (struct fsr_key){1000 + i / 7, TYPE, i % 7};
}

static void put_in(size_t i, uint32_t size)
{
	const struct fsr_key key = key_of(i);
	uint8_t data[SIZE_MAX_ITEM], fill = (uint8_t)draw(256);
	struct path path;

	memset(data, fill, sizeof data);
	if (tree_insert(&x.trans, &tree, &key, fill ? data : NULL, size, &path, &x.err))
		fail_msg("%s", x.err.text);
	assert_int_equal(path_item_size(&path), size);
	model[i].there = true;
	model[i].size = size;
	model[i].fill = fill;
	model_count++;
}

static void take_out(size_t i)
{
	const struct fsr_key key = key_of(i);
	struct path path;

	assert_int_equal(tree_search(&x.trans, &tree, &key, true, &path, &x.err), 0);
	assert_int_equal(path_item_size(&path), model[i].size);
	assert_int_equal(tree_delete(&x.trans, &tree, &path, &x.err), 0);
	model[i].there = false;
	model_count--;
}

static void expect_item(size_t i)
{
	struct fsr_key key = key_of(i);
	uint8_t data[SIZE_MAX_ITEM];
	uint32_t size;

	assert_int_equal(tree_next_item(&x.trans, &tree, &key, data, sizeof data, &size, &x.err), 0);
	assert_int_equal(key.objectid, key_of(i).objectid);
	assert_int_equal(key.offset, key_of(i).offset);
	assert_int_equal(size, model[i].size);
	for (uint32_t k = 0; k < size; k++)
		assert_int_equal(data[k], model[i].fill);
}

/* What lies between: nothing, and the neighbours on both sides of it. */
static void expect_gap(size_t i)
{
	const struct fsr_key key = key_of(i);
	struct fsr_key last = key;
	struct path path;
	size_t below = i;
	int ret;

	assert_int_equal(tree_search(&x.trans, &tree, &key, false, &path, &x.err), 1);
	ret = tree_last_item(&x.trans, &tree, &last, &x.err);
	while (below && !model[below - 1].there)
		below--;
	assert_int_equal(ret, below ? 0 : 1);
	if (below) {
		const struct fsr_key wanted = key_of(below - 1);

		assert_int_equal(key_cmp(&last, &wanted), 0);
	}
}

static void expect_model(int64_t blocks_before)
{
	struct tree_seen seen = transaction_walk(&x, &tree);
	size_t n = 0;

	assert_int_equal(seen.items, model_count);
	assert_int_equal(seen.blocks, blocks_before + tree.nodes);
	for (size_t i = 0; i < NUMBERS; i++) {
		const struct fsr_key key = key_of(i);

		if (!model[i].there)
			continue;
		assert_int_equal(key_cmp(&seen.keys[n++], &key), 0);
	}
	for (unsigned k = 0; k < 40; k++) {
		size_t i = draw(NUMBERS);

		if (model[i].there)
			expect_item(i);
		else
			expect_gap(i);
	}
	free(seen.keys);
}

static void expect_extents(void)
{
	const struct tree *const trees[] = {&tree, &x.trans.extents, &x.trans.roots};

	if (refs_run(&x.trans, &x.err))
		fail_msg("%s", x.err.text);
	transaction_check_extents(&x, trees, 3);
}

static void begin(const char *sample, uint64_t with_seed)
{
	seed = with_seed;
	memset(model, 0, sizeof model);
	model_count = 0;
	transaction_begin(&x, sample);
	transaction_new_tree(&x, &tree);
}

/* ---- at random */

/* One step; the tree grows while `inserts` of 16 are insertions and more than half, then shrinks. */
static void step(unsigned inserts, size_t near)
{
	size_t i = (near + draw(300)) % NUMBERS;
	bool insert = draw(16) < inserts;

	for (size_t k = 0; k < NUMBERS; k++, i = (i + 1) % NUMBERS) {
		if (model[i].there == insert)
			continue;
		if (insert)
			put_in(i, (uint32_t)(draw(4) ? draw(SIZE_MAX_ITEM + 1) : draw(20)));
		else
			take_out(i);
		return;
	}
}

static unsigned run_random(const char *sample, uint64_t with_seed)
{
	static const unsigned inserts[] = {14, 14, 8, 13, 2, 3, 12, 1, 1, 1};
	unsigned highest = 0;
	int64_t blocks = 0;

	begin(sample, with_seed);
	for (unsigned phase = 0; phase < sizeof inserts / sizeof *inserts; phase++) {
		for (unsigned n = 0; n < 1200; n++) {
			step(inserts[phase], draw(3) ? draw(NUMBERS) : NUMBERS / 2);
			if (n % 97 == 0)
				expect_model(blocks);
			if (tree.root.level > highest)
				highest = tree.root.level;
		}
		expect_extents();
		expect_model(blocks);
		if (phase % 3 == 1)
			transaction_age(&x); /* neighbours that have not moved yet */
	}
	for (size_t i = 0; i < NUMBERS; i++)
		if (model[i].there)
			take_out(i);
	expect_extents();
	expect_model(blocks);
	assert_int_equal(tree.root.level, 0);
	assert_int_equal(tree.nodes, 1);
	transaction_end(&x);
	return highest;
}

static void test_random_4k(void **state)
{
	(void)state;
	for (uint64_t s = 1; s <= 3; s++)
		assert_true(run_random("node-4k", s) >= 2);
}

static void test_random_16k(void **state)
{
	(void)state;
	for (uint64_t s = 11; s <= 12; s++)
		assert_true(run_random("clean", s) >= 1);
}

static void test_random_64k(void **state)
{
	(void)state;
	assert_true(run_random("node-64k", 21) >= 1);
}

/* ---- in order */

static void test_ascending(void **state)
{
	(void)state;
	begin("node-4k", 31);
	for (size_t i = 0; i < NUMBERS; i++)
		put_in(i, (uint32_t)draw(SIZE_MAX_ITEM));
	expect_model(0);
	assert_int_equal(tree.root.level, 2);
	expect_extents();
	for (size_t i = 0; i < NUMBERS; i++) {
		take_out(i);
		if (i % 500 == 0)
			expect_model(0);
	}
	assert_int_equal(tree.nodes, 1);
	expect_extents();
	transaction_end(&x);
}

static void test_descending(void **state)
{
	(void)state;
	begin("node-4k", 32);
	for (size_t i = NUMBERS; i--;) {
		put_in(i, (uint32_t)draw(SIZE_MAX_ITEM));
		if (i % 500 == 0)
			expect_model(0);
	}
	expect_extents();
	for (size_t i = NUMBERS; i--;) {
		take_out(i);
		if (i % 500 == 0)
			expect_model(0);
	}
	assert_int_equal(tree.nodes, 1);
	expect_extents();
	transaction_end(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_4k),
		cmocka_unit_test(test_random_16k),
		cmocka_unit_test(test_random_64k),
		cmocka_unit_test(test_ascending),
		cmocka_unit_test(test_descending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
