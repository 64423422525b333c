/* SPDX-License-Identifier: MIT */
/* Single tree blocks, good and bad. Values of samples are those that `btrfs inspect-internal` shows. */
#include "sample.h"
#include "small_fs.h"

#include "../../libfsread/space/space.h"
#include "cachefile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct fsr_block *open_block(struct fsr_fs *fs, uint64_t bytenr, unsigned copy)
{
	struct fsr_block *block;
	struct fsr_error err;

	if (fsr_block_open(fs, bytenr, copy, &block, &err))
		fail_msg("block %llu: %s", (unsigned long long)bytenr, err.text);
	return block;
}

/* ---- blocks that a kernel wrote */

static void test_leaf(void **state)
{
	struct fsr_fs *fs = sample_open("clean");
	struct fsr_block *block = open_block(fs, 30457856, FSR_ANY_COPY);
	struct fsr_pointer pointer;
	struct fsr_item item;

	(void)state;
	assert_true(block->lawful);
	assert_string_equal(block->problem, "");
	assert_int_equal(block->bytenr, 30457856);
	assert_int_equal(block->ncopies, 2);
	assert_int_equal(block->copy, 0);
	assert_int_equal(block->owner, ROOT_TREE_OBJECTID);
	assert_int_equal(block->generation, 8);
	assert_int_equal(block->level, 0);
	assert_int_equal(block->nritems, 19);
	assert_int_equal(block->free_bytes, 12186);
	assert_int_equal(block->size, 16384);
	assert_true(fsr_block_item(block, 16, &item));
	assert_int_equal(item.key.objectid, FREE_SPACE_OBJECTID);
	assert_int_equal(item.key.type, KEY_UNTYPED);
	assert_int_equal(item.key.offset, 137756672);
	assert_int_equal(item.leaf, 30457856);
	assert_int_equal(item.slot, 16);
	assert_int_equal(item.size, 41);
	assert_ptr_equal(item.data, block->data + HEADER_SIZE + 13141);
	assert_true(fsr_block_item(block, 18, &item));
	assert_false(fsr_block_item(block, 19, &item));
	assert_false(fsr_block_item(block, UINT32_MAX, &item));
	assert_false(fsr_block_pointer(block, 0, &pointer));
	fsr_block_free(block);
	fsr_close(fs);
}

static void test_node(void **state)
{
	struct fsr_fs *fs = sample_open("node-4k");
	struct fsr_block *block = open_block(fs, 30441472, 0);
	struct fsr_pointer pointer;
	struct fsr_item item;

	(void)state;
	assert_true(block->lawful);
	assert_int_equal(block->level, 1);
	assert_int_equal(block->nritems, 2);
	assert_int_equal(block->free_bytes, 4096 - 101 - 2 * 33);
	assert_true(fsr_block_pointer(block, 1, &pointer));
	assert_int_equal(pointer.key.objectid, 256);
	assert_int_equal(pointer.key.type, KEY_INODE_ITEM);
	assert_int_equal(pointer.key.offset, 0);
	assert_int_equal(pointer.bytenr, 30445568);
	assert_int_equal(pointer.generation, 8);
	assert_false(fsr_block_pointer(block, 2, &pointer));
	assert_false(fsr_block_item(block, 0, &item));
	fsr_block_free(block);
	fsr_close(fs);
}

/* The first copy fails its checksum. */
static void test_copies(void **state)
{
	struct fsr_fs *fs = sample_open("tree-block-copy");
	size_t before = fs->volume->findings.count;
	struct fsr_block *block = open_block(fs, 30457856, FSR_ANY_COPY);
	struct fsr_item item;

	(void)state;
	assert_true(block->lawful);
	assert_int_equal(block->copy, 1);
	assert_true(fsr_block_item(block, 0, &item));
	fsr_block_free(block);
	block = open_block(fs, 30457856, 0);
	assert_false(block->lawful);
	assert_int_equal(block->copy, 0);
	assert_string_equal(block->problem, "its checksum is ab41d9f6, computed af077315");
	assert_int_equal(block->owner, ROOT_TREE_OBJECTID);
	assert_int_equal(block->nritems, 19);
	assert_int_equal(block->free_bytes, 0);
	assert_false(fsr_block_item(block, 0, &item));
	fsr_block_free(block);
	assert_int_equal(fs->volume->findings.count, before);
	fsr_close(fs);
}

static int error_of(struct fsr_fs *fs, uint64_t bytenr, unsigned copy)
{
	struct fsr_error err = {0};
	struct fsr_block *block = (void *)fs; /* must not stay */
	int ret = fsr_block_open(fs, bytenr, copy, &block, &err);

	assert_null(block);
	assert_int_equal(err.code, ret);
	assert_true(*err.text);
	return ret;
}

