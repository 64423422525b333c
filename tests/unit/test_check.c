/* SPDX-License-Identifier: MIT */
/*
 * The frame of tree blocks: item places, key order, empty leaves, node pointers. The verdicts are those
 * of Linux 6.1.192 mounting images whose one-leaf trees were changed like this, checksums mended.
 */
#include "leaf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* Types that no rule looks into, so that only the frame counts. */
static const struct image_item three[] = {
	{{256, KEY_ORPHAN_ITEM, 1}, "aaaa", 4},
	{{256, KEY_ORPHAN_ITEM, 2}, "bbbbbb", 6},
	{{257, KEY_UNTYPED, 0}, NULL, 0},
};

static uint8_t *slot_of(struct leaf_test *t, unsigned i)
{
	return t->block + HEADER_SIZE + i * LEAF_ITEM_SIZE;
}

static void test_lawful(void **state)
{
	struct leaf_test *t = *state;

	leaf_build(t, FS_TREE_OBJECTID, three, 3);
	leaf_expect(t, NULL);
	put64(t->block + HEADER_FLAGS, 0); /* the WRITTEN flag is asked for by later kernels */
	leaf_expect(t, NULL);
	leaf_expect_item(t, FS_TREE_OBJECTID, NULL, (struct fsr_key){0, 0, 0}, "x", 1, "does not follow");
	leaf_expect_item(t, FS_TREE_OBJECTID, NULL, (struct fsr_key){0, 0, 1}, "x", 1, NULL);
}

static void test_order(void **state)
{
	struct leaf_test *t = *state;
	struct image_item items[3];

	memcpy(items, three, sizeof three);
	items[1].key.offset = 1;
	leaf_build(t, FS_TREE_OBJECTID, items, 3);
	leaf_expect(t, "key (256 48 1) does not follow (256 48 1)");
	assert_int_equal(t->slot, 1);
	items[1].key = (struct fsr_key){256, KEY_INODE_REF - 1, 9};
	leaf_build(t, FS_TREE_OBJECTID, items, 3);
	leaf_expect(t, "key (256 11 9) does not follow (256 48 1)");
	items[1].key = (struct fsr_key){255, UINT8_MAX, UINT64_MAX};
	leaf_build(t, FS_TREE_OBJECTID, items, 3);
	leaf_expect(t, "key (255 255 18446744073709551615) does not follow (256 48 1)");
}

/* Leaf data has 3995 bytes: item 0 ends there. */
static void test_places(void **state)
{
	static const struct {
		unsigned slot;
		uint32_t offset, size;
		const char *words;
	} cases[] = {
		{0, 3991, 5, "ends at 3996, not at 3995"},
		{0, 3990, 4, "ends at 3994, not at 3995"},
		{0, 4096, 4, "ends at 4100, not at 3995"},
		{0, UINT32_MAX, 3996, "ends at 4294971291, not at 3995"},
		{1, 3985, 7, "ends at 3992, not at 3991"},
		{1, 3984, 6, "ends at 3990, not at 3991"},
		{2, 0, 3985, "overlaps the item array, which ends at 75"},
		{2, 74, 3911, "overlaps the item array, which ends at 75"},
		{2, 75, 3910, NULL},
	};
	struct leaf_test *t = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		leaf_build(t, FS_TREE_OBJECTID, three, 3);
		put32(slot_of(t, cases[i].slot) + 17, cases[i].offset);
		put32(slot_of(t, cases[i].slot) + 21, cases[i].size);
		leaf_expect(t, cases[i].words);
		assert_int_equal(t->slot, cases[i].words ? cases[i].slot : 0);
	}
}

