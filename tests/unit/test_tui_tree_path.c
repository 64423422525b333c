/* SPDX-License-Identifier: MIT */
/*
 * Stepping along trees, and keys as they are typed. The order of the leaves is that of `btrfs
 * inspect-internal dump-tree` of the sample bitmaps-many: its extent tree has a root of level 1 and 58
 * leaves.
 */
#include "../../libfsread/space/space.h"
#include "../../tui/screens/tree.h"
#include "image.h"
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define EXTENT_ROOT UINT64_C(34734080)
#define LEAVES 58
#define EXTENT_TREE 2u

static const uint64_t first_leaves[] = {34750464, 33898496, 33914880, 33931264};
static const uint64_t last_leaf = 34783232;

static struct fsr_fs *fs;

static int open_sample(void **state)
{
	(void)state;
	fs = sample_open("bitmaps-many");
	return 0;
}

static int close_sample(void **state)
{
	(void)state;
	fsr_close(fs);
	return 0;
}

static struct tree_path path_of_key(uint64_t objectid, uint8_t type, uint64_t offset)
{
	const struct fsr_key key = {objectid, type, offset};
	struct tree_path path = {.known = false};
	struct fsr_tree tree;
	struct fsr_error err;

	assert_int_equal(tree_of_number(fs, EXTENT_TREE, &tree, &err), 0);
	assert_true(path_to_key(fs, &path, &tree, &key, &err) >= 0);
	return path;
}

static void test_forward(void **state)
{
	struct tree_path path = path_of_key(0, 0, 0);
	struct fsr_error err;
	unsigned steps = 0;

	(void)state;
	assert_true(path_holds(&path, EXTENT_ROOT, 1));
	for (size_t i = 0; i < sizeof first_leaves / sizeof *first_leaves; i++) {
		assert_true(path_holds(&path, first_leaves[i], 0));
		assert_int_equal(path_step(fs, &path, 0, 1, &err), 0);
		steps++;
	}
	while (path_step(fs, &path, 0, 1, &err) == 0)
		steps++;
	assert_int_equal(steps, LEAVES - 1);
	assert_true(path_holds(&path, last_leaf, 0)); /* where there is none it stays */
	assert_int_equal(path_step(fs, &path, 0, 1, &err), 1);
	assert_true(path_holds(&path, last_leaf, 0));
}

static void test_backward(void **state)
{
	struct tree_path path = path_of_key(UINT64_MAX, 255, 0);
	struct fsr_error err;
	unsigned steps = 0;

	(void)state;
	assert_true(path_holds(&path, last_leaf, 0));
	while (path_step(fs, &path, 0, -1, &err) == 0)
		steps++;
	assert_int_equal(steps, LEAVES - 1);
	assert_true(path_holds(&path, first_leaves[0], 0));
}

/* The root has no neighbours. */
static void test_of_root(void **state)
{
	struct tree_path path = path_of_key(0, 0, 0);
	struct fsr_error err;

	(void)state;
	assert_int_equal(path_step(fs, &path, 1, 1, &err), 1);
	assert_int_equal(path_step(fs, &path, 1, -1, &err), 1);
}

/* A block alone: its owner and first key lead to it. */
static void test_of_block(void **state)
{
	struct tree_path path = {.known = false};
	struct fsr_block *block;
	struct fsr_error err;

	(void)state;
	assert_int_equal(fsr_block_open(fs, first_leaves[2], FSR_ANY_COPY, &block, &err), 0);
	path_to_block(fs, &path, block);
	fsr_block_free(block);
	assert_true(path_holds(&path, first_leaves[2], 0));
	assert_true(path_holds(&path, EXTENT_ROOT, 1));
	assert_int_equal(path.tree.objectid, EXTENT_TREE);
	assert_int_equal(path.way.slot[1], 2);
	assert_int_equal(path_step(fs, &path, 0, -1, &err), 0);
	assert_true(path_holds(&path, first_leaves[1], 0));
}

/* A block to which its owner does not lead has no path. */
static void test_of_no_tree(void **state)
{
	struct tree_path path = {.known = true};
	struct fsr_block *block;
	struct fsr_error err;

	(void)state;
	assert_int_equal(fsr_block_open(fs, first_leaves[2], FSR_ANY_COPY, &block, &err), 0);
	block->owner = 9; /* as if it were the UUID tree's */
	path_to_block(fs, &path, block);
	assert_false(path.known);
	fsr_block_free(block);
}

