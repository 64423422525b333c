/* SPDX-License-Identifier: MIT */
/* Calls on one filesystem from several threads at once give what they give one after the other. */
#include "sample.h"

#include "../../libfsread/space/space.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROUNDS 3

/* One call over the whole filesystem; what came is added up, so that any difference shows. */
struct call {
	uint64_t (*fn)(struct fsr_fs *fs);
	struct fsr_fs *fs;
	uint64_t alone, together[ROUNDS];
	pthread_t thread;
};

static int add_group(void *arg, const struct fsr_group *group)
{
	uint64_t *sum = arg;

	*sum = *sum * 31 + group->state * 7 + group->verdict + (uint64_t)group->step + group->nfindings +
	       group->recomputed_free_bytes + group->pending;
	return 0;
}

static int add_span(void *arg, const struct fsr_span *span)
{
	uint64_t *sum = arg;

	*sum = *sum * 31 + span->bytenr + span->length + span->kind;
	return 0;
}

static int add_difference(void *arg, const struct fsr_diff_range *range)
{
	uint64_t *sum = arg;

	*sum = *sum * 31 + range->bytenr + range->holder.objectid;
	return 0;
}

static int add_item(void *arg, const struct fsr_item *item)
{
	uint64_t *sum = arg;

	*sum = *sum * 31 + item->key.objectid + item->size;
	return 0;
}

static int add_label(void *arg, const struct fsr_label *label)
{
	uint64_t *sum = arg;

	*sum = *sum * 31 + label->length;
	return 0;
}

static uint64_t judge(struct fsr_fs *fs)
{
	const struct fsr_judge_options options = {.threads = 2};
	uint64_t sum = 0;

	return fsr_judge(fs, &options, add_group, &sum, NULL) ? 0 : sum;
}

static uint64_t outline(struct fsr_fs *fs)
{
	uint64_t sum = 0;

	return fsr_outline(fs, add_group, &sum, NULL) ? 0 : sum;
}

static uint64_t spans(struct fsr_fs *fs)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < fs->ngroups; i++)
		if (fsr_spans(fs, fs->groups[i].bytenr, NULL, add_span, &sum, NULL))
			return 0;
	return sum;
}

static uint64_t caches_and_differences(struct fsr_fs *fs)
{
	uint64_t sum = 1;

	for (size_t i = 0; i < fs->ngroups; i++) {
		struct fsr_cache *cache;

		if (fsr_cache_open(fs, fs->groups[i].bytenr, &cache, NULL) ||
			fsr_diff(fs, fs->groups[i].bytenr, add_difference, &sum, NULL))
			return 0;
		sum = sum * 31 + cache->nentries + cache->npages;
		fsr_cache_free(cache);
	}
	return sum;
}

static int look_at_tree(void *arg, const struct fsr_tree *tree)
{
	struct call *call = arg;
	struct fsr_holder holder;
	struct fsr_block *block;
	struct fsr_path path;

	if (fsr_block_open(call->fs, tree->bytenr, FSR_ANY_COPY, &block, NULL) ||
		fsr_tree_seek(call->fs, tree, &(struct fsr_key){256, 0, 0}, &path, NULL) < 0 ||
		fsr_holder_at(call->fs, tree->bytenr, &holder, NULL))
		return 1;
	fsr_block_labels(block, add_label, &call->alone);
	call->alone += path.bytenr[0] + path.slot[0] + holder.root;
	fsr_block_free(block);
	return 0;
}

static uint64_t trees(struct fsr_fs *fs)
{
	struct call sum = {.fs = fs};

	if (fsr_trees(fs, look_at_tree, &sum, NULL) ||
		fsr_tree_walk(fs, "root", add_item, &sum.alone, NULL) ||
		fsr_tree_walk(fs, "extent", add_item, &sum.alone, NULL))
		return 0;
	return sum.alone;
}

static void *repeat(void *arg)
{
	struct call *call = arg;

	for (unsigned i = 0; i < ROUNDS; i++)
		call->together[i] = call->fn(call->fs);
	return NULL;
}

static void expect_same(const char *sample)
{
	struct fsr_fs *fs = sample_open(sample);
	struct call calls[] = {
		{.fn = judge}, {.fn = outline}, {.fn = spans}, {.fn = caches_and_differences}, {.fn = trees}};
	const unsigned n = sizeof calls / sizeof *calls;
	size_t findings;

	for (unsigned i = 0; i < n; i++) {
		calls[i].fs = fs;
		calls[i].alone = calls[i].fn(fs);
		assert_int_not_equal(calls[i].alone, 0);
	}
	findings = fs->volume->findings.count;
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(pthread_create(&calls[i].thread, NULL, repeat, &calls[i]), 0);
	for (unsigned i = 0; i < n; i++)
		pthread_join(calls[i].thread, NULL);
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < ROUNDS; k++)
			assert_int_equal(calls[i].together[k], calls[i].alone);
	assert_int_equal(fs->volume->findings.count, findings);
	fsr_close(fs);
}

static void test_side_by_side(void **state)
{
	(void)state;
	expect_same("misplaced");
	expect_same("v2-bitmaps");
	expect_same("tree-block-copy"); /* findings from all sides */
	expect_same("csum-sha256");
	expect_same("raid1-copies-differ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_side_by_side)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
