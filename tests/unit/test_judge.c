/* SPDX-License-Identifier: MIT */
/* Whole block groups judged: copies that differ or are missing, trees that are hidden in part. */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_clean(void **state)
{
	struct world *w = world_clean(0);

	(void)state;
	world_judge(w);
	assert_int_equal(w->group.state, FSR_STATE_WRITTEN);
	assert_int_equal(w->group.verdict, FSR_VERDICT_ACCEPTED);
	assert_int_equal(w->group.step, 0);
	assert_int_equal(w->group.relation, FSR_RELATION_EQUAL);
	assert_int_equal(w->group.excluded_bytes, STRIPE_BYTES);
	assert_int_equal(w->group.recomputed_free_bytes, GROUP_LENGTH - MIB - FILE_BYTES - STRIPE_BYTES);
	assert_int_equal(w->group.recomputed_ranges, 2);
	assert_int_equal(w->group.nfindings, 0);
	assert_int_equal(w->group.ncopies, 0);
	world_free(w);
}

static void test_without_cache(void **state)
{
	struct world *w = world_plain(0);

	(void)state;
	world_judge(w);
	assert_int_equal(w->group.state, FSR_STATE_CLEAR);
	assert_int_equal(w->group.verdict, FSR_VERDICT_IGNORED);
	assert_int_equal(w->group.step, 4);
	assert_int_equal(w->group.reason, FSR_FINDING_CACHE_ABSENT);
	world_free(w);
}

/* The number of the inode that Linux keeps tree blocks under: it says "old style", not nothing (measured). */
static void test_header_names_no_inode(void **state)
{
	for (uint64_t ino = 1; ino < 3; ino++) {
		struct world *w = world_clean(0);

		(void)state;
		put64(w->roots.data[0], ino); /* the header was made first */
		world_judge(w);
		assert_int_equal(w->group.state, FSR_STATE_ERROR);
		assert_int_equal(w->group.verdict, FSR_VERDICT_IGNORED);
		assert_int_equal(w->group.step, ino == 1 ? 6 : 5);
		assert_int_equal(world_finding(w, FSR_FINDING_CACHE_INODE_MISSING), FSR_SEVERITY_ERROR);
		world_free(w);
	}
}

/* DUP: Linux reads copy 0 and no other. */
static void test_dup_copies(void **state)
{
	for (unsigned copy = 0; copy < 2; copy++) {
		struct world *w = world_clean(BLOCK_GROUP_DUP);

		(void)state;
		world_bytes(w, WORLD_FILE, copy)[100] ^= 1;
		world_judge(w);
		assert_int_equal(w->group.state, FSR_STATE_NEED_WRITE);
		assert_int_equal(w->group.verdict, copy ? FSR_VERDICT_ACCEPTED : FSR_VERDICT_REFUSED);
		assert_int_equal(w->group.step, copy ? 0 : 12);
		assert_int_equal(w->group.ncopies, 2);
		assert_int_equal(w->group.copies[copy].verdict, FSR_VERDICT_REFUSED);
		assert_int_equal(w->group.copies[!copy].verdict, FSR_VERDICT_ACCEPTED);
		assert_int_equal(world_finding(w, FSR_FINDING_CACHE_COPIES_DIFFER), FSR_SEVERITY_ERROR);
		world_free(w);
	}
}

/* RAID1: Linux may read any, the worst counts; also where it is the other one of the two. */
static void test_mirrors(void **state)
{
	for (unsigned copy = 0; copy < 2; copy++) {
		struct world *w = world_clean(BLOCK_GROUP_RAID1);
		struct fsr_cache *cache;

		(void)state;
		world_bytes(w, WORLD_FILE, copy)[100] ^= 1;
		world_judge(w);
		assert_int_equal(w->group.verdict, FSR_VERDICT_REFUSED);
		assert_int_equal(w->group.step, 12);
		assert_int_equal(world_finding(w, FSR_FINDING_CACHE_COPIES_DIFFER), FSR_SEVERITY_ERROR);
		assert_int_equal(fsr_cache_open(&w->fs, GROUP, &cache, NULL), 0);
		assert_int_equal(cache->npages, 16); /* of the copy that decides */
		assert_int_equal(cache->nentries, 3);
		assert_true(cache->pages[0].crc_stored != cache->pages[0].crc_computed);
		fsr_cache_free(cache);
		world_free(w);
	}
}

static void test_mirrors_differ_where_nobody_looks(void **state)
{
	struct world *w = world_clean(BLOCK_GROUP_RAID1);

	(void)state;
	world_bytes(w, WORLD_FILE + 9 * SECTOR, 1)[100] ^= 1;
	world_judge(w);
	assert_int_equal(w->group.state, FSR_STATE_WRITTEN);
	assert_int_equal(w->group.verdict, FSR_VERDICT_ACCEPTED);
	assert_int_equal(world_finding(w, FSR_FINDING_CACHE_COPIES_DIFFER), FSR_SEVERITY_WARNING);
	world_free(w);
}

