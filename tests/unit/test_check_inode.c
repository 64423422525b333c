/* SPDX-License-Identifier: MIT */
/*
 * Inodes, their references, directory entries and extended attributes. The verdicts are those of Linux
 * 6.1.192 mounting images with such items in the top-level tree, checksums mended.
 */
#include "leaf.h"

#include "../../libfsread/format/crc32c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define OWNER FS_TREE_OBJECTID

static void make_inode(uint8_t item[INODE_ITEM_SIZE], uint32_t mode)
{
	memset(item, 0, INODE_ITEM_SIZE);
	put64(item + INODE_GENERATION, IMAGE_GENERATION);
	put64(item + INODE_TRANSID, IMAGE_GENERATION);
	put32(item + INODE_NLINK, 1);
	put32(item + INODE_MODE, mode);
}

static void test_inode_fields(void **state)
{
	static const struct leaf_change changes[] = {
		{0, 0, 0, NULL}, {INODE_GENERATION, 8, 0, NULL},
		{INODE_GENERATION, 8, IMAGE_GENERATION + 1, NULL},
		{INODE_GENERATION, 8, IMAGE_GENERATION + 2, "inode generation 11, at most 10"},
		{INODE_TRANSID, 8, IMAGE_GENERATION + 1, NULL},
		{INODE_TRANSID, 8, UINT64_C(1) << 60, "transid 1152921504606846976, at most 10"},
		{INODE_MODE, 4, 0100644, NULL}, {INODE_MODE, 4, 0140644, NULL},
		{INODE_MODE, 4, 0120777, NULL}, {INODE_MODE, 4, 0060644, NULL},
		{INODE_MODE, 4, 0107777, NULL}, {INODE_MODE, 4, 0644, "0644 is no file type"},
		{INODE_MODE, 4, 0030644, "030644 is no file type"},
		{INODE_MODE, 4, 0240755, "0240755 is no file type"}, {INODE_NLINK, 4, 0, NULL},
		{INODE_NLINK, 4, 2, "2 links"}, {INODE_FLAGS, 8, 0xfff, NULL},
		{INODE_FLAGS, 8, UINT64_C(1) << 31, NULL},
		{INODE_FLAGS, 8, UINT64_C(1) << 12, "flags 0x1000"},
		{INODE_FLAGS, 8, UINT64_C(3) << 32, NULL}, /* unknown in a writable mount only */
	};
	struct leaf_test *t = *state;
	uint8_t item[INODE_ITEM_SIZE];

	make_inode(item, 0040755);
	LEAF_CHANGES(t, OWNER, ((struct fsr_key){256, KEY_INODE_ITEM, 0}), item, sizeof item, changes);
}

static void test_inode_key(void **state)
{
	static const struct {
		struct fsr_key key;
		const char *words;
	} cases[] = {
		{{256, KEY_INODE_ITEM, 0}, NULL},
		{{255, KEY_INODE_ITEM, 0}, "inode number 255"},
		{{6, KEY_INODE_ITEM, 0}, NULL},
		{{10, KEY_INODE_ITEM, 0}, "inode number 10"},
		{{(uint64_t)-256, KEY_INODE_ITEM, 0}, NULL},
		{{(uint64_t)-255, KEY_INODE_ITEM, 0}, "inode number 18446744073709551361"},
		{{(uint64_t)-12, KEY_INODE_ITEM, 0}, NULL},
		{{256, KEY_INODE_ITEM, 1}, "offset 1, not 0"},
	};
	struct leaf_test *t = *state;
	uint8_t item[INODE_ITEM_SIZE + 8] = {0};

	make_inode(item, 0100600);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		leaf_expect_item(t, OWNER, NULL, cases[i].key, item, INODE_ITEM_SIZE, cases[i].words);
	leaf_expect_item(t, OWNER, NULL, cases[0].key, item, INODE_ITEM_SIZE - 8, "152 bytes, not 160");
	leaf_expect_item(t, OWNER, NULL, cases[0].key, item, INODE_ITEM_SIZE + 8, "168 bytes, not 160");
}

