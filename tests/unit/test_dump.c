/* SPDX-License-Identifier: MIT */
/* btrfs-image dumps: what they hold, what they leave out, and index blocks and blobs that lie. */
#include "container.h"
#include "dump.h"
#include "image.h"

#include <archive_entry.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

static const struct dump_item super = {65536, 4096};
/* In no order; the second and the third touch. */
static const struct dump_item others[] = {{8 * MIB, 16384}, {1 * MIB, 32768}, {1 * MIB + 32768, 4096}};

static void check_bytes(struct source *s, uint64_t from, size_t length)
{
	uint8_t *bytes = malloc(length);

	assert_non_null(bytes);
	assert_int_equal(source_read(s, bytes, length, from, NULL), 0);
	for (size_t i = 0; i < length; i++)
		if (bytes[i] != dump_byte(from + i))
			fail_msg("the byte at %llu is wrong", (unsigned long long)(from + i));
	free(bytes);
}

static void check_left_out(struct source *s, uint64_t from, size_t length, const char *sentence)
{
	uint8_t bytes[8192];
	struct fsr_error err;

	assert_int_equal(source_read(s, bytes, length, from, &err), FSR_E_MISSING);
	if (!strstr(err.text, sentence))
		fail_msg("'%s' does not say '%s'", err.text, sentence);
}

static void refused(const char *path, int code, const char *word)
{
	assert_int_equal(open_path(path, NULL), code);
	if (!strstr(open_error.text, word))
		fail_msg("'%s' does not say '%s'", open_error.text, word);
}

static void make(const char *path, bool deflated)
{
	unlink(path);
	dump_add(path, deflated, &super, 1, NULL);
	dump_add(path, !deflated, others, 3, NULL);
}

static void test_reads(void **state)
{
	(void)state;
	for (unsigned deflated = 0; deflated < 2; deflated++) {
		make("dump", deflated);
		assert_int_equal(open_path("dump", NULL), 1);
		assert_true(opened[0]->logical);
		assert_false(opened[0]->in_place);
		assert_string_equal(opened[0]->container, "btrfs-image");
		assert_string_equal(opened[0]->name, "dump");
		check_bytes(opened[0], 65536, 4096);
		check_bytes(opened[0], 1 * MIB, 32768 + 4096);
		check_bytes(opened[0], 1 * MIB + 32767, 2);
		check_bytes(opened[0], 8 * MIB + 16383, 1);
		check_left_out(opened[0], 0, 1, "'dump' leaves out address 0");
		check_left_out(opened[0], 69632, 1, "address 69632");
		check_left_out(opened[0], 1 * MIB + 36000, 1000, "address 1085440");
		check_left_out(opened[0], 8 * MIB + 16384, 1, "address 8404992");
		check_left_out(opened[0], 8 * MIB + 20000, 1, "address 8408608");
		check_left_out(opened[0], 69640, 1, "address 69640");
		check_left_out(opened[0], UINT64_MAX, 1, "address 18446744073709551615");
	}
}

/* Places by hand: 1024 of index, 4096 of superblock, 1024 of index, then the others' blobs. */
static void test_places(void **state)
{
	uint64_t at;

	(void)state;
	unlink("raw");
	dump_add("raw", false, &super, 1, NULL);
	dump_add("raw", false, others, 3, NULL);
	assert_int_equal(open_path("raw", NULL), 1);
	assert_int_equal(source_place(opened[0], 65537, &at, NULL), 0);
	assert_int_equal(at, 1025);
	assert_int_equal(source_place(opened[0], 1 * MIB + 7, &at, NULL), 0);
	assert_int_equal(at, 6144 + 16384 + 7);
	assert_int_equal(source_place(opened[0], 2 * MIB, &at, NULL), FSR_E_MISSING);
	make("dump", false);
	assert_int_equal(open_path("dump", NULL), 1);
	assert_int_equal(source_place(opened[0], 8 * MIB + 9, &at, NULL), 0);
	assert_int_equal(at, 6144);
}

/* More blobs than are kept inflated, from four threads. */
static void *read_all(void *source)
{
	for (unsigned round = 0; round < 5; round++)
		for (uint64_t i = 0; i < 80; i++) {
			uint64_t at = 1 * MIB + (i * 7 % 80) * 65536 + 100;
			uint8_t bytes[64];

			if (source_read(source, bytes, sizeof bytes, at, NULL))
				return source;
			for (unsigned k = 0; k < sizeof bytes; k++)
				if (bytes[k] != dump_byte(at + k))
					return source;
		}
	return NULL;
}

