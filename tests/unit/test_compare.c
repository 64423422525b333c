/* SPDX-License-Identifier: MIT */
/* Cached against really free ranges, by a map of every byte. */
#include "../../libfsread/space/compare.h"
#include "cachefile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define SPACE 400u
#define PIECES 400u

/* Some of the bytes of a small space, and the same as ascending ranges that may touch. */
struct part {
	bool in[SPACE + 1];
	uint64_t ranges[PIECES][2];
	unsigned count, next;
};

struct heard {
	uint64_t start[SPACE], end[SPACE];
	bool excess[SPACE];
	unsigned count, stop_at; /* 0: never */
};

static void draw_part(struct part *p, uint64_t *seed)
{
	unsigned density = 1 + (unsigned)draw_below(seed, 9);
	bool in = false;

	memset(p, 0, sizeof *p);
	for (unsigned i = 0; i < SPACE; i++) {
		bool was = in;

		if (!draw_below(seed, density))
			in = !in;
		p->in[i] = in;
		if (in &&
			(!was || !draw_below(seed, 8))) { /* now and then a new range that touches the last */
			if (was)
				p->ranges[p->count - 1][1] = i;
			p->ranges[p->count++][0] = i;
		}
		if (!in && was)
			p->ranges[p->count - 1][1] = i;
	}
	if (in)
		p->ranges[p->count - 1][1] = SPACE;
}

static bool next_range(void *source, uint64_t *start, uint64_t *end)
{
	struct part *p = source;

	if (p->next == p->count)
		return false;
	*start = p->ranges[p->next][0];
	*end = p->ranges[p->next++][1];
	return true;
}

static int hear(void *arg, uint64_t start, uint64_t end, bool excess)
{
	struct heard *h = arg;

	h->start[h->count] = start;
	h->end[h->count] = end;
	h->excess[h->count++] = excess;
	return h->stop_at && h->count == h->stop_at ? 7 : 0;
}

static void run(struct part *cached, const struct part *isfree, struct heard *h, struct compare *c)
{
	cached->next = 0;
	compare_init(c, next_range, cached, h ? hear : NULL, h);
	for (unsigned i = 0; i < isfree->count; i++)
		compare_free_range(c, isfree->ranges[i][0], isfree->ranges[i][1]);
	compare_finish(c);
}

/* Runs of bytes that are only in `a`, from `at` on: false when there is none. */
static bool difference(const struct part *a, const struct part *b, unsigned *at, unsigned *end)
{
	while (*at < SPACE && !(a->in[*at] && !b->in[*at]))
		++*at;
	*end = *at;
	while (*end < SPACE && a->in[*end] && !b->in[*end])
		++*end;
	return *at < SPACE;
}

static void expect_kind(
	const struct part *a, const struct part *b, const struct heard *h, bool excess, uint64_t sum)
{
	unsigned at = 0, end = 0, k = 0;
	uint64_t total = 0;

	for (; difference(a, b, &at, &end); at = end) {
		while (k < h->count && h->excess[k] != excess)
			k++;
		assert_true(k < h->count);
		assert_int_equal(h->start[k], at);
		assert_int_equal(h->end[k++], end);
		total += end - at;
	}
	while (k < h->count)
		assert_true(h->excess[k++] != excess);
	assert_int_equal(sum, total);
}

static void test_against_map(void **state)
{
	struct part cached, isfree;
	struct compare c, quiet;

	(void)state;
	for (uint64_t i = 0; i < 4000; i++) {
		struct heard h = {0};
		uint64_t seed = i;

		draw_part(&cached, &seed);
		draw_part(&isfree, &seed);
		run(&cached, &isfree, &h, &c);
		expect_kind(&cached, &isfree, &h, true, c.excess_bytes);
		expect_kind(&isfree, &cached, &h, false, c.missing_bytes);
		for (unsigned k = 1; k < h.count; k++)
			assert_true(h.start[k] >= h.end[k - 1]);
		run(&cached, &isfree, NULL, &quiet);
		assert_true(quiet.excess_bytes == c.excess_bytes && quiet.missing_bytes == c.missing_bytes);
	}
}

static void test_stop(void **state)
{
	struct part cached, isfree;
	struct heard all = {0}, some = {.stop_at = 3};
	struct compare c, stopped;
	uint64_t seed = 5;

	(void)state;
	draw_part(&cached, &seed);
	draw_part(&isfree, &seed);
	run(&cached, &isfree, &all, &c);
	assert_true(all.count > 3);
	run(&cached, &isfree, &some, &stopped);
	assert_int_equal(some.count, 3);
	assert_int_equal(stopped.stopped, 7);
	assert_int_equal(c.stopped, 0);
	assert_int_equal(stopped.excess_bytes, c.excess_bytes);
}

static enum fsr_relation relate(uint64_t excess, uint64_t missing)
{
	const struct compare c = {.excess_bytes = excess, .missing_bytes = missing};

	return compare_relation(&c);
}

static void test_relation(void **state)
{
	(void)state;
	assert_int_equal(relate(0, 0), FSR_RELATION_EQUAL);
	assert_int_equal(relate(1, 0), FSR_RELATION_EXCESS);
	assert_int_equal(relate(0, 1), FSR_RELATION_SHORT);
	assert_int_equal(relate(1, 1), FSR_RELATION_MISPLACED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_map),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_relation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
