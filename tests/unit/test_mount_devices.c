/* SPDX-License-Identifier: MIT */
/*
 * Devices at mount: items, device extents against chunks, a running replace. For each case Linux 6.1.192 was
 * given an image broken in the same way, and mounted it or did not.
 */
#include "small_fs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define DEV_EXTENT FSR_FINDING_DEV_EXTENT
#define REPLACE_SIZE 72u

static void change_dev_extent(uint32_t at, uint64_t value, const char *words)
{
	struct small_fs *fs = fs_make();

	put64(fs_bytes(fs, FS_DEVICES, 1, KEY_DEV_EXTENT) + at, value);
	fs_expect(fs, DEV_EXTENT, words);
}

static void test_dev_extents(void **state)
{
	struct small_fs *fs = fs_make();

	(void)state;
	fs_drop(fs, FS_DEVICES, 1, KEY_DEV_EXTENT);
	fs_expect(fs, DEV_EXTENT, "chunk 1048576 has 1 device extents, not 2");
	fs = fs_make();
	fs_add_dev_extent(fs, 32 * MIB);
	fs_expect(fs, DEV_EXTENT, "at 33554432 of device 1 is none of the 2 stripes of chunk 1048576");
	fs = fs_make();
	fs_add_dev_extent(fs, 63 * MIB);
	fs_expect(fs, DEV_EXTENT, "is none of the 2 stripes");
	fs = fs_make();
	fs_drop(fs, FS_DEVICES, 1, KEY_DEV_EXTENT);
	fs_drop(fs, FS_DEVICES, 1, KEY_DEV_EXTENT);
	fs_expect(fs, DEV_EXTENT, "has no device extents, there are 1 chunks");
	fs = fs_make();
	fs_drop(fs, FS_DEVICES, 1, KEY_DEV_EXTENT);
	fs_drop(fs, FS_DEVICES, 1, KEY_DEV_EXTENT);
	fs_add(fs, FS_DEVICES, (struct fsr_key){2, KEY_UNTYPED, 0}, 0);
	fs_expect(fs, DEV_EXTENT, "has 0 device extents, not 2");
	fs = fs_make();
	fs_add(fs, FS_DEVICES, (struct fsr_key){1, KEY_DEV_EXTENT + 1, 0},
		3); /* behind them all: the walk ends there */
	fs_expect(fs, 0, NULL);
	fs = fs_make();
	fs_add(fs, FS_DEVICES, (struct fsr_key){1, KEY_DEV_EXTENT - 1, 0}, 0);
	fs_expect(fs, 0, NULL);
	change_dev_extent(DEV_EXTENT_CHUNK_OFFSET, IMAGE_CHUNK + 4096, NULL);
	change_dev_extent(DEV_EXTENT_CHUNK_OFFSET, 900 * MIB, "chunk 943718400, which does not exist");
	change_dev_extent(
		DEV_EXTENT_LENGTH, 2 * MIB, "has 2097152 bytes, a stripe of chunk 1048576 has 4194304");
	change_dev_extent(DEV_EXTENT_LENGTH, 0, "has 0 bytes");
}

/* Within a leaf block_check() sees it. */
static void test_overlap_across_leaves(void **state)
{
	const uint64_t start = IMAGE_COPY_1 + 2 * MIB, leaf = FS_BLOCK(100);
	const struct fsr_key key = {1, KEY_DEV_EXTENT, start};
	struct small_fs *fs = fs_make();
	const struct image_item item = {key, fs_bytes(fs, FS_DEVICES, 1, KEY_DEV_EXTENT), DEV_EXTENT_SIZE};

	(void)state;
	image_leaf(fs->image, leaf, DEV_TREE_OBJECTID, &item, 1);
	fs_add_leaf(fs, FS_DEVICES, key, leaf);
	fs_expect(fs, DEV_EXTENT,
		"at 18874368 of device 1 begins inside the one before, which ends at 20971520");
}

