/* SPDX-License-Identifier: MIT */
#include "walked.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

void setup(struct walked *w, unsigned pages)
{
	memset(w, 0, sizeof *w);
	cachefile_init(&w->file, pages, PAGE, GENERATION);
}

void teardown(struct walked *w)
{
	content_free(&w->content);
	page_set_free(&w->file.set);
}

void add_extents(struct walked *w, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		cachefile_entry(&w->file, GROUP + w->file.entries * 8192, 4096, EXTENT);
}

void walk_as(struct walked *w, uint64_t entries, bool lenient)
{
	struct page_set *set = &w->file.set;

	assert_int_equal(
		walk_pages(set, w->file.generation, entries, lenient, &w->content, &w->result, NULL), 0);
}

void expect(const struct walked *w, int step, enum fsr_finding_code reason)
{
	assert_int_equal(w->result.step, step);
	assert_int_equal(w->result.reason, reason);
}

void expect_step(struct walked *w, int step, enum fsr_finding_code reason)
{
	walk_as(w, w->file.entries, false);
	expect(w, step, reason);
	walk_as(w, w->file.entries, true);
	expect(w, step, reason);
}