static void test_threads(void **state)
{
	struct dump_item items[80];
	pthread_t threads[4];
	void *wrong;

	(void)state;
	for (unsigned i = 0; i < 80; i++)
		items[i] = (struct dump_item){1 * MIB + i * UINT64_C(65536), 8192};
	unlink("many");
	dump_add("many", true, items, 80, NULL);
	dump_add("many", true, &super, 1, NULL);
	assert_int_equal(open_path("many", NULL), 1);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_all, opened[0]), 0);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
}

static void test_lies(void **state)
{
	static const struct {
		struct dump_lie lie;
		int code;
		const char *word;
	} lies[] = {
		{{.place = 4096}, FSR_E_CORRUPT, "index block at byte 5120 says that it lies at byte 4096"},
		{{.items = 84}, FSR_E_CORRUPT, "has 84 items, at most 83"},
		{{.items = UINT32_MAX}, FSR_E_CORRUPT, "has 4294967295 items"},
		{{.items = 83}, FSR_E_CORRUPT, "has 0 bytes for address 0"},
		{{.compression = 2}, FSR_E_CORRUPT, "compression 2"},
		{{.stored = 4096 + 1}, FSR_E_TRUNCATED, "the dump is cut"},
		{{.stored = 4 * MIB}, FSR_E_TRUNCATED, "the dump is cut"},
		{{.stored = 4 * MIB + 1}, FSR_E_CORRUPT, "must be 4096 to 4194304"},
		{{.stored = UINT32_MAX}, FSR_E_CORRUPT, "has 4294967295 bytes for address 1081344"},
		{{.stored = 4095}, FSR_E_CORRUPT, "has 4095 bytes for address 1081344"},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof lies / sizeof *lies; i++) {
		unlink("lie");
		assert_int_equal(dump_add("lie", false, &super, 1, NULL), 5120);
		dump_add("lie", false, others, 3, &lies[i].lie);
		refused("lie", lies[i].code, lies[i].word);
	}
	make("dump", true);
	put_bytes("dump", 2048, "x", 1);
	refused("dump", FSR_E_CORRUPT, "index block at byte 2048 has the magic 0xbd5c25e272956678");
	unlink("dump");
	put_bytes("dump", 0, "_DUmP_v1", 8);
	set_size("dump", 4096);
	refused("dump", FSR_E_UNSUPPORTED, "make one without -d");
}

static void test_overlaps(void **state)
{
	static const struct dump_item crossing[] = {{65536, 4096}, {1 * MIB, 8192}, {1 * MIB + 4096, 4096}};
	static const struct dump_item twice[] = {{65536, 4096}, {1 * MIB, 8192}, {1 * MIB, 8192}};
	static const struct dump_item high[] = {{65536, 4096}, {UINT64_MAX - 4095, 4096}};

	(void)state;
	unlink("crossing");
	dump_add("crossing", false, crossing, 3, NULL);
	refused("crossing", FSR_E_CORRUPT, "blobs of addresses 1048576 and 1052672 overlap");
	for (unsigned deflated = 0; deflated < 2; deflated++) {
		unlink("twice");
		dump_add("twice", deflated, twice, 3, NULL);
		refused("twice", FSR_E_CORRUPT, "blobs of addresses 1048576 and 1048576 overlap");
	}
	unlink("high");
	dump_add("high", false, high, 2, NULL);
	refused("high", FSR_E_CORRUPT, "must be below 2^63");
	unlink("hidden");
	dump_add("hidden", true, crossing, 3, NULL);
	assert_int_equal(open_path("hidden", NULL), 1);
	check_left_out(opened[0], 1 * MIB, 1, "inflates to more than 4096 bytes, into the next blob");
	check_bytes(opened[0], 1 * MIB + 4096, 4096);
}

/* An index block at byte 5120 with one deflated blob, as given, for 1 MiB. */
static void add_blob(const char *path, const uint8_t *blob, size_t size)
{
	uint8_t block[1024] = {0};

	put64(block, UINT64_C(0xbd5c25e27295668b));
	put64(block + 8, 5120);
	put32(block + 16, 1);
	block[20] = 1;
	put64(block + 21, 1 * MIB);
	put32(block + 29, (uint32_t)size);
	put_bytes(path, 5120, block, sizeof block);
	put_bytes(path, 6144, blob, size);
}

