/* SPDX-License-Identifier: MIT */
/* One heading for each block group that differs, and which row of the list is what. */
#include "diff.h"

#include <stdlib.h>
#include <string.h>

static bool unequal(enum fsr_relation relation)
{
	return relation != FSR_RELATION_NULL && relation != FSR_RELATION_EQUAL;
}

bool record_differs(const struct record *record, uint64_t bytes[DIFF_KINDS])
{
	const struct fsr_group *group = &record->group;
	const struct fsr_free_space_tree_facts *tree = &group->free_space_tree;
	bool v1 = record->judged && unequal(group->relation);
	bool v2 = record->judged && group->has_free_space_tree && unequal(tree->relation);

	bytes[DIFF_EXCESS] = (v1 ? group->excess_bytes : 0) + (v2 ? tree->excess_bytes : 0);
	bytes[DIFF_MISSING] = (v1 ? group->missing_bytes : 0) + (v2 ? tree->missing_bytes : 0);
	return v1 || v2;
}

bool diff_passes(const struct diff *d, const struct record *record, int kind)
{
	return filter_range(&d->filter, kind == DIFF_EXCESS, record);
}

static bool is_shown(const struct diff *d, const struct record *record)
{
	uint64_t bytes[DIFF_KINDS];

	if (!record_differs(record, bytes))
		return false;
	return (bytes[DIFF_EXCESS] && diff_passes(d, record, DIFF_EXCESS)) ||
	       (bytes[DIFF_MISSING] && diff_passes(d, record, DIFF_MISSING));
}

const struct record *diff_record(const struct diff *d, const struct heading *heading)
{
	return &d->view.tab->records[heading->record];
}

void diff_forget(struct heading *heading)
{
	free(heading->window);
	heading->window = NULL;
	heading->held = 0;
}

uint64_t diff_shown_rows(const struct heading *heading)
{
	return heading->folded ? 0 : heading->rows;
}

/* ---- rows */

static void count_rows(struct diff *d)
{
	size_t at = 0;

	for (size_t i = 0; i < d->nheadings; i++) {
		d->headings[i].at = at;
		at += 1 + (size_t)diff_shown_rows(&d->headings[i]);
	}
	list_resize(&d->list, at);
}

/* The first heading whose row lies behind `row`. */
static size_t behind(const struct diff *d, size_t row)
{
	size_t low = 0, high = d->nheadings;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (d->headings[middle].at <= row)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct heading *diff_heading(const struct diff *d, size_t row, int64_t *number)
{
	size_t i = behind(d, row);

	if (!i)
		return NULL;
	*number = (int64_t)(row - d->headings[i - 1].at) - 1;
	return &d->headings[i - 1];
}

const struct diff_row *diff_row(const struct heading *heading, int64_t number)
{
	uint64_t n = (uint64_t)number;

	if (number < 0 || n < heading->first || n - heading->first >= heading->held)
		return NULL;
	return &heading->window[n - heading->first];
}

const struct diff_row *diff_cursor(const struct diff *d)
{
	int64_t number;
	const struct heading *heading = diff_heading(d, d->list.cursor, &number);

	return heading ? diff_row(heading, number) : NULL;
}

void diff_relay(struct diff *d, size_t at, uint64_t row)
{
	size_t old = d->list.cursor, now;

	count_rows(d);
	if (at >= d->nheadings)
		return;
	now = d->headings[at].at + (size_t)(row <= diff_shown_rows(&d->headings[at]) ? row : 0);
	list_to(&d->list, now);
	/* what is seen stays where it is on the screen */
	if (now >= old)
		d->list.top += now - old;
	else
		d->list.top -= old - now < d->list.top ? old - now : d->list.top;
}

/* ---- out of the records */

/* What was known of a block group goes on being known. */
static void take_old(struct heading *heading, struct diff *old, size_t *next)
{
	while (*next < old->nheadings && old->headings[*next].record < heading->record)
		diff_forget(&old->headings[(*next)++]);
	if (*next < old->nheadings && old->headings[*next].record == heading->record)
		*heading = old->headings[(*next)++];
}

static size_t count_shown(const struct diff *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->view.tab->ngroups; i++)
		n += is_shown(d, &d->view.tab->records[i]);
	return n;
}

bool diff_rebuild(struct diff *d)
{
	struct diff old = *d;
	struct heading *headings = calloc(count_shown(d) + 1, sizeof *headings);
	int64_t number = -1;
	const struct heading *under = diff_heading(d, d->list.cursor, &number);
	size_t record = under ? under->record : 0, at = 0, next = 0, n = 0;

	if (!headings)
		return false;
	for (size_t i = 0; i < d->view.tab->ngroups; i++) {
		if (!is_shown(d, &d->view.tab->records[i]))
			continue;
		headings[n].record = i;
		take_old(&headings[n], &old, &next);
		if (i <= record)
			at = n;
		n++;
	}
	while (next < old.nheadings)
		diff_forget(&old.headings[next++]);
	free(old.headings);
	d->headings = headings;
	d->nheadings = n;
	diff_relay(d, at, under ? (uint64_t)(number + 1) : 0);
	return true;
}
