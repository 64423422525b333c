/* SPDX-License-Identifier: MIT */
/* Which trees there are. Values of samples are those of `btrfs inspect-internal`. */
#include "sample.h"
#include "small_fs.h"

#include "../../libfsread/space/space.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define DATA_RELOC ((uint64_t)-9)

struct heard {
	unsigned count, stop_at;
	struct fsr_tree trees[64];
};

static int hear_tree(void *arg, const struct fsr_tree *tree)
{
	struct heard *h = arg;

	assert_true(h->count < 64);
	h->trees[h->count++] = *tree;
	return h->count == h->stop_at;
}

static void expect_tree(const struct fsr_tree *tree, const struct fsr_tree *expected)
{
	assert_int_equal(tree->objectid, expected->objectid);
	assert_int_equal(tree->bytenr, expected->bytenr);
	assert_int_equal(tree->generation, expected->generation);
	assert_int_equal(tree->level, expected->level);
}

/* ---- the list */

static void expect_trees(const char *sample, const struct fsr_tree *trees, unsigned n)
{
	struct fsr_fs *fs = sample_open(sample);
	struct heard h = {0};

	print_message("%s\n", sample);
	assert_int_equal(fsr_trees(fs, hear_tree, &h, NULL), 0);
	assert_int_equal(h.count, n);
	for (unsigned i = 0; i < n; i++)
		expect_tree(&h.trees[i], &trees[i]);
	fsr_close(fs);
}

static void test_list(void **state)
{
	static const struct fsr_tree node_4k[] = {
		{1, 30441472, 8, 1},
		{3, 22032384, 7, 0},
		{2, 30420992, 8, 0},
		{4, 30515200, 8, 0},
		{5, 30502912, 8, 1},
		{7, 30425088, 8, 1},
		{9, 30437376, 5, 0},
		{DATA_RELOC, 30433280, 5, 0},
	};
	static const struct fsr_tree logged[] = {
		{1, 30654464, 7, 0},
		{3, 22069248, 7, 0},
		{TREE_LOG_OBJECTID, 30916608, 8, 0},
		{2, 30638080, 7, 0},
		{4, 30670848, 7, 0},
		{5, 30687232, 7, 0},
		{7, 30621696, 7, 0},
		{9, 30523392, 5, 0},
		{DATA_RELOC, 30507008, 5, 0},
	};

	(void)state;
	expect_trees("node-4k", node_4k, 8);
	expect_trees("log-tree", logged, 9);
}

static void find_each(const char *path, struct fsr_fs *fs)
{
	struct heard h = {0};

	print_message("%s\n", path);
	assert_int_equal(fsr_trees(fs, hear_tree, &h, NULL), 0);
	assert_true(h.count >= 8);
	for (unsigned i = 0; i < h.count; i++) {
		struct fsr_tree tree;
		char name[24];

		snprintf(name, sizeof name, "%llu", (unsigned long long)h.trees[i].objectid);
		assert_int_equal(fsr_tree_find(fs, name, &tree, NULL), 0);
		expect_tree(&tree, &h.trees[i]);
	}
}

static void test_list_agrees_with_find(void **state)
{
	(void)state;
	sample_each(find_each);
}

static void test_find(void **state)
{
	struct fsr_fs *fs = sample_open("quota");
	struct fsr_error err;
	struct fsr_tree tree;

	(void)state;
	assert_int_equal(fsr_tree_find(fs, "quota", &tree, &err), 0);
	assert_int_equal(tree.objectid, 8);
	assert_int_equal(tree.bytenr, 30867456);
	assert_int_equal(fsr_tree_find(fs, "0x103", &tree, &err), 0);
	assert_int_equal(tree.bytenr, 30851072);
	assert_int_equal(fsr_tree_find(fs, "root", &tree, &err), 0);
	assert_int_equal(tree.bytenr, 30801920);
	assert_int_equal(tree.generation, 11);
	assert_int_equal(fsr_tree_find(fs, "260", &tree, &err), FSR_E_NOT_FOUND);
	assert_int_equal(fsr_tree_find(fs, "log", &tree, &err), FSR_E_NOT_FOUND);
	assert_int_equal(fsr_tree_find(fs, "nowhere", &tree, &err), FSR_E_INVALID);
	fsr_close(fs);
}

/* ---- lists of a made filesystem */

static struct heard trees_of(struct small_fs *small)
{
	struct fsr_fs fs = {.volume = fs_volume(small)};
	struct heard h = {0};

	assert_int_equal(fsr_trees(&fs, hear_tree, &h, NULL), 0);
	volume_close(fs.volume);
	free(small);
	return h;
}

static void add_root(struct small_fs *small, uint64_t objectid, uint64_t offset, uint64_t bytenr)
{
	uint8_t *item = fs_add(
		small, FS_ROOTS, (struct fsr_key){objectid, KEY_ROOT_ITEM, offset}, ROOT_ITEM_LEGACY_SIZE);

	put64(item + ROOT_BYTENR, bytenr);
	put64(item + ROOT_GENERATION, 7);
	put32(item + ROOT_REFS, 1);
}

/* Of a subvolume's the last, of another tree the one at 0; none of the superblock's, none out of bounds. */
static void test_several_roots(void **state)
{
	static const uint64_t objectids[] = {1, 3, 2, 4, 5, FS_SUBVOLUME, 400, DATA_RELOC};
	struct small_fs *small = fs_make();
	struct heard h;

	(void)state;
	fs_drop(small, FS_ROOTS, CSUM_TREE_OBJECTID, KEY_ROOT_ITEM);
	fs_drop(small, FS_ROOTS, UUID_TREE_OBJECTID, KEY_ROOT_ITEM);
	add_root(small, 400, 5, FS_BLOCK(FS_SUB));
	add_root(small, 400, 9, FS_BLOCK(FS_FILES));
	add_root(small, EXTENT_TREE_OBJECTID, 3, FS_BLOCK(FS_SUB));
	add_root(small, ROOT_TREE_OBJECTID, 0, FS_BLOCK(FS_SUB));
	h = trees_of(small);
	assert_int_equal(h.count, 8);
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(h.trees[i].objectid, objectids[i]);
	expect_tree(&h.trees[6], &(struct fsr_tree){400, FS_BLOCK(FS_FILES), 7, 0});
	assert_int_equal(h.trees[2].bytenr, FS_BLOCK(FS_EXTENTS));
	assert_int_equal(h.trees[0].bytenr, FS_BLOCK(FS_ROOTS));
}

static void test_list_stopped(void **state)
{
	struct fsr_fs *fs = sample_open("log-tree");

	(void)state;
	for (unsigned at = 1; at <= 9; at++) {
		struct heard h = {.stop_at = at};
		struct fsr_error err;

		assert_int_equal(fsr_trees(fs, hear_tree, &h, &err), FSR_E_STOPPED);
		assert_int_equal(h.count, at);
	}
	fsr_close(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_list_agrees_with_find),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_several_roots),
		cmocka_unit_test(test_list_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
