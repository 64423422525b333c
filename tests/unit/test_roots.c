/* SPDX-License-Identifier: MIT */
/* Finding trees by their root items, and reading the chunk tree. */
#include "image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROOT (IMAGE_CHUNK + IMAGE_NODESIZE)

static void root_item(uint8_t *item, uint64_t bytenr, uint64_t generation, uint8_t level)
{
	memset(item, 0, ROOT_ITEM_SIZE);
	put64(item + ROOT_BYTENR, bytenr);
	put64(item + ROOT_GENERATION, generation);
	put64(item + ROOT_GENERATION_V2, generation);
	item[ROOT_LEVEL] = level;
}

static struct image *roots_image(uint64_t bytenr, uint8_t level, uint32_t size)
{
	struct image *image = image_ready();
	uint8_t extent[ROOT_ITEM_SIZE], first[ROOT_ITEM_SIZE], second[ROOT_ITEM_SIZE];
	const struct image_item items[] = {
		{{EXTENT_TREE_OBJECTID, KEY_ROOT_ITEM, 0}, extent, size},
		{{FIRST_FREE_OBJECTID, KEY_ROOT_ITEM, 3}, first, ROOT_ITEM_SIZE},
		{{FIRST_FREE_OBJECTID, KEY_ROOT_ITEM, 5}, second, ROOT_ITEM_SIZE},
	};

	root_item(extent, bytenr, 7, level);
	root_item(first, IMAGE_CHUNK + 8 * IMAGE_NODESIZE, 3, 0);
	root_item(second, IMAGE_CHUNK + 9 * IMAGE_NODESIZE, 5, 1);
	image_leaf(image, ROOT, ROOT_TREE_OBJECTID, items, 3);
	return image;
}

static void expect_root(
	struct volume *volume, uint64_t objectid, uint64_t bytenr, uint64_t generation, uint8_t level)
{
	struct tree_root root;

	assert_int_equal(tree_find_root(volume, objectid, &root, NULL), 0);
	assert_int_equal(root.owner, objectid);
	assert_int_equal(root.bytenr, bytenr);
	assert_int_equal(root.generation, generation);
	assert_int_equal(root.level, level);
}

static void test_find(void **state)
{
	struct volume *volume = image_open(roots_image(IMAGE_CHUNK + 7 * IMAGE_NODESIZE, 2, ROOT_ITEM_SIZE));
	struct tree_root root;

	(void)state;
	expect_root(volume, ROOT_TREE_OBJECTID, ROOT, IMAGE_GENERATION, 0);
	expect_root(volume, CHUNK_TREE_OBJECTID, IMAGE_CHUNK_ROOT, IMAGE_GENERATION, 0);
	expect_root(volume, EXTENT_TREE_OBJECTID, IMAGE_CHUNK + 7 * IMAGE_NODESIZE, 7, 2);
	expect_root(volume, FIRST_FREE_OBJECTID, IMAGE_CHUNK + 9 * IMAGE_NODESIZE, 5, 1);
	assert_int_equal(tree_find_root(volume, DEV_TREE_OBJECTID, &root, NULL), FSR_E_NOT_FOUND);
	assert_int_equal(tree_find_root(volume, 257, &root, NULL), FSR_E_NOT_FOUND);
	assert_int_equal(tree_find_root(volume, TREE_LOG_OBJECTID, &root, NULL), FSR_E_NOT_FOUND);
	volume->fs.log_root = IMAGE_CHUNK + 6 * IMAGE_NODESIZE;
	/* Log blocks carry the generation of the commit to come. */
	expect_root(volume, TREE_LOG_OBJECTID, IMAGE_CHUNK + 6 * IMAGE_NODESIZE, IMAGE_GENERATION + 1, 0);
	volume_close(volume);
}

static void test_legacy(void **state)
{
	struct volume *volume =
		image_open(roots_image(IMAGE_CHUNK + 7 * IMAGE_NODESIZE, 2, ROOT_ITEM_LEGACY_SIZE));

	(void)state;
	expect_root(volume, EXTENT_TREE_OBJECTID, IMAGE_CHUNK + 7 * IMAGE_NODESIZE, 7, 2);
	volume_close(volume);
}

