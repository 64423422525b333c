/* SPDX-License-Identifier: MIT */
/* What the bytes of a tree block are called. Offsets and values as `btrfs inspect-internal dump-tree` has
 * them. */
#include "sample.h"

#include "../../libfsread/space/space.h"
#include "small_fs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct labels {
	struct fsr_label list[4096];
	unsigned n, stop_at;
};

static int keep(void *arg, const struct fsr_label *label)
{
	struct labels *l = arg;

	assert_true(l->n < sizeof l->list / sizeof *l->list);
	l->list[l->n++] = *label;
	return l->n == l->stop_at ? 77 : 0;
}

static struct labels *labels_of(const char *sample, uint64_t bytenr, unsigned copy)
{
	struct labels *l = calloc(1, sizeof *l);
	struct fsr_fs *fs = sample_open(sample);
	struct fsr_block *block;

	assert_int_equal(fsr_block_open(fs, bytenr, copy, &block, NULL), 0);
	assert_int_equal(fsr_block_labels(block, keep, l), 0);
	fsr_block_free(block);
	fsr_close(fs);
	return l;
}

static void expect(
	const struct labels *l, unsigned byte, unsigned length, enum fsr_label_kind kind, const char *text)
{
	for (unsigned i = 0; i < l->n; i++) {
		if (l->list[i].byte != byte)
			continue;
		assert_string_equal(l->list[i].text, text);
		assert_int_equal(l->list[i].length, length);
		assert_int_equal(l->list[i].kind, kind);
		return;
	}
	fail_msg("no label begins at %u: '%s'", byte, text);
}

static void expect_header(const struct labels *l)
{
	expect(l, 0, 32, FSR_LABEL_CRC, "checksum");
	expect(l, 32, 16, FSR_LABEL_TYPE, "fsid");
	expect(l, 56, 8, FSR_LABEL_TYPE, "flags 0x100000000000001"); /* WRITTEN, backref revision 1 */
	expect(l, 64, 16, FSR_LABEL_TYPE, "chunk_tree_uuid");
	expect(l, 80, 8, FSR_LABEL_GENERATION, "generation 8");
	expect(l, 88, 8, FSR_LABEL_TYPE, "owner ROOT_TREE");
}

static void test_leaf(void **state)
{
	struct labels *l = labels_of("clean", 30457856, 0);
	const unsigned item16 = 101 + 16 * 25, data16 = 101 + 13141, data14 = 101 + 13223;

	(void)state;
	expect_header(l);
	expect(l, 48, 8, FSR_LABEL_OFFSET, "bytenr 30457856");
	expect(l, 96, 4, FSR_LABEL_TYPE, "nritems 19");
	expect(l, 100, 1, FSR_LABEL_TYPE, "level 0");
	expect(l, 101, 17, FSR_LABEL_TYPE, "item 0 key (EXTENT_TREE ROOT_ITEM 0)");
	expect(l, item16, 17, FSR_LABEL_TYPE, "item 16 key (FREE_SPACE UNTYPED 137756672)");
	expect(l, item16 + 17, 4, FSR_LABEL_OFFSET, "item 16 data offset 13141");
	expect(l, item16 + 21, 4, FSR_LABEL_BYTES, "item 16 size 41");
	expect(l, 101 + 19 * 25, 12186, FSR_LABEL_UNUSED, "free");
	expect(l, data16, 17, FSR_LABEL_TYPE, "item 16 location (257 INODE_ITEM 0)");
	expect(l, data16 + 17, 8, FSR_LABEL_GENERATION, "item 16 generation 7");
	expect(l, data16 + 25, 8, FSR_LABEL_TYPE, "item 16 num_entries 1");
	expect(l, data16 + 33, 8, FSR_LABEL_TYPE, "item 16 num_bitmaps 0");
	expect(l, data14 + 20, 1, FSR_LABEL_TYPE, "item 14 type 1 (REG)");
	expect(l, 101 + 15388, 8, FSR_LABEL_TYPE, "item 2 references[0].index 0");
	expect(l, 101 + 15388 + 8, 2, FSR_LABEL_BYTES, "item 2 references[0].name_len 7");
	expect(l, 101 + 15388 + 10, 7, FSR_LABEL_BYTES, "item 2 references[0].name");
	expect(l, 101 + 15844 + 176, 8, FSR_LABEL_OFFSET, "item 0 bytenr 30425088");
	expect(l, 101 + 15844 + 160, 8, FSR_LABEL_GENERATION, "item 0 generation 8");
	expect(l, 101 + 15844 + 375, 64, FSR_LABEL_UNUSED, "item 0 reserved");
	free(l);
}

