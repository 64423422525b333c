/* SPDX-License-Identifier: MIT */
/* The scan of the extent tree over one block group, and who holds an address. */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define STRIPE STRIPE_0
#define STRIPE_END (STRIPE + STRIPE_BYTES)

struct heard {
	uint64_t ranges[16][2];
	unsigned count;
};

static bool nothing(void *source, uint64_t *start, uint64_t *end)
{
	(void)source;
	*start = *end = 0;
	return false;
}

/* With nothing cached all that is free is missing; touching ranges come as one. */
static int hear(void *arg, uint64_t start, uint64_t end, bool excess)
{
	struct heard *h = arg;

	assert_false(excess);
	h->ranges[h->count][0] = start;
	h->ranges[h->count++][1] = end;
	return 0;
}

static void scan(struct world *w, struct extent_scan *scan, struct heard *v1, struct heard *v2)
{
	struct compare c1, c2;
	struct cursor c;

	world_open(w);
	assert_int_equal(collect_groups(&w->fs, NULL), 0);
	memset(v1, 0, sizeof *v1);
	memset(v2, 0, sizeof *v2);
	compare_init(&c1, nothing, NULL, hear, v1);
	compare_init(&c2, nothing, NULL, hear, v2);
	cursor_init(&c, w->fs.volume, &w->fs.extent_root);
	assert_int_equal(scan_extents(&w->fs, &w->fs.groups[1], &c, &c1, &c2, NULL, scan, NULL), 0);
	cursor_free(&c);
}

static void expect(const struct heard *h, unsigned i, uint64_t start, uint64_t end)
{
	assert_true(i < h->count);
	assert_int_equal(h->ranges[i][0], start);
	assert_int_equal(h->ranges[i][1], end);
}

static void test_empty(void **state)
{
	struct world *w = world_new();
	struct extent_scan s;
	struct heard v1, v2;

	(void)state;
	scan(w, &s, &v1, &v2);
	assert_int_equal(v1.count, 2);
	expect(&v1, 0, GROUP, STRIPE);
	expect(&v1, 1, STRIPE_END, END);
	assert_int_equal(v2.count, 1);
	expect(&v2, 0, GROUP, END);
	assert_true(s.used == 0 && s.extents == 0 && s.free_ranges == 2);
	assert_int_equal(s.free_bytes, GROUP_LENGTH - 64 * KIB);
	world_free(w);
}

static void test_used(void **state)
{
	struct world *w = world_new();
	struct extent_scan s;
	struct heard v1, v2;

	(void)state;
	world_extent(w, GROUP, SECTOR);
	world_extent(w, GROUP + SECTOR, SECTOR);
	world_extent(w, STRIPE - SECTOR, SECTOR); /* up to the super stripe */
	world_extent(w, STRIPE_END + SECTOR, SECTOR);
	world_extent(w, END - SECTOR, SECTOR);
	scan(w, &s, &v1, &v2);
	assert_int_equal(s.extents, 5);
	assert_int_equal(s.used, 5 * SECTOR);
	assert_true(!s.overlaps && !s.outside && !s.strays && !s.hidden);
	assert_int_equal(v1.count, 3);
	expect(&v1, 0, GROUP + 2 * SECTOR, STRIPE - SECTOR);
	expect(&v1, 1, STRIPE_END, STRIPE_END + SECTOR);
	expect(&v1, 2, STRIPE_END + 2 * SECTOR, END - SECTOR);
	expect(&v2, 1, STRIPE, STRIPE_END + SECTOR);
	assert_int_equal(s.free_bytes, GROUP_LENGTH - 5 * SECTOR - 64 * KIB);
	world_free(w);
}

/* An extent where none may be: both free ranges beside it are cut by the one super stripe. */
static void test_extent_in_super_stripe(void **state)
{
	struct world *w = world_new();
	struct extent_scan s;
	struct heard v1, v2;

	(void)state;
	world_extent(w, STRIPE + SECTOR, SECTOR);
	scan(w, &s, &v1, &v2);
	assert_int_equal(v1.count, 2);
	expect(&v1, 0, GROUP, STRIPE);
	expect(&v1, 1, STRIPE_END, END);
	world_free(w);
}