static void test_inode_ref(void **state)
{
	struct leaf_test *t = *state;
	const struct fsr_key key = {257, KEY_INODE_REF, 256};
	uint8_t item[300] = {0};

	put16(item + INODE_REF_NAME_LENGTH, 3);
	leaf_expect_item(t, OWNER, NULL, key, item, 13, NULL);
	leaf_expect_item(t, OWNER, NULL, key, item, 12, "runs over");
	leaf_expect_item(t, OWNER, NULL, key, item, 10, "10 bytes holds no name");
	leaf_expect_item(t, OWNER, NULL, key, item, 18, "runs over");
	leaf_expect_item(t, OWNER, NULL, key, item, 26, "name of 0 bytes");
	put16(item + 13 + INODE_REF_NAME_LENGTH, 3);
	leaf_expect_item(t, OWNER, NULL, key, item, 26, NULL);
	put16(item + INODE_REF_NAME_LENGTH, 255);
	leaf_expect_item(t, OWNER, NULL, key, item, 265, NULL);
	put16(item + INODE_REF_NAME_LENGTH, 256);
	leaf_expect_item(t, OWNER, NULL, key, item, 266, "name of 256 bytes");
	leaf_expect_item(t, OWNER, NULL, (struct fsr_key){257, KEY_INODE_EXTREF, 5}, item, 1, NULL);
}

/* In a subvolume, items of an inode follow others of the same inode. */
static void test_same_inode(void **state)
{
	static const uint8_t types[] = {
		KEY_INODE_REF, KEY_XATTR_ITEM, KEY_DIR_ITEM, KEY_DIR_INDEX, KEY_EXTENT_DATA};
	struct leaf_test *t = *state;
	struct image_item before = {{256, KEY_ORPHAN_ITEM, 0}, NULL, 0};
	uint8_t item[64] = {0};

	for (size_t i = 0; i < sizeof types; i++) {
		const struct fsr_key key = {257, types[i], 0};
		uint32_t size = types[i] == KEY_INODE_REF ? 11 : types[i] == KEY_EXTENT_DATA ? 21 : 0;

		item[INODE_REF_NAME_LENGTH] = types[i] == KEY_INODE_REF;
		leaf_expect_item(t, 257, &before, key, item, size, "belongs to inode 256, not 257");
		leaf_expect_item(t, 257, NULL, key, item, size, NULL);
		leaf_expect_item(t, ROOT_TREE_OBJECTID, &before, key, item, size, NULL);
		leaf_expect_item(t, TREE_LOG_OBJECTID, &before, key, item, size, NULL);
		leaf_expect_item(t, UINT64_C(1) << 48 | 257, &before, key, item, size, NULL);
	}
}

/* A directory entry for `to` with name_length letters 'q' and data_length zero bytes; returns its size. */
static uint32_t make_entry(
	uint8_t *item, struct fsr_key to, uint8_t type, uint32_t name_length, uint32_t data_length)
{
	memset(item, 0, DIR_ITEM_SIZE + name_length + data_length);
	put64(item, to.objectid);
	item[8] = to.type;
	put64(item + 9, to.offset);
	put16(item + DIR_ITEM_DATA_LENGTH, (uint16_t)data_length);
	put16(item + DIR_ITEM_NAME_LENGTH, (uint16_t)name_length);
	item[DIR_ITEM_TYPE] = type;
	memset(item + DIR_ITEM_SIZE, 'q', name_length);
	return DIR_ITEM_SIZE + name_length + data_length;
}

static void test_dir_location(void **state)
{
	static const struct {
		struct fsr_key to;
		const char *words;
	} cases[] = {
		{{257, KEY_INODE_ITEM, 0}, NULL},
		{{257, 0, 0}, NULL},
		{{257, KEY_INODE_ITEM, 5}, "offset 5"},
		{{5, KEY_INODE_ITEM, 0}, "inode number 5"},
		{{257, KEY_INODE_REF, 0}, "key type 12"},
		{{5, KEY_ROOT_ITEM, UINT64_MAX}, NULL},
		{{300, KEY_ROOT_ITEM, 0}, NULL},
		{{4, KEY_ROOT_ITEM, UINT64_MAX}, "tree 4"},
		{{0, KEY_ROOT_ITEM, UINT64_MAX}, "tree 0"},
		{{UINT64_C(1) << 48, KEY_ROOT_ITEM, 0}, "tree 281474976710656"},
	};
	struct leaf_test *t = *state;
	uint8_t item[64];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint32_t size = make_entry(item, cases[i].to, FILE_TYPE_DIRECTORY, 2, 0);

		leaf_expect_item(
			t, OWNER, NULL, (struct fsr_key){256, KEY_DIR_INDEX, 9}, item, size, cases[i].words);
	}
}

/* The hash of the name "default", as the root tree's entry of every filesystem has it (dump-tree). */
static void test_name_hash(void **state)
{
	(void)state;
	assert_int_equal(name_hash("default", 7), 2378154706);
}

