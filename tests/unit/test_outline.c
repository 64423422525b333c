/* SPDX-License-Identifier: MIT */
/* What fsr_outline() says before anything is judged: never taken back, and said wherever it can be. */
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct outline {
	size_t count;
	struct fsr_group *groups; /* their findings copied */
	size_t judged;
	unsigned decided; /* how many were not pending */
};

static int keep_group(void *arg, const struct fsr_group *group)
{
	struct outline *o = arg;
	struct fsr_finding *findings = calloc(group->nfindings + 1, sizeof *findings);

	if (group->nfindings)
		memcpy(findings, group->findings, group->nfindings * sizeof *findings);
	o->groups = realloc(o->groups, (o->count + 1) * sizeof *o->groups);
	o->groups[o->count] = *group;
	o->groups[o->count++].findings = findings;
	return 0;
}

static struct outline outline_of(struct fsr_fs *fs)
{
	struct outline o = {0};

	assert_int_equal(fsr_outline(fs, keep_group, &o, NULL), 0);
	return o;
}

static void outline_free(struct outline *o)
{
	for (size_t i = 0; i < o->count; i++)
		free((void *)o->groups[i].findings);
	free(o->groups);
}

static bool has_finding(const struct fsr_group *group, const struct fsr_finding *f)
{
	for (size_t i = 0; i < group->nfindings; i++)
		if (group->findings[i].code == f->code && group->findings[i].severity == f->severity &&
			!strcmp(group->findings[i].message, f->message))
			return true;
	return false;
}

static void expect_same(const struct fsr_group *early, const struct fsr_group *late)
{
	if (late->state != FSR_STATE_UNKNOWN)
		assert_int_equal(early->state, late->state);
	assert_int_equal(early->verdict, late->verdict);
	assert_int_equal(early->verdict_if_trusted, late->verdict_if_trusted);
	assert_int_equal(early->step, late->step);
	assert_int_equal(early->reason, late->reason);
}

static int compare_group(void *arg, const struct fsr_group *late)
{
	struct outline *o = arg;
	const struct fsr_group *early = &o->groups[o->judged++];

	assert_int_equal(early->index, late->index);
	assert_int_equal(early->bytenr, late->bytenr);
	assert_int_equal(early->length, late->length);
	assert_int_equal(early->flags, late->flags);
	assert_int_equal(early->used, late->used);
	assert_int_equal(early->excluded_bytes, late->excluded_bytes);
	assert_int_equal(early->has_cache, late->has_cache);
	assert_int_equal(early->cache.generation, late->cache.generation);
	assert_int_equal(early->cache.pages, late->cache.pages);
	assert_false(late->pending);
	if (early->pending)
		assert_int_equal(early->nfindings, 0);
	else
		expect_same(early, late);
	o->decided += !early->pending;
	for (size_t i = 0; i < early->nfindings; i++)
		if (!has_finding(late, &early->findings[i]))
			fail_msg("taken back: %s", early->findings[i].message);
	return 0;
}

static unsigned images, decided_groups;

static void expect_kept(const char *path, struct fsr_fs *fs)
{
	struct outline o = outline_of(fs);

	print_message("%s\n", path);
	assert_int_equal(fsr_judge(fs, NULL, compare_group, &o, NULL), 0);
	assert_int_equal(o.judged, o.count);
	decided_groups += o.decided;
	images++;
	outline_free(&o);
}

static void test_never_taken_back(void **state)
{
	(void)state;
	sample_each(expect_kept);
	assert_true(decided_groups > images); /* a v1 filesystem has a system block group, at the least */
}

/* As samples/expect says of the block group that each sample is about. */
struct decided {
	const char *sample;
	uint64_t bytenr;
	enum fsr_state state;
	enum fsr_verdict verdict;
	int step;
	enum fsr_finding_code reason;
};

#define D(sample, bytenr, state, verdict, step, reason)                                                      \
	{                                                                                                    \
		sample, bytenr, FSR_STATE_##state, FSR_VERDICT_##verdict, step, FSR_FINDING_##reason         \
	}

