/* SPDX-License-Identifier: MIT */
/*
 * Chunk rules, the map, and super stripes. The geometries are those of images that Linux 6.18 made
 * (dump-tree); where bytes lie is what btrfs-map-logical says, which ranges are excluded is what
 * the kernel's own caches and totals show.
 */
#include "image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define DATA BLOCK_GROUP_DATA
#define METADATA BLOCK_GROUP_METADATA
#define SYSTEM BLOCK_GROUP_SYSTEM

static struct volume *new_volume(void)
{
	struct volume *volume = image_open(image_ready());

	assert_non_null(volume);
	return volume;
}

/* ---- rules */

struct rule_case {
	size_t at; /* field of the item */
	unsigned width;
	uint64_t value;
	const char *words; /* NULL: still lawful */
};

static const char *check_changed(const struct volume *volume, const struct rule_case *rule, char text[128])
{
	const struct chunk_stripe stripes[] = {{1, 100 * MIB}, {2, 200 * MIB}};
	uint8_t item[256];
	uint32_t size = image_chunk_item(item, 8 * MIB, DATA | BLOCK_GROUP_RAID1, 2, stripes);

	if (rule->width == 2)
		put16(item + rule->at, (uint16_t)rule->value);
	else if (rule->width == 4)
		put32(item + rule->at, (uint32_t)rule->value);
	else if (rule->width == 8)
		put64(item + rule->at, rule->value);
	return chunk_check(volume, 64 * MIB, item, size, text);
}

static void test_rules(void **state)
{
	static const struct rule_case cases[] = {
		{0, 0, 0, NULL},
		{CHUNK_OWNER, 8, 77, NULL},
		{CHUNK_IO_ALIGN, 4, 0, NULL},
		{CHUNK_SUB_STRIPES, 2, 0, NULL},
		{CHUNK_LENGTH, 8, 0, "length is 0"},
		{CHUNK_LENGTH, 8, 8 * MIB + 512, "multiple of 4096"},
		{CHUNK_LENGTH, 8, UINT64_MAX - 64 * MIB - 4095, "must be below 281474976645120"},
		{CHUNK_LENGTH, 8, UINT64_MAX - 4095, "end of the address space"},
		{CHUNK_LENGTH, 8, UINT64_C(0xffffffff) << 16, "must be below 281474976645120"},
		{CHUNK_LENGTH, 8, (UINT64_C(0xffffffff) << 16) - 4096, NULL},
		{CHUNK_STRIPE_LEN, 8, 4096, "stripe_len is 4096"},
		{CHUNK_SECTOR_SIZE, 4, 512, "sector_size is 512"},
		{CHUNK_NUM_STRIPES, 2, 0, "no stripes"},
		{CHUNK_NUM_STRIPES, 2, 1, "1 stripes need 80"},
		{CHUNK_NUM_STRIPES, 2, 65535, "65535 stripes need"},
		{CHUNK_TYPE, 8, DATA | BLOCK_GROUP_DUP, NULL},
		{CHUNK_TYPE, 8, DATA | BLOCK_GROUP_RAID0, NULL},
		{CHUNK_TYPE, 8, DATA, "2 stripes, its profile needs 1"},
		{CHUNK_TYPE, 8, DATA | BLOCK_GROUP_RAID1C3, "2 stripes, its profile needs 3"},
		{CHUNK_TYPE, 8, DATA | BLOCK_GROUP_RAID6, "2 stripes, its profile needs 3"},
		{CHUNK_TYPE, 8, DATA | BLOCK_GROUP_RAID10, "sub_stripes is 1"},
		{CHUNK_TYPE, 8, DATA | BLOCK_GROUP_RAID1 | BLOCK_GROUP_DUP, "more than one profile bit"},
		{CHUNK_TYPE, 8, BLOCK_GROUP_RAID1, "neither data, metadata nor system"},
		{CHUNK_TYPE, 8, SYSTEM | DATA | BLOCK_GROUP_RAID1, "system and something else"},
		{CHUNK_TYPE, 8, DATA | METADATA | BLOCK_GROUP_RAID1, "mixed"},
		{CHUNK_TYPE, 8, DATA | BLOCK_GROUP_RAID1 | 1 << 11, "unknown bits"},
	};
	struct volume *volume = new_volume();
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *words = cases[i].words, *why = check_changed(volume, &cases[i], text);

		if (!why != !words || (why && !strstr(why, words)))
			fail_msg("case %zu: '%s', not '%s'", i, why ? why : "lawful",
				words ? words : "lawful");
	}
	volume->fs.incompat_flags |= INCOMPAT_MIXED_GROUPS;
	assert_null(check_changed(
		volume, &(struct rule_case){CHUNK_TYPE, 8, DATA | METADATA | BLOCK_GROUP_DUP, NULL}, text));
	volume_close(volume);
}