/* What a leaf that can't be read hides is not called missing. */
static void test_hidden_dev_extents(void **state)
{
	struct small_fs *fs = fs_make();
	struct volume *volume;

	(void)state;
	fs_drop(fs, FS_DEVICES, 1, KEY_DEV_EXTENT);
	fs_add_leaf(fs, FS_DEVICES, (struct fsr_key){1, KEY_DEV_EXTENT, IMAGE_COPY_1 + 4096}, FS_BLOCK(100));
	volume = fs_volume(fs);
	assert_int_equal(mount_check(volume, NULL), 0);
	assert_int_equal(image_findings(volume, DEV_EXTENT, NULL), 0);
	assert_int_equal(image_findings(volume, FSR_FINDING_TREE_BLOCK, NULL), 1);
	volume_close(volume);
	free(fs);
}

static void test_device_end(void **state)
{
	struct small_fs *fs = fs_make();
	struct volume *volume = fs_volume(fs);

	(void)state;
	volume->devices[0].info.total_bytes = IMAGE_COPY_1 + IMAGE_CHUNK_LENGTH;
	fs_expect_volume(fs, volume, 0, NULL);
	fs = fs_make();
	volume = fs_volume(fs);
	volume->devices[0].info.total_bytes = IMAGE_COPY_1 + IMAGE_CHUNK_LENGTH - 4096;
	fs_expect_volume(fs, volume, DEV_EXTENT, "ends at 20971520, the device has 20967424 bytes");
}

static void test_replace(void **state)
{
	static const struct {
		uint64_t state, source;
		uint32_t size;
		const char *words;
	} cases[] = {
		{0, 1, REPLACE_SIZE, NULL},
		{1, 1, REPLACE_SIZE, "its target, device 0, was not given"},
		{2, 1, REPLACE_SIZE, NULL},
		{3, 1, REPLACE_SIZE, NULL},
		{4, 1, REPLACE_SIZE, "its target, device 0, was not given"},
		{4, 9, REPLACE_SIZE, "its source, device 9, was not given"},
		{5, 1, REPLACE_SIZE, NULL},
		{1, 1, REPLACE_SIZE + 8, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct small_fs *fs = fs_make();
		uint8_t *item =
			fs_add(fs, FS_DEVICES, (struct fsr_key){0, KEY_DEV_REPLACE, 0}, cases[i].size);

		put64(item, cases[i].source);
		put64(item + 32, cases[i].state);
		fs_expect(fs, FSR_FINDING_MOUNT_LOOKUP, cases[i].words);
	}
}

/* The chunk tree's leaf again, with this device item or none. */
static void change_device_item(const uint8_t *device, const char *words)
{
	const struct chunk_stripe stripes[] = {{1, IMAGE_COPY_0}, {1, IMAGE_COPY_1}};
	struct small_fs *fs = fs_make();
	uint8_t chunk[256];
	const struct image_item items[] = {
		{{DEV_ITEMS_OBJECTID, KEY_DEV_ITEM, 1}, device, DEV_ITEM_SIZE},
		{{FIRST_CHUNK_TREE_OBJECTID, KEY_CHUNK_ITEM, IMAGE_CHUNK}, chunk,
			image_chunk_item(
				chunk, IMAGE_CHUNK_LENGTH, BLOCK_GROUP_SYSTEM | BLOCK_GROUP_DUP, 2, stripes)},
	};

	image_leaf(
		fs->image, IMAGE_CHUNK_ROOT, CHUNK_TREE_OBJECTID, device ? items : items + 1, device ? 2 : 1);
	fs_expect(fs, FSR_FINDING_DEVICE_DIFFERS, words);
}

static void test_device_item(void **state)
{
	uint8_t device[DEV_ITEM_SIZE];

	(void)state;
	image_dev_item(device, 1, 65 * MIB);
	change_device_item(device, NULL);
	device[DEV_ITEM_FSID] ^= 1;
	change_device_item(device, "device 1 has the fsid of another filesystem");
	change_device_item(NULL, "no item for device 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dev_extents),
		cmocka_unit_test(test_overlap_across_leaves),
		cmocka_unit_test(test_hidden_dev_extents),
		cmocka_unit_test(test_device_end),
		cmocka_unit_test(test_replace),
		cmocka_unit_test(test_device_item),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
