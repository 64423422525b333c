/* SPDX-License-Identifier: MIT */
/* What the bytes of a block group are, span by span. */
#include "sample.h"
#include "world.h"

#include "../../libfsread/spans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define KINDS (FSR_SPAN_UNKNOWN + 1)
#define SPANS_MAX 8192u

struct heard {
	const struct fsr_group *group;
	unsigned count, stop_at;
	struct fsr_span spans[SPANS_MAX];
	uint64_t bytes[KINDS], end[KINDS];
	unsigned of[KINDS];
};

static struct heard heard;

/* In order, apart from each other, and in the block group. */
static int hear(void *arg, const struct fsr_span *span)
{
	struct heard *h = arg;

	assert_true(span->kind < KINDS);
	assert_true(span->length > 0);
	assert_true(h->of[span->kind] == 0 || span->bytenr >= h->end[span->kind]);
	if (span->kind == FSR_SPAN_USED && h->of[FSR_SPAN_USED])
		assert_true(span->bytenr > h->end[FSR_SPAN_USED]); /* or they would be one */
	h->end[span->kind] = span->bytenr + span->length;
	h->bytes[span->kind] += span->length;
	h->of[span->kind]++;
	if (h->count < SPANS_MAX)
		h->spans[h->count] = *span;
	h->count++;
	return h->count == h->stop_at;
}

static struct fsr_group spans_of(struct fsr_fs *fs, uint64_t bytenr)
{
	struct fsr_group group;

	memset(&heard, 0, sizeof heard);
	assert_int_equal(fsr_spans(fs, bytenr, &group, hear, &heard, NULL), 0);
	assert_int_equal(group.bytenr, bytenr);
	assert_int_equal(group.nfindings, 0);
	assert_null(group.findings);
	return group;
}

static void expect(enum fsr_span_kind kind, unsigned n, uint64_t bytenr, uint64_t length)
{
	for (unsigned i = 0, seen = 0; i < heard.count && i < SPANS_MAX; i++) {
		if (heard.spans[i].kind != kind || seen++ != n)
			continue;
		assert_int_equal(heard.spans[i].bytenr, bytenr);
		assert_int_equal(heard.spans[i].length, length);
		return;
	}
	fail_msg("no span %u of kind %d", n, kind);
}

static void expect_counts(unsigned used, unsigned super, unsigned excess, unsigned missing, unsigned unknown)
{
	assert_int_equal(heard.of[FSR_SPAN_USED], used);
	assert_int_equal(heard.of[FSR_SPAN_SUPER], super);
	assert_int_equal(heard.of[FSR_SPAN_EXCESS], excess);
	assert_int_equal(heard.of[FSR_SPAN_MISSING], missing);
	assert_int_equal(heard.of[FSR_SPAN_UNKNOWN], unknown);
}

/* ---- made for the purpose */

static void collect(struct world *w)
{
	world_judge(w); /* reads what fsr_open() would */
}

static void test_clean(void **state)
{
	struct world *w = world_clean(BLOCK_GROUP_DUP);
	struct fsr_group group;

	(void)state;
	world_extent(w, END - SECTOR, SECTOR); /* against the block group's end; the cache lists it as free */
	collect(w);
	group = spans_of(&w->fs, GROUP);
	expect_counts(2, 2, 1, 0, 0);
	expect(FSR_SPAN_USED, 0, GROUP, MIB + FILE_BYTES); /* two extents that touch */
	expect(FSR_SPAN_USED, 1, END - SECTOR, SECTOR);
	expect(FSR_SPAN_SUPER, 0, STRIPE_1, STRIPE_BYTES);
	expect(FSR_SPAN_SUPER, 1, STRIPE_0, STRIPE_BYTES);
	expect(FSR_SPAN_EXCESS, 0, END - SECTOR, SECTOR);
	assert_int_equal(group.excess_bytes, SECTOR);
	world_free(w);
}