static void test_address(void **state)
{
	struct fsr_fs *fs = sample_open("clean"); /* metadata: 30408704+107347968 */

	(void)state;
	assert_int_equal(error_of(fs, 30457856 + 512, 0), FSR_E_INVALID);
	assert_int_equal(error_of(fs, 4096, 0), FSR_E_NOT_FOUND);
	assert_int_equal(error_of(fs, UINT64_C(1) << 60, FSR_ANY_COPY), FSR_E_NOT_FOUND);
	assert_int_equal(error_of(fs, UINT64_MAX - 4095, FSR_ANY_COPY), FSR_E_NOT_FOUND);
	assert_int_equal(error_of(fs, 355860480 + 218103808 - 4096, 0), FSR_E_INVALID);
	assert_int_equal(error_of(fs, 30457856, 2), FSR_E_INVALID);
	/* a file's data is no tree block, but can be read as one */
	fsr_block_free(open_block(fs, 13631488, 0));
	fsr_close(fs);
}

/* ---- blocks made for the purpose */

/* One block of the image is what is opened. */
struct bench {
	struct small_fs *small;
	struct fsr_fs fs;
};

static struct bench bench_open(void)
{
	struct bench b = {.small = fs_make()};

	b.fs.volume = fs_volume(b.small);
	return b;
}

static void bench_close(struct bench *b)
{
	volume_close(b->fs.volume); /* the image is its source */
	free(b->small);
}

static void expect_problem(struct bench *b, uint64_t bytenr, const char *words)
{
	struct fsr_block *block = open_block(&b->fs, bytenr, 0);

	if (block->lawful != !words || (words && !strstr(block->problem, words)))
		fail_msg("should say '%s', says '%s'", words ? words : "", block->problem);
	fsr_block_free(block);
}

/* Writes a number into copy 0 of the root tree's leaf, makes the checksum good, and asks. */
static void expect_after(struct bench *b, uint32_t at, unsigned width, uint64_t value, const char *words)
{
	uint8_t *bytes = image_block(b->small->image, FS_BLOCK(FS_ROOTS), 0), before[IMAGE_NODESIZE];

	memcpy(before, bytes, sizeof before);
	if (width == 1)
		bytes[at] = (uint8_t)value;
	else if (width == 4)
		put32(bytes + at, (uint32_t)value);
	else
		put64(bytes + at, value);
	image_seal(bytes, IMAGE_NODESIZE);
	expect_problem(b, FS_BLOCK(FS_ROOTS), words);
	memcpy(bytes, before, sizeof before);
}

static void test_unlawful(void **state)
{
	struct bench b = bench_open();
	const uint32_t first = HEADER_SIZE;

	(void)state;
	expect_problem(&b, FS_BLOCK(FS_ROOTS), NULL);
	expect_after(&b, HEADER_BYTENR, 8, 123, "bytenr 123");
	expect_after(&b, HEADER_FSID, 8, 0, "another filesystem");
	expect_after(&b, HEADER_LEVEL, 1, 8, "level is 8");
	expect_after(&b, HEADER_LEVEL, 1, 255, "level is 255");
	expect_after(&b, HEADER_LEVEL, 1, 7, "slot 0"); /* items are no pointers */
	expect_after(&b, HEADER_NRITEMS, 4, UINT32_MAX, "slot ");
	expect_after(&b, HEADER_NRITEMS, 4, 0, "never empty");
	expect_after(&b, HEADER_GENERATION, 8, IMAGE_GENERATION + 1, NULL); /* as a log tree's is */
	expect_after(
		&b, HEADER_GENERATION, 8, IMAGE_GENERATION + 2, "its generation is 11, the filesystem's 9");
	expect_after(&b, HEADER_GENERATION, 8, UINT64_MAX, "its generation is");
	expect_after(&b, HEADER_OWNER, 8, 77, NULL); /* whose it should be is not known */
	expect_after(&b, first + 17, 4, UINT32_MAX, "slot 0");
	expect_after(&b, first + 21, 4, UINT32_MAX, "slot 0");
	expect_after(&b, first, 8, UINT64_MAX, "slot 1: key "); /* out of order */
	bench_close(&b);
}

