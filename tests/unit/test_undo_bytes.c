/* SPDX-License-Identifier: MIT */
/* How much a rewrite overwrites, as told: against what it writes, and against its undo file. */
#include "../../libfswrite/rewrite.h"
#include "../../libfswrite/undo/format.h"
#include "container.h"
#include "hook.h"
#include "sample_copy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define UNDO "undo"

static struct hook hook;

/* Answers undo_bytes; committed or not must be as expected. */
static uint64_t rewrite(const char *const *paths, size_t n, const struct fsw_options *options, bool committed)
{
	const struct device_hooks hooks = hook_over(&hook);
	struct fsw_result *result;
	struct fsr_error err;
	uint64_t bytes;

	if (rewrite_with(&result, paths, n, options, &hooks, &err))
		fail_msg("%s", err.text);
	assert_int_equal(result->committed, committed);
	bytes = result->undo_bytes;
	fsw_result_free(result);
	return bytes;
}

/* A commit writes to no place twice. */
static uint64_t written(void)
{
	uint64_t bytes = 0;

	for (unsigned i = 0; i < hook.n; i++)
		bytes += hook.log[i].length;
	return bytes;
}

static uint64_t held_by_file(void)
{
	struct undo_file file;
	struct fsr_error err;
	uint64_t bytes;

	assert_int_equal(undo_file_open(&file, UNDO, &err), 0);
	bytes = file.header.bytes;
	undo_file_close(&file);
	return bytes;
}

static uint64_t undone(const char *const *paths, size_t n)
{
	struct fsw_undone undone;
	struct fsr_error err;

	assert_int_equal(fsw_undo(&undone, paths, n, UNDO, NULL, &err), 0);
	return undone.bytes;
}

/* Tried, and done with and without an undo file. */
static uint64_t run(const char *const *paths, size_t n, struct fsw_options options)
{
	uint64_t bytes;

	options.dry_run = true;
	bytes = rewrite(paths, n, &options, false);
	assert_int_equal(written(), 0);
	options.dry_run = false;
	options.undo = UNDO;
	assert_int_equal(rewrite(paths, n, &options, true), bytes);
	assert_int_equal(written(), bytes);
	assert_int_equal(held_by_file(), bytes);
	assert_int_equal(undone(paths, n), bytes);
	options.undo = NULL;
	assert_int_equal(rewrite(paths, n, &options, true), bytes);
	unlink(UNDO);
	return bytes;
}

static void test_one_device(void **state)
{
	const char *const paths[] = {"one"};

	(void)state;
	sample_copy("stale-label", "one");
	/* caches of 64 KiB in the metadata and one data block group, two tree blocks of 16 KiB in the DUP
	 * metadata, and two superblocks of 4 KiB */
	assert_int_equal(run(paths, 1, (struct fsw_options){0}), 2 * 65536 + 2 * 2 * 16384 + 2 * 4096);
	/* all is well by now */
	assert_int_equal(rewrite(paths, 1, &(struct fsw_options){0}, false), 0);
	/* the same without caches */
	assert_int_equal(run(paths, 1, (struct fsw_options){.all = true, .invalidate = true}),
		2 * 2 * 16384 + 2 * 4096);
}

static void test_several_devices(void **state)
{
	const char *const paths[] = {"two.1", "two.2"};

	(void)state;
	sample_copy("raid1", "two");
	run(paths, 2, (struct fsw_options){.all = true});
}

/* A copy is told of as its image would be. */
static void test_output(void **state)
{
	const char *const paths[] = {"three"};
	const struct fsw_options tried = {.dry_run = true}, copied = {.output = "copy"};
	uint64_t bytes;

	(void)state;
	sample_copy("misplaced", "three");
	bytes = rewrite(paths, 1, &tried, false);
	assert_true(bytes > 0);
	assert_int_equal(rewrite(paths, 1, &copied, true), bytes);
	assert_int_equal(written(), bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_device),
		cmocka_unit_test(test_several_devices),
		cmocka_unit_test(test_output),
	};

	return cmocka_run_group_tests(tests, enter_scratch_by_samples, leave_scratch);
}