/* Entries from one sector before the file on, and two sectors short of the super stripe; one is outside. */
static void shift_cache(struct world *w)
{
	struct cachefile f;

	cachefile_init(&f, 16, 4096, IMAGE_GENERATION);
	cachefile_entry(&f, GROUP - SECTOR, 2 * SECTOR, EXTENT);
	cachefile_entry(&f, WORLD_FILE - SECTOR, 2 * SECTOR, EXTENT);
	cachefile_entry(&f, WORLD_FILE + FILE_BYTES, STRIPE_0 - WORLD_FILE - FILE_BYTES - 2 * SECTOR, EXTENT);
	cachefile_entry(&f, STRIPE_0 + STRIPE_BYTES, END - STRIPE_0 - STRIPE_BYTES + SECTOR, EXTENT);
	cachefile_entry(&f, END + MIB, SECTOR, EXTENT);
	world_cache(w, &f);
	page_set_free(&f.set);
}

static void test_differences(void **state)
{
	struct world *w = world_plain(0);

	(void)state;
	shift_cache(w);
	collect(w);
	spans_of(&w->fs, GROUP);
	expect_counts(1, 1, 2, 1, 0);
	expect(FSR_SPAN_EXCESS, 0, GROUP, SECTOR);
	expect(FSR_SPAN_EXCESS, 1, WORLD_FILE - SECTOR, 2 * SECTOR);
	expect(FSR_SPAN_MISSING, 0, STRIPE_0 - 2 * SECTOR, 2 * SECTOR);
	world_free(w);
}

static void add_free_space_tree(struct world *w)
{
	uint8_t *info = world_item(&w->free_space, GROUP, KEY_FREE_SPACE_INFO, GROUP_LENGTH, NULL, 8);

	put32(info, 1);
	world_item(&w->free_space, WORLD_FILE, KEY_FREE_SPACE_EXTENT, END - WORLD_FILE, NULL, 0);
}

/* The free space tree's differences count where there is no cache; super stripes are free in it. */
static void test_free_space_tree(void **state)
{
	struct world *w = world_plain(0);

	(void)state;
	add_free_space_tree(w);
	collect(w);
	spans_of(&w->fs, GROUP);
	expect_counts(1, 1, 1, 0, 0);
	expect(FSR_SPAN_EXCESS, 0, WORLD_FILE, FILE_BYTES);
	world_free(w);
	w = world_clean(0);
	add_free_space_tree(w);
	collect(w);
	spans_of(&w->fs, GROUP);
	expect_counts(1, 1, 0, 0, 0);
	world_free(w);
}

static void test_hidden(void **state)
{
	struct world *w = world_plain(0);
	struct fsr_group group;

	(void)state;
	shift_cache(w);
	collect(w);
	for (unsigned copy = 0; copy < 2; copy++)
		image_block(w->image, WORLD_EXTENT_TREE, copy)[3000] ^= 1;
	group = spans_of(&w->fs, GROUP);
	expect_counts(0, 0, 0, 0, 1);
	expect(FSR_SPAN_UNKNOWN, 0, GROUP, GROUP_LENGTH);
	assert_int_equal(group.state, FSR_STATE_UNKNOWN);
	w->fs.has_extent_root = false;
	spans_of(&w->fs, GROUP);
	expect_counts(0, 0, 0, 0, 1);
	world_free(w);
}

static void test_stopped(void **state)
{
	struct world *w = world_plain(0);
	struct fsr_error err;

	(void)state;
	shift_cache(w);
	collect(w);
	for (unsigned at = 1; at <= 5; at++) {
		memset(&heard, 0, sizeof heard);
		heard.stop_at = at;
		assert_int_equal(fsr_spans(&w->fs, GROUP, NULL, hear, &heard, &err), FSR_E_STOPPED);
		assert_int_equal(heard.count, at);
	}
	assert_int_equal(fsr_spans(&w->fs, GROUP + 1, NULL, hear, &heard, &err), FSR_E_NOT_FOUND);
	world_free(w);
}

