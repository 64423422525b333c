/* SPDX-License-Identifier: MIT */
/* Reading tree blocks from either copy, and walking trees over damage. */
#include "image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/*
 * A root tree of three levels with nine leaves of ten items: item n has the objectid 1000 + n and
 * the key type 0, into which no rule looks. Nodes 0 to 2 have three leaves each.
 */
#define TREE (IMAGE_CHUNK + IMAGE_NODESIZE)
#define NODE(i) (TREE + (uint64_t)(1 + (i)) * IMAGE_NODESIZE)
#define LEAF(i) (TREE + (uint64_t)(10 + (i)) * IMAGE_NODESIZE)
#define ITEMS 90u

static struct fsr_key item_key(unsigned n)
{
	return (struct fsr_key){1000 + n, KEY_UNTYPED, 7};
}

static void make_leaf(struct image *image, unsigned i)
{
	struct image_item items[10];

	for (unsigned k = 0; k < 10; k++)
		items[k] = (struct image_item){item_key(10 * i + k), NULL, 20};
	image_leaf(image, LEAF(i), ROOT_TREE_OBJECTID, items, 10);
}

static struct image *make_tree(void)
{
	struct image *image = image_ready();
	struct image_ptr ptrs[3];

	for (unsigned i = 0; i < 9; i++)
		make_leaf(image, i);
	for (unsigned i = 0; i < 3; i++) {
		for (unsigned k = 0; k < 3; k++)
			ptrs[k] = (struct image_ptr){
				item_key(30 * i + 10 * k), LEAF(3 * i + k), IMAGE_GENERATION};
		image_node(image, NODE(i), ROOT_TREE_OBJECTID, 1, ptrs, 3);
	}
	for (unsigned i = 0; i < 3; i++)
		ptrs[i] = (struct image_ptr){item_key(30 * i), NODE(i), IMAGE_GENERATION};
	image_node(image, TREE, ROOT_TREE_OBJECTID, 2, ptrs, 3);
	for (unsigned m = 0; m < 2; m++) {
		uint8_t *super = image->bytes + (m ? 64 * MIB : 64 * KIB);

		super[SUPER_ROOT_LEVEL] = 2;
		image_seal(super, SUPER_SIZE);
	}
	return image;
}

static void start(struct cursor *c, struct image *image)
{
	struct volume *volume = image_open(image);
	struct tree_root root;

	assert_non_null(volume);
	tree_root_of_super(volume, ROOT_TREE_OBJECTID, &root);
	cursor_init(c, volume, &root);
}

static void finish(struct cursor *c)
{
	cursor_free(c);
	volume_close(c->volume);
}

static void spoil(struct image *image, uint64_t bytenr)
{
	image_block(image, bytenr, 0)[500] ^= 1;
	image_block(image, bytenr, 1)[600] ^= 1;
}

static void expect_item(const struct cursor *c, unsigned n)
{
	struct fsr_key expected = item_key(n);
	struct fsr_item item;

	cursor_item(c, &item);
	assert_int_equal(item.key.objectid, expected.objectid);
	assert_int_equal(item.leaf, LEAF(n / 10));
	assert_int_equal(item.slot, n % 10);
	assert_int_equal(item.size, 20);
}

static void expect_hole(const struct cursor *c, uint64_t bytenr, unsigned from, unsigned to)
{
	struct fsr_key first = item_key(from), end = item_key(to);

	assert_int_equal(c->hole_bytenr, bytenr);
	assert_int_equal(key_cmp(&c->hole_from, &first), 0);
	assert_int_equal(c->hole_to_end, to == ITEMS);
	if (to < ITEMS)
		assert_int_equal(key_cmp(&c->hole_to, &end), 0);
}

static int seek(struct cursor *c, uint64_t objectid)
{
	return cursor_seek(c, &(struct fsr_key){objectid, 0, 0}, NULL);
}

/* Walks it all; items [from, to) are to be missing behind one hole. */
static void walk(struct cursor *c, uint64_t bytenr, unsigned from, unsigned to)
{
	int answer = seek(c, 0);

	for (unsigned n = 0; n < ITEMS; n++) {
		if (n == from && from < to) {
			assert_int_equal(answer, CURSOR_HOLE);
			expect_hole(c, bytenr, from, to);
			n = to - 1;
		} else {
			assert_int_equal(answer, CURSOR_ITEM);
			expect_item(c, n);
		}
		answer = cursor_next(c, NULL);
	}
	assert_int_equal(answer, CURSOR_END);
	assert_int_equal(cursor_next(c, NULL), CURSOR_END);
	assert_int_equal(cursor_next_leaf(c, NULL), CURSOR_END);
}

