/* SPDX-License-Identifier: MIT */
/*
 * The trees that Linux opens at mount, and the top-level directory. For each case Linux 6.1.192 was given an
 * image broken in the same way, and mounted it or did not.
 */
#include "small_fs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROOT_BAD FSR_FINDING_ROOT_BAD

static void test_good(void **state)
{
	struct small_fs *fs = fs_make();

	(void)state;
	fs_expect(fs, 0, NULL);
	fs = fs_make();
	fs_drop(fs, FS_ROOTS, ROOT_TREE_DIR_OBJECTID, KEY_DIR_ITEM); /* the top level is shown */
	fs_drop(fs, FS_ROOTS, FS_SUBVOLUME, KEY_ROOT_BACKREF);
	fs_drop(fs, FS_ROOTS, UUID_TREE_OBJECTID, KEY_ROOT_ITEM);
	fs_drop(fs, FS_DEVICES, FS_DEV_STATS, KEY_PERSISTENT_ITEM);
	fs_expect(fs, 0, NULL);
}

static void test_roots(void **state)
{
	static const struct {
		uint64_t tree;
		const char *missing, *unreadable;
	} cases[] = {
		{EXTENT_TREE_OBJECTID, "tree 2 (EXTENT_TREE) has no root item", "tree 2"},
		{CSUM_TREE_OBJECTID, "tree 7 (CSUM_TREE) has no root item", "tree 7"},
		{DEV_TREE_OBJECTID, "tree 4 (DEV_TREE) has no root item", "tree 4"},
		{FS_TREE_OBJECTID, "tree 5 (FS_TREE) has no root item", "tree 5"},
		{DATA_RELOC_TREE_OBJECTID, "tree -9 (DATA_RELOC_TREE) has no root item", "tree -9"},
		{UUID_TREE_OBJECTID, NULL, "tree 9"},
		{FS_SUBVOLUME, "tree 300 (a subvolume) has no root item", "tree 300"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct small_fs *fs = fs_make();

		fs_drop(fs, FS_ROOTS, cases[i].tree, KEY_ROOT_ITEM);
		fs_expect(fs, ROOT_BAD, cases[i].missing);
		fs = fs_make();
		put64(fs_bytes(fs, FS_ROOTS, cases[i].tree, KEY_ROOT_ITEM) + ROOT_GENERATION,
			IMAGE_GENERATION - 1);
		put64(fs_bytes(fs, FS_ROOTS, cases[i].tree, KEY_ROOT_ITEM) + ROOT_GENERATION_V2, 0);
		fs_expect(fs, ROOT_BAD, cases[i].unreadable);
	}
}

/* Some trees are looked up by their exact key, others by the newest. */
static void test_root_offset(void **state)
{
	struct small_fs *fs = fs_make();

	(void)state;
	fs_find(fs, FS_ROOTS, FS_TREE_OBJECTID, KEY_ROOT_ITEM)->key.offset = 7;
	fs_expect(fs, 0, NULL);
	fs = fs_make();
	fs_find(fs, FS_ROOTS, DEV_TREE_OBJECTID, KEY_ROOT_ITEM)->key.offset = 7;
	fs_expect(fs, ROOT_BAD, "tree 4 (DEV_TREE) has no root item");
	fs = fs_make();
	fs_find(fs, FS_ROOTS, UUID_TREE_OBJECTID, KEY_ROOT_ITEM)->key.offset = 7;
	fs_expect(fs, 0, NULL);
}

/* Extent, checksum and free space trees: all root items under their number are opened. */
static void test_several_roots(void **state)
{
	const struct fsr_key second = {CSUM_TREE_OBJECTID, KEY_ROOT_ITEM, 5};
	struct small_fs *fs = fs_make();

	(void)state;
	memcpy(fs_add(fs, FS_ROOTS, second, ROOT_ITEM_LEGACY_SIZE),
		fs_bytes(fs, FS_ROOTS, CSUM_TREE_OBJECTID, KEY_ROOT_ITEM), ROOT_ITEM_LEGACY_SIZE);
	fs_expect(fs, 0, NULL);
	fs = fs_make();
	fs_add(fs, FS_ROOTS, second, ROOT_ITEM_LEGACY_SIZE);
	fs_expect(fs, ROOT_BAD, "the root of tree 7 (CSUM_TREE) can't be read");
	fs = fs_make();
	fs_add(fs, FS_ROOTS, (struct fsr_key){CSUM_TREE_OBJECTID, KEY_ROOT_ITEM + 1, 0}, 0);
	fs_expect(fs, ROOT_BAD, "an item of type 133 among its root items");
	fs = fs_make();
	fs_add(fs, FS_ROOTS, (struct fsr_key){CSUM_TREE_OBJECTID, KEY_ROOT_ITEM - 1, 0}, 0);
	fs_expect(fs, 0, NULL);
}

static void test_keys_that_crash(void **state)
{
	const struct fsr_key highest = {LAST_FREE_OBJECTID, UINT8_MAX, UINT64_MAX};
	struct small_fs *fs = fs_make();

	(void)state;
	fs_add(fs, FS_ROOTS, highest, 0);
	fs_expect(fs, ROOT_BAD, "Linux crashes");
	fs = fs_make();
	fs_add(fs, FS_FILES, highest, 0);
	fs_expect(fs, ROOT_BAD, "Linux crashes");
	fs = fs_make();
	fs_find(fs, FS_ROOTS, FS_TREE_OBJECTID, KEY_ROOT_ITEM)->key.offset = UINT64_MAX;
	fs_expect(fs, ROOT_BAD, "(5 132 18446744073709551615): Linux crashes");
	fs = fs_make();
	fs_find(fs, FS_ROOTS, CSUM_TREE_OBJECTID, KEY_ROOT_ITEM)->key.offset = UINT64_MAX;
	fs_expect(fs, ROOT_BAD, "(7 132 18446744073709551615): Linux crashes");
}

static void test_references(void **state)
{
	static const uint64_t trees[] = {FS_TREE_OBJECTID, DATA_RELOC_TREE_OBJECTID, FS_SUBVOLUME};
	struct small_fs *fs;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		fs = fs_make();
		put32(fs_bytes(fs, FS_ROOTS, trees[i], KEY_ROOT_ITEM) + ROOT_REFS, 0);
		fs_expect(fs, ROOT_BAD, "counts 0 references");
	}
	fs = fs_make();
	put32(fs_bytes(fs, FS_ROOTS, EXTENT_TREE_OBJECTID, KEY_ROOT_ITEM) + ROOT_REFS, 0);
	fs_expect(fs, 0, NULL);
}

