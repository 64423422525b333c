/* SPDX-License-Identifier: MIT */
/*
 * Root items, references between subvolumes, device items and device extents. The verdicts are those of
 * Linux 6.1.192 mounting images with such items, checksums mended.
 */
#include "leaf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_root_fields(void **state)
{
	static const struct leaf_change changes[] = {
		{0, 0, 0, NULL},
		{ROOT_GENERATION, 8, IMAGE_GENERATION + 1, NULL},
		{ROOT_GENERATION, 8, IMAGE_GENERATION + 2, "generation 11, at most 10"},
		{ROOT_GENERATION_V2, 8, 1000, "second generation 1000"},
		{ROOT_LAST_SNAPSHOT, 8, 1000, "last snapshot 1000"},
		{ROOT_BYTENR, 8, 5, "block 5 is not aligned"},
		{ROOT_BYTENR, 8, 0, NULL},
		{ROOT_LEVEL, 1, 7, NULL},
		{ROOT_LEVEL, 1, 8, "level 8"},
		{ROOT_DROP_LEVEL, 1, 8, "drop level 8"},
		{ROOT_DROP_PROGRESS, 8, 5, "interrupted drop at objectid 5"},
		{ROOT_FLAGS, 8, 1, NULL},
		{ROOT_FLAGS, 8, UINT64_C(1) << 48, NULL},
		{ROOT_FLAGS, 8, 2, "flags 0x2"},
		{ROOT_REFS, 4, 0, NULL},
	};
	struct leaf_test *t = *state;
	const struct fsr_key key = {257, KEY_ROOT_ITEM, 0};
	uint8_t item[ROOT_ITEM_SIZE + 1] = {0};

	put64(item + ROOT_GENERATION, IMAGE_GENERATION);
	put64(item + ROOT_GENERATION_V2, IMAGE_GENERATION);
	put64(item + ROOT_BYTENR, 64 * MIB);
	LEAF_CHANGES(t, ROOT_TREE_OBJECTID, key, item, ROOT_ITEM_SIZE, changes);
	leaf_expect_item(t, ROOT_TREE_OBJECTID, NULL, key, item, ROOT_ITEM_LEGACY_SIZE, NULL);
	leaf_expect_item(
		t, ROOT_TREE_OBJECTID, NULL, key, item, ROOT_ITEM_SIZE + 1, "440 bytes, not 439 or 239");
	leaf_expect_item(t, ROOT_TREE_OBJECTID, NULL, key, item, ROOT_ITEM_SIZE - 1, "438 bytes");
	item[ROOT_DROP_LEVEL] = 1;
	put64(item + ROOT_DROP_PROGRESS, 5);
	leaf_expect_item(t, ROOT_TREE_OBJECTID, NULL, key, item, ROOT_ITEM_SIZE, NULL);
}

static void test_root_key(void **state)
{
	static const struct {
		struct fsr_key key;
		const char *words;
	} cases[] = {
		{{0, KEY_ROOT_ITEM, 0}, "tree 0"},
		{{4, KEY_ROOT_ITEM, 7}, NULL},
		{{TREE_RELOC_OBJECTID, KEY_ROOT_ITEM, 257}, NULL},
		{{TREE_RELOC_OBJECTID, KEY_ROOT_ITEM, 5}, NULL},
		{{TREE_RELOC_OBJECTID, KEY_ROOT_ITEM, 4}, "relocation tree of tree 4"},
		{{TREE_RELOC_OBJECTID, KEY_ROOT_ITEM, 0}, "relocation tree of tree 0"},
	};
	struct leaf_test *t = *state;
	uint8_t item[ROOT_ITEM_SIZE] = {0};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		leaf_expect_item(
			t, ROOT_TREE_OBJECTID, NULL, cases[i].key, item, sizeof item, cases[i].words);
}

static void test_root_ref(void **state)
{
	static const uint8_t types[] = {KEY_ROOT_REF, KEY_ROOT_BACKREF};
	struct leaf_test *t = *state;
	uint8_t item[300] = {0};

	for (size_t i = 0; i < 2; i++) {
		const struct fsr_key key = {5, types[i], 257};

		put16(item + ROOT_REF_NAME_LENGTH, 1);
		leaf_expect_item(t, ROOT_TREE_OBJECTID, NULL, key, item, 19, NULL);
		leaf_expect_item(t, ROOT_TREE_OBJECTID, NULL, key, item, 18, "holds no name");
		leaf_expect_item(t, ROOT_TREE_OBJECTID, NULL, key, item, 20, "20 bytes with a name of 1");
		put16(item + ROOT_REF_NAME_LENGTH, 256);
		leaf_expect_item(t, ROOT_TREE_OBJECTID, NULL, key, item, 274, "name of 256 bytes");
		put16(item + ROOT_REF_NAME_LENGTH, 255);
		leaf_expect_item(t, ROOT_TREE_OBJECTID, NULL, key, item, 273, NULL);
	}
}

