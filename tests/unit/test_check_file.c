/* SPDX-License-Identifier: MIT */
/*
 * File extents and data checksums. The verdicts are those of Linux 6.1.192 mounting images with such
 * items, tree block checksums mended.
 */
#include "leaf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define OWNER FS_TREE_OBJECTID

static void make_extent(uint8_t item[FILE_EXTENT_SIZE + 1], uint64_t num_bytes)
{
	memset(item, 0, FILE_EXTENT_SIZE + 1);
	put64(item + FILE_EXTENT_GENERATION, IMAGE_GENERATION);
	put64(item + FILE_EXTENT_RAM_BYTES, 4096);
	item[FILE_EXTENT_TYPE] = FILE_EXTENT_REG;
	put64(item + FILE_EXTENT_NUM_BYTES, num_bytes);
}

static uint32_t make_inline(uint8_t item[FILE_EXTENT_SIZE + 1], uint64_t ram_bytes, uint8_t compression)
{
	memset(item, 0, FILE_EXTENT_SIZE + 1);
	put64(item + FILE_EXTENT_RAM_BYTES, ram_bytes);
	item[FILE_EXTENT_COMPRESSION] = compression;
	return FILE_EXTENT_INLINE_DATA + 5;
}

static void test_extent_fields(void **state)
{
	static const struct leaf_change changes[] = {
		{0, 0, 0, NULL},
		{FILE_EXTENT_GENERATION, 8, UINT64_MAX, NULL},
		{FILE_EXTENT_OTHER, 2, 7, NULL},
		{FILE_EXTENT_TYPE, 1, 2, NULL},
		{FILE_EXTENT_TYPE, 1, 3, "type 3, at most 2"},
		{FILE_EXTENT_COMPRESSION, 1, 3, NULL},
		{FILE_EXTENT_COMPRESSION, 1, 4, "compression 4, at most 3"},
		{FILE_EXTENT_ENCRYPTION, 1, 1, "encryption 1"},
		{FILE_EXTENT_RAM_BYTES, 8, 4097, "ram_bytes 4097 is not aligned to 4096"},
		{FILE_EXTENT_DISK_BYTENR, 8, 100, "disk_bytenr 100"},
		{FILE_EXTENT_DISK_NUM_BYTES, 8, 100, "disk_num_bytes 100"},
		{FILE_EXTENT_OFFSET, 8, 1, "offset 1"},
		{FILE_EXTENT_NUM_BYTES, 8, 4095, "num_bytes 4095"},
		{FILE_EXTENT_NUM_BYTES, 8, 0, NULL},
		{FILE_EXTENT_NUM_BYTES, 8, UINT64_MAX - 4095, "overflows"},
	};
	struct leaf_test *t = *state;
	const struct fsr_key key = {256, KEY_EXTENT_DATA, GIB};
	uint8_t item[FILE_EXTENT_SIZE + 1];

	make_extent(item, 4096);
	LEAF_CHANGES(t, OWNER, key, item, FILE_EXTENT_SIZE, changes);
	leaf_expect_item(t, OWNER, NULL, key, item, FILE_EXTENT_SIZE + 1, "54 bytes, not 53");
	leaf_expect_item(t, OWNER, NULL, key, item, FILE_EXTENT_SIZE - 1, "52 bytes, not 53");
	leaf_expect_item(t, OWNER, NULL, key, item, 20, "20 bytes, at least 21");
	leaf_expect_item(t, OWNER, NULL, (struct fsr_key){256, KEY_EXTENT_DATA, 17}, item, 53, "offset 17");
}

