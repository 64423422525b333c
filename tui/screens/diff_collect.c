/* SPDX-License-Identifier: MIT */
#include "diff.h"

#include <stdlib.h>
#include <string.h>

bool collect_begin(struct collector *c)
{
	c->ring = calloc(DIFF_WINDOW, sizeof *c->ring);
	return c->ring != NULL;
}

static int kind_of(const struct fsr_diff_range *range)
{
	return range->excess ? DIFF_EXCESS : DIFF_MISSING;
}

/* Whether a range goes on where the last one was cut, at the end of its holder. */
static bool goes_on(const struct collector *c, const struct fsr_diff_range *range)
{
	const struct fsr_diff_range *last = &c->last;

	return c->rows && last->excess == range->excess && last->free_space_tree == range->free_space_tree &&
	       last->bytenr + last->length == range->bytenr;
}

/* The run that ended is as long as it has become. */
static void end_run(struct collector *c)
{
	uint64_t from = c->run_first > c->first ? c->run_first : c->first;

	for (uint64_t i = from; i < c->first + c->kept; i++) {
		struct diff_row *row = &c->ring[i % DIFF_WINDOW];

		row->run_length = c->last.bytenr + c->last.length - row->run_bytenr;
	}
}

/* The row around which rows are kept: half of them lie behind it. */
static bool is_beyond(const struct collector *c, uint64_t i)
{
	uint64_t end = c->row + DIFF_WINDOW / 2;

	if (c->by_address && !c->found)
		return false;
	return i >= (end > DIFF_WINDOW ? end : DIFF_WINDOW);
}

static void keep(struct collector *c, const struct fsr_diff_range *range, bool new_run)
{
	uint64_t i = c->rows, number = c->runs[DIFF_EXCESS] + c->runs[DIFF_MISSING];
	struct diff_row *row = &c->ring[i % DIFF_WINDOW];
	uint64_t begin = new_run ? range->bytenr : c->ring[(i - 1) % DIFF_WINDOW].run_bytenr;

	if (is_beyond(c, i))
		return;
	if (c->kept == DIFF_WINDOW)
		c->first++;
	else
		c->kept++;
	*row = (struct diff_row){.range = *range, .run_bytenr = begin, .run_number = number};
	row->says.kind = range->excess ? SAYS_UNKNOWN : SAYS_NOTHING;
}

void collect_range(struct collector *c, const struct fsr_diff_range *range)
{
	bool new_run = !goes_on(c, range);

	if (!c->wanted[kind_of(range)])
		return;
	if (new_run) {
		if (c->rows)
			end_run(c);
		c->run_first = c->rows;
		c->runs[kind_of(range)]++;
	}
	keep(c, range, new_run);
	if (c->by_address && !c->found && range->bytenr + range->length > c->address) {
		c->found = true;
		c->row = c->rows;
	}
	c->last = *range;
	c->rows++;
}

void collect_end(struct collector *c)
{
	if (c->rows)
		end_run(c);
}

struct diff_row *collect_take(struct collector *c)
{
	struct diff_row *rows = c->kept ? malloc(c->kept * sizeof *rows) : NULL;

	for (size_t i = 0; rows && i < c->kept; i++)
		rows[i] = c->ring[(c->first + i) % DIFF_WINDOW];
	return rows;
}