static const struct decided decided[] = {
	D("clean", 22020096, NONE, IGNORED, 4, NONE),
	D("header-missing", 355860480, CLEAR, IGNORED, 4, CACHE_ABSENT),
	D("inode-missing", 355860480, ERROR, IGNORED, 5, CACHE_INODE_MISSING),
	D("size-zero", 355860480, ERROR, IGNORED, 7, CACHE_SIZE_ZERO),
	D("discarded", 137756672, SETUP, IGNORED, 8, CACHE_DISCARDED),
	D("inode-generation-zero", 355860480, SETUP, IGNORED, 8, CACHE_DISCARDED),
	D("stamps-differ", 355860480, NEED_WRITE, IGNORED, 9, CACHE_STAMPS),
	D("crash-mode", 355860480, ERROR, CRASHES, 11, CACHE_CRASH_MODE),
	D("crash-pages", 355860480, ERROR, CRASHES, 11, CACHE_CRASH_PAGES),
	D("v2-invalid", 137756672, NONE, NOT_LOADED, 1, NONE),
};

static const struct fsr_group *group_at(const struct outline *o, uint64_t bytenr)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->groups[i].bytenr == bytenr)
			return &o->groups[i];
	fail_msg("no block group %llu", (unsigned long long)bytenr);
	return NULL;
}

static struct fsr_group outline_group_of(const char *sample, uint64_t bytenr)
{
	struct fsr_fs *fs = sample_open(sample);
	struct outline o = outline_of(fs);
	struct fsr_group group = *group_at(&o, bytenr);

	print_message("%s\n", sample);
	group.findings = NULL; /* only how many there were */
	outline_free(&o);
	fsr_close(fs);
	return group;
}

static void test_decided(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof decided / sizeof *decided; i++) {
		const struct decided *d = &decided[i];
		struct fsr_group group = outline_group_of(d->sample, d->bytenr);

		assert_false(group.pending);
		assert_int_equal(group.state, d->state);
		assert_int_equal(group.verdict, d->verdict);
		assert_int_equal(group.step, d->step);
		assert_int_equal(group.reason, d->reason);
		assert_int_equal(group.nfindings, d->reason != FSR_FINDING_NONE);
		assert_false(group.has_recomputed);
	}
}

/* Where the pages, the extents or a free space tree in use have a say. */
static void test_pending(void **state)
{
	static const struct {
		const char *sample;
		uint64_t bytenr;
	} pending[] = {
		{"clean", 137756672},          /* a cache */
		{"no-entries", 355860480},     /* harmless in a block group without free space */
		{"old-format", 355860480},     /* the format is told by the pages */
		{"shared-inode", 355860480},   /* known to be wrong, but not yet what Linux does */
		{"left-over", 137756672},      /* dangerous if it is wrong */
		{"v2", 13631488},              /* Linux may crash on the free space tree */
		{"crash-v2-flags", 137756672}, /* and here it does */
	};

	(void)state;
	for (size_t i = 0; i < sizeof pending / sizeof *pending; i++) {
		struct fsr_group group = outline_group_of(pending[i].sample, pending[i].bytenr);

		assert_true(group.pending);
		assert_int_equal(group.state, FSR_STATE_UNKNOWN);
		assert_int_equal(group.nfindings, 0);
	}
}

static int stop(void *arg, const struct fsr_group *group)
{
	(void)group;
	return ++*(int *)arg == 2;
}

static void test_stopped(void **state)
{
	struct fsr_fs *fs = sample_open("clean");
	struct fsr_error err;
	int calls = 0;

	(void)state;
	assert_int_equal(fsr_outline(fs, stop, &calls, &err), FSR_E_STOPPED);
	assert_int_equal(calls, 2);
	fsr_close(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never_taken_back),
		cmocka_unit_test(test_decided),
		cmocka_unit_test(test_pending),
		cmocka_unit_test(test_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
