/* SPDX-License-Identifier: MIT */
/* A tree's items in a range, and the way to one. Values of samples are those of `btrfs inspect-internal`. */
#include "sample.h"
#include "small_fs.h"

#include "../../libfsread/space/space.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define DATA_RELOC ((uint64_t)-9)

struct heard {
	unsigned count;
	struct fsr_key keys[64];
	unsigned slots[64];
};

static int hear_item(void *arg, const struct fsr_item *item)
{
	struct heard *h = arg;

	assert_true(h->count < 64);
	h->keys[h->count] = item->key;
	h->slots[h->count++] = item->slot;
	return 0;
}

static int hear_tree(void *arg, const struct fsr_tree *tree)
{
	*(uint64_t *)arg = tree->objectid;
	return 0;
}

static struct heard range(struct fsr_fs *fs, struct fsr_key from, struct fsr_key to)
{
	struct heard h = {0};

	assert_int_equal(fsr_tree_range(fs, "root", &from, &to, hear_item, &h, NULL), 0);
	return h;
}

static void test_range(void **state)
{
	struct fsr_fs *fs = sample_open("clean");
	const struct fsr_key last = {UINT64_MAX, UINT8_MAX, UINT64_MAX};
	struct heard h = range(fs, (struct fsr_key){256, 0, 0}, (struct fsr_key){257, 255, UINT64_MAX});

	(void)state;
	assert_int_equal(h.count, 4);
	assert_int_equal(h.slots[0], 9);
	assert_int_equal(h.slots[3], 12);
	h = range(fs, (struct fsr_key){256, KEY_INODE_ITEM, 0}, (struct fsr_key){257, KEY_EXTENT_DATA, 0});
	assert_int_equal(h.count, 4);
	h = range(fs, (struct fsr_key){256, KEY_INODE_ITEM, 1}, (struct fsr_key){257, KEY_INODE_ITEM, 0});
	assert_int_equal(h.count, 2);
	assert_int_equal(h.keys[0].type, KEY_EXTENT_DATA);
	assert_int_equal(range(fs, (struct fsr_key){259, 0, 0}, (struct fsr_key){300, 0, 0}).count, 0);
	assert_int_equal(range(fs, (struct fsr_key){257, 0, 0}, (struct fsr_key){256, 0, 0}).count, 0);
	assert_int_equal(range(fs, last, last).count, 0);
	assert_int_equal(range(fs, (struct fsr_key){0, 0, 0}, last).count, 19);
	fsr_close(fs);
	fs = sample_open("node-4k"); /* the last of one leaf and the first of the next */
	h = range(fs, (struct fsr_key){9, KEY_ROOT_ITEM, 0}, (struct fsr_key){256, KEY_INODE_ITEM, 0});
	assert_int_equal(h.count, 2);
	assert_int_equal(h.slots[0], 8);
	assert_int_equal(h.slots[1], 0);
	fsr_close(fs);
}

/* A root tree of two leaves in which one of them can't be read. */
static struct fsr_fs broken_root_tree(struct small_fs *small)
{
	const struct image_item second = {{UINT64_MAX, KEY_TEMPORARY_ITEM, 0}, NULL, 0};
	const struct image_ptr ptrs[] = {
		{small->trees[FS_ROOTS].items[0].key, FS_BLOCK(60), IMAGE_GENERATION},
		{second.key, FS_BLOCK(61), IMAGE_GENERATION},
	};
	struct volume *volume;

	for (unsigned mirror = 0; mirror < 2; mirror++) {
		uint8_t *super = small->image->bytes + (mirror ? 64 * MIB : 64 * KIB);

		put64(super + SUPER_ROOT, FS_BLOCK(62));
		super[SUPER_ROOT_LEVEL] = 1;
		image_seal(super, SUPER_SIZE);
	}
	volume = fs_volume(small);
	image_leaf(small->image, FS_BLOCK(60), ROOT_TREE_OBJECTID, small->trees[FS_ROOTS].items,
		small->trees[FS_ROOTS].n);
	image_leaf(small->image, FS_BLOCK(61), ROOT_TREE_OBJECTID, &second, 1);
	image_node(small->image, FS_BLOCK(62), ROOT_TREE_OBJECTID, 1, ptrs, 2);
	for (unsigned copy = 0; copy < 2; copy++)
		image_block(small->image, FS_BLOCK(61), copy)[3000] ^= 1;
	return (struct fsr_fs){.volume = volume};
}

