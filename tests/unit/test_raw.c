/* SPDX-License-Identifier: MIT */
/* Bytes by address, and who holds them. Values of samples are those of `btrfs inspect-internal`. */
#include "sample.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- places; by btrfs-map-logical */

static void test_locate(void **state)
{
	struct fsr_fs *fs = sample_open("clean");
	struct fsr_physical where;
	struct fsr_error err;

	(void)state;
	assert_int_equal(fsr_copies(fs, 30457856), 2);
	assert_int_equal(fsr_copies(fs, 13631488), 1);
	assert_int_equal(fsr_copies(fs, 13631487), 0);
	assert_int_equal(fsr_copies(fs, UINT64_MAX), 0);
	assert_int_equal(fsr_locate(fs, 30457856, 0, &where, &err), 0);
	assert_int_equal(where.devid, 1);
	assert_int_equal(where.offset, 38846464);
	assert_int_equal(where.image_offset, 38846464);
	assert_int_equal(fsr_locate(fs, 30457856 + 7, 1, &where, &err), 0);
	assert_int_equal(where.offset, 146194432 + 7);
	assert_int_equal(fsr_locate(fs, 30457856, 2, &where, &err), FSR_E_INVALID);
	assert_int_equal(fsr_locate(fs, 4096, 0, &where, &err), FSR_E_NOT_FOUND);
	fsr_close(fs);
}

static void test_read(void **state)
{
	struct fsr_fs *fs = sample_open("tree-block-copy"); /* whose copy 0 of this block is damaged */
	const uint64_t end = 355860480 + 218103808;
	uint8_t a[16384], b[16384];
	struct fsr_error err;

	(void)state;
	assert_int_equal(fsr_read(fs, 30457856, sizeof a, 0, a, &err), 0);
	assert_int_equal(fsr_read(fs, 30457856, sizeof b, 1, b, &err), 0);
	assert_int_equal(get64(a + HEADER_BYTENR), 30457856);
	assert_int_equal(get64(b + HEADER_BYTENR), 30457856);
	assert_memory_not_equal(a, b, sizeof a);
	assert_int_equal(fsr_read(fs, 30457856 + HEADER_BYTENR, 8, 1, a, &err), 0);
	assert_int_equal(get64(a), 30457856);
	assert_int_equal(fsr_read(fs, end - 1, 1, 0, a, &err), 0);
	assert_int_equal(fsr_read(fs, end - 1, 2, 0, a, &err), FSR_E_INVALID);
	assert_int_equal(fsr_read(fs, end, 1, 0, a, &err), FSR_E_NOT_FOUND);
	assert_int_equal(fsr_read(fs, 30457856, SIZE_MAX, 0, a, &err), FSR_E_INVALID);
	assert_int_equal(fsr_read(fs, 30457856, 1, 2, a, &err), FSR_E_INVALID);
	assert_int_equal(fsr_read(fs, 30457856, 0, 0, NULL, &err), 0);
	fsr_close(fs);
}

static void test_missing_device(void **state)
{
	struct world *w = world_new();
	struct fsr_physical where;
	struct fsr_error err;
	uint8_t byte;

	(void)state;
	w->profile = BLOCK_GROUP_RAID1;
	w->second_device = true;
	world_extent(w, GROUP, MIB);
	world_open(w);
	world_bytes(w, GROUP + 5, 0)[0] = 0xa5;
	assert_int_equal(fsr_copies(&w->fs, GROUP), 2);
	assert_int_equal(fsr_read(&w->fs, GROUP + 5, 1, 0, &byte, &err), 0);
	assert_int_equal(byte, 0xa5);
	assert_int_equal(fsr_locate(&w->fs, GROUP + 5, 1, &where, &err), 0);
	assert_int_equal(where.devid, 2);
	assert_int_equal(where.offset, WORLD_COPY_1 + 5);
	assert_int_equal(fsr_read(&w->fs, GROUP + 5, 1, 1, &byte, &err), FSR_E_MISSING);
	assert_int_equal(err.devid, 2);
	world_free(w);
}

/* ---- holders */

static struct fsr_holder holder_at(struct fsr_fs *fs, uint64_t bytenr)
{
	struct fsr_holder holder = {.present = true, .length = 1};

	assert_int_equal(fsr_holder_at(fs, bytenr, &holder, NULL), 0);
	if (!holder.present)
		assert_int_equal(holder.length, 0);
	return holder;
}

static void test_data_holder(void **state)
{
	struct fsr_fs *fs = sample_open("clean");
	struct fsr_holder h = holder_at(fs, 13631488 + 100);

	(void)state;
	assert_true(h.present);
	assert_false(h.tree_block);
	assert_int_equal(h.bytenr, 13631488);
	assert_int_equal(h.length, 196608);
	assert_int_equal(h.root, FS_TREE_OBJECTID);
	assert_int_equal(h.objectid, 257);
	assert_int_equal(h.offset, 0);
	assert_int_equal(h.generation, 7);
	assert_int_equal(h.key.objectid, 13631488);
	assert_int_equal(h.key.type, KEY_EXTENT_ITEM);
	assert_int_equal(h.key.offset, 196608);
	assert_int_equal(h.leaf, 30425088);
	assert_int_equal(h.slot, 0);
	assert_int_equal(holder_at(fs, 13631488).bytenr, 13631488);
	assert_int_equal(holder_at(fs, 13828095).objectid, 257); /* its last byte */
	h = holder_at(fs, 13828096);
	assert_int_equal(h.objectid, 258);
	assert_int_equal(h.slot, 2);
	assert_false(holder_at(fs, 13828096 + 393216).present); /* free up to 14811136 */
	assert_false(holder_at(fs, 14811135).present);
	assert_true(holder_at(fs, 14811136).present);
	assert_false(holder_at(fs, 0).present);
	assert_false(holder_at(fs, UINT64_MAX).present);
	fsr_close(fs);
}

static void test_tree_block_holder(void **state)
{
	struct fsr_fs *fs = sample_open("clean");
	struct fsr_holder h = holder_at(fs, 30457856 + 16383);

	(void)state;
	assert_true(h.present && h.tree_block);
	assert_int_equal(h.bytenr, 30457856);
	assert_int_equal(h.length, 16384);
	assert_int_equal(h.root, ROOT_TREE_OBJECTID);
	assert_int_equal(h.generation, 8);
	assert_int_equal(h.key.type, KEY_METADATA_ITEM);
	assert_int_equal(h.slot, 13);
	assert_int_equal(holder_at(fs, 30457856 + 16384).root, FS_TREE_OBJECTID);
	fsr_close(fs);
}

static void test_hidden_holder(void **state)
{
	struct world *w = world_plain(0);
	struct fsr_holder holder;
	struct fsr_error err;

	(void)state;
	world_open(w);
	assert_int_equal(fsr_holder_at(&w->fs, GROUP, &holder, &err), 0);
	for (unsigned copy = 0; copy < 2; copy++)
		image_block(w->image, WORLD_EXTENT_TREE, copy)[3000] ^= 1;
	assert_int_equal(fsr_holder_at(&w->fs, GROUP, &holder, &err), FSR_E_CORRUPT);
	assert_int_equal(err.bytenr, WORLD_EXTENT_TREE);
	w->fs.has_extent_root = false;
	assert_int_equal(fsr_holder_at(&w->fs, GROUP, &holder, &err), FSR_E_NOT_FOUND);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_locate),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_missing_device),
		cmocka_unit_test(test_data_holder),
		cmocka_unit_test(test_tree_block_holder),
		cmocka_unit_test(test_hidden_holder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