/* 159 items of no data fill the leaf; whatever the header claims, nothing past the block is read. */
static void test_item_count(void **state)
{
	struct leaf_test *t = *state;
	struct image_item items[159];

	for (unsigned i = 0; i < 159; i++)
		items[i] = (struct image_item){{256, KEY_ORPHAN_ITEM, i}, NULL, 0};
	leaf_build(t, FS_TREE_OBJECTID, items, 159);
	leaf_expect(t, NULL);
	put32(t->block + HEADER_NRITEMS, 160);
	leaf_expect(t, "160 items, 159 fit");
	assert_int_equal(t->slot, 159);
	put32(t->block + HEADER_NRITEMS, UINT32_MAX);
	leaf_expect(t, "4294967295 items, 159 fit");
	put32(t->block + HEADER_NRITEMS, 158);
	leaf_expect(t, NULL);
}

static void test_empty(void **state)
{
	static const struct {
		uint64_t owner;
		const char *words;
	} cases[] = {
		{0, "tree 0"},
		{ROOT_TREE_OBJECTID, "never empty"},
		{EXTENT_TREE_OBJECTID, "never empty"},
		{CHUNK_TREE_OBJECTID, "never empty"},
		{DEV_TREE_OBJECTID, "never empty"},
		{FS_TREE_OBJECTID, "never empty"},
		{DATA_RELOC_TREE_OBJECTID, "never empty"},
		{CSUM_TREE_OBJECTID, NULL},
		{UUID_TREE_OBJECTID, NULL},
		{QUOTA_TREE_OBJECTID, NULL},
		{FREE_SPACE_TREE_OBJECTID, NULL},
		{TREE_LOG_OBJECTID, NULL},
		{257, NULL},
	};
	struct leaf_test *t = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		leaf_build(t, cases[i].owner, NULL, 0);
		leaf_expect(t, cases[i].words);
		put64(t->block + HEADER_FLAGS, HEADER_FLAG_WRITTEN | HEADER_FLAG_RELOC);
		leaf_expect(t, NULL);
	}
}

/* A node of n pointers in t->block, key offsets and blocks counting up from 1. */
static void build_node(struct leaf_test *t, unsigned n)
{
	memset(t->block, 0, IMAGE_NODESIZE);
	t->block[HEADER_LEVEL] = 1;
	put64(t->block + HEADER_OWNER, FS_TREE_OBJECTID);
	put32(t->block + HEADER_NRITEMS, n);
	for (unsigned i = 0; i < n; i++) {
		uint8_t *ptr = t->block + HEADER_SIZE + i * NODE_PTR_SIZE;

		put64(ptr, 256);
		put64(ptr + 9, i + 1);
		put64(ptr + 17, (i + 1) * (uint64_t)IMAGE_NODESIZE);
	}
}

static void test_nodes(void **state)
{
	struct leaf_test *t = *state;
	uint8_t *second = t->block + HEADER_SIZE + NODE_PTR_SIZE;

	build_node(t, 3);
	leaf_expect(t, NULL);
	put64(second + 9, 1);
	leaf_expect(t, "key (256 0 1) does not follow (256 0 1)");
	assert_int_equal(t->slot, 0);
	build_node(t, 3);
	put64(second + 17, 0);
	leaf_expect(t, "block 0");
	assert_int_equal(t->slot, 1);
	put64(second + 17, 2 * IMAGE_NODESIZE + 512);
	leaf_expect(t, "pointer 8704 is not aligned to 4096");
	build_node(t, 2);
	put64(second + 17, 512); /* the last one is not looked at */
	leaf_expect(t, NULL);
}

static void test_node_size(void **state)
{
	struct leaf_test *t = *state;

	build_node(t, 121); /* (4096 - 101) / 33 */
	leaf_expect(t, NULL);
	put32(t->block + HEADER_NRITEMS, 122);
	leaf_expect(t, "122 pointers");
	put32(t->block + HEADER_NRITEMS, UINT32_MAX);
	leaf_expect(t, "between 1 and 121");
	put32(t->block + HEADER_NRITEMS, 0);
	leaf_expect(t, "0 pointers");
	build_node(t, 1);
	t->block[HEADER_LEVEL] = 8;
	leaf_expect(t, "level 8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lawful),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_item_count),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_node_size),
	};

	return cmocka_run_group_tests(tests, leaf_setup, leaf_teardown);
}