/* The leaf's own rules or the root item's: either way no root comes of it. */
static void test_bad_items(void **state)
{
	static const struct {
		uint64_t bytenr;
		uint8_t level;
		uint32_t size;
	} cases[] = {
		{IMAGE_CHUNK + 7 * IMAGE_NODESIZE, 0, ROOT_ITEM_LEGACY_SIZE - 1},
		{IMAGE_CHUNK + 7 * IMAGE_NODESIZE, 8, ROOT_ITEM_SIZE},
		{IMAGE_CHUNK + 512, 0, ROOT_ITEM_SIZE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct volume *volume =
			image_open(roots_image(cases[i].bytenr, cases[i].level, cases[i].size));
		struct tree_root root;
		struct fsr_error err;

		assert_int_equal(tree_find_root(volume, EXTENT_TREE_OBJECTID, &root, &err), FSR_E_CORRUPT);
		volume_close(volume);
	}
}

/* ---- the chunk tree */

#define DATA_START (64 * MIB)

/* A chunk tree with the system chunk's item, one data chunk and the items of two devices. */
static struct image *chunks_image(
	const struct chunk_stripe *stripes, unsigned n, uint64_t type, uint64_t second_device)
{
	const struct chunk_stripe system[] = {{1, IMAGE_COPY_0}, {1, IMAGE_COPY_1}};
	struct image *image = image_ready();
	uint8_t devices[2][DEV_ITEM_SIZE], chunks[2][256];
	struct image_item items[] = {
		{{DEV_ITEMS_OBJECTID, KEY_DEV_ITEM, 1}, devices[0], DEV_ITEM_SIZE},
		{{DEV_ITEMS_OBJECTID, KEY_DEV_ITEM, second_device}, devices[1], DEV_ITEM_SIZE},
		{{FIRST_CHUNK_TREE_OBJECTID, KEY_CHUNK_ITEM, IMAGE_CHUNK}, chunks[0], 0},
		{{FIRST_CHUNK_TREE_OBJECTID, KEY_CHUNK_ITEM, DATA_START}, chunks[1], 0},
	};

	image_dev_item(devices[0], 1, image->source.size);
	image_dev_item(devices[1], second_device, 1 * GIB);
	items[2].size = image_chunk_item(
		chunks[0], IMAGE_CHUNK_LENGTH, BLOCK_GROUP_SYSTEM | BLOCK_GROUP_DUP, 2, system);
	items[3].size = image_chunk_item(chunks[1], 8 * MIB, type, n, stripes);
	image_leaf(image, IMAGE_CHUNK_ROOT, CHUNK_TREE_OBJECTID, items, 4);
	return image;
}

static void test_missing_device(void **state)
{
	const struct chunk_stripe stripes[] = {{1, 24 * MIB}, {2, 1 * MIB}};
	struct volume *volume = image_open(chunks_image(stripes, 2, BLOCK_GROUP_DATA | BLOCK_GROUP_RAID1, 2));
	struct fsr_finding f;

	(void)state;
	assert_int_equal(volume_load_chunks(volume, NULL), 0);
	assert_int_equal(volume->nchunks, 2);
	assert_int_equal(volume->chunks[1].start, DATA_START);
	/* Named once, though both its item and the chunk's stripe name it. */
	assert_int_equal(image_findings(volume, FSR_FINDING_DEVICE_MISSING, &f), 1);
	assert_int_equal(f.details[0].value, 2);
	assert_string_equal(f.details[1].text, "02000000-0000-0000-0000-000000000000");
	/* The made superblock knows of one device and its bytes only. */
	assert_int_equal(image_findings(volume, FSR_FINDING_DEVICE_DIFFERS, NULL), 1);
	assert_int_equal(image_findings(volume, FSR_FINDING_SUPER_RULE, NULL), 1);
	assert_int_equal(volume->findings.count, 3);
	volume_close(volume);
}

static void test_good_chunks(void **state)
{
	struct volume *volume = image_open(image_ready());

	(void)state;
	assert_int_equal(volume_load_chunks(volume, NULL), 0);
	assert_int_equal(volume->nchunks, 1);
	assert_int_equal(volume->findings.count, 0);
	assert_int_equal(volume->devices[0].info.total_bytes, 65 * MIB);
	volume_close(volume);
}

/* A chunk that overlaps the array's: the leaf is lawful, the map is not. */
static void test_overlap(void **state)
{
	const struct chunk_stripe stripe = {1, 24 * MIB};
	struct image *image = image_ready();
	uint8_t device[DEV_ITEM_SIZE], chunk[256];
	struct image_item items[] = {
		{{DEV_ITEMS_OBJECTID, KEY_DEV_ITEM, 1}, device, DEV_ITEM_SIZE},
		{{FIRST_CHUNK_TREE_OBJECTID, KEY_CHUNK_ITEM, IMAGE_CHUNK + MIB}, chunk, 0},
	};
	struct volume *volume;
	struct fsr_finding f;

	(void)state;
	image_dev_item(device, 1, image->source.size);
	items[1].size = image_chunk_item(chunk, 8 * MIB, BLOCK_GROUP_DATA, 1, &stripe);
	image_leaf(image, IMAGE_CHUNK_ROOT, CHUNK_TREE_OBJECTID, items, 2);
	volume = image_open(image);
	assert_int_equal(volume_load_chunks(volume, NULL), 0);
	assert_int_equal(volume->nchunks, 1);
	assert_int_equal(image_findings(volume, FSR_FINDING_CHUNK_BAD, &f), 1);
	assert_int_equal(f.details[0].value, IMAGE_CHUNK + MIB);
	volume_close(volume);
}

/* The whole chunk tree gone: the array's chunks stay, and all addresses are named. */
static void test_hidden(void **state)
{
	struct image *image = image_ready();
	struct volume *volume;
	struct fsr_finding f;

	(void)state;
	for (unsigned copy = 0; copy < 2; copy++)
		image_block(image, IMAGE_CHUNK_ROOT, copy)[200] ^= 1;
	volume = image_open(image);
	volume->fs.num_devices = 3;
	assert_int_equal(volume_load_chunks(volume, NULL), 0);
	assert_int_equal(volume->nchunks, 1);
	assert_int_equal(image_findings(volume, FSR_FINDING_GROUP_HIDDEN, &f), 1);
	assert_int_equal(f.details[0].value, 0);
	assert_int_equal(f.details[1].value, UINT64_MAX);
	assert_int_equal(image_findings(volume, FSR_FINDING_TREE_BLOCK, NULL), 1);
	assert_int_equal(image_findings(volume, FSR_FINDING_DEVICE_MISSING, NULL), 1);
	volume_close(volume);
}

/* A leaf in the middle gone: only the chunks between its neighbours' keys are hidden. */
static void test_hidden_middle(void **state)
{
	const struct chunk_stripe stripe = {1, 24 * MIB};
	struct image *image = image_ready();
	struct image_ptr ptrs[3];
	struct volume *volume;
	struct fsr_finding f;
	uint8_t chunk[256];

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		const struct fsr_key key = {FIRST_CHUNK_TREE_OBJECTID, KEY_CHUNK_ITEM, (i + 1) * GIB};
		struct image_item item = {key, chunk, 0};

		item.size = image_chunk_item(chunk, 8 * MIB, BLOCK_GROUP_DATA, 1, &stripe);
		ptrs[i] = (struct image_ptr){
			key, IMAGE_CHUNK + (5 + i) * (uint64_t)IMAGE_NODESIZE, IMAGE_GENERATION};
		image_leaf(image, ptrs[i].blockptr, CHUNK_TREE_OBJECTID, &item, 1);
	}
	image_node(image, IMAGE_CHUNK_ROOT, CHUNK_TREE_OBJECTID, 1, ptrs, 3);
	for (unsigned copy = 0; copy < 2; copy++)
		image_block(image, ptrs[1].blockptr, copy)[200] ^= 1;
	volume = image_open(image);
	volume->fs.chunk_root_level = 1;
	assert_int_equal(volume_load_chunks(volume, NULL), 0);
	assert_int_equal(volume->nchunks, 3);
	assert_int_equal(image_findings(volume, FSR_FINDING_GROUP_HIDDEN, &f), 1);
	assert_int_equal(f.details[0].value, 2 * GIB);
	assert_int_equal(f.details[1].value, 3 * GIB);
	volume_close(volume);
}