static void test_walk(void **state)
{
	struct image *image = make_tree();
	struct cursor c;
	unsigned before;

	(void)state;
	start(&c, image);
	before = image->reads;
	walk(&c, 0, 0, 0);
	assert_int_equal(image->reads - before, 13);
	assert_int_equal(c.volume->findings.count, 0);
	finish(&c);
}

static void test_seek(void **state)
{
	struct image *image = make_tree();
	struct cursor c;
	unsigned before;

	(void)state;
	start(&c, image);
	for (unsigned n = 0; n < ITEMS; n++) {
		struct fsr_key behind = {1000 + n, 0, 8};

		assert_int_equal(seek(&c, 1000 + n), CURSOR_ITEM);
		expect_item(&c, n);
		assert_int_equal(cursor_seek(&c, &behind, NULL), n + 1 < ITEMS ? CURSOR_ITEM : CURSOR_END);
		if (n + 1 < ITEMS)
			expect_item(&c, n + 1);
		assert_int_equal(cursor_seek_back(&c, &behind, NULL), CURSOR_ITEM);
		expect_item(&c, n);
	}
	/* Everything along the path is held. */
	before = image->reads;
	assert_int_equal(seek(&c, 1085), CURSOR_ITEM);
	assert_int_equal(image->reads, before);
	assert_int_equal(seek(&c, 1075), CURSOR_ITEM);
	assert_int_equal(image->reads, before + 1);
	finish(&c);
}

static void test_seek_ends(void **state)
{
	struct cursor c;

	(void)state;
	start(&c, make_tree());
	assert_int_equal(seek(&c, 2000), CURSOR_END);
	assert_int_equal(cursor_next(&c, NULL), CURSOR_END);
	assert_int_equal(cursor_seek_back(&c, &(struct fsr_key){999, 255, 0}, NULL), CURSOR_END);
	assert_int_equal(cursor_seek_back(&c, &(struct fsr_key){1000, 0, 6}, NULL), CURSOR_END);
	assert_int_equal(cursor_seek_back(&c, &(struct fsr_key){2000, 0, 0}, NULL), CURSOR_ITEM);
	expect_item(&c, ITEMS - 1);
	finish(&c);
}

static void test_next_leaf(void **state)
{
	struct cursor c;

	(void)state;
	start(&c, make_tree());
	assert_int_equal(seek(&c, 1005), CURSOR_ITEM);
	for (unsigned i = 1; i < 9; i++) {
		assert_int_equal(cursor_next_leaf(&c, NULL), CURSOR_ITEM);
		expect_item(&c, 10 * i);
	}
	assert_int_equal(cursor_next_leaf(&c, NULL), CURSOR_END);
	finish(&c);
}

/* Every block in turn: it hides exactly what lies under it. */
static void test_holes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 12; i++) {
		unsigned size = i < 9 ? 10 : 30, from = i < 9 ? 10 * i : 30 * (i - 9);
		uint64_t bytenr = i < 9 ? LEAF(i) : NODE(i - 9);
		struct image *image = make_tree();
		struct fsr_finding f;
		struct cursor c;

		spoil(image, bytenr);
		start(&c, image);
		walk(&c, bytenr, from, from + size);
		walk(&c, bytenr, from, from + size);
		assert_int_equal(image_findings(c.volume, FSR_FINDING_TREE_BLOCK, &f), 1);
		assert_int_equal(f.details[0].value, bytenr);
		assert_int_equal(f.details[1].value, ROOT_TREE_OBJECTID);
		assert_int_equal(f.details[2].value, i < 9 ? 0 : 1);
		assert_int_equal(c.volume->findings.count, 1);
		finish(&c);
	}
}

static void test_hole_seeks(void **state)
{
	struct image *image = make_tree();
	struct cursor c;

	(void)state;
	spoil(image, LEAF(4));
	spoil(image, NODE(2));
	start(&c, image);
	assert_int_equal(seek(&c, 1045), CURSOR_HOLE);
	expect_hole(&c, LEAF(4), 40, 50);
	assert_int_equal(cursor_next_leaf(&c, NULL), CURSOR_ITEM);
	expect_item(&c, 50);
	assert_int_equal(cursor_seek_back(&c, &(struct fsr_key){1045, 0, 0}, NULL), CURSOR_HOLE);
	/* The first item not below lies behind the leaf's end: in the hole. */
	assert_int_equal(cursor_seek(&c, &(struct fsr_key){1039, 0, 8}, NULL), CURSOR_HOLE);
	assert_int_equal(cursor_next(&c, NULL), CURSOR_ITEM);
	expect_item(&c, 50);
	assert_int_equal(seek(&c, 1070), CURSOR_HOLE);
	expect_hole(&c, NODE(2), 60, 90);
	assert_int_equal(cursor_next(&c, NULL), CURSOR_END);
	/* A good seek after a bad one. */
	assert_int_equal(seek(&c, 1000), CURSOR_ITEM);
	expect_item(&c, 0);
	finish(&c);
}