static void test_bombs(void **state)
{
	const uint32_t length = 64 * MIB;
	uint8_t *zeros = calloc(1, length), *packed;
	uLongf size = compressBound(length);
	struct dump_item item = {1 * MIB, 4 * MIB};

	(void)state;
	packed = malloc(size);
	assert_non_null(zeros);
	assert_non_null(packed);
	/* Of the largest size allowed, and then what is too much. */
	unlink("large");
	dump_add("large", true, &super, 1, NULL);
	dump_add("large", true, &item, 1, NULL);
	assert_int_equal(open_path("large", NULL), 1);
	check_bytes(opened[0], 1 * MIB, 4 * MIB);
	assert_int_equal(compress2(packed, &size, zeros, length, 9), Z_OK);
	assert_in_range(size, 60000, 70000);
	unlink("bomb");
	dump_add("bomb", false, &super, 1, NULL);
	add_blob("bomb", packed, size);
	assert_int_equal(open_path("bomb", NULL), 1);
	check_left_out(opened[0], 1 * MIB, 1, "its blob at byte 6144 inflates to more than 4194304 bytes");
	put_bytes("bomb", 6144, "xxxxxxxx", 8);
	check_left_out(opened[0], 1 * MIB, 1, "its blob at byte 6144 is damaged");
	assert_int_equal(truncate("bomb", 10000), 0);
	assert_int_equal(source_read(opened[0], zeros, 1, 1 * MIB, NULL), FSR_E_TRUNCATED);
	free(zeros);
	free(packed);
}

/* A dump has no end mark: cut between two index blocks, it leaves out the rest. */
static void test_cut(void **state)
{
	const uint64_t second = 5120, end = 5120 + 1024 + 53248;

	(void)state;
	for (uint64_t cut = 1; cut < end; cut += 511) {
		unlink("dump");
		dump_add("dump", false, &super, 1, NULL);
		assert_int_equal(dump_add("dump", false, others, 3, NULL), end);
		assert_int_equal(truncate("dump", (off_t)(end - cut)), 0);
		if (end - cut >= 8)
			refused("dump", FSR_E_TRUNCATED, "the dump is cut");
		else
			refused("dump", FSR_E_NOT_BTRFS, "no btrfs");
	}
	unlink("dump");
	dump_add("dump", false, &super, 1, NULL);
	assert_int_equal(dump_add("dump", false, others, 3, NULL), end);
	assert_int_equal(truncate("dump", second), 0);
	assert_int_equal(open_path("dump", NULL), 1);
	check_left_out(opened[0], 8 * MIB, 1, "leaves out address 8388608");
}

static void test_nothing(void **state)
{
	(void)state;
	unlink("empty");
	dump_add("empty", true, NULL, 0, NULL);
	refused("empty", FSR_E_MISSING, "'empty' leaves out address 65536");
	dump_add("empty", true, others, 3, NULL);
	refused("empty", FSR_E_MISSING, "'empty' leaves out address 65536");
	dump_add("empty", true, NULL, 0, NULL);
	dump_add("empty", true, &super, 1, NULL);
	assert_int_equal(open_path("empty", NULL), 1);
	check_bytes(opened[0], 8 * MIB, 16384);
}

static void test_packed(void **state)
{
	const struct member members[] = {
		{"text", "text", NULL, AE_IFREG}, {"a.dump", "dump", NULL, AE_IFREG}};
	const struct member one = {"a.dump", "dump", NULL, AE_IFREG};
	struct fsr_open_options o = {.member = "a.dump"};

	(void)state;
	make("dump", true);
	put_bytes("text", 2000, "hello\n", 6);
	write_archive("packed", "raw", "xz", &one, 1);
	assert_int_equal(open_path("packed", NULL), 1);
	assert_true(opened[0]->logical);
	check_bytes(opened[0], 1 * MIB, 36864);
	write_archive("packed", "pax", "gzip", members, 2);
	assert_int_equal(open_path("packed", NULL), 1);
	assert_string_equal(opened[0]->name, "a.dump");
	check_bytes(opened[0], 8 * MIB, 16384);
	assert_int_equal(open_path("packed", &o), 1);
	assert_int_equal(truncate("dump", 1100), 0);
	write_archive("packed", "raw", "xz", &one, 1);
	refused("packed", FSR_E_TRUNCATED, "the dump is cut");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_overlaps),
		cmocka_unit_test(test_bombs),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_packed),
	};

	return cmocka_run_group_tests(tests, enter_scratch, leave_scratch);
}
