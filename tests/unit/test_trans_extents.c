/* SPDX-License-Identifier: MIT */
/* Items of the extent tree, byte by byte as format.md has them (A2, C3, D3), and which of them are let go. */
#include "image.h"
#include "transaction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define INO 256u
#define LENGTH 65536u
/* Of root 1, inode 256, offset 0, worked out from D3 by a program that shares nothing with this one. */
#define HASH_1_256_0 UINT64_C(0x1d759829da019814)

static struct transaction x;
static uint64_t place; /* free in the sample */

static void begin(const char *sample)
{
	transaction_begin(&x, sample);
	x.trans.generation = 0x0a0b0c;
	x.trans.volume->fs.generation = 0x0a0b0b;
	assert_int_equal(alloc_data(&x.trans, LENGTH, &place, &x.err), 0);
}

static void put_item(struct fsr_key key, const void *data, uint32_t size)
{
	struct path path;

	assert_int_equal(tree_insert(&x.trans, &x.trans.extents, &key, data, size, &path, &x.err), 0);
}

static void expect_item(struct fsr_key wanted, const uint8_t *bytes, uint32_t size)
{
	struct fsr_key key = {wanted.objectid, 0, 0};
	uint8_t data[128];
	uint32_t have;

	assert_int_equal(
		tree_next_item(&x.trans, &x.trans.extents, &key, data, sizeof data, &have, &x.err), 0);
	assert_int_equal(key_cmp(&key, &wanted), 0);
	assert_int_equal(have, size);
	assert_memory_equal(data, bytes, size);
}

/* No item of any kind is left under the address. */
static void expect_nothing(void)
{
	struct fsr_key key = {place, 0, 0};
	uint32_t size;
	int ret = tree_next_item(&x.trans, &x.trans.extents, &key, NULL, 0, &size, &x.err);

	assert_true(ret == 1 || key.objectid != place);
}

static struct ref block_ref(uint8_t level)
{
	return (struct ref){
		.bytenr = place, .length = x.trans.volume->fs.nodesize, .owner = 8, .level = level};
}

static struct ref data_ref(void)
{
	return (struct ref){.bytenr = place, .length = LENGTH, .ino = INO};
}

/* Written, found right, let go again. */
static void expect_round(const struct ref *ref, struct fsr_key key, const uint8_t *bytes, uint32_t size)
{
	assert_int_equal(extent_item_add(&x.trans, ref, &x.err), 0);
	expect_item(key, bytes, size);
	assert_int_equal(extent_item_check(&x.trans, ref, &x.err), 0);
	assert_int_equal(extent_item_drop(&x.trans, ref, &x.err), 0);
	expect_nothing();
	transaction_end(&x);
}

static void test_skinny(void **state)
{
	static const uint8_t bytes[] = {1, 0, 0, 0, 0, 0, 0, 0, 0x0c, 0x0b, 0x0a, 0, 0, 0, 0, 0, 2, 0, 0, 0,
		0, 0, 0, 0, 176, 8, 0, 0, 0, 0, 0, 0, 0};
	struct ref ref;

	(void)state;
	begin("clean");
	ref = block_ref(1);
	expect_round(&ref, (struct fsr_key){place, 169, 1}, bytes, 33);
}

/* tree_block_info: the first key and the level of a block, here one that is not in memory. */
static void test_old_style(void **state)
{
	static const uint8_t bytes[51] = {[0] = 1, [8] = 0x0c, 0x0b, 0x0a, [16] = 2, [41] = 1, 176, 8};
	struct ref ref;

	(void)state;
	begin("clean");
	x.trans.skinny = false;
	ref = block_ref(1);
	expect_round(&ref, (struct fsr_key){place, 168, 16384}, bytes, 51);
}

/* And of one that is: (0x1122334455667788 5 9). */
static void test_old_style_key(void **state)
{
	static const uint8_t bytes[51] = {[0] = 1,
		[8] = 0x0c,
		0x0b,
		0x0a,
		[16] = 2,
		[24] = 0x88,
		0x77,
		0x66,
		0x55,
		0x44,
		0x33,
		0x22,
		0x11,
		5,
		9,
		[42] = 176,
		8};
	const struct fsr_key key = {UINT64_C(0x1122334455667788), 5, 9};
	struct tree tree;
	struct path path;
	struct ref ref;

	(void)state;
	begin("clean");
	transaction_new_tree(&x, &tree);
	assert_int_equal(tree_insert(&x.trans, &tree, &key, NULL, 4, &path, &x.err), 0);
	x.trans.skinny = false;
	ref = x.trans.refs.list[0];
	assert_int_equal(extent_item_add(&x.trans, &ref, &x.err), 0);
	expect_item((struct fsr_key){tree.root.bytenr, 168, 16384}, bytes, 51);
	transaction_end(&x);
}

