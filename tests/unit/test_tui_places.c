/* SPDX-License-Identifier: MIT */
/* Places in samples. Slots and offsets are those of `btrfs inspect-internal dump-tree`. */
#include "../../tui/overlays/go_names.h"
#include "../../tui/screens/explain.h"
#include "../../tui/screens/places.h"
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GROUP UINT64_C(355860480)
#define ROOT_LEAF 30457856
#define EXTENT_LEAF 30425088
/* An item's data begin so many bytes behind dump-tree's "itemoff". */
#define LEAF_HEADER 101

static struct tab tab_of(struct fsr_fs *fs, struct record *record)
{
	return (struct tab){
		.kind = TAB_IMAGE, .fs = fs, .facts = *fsr_filesystem(fs), .ngroups = 1, .records = record};
}

static void expect_item(const struct place *place, uint64_t leaf, unsigned slot, unsigned itemoff)
{
	assert_int_equal(place->screen, SCREEN_TREE);
	assert_int_equal(place->target, TARGET_BLOCK);
	assert_int_equal(place->block, leaf);
	assert_int_equal(place->slot, slot);
	assert_int_equal(place->byte, itemoff + LEAF_HEADER);
}

static void test_items(void **state)
{
	struct record record = {.group = {.bytenr = GROUP, .length = 218103808}};
	struct fsr_fs *fs = sample_open("misplaced");
	struct tab tab = tab_of(fs, &record);
	struct place place = {0};

	(void)state;
	assert_true(place_of_inode(&tab, 258, &place));
	expect_item(&place, ROOT_LEAF, 13, 13276);
	assert_true(place_of_header(&tab, GROUP, &place));
	expect_item(&place, ROOT_LEAF, 17, 13100);
	assert_true(place_of_item(&tab, "root", 258, ITEM_FILE_EXTENT, 0, &place));
	expect_item(&place, ROOT_LEAF, 14, 13223);
	assert_true(place_of_group_item(&tab, &record.group, &place));
	expect_item(&place, EXTENT_LEAF, 21, 15422);
	assert_true(place_of_item(&tab, "extent", 355926016, ITEM_ANY, 0, &place));
	expect_item(&place, EXTENT_LEAF, 22, 15369);
	assert_true(place_of_item(&tab, "chunk", CHUNK_OBJECTID, ITEM_CHUNK, GROUP, &place));
	expect_item(&place, 22069248, 5, 15721);
	assert_false(place_of_inode(&tab, 259, &place)); /* what comes next is no inode */
	assert_false(place_of_header(&tab, GROUP + 4096, &place));
	assert_false(place_of_item(&tab, "quota", 0, ITEM_ANY, 0, &place));
	expect_item(&place, 22069248, 5, 15721); /* untouched */
	fsr_close(fs);
}

/* The cache lists the extent at 355926016, which is data of a cache, as free. */
static void test_difference(void **state)
{
	struct record record = {.group = {.bytenr = GROUP, .length = 218103808}};
	struct fsr_fs *fs = sample_open("misplaced");
	struct tab tab = tab_of(fs, &record);
	struct place place = {0};

	(void)state;
	assert_true(place_of_difference(&tab, &record.group, &place));
	assert_int_equal(place.screen, SCREEN_MAP);
	assert_int_equal(place.group, GROUP);
	assert_int_equal(place.address, 355926016);
	fsr_close(fs);
}

/* Whatever is said to lie somewhere can be gone to. */
static void expect_place(const struct tab *tab, const struct fsr_finding *finding)
{
	struct place place = {0};
	char text[PLACE_TEXT];

	finding_place_text(tab, finding, text);
	if (*text && !finding_place(tab, finding, &place))
		fail_msg("%s: nothing at '%s'", finding->message, text);
}

static int expect_places(void *arg, const struct fsr_group *group)
{
	struct record record = {.group = *group, .judged = true};
	struct tab tab = tab_of(arg, &record);

	for (size_t i = 0; i < group->nfindings; i++)
		expect_place(&tab, &group->findings[i]);
	return 0;
}

static void judge(const char *path, struct fsr_fs *fs)
{
	const struct fsr_finding *findings;
	struct record record = {0};
	struct tab tab = tab_of(fs, &record);
	size_t n;

	print_message("%s\n", path);
	assert_int_equal(fsr_judge(fs, &(struct fsr_judge_options){0}, expect_places, fs, NULL), 0);
	n = fsr_findings(fs, &findings);
	for (size_t i = 0; i < n; i++)
		expect_place(&tab, &findings[i]);
}

static void test_all_findings(void **state)
{
	(void)state;
	sample_each(judge);
}

static void test_tree_names(void **state)
{
	struct fsr_fs *fs = sample_open("quota");
	struct fsr_error err;
	struct fsr_tree tree;
	size_t n = 0;

	(void)state;
	assert_int_equal(fsr_tree_find(fs, "", &tree, &err), FSR_E_INVALID);
	for (const char *name; (name = go_tree_name(n)); n++) {
		assert_non_null(strstr(err.text, name)); /* it lists them */
		assert_int_not_equal(fsr_tree_find(fs, name, &tree, NULL), FSR_E_INVALID);
	}
	assert_int_equal(n, 12);
	fsr_close(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_difference),
		cmocka_unit_test(test_all_findings),
		cmocka_unit_test(test_tree_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