static void test_hidden(void **state)
{
	struct small_fs *small = fs_make();
	struct fsr_fs fs = broken_root_tree(small);
	const struct fsr_key from = {0, 0, 0}, before = {UINT64_MAX, 0, 0},
			     in = {UINT64_MAX, KEY_TEMPORARY_ITEM, 5}, last = {UINT64_MAX, 255, UINT64_MAX};
	struct heard h = {0};
	uint64_t last_tree = 0;
	struct fsr_tree tree;
	struct fsr_path path;
	struct fsr_error err;

	(void)state;
	assert_int_equal(fsr_tree_range(&fs, "root", &from, &before, hear_item, &h, &err), 0);
	assert_true(h.count > 0);
	assert_int_equal(fsr_tree_range(&fs, "root", &from, &in, hear_item, &h, &err), 1);
	assert_int_equal(fsr_tree_range(&fs, "root", &in, &last, hear_item, &h, &err), 1);
	assert_int_equal(fsr_tree_walk(&fs, "root", hear_item, &h, &err), 1);
	assert_int_equal(fsr_trees(&fs, hear_tree, &last_tree, &err), 0);
	assert_int_equal(last_tree, DATA_RELOC);
	assert_int_equal(fsr_tree_find(&fs, "root", &tree, &err), 0);
	assert_int_equal(fsr_tree_seek(&fs, &tree, &from, &path, &err), 0);
	assert_int_equal(path.bytenr[0], FS_BLOCK(60));
	assert_int_equal(fsr_tree_seek(&fs, &tree, &in, &path, &err), FSR_E_CORRUPT);
	assert_int_equal(err.bytenr, FS_BLOCK(61));
	assert_int_equal(fsr_tree_seek(&fs, &tree, &last, &path, NULL), FSR_E_CORRUPT);
	volume_close(fs.volume);
	free(small);
}

/* ---- the way */

static void expect_way(struct fsr_fs *fs, const struct fsr_tree *tree, struct fsr_key key, int answer,
	uint32_t slot1, uint64_t leaf, uint32_t slot0)
{
	struct fsr_path path;

	assert_int_equal(fsr_tree_seek(fs, tree, &key, &path, NULL), answer);
	assert_int_equal(path.bytenr[1], 30441472);
	assert_int_equal(path.slot[1], slot1);
	assert_int_equal(path.bytenr[0], leaf);
	assert_int_equal(path.slot[0], slot0);
	for (unsigned level = 2; level < FSR_MAX_LEVEL; level++)
		assert_int_equal(path.bytenr[level], 0);
}

static void test_seek(void **state)
{
	struct fsr_fs *fs = sample_open("node-4k");
	const uint64_t first = 30511104, second = 30445568;
	struct fsr_tree tree;

	(void)state;
	assert_int_equal(fsr_tree_find(fs, "root", &tree, NULL), 0);
	expect_way(fs, &tree, (struct fsr_key){0, 0, 0}, 0, 0, first, 0);
	expect_way(fs, &tree, (struct fsr_key){4, KEY_ROOT_ITEM, 0}, 0, 0, first, 1);
	expect_way(fs, &tree, (struct fsr_key){4, KEY_ROOT_ITEM, 1}, 0, 0, first, 2);
	expect_way(fs, &tree, (struct fsr_key){9, KEY_ROOT_ITEM, 0}, 0, 0, first, 8);
	expect_way(fs, &tree, (struct fsr_key){9, KEY_ROOT_ITEM, 1}, 0, 1, second, 0);
	expect_way(fs, &tree, (struct fsr_key){256, KEY_INODE_ITEM, 0}, 0, 1, second, 0);
	expect_way(fs, &tree, (struct fsr_key){FREE_SPACE_OBJECTID, KEY_UNTYPED, 137756672}, 0, 1, second, 7);
	expect_way(fs, &tree, (struct fsr_key){DATA_RELOC, KEY_ROOT_ITEM, 0}, 0, 1, second, 9);
	expect_way(fs, &tree, (struct fsr_key){DATA_RELOC, KEY_ROOT_ITEM, 1}, 1, 1, second, 9);
	expect_way(fs, &tree, (struct fsr_key){UINT64_MAX, UINT8_MAX, UINT64_MAX}, 1, 1, second, 9);
	tree.generation++;
	assert_int_equal(
		fsr_tree_seek(fs, &tree, &(struct fsr_key){0}, &(struct fsr_path){0}, NULL), FSR_E_CORRUPT);
	tree.level = 8;
	assert_int_equal(
		fsr_tree_seek(fs, &tree, &(struct fsr_key){0}, &(struct fsr_path){0}, NULL), FSR_E_CORRUPT);
	fsr_close(fs);
}

static void test_seek_empty(void **state)
{
	struct small_fs *small = fs_make();
	struct fsr_fs fs = {.volume = fs_volume(small)};
	const struct fsr_tree tree = {CSUM_TREE_OBJECTID, FS_BLOCK(60), IMAGE_GENERATION, 0};
	struct fsr_path path;

	(void)state;
	image_leaf(small->image, tree.bytenr, tree.objectid, NULL, 0);
	assert_int_equal(fsr_tree_seek(&fs, &tree, &(struct fsr_key){5, 5, 5}, &path, NULL), 1);
	assert_int_equal(path.bytenr[0], tree.bytenr);
	assert_int_equal(path.slot[0], 0);
	volume_close(fs.volume);
	free(small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_seek),
		cmocka_unit_test(test_seek_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
