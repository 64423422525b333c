/* SPDX-License-Identifier: MIT */
#ifndef FSREAD_SPACE_COMPARE_H
#define FSREAD_SPACE_COMPARE_H

#include "space.h"

/* Gives ascending, disjoint ranges one by one; false at the end. */
typedef bool (*range_source)(void *source, uint64_t *start, uint64_t *end);
/* Gets one difference; ranges of one kind that touch come as one. Non-zero stops. */
typedef int (*difference_fn)(void *arg, uint64_t start, uint64_t end, bool excess);

/*
 * Two ascending streams side by side: what is cached (pulled from a source) and what is really free
 * (pushed in by the scan of the extent tree). Needs no memory but this.
 */
struct compare {
	range_source next;
	void *source;
	bool have;
	uint64_t start, end; /* of the cached range at hand */
	uint64_t excess_bytes, missing_bytes;
	difference_fn fn; /* NULL: only the sums are wanted */
	void *arg;
	bool pending, pending_excess;
	uint64_t pending_start, pending_end;
	int stopped; /* fn's answer */
};

void compare_init(struct compare *c, range_source next, void *source, difference_fn fn, void *arg);
/* The next really free range. */
void compare_free_range(struct compare *c, uint64_t start, uint64_t end);
/* After the last one: what is left of the cached ranges is excess. */
void compare_finish(struct compare *c);
enum fsr_relation compare_relation(const struct compare *c);

#endif