/* A mirror on a device that was not given can't differ: Linux would read the other one. */
static void test_missing_device(void **state)
{
	struct world *w = world_clean(BLOCK_GROUP_RAID1);

	(void)state;
	w->second_device = true;
	world_judge(w);
	assert_int_equal(w->group.state, FSR_STATE_WRITTEN);
	assert_int_equal(w->group.verdict, FSR_VERDICT_ACCEPTED);
	assert_int_equal(w->group.ncopies, 0);
	assert_int_equal(world_finding(w, FSR_FINDING_CACHE_COPIES_DIFFER), -1);
	world_free(w);
}

static void test_other_mirror_when_first_is_missing(void **state)
{
	struct world *w = world_clean(BLOCK_GROUP_RAID1);

	(void)state;
	w->second_device = true;
	world_open(w);
	w->fs.volume->chunks[1].stripes[0].devid = 2;
	w->fs.volume->chunks[1].stripes[1].devid = 1;
	world_judge(w);
	assert_int_equal(w->group.state, FSR_STATE_WRITTEN);
	assert_int_equal(w->group.verdict, FSR_VERDICT_ACCEPTED);
	w->fs.volume->chunks[1].stripes[1].devid = 3; /* both */
	world_judge(w);
	assert_int_equal(w->group.state, FSR_STATE_UNKNOWN);
	assert_int_equal(w->group.verdict, FSR_VERDICT_UNKNOWN);
	assert_int_equal(w->group.step, 11);
	world_free(w);
}

/* Where the extent tree can't be read the kernel's steps are told all the same, the comparison is not. */
static void test_hidden_extents(void **state)
{
	struct world *w = world_clean(0);

	(void)state;
	world_open(w);
	assert_int_equal(collect_groups(&w->fs, NULL), 0);
	assert_int_equal(collect_caches(&w->fs, NULL), 0);
	for (unsigned copy = 0; copy < 2; copy++)
		image_block(w->image, WORLD_EXTENT_TREE, copy)[500] ^= 1;
	world_judge(w);
	assert_int_equal(w->group.state, FSR_STATE_UNKNOWN);
	assert_int_equal(w->group.verdict, FSR_VERDICT_ACCEPTED);
	assert_int_equal(w->group.relation, FSR_RELATION_NULL);
	assert_false(w->group.has_recomputed);
	assert_int_equal(world_finding(w, FSR_FINDING_GROUP_UNREADABLE), FSR_SEVERITY_ERROR);
	world_free(w);
}

/* A range in a bitmap begins where an extent begins: step 21, found without the extent tree too. */
static void test_insertion_fails(void **state)
{
	for (unsigned hidden = 0; hidden < 3; hidden++) {
		struct world *w = world_plain(0);
		const uint64_t second = STRIPE_0 + STRIPE_BYTES;
		uint32_t bit = (uint32_t)((second - GROUP) / SECTOR);
		struct cachefile f;

		(void)state;
		cachefile_init(&f, 16, 4096, IMAGE_GENERATION);
		cachefile_entry(
			&f, WORLD_FILE + FILE_BYTES, STRIPE_0 - WORLD_FILE - FILE_BYTES - SECTOR, EXTENT);
		cachefile_entry(&f, second, END - second, EXTENT);
		cachefile_entry(&f, GROUP, SECTOR, BITMAP);
		set_bits(cachefile_bitmap(&f), bit, 1);
		world_cache(w, &f);
		page_set_free(&f.set);
		world_open(w);
		assert_int_equal(collect_groups(&w->fs, NULL), 0);
		assert_int_equal(collect_caches(&w->fs, NULL), 0);
		for (unsigned copy = 0; copy < 2 && hidden == 1; copy++)
			image_block(w->image, WORLD_EXTENT_TREE, copy)[500] ^= 1;
		w->fs.has_extent_root = hidden < 2;
		world_judge(w);
		/* without an extent tree Linux never comes to ask */
		assert_int_equal(
			w->group.verdict, hidden == 2 ? FSR_VERDICT_NOT_LOADED : FSR_VERDICT_REFUSED);
		assert_int_equal(w->group.verdict_if_trusted, FSR_VERDICT_REFUSED);
		assert_int_equal(w->group.step, hidden == 2 ? 0 : 21);
		assert_int_equal(world_finding(w, FSR_FINDING_CACHE_INSERT), FSR_SEVERITY_DANGER);
		world_free(w);
	}
}

/* What Linux compares the total with is not known. */
static void test_no_group_item(void **state)
{
	struct world *w = world_clean(0);

	(void)state;
	w->no_group_item = true;
	world_judge(w);
	assert_false(w->group.has_item);
	assert_int_equal(w->group.state, FSR_STATE_UNKNOWN);
	assert_int_equal(w->group.verdict, FSR_VERDICT_UNKNOWN);
	assert_int_equal(world_finding(w, FSR_FINDING_CACHE_TOTAL), -1);
	world_free(w);
	w = world_plain(0);
	w->no_group_item = true;
	world_judge(w);
	assert_int_equal(w->group.state, FSR_STATE_UNKNOWN);
	world_free(w);
}

