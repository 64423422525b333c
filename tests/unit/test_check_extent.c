/* SPDX-License-Identifier: MIT */
/*
 * Items of the extent tree and block group items. The verdicts are those of Linux 6.1.192 mounting
 * images with such items in the extent tree, checksums mended.
 */
#include "leaf.h"

#include "../../libfsread/tree/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define OWNER EXTENT_TREE_OBJECTID
#define AT (64 * MIB)

/* An extent item with inline references appended one by one. */
struct extent {
	uint8_t bytes[256];
	uint32_t size;
};

static struct extent new_extent(uint64_t flags, uint64_t refs)
{
	struct extent e = {.size = EXTENT_ITEM_SIZE};

	put64(e.bytes + EXTENT_REFS, refs);
	put64(e.bytes + EXTENT_GENERATION, IMAGE_GENERATION);
	put64(e.bytes + EXTENT_FLAGS, flags);
	return e;
}

static void add_number_ref(struct extent *e, uint8_t type, uint64_t number)
{
	e->bytes[e->size] = type;
	put64(e->bytes + e->size + 1, number);
	e->size += 9;
}

static void add_shared_data(struct extent *e, uint64_t parent, uint32_t count)
{
	add_number_ref(e, KEY_SHARED_DATA_REF, parent);
	put32(e->bytes + e->size, count);
	e->size += 4;
}

static void add_data(struct extent *e, uint64_t ino, uint64_t offset, uint32_t count)
{
	add_number_ref(e, KEY_EXTENT_DATA_REF, FS_TREE_OBJECTID);
	put64(e->bytes + e->size, ino);
	put64(e->bytes + e->size + 8, offset);
	put32(e->bytes + e->size + 16, count);
	e->size += 20;
}

static void expect_extent(struct leaf_test *t, struct fsr_key key, const struct extent *e, const char *words)
{
	leaf_expect_item(t, OWNER, NULL, key, e->bytes, e->size, words);
}

static void test_data_extent(void **state)
{
	static const struct leaf_change changes[] = {
		{0, 0, 0, NULL},
		{EXTENT_REFS, 8, 0, "1 inline references, the extent counts 0"},
		{EXTENT_REFS, 8, UINT64_MAX, NULL},
		{EXTENT_GENERATION, 8, IMAGE_GENERATION + 1, NULL},
		{EXTENT_GENERATION, 8, IMAGE_GENERATION + 2, "extent generation 11, at most 10"},
		{EXTENT_FLAGS, 8, 0, "extent flags 0x0"},
		{EXTENT_FLAGS, 8, 3, "extent flags 0x3"},
		{EXTENT_FLAGS, 8, 9, NULL},
		{EXTENT_FLAGS, 8, 0x101, "full back references"},
		{24, 1, 99, "unknown type 99"},
		{24, 1, KEY_EXTENT_OWNER_REF, "unknown type 172"},
		{25, 8, CHUNK_TREE_OBJECTID, NULL},
		{33, 8, 1, NULL},
		{41, 8, 1, "offset 1 is not aligned"},
		{49, 4, 0, "counts nothing"},
		{49, 4, 2, "2 inline references, the extent counts 1"},
	};
	struct leaf_test *t = *state;
	struct extent e = new_extent(EXTENT_FLAG_DATA, 1);

	add_data(&e, 257, 0, 1);
	LEAF_CHANGES(t, OWNER, ((struct fsr_key){AT, KEY_EXTENT_ITEM, 8192}), e.bytes, e.size, changes);
	expect_extent(t, (struct fsr_key){AT, KEY_EXTENT_ITEM, 0}, &e, NULL);
	expect_extent(t, (struct fsr_key){AT, KEY_EXTENT_ITEM, 1}, &e, "length 1 is not aligned");
	expect_extent(t, (struct fsr_key){AT + 1, KEY_EXTENT_ITEM, 8192}, &e, "address 67108865");
	expect_extent(t, (struct fsr_key){AT, KEY_METADATA_ITEM, 0}, &e, "flagged as data");
	e.size = 53 + 1;
	expect_extent(t, (struct fsr_key){AT, KEY_EXTENT_ITEM, 8192}, &e, "runs over");
	e.size = 53 - 1;
	expect_extent(t, (struct fsr_key){AT, KEY_EXTENT_ITEM, 8192}, &e, "runs over");
	e.size = 24;
	expect_extent(t, (struct fsr_key){AT, KEY_EXTENT_ITEM, 8192}, &e, NULL);
	e.size = 23;
	expect_extent(t, (struct fsr_key){AT, KEY_EXTENT_ITEM, 8192}, &e, "at least 24");
}

