/* SPDX-License-Identifier: MIT */
/* A cache file and what the walk over its pages gave. */
#ifndef TESTS_UNIT_WALKED_H
#define TESTS_UNIT_WALKED_H

#include "cachefile.h"

#define PAGE 4096u
#define GENERATION 9u
/* Entries that fit: (4096 - 8 - 4 * 16) / 17 on page 0, 4096 / 17 on the others (docs/format.md A4). */
#define ON_PAGE_0 236u
#define ON_OTHERS 240u

struct walked {
	struct cachefile file;
	struct content content;
	struct walk_result result;
};

/* Empty pages; teardown() frees what they and the walks took. */
void setup(struct walked *w, unsigned pages);
void teardown(struct walked *w);
/* n extents of one sector, two sectors apart. */
void add_extents(struct walked *w, unsigned n);
/* Walks as if the header said `entries`. */
void walk_as(struct walked *w, uint64_t entries, bool lenient);
void expect(const struct walked *w, int step, enum fsr_finding_code reason);
/* Walks both ways: what is decided is the same, only what is decoded behind it differs. */
void expect_step(struct walked *w, int step, enum fsr_finding_code reason);

#endif