/* A bit moved by one sector: the total fits, and Linux takes it. */
static void test_misplaced(void **state)
{
	struct world *w = world_plain(0);
	struct cachefile f;

	(void)state;
	list_free_space(&f, false);
	put64(f.set.data + 72, WORLD_FILE + FILE_BYTES - SECTOR);
	world_cache(w, &f);
	page_set_free(&f.set);
	world_judge(w);
	assert_int_equal(w->group.state, FSR_STATE_NEED_WRITE);
	assert_int_equal(w->group.verdict, FSR_VERDICT_ACCEPTED);
	assert_int_equal(w->group.relation, FSR_RELATION_MISPLACED);
	assert_int_equal(w->group.excess_bytes, SECTOR);
	assert_int_equal(w->group.missing_bytes, SECTOR);
	assert_int_equal(world_finding(w, FSR_FINDING_CONTENT_MISPLACED), FSR_SEVERITY_DANGER);
	world_free(w);
}

/* The file's extent item lies in a leaf that can't be read: Linux can't read the pages, it finds no zeros
 * there. */
static void test_hidden_file_extent(void **state)
{
	struct world *w = world_clean(0);
	struct key_hole hole = {
		{WORLD_FILE_INO, KEY_EXTENT_DATA, 0}, {WORLD_FILE_INO, KEY_EXTENT_DATA, 1}, false, 12345};

	(void)state;
	world_judge(w);
	w->fs.holes = malloc(sizeof hole);
	w->fs.holes[0] = hole;
	w->fs.nholes = 1;
	w->fs.nextents = 0;
	world_judge(w);
	assert_int_equal(w->group.verdict, FSR_VERDICT_REFUSED);
	assert_int_equal(w->group.step, 11);
	world_free(w);
}

static void test_holes(void **state)
{
	struct key_hole holes[] = {{{5, 1, 0}, {7, 0, 0}, false, 1}, {{7, 0, 0}, {8, 0, 0}, false, 2},
		{{20, 0, 0}, {0, 0, 0}, true, 3}};
	static const struct {
		struct fsr_key key;
		uint64_t bytenr; /* 0: none */
	} cases[] = {{{5, 0, UINT64_MAX}, 0}, {{5, 1, 0}, 1}, {{6, 255, UINT64_MAX}, 1}, {{7, 0, 0}, 2},
		{{7, 0, 1}, 2}, {{8, 0, 0}, 0}, {{19, 255, 0}, 0}, {{20, 0, 0}, 3},
		{{UINT64_MAX, 255, UINT64_MAX}, 3}};
	struct fsr_fs fs = {.holes = holes, .nholes = 3};

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct key_hole *h = find_hole(&fs, &cases[i].key);

		assert_int_equal(h ? h->bytenr : 0, cases[i].bytenr);
	}
}

/*
 * With a raid-stripe-tree the chunk does not say where data of several stripes lies: nothing is known of that
 * cache. Data of one stripe lies where it always did.
 */
static void test_stripe_tree(void **state)
{
	static const uint64_t profiles[] = {BLOCK_GROUP_DUP, 0};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct world *w = world_clean(profiles[i]);

		for (unsigned mirror = 0; mirror < 2; mirror++) {
			uint8_t *super = w->image->bytes + (mirror ? 64 * MIB : 64 * KIB);

			put64(super + SUPER_INCOMPAT, INCOMPAT_SKINNY_METADATA | INCOMPAT_RAID_STRIPE_TREE);
			image_seal(super, SUPER_SIZE);
		}
		world_judge(w);
		assert_int_equal(w->group.verdict, i ? FSR_VERDICT_ACCEPTED : FSR_VERDICT_UNKNOWN);
		assert_int_equal(w->group.state, i ? FSR_STATE_WRITTEN : FSR_STATE_UNKNOWN);
		assert_int_equal(world_finding(w, FSR_FINDING_CACHE_UNREADABLE), i ? -1 : FSR_SEVERITY_ERROR);
		if (!i)
			assert_non_null(strstr(w->group.findings[0].message, "raid-stripe-tree"));
		assert_int_equal(w->group.recomputed_free_bytes,
			GROUP_LENGTH - MIB - FILE_BYTES - (i ? 1 : 2) * STRIPE_BYTES);
		assert_int_equal(w->group.ncopies, 0);
		world_free(w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_without_cache),
		cmocka_unit_test(test_header_names_no_inode),
		cmocka_unit_test(test_dup_copies),
		cmocka_unit_test(test_mirrors),
		cmocka_unit_test(test_mirrors_differ_where_nobody_looks),
		cmocka_unit_test(test_missing_device),
		cmocka_unit_test(test_other_mirror_when_first_is_missing),
		cmocka_unit_test(test_hidden_extents),
		cmocka_unit_test(test_insertion_fails),
		cmocka_unit_test(test_no_group_item),
		cmocka_unit_test(test_misplaced),
		cmocka_unit_test(test_hidden_file_extent),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_stripe_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