/* A filesystem may have old items though it is skinny by now (C1). */
static void test_old_style_among_skinny(void **state)
{
	struct ref ref;

	(void)state;
	begin("clean");
	ref = block_ref(2);
	x.trans.skinny = false;
	assert_int_equal(extent_item_add(&x.trans, &ref, &x.err), 0);
	x.trans.skinny = true;
	assert_int_equal(extent_item_check(&x.trans, &ref, &x.err), 0);
	assert_int_equal(extent_item_drop(&x.trans, &ref, &x.err), 0);
	expect_nothing();
	transaction_end(&x);
}

static void test_data(void **state)
{
	static const uint8_t bytes[53] = {
		[0] = 1, [8] = 0x0c, 0x0b, 0x0a, [16] = 1, [24] = 178, 1, [33] = 0, 1, [49] = 1};
	const struct ref ref = {.bytenr = 0, .length = LENGTH, .ino = INO};
	struct ref here = ref;

	(void)state;
	begin("clean");
	here.bytenr = place;
	expect_round(&here, (struct fsr_key){place, 168, LENGTH}, bytes, 53);
}

static void test_simple_quota(void **state)
{
	static const uint8_t bytes[62] = {[0] = 1,
		[8] = 0x0c,
		0x0b,
		0x0a,
		[16] = 1,
		[24] = 172,
		1,
		[33] = 178,
		1,
		[42] = 0,
		1,
		[58] = 1};
	struct ref ref;

	(void)state;
	begin("clean");
	x.trans.simple_quota = true;
	ref = data_ref();
	expect_round(&ref, (struct fsr_key){place, 168, LENGTH}, bytes, 62);
}

/* Simple quotas pay for data only: a tree block says by its reference who owns it. */
static void test_simple_quota_block(void **state)
{
	static const uint8_t bytes[33] = {[0] = 1, [8] = 0x0c, 0x0b, 0x0a, [16] = 2, [24] = 176, 8};
	struct ref ref;

	(void)state;
	begin("clean");
	x.trans.simple_quota = true;
	ref = block_ref(0);
	expect_round(&ref, (struct fsr_key){place, 169, 0}, bytes, 33);
}

/* ---- references that are items of their own */

static const uint8_t data_head[24] = {[0] = 1, [8] = 3, [16] = 1};
static const uint8_t block_head[24] = {[0] = 1, [8] = 3, [16] = 2};
static const uint8_t keyed_data[28] = {[0] = 1, [9] = 1, [24] = 1};

static void test_keyed_data(void **state)
{
	struct ref ref;

	(void)state;
	begin("clean");
	ref = data_ref();
	put_item((struct fsr_key){place, 168, LENGTH}, data_head, 24);
	put_item((struct fsr_key){place, 178, HASH_1_256_0}, keyed_data, 28);
	assert_int_equal(extent_item_check(&x.trans, &ref, &x.err), 0);
	assert_int_equal(extent_item_drop(&x.trans, &ref, &x.err), 0);
	expect_nothing();
	transaction_end(&x);
}

static void test_keyed_block(void **state)
{
	struct ref ref;

	(void)state;
	begin("clean");
	ref = block_ref(1);
	put_item((struct fsr_key){place, 169, 1}, block_head, 24);
	put_item((struct fsr_key){place, 176, 8}, NULL, 0);
	assert_int_equal(extent_item_check(&x.trans, &ref, &x.err), 0);
	assert_int_equal(extent_item_drop(&x.trans, &ref, &x.err), 0);
	expect_nothing();
	transaction_end(&x);
}

/* ---- what is not to be let go */

static void expect_refused(const struct ref *ref, const char *words)
{
	assert_int_equal(extent_item_check(&x.trans, ref, &x.err), FSR_E_REFUSED);
	assert_non_null(strstr(x.err.text, words));
	assert_int_equal(extent_item_drop(&x.trans, ref, &x.err), FSR_E_REFUSED);
	assert_non_null(strstr(x.err.text, words));
	transaction_end(&x);
}

