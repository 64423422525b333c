/* SPDX-License-Identifier: MIT */
/* Undo files that are cut, damaged or crafted: refused, and nothing is written. */
#include "../../libfswrite/undo/undo.h"
#include "container.h"
#include "image.h"
#include "undone.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Offsets of docs/undo-file.md for two devices. */
#define HEADER_END 136u
#define RECORD_0 HEADER_END
#define RECORD_1 (RECORD_0 + 16 + 4096 + 64 + 8)

static struct hook hook;
static uint8_t *good; /* the undo file as it was made */
static size_t good_size;

static void write_file(const uint8_t *bytes, size_t size)
{
	unlink("bad");
	put_bytes("bad", 0, bytes, size);
}

static void expect_refused(const char *words)
{
	struct device_hooks hooks = hook_over(&hook);

	assert_int_equal(undone_run("bad", &hooks), FSR_E_REFUSED);
	if (!strstr(undone_error.text, words))
		fail_msg("'%s' is not in: %s", words, undone_error.text);
	assert_int_equal(hook.n, 0);
}

/* Every byte at both ends, some between. */
static size_t step(size_t at)
{
	size_t left = good_size - at;

	if (at < 400 || left <= 400)
		return 1;
	return left - 400 < 9973 ? left - 400 : 9973;
}

static void test_flipped(void **state)
{
	uint8_t *bytes = malloc(good_size);

	(void)state;
	memcpy(bytes, good, good_size);
	write_file(bytes, good_size);
	for (size_t at = 0; at < good_size; at += step(at)) {
		uint8_t flipped = bytes[at] ^ (uint8_t)(1u << at % 8);

		put_bytes("bad", at, &flipped, 1);
		expect_refused("undo file");
		put_bytes("bad", at, &bytes[at], 1);
	}
	free(bytes);
	assert_true(undone_is(false, true));
}

static void test_cut(void **state)
{
	(void)state;
	write_file(good, good_size);
	put_bytes("bad", good_size, "x", 1);
	expect_refused("something follows its end");
	for (size_t size = good_size; size;) {
		size -= size < 300 || size + 300 > good_size ? 1 : size % 40000 / 2 + 1;
		assert_int_equal(truncate("bad", (off_t)size), 0);
		expect_refused("undo file");
	}
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(undone_run("folder", NULL), FSR_E_REFUSED);
	assert_int_equal(mkfifo("fifo", 0700), 0);
	assert_int_equal(undone_run("fifo", NULL), FSR_E_REFUSED);
	assert_int_equal(undone_run("one", NULL), FSR_E_REFUSED);
	assert_int_equal(undone_run("missing", NULL), FSR_E_IO);
	assert_true(undone_is(false, true));
}

/* ---- files with good checksums */

/* Gives the file the checksums it would have, as far as its sizes can be followed. */
static void seal_all(uint8_t *bytes, size_t size)
{
	size_t devices = get32(bytes + UNDO_HEADER_DEVICES), at;
	uint64_t records = get64(bytes + UNDO_HEADER_RECORDS), seed;

	if (devices > 2)
		devices = 2;
	at = UNDO_HEADER_SIZE + devices * UNDO_DEVICE_SIZE;
	undo_seal(bytes, at, 0);
	seed = get64(bytes + at);
	for (at += 8; records && at + UNDO_RECORD_SIZE < size; records--) {
		size_t length = undo_record_size(get32(bytes + at + UNDO_RECORD_LENGTH));

		if (length > size - at)
			return;
		undo_seal(bytes + at, length - 8, seed);
		at += length;
	}
	if (at + UNDO_END_SIZE + 8 <= size)
		undo_seal(bytes + at, UNDO_END_SIZE, seed);
}

/* A field of 4 or 8 bytes set to a value. */
struct change {
	size_t at;
	unsigned width;
	uint64_t value;
	const char *words;
};

static void test_crafted(void **state)
{
	static const struct change changes[] = {
		{16, 4, 2, "is of version 2, this program reads version 1"},
		{20, 4, 0, "the number of devices"}, {20, 4, 1025, "the number of devices"},
		{20, 4, UINT32_MAX, "the number of devices"}, {24, 4, 0, "sectorsize or nodesize"},
		{28, 4, 12288, "sectorsize or nodesize"}, {64, 8, 0, "the number of records"},
		{64, 8, UINT64_MAX, "the number of records"}, {64, 8, 15, "its end mark"},
		{64, 8, 17, "damaged or cut"}, {72, 8, UINT64_MAX, "the number of bytes"},
		{72, 8, 4096, "a record's length"}, {104, 8, 1, "two devices with one devid"},
		{RECORD_0, 4, 2, "a record's device"}, {RECORD_0, 4, UINT32_MAX, "a record's device"},
		{RECORD_0, 4, 1, "a record's device"}, /* the next one is of device 0 again */
		{RECORD_0 + 4, 4, 0, "a record's length"}, {RECORD_0 + 4, 4, MIB + 1, "a record's length"},
		{RECORD_0 + 4, 4, UINT32_MAX, "a record's length"},
		{RECORD_0 + 8, 8, 65536 + 512, "a record's offset"},
		{RECORD_0 + 8, 8, UINT64_MAX - 4095, "a record's offset"},
		{RECORD_0 + 8, 8, 61440, "superblock is missing"},
		{RECORD_1 + 8, 8, 65536, "a record's offset"},
		{RECORD_1 + 8, 8, 2 * MIB, "a record's offset"}, /* reaches into the next one */
	};
	uint8_t *bytes = malloc(good_size);

	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		const struct change *c = &changes[i];

		memcpy(bytes, good, good_size);
		if (c->width == 4)
			put32(bytes + c->at, (uint32_t)c->value);
		else
			put64(bytes + c->at, c->value);
		seal_all(bytes, good_size);
		write_file(bytes, good_size);
		expect_refused(c->words);
	}
	free(bytes);
	assert_true(undone_is(false, true));
}