static void test_inline_references(void **state)
{
	struct leaf_test *t = *state;
	const struct fsr_key key = {AT, KEY_EXTENT_ITEM, 8192};
	struct extent e = new_extent(EXTENT_FLAG_DATA, 41);

	add_data(&e, 257, 0, 20);
	add_data(&e, 300, 0, 20);
	expect_extent(t, key, &e, NULL);
	put64(e.bytes + EXTENT_GENERATION, IMAGE_GENERATION + 1);
	expect_extent(t, key, &e, NULL);
	put64(e.bytes + EXTENT_GENERATION, IMAGE_GENERATION + 2);
	expect_extent(t, key, &e, "generation 11");
	put64(e.bytes + EXTENT_GENERATION, 0);
	add_shared_data(&e, AT, 1);
	expect_extent(t, key, &e, NULL);
	e.size--;
	expect_extent(t, key, &e, "runs over");
	e.size++;
	put64(e.bytes, 40);
	expect_extent(t, key, &e, "41 inline references");
	e = new_extent(EXTENT_FLAG_DATA, 9);
	add_shared_data(&e, AT, 1);
	add_data(&e, 257, 0, 1); /* the order of types is no matter in 6.1 */
	add_number_ref(&e, KEY_TREE_BLOCK_REF, 5);
	expect_extent(t, key, &e, NULL);
	e = new_extent(EXTENT_FLAG_DATA, 9);
	add_shared_data(&e, AT + 1, 1);
	expect_extent(t, key, &e, "parent 67108865 is not aligned");
	e = new_extent(EXTENT_FLAG_DATA, 9);
	add_shared_data(&e, AT, 0);
	expect_extent(t, key, &e, "counts nothing");
}

static void test_metadata(void **state)
{
	static const struct leaf_change changes[] = {
		{0, 0, 0, NULL},
		{EXTENT_REFS, 8, 0, "the extent counts 0"},
		{EXTENT_FLAGS, 8, 0x102, NULL},
		{EXTENT_FLAGS, 8, 1, "flagged as data"},
		{EXTENT_FLAGS, 8, 3, "extent flags 0x3"},
		{24, 1, KEY_SHARED_BLOCK_REF, "parent 5 is not aligned"},
		{24, 1, KEY_EXTENT_DATA_REF, "runs over"},
	};
	struct leaf_test *t = *state;
	struct extent e = new_extent(EXTENT_FLAG_TREE_BLOCK, 1);

	add_number_ref(&e, KEY_TREE_BLOCK_REF, 5);
	LEAF_CHANGES(t, OWNER, ((struct fsr_key){AT, KEY_METADATA_ITEM, 0}), e.bytes, e.size, changes);
	expect_extent(t, (struct fsr_key){AT, KEY_METADATA_ITEM, 7}, &e, NULL);
	expect_extent(t, (struct fsr_key){AT, KEY_METADATA_ITEM, 8}, &e, "level 8");
	t->volume->fs.incompat_flags &= ~INCOMPAT_SKINNY_METADATA;
	expect_extent(t, (struct fsr_key){AT, KEY_METADATA_ITEM, 0}, &e, "skinny");
	t->volume->fs.incompat_flags |= INCOMPAT_SKINNY_METADATA;
}