static void test_dev_item(void **state)
{
	static const struct leaf_change changes[] = {
		{0, 0, 0, NULL},
		{DEV_ITEM_DEVID, 8, 2, "device 2 under the key of device 1"},
		{DEV_ITEM_TOTAL_BYTES, 8, 0, NULL},
		{DEV_ITEM_BYTES_USED, 8, 64 * MIB, NULL},
		{DEV_ITEM_BYTES_USED, 8, 64 * MIB + 1, "67108865 bytes used of a device of 67108864"},
		{DEV_ITEM_GENERATION, 8, 99, NULL},
		{DEV_ITEM_UUID, 8, 0, NULL},
	};
	struct leaf_test *t = *state;
	const struct fsr_key key = {DEV_ITEMS_OBJECTID, KEY_DEV_ITEM, 1};
	uint8_t item[DEV_ITEM_SIZE + 1] = {0};

	image_dev_item(item, 1, 64 * MIB);
	LEAF_CHANGES(t, CHUNK_TREE_OBJECTID, key, item, DEV_ITEM_SIZE, changes);
	leaf_expect_item(t, CHUNK_TREE_OBJECTID, NULL, key, item, DEV_ITEM_SIZE + 1, "99 bytes, not 98");
	leaf_expect_item(t, CHUNK_TREE_OBJECTID, NULL, (struct fsr_key){2, KEY_DEV_ITEM, 1}, item,
		DEV_ITEM_SIZE, "objectid 2, not 1");
}

static void make_dev_extent(uint8_t item[DEV_EXTENT_SIZE + 8])
{
	memset(item, 0, DEV_EXTENT_SIZE + 8);
	put64(item + DEV_EXTENT_CHUNK_TREE, CHUNK_TREE_OBJECTID);
	put64(item + DEV_EXTENT_CHUNK_OBJECTID, FIRST_CHUNK_TREE_OBJECTID);
	put64(item + DEV_EXTENT_CHUNK_OFFSET, 8 * MIB);
	put64(item + DEV_EXTENT_LENGTH, 8 * MIB);
}

static void test_dev_extent(void **state)
{
	static const struct leaf_change changes[] = {
		{0, 0, 0, NULL},
		{DEV_EXTENT_CHUNK_TREE, 8, 2, "chunk tree 2"},
		{DEV_EXTENT_CHUNK_OBJECTID, 8, 255, "objectid 255"},
		{DEV_EXTENT_CHUNK_OFFSET, 8, 8 * MIB + 1, "not aligned"},
		{DEV_EXTENT_CHUNK_OFFSET, 8, 9 * MIB, NULL},
		{DEV_EXTENT_LENGTH, 8, 1, "not aligned"},
		{DEV_EXTENT_LENGTH, 8, 0, NULL},
	};
	struct leaf_test *t = *state;
	const struct fsr_key key = {1, KEY_DEV_EXTENT, MIB}, next = {1, KEY_DEV_EXTENT, 5 * MIB},
			     behind = {1, KEY_DEV_EXTENT, 9 * MIB};
	uint8_t item[DEV_EXTENT_SIZE + 8];
	struct image_item before = {key, item, DEV_EXTENT_SIZE};

	make_dev_extent(item);
	LEAF_CHANGES(t, DEV_TREE_OBJECTID, key, item, DEV_EXTENT_SIZE, changes);
	leaf_expect_item(t, DEV_TREE_OBJECTID, NULL, (struct fsr_key){1, KEY_DEV_EXTENT, MIB + 1}, item,
		DEV_EXTENT_SIZE, "not aligned");
	leaf_expect_item(t, DEV_TREE_OBJECTID, &before, next, item, DEV_EXTENT_SIZE, "up to 9437184");
	leaf_expect_item(t, DEV_TREE_OBJECTID, &before, behind, item, DEV_EXTENT_SIZE, NULL);
	before.key.objectid = 0;
	leaf_expect_item(t, DEV_TREE_OBJECTID, &before, next, item, DEV_EXTENT_SIZE, NULL);
}

/* The item's size is not looked at: fields are read as long as the leaf has bytes. */
static void test_short_dev_extent(void **state)
{
	struct leaf_test *t = *state;
	const struct fsr_key key = {1, KEY_DEV_EXTENT, MIB};
	uint8_t item[DEV_EXTENT_SIZE + 8], rest[DEV_EXTENT_SIZE] = {0};
	struct image_item items[] = {
		{{0, KEY_ORPHAN_ITEM, 0}, rest, 24},
		{key, item, 24},
	};

	make_dev_extent(item);
	leaf_expect_item(t, DEV_TREE_OBJECTID, NULL, key, item, DEV_EXTENT_SIZE + 8, NULL);
	leaf_expect_item(t, DEV_TREE_OBJECTID, NULL, key, item, 32, NULL);
	leaf_expect_item(t, DEV_TREE_OBJECTID, NULL, key, item, 31, "31 bytes, not 48");
	leaf_build(t, DEV_TREE_OBJECTID, items, 2);
	leaf_expect(t, NULL);
	rest[0] = 1; /* is now the length's lowest byte */
	leaf_build(t, DEV_TREE_OBJECTID, items, 2);
	leaf_expect(t, "length 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root_fields),
		cmocka_unit_test(test_root_key),
		cmocka_unit_test(test_root_ref),
		cmocka_unit_test(test_dev_item),
		cmocka_unit_test(test_dev_extent),
		cmocka_unit_test(test_short_dev_extent),
	};

	return cmocka_run_group_tests(tests, leaf_setup, leaf_teardown);
}
