/* SPDX-License-Identifier: MIT */
/*
 * The phases of a commit as its caller hears of them: in order, each before the first operation of its own,
 * and how far an answer to one of them stops the work.
 */
#include "../../libfswrite/rewrite.h"
#include "container.h"
#include "hook.h"
#include "image.h"
#include "sample_copy.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define IMAGE "image"
#define UNDO "undo"
/* of the sample stale-label, by btrfs-progs; 2 GiB, so that it has one mirror, at 64 MiB */
#define GENERATION 9u

static struct hook hook;
static struct fsw_result *result;
static struct fsr_error error;

/* What was heard: the phases, and how many operations had passed by then. */
static struct heard {
	enum fsw_phase stop_at; /* FSW_PHASE_COUNT: nowhere */
	unsigned n, operations[2 * FSW_PHASE_COUNT];
	enum fsw_phase phases[2 * FSW_PHASE_COUNT];
	unsigned states[2 *
			FSW_PHASE_COUNT]; /* events of caches since the phase began; a bit for each state */
} heard;

static int hear(void *arg, const struct fsw_event *event)
{
	assert_ptr_equal(arg, &heard);
	assert_non_null(event->text);
	if (event->kind == FSW_EVENT_STATE) {
		assert_true(heard.n > 0);
		heard.states[heard.n - 1] |= 1u << event->state;
	}
	if (event->kind != FSW_EVENT_PHASE)
		return 0;
	assert_true(heard.n < 2 * FSW_PHASE_COUNT);
	heard.operations[heard.n] = hook.n;
	heard.phases[heard.n++] = event->phase;
	return event->phase == heard.stop_at;
}

static void fresh_image(void)
{
	unlink(IMAGE);
	unlink(UNDO);
	sample_copy("stale-label", IMAGE);
}

static int rewrite(struct fsw_options options, enum fsw_phase stop_at)
{
	const struct device_hooks hooks = hook_over(&hook);
	const char *path = IMAGE;

	heard = (struct heard){.stop_at = stop_at};
	error = (struct fsr_error){0};
	options.event = hear;
	options.event_arg = &heard;
	return rewrite_with(&result, &path, 1, &options, &hooks, &error);
}

static uint64_t generation_now(void)
{
	const char *path = IMAGE;
	struct fsr_fs *fs;
	uint64_t generation;

	assert_int_equal(fsr_open(&fs, &path, 1, NULL, &error), 0);
	generation = fsr_filesystem(fs)->generation;
	fsr_close(fs);
	return generation;
}

static void expect_phases(unsigned n)
{
	assert_int_equal(heard.n, n);
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(heard.phases[i], i);
}

/* The operations of a phase: so many, flushes or writes, a single write's place. */
static void expect_operations(enum fsw_phase phase, unsigned n, bool flushes, uint64_t offset)
{
	unsigned end = phase + 1 < FSW_PHASE_COUNT ? heard.operations[phase + 1] : hook.n;

	assert_int_equal(end - heard.operations[phase], n);
	for (unsigned i = heard.operations[phase]; i < end; i++) {
		assert_int_equal(hook.log[i].is_flush, flushes);
		assert_int_equal(hook.log[i].offset, offset);
	}
}

static void test_commit(void **state)
{
	const unsigned planned = 1u << FSR_STATE_CLEAR | 1u << FSR_STATE_SETUP | 1u << FSR_STATE_NEED_WRITE;

	(void)state;
	fresh_image();
	assert_int_equal(rewrite((struct fsw_options){0}, FSW_PHASE_COUNT), 0);
	assert_true(result->committed);
	expect_phases(FSW_PHASE_COUNT);
	assert_int_equal(heard.states[FSW_PHASE_ALLOCATE], planned);
	assert_int_equal(heard.states[FSW_PHASE_WRITE], 1u << FSR_STATE_WRITTEN);
	assert_int_equal(heard.operations[FSW_PHASE_WRITE], 0);
	/* two caches, and 2 copies of as many tree blocks as it says, none of them a superblock */
	assert_true(heard.operations[FSW_PHASE_FLUSH] >= 2 + 2 * result->transaction.blocks_written);
	for (unsigned i = 0; i < heard.operations[FSW_PHASE_FLUSH]; i++) {
		assert_false(hook.log[i].is_flush);
		assert_int_not_equal(hook.log[i].offset, 64 * KIB);
		assert_int_not_equal(hook.log[i].offset, 64 * MIB);
	}
	expect_operations(FSW_PHASE_FLUSH, 1, true, 0);
	expect_operations(FSW_PHASE_SUPER, 1, false, 64 * KIB);
	expect_operations(FSW_PHASE_FLUSH_SUPER, 1, true, 0);
	expect_operations(FSW_PHASE_MIRRORS, 1, false, 64 * MIB);
	expect_operations(FSW_PHASE_FLUSH_MIRRORS, 1, true, 0);
	fsw_result_free(result);
	assert_int_equal(generation_now(), GENERATION + 1);

	/* there is nothing to do any more */
	assert_int_equal(rewrite((struct fsw_options){0}, FSW_PHASE_COUNT), 0);
	expect_phases(0);
	assert_false(result->planned);
	fsw_result_free(result);
}