/* As Linux 6.18 writes it with simple quotas on: who pays, then the reference; it counts for none. */
static void test_owner_ref(void **state)
{
	struct leaf_test *t = *state;
	struct extent e = new_extent(EXTENT_FLAG_DATA, 1), only = e;

	add_number_ref(&e, KEY_EXTENT_OWNER_REF, FS_TREE_OBJECTID);
	add_data(&e, 257, 0, 1);
	add_number_ref(&only, KEY_EXTENT_OWNER_REF, FS_TREE_OBJECTID);
	only.size--;
	expect_extent(t, (struct fsr_key){AT, KEY_EXTENT_ITEM, 8192}, &e, "unknown type 172");
	t->volume->fs.incompat_flags |= INCOMPAT_SIMPLE_QUOTA;
	expect_extent(t, (struct fsr_key){AT, KEY_EXTENT_ITEM, 8192}, &e, NULL);
	expect_extent(t, (struct fsr_key){AT, KEY_EXTENT_ITEM, 8192}, &only, "runs over");
	put64(e.bytes + EXTENT_REFS, 0);
	expect_extent(t, (struct fsr_key){AT, KEY_EXTENT_ITEM, 8192}, &e,
		"1 inline references, the extent counts 0");
	t->volume->fs.incompat_flags &= ~INCOMPAT_SIMPLE_QUOTA;
}

/* With the first key and level of the block between item and references: 18 bytes. */
static void test_tree_block(void **state)
{
	struct leaf_test *t = *state;
	const struct fsr_key key = {AT, KEY_EXTENT_ITEM, IMAGE_NODESIZE};
	struct extent e = new_extent(EXTENT_FLAG_TREE_BLOCK, 1);

	expect_extent(t, key, &e, "at least 42");
	e.size += 17;
	expect_extent(t, key, &e, "at least 42");
	e.size += 1;
	expect_extent(t, key, &e, NULL);
	add_number_ref(&e, KEY_TREE_BLOCK_REF, 5);
	expect_extent(t, key, &e, NULL);
	expect_extent(t, (struct fsr_key){AT, KEY_EXTENT_ITEM, 8192}, &e, "8192 bytes, not 4096");
	e.bytes[41] = 7;
	expect_extent(t, key, &e, NULL);
	e.bytes[41] = 8;
	expect_extent(t, key, &e, "level 8");
}

static void test_overlap(void **state)
{
	struct leaf_test *t = *state;
	struct extent data = new_extent(EXTENT_FLAG_DATA, 1), block = new_extent(EXTENT_FLAG_TREE_BLOCK, 1);
	const struct fsr_key next = {AT + 4096, KEY_EXTENT_ITEM, 4096};
	struct image_item before = {{AT, KEY_EXTENT_ITEM, 8192}, data.bytes, data.size};

	leaf_expect_item(t, OWNER, &before, next, data.bytes, data.size,
		"begins inside the one before, which ends at 67117056");
	before.key.offset = 4096;
	leaf_expect_item(t, OWNER, &before, next, data.bytes, data.size, NULL);
	before.key.offset = UINT64_MAX - 4095; /* the sum wraps */
	leaf_expect_item(t, OWNER, &before, next, data.bytes, data.size, NULL);
	before = (struct image_item){{AT, KEY_METADATA_ITEM, 7}, block.bytes, block.size};
	leaf_expect_item(t, OWNER, &before, next, data.bytes, data.size, NULL);
	t->volume->fs.sectorsize = 512; /* so that something can begin inside a tree block */
	before.key.objectid += 512;
	leaf_expect_item(t, OWNER, &before, next, data.bytes, data.size, "which ends at 67113472");
	t->volume->fs.sectorsize = IMAGE_SECTORSIZE;
}

