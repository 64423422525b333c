/* SPDX-License-Identifier: MIT */
/*
 * Every page that a commit puts on the devices lies in a row whose parity is right: by the geometry of F-D1
 * and long multiplication, neither of which the code knows.
 */
#include "../../libfswrite/commit/commit.h"
#include "transaction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define PAGE 4096u
#define STRIPES_MAX 8u

static struct transaction x;
static struct commit c;

struct looking {
	uint64_t devid; /* whose pages are looked at */
	unsigned pages; /* of rows with parity */
};

static uint8_t slow_times(unsigned a, unsigned b)
{
	unsigned product = 0;

	for (unsigned bit = 0; bit < 8; bit++)
		if (b >> bit & 1)
			product ^= a << bit;
	for (unsigned bit = 15; bit >= 8; bit--)
		if (product >> bit & 1)
			product ^= 0x11du << (bit - 8);
	return (uint8_t)product;
}

static void read_page(const struct chunk_stripe *stripe, uint64_t within, uint8_t page[PAGE])
{
	for (size_t i = 0; i < x.trans.volume->ndevices; i++)
		if (x.trans.volume->devices[i].info.devid == stripe->devid) {
			assert_int_equal(
				device_read(x.set->list[i], page, PAGE, stripe->offset + within, &x.err), 0);
			return;
		}
	fail_msg("no device %llu", (unsigned long long)stripe->devid);
}

/* One column of a row: `within` is where it lies from the start of each stripe. */
static void expect_parity(const struct chunk *chunk, uint64_t within)
{
	static uint8_t pages[STRIPES_MAX][PAGE];
	unsigned stripes = chunk->num_stripes, data = stripes - (chunk->type & BLOCK_GROUP_RAID6 ? 2 : 1);
	uint64_t row = within / 65536;

	assert_true(stripes <= STRIPES_MAX);
	for (unsigned j = 0; j < stripes; j++)
		read_page(&chunk->stripes[(row + j) % stripes], within, pages[j]);
	for (unsigned i = 0; i < PAGE; i++) {
		uint8_t p = 0, q = 0, weight = 1;

		for (unsigned j = 0; j < data; j++, weight = slow_times(weight, 2)) {
			p ^= pages[j][i];
			q ^= slow_times(weight, pages[j][i]);
		}
		assert_int_equal(pages[data][i], p);
		if (data + 1 < stripes)
			assert_int_equal(pages[data + 1][i], q);
	}
}

static void look_at_page(struct looking *l, uint64_t offset)
{
	const struct volume *v = x.trans.volume;

	for (size_t i = 0; i < v->nchunks; i++)
		for (unsigned k = 0; k < v->chunks[i].num_stripes; k++) {
			const struct chunk_stripe *stripe = &v->chunks[i].stripes[k];

			if (stripe->devid != l->devid || offset < stripe->offset ||
				offset - stripe->offset >= chunk_stripe_size(&v->chunks[i]))
				continue;
			expect_parity(&v->chunks[i], offset - stripe->offset);
			l->pages++;
		}
}

static int look_at_range(void *arg, uint64_t offset, const void *data, size_t length, struct fsr_error *err)
{
	(void)data;
	(void)err;
	for (size_t at = 0; at < length; at += PAGE)
		look_at_page(arg, offset + at);
	return 0;
}

/* Data and parity pages: with two blocks of data to a row at least half as much parity as data. */
static void run(const char *sample, unsigned parities)
{
	const struct fsw_options options = {.all = true};
	uint64_t written = 0;
	bool work = false;
	struct looking l = {0};

	transaction_begin(&x, sample);
	c = (struct commit){.set = x.set, .options = &options};
	assert_int_equal(trans_begin(&c.trans, x.fs, &options, &x.err), 0);
	assert_int_equal(commit_select(&c, &work, &x.err), 0);
	assert_int_equal(commit_settle(&c, &x.err), 0);
	assert_int_equal(commit_fill(&c, &x.err), 0);
	assert_int_equal(commit_seal_blocks(&c, 0, &x.err), 0);
	assert_int_equal(commit_make_parity(&c, &x.err), 0);
	for (size_t i = 0; i < c.trans.ngroups; i++)
		written += c.trans.groups[i].extent_there ? c.trans.groups[i].result.cache_bytes : 0;
	written += c.trans.blocks.fresh * c.trans.volume->fs.nodesize;
	for (size_t i = 0; i < x.set->count; i++) {
		l.devid = c.trans.volume->devices[i].info.devid;
		assert_int_equal(overlay_ranges(x.set->list[i], look_at_range, &l, &x.err), 0);
	}
	assert_true(l.pages >= written / PAGE + parities * written / PAGE / 2);
	assert_true(l.pages <= (1 + parities) * written / PAGE);
	trans_free(&c.trans);
	transaction_end(&x);
}

static void test_raid5(void **state)
{
	(void)state;
	run("raid5", 1);
}

static void test_raid6(void **state)
{
	(void)state;
	run("raid6", 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_raid5),
		cmocka_unit_test(test_raid6),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
