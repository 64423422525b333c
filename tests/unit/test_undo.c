/* SPDX-License-Identifier: MIT */
/* Undo: byte for byte, in an order that is safe, after any interruption, and never over other bytes. */
#include "../../libfswrite/undo/undo.h"
#include "container.h"
#include "image.h"
#include "undone.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cmocka.h>

static struct hook hook;

static void flip(const char *path, uint64_t offset)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	uint8_t byte;

	assert_int_equal(pread(fd, &byte, 1, (off_t)offset), 1);
	byte ^= 0x40;
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)offset), 1);
	close(fd);
}

static void test_round_trip(void **state)
{
	(void)state;
	undone_reset(false);
	assert_true(undone_is(false, true));
	assert_int_equal(undone_run(UNDONE_FILE, NULL), 0);
	assert_true(undone_is(true, true));
	assert_int_equal(undone_result.generation, UNDONE_BEFORE);
	assert_false(undone_result.was_there);
	/* Again: nothing to do, nothing written. */
	{
		struct device_hooks hooks = hook_over(&hook);

		assert_int_equal(undone_run(UNDONE_FILE, &hooks), 0);
	}
	assert_true(undone_result.was_there);
	assert_int_equal(hook.n, 0);
}

/* The layout as docs/undo-file.md has it. */
static void test_layout(void **state)
{
	uint8_t file[136 + 16 + 4096 + 64 + 8], super[SUPER_SIZE];
	int fd = open(UNDONE_FILE, O_RDONLY | O_CLOEXEC);
	struct stat st;

	(void)state;
	assert_int_equal(pread(fd, file, sizeof file, 0), sizeof file);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_memory_equal(file, "spacescope undo\n", 16);
	assert_int_equal(get32(file + 16), 1);
	assert_int_equal(get32(file + 20), 2);
	assert_int_equal(get32(file + 24), 4096);
	assert_int_equal(get32(file + 28), 16384);
	assert_int_equal(get64(file + 32), UNDONE_BEFORE);
	assert_int_equal(get64(file + 40), UNDONE_AFTER);
	/* of each device: super, 1 MiB + 12 KiB, 2 MiB, two for 1200000 bytes, mirror, 16 KiB, the last page
	 */
	assert_int_equal(get64(file + 64), 2 * 8);
	assert_int_equal(get64(file + 72), 2 * (4096 + 12288 + 4096 + 293 * 4096 + 4096 + 16384 + 4096));
	assert_int_equal(get64(file + 80), 1);
	assert_int_equal(get64(file + 104), 2);
	assert_int_equal(get64(file + 128), XXH3_64bits(file, 128));
	assert_int_equal(get32(file + 136), 0);
	assert_int_equal(get32(file + 140), 4096);
	assert_int_equal(get64(file + 144), 65536);
	image_super(super, 0, 1, UNDONE_SIZE);
	assert_memory_equal(file + 152 + 32, super + 32, 16); /* the bytes before */
	undone_reset(false);
	close(fd);
	fd = open("one", O_RDONLY | O_CLOEXEC);
	assert_int_equal(pread(fd, super, sizeof super, 65536), sizeof super);
	close(fd);
	for (unsigned i = 0; i < 8; i++) /* and the hashes of those after */
		assert_int_equal(get64(file + 152 + 4096 + 8 * i), XXH3_64bits(super + 512 * i, 512));
	assert_int_equal(get64(file + 152 + 4096 + 64),
		XXH3_64bits_withSeed(file + 136, 16 + 4096 + 64, get64(file + 128)));
	assert_int_equal(st.st_size, 136 + 16 * (16 + 8) + get64(file + 72) * 65 / 64 + 32 + 8);
}

/* 0: primary superblock, 1: another one, 2: anything else. */
static unsigned kind_of(const struct hook_operation *o)
{
	return o->offset == 64 * KIB ? 0 : o->offset == 64 * MIB ? 1 : 2;
}

static void test_order(void **state)
{
	struct device_hooks hooks = hook_over(&hook);
	unsigned kind = 0, flushes = 0, of_kind[3] = {0};

	(void)state;
	undone_reset(false);
	assert_int_equal(undone_run(UNDONE_FILE, &hooks), 0);
	for (unsigned i = 0; i < hook.n; i++) {
		const struct hook_operation *o = &hook.log[i];

		if (o->is_flush) {
			assert_int_equal(o->device, flushes++);
			continue;
		}
		if (flushes) {
			assert_int_equal(flushes, UNDONE_DEVICES);
			flushes = 0;
			kind++;
		}
		assert_int_equal(kind_of(o), kind);
		if (kind < 2)
			assert_int_equal(o->length, SUPER_SIZE);
		of_kind[kind]++;
	}
	assert_int_equal(flushes, UNDONE_DEVICES);
	assert_int_equal(of_kind[0], 2);
	assert_int_equal(of_kind[1], 2);
	assert_true(of_kind[2] >= 10);
}

