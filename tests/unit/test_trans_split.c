/* SPDX-License-Identifier: MIT */
/* Where full leaves and nodes of 4 KiB are split, worked out by pencil. */
#include "image.h"
#include "transaction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define TYPE 5u /* none that block_check() looks into */

static struct transaction x;
static struct tree tree;

static void begin(void)
{
	transaction_begin(&x, "node-4k");
	transaction_new_tree(&x, &tree);
}

/*
 * Deleting in order where no leaf can be merged with its neighbour: each goes when its only item does, the
 * first of its node, whose key then changes above it.
 */
static void test_first_leaf_goes(void **state)
{
	struct fsr_key key = {0, TYPE, 0};
	struct path path;

	(void)state;
	begin();
	for (key.objectid = 1; key.objectid <= 300; key.objectid++)
		assert_int_equal(tree_insert(&x.trans, &tree, &key, NULL, 1950, &path, &x.err), 0);
	assert_int_equal(tree.root.level, 2);
	for (key.objectid = 1; key.objectid <= 300; key.objectid++) {
		struct tree_seen seen;

		assert_int_equal(tree_search(&x.trans, &tree, &key, true, &path, &x.err), 0);
		assert_int_equal(tree_delete(&x.trans, &tree, &path, &x.err), 0);
		seen = transaction_walk(&x, &tree);
		assert_int_equal(seen.items, 300 - key.objectid);
		assert_int_equal(seen.blocks, tree.nodes);
		free(seen.keys);
	}
	assert_int_equal(tree.root.level, 0);
	assert_int_equal(tree.nodes, 1);
	transaction_end(&x);
}

/* A leaf of 4 KiB has 3995 bytes, an item takes 25 and its data */

/* Items of these sizes under the keys 10, 20, 30...; a new one at `key`; then so many are left and right. */
static void expect_split(
	const uint32_t *sizes, size_t n, uint64_t key, uint32_t size, unsigned left, unsigned right)
{
	struct fsr_key k = {0, TYPE, 0};
	struct path path;
	struct block *root;

	begin();
	for (size_t i = 0; i < n; i++) {
		k.objectid = 10 * (i + 1);
		assert_int_equal(tree_insert(&x.trans, &tree, &k, NULL, sizes[i], &path, &x.err), 0);
	}
	assert_int_equal(tree.root.level, 0);
	k.objectid = key;
	assert_int_equal(tree_insert(&x.trans, &tree, &k, NULL, size, &path, &x.err), 0);
	assert_int_equal(tree.root.level, 1);
	assert_int_equal(tree.nodes, 3);
	root = block_find(&x.trans, tree.root.bytenr);
	assert_int_equal(block_nritems(root->data), 2);
	for (uint32_t i = 0; i < 2; i++) {
		const struct block *leaf = block_find(&x.trans, node_blockptr(root->data, i));

		assert_int_equal(block_nritems(leaf->data), i ? right : left);
	}
	free(transaction_walk(&x, &tree).keys);
	transaction_end(&x);
}

/* Nine of 425 bytes with their slots are 3825; the middle is slot 4. */
static void test_split_middle(void **state)
{
	static const uint32_t nine[] = {400, 400, 400, 400, 400, 400, 400, 400, 400};

	(void)state;
	expect_split(nine, 9, 5, 400, 5, 5);  /* before all: 4 and it, 5 */
	expect_split(nine, 9, 95, 400, 4, 6); /* behind all: 4, 5 and it */
	expect_split(nine, 9, 45, 400, 4, 6); /* at the middle: 5 * 425 + 425 fit to the right */
	expect_split(nine, 9, 35, 400, 5, 5); /* just before it */
	expect_split(nine, 9, 5, 1900, 5, 5); /* 4 * 425 + 1925 = 3625 fit */
	expect_split(
		nine, 9, 95, 1900, 5, 5); /* 5 * 425 + 1925 = 4050 don't, one place on 4 * 425 + 1925 do */
}

/* 1905 + 175 + 1905 = 3985 bytes: a new one of 1925 fits beside 2070 at most. */
static void test_split_large(void **state)
{
	static const uint32_t three[] = {1880, 150, 1880};

	(void)state;
	expect_split(three, 3, 25, 1900, 2, 2); /* 1880 150 | new 1880 */
	expect_split(three, 3, 15, 1900, 2, 2); /* 1880 new | 150 1880 */
	expect_split(three, 3, 5, 1900, 2, 2);  /* new 1880 | 150 1880 */
	expect_split(three, 3, 35, 1900, 2, 2); /* 1880 150 | 1880 new */
}

/* A single item that is most of a leaf, and one that fits beside none. */
static void test_split_one(void **state)
{
	static const uint32_t one[] = {3000};

	(void)state;
	expect_split(one, 1, 5, 1900, 1, 1);
	expect_split(one, 1, 15, 1900, 1, 1);
}

/*
 * A node of 4 KiB has (4096 - 101) / 33 = 121 pointers. Of items of 1975 bytes two fill a leaf; in ascending
 * order each new one but the first leaf's two gets a leaf, since what is split leaves one behind.
 */
static void test_split_node(void **state)
{
	struct fsr_key key = {0, TYPE, 0};
	struct path path;
	struct block *root;

	(void)state;
	begin();
	for (unsigned i = 1; i <= 123; i++) {
		key.objectid = i;
		assert_int_equal(tree_insert(&x.trans, &tree, &key, NULL, 1950, &path, &x.err), 0);
		if (i < 3)
			assert_int_equal(tree.nodes, 1);
		else if (i < 123)
			assert_int_equal(tree.nodes, i);
		assert_int_equal(tree.root.level, i < 3 ? 0 : i < 123 ? 1 : 2);
	}
	assert_int_equal(tree.nodes, 122 + 2 + 1);
	root = block_find(&x.trans, tree.root.bytenr);
	assert_int_equal(block_nritems(root->data), 2);
	assert_int_equal(block_nritems(block_find(&x.trans, node_blockptr(root->data, 0))->data), 60);
	assert_int_equal(block_nritems(block_find(&x.trans, node_blockptr(root->data, 1))->data), 62);
	free(transaction_walk(&x, &tree).keys);
	transaction_end(&x);
}

static void test_twice(void **state)
{
	const struct fsr_key key = {7, TYPE, 7};
	struct path path;

	(void)state;
	begin();
	assert_int_equal(tree_insert(&x.trans, &tree, &key, NULL, 8, &path, &x.err), 0);
	assert_int_equal(tree_insert(&x.trans, &tree, &key, NULL, 8, &path, &x.err), FSR_E_REFUSED);
	assert_non_null(strstr(x.err.text, "(7 5 7)"));
	transaction_end(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_leaf_goes),
		cmocka_unit_test(test_split_middle),
		cmocka_unit_test(test_split_large),
		cmocka_unit_test(test_split_one),
		cmocka_unit_test(test_split_node),
		cmocka_unit_test(test_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