static void test_item_size(void **state)
{
	const struct chunk_stripe stripe = {1, 100 * MIB};
	struct volume *volume = new_volume();
	uint8_t item[256];
	char text[128];

	(void)state;
	assert_int_equal(image_chunk_item(item, 8 * MIB, DATA, 1, &stripe), 80);
	assert_null(chunk_check(volume, 64 * MIB, item, 80, text));
	assert_non_null(chunk_check(volume, 64 * MIB, item, 79, text));
	assert_non_null(chunk_check(volume, 64 * MIB, item, 81, text));
	assert_non_null(chunk_check(volume, 64 * MIB, item, 0, text));
	assert_non_null(chunk_check(volume, 64 * MIB + 1, item, 80, text));
	volume_close(volume);
}

/* ---- the map */

static int add(struct volume *volume, uint64_t start, uint64_t length, uint64_t type, unsigned n,
	const struct chunk_stripe *stripes, struct fsr_error *err)
{
	uint8_t item[1024];
	uint32_t size = image_chunk_item(item, length, type, n, stripes);

	return volume_add_chunk(volume, start, item, size, err);
}

static void test_add(void **state)
{
	const struct chunk_stripe stripe = {1, 100 * MIB}, other = {1, 108 * MIB};
	struct volume *volume = new_volume();
	struct fsr_error err;

	(void)state;
	for (uint64_t i = 200; i > 0; i--)
		assert_int_equal(add(volume, i * 64 * MIB, 8 * MIB, DATA, 1, &stripe, &err), 0);
	assert_int_equal(volume->nchunks, 201);
	for (size_t i = 1; i < volume->nchunks; i++)
		assert_true(volume->chunks[i - 1].start < volume->chunks[i].start);
	/* The same again is nothing new; anything else in the way is refused. */
	assert_int_equal(add(volume, 64 * MIB, 8 * MIB, DATA, 1, &stripe, &err), 0);
	assert_int_equal(add(volume, 64 * MIB, 8 * MIB, DATA, 1, &other, &err), FSR_E_CORRUPT);
	assert_int_equal(add(volume, 64 * MIB, 9 * MIB, DATA, 1, &stripe, &err), FSR_E_CORRUPT);
	assert_int_equal(add(volume, 70 * MIB, 1 * MIB, DATA, 1, &stripe, &err), FSR_E_CORRUPT);
	assert_int_equal(add(volume, 60 * MIB, 5 * MIB, DATA, 1, &stripe, &err), FSR_E_CORRUPT);
	assert_int_equal(add(volume, 60 * MIB, 4 * MIB, DATA, 1, &stripe, &err), 0);
	assert_int_equal(volume->nchunks, 202);
	volume_close(volume);
}