static void test_missing(void **state)
{
	struct ref ref;

	(void)state;
	begin("clean");
	ref = data_ref();
	expect_refused(&ref, "is not there");
	begin("clean");
	ref = block_ref(0);
	expect_refused(&ref, "is not there");
	begin("clean"); /* shorter than the reference says */
	ref = data_ref();
	put_item((struct fsr_key){place, 168, LENGTH - 4096}, data_head, 24);
	expect_refused(&ref, "is not there");
	begin("clean"); /* of another level */
	ref = block_ref(0);
	put_item((struct fsr_key){place, 169, 1}, block_head, 24);
	expect_refused(&ref, "is not there");
}

static void test_keyed_missing(void **state)
{
	static const uint8_t other[28] = {[0] = 5, [9] = 1, [24] = 1};
	static const uint8_t two[28] = {[0] = 1, [9] = 1, [24] = 2};
	struct ref ref;

	(void)state;
	begin("clean");
	ref = data_ref();
	put_item((struct fsr_key){place, 168, LENGTH}, data_head, 24);
	expect_refused(&ref, "has no reference");
	begin("clean");
	put_item((struct fsr_key){place, 168, LENGTH}, data_head, 24);
	put_item((struct fsr_key){place, 178, HASH_1_256_0}, other, 28);
	expect_refused(&ref, "names another holder");
	begin("clean");
	put_item((struct fsr_key){place, 168, LENGTH}, data_head, 24);
	put_item((struct fsr_key){place, 178, HASH_1_256_0}, two, 28);
	expect_refused(&ref, "names another holder");
	begin("clean");
	ref = block_ref(1);
	put_item((struct fsr_key){place, 169, 1}, block_head, 24);
	put_item((struct fsr_key){place, 176, 9}, NULL, 0);
	expect_refused(&ref, "has no reference");
}

/* A lawful item of a cache extent with one byte changed. */
static void test_data_holders(void **state)
{
	static const uint8_t lawful[53] = {[0] = 1, [8] = 3, [16] = 1, [24] = 178, 1, [34] = 1, [49] = 1};
	static const struct {
		unsigned at;
		uint8_t value;
		const char *words;
	} changes[] = {
		{0, 2, "not exactly one reference"},
		{0, 0, "not exactly one reference"},
		{7, 1, "not exactly one reference"},
		{16, 2, "not exactly one reference"},
		{17, 1, "not exactly one reference"}, /* full back references */
		{24, 184, "names another holder"},    /* of a parent block */
		{25, 5, "names another holder"},      /* of the top-level subvolume */
		{33, 1, "names another holder"},
		{34, 2, "names another holder"}, /* of another inode */
		{41, 16, "names another holder"},
		{49, 2, "names another holder"},
	};
	const struct ref ref = {.bytenr = 0, .length = LENGTH, .ino = INO};

	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		uint8_t item[53];
		struct ref here = ref;

		begin("clean");
		here.bytenr = place;
		memcpy(item, lawful, sizeof item);
		item[changes[i].at] = changes[i].value;
		put_item((struct fsr_key){place, 168, LENGTH}, item, sizeof item);
		expect_refused(&here, changes[i].words);
	}
}

static void test_block_holders(void **state)
{
	static const uint8_t lawful[42] = {[0] = 1, [8] = 3, [16] = 2, [24] = 176, 8, [33] = 176, 9};
	struct ref ref;

	(void)state;
	begin("clean"); /* another tree's */
	ref = block_ref(1);
	ref.owner = 9;
	put_item((struct fsr_key){place, 169, 1}, lawful, 33);
	expect_refused(&ref, "names another holder");
	begin("clean"); /* two of them though one is counted */
	ref = block_ref(1);
	put_item((struct fsr_key){place, 169, 1}, lawful, 42);
	expect_refused(&ref, "names another holder");
	begin("clean"); /* the item ends in the middle of the reference, and in that of the head */
	put_item((struct fsr_key){place, 169, 1}, lawful, 30);
	expect_refused(&ref, "names another holder");
	begin("clean");
	put_item((struct fsr_key){place, 169, 1}, lawful, 23);
	expect_refused(&ref, "not exactly one reference");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_skinny),
		cmocka_unit_test(test_old_style),
		cmocka_unit_test(test_old_style_key),
		cmocka_unit_test(test_old_style_among_skinny),
		cmocka_unit_test(test_data),
		cmocka_unit_test(test_simple_quota),
		cmocka_unit_test(test_simple_quota_block),
		cmocka_unit_test(test_keyed_data),
		cmocka_unit_test(test_keyed_block),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_keyed_missing),
		cmocka_unit_test(test_data_holders),
		cmocka_unit_test(test_block_holders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