static void test_hidden_root(void **state)
{
	struct image *image = make_tree();
	struct cursor c;

	(void)state;
	spoil(image, TREE);
	start(&c, image);
	assert_int_equal(seek(&c, 1045), CURSOR_HOLE);
	assert_int_equal(c.hole_from.objectid, 0);
	assert_true(c.hole_to_end);
	assert_int_equal(cursor_next(&c, NULL), CURSOR_END);
	assert_int_equal(cursor_next_leaf(&c, NULL), CURSOR_END);
	finish(&c);
}

/* ---- copies */

static void test_bad_copy(void **state)
{
	struct image *image = make_tree();
	struct fsr_finding f;
	struct cursor c;

	(void)state;
	image_block(image, LEAF(2), 0)[400] ^= 0x40;
	image_block(image, LEAF(3), 1)[400] ^= 0x40;
	start(&c, image);
	walk(&c, 0, 0, 0);
	assert_int_equal(image_findings(c.volume, FSR_FINDING_TREE_BLOCK_COPY, &f), 1);
	assert_int_equal(f.severity, FSR_SEVERITY_WARNING);
	assert_int_equal(f.details[0].value, LEAF(2));
	assert_int_equal(f.details[1].value, 0);
	assert_int_equal(f.details[2].value, 1);
	assert_int_equal(f.details[3].value, LEAF(2) - IMAGE_CHUNK + IMAGE_COPY_0);
	assert_non_null(strstr(f.message, "its checksum is "));
	assert_int_equal(c.volume->findings.count, 1);
	finish(&c);
}