static void test_metadata(void **state)
{
	struct world *w = world_new();
	uint8_t *item = world_item(&w->extents, GROUP + SECTOR, KEY_METADATA_ITEM, 1, NULL, 33);
	struct extent_scan s;
	struct heard v1, v2;

	(void)state;
	put64(item + EXTENT_REFS, 1);
	put64(item + EXTENT_GENERATION, 7);
	put64(item + EXTENT_FLAGS, EXTENT_FLAG_TREE_BLOCK);
	item[24] = KEY_TREE_BLOCK_REF;
	put64(item + 25, FS_TREE_OBJECTID);
	scan(w, &s, &v1, &v2);
	assert_int_equal(s.used, IMAGE_NODESIZE);
	expect(&v2, 1, GROUP + 2 * SECTOR, END);
	world_free(w);
}

/* The tree checker sees overlaps within a leaf, but not what crosses into the next block group or lies in
 * none. */
static void test_damage(void **state)
{
	struct world *w = world_new();
	struct extent_scan s;
	struct heard v1, v2;

	(void)state;
	world_extent(w, END - SECTOR, 3 * SECTOR);
	world_extent(w, END + MIB, SECTOR);
	world_extent(w, END + 2 * MIB, SECTOR);
	scan(w, &s, &v1, &v2);
	assert_int_equal(s.outside, 1);
	assert_int_equal(s.outside_at, END - SECTOR);
	assert_int_equal(s.strays, 2);
	assert_int_equal(s.stray_at, END + MIB);
	assert_int_equal(s.used, 3 * SECTOR);
	expect(&v2, 0, GROUP, END - SECTOR);
	assert_int_equal(v2.count, 1);
	world_free(w);
}

static int hold(struct world *w, uint64_t bytenr, struct fsr_holder *holder)
{
	struct cursor c;
	int ret;

	memset(holder, 0, sizeof *holder);
	cursor_init(&c, w->fs.volume, &w->fs.extent_root);
	ret = find_holder(&w->fs, &c, bytenr, END, holder, NULL);
	cursor_free(&c);
	return ret;
}

static void test_holder(void **state)
{
	struct world *w = world_new();
	struct fsr_holder h;
	struct extent_scan s;
	struct heard v1, v2;

	(void)state;
	world_extent(w, GROUP + SECTOR, 2 * SECTOR);
	for (unsigned i = 0; i < 20; i++) /* references that did not fit into the item */
		world_item(&w->extents, GROUP + SECTOR, KEY_SHARED_DATA_REF, 4096 * (1 + i), "\1\0\0\0", 4);
	world_extent(w, GROUP + 10 * SECTOR, SECTOR);
	scan(w, &s, &v1, &v2);
	for (uint64_t at = GROUP + SECTOR; at < GROUP + 3 * SECTOR; at += SECTOR - 1) {
		assert_int_equal(hold(w, at, &h), CURSOR_ITEM);
		assert_true(h.present && h.bytenr == GROUP + SECTOR && h.length == 2 * SECTOR);
		assert_true(h.root == 5 && h.objectid == 257 && h.generation == 7 && !h.tree_block);
	}
	assert_int_equal(hold(w, GROUP, &h), CURSOR_ITEM); /* the next one */
	assert_int_equal(h.bytenr, GROUP + SECTOR);
	assert_int_equal(hold(w, GROUP + 3 * SECTOR, &h), CURSOR_ITEM);
	assert_int_equal(h.bytenr, GROUP + 10 * SECTOR);
	assert_int_equal(hold(w, GROUP + 11 * SECTOR, &h), CURSOR_END);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_used),
		cmocka_unit_test(test_extent_in_super_stripe),
		cmocka_unit_test(test_metadata),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_holder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