static void test_dry_run(void **state)
{
	(void)state;
	fresh_image();
	assert_int_equal(rewrite((struct fsw_options){.dry_run = true}, FSW_PHASE_COUNT), 0);
	expect_phases(FSW_PHASE_CHECK + 1);
	assert_int_equal(heard.states[FSW_PHASE_CHECK], 1u << FSR_STATE_WRITTEN);
	assert_int_equal(hook.n, 0);
	fsw_result_free(result);
	for (enum fsw_phase phase = FSW_PHASE_ALLOCATE; phase <= FSW_PHASE_CHECK; phase++) {
		assert_int_equal(rewrite((struct fsw_options){.dry_run = true}, phase), FSR_E_STOPPED);
		assert_null(result);
		expect_phases(phase + 1);
	}
	assert_int_equal(generation_now(), GENERATION);
}

/* Before anything was written no undo file is left. */
static void test_stopped(void **state)
{
	(void)state;
	fresh_image();
	for (enum fsw_phase phase = FSW_PHASE_ALLOCATE; phase <= FSW_PHASE_WRITE; phase++) {
		assert_int_equal(rewrite((struct fsw_options){.undo = UNDO}, phase), FSR_E_STOPPED);
		assert_null(result);
		assert_int_equal(error.code, FSR_E_STOPPED);
		expect_phases(phase + 1);
		assert_int_equal(hook.n, 0);
		assert_int_not_equal(access(UNDO, F_OK), 0);
	}
	assert_non_null(strstr(error.text, "; the old filesystem is untouched"));
	assert_null(strstr(error.text, "undo takes back"));
	assert_int_equal(generation_now(), GENERATION);
}

static void read_places(uint8_t *bytes)
{
	int fd = open(IMAGE, O_RDONLY | O_CLOEXEC);

	for (unsigned i = 0; i < hook.n; i++) {
		const struct hook_operation *o = &hook.log[i];

		assert_int_equal(pread(fd, bytes, o->length, (off_t)o->offset), o->length);
		bytes += o->length;
	}
	close(fd);
}

/* What was written is in no use, and the undo file takes it away again. */
static void test_stopped_at_super(void **state)
{
	struct fsw_undone undone;
	const char *path = IMAGE;
	uint8_t *before, *now;
	size_t n = 0;

	(void)state;
	fresh_image();
	assert_int_equal(rewrite((struct fsw_options){.undo = UNDO}, FSW_PHASE_SUPER), FSR_E_STOPPED);
	expect_phases(FSW_PHASE_SUPER + 1);
	assert_int_equal(hook.n, heard.operations[FSW_PHASE_SUPER]);
	assert_true(hook.log[hook.n - 1].is_flush);
	for (unsigned i = 0; i < hook.n; i++) {
		assert_true(hook.log[i].is_flush || hook.log[i].offset > MIB);
		assert_int_not_equal(hook.log[i].offset, 64 * MIB);
		n += hook.log[i].length;
	}
	assert_non_null(
		strstr(error.text, "; the old filesystem is untouched; undo takes back what was written"));
	assert_int_equal(generation_now(), GENERATION);
	before = calloc(n + 1, 1);
	now = calloc(n + 1, 1);
	assert_int_equal(fsw_undo(&undone, &path, 1, UNDO, NULL, &error), 0);
	assert_false(undone.was_there);
	read_places(now);
	fresh_image();
	read_places(before);
	assert_memory_equal(now, before, n);
	free(before);
	free(now);
}

static void test_too_late(void **state)
{
	(void)state;
	for (enum fsw_phase phase = FSW_PHASE_FLUSH_SUPER; phase < FSW_PHASE_COUNT; phase++) {
		fresh_image();
		assert_int_equal(rewrite((struct fsw_options){0}, phase), 0);
		assert_true(result->committed);
		expect_phases(FSW_PHASE_COUNT);
		expect_operations(FSW_PHASE_MIRRORS, 1, false, 64 * MIB);
		expect_operations(FSW_PHASE_FLUSH_MIRRORS, 1, true, 0);
		fsw_result_free(result);
		assert_int_equal(generation_now(), GENERATION + 1);
	}
}

/* On a copy the same is heard. */
static void test_output(void **state)
{
	const struct fsw_options options = {.output = "copy"};

	(void)state;
	fresh_image();
	assert_int_equal(rewrite(options, FSW_PHASE_SUPER), FSR_E_STOPPED);
	expect_phases(FSW_PHASE_SUPER + 1);
	assert_int_not_equal(access("copy", F_OK), 0);
	assert_int_equal(rewrite(options, FSW_PHASE_COUNT), 0);
	expect_phases(FSW_PHASE_COUNT);
	fsw_result_free(result);
	assert_int_equal(generation_now(), GENERATION);
	unlink("copy");
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(fsw_phase_name(FSW_PHASE_ALLOCATE), "allocate");
	assert_string_equal(fsw_phase_name(FSW_PHASE_CHECK), "check");
	assert_string_equal(fsw_phase_name(FSW_PHASE_FLUSH_SUPER), "flush super");
	for (enum fsw_phase phase = FSW_PHASE_ALLOCATE; phase < FSW_PHASE_COUNT; phase++)
		assert_non_null(fsw_phase_name(phase));
	assert_null(fsw_phase_name(FSW_PHASE_COUNT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commit),
		cmocka_unit_test(test_dry_run),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_stopped_at_super),
		cmocka_unit_test(test_too_late),
		cmocka_unit_test(test_output),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, enter_scratch_by_samples, leave_scratch);
}