/* Each field of a block that its parent, its place or the filesystem decide. */
static void test_reasons(void **state)
{
	static const struct {
		unsigned at;
		uint64_t value;
		const char *words;
	} cases[] = {
		{HEADER_BYTENR, 4096, "its header says bytenr 4096"},
		{HEADER_FSID, 1, "fsid"},
		{HEADER_GENERATION, IMAGE_GENERATION - 1, "its generation is 8, expected 9"},
		{HEADER_GENERATION, IMAGE_GENERATION + 1, "its generation is 10, expected 9"},
		{HEADER_OWNER, FS_TREE_OBJECTID, "its owner is tree 5, expected 1"},
		{HEADER_NRITEMS, 0, "empty"},
		{HEADER_NRITEMS, UINT64_C(1) << 32 | 10, "its level is 1, expected 0"},
		{HEADER_NRITEMS, UINT64_C(9) << 32 | 10, "its level is 9, must be below 8"},
		{HEADER_SIZE, 1019, "its first key is (1019 0 7), expected (1020 0 7)"},
		{HEADER_NRITEMS - 4, UINT64_C(1000) << 32, "slot"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct image *image = make_tree();
		uint8_t *block = image_block(image, LEAF(2), 0);
		struct fsr_finding f;
		struct fsr_error err;
		struct cursor c;

		put64(block + cases[i].at, cases[i].value);
		image_seal(block, IMAGE_NODESIZE);
		memcpy(image_block(image, LEAF(2), 1), block, IMAGE_NODESIZE);
		start(&c, image);
		assert_int_equal(cursor_seek(&c, &(struct fsr_key){1025, 0, 0}, &err), CURSOR_HOLE);
		if (!strstr(err.text, cases[i].words))
			fail_msg("'%s' lacks '%s'", err.text, cases[i].words);
		assert_non_null(strstr(err.text, "device 1 at image offset 8441856"));
		assert_int_equal(err.bytenr, LEAF(2));
		assert_int_equal(image_findings(c.volume, FSR_FINDING_TREE_BLOCK, &f), 1);
		walk(&c, LEAF(2), 20, 30);
		finish(&c);
	}
}

/* Subvolumes share blocks, so that any subvolume may own them; roots are their own. */
static void test_owners(void **state)
{
	static const struct {
		uint64_t owner;
		bool root;
		bool good;
	} cases[] = {
		{FS_TREE_OBJECTID, false, true},
		{256, false, true},
		{DATA_RELOC_TREE_OBJECTID, false, false},
		{EXTENT_TREE_OBJECTID, false, false},
		{UINT64_C(1) << 48 | 256, false, false},
		{256, true, false},
		{300, true, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct image *image = image_ready();
		const struct fsr_key key = {256, KEY_UNTYPED, 0};
		const struct image_item item = {key, NULL, 20};
		struct block_want want = {.bytenr = LEAF(0), .generation = IMAGE_GENERATION, .owner = 300};
		struct volume *volume = image_open(image);
		uint8_t block[IMAGE_NODESIZE];

		image_leaf(image, LEAF(0), cases[i].owner, &item, 1);
		if (!cases[i].root)
			want.first_key = &key;
		assert_int_equal(
			tree_read_block(volume, &want, block, NULL), cases[i].good ? 0 : FSR_E_CORRUPT);
		volume_close(volume);
	}
}

/* ---- crafted pointers */

static void point(struct image *image, unsigned slot, const struct image_ptr *ptr)
{
	struct image_ptr ptrs[3];

	for (unsigned k = 0; k < 3; k++)
		ptrs[k] = (struct image_ptr){item_key(30 + 10 * k), LEAF(3 + k), IMAGE_GENERATION};
	ptrs[slot] = *ptr;
	image_node(image, NODE(1), ROOT_TREE_OBJECTID, 1, ptrs, 3);
}

/* To itself, to the root, to a leaf elsewhere, to the one just read, to nowhere: level or first key tell. */
static void test_wild_pointers(void **state)
{
	static const uint64_t targets[] = {
		NODE(1), TREE, LEAF(0), LEAF(3), 4096, LEAF(4) + 512, UINT64_MAX - 4095};

	(void)state;
	for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
		struct image *image = make_tree();
		struct image_ptr ptr = {item_key(40), targets[i], IMAGE_GENERATION};
		struct cursor c;

		point(image, 1, &ptr);
		start(&c, image);
		/* An unaligned pointer makes the node itself unlawful. */
		if (targets[i] % IMAGE_SECTORSIZE)
			walk(&c, NODE(1), 30, 60);
		else
			walk(&c, targets[i], 40, 50);
		finish(&c);
	}
}

/* Leaf 3 reaches into leaf 4's keys: what search would not find there is passed over. */
static void test_order(void **state)
{
	struct image *image = make_tree();
	struct image_item items[10];
	struct fsr_finding f;
	struct cursor c;
	int answer;

	(void)state;
	for (unsigned k = 0; k < 10; k++)
		items[k] = (struct image_item){item_key(30 + 2 * k), NULL, 20};
	image_leaf(image, LEAF(3), ROOT_TREE_OBJECTID, items, 10);
	start(&c, image);
	answer = seek(&c, 1030);
	for (unsigned n = 30; n < 40; n += 2) {
		struct fsr_key key = get_key(leaf_item(cursor_leaf(&c), c.slot[0]));

		assert_int_equal(answer, CURSOR_ITEM);
		assert_int_equal(key.objectid, 1000 + n);
		answer = cursor_next(&c, NULL);
	}
	assert_int_equal(answer, CURSOR_ITEM);
	expect_item(&c, 40);
	assert_int_equal(image_findings(c.volume, FSR_FINDING_TREE_ORDER, &f), 1);
	assert_int_equal(f.details[0].value, LEAF(3));
	assert_int_equal(f.details[3].value, 5);
	assert_int_equal(c.volume->findings.count, 1);
	finish(&c);
}

static void test_order_of_nodes(void **state)
{
	struct image *image = make_tree();
	struct image_ptr ptrs[3];
	struct cursor c;

	(void)state;
	/* Node 0 lists leaf 3 as its last child, beyond its bound: only node 1 may. */
	ptrs[0] = (struct image_ptr){item_key(0), LEAF(0), IMAGE_GENERATION};
	ptrs[1] = (struct image_ptr){item_key(10), LEAF(1), IMAGE_GENERATION};
	ptrs[2] = (struct image_ptr){item_key(30), LEAF(3), IMAGE_GENERATION};
	image_node(image, NODE(0), ROOT_TREE_OBJECTID, 1, ptrs, 3);
	start(&c, image);
	assert_int_equal(seek(&c, 1019), CURSOR_ITEM);
	expect_item(&c, 19);
	assert_int_equal(cursor_next(&c, NULL), CURSOR_ITEM);
	expect_item(&c, 30);
	assert_int_equal(cursor_next_leaf(&c, NULL), CURSOR_ITEM);
	expect_item(&c, 40);
	assert_int_equal(image_findings(c.volume, FSR_FINDING_TREE_ORDER, NULL), 1);
	finish(&c);
}

static void test_root_level(void **state)
{
	struct volume *volume = image_open(make_tree());
	struct tree_root root = {TREE, IMAGE_GENERATION, ROOT_TREE_OBJECTID, 8};
	struct cursor c;

	(void)state;
	cursor_init(&c, volume, &root);
	assert_int_equal(seek(&c, 0), FSR_E_CORRUPT);
	root = (struct tree_root){0, IMAGE_GENERATION, ROOT_TREE_OBJECTID, 0};
	cursor_init(&c, volume, &root);
	assert_int_equal(seek(&c, 0), CURSOR_HOLE);
	finish(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_seek),
		cmocka_unit_test(test_seek_ends),
		cmocka_unit_test(test_next_leaf),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_hole_seeks),
		cmocka_unit_test(test_hidden_root),
		cmocka_unit_test(test_bad_copy),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_wild_pointers),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_order_of_nodes),
		cmocka_unit_test(test_root_level),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