/* Every write and flush fails in turn, a write also halfway: the next undo finishes. */
static void test_interrupted(void **state)
{
	static const size_t torn[] = {0, 512, 1024, 3072, 3584, 70 * 512};
	struct device_hooks hooks;
	unsigned operations;

	(void)state;
	hooks = hook_over(&hook);
	undone_reset(false);
	assert_int_equal(undone_run(UNDONE_FILE, &hooks), 0);
	operations = hook.n;
	assert_true(operations > 15);
	for (unsigned i = 1; i <= operations; i++)
		for (unsigned k = 0; k < sizeof torn / sizeof *torn; k++) {
			hooks = hook_over(&hook);
			hook.fail_at = i;
			hook.torn = torn[k];
			undone_reset(false);
			assert_int_equal(undone_run(UNDONE_FILE, &hooks), FSR_E_IO);
			assert_non_null(strstr(
				undone_error.text, "made to fail; the undo is not finished, run it again"));
			assert_int_equal(hook.n, i);
			assert_int_equal(undone_run(UNDONE_FILE, NULL), 0);
			assert_true(undone_is(true, false));
		}
	assert_true(undone_is(true, true));
}

/* A rewrite that was cut off: some of its units are there, some not. */
static void test_half_rewritten(void **state)
{
	uint8_t new[MIB];
	int fd;

	(void)state;
	undone_reset(false);
	fd = open("two", O_RDONLY | O_CLOEXEC);
	assert_int_equal(pread(fd, new, sizeof new, 5 * MIB), sizeof new);
	close(fd);
	undone_reset(true);
	for (unsigned i = 0; i < 2048; i += 3)
		put_bytes("two", 5 * MIB + 512 * i, new + 512 * i, 512);
	assert_false(undone_is(true, false));
	assert_int_equal(undone_run(UNDONE_FILE, NULL), 0);
	assert_false(undone_result.was_there);
	assert_true(undone_is(true, false));
}

static void expect_refused(const char *words)
{
	struct device_hooks hooks = hook_over(&hook);

	assert_int_equal(undone_run(UNDONE_FILE, &hooks), FSR_E_REFUSED);
	if (!strstr(undone_error.text, words))
		fail_msg("'%s' is not in: %s", words, undone_error.text);
	assert_int_equal(hook.n, 0);
}

static void test_changed(void **state)
{
	static const uint64_t places[] = {64 * KIB + 0x48, 64 * KIB + 4095, MIB, MIB + 12287, 2 * MIB,
		6 * MIB, 64 * MIB + 5, UNDONE_SIZE - 1};

	(void)state;
	for (unsigned k = 0; k < 2 * (sizeof places / sizeof *places); k++) {
		uint64_t place = places[k / 2], unit = place / 512 * 512;
		char words[64];

		undone_reset(k & 1);
		flip("two", place);
		snprintf(words, sizeof words, "byte %llu of device 2 is neither", (unsigned long long)unit);
		expect_refused(words);
		assert_int_equal(undone_error.devid, 2);
		flip("two", place);
		assert_true(undone_is(k & 1, false));
	}
	/* Bytes beside what was written are nobody's business. */
	undone_reset(false);
	flip("one", 3 * MIB);
	assert_int_equal(undone_run(UNDONE_FILE, NULL), 0);
	assert_true(undone_is(true, false));
	flip("one", 3 * MIB);
}

static void test_devices(void **state)
{
	const char *wrong[] = {"one", "other"};
	const char *swapped[] = {"two", "one"};

	(void)state;
	undone_reset(false);
	set_size("other", UNDONE_SIZE);
	put_btrfs("other", 0, 7, 2, UNDONE_SIZE);
	assert_int_equal(
		undo_with(&undone_result, wrong, 2, UNDONE_FILE, NULL, NULL, &undone_error), FSR_E_REFUSED);
	assert_non_null(strstr(undone_error.text, "'other' is no device of the filesystem"));
	assert_int_equal(
		undo_with(&undone_result, wrong, 1, UNDONE_FILE, NULL, NULL, &undone_error), FSR_E_REFUSED);
	assert_non_null(strstr(undone_error.text, "device 2 is missing"));
	assert_true(undone_is(false, false));
	assert_int_equal(undo_with(&undone_result, swapped, 2, UNDONE_FILE, NULL, NULL, &undone_error), 0);
	assert_true(undone_is(true, true));
}

static int stop(void *arg, const char *what, uint64_t done, uint64_t total)
{
	assert_true(done <= total);
	++*(unsigned *)arg;
	return strcmp(what, "checking") == 0;
}

static void test_stop(void **state)
{
	unsigned calls = 0;
	const struct fsr_open_options o = {.progress = stop, .progress_arg = &calls};

	(void)state;
	undone_reset(false);
	assert_int_equal(undo_with(&undone_result, undone_paths, 2, UNDONE_FILE, &o, NULL, &undone_error),
		FSR_E_STOPPED);
	assert_int_equal(calls, 1);
	assert_true(undone_is(false, true));
}

static int setup(void **state)
{
	if (enter_scratch(state))
		return -1;
	undone_make();
	return 0;
}

static int teardown(void **state)
{
	undone_free();
	return leave_scratch(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_half_rewritten),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_stop),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