static void test_find(void **state)
{
	const struct chunk_stripe stripe = {1, 100 * MIB};
	struct volume *volume = new_volume();

	(void)state;
	assert_int_equal(add(volume, 64 * MIB, 8 * MIB, DATA, 1, &stripe, NULL), 0);
	assert_null(volume_find_chunk(volume, 64 * MIB - 1));
	assert_int_equal(volume_find_chunk(volume, 64 * MIB)->start, 64 * MIB);
	assert_int_equal(volume_find_chunk(volume, 72 * MIB - 1)->start, 64 * MIB);
	assert_null(volume_find_chunk(volume, 72 * MIB));
	assert_null(volume_find_chunk(volume, UINT64_MAX));
	assert_int_equal(volume_chunk_index(volume, 0), 0);
	assert_int_equal(volume_chunk_index(volume, IMAGE_CHUNK + IMAGE_CHUNK_LENGTH), 1);
	assert_int_equal(volume_chunk_index(volume, 72 * MIB), 2);
	volume_close(volume);
}

/* Chunks of kernel-made images. */
struct made_chunk {
	uint64_t start, length, type;
	unsigned n;
	struct chunk_stripe stripes[4];
};

static const struct made_chunk raid0_metadata = {
	38797312, 214695936, METADATA | BLOCK_GROUP_RAID0, 2, {{1, 30408704}, {2, 9437184}}};
static const struct made_chunk raid10_metadata = {38797312, 134217728, METADATA | BLOCK_GROUP_RAID10, 4,
	{{1, 30408704}, {2, 9437184}, {3, 9437184}, {4, 9437184}}};
static const struct made_chunk raid1c3_metadata = {
	30408704, 268435456, METADATA | BLOCK_GROUP_RAID1C3, 3, {{1, 30408704}, {2, 9437184}, {3, 9437184}}};

static const struct made_chunk raid5_data = {
	217710592, 214695936, DATA | BLOCK_GROUP_RAID5, 3, {{1, 119865344}, {2, 98893824}, {3, 98893824}}};
static const struct made_chunk raid6_data = {173015040, 214695936, DATA | BLOCK_GROUP_RAID6, 4,
	{{1, 97517568}, {2, 76546048}, {3, 76546048}, {4, 76546048}}};

static const struct chunk *add_made(struct volume *volume, const struct made_chunk *made)
{
	assert_int_equal(add(volume, made->start, made->length, made->type, made->n, made->stripes, NULL), 0);
	return volume_find_chunk(volume, made->start);
}

static void check_map(const struct volume *volume, uint64_t logical, unsigned copy, uint64_t devid,
	uint64_t offset, uint64_t length)
{
	struct fsr_physical where;
	uint64_t run;

	assert_int_equal(volume_map(volume, logical, copy, &where, &run, NULL), 0);
	assert_int_equal(where.devid, devid);
	assert_int_equal(where.offset, offset);
	assert_int_equal(run, length);
}

static void test_map_raid0(void **state)
{
	struct volume *volume = new_volume();
	const struct chunk *chunk = add_made(volume, &raid0_metadata);

	(void)state;
	assert_int_equal(chunk_copies(chunk), 1);
	assert_int_equal(chunk_data_stripes(chunk), 2);
	assert_int_equal(chunk_stripe_size(chunk), 107347968);
	check_map(volume, 38797312, 0, 1, 30408704, 65536);
	check_map(volume, 39014400, 0, 2, 9523200, 45056);
	check_map(volume, 39145472, 0, 2, 9588736, 45056);
	check_map(volume, 38797312 + 214695936 - 1, 0, 2, 9437184 + 107347968 - 1, 1);
	assert_int_equal(volume_map(volume, 38797312, 1, &(struct fsr_physical){0}, &(uint64_t){0}, NULL),
		FSR_E_INVALID);
	volume_close(volume);
}

static void test_map_raid10(void **state)
{
	struct volume *volume = new_volume();
	const struct chunk *chunk = add_made(volume, &raid10_metadata);

	(void)state;
	assert_int_equal(chunk_copies(chunk), 2);
	assert_int_equal(chunk_stripe_size(chunk), 67108864);
	check_map(volume, 39014400, 0, 3, 9523200, 45056);
	check_map(volume, 39014400, 1, 4, 9523200, 45056);
	check_map(volume, 39145472, 0, 3, 9588736, 45056);
	check_map(volume, 38797312 + 131072, 0, 1, 30408704 + 65536, 65536);
	check_map(volume, 38797312 + 131072, 1, 2, 9437184 + 65536, 65536);
	volume_close(volume);
}