static void test_keyed_references(void **state)
{
	static const uint8_t one[4] = {1}, none[4] = {0};
	uint8_t data_ref[56] = {0};
	struct leaf_test *t = *state;
	const struct {
		struct fsr_key key;
		const uint8_t *data;
		uint32_t size;
		const char *words;
	} cases[] = {
		{{AT, KEY_TREE_BLOCK_REF, 5}, NULL, 0, NULL},
		{{AT, KEY_TREE_BLOCK_REF, 7}, NULL, 0, NULL},
		{{AT, KEY_TREE_BLOCK_REF, 5}, one, 1, "1 bytes, not 0"},
		{{AT + 1, KEY_TREE_BLOCK_REF, 5}, NULL, 0, "address 67108865"},
		{{AT, KEY_SHARED_BLOCK_REF, 4096}, NULL, 0, NULL},
		{{AT, KEY_SHARED_BLOCK_REF, 4097}, NULL, 0, "parent's address 4097"},
		{{AT, KEY_SHARED_DATA_REF, 4096}, one, 4, NULL},
		{{AT, KEY_SHARED_DATA_REF, 4096}, none, 4, "counts nothing"},
		{{AT, KEY_SHARED_DATA_REF, 4096}, NULL, 0, "0 bytes, not 4"},
		{{AT, KEY_SHARED_DATA_REF, 4096}, NULL, 8, "8 bytes, not 4"},
		{{AT, KEY_SHARED_DATA_REF, 4097}, one, 4, "parent's address 4097"},
		{{AT, KEY_EXTENT_DATA_REF, 99}, data_ref, 28, NULL},
		{{AT, KEY_EXTENT_DATA_REF, 99}, data_ref, 0, NULL},
		{{AT, KEY_EXTENT_DATA_REF, 99}, data_ref, 29, "no multiple of 28"},
		{{AT, KEY_EXTENT_DATA_REF, 99}, data_ref, 56, "counts nothing"},
		{{AT + 1, KEY_EXTENT_DATA_REF, 99}, data_ref, 28, "address 67108865"},
	};

	put32(data_ref + 24, 1);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		leaf_expect_item(t, OWNER, NULL, cases[i].key, cases[i].data, cases[i].size, cases[i].words);
	put64(data_ref + 16, 1);
	leaf_expect_item(
		t, OWNER, NULL, (struct fsr_key){AT, KEY_EXTENT_DATA_REF, 99}, data_ref, 28, "offset 1");
}

static void test_block_group(void **state)
{
	static const struct leaf_change changes[] = {
		{0, 0, 0, NULL},
		{BLOCK_GROUP_USED, 8, 0, NULL},
		{BLOCK_GROUP_USED, 8, 8 * MIB + 1, "8388609 bytes used"},
		{BLOCK_GROUP_CHUNK_OBJECTID, 8, 255, "objectid 255"},
		{BLOCK_GROUP_FLAGS, 8, 0, "no possible type"},
		{BLOCK_GROUP_FLAGS, 8, 3, "no possible type"},
		{BLOCK_GROUP_FLAGS, 8, 5, NULL},
		{BLOCK_GROUP_FLAGS, 8, 7, "no possible type"},
		{BLOCK_GROUP_FLAGS, 8, BLOCK_GROUP_METADATA | 0x30, "more than one profile"},
		{BLOCK_GROUP_FLAGS, 8, BLOCK_GROUP_DATA | UINT64_C(1) << 40, NULL},
	};
	struct leaf_test *t = *state;
	uint8_t item[BLOCK_GROUP_ITEM_SIZE + 1] = {0};

	put64(item + BLOCK_GROUP_USED, 8 * MIB);
	put64(item + BLOCK_GROUP_CHUNK_OBJECTID, FIRST_CHUNK_TREE_OBJECTID);
	put64(item + BLOCK_GROUP_FLAGS, BLOCK_GROUP_METADATA | BLOCK_GROUP_DUP);
	LEAF_CHANGES(t, OWNER, ((struct fsr_key){AT, KEY_BLOCK_GROUP_ITEM, 8 * MIB}), item, 24, changes);
	leaf_expect_item(t, OWNER, NULL, (struct fsr_key){AT, KEY_BLOCK_GROUP_ITEM, 0}, item, 24, "length 0");
	for (uint32_t size = 23; size < 26; size += 2)
		leaf_expect_item(t, OWNER, NULL, (struct fsr_key){AT, KEY_BLOCK_GROUP_ITEM, 8 * MIB}, item,
			size, "not 24");
}