/* ---- the superblock's array */

static int open_array(struct image *image, struct volume **volume, struct fsr_error *err)
{
	struct source *source = &image->source;

	for (unsigned m = 0; m < 2; m++)
		image_seal(image->bytes + (m ? 64 * MIB : 64 * KIB), SUPER_SIZE);
	return volume_open(&source, 1, volume, err);
}

static void test_bad_array(void **state)
{
	static const struct {
		size_t at; /* within the array's first entry */
		uint8_t value;
		const char *words;
	} cases[] = {
		{8, KEY_DEV_ITEM, "key type at byte 0 is 216"},
		{DISK_KEY_SIZE + CHUNK_TYPE, BLOCK_GROUP_DATA, "not system"},
		{DISK_KEY_SIZE + CHUNK_NUM_STRIPES, 3, "needs 144 bytes, 112 are left"},
		{DISK_KEY_SIZE + CHUNK_NUM_STRIPES, 0, "chunk 1048576: it"},
		{11, 0x80, "no chunk of the sys_chunk_array holds the chunk tree's root"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct image *image = image_ready();
		struct volume *volume;
		struct fsr_error err;

		for (unsigned m = 0; m < 2; m++)
			image->bytes[(m ? 64 * MIB : 64 * KIB) + SUPER_SYS_ARRAY + cases[i].at] =
				cases[i].value;
		assert_int_equal(open_array(image, &volume, &err), FSR_E_CORRUPT);
		if (!strstr(err.text, cases[i].words))
			fail_msg("'%s' lacks '%s'", err.text, cases[i].words);
		source_close(&image->source);
	}
}

/* Rubbish behind the chunk that holds the chunk tree costs a finding only. */
static void test_array_tail(void **state)
{
	struct image *image = image_ready();
	struct volume *volume;

	(void)state;
	for (unsigned m = 0; m < 2; m++)
		put32(image->bytes + (m ? 64 * MIB : 64 * KIB) + SUPER_SYS_ARRAY_SIZE, SUPER_SYS_ARRAY_MAX);
	assert_int_equal(open_array(image, &volume, NULL), 0);
	assert_int_equal(image_findings(volume, FSR_FINDING_CHUNK_BAD, NULL), 1);
	assert_int_equal(volume->nchunks, 1);
	volume_close(volume);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_legacy),
		cmocka_unit_test(test_bad_items),
		cmocka_unit_test(test_missing_device),
		cmocka_unit_test(test_good_chunks),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_hidden_middle),
		cmocka_unit_test(test_bad_array),
		cmocka_unit_test(test_array_tail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
