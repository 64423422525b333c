/* SPDX-License-Identifier: MIT */
/* What Tree says of items. The numbers are those that `btrfs inspect-internal dump-tree` prints of the
 * samples. */
#include "../../tui/screens/item_text.h"
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct expected {
	const char *tree, *key, *what;
};

struct search {
	const struct expected *expected;
	unsigned found;
};

static int check_item(void *arg, const struct fsr_item *item)
{
	struct search *search = arg;
	char key[KEY_TEXT_SIZE], what[FIELD_TEXT];

	if (strcmp(key_text(&item->key, false, key), search->expected->key) != 0)
		return 0;
	search->found++;
	assert_string_equal(item_what(item, false, what), search->expected->what);
	return 0;
}

static void check_sample(const char *sample, const struct expected *expected, size_t n)
{
	struct fsr_fs *fs = sample_open(sample);
	struct fsr_error err;

	for (size_t i = 0; i < n; i++) {
		struct search search = {&expected[i], 0};

		assert_int_equal(fsr_tree_walk(fs, expected[i].tree, check_item, &search, &err), 0);
		assert_int_equal(search.found, 1);
	}
	fsr_close(fs);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_clean(void **state)
{
	static const struct expected expected[] = {
		{"root", "(257 INODE_ITEM 0)", "generation 7 size 65536"},
		{"root", "(257 EXTENT_DATA 0)", "→ 355926016+65536 REG"},
		{"root", "(CSUM_TREE ROOT_ITEM 0)", "→ 30441472 level 0"},
		{"root", "(FREE_SPACE UNTYPED 30408704)", "→ inode 256 entries 5"},
		{"root", "(ROOT_TREE_DIR DIR_ITEM 2378154706)", "\"default\" → tree FS_TREE"},
		{"root", "(ROOT_TREE_DIR INODE_REF 6)", "\"..\" in directory 6"},
		{"fs", "(256 DIR_ITEM 51821248)", "\"f4\" → inode 260"},
		{"extent", "(13828096 EXTENT_ITEM 393216)", "refs 1 DATA root FS_TREE inode 258"},
		{"extent", "(30441472 METADATA_ITEM 0)", "refs 1 TREE_BLOCK root CSUM_TREE level 0"},
		{"extent", "(22020096 BLOCK_GROUP_ITEM 8388608)", "used 16384 SYSTEM, DUP"},
		{"chunk", "(FIRST_CHUNK_TREE CHUNK_ITEM 22020096)",
			"length 8388608 SYSTEM, DUP, 2 × → device 1 at 22020096"},
		{"chunk", "(DEV_ITEMS DEV_ITEM 1)", "total 2147483648 used 676069376"},
		{"dev", "(1 DEV_EXTENT 38797312)", "→ chunk 30408704 length 107347968"},
		{"dev", "(DEV_STATS PERSISTENT_ITEM 1)", "write 0 read 0 flush 0 corruption 0 generation 0"},
		{"csum", "(EXTENT_CSUM EXTENT_CSUM 13631488)", "576 bytes of checksums"},
	};

	(void)state;
	check_sample("clean", expected, COUNT(expected));
}

static void test_free_space_tree(void **state)
{
	static const struct expected expected[] = {
		{"free-space", "(22020096 FREE_SPACE_INFO 8388608)", "extents 2"},
		{"free-space", "(22069248 FREE_SPACE_EXTENT 8339456)", "free 22069248+8339456"},
		{"free-space", "(137756672 FREE_SPACE_BITMAP 8388608)", "bitmap of 137756672+8388608"},
	};

	(void)state;
	check_sample("v2-bitmaps", expected, COUNT(expected));
}

static void test_preallocated(void **state)
{
	static const struct expected expected[] = {
		{"extent", "(298844160 BLOCK_GROUP_ITEM 1073741824)", "used 393281536 DATA"},
		{"fs", "(258 EXTENT_DATA 0)", "→ 298909696+65536 PREALLOC"},
	};

	(void)state;
	check_sample("bitmaps-many", expected, COUNT(expected));
}

/* Items made by hand. */
static struct fsr_item item_of(
	uint64_t objectid, uint8_t type, uint64_t offset, const void *data, uint32_t size)
{
	return (struct fsr_item){.key = {objectid, type, offset}, .size = size, .data = data};
}

/* Type 108: generation 8, ram_bytes 5, no compression, inline, five bytes; then a hole of 8192 bytes. */
static void test_file_extents(void **state)
{
	static const uint8_t inline_data[26] = {
		8, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'};
	static const uint8_t hole[53] = {[0] = 8, [9] = 0x20, [20] = 1, [46] = 0x20};
	struct fsr_item item = item_of(257, 108, 0, inline_data, sizeof inline_data);
	char what[FIELD_TEXT];

	(void)state;
	assert_string_equal(item_what(&item, false, what), "INLINE 5 bytes");
	item = item_of(257, 108, 0, hole, sizeof hole);
	assert_string_equal(item_what(&item, false, what), "hole of 8192");
}

/* Names are an image's own: a directory entry called ESC [ 3 1 m. Location 257 INODE_ITEM. */
static void test_hostile_name(void **state)
{
	static const uint8_t entry[30 + 5] = {
		[0] = 1, [1] = 1, [8] = 1, [27] = 5, [29] = 1, [30] = 0x1b, '[', '3', '1', 'm'};
	struct fsr_item item = item_of(256, 84, 1, entry, sizeof entry);
	char what[FIELD_TEXT];

	(void)state;
	assert_string_equal(item_what(&item, false, what), "\"\\x1b[31m\" → inode 257");
}

/* An item cut short, and one of a type that nobody knows. */
static void test_odd_items(void **state)
{
	static const uint8_t bytes[4] = {1, 2, 3, 4};
	struct fsr_item item = item_of(257, 1, 0, bytes, sizeof bytes);
	char what[FIELD_TEXT];

	(void)state;
	assert_string_equal(item_what(&item, false, what), "");
	item = item_of(257, 77, 0, bytes, sizeof bytes);
	assert_string_equal(item_what(&item, false, what), "data 4 bytes 01020304");
	assert_string_equal(item_kind(&item, what), "item of type unknown");
	item = item_of(257, 77, 0, bytes, 0);
	assert_string_equal(item_what(&item, false, what), "");
}

static void test_raw(void **state)
{
	const struct fsr_key key = {(uint64_t)-11, 0, 137756672};
	char text[KEY_TEXT_SIZE];

	(void)state;
	assert_string_equal(key_text(&key, false, text), "(FREE_SPACE UNTYPED 137756672)");
	assert_string_equal(key_text(&key, true, text), "(-11 0 137756672)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_free_space_tree),
		cmocka_unit_test(test_preallocated),
		cmocka_unit_test(test_file_extents),
		cmocka_unit_test(test_hostile_name),
		cmocka_unit_test(test_odd_items),
		cmocka_unit_test(test_raw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
