/* SPDX-License-Identifier: MIT */
/*
 * A commit that finds room for one cache file or none: a right cache is left alone until the commit itself
 * changes its block group, and whoever asked for it is told when it is lost.
 */
#include "../../libfswrite/commit/commit.h"
#include "transaction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define METADATA UINT64_C(30408704) /* the block groups of the samples, by dump-tree */
#define DATA UINT64_C(137756672)
#define LAST UINT64_C(355860480) /* where Linux put the cache files */
#define SMALL UINT64_C(13631488)
#define ROOM 65536u

static struct transaction x;
static struct commit c;
static struct fsw_result result;

/* Of all free data space one piece or none is left, in the block group under 100 MiB. */
static void leave_rooms(size_t rooms)
{
	for (size_t i = 0; i < c.trans.ngroups; i++) {
		struct trans_group *g = &c.trans.groups[i];

		if (!(g->facts->flags & BLOCK_GROUP_DATA))
			continue;
		assert_int_equal(free_map_load(&c.trans, g, &x.err), 0);
		g->map.count = g->facts->bytenr == SMALL ? rooms : 0;
		g->map.ranges[0].end = g->map.ranges[0].start + ROOM;
		g->largest = g->map.count ? ROOM : 0;
	}
}

static void run(const char *sample, const struct fsw_options *options, size_t rooms)
{
	bool work = false;

	transaction_begin(&x, sample);
	c = (struct commit){.set = x.set, .options = options};
	assert_int_equal(trans_begin(&c.trans, x.fs, options, &x.err), 0);
	assert_int_equal(commit_select(&c, &work, &x.err), 0);
	assert_true(work);
	leave_rooms(rooms);
	assert_int_equal(commit_settle(&c, &x.err), 0);
	assert_int_equal(commit_fill(&c, &x.err), 0);
	assert_int_equal(commit_seal_blocks(&c, 0, &x.err), 0);
	assert_int_equal(commit_make_super(&c, &x.err), 0);
	assert_int_equal(commit_check(&c, &x.err), 0);
	result = (struct fsw_result){
		.planned = true, .groups = calloc(c.trans.ngroups, sizeof *result.groups)};
	commit_tell(&c, &result);
}

static void end(void)
{
	fsw_result_free(memcpy(malloc(sizeof result), &result, sizeof result));
	trans_free(&c.trans);
	transaction_end(&x);
}

static const struct fsw_group *group(uint64_t bytenr)
{
	for (size_t i = 0; i < result.ngroups; i++)
		if (result.groups[i].bytenr == bytenr)
			return &result.groups[i];
	fail_msg("no block group at %llu", (unsigned long long)bytenr);
	return NULL;
}

static void expect(uint64_t bytenr, enum fsw_why why, enum fsr_state before, enum fsr_state after)
{
	assert_int_equal(group(bytenr)->why, why);
	assert_int_equal(group(bytenr)->before, before);
	assert_int_equal(group(bytenr)->after, after);
}

static void expect_events(uint64_t bytenr, const enum fsr_state *states, unsigned n)
{
	assert_int_equal(group(bytenr)->ntransitions, n);
	assert_memory_equal(group(bytenr)->transitions, states, n * sizeof *states);
}

/* The first takes the room; the second stays; the third held the first one's old cache, so it changed. */
static void test_all(void **state)
{
	const struct fsw_options options = {.all = true};
	const enum fsr_state left[] = {FSR_STATE_CLEAR, FSR_STATE_WRITTEN};
	const enum fsr_state lost[] = {FSR_STATE_CLEAR, FSR_STATE_ERROR};

	(void)state;
	run("clean", &options, 1);
	expect(METADATA, FSW_WHY_SELECTED, FSR_STATE_WRITTEN, FSR_STATE_WRITTEN);
	assert_int_equal(group(METADATA)->cache_bytes, ROOM);
	expect(DATA, FSW_WHY_SELECTED, FSR_STATE_WRITTEN, FSR_STATE_WRITTEN);
	assert_int_equal(group(DATA)->cache_bytes, 0);
	expect_events(DATA, left, 2);
	expect(LAST, FSW_WHY_SELECTED, FSR_STATE_WRITTEN, FSR_STATE_SETUP);
	expect_events(LAST, lost, 2);
	assert_non_null(strstr(group(LAST)->problem, "free bytes in a row"));
	assert_int_equal(result.unwritten, 1);
	end();
}

/* Left alone for want of room, and then the commit's own tree blocks change the block group after all. */
static void test_left_and_lost(void **state)
{
	const struct fsw_options options = {.all = true};
	const enum fsr_state events[] = {
		FSR_STATE_CLEAR, FSR_STATE_WRITTEN, FSR_STATE_CLEAR, FSR_STATE_ERROR};

	(void)state;
	run("clean", &options, 0);
	expect(METADATA, FSW_WHY_SELECTED, FSR_STATE_WRITTEN, FSR_STATE_SETUP);
	expect_events(METADATA, events, 4);
	assert_int_equal(result.unwritten, 1);
	end();
}

/* Nobody asked for the metadata's cache, but it was right before. */
static void test_touched(void **state)
{
	const struct fsw_options options = {0};

	(void)state;
	run("inode-generation-zero", &options, 1);
	expect(LAST, FSW_WHY_SELECTED, FSR_STATE_SETUP, FSR_STATE_WRITTEN);
	expect(METADATA, FSW_WHY_TOUCHED, FSR_STATE_WRITTEN, FSR_STATE_SETUP);
	assert_int_equal(result.unwritten, 1);
	end();
}

/* With a list only what is on it counts. */
static void test_listed(void **state)
{
	const uint64_t list[] = {LAST};
	const struct fsw_options options = {.groups = list, .ngroups = 1};

	(void)state;
	run("inode-generation-zero", &options, 1);
	expect(LAST, FSW_WHY_SELECTED, FSR_STATE_SETUP, FSR_STATE_WRITTEN);
	expect(METADATA, FSW_WHY_TOUCHED, FSR_STATE_WRITTEN, FSR_STATE_SETUP);
	assert_int_equal(result.unwritten, 0);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_left_and_lost),
		cmocka_unit_test(test_touched),
		cmocka_unit_test(test_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
