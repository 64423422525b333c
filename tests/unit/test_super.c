/* SPDX-License-Identifier: MIT */
/* Superblock mirrors and devices: which one counts, and what is said about the rest. */
#include "image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define PRIMARY (64 * KIB)
#define SECOND (64 * MIB)

static int open_one(struct image *image, struct volume **volume, struct fsr_error *err)
{
	struct source *source = &image->source;

	return volume_open(&source, 1, volume, err);
}

static size_t all_findings(const struct volume *volume)
{
	return volume->findings.count;
}

static void test_good(void **state)
{
	struct image *image = image_ready();
	struct volume *volume = image_open(image);

	(void)state;
	assert_non_null(volume);
	assert_int_equal(all_findings(volume), 0);
	assert_int_equal(volume->fs.generation, IMAGE_GENERATION);
	assert_int_equal(volume->fs.nodesize, IMAGE_NODESIZE);
	assert_int_equal(volume->fs.space_cache, FSR_SPACE_CACHE_V1);
	assert_memory_equal(volume->fs.metadata_uuid, volume->fs.fsid, 16);
	assert_int_equal(volume->nmirrors, 3);
	assert_true(volume->mirrors[0].used && volume->mirrors[0].csum_ok && volume->mirrors[1].csum_ok);
	assert_false(volume->mirrors[1].used || volume->mirrors[2].present);
	assert_int_equal(volume->mirrors[1].devid, 1);
	assert_int_equal(volume->nchunks, 1);
	volume_close(volume);
}

/* A flipped byte in the primary: the second mirror is taken, with a finding. */
static void test_bad_primary(void **state)
{
	struct image *image = image_ready();
	struct volume *volume;
	struct fsr_finding f;

	(void)state;
	image->bytes[PRIMARY + 3000] ^= 1;
	volume = image_open(image);
	assert_non_null(volume);
	assert_true(volume->mirrors[1].used);
	assert_true(volume->mirrors[0].magic_ok && !volume->mirrors[0].csum_ok);
	assert_int_equal(image_findings(volume, FSR_FINDING_SUPER_PRIMARY, &f), 1);
	assert_int_equal(f.severity, FSR_SEVERITY_ERROR);
	assert_non_null(strstr(f.message, "checksum is "));
	assert_int_equal(all_findings(volume), 1);
	volume_close(volume);
}

/* A lawful checksum does not help a superblock that lies elsewhere than it says, or is unlawful. */
static void test_unusable_primary(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
		const char *words;
	} cases[] = {
		{SUPER_BYTENR, SECOND, "bytenr is 67108864"},
		{SUPER_NODESIZE, 12288, "nodesize is 12288"},
		{SUPER_NODESIZE, 2048, "nodesize is 2048"},
		{SUPER_SECTORSIZE, 0, "sectorsize is 0"},
		{SUPER_SECTORSIZE, 131072, "sectorsize is 131072"},
		{SUPER_LEAFSIZE, 8192, "leafsize is 8192, must be nodesize, 4096"},
		{SUPER_NUM_DEVICES, 0, "num_devices is 0"},
		{SUPER_SYS_ARRAY_SIZE, 96, "at least 97"},
		{SUPER_SYS_ARRAY_SIZE, 2049, "at most 2048"},
		{SUPER_ROOT_LEVEL, 8, "root_level is 8"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct image *image = image_ready();
		struct volume *volume;
		struct fsr_finding f;

		put32(image->bytes + PRIMARY + cases[i].at, cases[i].value);
		image_seal(image->bytes + PRIMARY, SUPER_SIZE);
		volume = image_open(image);
		assert_non_null(volume);
		assert_true(volume->mirrors[1].used);
		assert_int_equal(image_findings(volume, FSR_FINDING_SUPER_PRIMARY, &f), 1);
		if (!strstr(f.message, cases[i].words))
			fail_msg("'%s' lacks '%s'", f.message, cases[i].words);
		volume_close(volume);
	}
}

static void test_csum_type(void **state)
{
	struct image *image = image_ready();
	struct volume *volume;
	struct fsr_error err;

	(void)state;
	put16(image->bytes + PRIMARY + SUPER_CSUM_TYPE, 4);
	put16(image->bytes + SECOND + SUPER_CSUM_TYPE, 65535);
	assert_int_equal(open_one(image, &volume, &err), FSR_E_CORRUPT);
	assert_non_null(strstr(err.text, "csum_type is 4"));
	source_close(&image->source);
}