static void test_map_mirrors(void **state)
{
	struct volume *volume = new_volume();

	(void)state;
	add_made(volume, &raid1c3_metadata);
	check_map(volume, 30408704 + 1000000, 0, 1, 30408704 + 1000000, 268435456 - 1000000);
	check_map(volume, 30408704 + 1000000, 2, 3, 9437184 + 1000000, 268435456 - 1000000);
	volume_close(volume);
}

static void test_map_raid5(void **state)
{
	struct volume *volume = new_volume();
	const struct chunk *chunk = add_made(volume, &raid5_data);

	(void)state;
	assert_int_equal(chunk_copies(chunk), 2);
	assert_int_equal(chunk_data_stripes(chunk), 2);
	assert_int_equal(chunk_super_unit(chunk), 131072);
	check_map(volume, 217710592, 0, 1, 119865344, 65536);
	check_map(volume, 217710592, 1, 3, 98893824, 65536);
	check_map(volume, 217776128, 0, 2, 98893824, 65536);
	check_map(volume, 217776128, 1, 3, 98893824, 65536);
	check_map(volume, 217841664, 0, 2, 98959360, 65536);
	check_map(volume, 217841664 + 4096, 1, 1, 119930880 + 4096, 61440);
	check_map(volume, 217907200, 0, 3, 98959360, 65536);
	volume_close(volume);
}

static void test_map_raid6(void **state)
{
	struct volume *volume = new_volume();
	const struct chunk *chunk = add_made(volume, &raid6_data);

	(void)state;
	assert_int_equal(chunk_copies(chunk), 3);
	assert_int_equal(chunk_data_stripes(chunk), 2);
	check_map(volume, 173080576, 0, 2, 76546048, 65536);
	check_map(volume, 173080576, 1, 3, 76546048, 65536);
	check_map(volume, 173080576, 2, 4, 76546048, 65536);
	check_map(volume, 173146112, 0, 2, 76611584, 65536);
	check_map(volume, 173146112, 1, 4, 76611584, 65536);
	check_map(volume, 173146112, 2, 1, 97583104, 65536);
	check_map(volume, 173277184, 0, 3, 76677120, 65536);
	check_map(volume, 173277184, 1, 1, 97648640, 65536);
	check_map(volume, 173277184, 2, 2, 76677120, 65536);
	volume_close(volume);
}

/* A RAID0 chunk whose two stripes lie on the one device: bytes must come back in logical order. */
static void test_read_across_stripes(void **state)
{
	const struct chunk_stripe stripes[] = {{1, 30 * MIB}, {1, 40 * MIB}};
	struct image *image = image_ready();
	struct volume *volume = image_open(image);
	uint8_t *buffer = malloc(MIB);
	struct fsr_error err;

	(void)state;
	assert_int_equal(add(volume, 64 * MIB, MIB, DATA | BLOCK_GROUP_RAID0, 2, stripes, &err), 0);
	for (unsigned unit = 0; unit < 16; unit++)
		memset(image->bytes + (unit % 2 ? 40 : 30) * MIB + unit / 2 * STRIPE_LEN, (int)unit + 1,
			STRIPE_LEN);
	assert_int_equal(volume_read(volume, 64 * MIB + 1000, MIB - 1000, 0, buffer, &err), 0);
	for (size_t i = 0; i < MIB - 1000; i++)
		if (buffer[i] != (i + 1000) / STRIPE_LEN + 1)
			fail_msg("byte %zu is %u", i, buffer[i]);
	assert_int_equal(volume_read(volume, 64 * MIB + 1001, MIB - 1000, 0, buffer, &err), FSR_E_CORRUPT);
	assert_int_equal(volume_read(volume, 65 * MIB, 1, 0, buffer, &err), FSR_E_CORRUPT);
	free(buffer);
	volume_close(volume);
}