static void test_node(void **state)
{
	struct labels *l = labels_of("node-4k", 30441472, 0);

	(void)state;
	expect_header(l);
	expect(l, 96, 4, FSR_LABEL_TYPE, "nritems 2");
	expect(l, 100, 1, FSR_LABEL_TYPE, "level 1");
	expect(l, 101, 17, FSR_LABEL_TYPE, "pointer 0 key (EXTENT_TREE ROOT_ITEM 0)");
	expect(l, 118, 8, FSR_LABEL_OFFSET, "pointer 0 block 30511104");
	expect(l, 126, 8, FSR_LABEL_GENERATION, "pointer 0 generation 8");
	expect(l, 134, 17, FSR_LABEL_TYPE, "pointer 1 key (256 INODE_ITEM 0)");
	expect(l, 151, 8, FSR_LABEL_OFFSET, "pointer 1 block 30445568");
	expect(l, 167, 4096 - 167, FSR_LABEL_UNUSED, "free");
	assert_int_equal(l->n, 9 + 2 * 3 + 1);
	free(l);
}

static void test_unlawful(void **state)
{
	struct labels *l = labels_of("tree-block-copy", 30457856, 0);

	(void)state;
	expect(l, 80, 8, FSR_LABEL_GENERATION, "generation 8");
	expect(l, 101, 16384 - 101, FSR_LABEL_UNUSED, "unchecked");
	assert_int_equal(l->n, 9 + 1);
	free(l);
}

/* A header item that ends within its generation; a type that nothing is known of; an item of no bytes. */
static void test_odd_items(void **state)
{
	const struct image_item items[] = {
		{{300, 250, 1}, NULL, 12}, {{300, 251, 0}, NULL, 0}, {{FREE_SPACE_OBJECTID, 0, 7}, NULL, 20}};
	struct small_fs *small = fs_make();
	struct fsr_fs fs = {.volume = fs_volume(small)};
	struct labels *l = calloc(1, sizeof *l);
	struct fsr_block *block;

	(void)state;
	image_leaf(small->image, FS_BLOCK(60), CSUM_TREE_OBJECTID, items, 3);
	assert_int_equal(fsr_block_open(&fs, FS_BLOCK(60), 0, &block, NULL), 0);
	assert_int_equal(fsr_block_labels(block, keep, l), 0);
	expect(l, 4096 - 12, 12, FSR_LABEL_BYTES, "item 0 data");
	expect(l, 4096 - 12 - 20, 17, FSR_LABEL_TYPE, "item 2 location (0 UNTYPED 0)");
	expect(l, 4096 - 12 - 3, 3, FSR_LABEL_BYTES, "item 2 data");
	expect(l, 101, 17, FSR_LABEL_TYPE, "item 0 key (300 DEV_REPLACE 1)");
	assert_int_equal(l->n, 9 + 3 * 3 + 1 + 3);
	fsr_block_free(block);
	volume_close(fs.volume);
	free(small);
	free(l);
}

static void test_stopped(void **state)
{
	struct fsr_fs *fs = sample_open("clean");
	static struct labels l;
	struct fsr_block *block;

	(void)state;
	assert_int_equal(fsr_block_open(fs, 30457856, FSR_ANY_COPY, &block, NULL), 0);
	for (unsigned at = 1; at < 200; at += 9) {
		l = (struct labels){.stop_at = at};
		assert_int_equal(fsr_block_labels(block, keep, &l), 77);
		assert_int_equal(l.n, at);
	}
	fsr_block_free(block);
	fsr_close(fs);
}

/* ---- every block of every sample */

static struct fsr_fs *opened;
static unsigned blocks_seen;

static int follow(void *arg, const struct fsr_label *label)
{
	unsigned *at = arg;

	assert_int_equal(label->byte, *at);
	assert_true(label->length > 0);
	*at += label->length;
	return 0;
}

static void label_below(uint64_t bytenr)
{
	struct fsr_pointer pointer;
	struct fsr_block *block;
	unsigned at = 0;

	if (fsr_block_open(opened, bytenr, FSR_ANY_COPY, &block, NULL))
		return;
	assert_int_equal(fsr_block_labels(block, follow, &at), 0);
	assert_int_equal(at, block->size);
	blocks_seen++;
	for (unsigned i = 0; fsr_block_pointer(block, i, &pointer); i++)
		label_below(pointer.bytenr);
	fsr_block_free(block);
}

static int label_tree(void *arg, const struct fsr_tree *tree)
{
	(void)arg;
	label_below(tree->bytenr);
	return 0;
}

static void label_sample(const char *path, struct fsr_fs *fs)
{
	print_message("%s\n", path);
	opened = fs;
	assert_int_equal(fsr_trees(fs, label_tree, NULL, NULL), 0);
}

static void test_no_gap(void **state)
{
	(void)state;
	sample_each(label_sample);
	assert_true(blocks_seen > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_leaf),
		cmocka_unit_test(test_node),
		cmocka_unit_test(test_unlawful),
		cmocka_unit_test(test_odd_items),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_no_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