static void test_no_super(void **state)
{
	struct image *image = image_new(2 * MIB);
	struct image *small = image_new(10);
	struct volume *volume;
	struct fsr_error err;

	(void)state;
	assert_int_equal(open_one(image, &volume, &err), FSR_E_NOT_BTRFS);
	assert_int_equal(open_one(small, &volume, &err), FSR_E_NOT_BTRFS);
	memcpy(image->bytes + PRIMARY + SUPER_MAGIC_AT, SUPER_MAGIC, 8);
	assert_int_equal(open_one(image, &volume, &err), FSR_E_CORRUPT);
	assert_non_null(strstr(err.text, "its checksum is 00000000, computed "));
	source_close(&image->source);
	source_close(&small->source);
}

static unsigned mirror_findings(struct image *image, enum fsr_finding_code code)
{
	struct volume *volume = image_open(image);
	unsigned n;

	assert_non_null(volume);
	n = image_findings(volume, code, NULL);
	assert_int_equal(all_findings(volume), n);
	volume_close(volume);
	return n;
}

/* An absent mirror counts only where Linux writes one: offset + 4096 strictly below total_bytes. */
static void test_absent_mirror(void **state)
{
	static const struct {
		uint64_t total_bytes;
		unsigned findings;
	} cases[] = {{SECOND, 0}, {SECOND + 4096, 0}, {SECOND + 4097, 1}, {65 * MIB, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct image *image = image_ready();

		image_super(image->bytes + PRIMARY, 0, 1, cases[i].total_bytes);
		memset(image->bytes + SECOND, 0, SUPER_SIZE);
		assert_int_equal(mirror_findings(image, FSR_FINDING_SUPER_MIRROR), cases[i].findings);
	}
}

static void test_bad_mirror(void **state)
{
	struct image *image = image_ready();

	(void)state;
	image->bytes[SECOND + 100] ^= 1;
	assert_int_equal(mirror_findings(image, FSR_FINDING_SUPER_MIRROR), 1);
}

/* fsync writes log_root and its level to the primary only: no difference. A generation is one. */
static void test_differing_mirror(void **state)
{
	struct image *image = image_ready(), *older = image_ready();
	struct volume *volume;
	struct fsr_finding f;

	(void)state;
	put64(image->bytes + PRIMARY + SUPER_LOG_ROOT, IMAGE_CHUNK + 2 * IMAGE_NODESIZE);
	image->bytes[PRIMARY + SUPER_LOG_ROOT_LEVEL] = 1;
	image_seal(image->bytes + PRIMARY, SUPER_SIZE);
	assert_int_equal(mirror_findings(image, FSR_FINDING_SUPER_DIFFERS), 0);

	put64(older->bytes + SECOND + SUPER_GENERATION, IMAGE_GENERATION - 1);
	image_seal(older->bytes + SECOND, SUPER_SIZE);
	volume = image_open(older);
	assert_int_equal(image_findings(volume, FSR_FINDING_SUPER_DIFFERS, &f), 1);
	assert_string_equal(f.message,
		"superblock mirror 1 of device 1 (generation 8) differs from mirror 0 (generation 9), "
		"first at byte 72");
	volume_close(volume);
}

/* Each is a finding and no reason to stop. */
static void test_mount_rules(void **state)
{
	static const struct {
		size_t at;
		uint64_t value;
		const char *field;
	} cases[] = {
		{SUPER_FLAGS, UINT64_C(1) << 35, "flags"},
		{SUPER_ROOT, IMAGE_CHUNK + 512, "root"},
		{SUPER_LOG_ROOT, 1, "log_root"},
		{SUPER_BYTES_USED, 6 * IMAGE_NODESIZE - 1, "bytes_used"},
		{SUPER_COMPAT_RO, 1 << 4, "compat_ro_flags"},
		{SUPER_COMPAT_RO, COMPAT_RO_BLOCK_GROUP_TREE, "compat_ro_flags"},
		{SUPER_DEV_ITEM + DEV_ITEM_FSID, 1, "dev_item.fsid"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct image *image = image_ready();
		struct volume *volume;
		struct fsr_finding f;

		put64(image->bytes + PRIMARY + cases[i].at, cases[i].value);
		image_seal(image->bytes + PRIMARY, SUPER_SIZE);
		memcpy(image->bytes + SECOND, image->bytes + PRIMARY, SUPER_SIZE);
		put64(image->bytes + SECOND + SUPER_BYTENR, SECOND);
		image_seal(image->bytes + SECOND, SUPER_SIZE);
		volume = image_open(image);
		assert_non_null(volume);
		assert_int_equal(image_findings(volume, FSR_FINDING_SUPER_RULE, &f), 1);
		assert_string_equal(f.details[0].text, cases[i].field);
		assert_int_equal(all_findings(volume), 1);
		volume_close(volume);
	}
}

static void test_refused(void **state)
{
	static const struct {
		size_t at;
		uint64_t value;
		const char *words;
	} cases[] = {
		{SUPER_INCOMPAT, INCOMPAT_ZONED, "ZONED, which is not supported: Linux keeps no v1 cache"},
		{SUPER_INCOMPAT, INCOMPAT_EXTENT_TREE_V2,
			"EXTENT_TREE_V2, which is not supported: it has several extent trees"},
		{SUPER_INCOMPAT, INCOMPAT_REMAP_TREE,
			"REMAP_TREE, which is not supported: addresses in remapped block groups"},
		{SUPER_INCOMPAT, INCOMPAT_ZONED | INCOMPAT_RAID_STRIPE_TREE, "ZONED"},
		{SUPER_INCOMPAT, UINT64_C(1) << 63, "bit 63"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct image *image = image_ready();
		struct volume *volume;
		struct fsr_error err;

		put64(image->bytes + PRIMARY + cases[i].at, cases[i].value);
		image_seal(image->bytes + PRIMARY, SUPER_SIZE);
		assert_int_equal(open_one(image, &volume, &err), FSR_E_UNSUPPORTED);
		if (!strstr(err.text, cases[i].words))
			fail_msg("'%s' lacks '%s'", err.text, cases[i].words);
		source_close(&image->source);
	}
}

static void test_space_cache(void **state)
{
	static const struct {
		uint64_t cache_generation, compat_ro;
		enum fsr_space_cache kind;
	} cases[] = {
		{0, 0, FSR_SPACE_CACHE_NONE},
		{UINT64_MAX, 0, FSR_SPACE_CACHE_V1},
		{0, 3, FSR_SPACE_CACHE_V2},
		{9, 1, FSR_SPACE_CACHE_V2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct image *image = image_ready();
		struct volume *volume;

		put64(image->bytes + PRIMARY + SUPER_CACHE_GENERATION, cases[i].cache_generation);
		put64(image->bytes + PRIMARY + SUPER_COMPAT_RO, cases[i].compat_ro);
		image_seal(image->bytes + PRIMARY, SUPER_SIZE);
		volume = image_open(image);
		assert_int_equal(volume->fs.space_cache, cases[i].kind);
		volume_close(volume);
	}
}

/* A second device of `generation`; another fsid when its first byte is changed by `flip`. */
static struct image *second_device(uint64_t devid, uint64_t generation, uint8_t flip)
{
	struct image *image = image_ready();

	for (unsigned mirror = 0; mirror < 2; mirror++) {
		uint8_t *s = image->bytes + (mirror ? SECOND : PRIMARY);

		image_super(s, mirror, devid, image->source.size);
		s[SUPER_FSID] ^= flip;
		put64(s + SUPER_GENERATION, generation);
		image_seal(s, SUPER_SIZE);
	}
	return image;
}

static int open_two(struct image *a, struct image *b, struct volume **volume, struct fsr_error *err)
{
	struct source *sources[] = {&a->source, &b->source};
	int ret = volume_open(sources, 2, volume, err);

	if (ret) {
		source_close(&a->source);
		source_close(&b->source);
	}
	return ret;
}

static void test_members(void **state)
{
	struct volume *volume;
	struct fsr_error err;

	(void)state;
	assert_int_equal(open_two(image_ready(), second_device(2, 9, 1), &volume, &err), FSR_E_INVALID);
	assert_non_null(strstr(err.text, "another filesystem"));
	assert_int_equal(open_two(image_ready(), second_device(1, 9, 0), &volume, &err), FSR_E_INVALID);
	assert_non_null(strstr(err.text, "both device 1"));
}

static void test_newest_device(void **state)
{
	struct volume *volume;
	struct fsr_finding f;
	struct fsr_error err;

	(void)state;
	assert_int_equal(open_two(image_ready(), second_device(2, 12, 0), &volume, &err), 0);
	assert_int_equal(volume->fs.generation, 12);
	assert_true(volume->mirrors[3].used && !volume->mirrors[0].used);
	assert_int_equal(image_findings(volume, FSR_FINDING_DEVICE_DIFFERS, &f), 1);
	assert_int_equal(f.severity, FSR_SEVERITY_ERROR);
	assert_int_equal(f.details[0].value, 1);
	assert_int_equal(f.details[1].value, 9);
	assert_int_equal(f.details[2].value, 12);
	volume_close(volume);
	/* One commit behind is what a crash between two devices' superblocks leaves. */
	assert_int_equal(open_two(image_ready(), second_device(2, 8, 0), &volume, &err), 0);
	assert_int_equal(volume->fs.generation, 9);
	assert_int_equal(image_findings(volume, FSR_FINDING_DEVICE_DIFFERS, &f), 1);
	assert_int_equal(f.severity, FSR_SEVERITY_WARNING);
	volume_close(volume);
}

/* A device cut short: Linux refuses one that claims more bytes than there are. */
static void test_cut_device(void **state)
{
	struct image *image = image_ready();
	struct volume *volume;

	(void)state;
	image->source.size -= 1;
	volume = image_open(image);
	assert_int_equal(image_findings(volume, FSR_FINDING_DEVICE_DIFFERS, NULL), 1);
	volume_close(volume);
}

static void test_metadata_uuid(void **state)
{
	struct image *image = image_ready();
	uint8_t *s = image->bytes + PRIMARY;
	struct volume *volume;

	(void)state;
	put64(s + SUPER_INCOMPAT, INCOMPAT_METADATA_UUID);
	memset(s + SUPER_METADATA_UUID, 0x77, 16);
	memset(s + SUPER_DEV_ITEM + DEV_ITEM_FSID, 0x77, 16);
	image_seal(s, SUPER_SIZE);
	volume = image_open(image);
	assert_int_equal(image_findings(volume, FSR_FINDING_SUPER_RULE, NULL), 0);
	assert_memory_equal(volume->tree_fsid, s + SUPER_METADATA_UUID, 16);
	assert_memory_equal(volume->fs.metadata_uuid, s + SUPER_METADATA_UUID, 16);
	assert_memory_equal(volume->fs.fsid, s + SUPER_FSID, 16);
	volume_close(volume);
}

/* A seed may be newer than what has grown from it, comes in any order, and belongs by its device item alone.
 */
static void test_seed(void **state)
{
	(void)state;
	for (unsigned order = 0; order < 2; order++) {
		struct image *seed = second_device(2, 99, 0x40), *host = image_ready();
		struct volume *volume;
		struct fsr_error err;
		uint8_t item[DEV_ITEM_SIZE];

		for (unsigned mirror = 0; mirror < 2; mirror++) {
			uint8_t *super = seed->bytes + (mirror ? SECOND : PRIMARY);

			put64(super + SUPER_FLAGS, UINT64_C(1) << 32 | 1);
			image_seal(super, SUPER_SIZE);
		}
		memcpy(item, seed->bytes + PRIMARY + SUPER_DEV_ITEM, sizeof item);
		memcpy(item + DEV_ITEM_FSID, seed->bytes + PRIMARY + SUPER_FSID, 16);
		assert_int_equal(open_two(order ? seed : host, order ? host : seed, &volume, &err), 0);
		assert_int_equal(volume->fs.generation, IMAGE_GENERATION);
		assert_int_equal(image_findings(volume, FSR_FINDING_DEVICE_DIFFERS, NULL), 0);
		assert_true(volume_has_seeds(volume));
		assert_true(volume_tree_fsid(volume, volume->fs.fsid));
		assert_true(volume_tree_fsid(volume, item + DEV_ITEM_FSID));
		item[DEV_ITEM_UUID] ^= 1;
		assert_false(volume_seed_item(volume, item));
		assert_false(volume_tree_fsid(volume, item + DEV_ITEM_UUID));
		assert_int_equal(volume_check_seeds(volume, &err), FSR_E_INVALID);
		assert_non_null(strstr(err.text, "is a seed device of another filesystem"));
		item[DEV_ITEM_UUID] ^= 1;
		item[DEV_ITEM_FSID] ^= 1;
		assert_false(volume_seed_item(volume, item));
		item[DEV_ITEM_FSID] ^= 1;
		assert_true(volume_seed_item(volume, item));
		assert_int_equal(volume_check_seeds(volume, &err), 0);
		volume_close(volume);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad_primary),
		cmocka_unit_test(test_unusable_primary),
		cmocka_unit_test(test_csum_type),
		cmocka_unit_test(test_no_super),
		cmocka_unit_test(test_absent_mirror),
		cmocka_unit_test(test_bad_mirror),
		cmocka_unit_test(test_differing_mirror),
		cmocka_unit_test(test_mount_rules),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_space_cache),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_newest_device),
		cmocka_unit_test(test_cut_device),
		cmocka_unit_test(test_metadata_uuid),
		cmocka_unit_test(test_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