/*
 * A tree of three levels, made by hand: blocks by number, the root is 1, the nodes below it 2 and 3 with the
 * leaves 4 and 5, 6 and 7. Stepping from 5 to 6 climbs two levels and descends them again.
 */
#define BLOCK(i) (IMAGE_CHUNK + (uint64_t)(i)*IMAGE_NODESIZE)
#define OWNER 300u
#define ITEM_TYPE 77u

static struct fsr_key key_of(uint64_t objectid)
{
	return (struct fsr_key){objectid, ITEM_TYPE, 0};
}

static void add_node(struct image *image, unsigned at, uint8_t level, unsigned first)
{
	const struct image_ptr pointers[] = {{key_of(first), BLOCK(first), IMAGE_GENERATION},
		{key_of(first + 1), BLOCK(first + 1), IMAGE_GENERATION}};

	image_node(image, BLOCK(at), OWNER, level, pointers, 2);
}

static struct image *three_levels(void)
{
	struct image *image = image_ready();

	for (unsigned i = 4; i <= 7; i++) {
		const struct image_item item = {key_of(i), NULL, 8};

		image_leaf(image, BLOCK(i), OWNER, &item, 1);
	}
	add_node(image, 2, 1, 4);
	add_node(image, 3, 1, 6);
	const struct image_ptr pointers[] = {
		{key_of(4), BLOCK(2), IMAGE_GENERATION}, {key_of(6), BLOCK(3), IMAGE_GENERATION}};
	image_node(image, BLOCK(1), OWNER, 2, pointers, 2);
	return image;
}

static void test_three_levels(void **state)
{
	struct image *image = three_levels();
	struct fsr_fs by_hand = {.volume = image_open(image)};
	const struct fsr_tree tree = {OWNER, BLOCK(1), IMAGE_GENERATION, 2};
	const struct fsr_key key = key_of(4);
	struct tree_path path;
	struct fsr_error err;

	(void)state;
	assert_int_equal(path_to_key(&by_hand, &path, &tree, &key, &err), 0);
	for (unsigned i = 5; i <= 7; i++) {
		assert_int_equal(path_step(&by_hand, &path, 0, 1, &err), 0);
		assert_true(path_holds(&path, BLOCK(i), 0));
		assert_true(path_holds(&path, BLOCK(i < 6 ? 2 : 3), 1));
	}
	assert_int_equal(path_step(&by_hand, &path, 0, 1, &err), 1);
	for (unsigned i = 6; i >= 4; i--) {
		assert_int_equal(path_step(&by_hand, &path, 0, -1, &err), 0);
		assert_true(path_holds(&path, BLOCK(i), 0));
	}
	assert_int_equal(path_step(&by_hand, &path, 1, 1, &err), 0); /* nodes have neighbours too */
	assert_true(path_holds(&path, BLOCK(3), 1));
	volume_close(by_hand.volume);
}

/* ---- keys as they are typed; numbers of types are those of btrfs' on-disk format */

static void expect_key(const char *text, uint64_t objectid, unsigned type, uint64_t offset)
{
	struct fsr_key key;

	assert_true(parse_key(text, &key));
	assert_int_equal(key.objectid, objectid);
	assert_int_equal(key.type, type);
	assert_int_equal(key.offset, offset);
}

static void test_keys(void **state)
{
	struct fsr_key key;

	(void)state;
	expect_key("257 108 0", 257, 108, 0);
	expect_key("257 EXTENT_DATA 4096", 257, 108, 4096);
	expect_key("(FREE_SPACE UNTYPED 137756672)", (uint64_t)-11, 0, 137756672);
	expect_key("-11 0 0x8360000", (uint64_t)-11, 0, 137756672);
	expect_key("csum_tree root_item", 7, 132, 0);
	assert_false(parse_key("257", &key));
	assert_false(parse_key("257 108 0 1", &key));
	assert_false(parse_key("257 256 0", &key));
	assert_false(parse_key("nobody INODE_ITEM 0", &key));
	assert_false(parse_key("257 108 99999999999999999999", &key));
	assert_false(parse_key("", &key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forward),
		cmocka_unit_test(test_backward),
		cmocka_unit_test(test_of_root),
		cmocka_unit_test(test_of_block),
		cmocka_unit_test(test_of_no_tree),
		cmocka_unit_test(test_three_levels),
		cmocka_unit_test(test_keys),
	};

	return cmocka_run_group_tests(tests, open_sample, close_sample);
}