/* ---- the fast way says yes only where the rules do */

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void load(struct leaf_test *t, uint32_t i, struct leaf_slot *item)
{
	*item = (struct leaf_slot){.key = get_key(leaf_item(t->block, i)),
		.data = leaf_item_data(t->block, i),
		.offset = leaf_item_offset(t->block, i),
		.size = leaf_item_size(t->block, i)};
	item->room = IMAGE_NODESIZE - HEADER_SIZE - item->offset;
}

/* Six extents, alternating kinds, of which one byte of key, place or content is changed. */
static void build_random(struct leaf_test *t, uint32_t *seed)
{
	struct extent data = new_extent(EXTENT_FLAG_DATA, 1), block = new_extent(EXTENT_FLAG_TREE_BLOCK, 1);
	struct image_item items[6];
	uint32_t at;

	add_data(&data, 257, 0, 1);
	add_number_ref(&block, KEY_TREE_BLOCK_REF, 5);
	for (unsigned i = 0; i < 6; i++)
		items[i] = i & 1 ? (struct image_item){{AT + i * 4096, KEY_METADATA_ITEM, 0}, block.bytes,
					   block.size}
				 : (struct image_item){
					   {AT + i * 4096, KEY_EXTENT_ITEM, 4096}, data.bytes, data.size};
	leaf_build(t, OWNER, items, 6);
	at = next_random(seed) % 400;
	at = at < 150 ? HEADER_SIZE + at : IMAGE_NODESIZE - 258 + (at - 150);
	t->block[at] = (uint8_t)(next_random(seed) & 1 ? next_random(seed)
						       : t->block[at] ^ 1u << next_random(seed) % 8);
}

static void test_fast_way(void **state)
{
	struct leaf_test *t = *state;
	struct leaf_check c = {.volume = t->volume,
		.nodesize = IMAGE_NODESIZE,
		.sectorsize = IMAGE_SECTORSIZE,
		.csum_size = 4,
		.owner = OWNER,
		.max_generation = IMAGE_GENERATION + 1,
		.incompat = INCOMPAT_SKINNY_METADATA,
		.text = t->text};
	uint32_t seed = 1;
	unsigned whole = 0, cut = 0;

	for (unsigned round = 0; round < 20000; round++) {
		struct leaf_slot prev = {.offset = IMAGE_NODESIZE - HEADER_SIZE}, item;
		uint32_t n;

		build_random(t, &seed);
		n = plain_extents(&c, t->block, 0, 6, &prev);
		for (uint32_t i = 0; i < n; i++, prev = item) {
			load(t, i, &item);
			assert_true(key_cmp(&prev.key, &item.key) < 0);
			assert_int_equal((uint64_t)item.offset + item.size, prev.offset);
			assert_null(check_extent_item(&c, &item, i ? &prev : NULL));
		}
		whole += n == 6;
		cut += n < 6;
	}
	assert_true(whole > 1000); /* most changes of single bits are lawful: a reference's inode, say */
	assert_true(cut > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_data_extent),
		cmocka_unit_test(test_inline_references),
		cmocka_unit_test(test_metadata),
		cmocka_unit_test(test_owner_ref),
		cmocka_unit_test(test_tree_block),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_keyed_references),
		cmocka_unit_test(test_block_group),
		cmocka_unit_test(test_fast_way),
	};

	return cmocka_run_group_tests(tests, leaf_setup, leaf_teardown);
}