static void test_inline(void **state)
{
	struct leaf_test *t = *state;
	const struct fsr_key start = {256, KEY_EXTENT_DATA, 0}, later = {256, KEY_EXTENT_DATA, 4096};
	uint8_t item[FILE_EXTENT_SIZE + 1];
	uint32_t size = make_inline(item, 5, 0);

	leaf_expect_item(t, OWNER, NULL, start, item, size, NULL);
	leaf_expect_item(t, OWNER, NULL, later, item, size, "file offset 4096, not 0");
	leaf_expect_item(t, OWNER, NULL, start, item, size + 1, "5 bytes in an item of 27");
	make_inline(item, 0, 0);
	leaf_expect_item(t, OWNER, NULL, start, item, FILE_EXTENT_INLINE_DATA, NULL);
	make_inline(item, 600, 1);
	leaf_expect_item(t, OWNER, NULL, start, item, size, NULL);
	leaf_expect_item(t, OWNER, NULL, later, item, size, "file offset 4096, not 0");
}

static void test_extent_overlap(void **state)
{
	struct leaf_test *t = *state;
	const struct fsr_key key = {256, KEY_EXTENT_DATA, 4096};
	uint8_t item[FILE_EXTENT_SIZE + 1], first[FILE_EXTENT_SIZE + 1];
	struct image_item before = {{256, KEY_EXTENT_DATA, 0}, first, FILE_EXTENT_SIZE};

	make_extent(item, 4096);
	make_extent(first, 4096);
	leaf_expect_item(t, OWNER, &before, key, item, FILE_EXTENT_SIZE, NULL);
	make_extent(first, 8192);
	leaf_expect_item(t, OWNER, &before, key, item, FILE_EXTENT_SIZE, "up to 8192");
	before.size = make_inline(first, 4000, 1);
	leaf_expect_item(t, OWNER, &before, key, item, FILE_EXTENT_SIZE, NULL);
	make_inline(first, 5000, 1);
	leaf_expect_item(t, OWNER, &before, key, item, FILE_EXTENT_SIZE, "up to 8192");
	before.key.objectid = 255; /* another file's, and a tree where inodes need not stand together */
	leaf_expect_item(t, ROOT_TREE_OBJECTID, &before, key, item, FILE_EXTENT_SIZE, NULL);
}

static void test_csums(void **state)
{
	static const struct {
		struct fsr_key key;
		uint32_t size;
		const char *words;
	} cases[] = {
		{{EXTENT_CSUM_OBJECTID, KEY_EXTENT_CSUM, GIB}, 8, NULL},
		{{EXTENT_CSUM_OBJECTID, KEY_EXTENT_CSUM, GIB}, 0, NULL},
		{{EXTENT_CSUM_OBJECTID, KEY_EXTENT_CSUM, GIB}, 7, "7 bytes, no multiple of 4"},
		{{EXTENT_CSUM_OBJECTID, KEY_EXTENT_CSUM, GIB + 1}, 8, "address 1073741825"},
		{{EXTENT_CSUM_OBJECTID - 1, KEY_EXTENT_CSUM, GIB}, 8, "objectid 18446744073709551605"},
	};
	struct leaf_test *t = *state;
	uint8_t sums[64] = {0};
	struct image_item before = {{EXTENT_CSUM_OBJECTID, KEY_EXTENT_CSUM, GIB}, sums, 8};
	const struct fsr_key next = {EXTENT_CSUM_OBJECTID, KEY_EXTENT_CSUM, GIB + 4096};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		leaf_expect_item(
			t, CSUM_TREE_OBJECTID, NULL, cases[i].key, sums, cases[i].size, cases[i].words);
	leaf_expect_item(t, CSUM_TREE_OBJECTID, &before, next, sums, 8, "up to 1073750016");
	before.size = 4;
	leaf_expect_item(t, CSUM_TREE_OBJECTID, &before, next, sums, 8, NULL);
	before.size = 0;
	leaf_expect_item(t, CSUM_TREE_OBJECTID, &before, next, sums, 8, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_extent_fields),
		cmocka_unit_test(test_inline),
		cmocka_unit_test(test_extent_overlap),
		cmocka_unit_test(test_csums),
	};

	return cmocka_run_group_tests(tests, leaf_setup, leaf_teardown);
}
