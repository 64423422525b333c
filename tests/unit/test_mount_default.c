/* SPDX-License-Identifier: MIT */
/*
 * The default subvolume: its path up through the references, and down through the entries. For each case
 * Linux 6.1.192 was given an image broken in the same way, and mounted it or did not.
 */
#include "small_fs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void drop_for_default(unsigned tree, uint64_t objectid, uint8_t type, const char *words)
{
	struct small_fs *fs = fs_make();

	fs_drop(fs, tree, objectid, type);
	fs_expect(fs, FSR_FINDING_MOUNT_LOOKUP, words);
}

static void test_default_missing(void **state)
{
	(void)state;
	drop_for_default(
		FS_ROOTS, FS_SUBVOLUME, KEY_ROOT_BACKREF, "subvolume 300 has no path that leads to it");
	drop_for_default(FS_FILES, FS_DIRECTORY, KEY_INODE_REF, "has no path that leads to it");
	drop_for_default(FS_ROOTS, FS_TREE_OBJECTID, KEY_ROOT_REF, "is not where its references say");
	drop_for_default(FS_FILES, FIRST_FREE_OBJECTID, KEY_DIR_ITEM, "is not where its references say");
	drop_for_default(FS_FILES, FS_DIRECTORY, KEY_DIR_ITEM, "is not where its references say");
	drop_for_default(FS_SUB, FIRST_FREE_OBJECTID, KEY_INODE_ITEM, "is not where its references say");
}

static void change_for_default(
	unsigned tree, uint64_t objectid, uint8_t type, uint32_t at, uint8_t value, const char *words)
{
	struct small_fs *fs = fs_make();

	if (tree == FS_SUB) /* so that its leaf is not empty when the directory is not there */
		fs_add_directory(fs, FS_SUB, FS_DIRECTORY);
	fs_bytes(fs, tree, objectid, type)[at] = value;
	fs_expect(fs, FSR_FINDING_MOUNT_LOOKUP, words);
}

static void test_default_wrong(void **state)
{
	const char *lost = "is not where its references say", *no_path = "no path that leads to it";

	(void)state;
	change_for_default(FS_ROOTS, ROOT_TREE_DIR_OBJECTID, KEY_DIR_ITEM, 0, 99, no_path);
	change_for_default(FS_ROOTS, FS_SUBVOLUME, KEY_ROOT_BACKREF, ROOT_REF_SIZE, 'X', lost);
	change_for_default(
		FS_ROOTS, FS_SUBVOLUME, KEY_ROOT_BACKREF, ROOT_REF_DIRID, 0, lost); /* 256: not in "d" */
	change_for_default(FS_ROOTS, FS_TREE_OBJECTID, KEY_ROOT_REF, ROOT_REF_SIZE, 'X', lost);
	change_for_default(FS_ROOTS, FS_TREE_OBJECTID, KEY_ROOT_REF, ROOT_REF_DIRID, 0, lost);
	change_for_default(
		FS_FILES, FIRST_FREE_OBJECTID, KEY_DIR_ITEM, DIR_ITEM_TYPE, FILE_TYPE_REGULAR, lost);
	change_for_default(FS_FILES, FS_DIRECTORY, KEY_INODE_ITEM, INODE_MODE + 1, 0x81, lost);
	change_for_default(FS_FILES, FS_DIRECTORY, KEY_INODE_REF, INODE_REF_SIZE, 'X', lost);
	change_for_default(FS_ROOTS, FS_SUBVOLUME, KEY_ROOT_ITEM, ROOT_DIRID, 1, lost); /* 257 is not in it */
	change_for_default(FS_SUB, FIRST_FREE_OBJECTID, KEY_INODE_ITEM, INODE_MODE + 1, 0x81, lost);
}

/* 300 in itself: Linux gives up when the path grows over 4096 bytes, 4 at a time. */
static void test_cycle(void **state)
{
	struct small_fs *fs = fs_make();

	(void)state;
	fs_find(fs, FS_ROOTS, FS_SUBVOLUME, KEY_ROOT_BACKREF)->key.offset = FS_SUBVOLUME;
	put64(fs_bytes(fs, FS_ROOTS, FS_SUBVOLUME, KEY_ROOT_BACKREF) + ROOT_REF_DIRID, FIRST_FREE_OBJECTID);
	fs_expect(fs, FSR_FINDING_MOUNT_LOOKUP, "has no path that leads to it");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_missing),
		cmocka_unit_test(test_default_wrong),
		cmocka_unit_test(test_cycle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