static void test_read_errors(void **state)
{
	const struct chunk_stripe missing = {7, 30 * MIB}, beyond = {1, 64 * MIB},
				  wrapping = {1, UINT64_MAX - 4095};
	struct volume *volume = new_volume();
	struct fsr_error err;
	uint8_t buffer[8192];

	(void)state;
	assert_int_equal(add(volume, 64 * MIB, 8 * MIB, DATA, 1, &missing, &err), 0);
	assert_int_equal(volume_read(volume, 65 * MIB, 4096, 0, buffer, &err), FSR_E_MISSING);
	assert_int_equal(err.devid, 7);
	assert_int_equal(err.bytenr, 65 * MIB);
	assert_int_equal(add(volume, 128 * MIB, 8 * MIB, DATA, 1, &beyond, &err), 0);
	assert_int_equal(volume_read(volume, 128 * MIB, 4096, 0, buffer, &err), 0);
	assert_int_equal(volume_read(volume, 130 * MIB, 4096, 0, buffer, &err), FSR_E_TRUNCATED);
	assert_int_equal(err.devid, 1);
	assert_non_null(strstr(err.text, "image offset 69206016"));
	assert_int_equal(add(volume, 256 * MIB, 8 * MIB, DATA, 1, &wrapping, &err), 0);
	assert_int_equal(volume_read(volume, 256 * MIB + 4096, 4096, 0, buffer, &err), FSR_E_CORRUPT);
	volume_close(volume);
}

/* ---- super stripes */

static void check_stripes(const struct made_chunk *made, unsigned n, const struct super_stripe *expected)
{
	struct volume *volume = new_volume();
	const struct chunk *chunk = add_made(volume, made);
	struct super_stripe got[16];
	uint64_t sum = 0;

	assert_int_equal(chunk_super_stripes(chunk, got, 16), n);
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(got[i].start, expected[i].start);
		assert_int_equal(got[i].end, expected[i].end);
		sum += got[i].end - got[i].start;
	}
	assert_int_equal(chunk_bytes_super(chunk), sum);
	volume_close(volume);
}

static void test_stripes_single(void **state)
{
	const struct made_chunk made = {22020096, 117440512, DATA, 1, {{1, 22020096}}};
	const struct made_chunk none = {139460608, 117440512, DATA, 1, {{1, 139460608}}};

	(void)state;
	check_stripes(&made, 1, (struct super_stripe[]){{67108864, 67174400}});
	check_stripes(&none, 0, NULL);
}

static void test_stripes_dup(void **state)
{
	const struct made_chunk made = {
		30408704, 268435456, METADATA | BLOCK_GROUP_DUP, 2, {{1, 38797312}, {1, 307232768}}};

	(void)state;
	check_stripes(&made, 1, (struct super_stripe[]){{58720256, 58785792}});
}

static void test_stripes_raid0(void **state)
{
	const struct made_chunk made = {298844160, 429391872, DATA | BLOCK_GROUP_RAID0, 4,
		{{1, 22020096}, {2, 1048576}, {3, 277872640}, {4, 277872640}}};

	(void)state;
	check_stripes(&made, 2, (struct super_stripe[]){{479199232, 479264768}, {563150848, 563216384}});
}

/* F-A10 and E-7: 196608 bytes each on four devices with RAID5, 131072 with RAID6; the starts are worked out
 * by hand. */
static void test_stripes_parity(void **state)
{
	const struct made_chunk raid5 = {38797312, 178913280, METADATA | BLOCK_GROUP_RAID5, 3,
		{{1, 30408704}, {2, 9437184}, {3, 9437184}}};
	const struct made_chunk raid6 = {38797312, 134217728, METADATA | BLOCK_GROUP_RAID6, 4,
		{{1, 30408704}, {2, 9437184}, {3, 9437184}, {4, 9437184}}};

	(void)state;
	/* (67108864 - 30408704) / 65536 = 560 rows, (67108864 - 9437184) / 65536 = 880 */
	check_stripes(&raid5, 2,
		(struct super_stripe[]){{38797312 + 560 * 131072, 38797312 + 561 * 131072},
			{38797312 + 880 * 131072, 38797312 + 881 * 131072}});
	check_stripes(&raid6, 2,
		(struct super_stripe[]){{38797312 + 560 * 131072, 38797312 + 561 * 131072},
			{38797312 + 880 * 131072, 38797312 + 881 * 131072}});
}