/* A copy on a device that was not given is passed over. */
static void test_unreadable_copy(void **state)
{
	struct bench b = bench_open();
	struct chunk *chunk = (struct chunk *)volume_find_chunk(b.fs.volume, IMAGE_CHUNK);
	struct fsr_block *block;

	(void)state;
	chunk->stripes[0].devid = 5;
	assert_int_equal(error_of(&b.fs, FS_BLOCK(FS_ROOTS), 0), FSR_E_MISSING);
	block = open_block(&b.fs, FS_BLOCK(FS_ROOTS), FSR_ANY_COPY);
	assert_int_equal(block->copy, 1);
	assert_true(block->lawful);
	fsr_block_free(block);
	image_block(b.small->image, FS_BLOCK(FS_ROOTS), 1)[2000] ^= 1;
	block = open_block(&b.fs, FS_BLOCK(FS_ROOTS), FSR_ANY_COPY);
	assert_int_equal(block->copy, 1);
	assert_false(block->lawful);
	fsr_block_free(block);
	chunk->stripes[1].devid = 6;
	assert_int_equal(error_of(&b.fs, FS_BLOCK(FS_ROOTS), FSR_ANY_COPY), FSR_E_MISSING);
	bench_close(&b);
}

/* ---- any bytes at all */

static int ignore_field(void *arg, const struct fsr_field *field)
{
	*(uint64_t *)arg += field->value;
	return 0;
}

/* Each byte once, in order. */
static int next_label(void *arg, const struct fsr_label *label)
{
	unsigned *at = arg;

	assert_int_equal(label->byte, *at);
	assert_true(label->length > 0);
	assert_true(memchr(label->text, 0, sizeof label->text));
	*at += label->length;
	return 0;
}

static bool use_block(struct fsr_fs *fs, uint64_t bytenr)
{
	struct fsr_block *block = open_block(fs, bytenr, 0);
	bool lawful = block->lawful;
	struct fsr_pointer pointer;
	struct fsr_item item;
	unsigned at = 0, n = 0;
	uint64_t sum = 0;

	for (unsigned i = 0; fsr_block_item(block, i, &item); i++, n++)
		fsr_item_fields(&item, ignore_field, &sum);
	for (unsigned i = 0; fsr_block_pointer(block, i, &pointer); i++, n++)
		sum += pointer.bytenr;
	assert_int_equal(n, lawful ? block->nritems : 0);
	assert_int_equal(fsr_block_labels(block, next_label, &at), 0);
	assert_int_equal(at, block->size);
	fsr_block_free(block);
	return lawful;
}

/* Random bytes behind a header that is in order. */
static void test_random(void **state)
{
	struct bench b = bench_open();
	uint64_t seed = 1, bytenr = FS_BLOCK(FS_ROOTS);
	uint8_t *bytes = image_block(b.small->image, bytenr, 0);

	(void)state;
	for (unsigned round = 0; round < 4000; round++) {
		for (uint32_t i = HEADER_FLAGS; i < IMAGE_NODESIZE; i += 8)
			put64(bytes + (i + 8 > IMAGE_NODESIZE ? IMAGE_NODESIZE - 8 : i), draw(&seed));
		if (round & 1)
			put32(bytes + HEADER_NRITEMS, (uint32_t)draw_below(&seed, 200));
		if (round & 2)
			put64(bytes + HEADER_GENERATION, IMAGE_GENERATION);
		bytes[HEADER_LEVEL] = (uint8_t)draw_below(&seed, round & 4 ? 2 : 256);
		image_seal(bytes, IMAGE_NODESIZE);
		use_block(&b.fs, bytenr);
	}
	bench_close(&b);
}

/* A few bytes changed in a lawful block: many stay lawful, with fields of any value. */
static void test_changed(void **state)
{
	struct bench b = bench_open();
	uint64_t seed = 2;
	unsigned lawful = 0;

	(void)state;
	for (unsigned round = 0; round < 8000; round++) {
		uint64_t bytenr = FS_BLOCK(FS_ROOTS + round % (FS_TREES - FS_ROOTS));
		uint8_t *bytes = image_block(b.small->image, bytenr, 0), before[IMAGE_NODESIZE];

		memcpy(before, bytes, sizeof before);
		for (unsigned i = 0; i <= round % 3; i++) {
			uint64_t area = draw(&seed) % 2 ? 1000 : IMAGE_NODESIZE;

			bytes[IMAGE_NODESIZE - 1 - draw_below(&seed, area)] ^=
				(uint8_t)(1u << draw_below(&seed, 8));
		}
		image_seal(bytes, IMAGE_NODESIZE);
		lawful += use_block(&b.fs, bytenr);
		memcpy(bytes, before, sizeof before);
	}
	assert_true(lawful > 1000);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_leaf),
		cmocka_unit_test(test_node),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_unlawful),
		cmocka_unit_test(test_unreadable_copy),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