/* Lawful in itself, but its ranges are not those of these devices. */
static void test_misplaced(void **state)
{
	uint8_t *bytes = malloc(good_size);
	struct device_hooks hooks = hook_over(&hook);
	size_t last = good_size - 40 - undo_record_size(4096);

	(void)state;
	memcpy(bytes, good, good_size);
	assert_int_equal(get64(bytes + last + UNDO_RECORD_OFFSET), UNDONE_SIZE - 4096);
	put64(bytes + last + UNDO_RECORD_OFFSET, UNDONE_SIZE);
	seal_all(bytes, good_size);
	write_file(bytes, good_size);
	assert_int_equal(undone_run("bad", &hooks), FSR_E_TRUNCATED);
	assert_int_equal(hook.n, 0);
	put64(bytes + last + UNDO_RECORD_OFFSET, UNDONE_SIZE - 8192);
	seal_all(bytes, good_size);
	write_file(bytes, good_size);
	expect_refused("is neither as before nor");
	put64(bytes + last + UNDO_RECORD_OFFSET, UNDONE_SIZE - 4096);
	bytes[UNDO_HEADER_FSID] ^= 1;
	seal_all(bytes, good_size);
	write_file(bytes, good_size);
	expect_refused("is no device of the filesystem that the undo file 'bad' was made for");
	bytes[UNDO_HEADER_FSID] ^= 1;
	seal_all(bytes, good_size);
	assert_memory_equal(bytes, good, good_size);
	free(bytes);
}

/* ---- making one */

static struct device_set *open_set(struct hook *over)
{
	struct device_hooks hooks = hook_over(over);
	struct device_set *set;

	assert_int_equal(
		device_set_open(undone_paths, 2, NULL, DEVICES_WRITE, &hooks, &set, &undone_error), 0);
	return set;
}

static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static void test_save_fails(void **state)
{
	const struct fsr_filesystem fs = {.generation = 1, .nodesize = 4096, .sectorsize = 4096};
	const struct rlimit small = {100000, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
	struct device_set *set = open_set(&hook);
	uint8_t *super = calloc(1, MIB);

	(void)state;
	assert_int_equal(undo_save(set, "new", &fs, &undone_error), FSR_E_INVALID);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(device_read(set->list[i], super, 4096, 65536, NULL), 0);
		assert_int_equal(device_write(set->list[i], super, MIB, 65536, NULL), 0);
	}
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(undo_save(set, "dangling", &fs, &undone_error), FSR_E_REFUSED);
	assert_int_equal(undo_save(set, UNDONE_FILE, &fs, &undone_error), FSR_E_REFUSED);
	assert_int_equal(undo_save(set, "one", &fs, &undone_error), FSR_E_REFUSED);
	assert_non_null(strstr(undone_error.text, "the undo file 'one' exists already"));
	assert_int_equal(undo_save(set, "nofolder/new", &fs, &undone_error), FSR_E_IO);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(undo_save(set, "new", &fs, &undone_error), FSR_E_IO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_non_null(strstr(undone_error.text, "cannot write 'new' at byte 100000: File too large"));
	hook.fail_reads = true;
	assert_int_equal(undo_save(set, "new", &fs, &undone_error), FSR_E_IO);
	hook.fail_reads = false;
	assert_false(is_there("new"));
	assert_false(is_there("nowhere"));
	assert_int_equal(undo_save(set, "new", &fs, &undone_error), 0);
	assert_true(is_there("new"));
	undo_discard("new");
	assert_false(is_there("new"));
	assert_int_equal(hook.n, 0);
	device_set_close(set);
	free(super);
	assert_true(undone_is(false, true));
}

static int setup(void **state)
{
	struct stat st;
	int fd;

	if (enter_scratch(state))
		return -1;
	undone_make();
	fd = open(UNDONE_FILE, O_RDONLY | O_CLOEXEC);
	if (fstat(fd, &st))
		return -1;
	good_size = (size_t)st.st_size;
	good = malloc(good_size);
	assert_int_equal(read(fd, good, good_size), good_size);
	return close(fd);
}

static int teardown(void **state)
{
	free(good);
	undone_free();
	return leave_scratch(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flipped),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_crafted),
		cmocka_unit_test(test_misplaced),
		cmocka_unit_test(test_save_fails),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