/* ---- samples: used is what the kernel wrote into the block group item */

static struct fsr_fs *opened;

static bool has_finding(const struct fsr_group *group, enum fsr_finding_code code)
{
	for (size_t i = 0; i < group->nfindings; i++)
		if (group->findings[i].code == code)
			return true;
	return false;
}

/* What fsr_diff() says of the bytes in the block group. */
struct differences {
	const struct fsr_group *group;
	uint64_t excess, missing;
};

static int add_difference(void *arg, const struct fsr_diff_range *range)
{
	struct differences *d = arg;
	uint64_t first = d->group->bytenr, last = first + d->group->length;
	uint64_t start = range->bytenr > first ? range->bytenr : first;
	uint64_t end = range->bytenr + range->length < last ? range->bytenr + range->length : last;

	if (start >= end || range->free_space_tree != (d->group->relation == FSR_RELATION_NULL))
		return 0;
	*(range->excess ? &d->excess : &d->missing) += end - start;
	return 0;
}

static int expect_group(void *arg, const struct fsr_group *judged)
{
	struct differences d = {.group = judged};
	struct fsr_group group = spans_of(opened, judged->bytenr);

	(void)arg;
	assert_int_equal(fsr_diff(opened, judged->bytenr, add_difference, &d, NULL), 0);
	assert_int_equal(group.state, judged->state);
	assert_int_equal(group.verdict, judged->verdict);
	assert_int_equal(heard.of[FSR_SPAN_UNKNOWN], !judged->has_recomputed);
	if (!judged->has_recomputed)
		return 0;
	if (!has_finding(judged, FSR_FINDING_GROUP_USED))
		assert_int_equal(heard.bytes[FSR_SPAN_USED], judged->used);
	assert_int_equal(heard.bytes[FSR_SPAN_SUPER], judged->excluded_bytes);
	assert_int_equal(judged->length - heard.bytes[FSR_SPAN_USED] - heard.bytes[FSR_SPAN_SUPER],
		judged->recomputed_free_bytes);
	assert_int_equal(heard.bytes[FSR_SPAN_EXCESS], d.excess);
	assert_int_equal(heard.bytes[FSR_SPAN_MISSING], d.missing);
	return 0;
}

static void expect_sample(const char *path, struct fsr_fs *fs)
{
	print_message("%s\n", path);
	opened = fs;
	assert_int_equal(fsr_judge(fs, NULL, expect_group, NULL, NULL), 0);
}

static void test_samples(void **state)
{
	(void)state;
	sample_each(expect_sample);
}

/* However few ranges may be kept, the same spans come. 6002 free ranges are the most that a sample has. */
static void test_more_than_kept(void **state)
{
	static const size_t most[] = {0, 1, 6000, 6001};
	struct fsr_fs *fs = sample_open("bitmaps-many");
	static struct heard all;
	uint64_t bytenr = 0;

	(void)state;
	for (size_t i = 0; i < fs->ngroups; i++) {
		spans_of(fs, fs->groups[i].bytenr);
		if (heard.of[FSR_SPAN_USED] > all.of[FSR_SPAN_USED]) {
			all = heard;
			bytenr = fs->groups[i].bytenr;
		}
	}
	assert_true(all.of[FSR_SPAN_USED] > 6000 && all.count <= SPANS_MAX);
	for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
		memset(&heard, 0, sizeof heard);
		assert_int_equal(give_spans(fs, bytenr, most[i], NULL, hear, &heard, NULL), 0);
		assert_int_equal(heard.count, all.count);
		for (unsigned kind = 0; kind < KINDS; kind++) {
			assert_int_equal(heard.of[kind], all.of[kind]);
			assert_int_equal(heard.bytes[kind], all.bytes[kind]);
		}
	}
	fsr_close(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_differences),
		cmocka_unit_test(test_free_space_tree),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_more_than_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