static void test_stripes_raid1(void **state)
{
	const struct made_chunk made = {
		30408704, 107347968, METADATA | BLOCK_GROUP_RAID1, 2, {{1, 30408704}, {2, 9437184}}};

	(void)state;
	check_stripes(&made, 2, (struct super_stripe[]){{67108864, 67174400}, {88080384, 88145920}});
	check_stripes(
		&raid1c3_metadata, 2, (struct super_stripe[]){{67108864, 67174400}, {88080384, 88145920}});
}

/* Three ranges of which two touch: the pair of devices 3 and 4 gives one, devices 1 and 2 give one each. */
static void test_stripes_raid10(void **state)
{
	(void)state;
	check_stripes(
		&raid10_metadata, 2, (struct super_stripe[]){{112197632, 112263168}, {154140672, 154271744}});
}

/* What lies below 64 KiB is excluded, and what a stripe would exclude behind the chunk's end is not. */
static void test_stripes_edges(void **state)
{
	const struct made_chunk low = {0, 4 * MIB, SYSTEM, 1, {{1, 0}}};
	const struct made_chunk last = {64 * MIB, MIB, DATA, 1, {{1, 63 * MIB + 4096}}};
	const struct made_chunk behind = {64 * MIB, MIB, DATA, 1, {{1, 63 * MIB}}};
	struct volume *volume = new_volume();
	struct super_stripe got[4];

	(void)state;
	volume->nchunks = 0;
	free(volume->chunks[0].stripes);
	assert_int_equal(chunk_super_stripes(add_made(volume, &low), got, 4), 1);
	assert_int_equal(got[0].start, 0);
	assert_int_equal(got[0].end, 2 * STRIPE_LEN);
	assert_int_equal(chunk_bytes_super(&volume->chunks[0]), 2 * STRIPE_LEN);
	volume_close(volume);
	check_stripes(&last, 1, (struct super_stripe[]){{65 * MIB - 4096, 65 * MIB}});
	check_stripes(&behind, 0, NULL);
}

/* Mirrored stripes that lie askew by less than a stripe: Linux counts the overlap twice. */
static void test_stripes_overlap(void **state)
{
	const struct made_chunk askew = {
		64 * MIB, 8 * MIB, DATA | BLOCK_GROUP_RAID1, 2, {{1, 62 * MIB}, {2, 62 * MIB + 4096}}};
	struct volume *volume = new_volume();
	const struct chunk *chunk = add_made(volume, &askew);
	struct super_stripe got[8];

	(void)state;
	assert_int_equal(chunk_super_stripes(chunk, got, 8), 1);
	assert_int_equal(got[0].start, 66 * MIB - 4096);
	assert_int_equal(got[0].end, 66 * MIB + STRIPE_LEN);
	assert_int_equal(chunk_bytes_super(chunk), 2 * STRIPE_LEN);
	assert_int_equal(chunk_super_stripes(chunk, got, 1), 2);
	volume_close(volume);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_item_size),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_map_raid5),
		cmocka_unit_test(test_map_raid6),
		cmocka_unit_test(test_stripes_parity),
		cmocka_unit_test(test_map_raid0),
		cmocka_unit_test(test_map_raid10),
		cmocka_unit_test(test_map_mirrors),
		cmocka_unit_test(test_read_across_stripes),
		cmocka_unit_test(test_read_errors),
		cmocka_unit_test(test_stripes_single),
		cmocka_unit_test(test_stripes_dup),
		cmocka_unit_test(test_stripes_raid0),
		cmocka_unit_test(test_stripes_raid1),
		cmocka_unit_test(test_stripes_raid10),
		cmocka_unit_test(test_stripes_edges),
		cmocka_unit_test(test_stripes_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