static void test_dir_entry(void **state)
{
	struct leaf_test *t = *state;
	const struct fsr_key to = {257, KEY_INODE_ITEM, 0}, index = {256, KEY_DIR_INDEX, 9};
	struct fsr_key key = {256, KEY_DIR_ITEM, 0};
	uint8_t item[400];
	uint32_t size = make_entry(item, to, FILE_TYPE_DIRECTORY, 2, 0);

	key.offset = name_hash("qq", 2);
	leaf_expect_item(t, OWNER, NULL, key, item, size, NULL);
	memcpy(item + size, item, size);
	leaf_expect_item(t, OWNER, NULL, key, item, 2 * size, NULL);
	leaf_expect_item(t, OWNER, NULL, key, item, 2 * size - 1, "runs over");
	leaf_expect_item(t, OWNER, NULL, key, item, size + 1, "runs over");
	leaf_expect_item(t, OWNER, NULL, key, item, size - 1, "runs over");
	leaf_expect_item(t, OWNER, NULL, key, item, DIR_ITEM_SIZE - 1, "runs over");
	leaf_expect_item(t, OWNER, NULL, key, item, 0, NULL);
	key.offset++;
	leaf_expect_item(t, OWNER, NULL, key, item, size, "hash");
	leaf_expect_item(t, OWNER, NULL, index, item, size, NULL);
	item[DIR_ITEM_TYPE] = 9;
	leaf_expect_item(t, OWNER, NULL, index, item, size, "type 9, at most 8");
	item[DIR_ITEM_TYPE] = FILE_TYPE_XATTR;
	leaf_expect_item(t, OWNER, NULL, index, item, size, "type 8 in an item of type 96");
	size = make_entry(item, to, FILE_TYPE_REGULAR, 2, 3);
	leaf_expect_item(t, OWNER, NULL, index, item, size, "3 bytes of data");
	size = make_entry(item, to, FILE_TYPE_REGULAR, 0, 0);
	leaf_expect_item(t, OWNER, NULL, index, item, size, NULL);
	size = make_entry(item, to, FILE_TYPE_REGULAR, 255, 0);
	leaf_expect_item(t, OWNER, NULL, index, item, size, NULL);
	size = make_entry(item, to, FILE_TYPE_REGULAR, 256, 0);
	leaf_expect_item(t, OWNER, NULL, index, item, size, "name of 256 bytes");
}

static void test_xattr(void **state)
{
	struct leaf_test *t = *state;
	static const struct fsr_key places[] = {{257, 0, 0}, {0, KEY_INODE_ITEM, 0}, {0, 0, 5}};
	const struct fsr_key key = {256, KEY_XATTR_ITEM, name_hash("qqqqqq", 6)};
	static uint8_t item[IMAGE_NODESIZE];
	uint32_t size = make_entry(item, (struct fsr_key){0, 0, 0}, FILE_TYPE_XATTR, 6, 100);

	leaf_expect_item(t, OWNER, NULL, key, item, size, NULL);
	item[DIR_ITEM_TYPE] = FILE_TYPE_DIRECTORY;
	leaf_expect_item(t, OWNER, NULL, key, item, size, "type 2 in an item of type 24");
	for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
		size = make_entry(item, places[i], FILE_TYPE_XATTR, 6, 1);
		leaf_expect_item(t, OWNER, NULL, key, item, size, "points to a key");
	}
	size = make_entry(item, (struct fsr_key){5, KEY_ROOT_ITEM, 0}, FILE_TYPE_XATTR, 6, 1);
	leaf_expect_item(t, OWNER, NULL, key, item, size, NULL);
	/* A leaf's one item has 4096 - 101 - 25 bytes, the entry's fields take 30 of them. */
	size = make_entry(item, (struct fsr_key){0, 0, 0}, FILE_TYPE_XATTR, 6, 3934);
	leaf_expect_item(t, OWNER, NULL, key, item, size, NULL);
	put16(item + DIR_ITEM_DATA_LENGTH, 3935);
	leaf_expect_item(t, OWNER, NULL, key, item, size, "3941 bytes, at most 3940");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inode_fields),
		cmocka_unit_test(test_inode_key),
		cmocka_unit_test(test_inode_ref),
		cmocka_unit_test(test_same_inode),
		cmocka_unit_test(test_dir_location),
		cmocka_unit_test(test_name_hash),
		cmocka_unit_test(test_dir_entry),
		cmocka_unit_test(test_xattr),
	};

	return cmocka_run_group_tests(tests, leaf_setup, leaf_teardown);
}