static void test_optional_trees(void **state)
{
	struct small_fs *fs = fs_make();
	struct volume *volume = fs_volume(fs);

	(void)state;
	volume->fs.compat_ro_flags |= COMPAT_RO_FREE_SPACE_TREE;
	fs_expect_volume(fs, volume, ROOT_BAD, "tree 10 (FREE_SPACE_TREE) has no root item");
	fs = fs_make();
	volume = fs_volume(fs);
	volume->fs.compat_ro_flags |= COMPAT_RO_BLOCK_GROUP_TREE;
	fs_expect_volume(fs, volume, ROOT_BAD, "tree 11 (BLOCK_GROUP_TREE) has no root item");
}

/* Quotas that can't be opened are off; once opened, all of the tree is read. */
static void test_quota(void **state)
{
	struct small_fs *fs = fs_make();
	struct fsr_finding f;
	struct volume *volume;

	(void)state;
	fs_add_root(fs, FS_QUOTAS);
	fs_drop(fs, FS_ROOTS, UUID_TREE_OBJECTID, KEY_ROOT_ITEM); /* makes room in the leaf */
	fs_expect(fs, 0, NULL);
	fs = fs_make();
	fs_drop(fs, FS_ROOTS, UUID_TREE_OBJECTID, KEY_ROOT_ITEM);
	fs_add_root(fs, FS_QUOTAS);
	put64(fs_bytes(fs, FS_ROOTS, QUOTA_TREE_OBJECTID, KEY_ROOT_ITEM) + ROOT_BYTENR, FS_BLOCK(500));
	volume = fs_volume(fs);
	assert_int_equal(mount_check(volume, NULL), 0);
	assert_int_equal(image_findings(volume, ROOT_BAD, &f), 1);
	assert_int_equal(f.severity, FSR_SEVERITY_WARNING);
	volume_close(volume);
	free(fs);
}

/* The quota tree's second leaf is a hole; past a version that it does not know Linux doesn't read. */
static void expect_quota_holes(uint64_t version, unsigned holes)
{
	struct small_fs *fs = fs_make();
	struct volume *volume;

	fs_drop(fs, FS_ROOTS, UUID_TREE_OBJECTID, KEY_ROOT_ITEM);
	fs_add_root(fs, FS_QUOTAS);
	fs_add_leaf(fs, FS_QUOTAS, (struct fsr_key){0, KEY_QGROUP_INFO, 5}, FS_BLOCK(100));
	put64(fs_bytes(fs, FS_QUOTAS, 0, KEY_QGROUP_STATUS), version);
	volume = fs_volume(fs);
	assert_int_equal(mount_check(volume, NULL), 0);
	assert_int_equal(image_findings(volume, FSR_FINDING_TREE_BLOCK, NULL), holes);
	volume_close(volume);
	free(fs);
}

static void test_quota_version(void **state)
{
	(void)state;
	expect_quota_holes(1, 1);
	expect_quota_holes(2, 0);
}

static void test_top_directory(void **state)
{
	struct small_fs *fs = fs_make();

	(void)state;
	fs_drop(fs, FS_FILES, FIRST_FREE_OBJECTID, KEY_DIR_ITEM);
	fs_drop(fs, FS_FILES, FIRST_FREE_OBJECTID, KEY_INODE_ITEM);
	fs_drop(fs, FS_ROOTS, ROOT_TREE_DIR_OBJECTID, KEY_DIR_ITEM);
	fs_expect(fs, FSR_FINDING_MOUNT_LOOKUP, "inode 256 of tree 5, is missing");
	fs = fs_make();
	put32(fs_bytes(fs, FS_FILES, FIRST_FREE_OBJECTID, KEY_INODE_ITEM) + INODE_MODE, 0100644);
	fs_expect(fs, FSR_FINDING_MOUNT_LOOKUP, "has mode 0100644, not a directory's");
	fs = fs_make();
	put32(fs_bytes(fs, FS_FILES, FIRST_FREE_OBJECTID, KEY_INODE_ITEM) + INODE_NLINK, 0);
	fs_expect(fs, 0, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_root_offset),
		cmocka_unit_test(test_several_roots),
		cmocka_unit_test(test_keys_that_crash),
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_optional_trees),
		cmocka_unit_test(test_quota),
		cmocka_unit_test(test_quota_version),
		cmocka_unit_test(test_top_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
