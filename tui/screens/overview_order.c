/* SPDX-License-Identifier: MIT */
/* The rows of Overview: filtered and sorted indices into the tab's records. */
#include "overview.h"

#include <stdlib.h>

static bool make_room(struct overview *o, size_t n)
{
	uint32_t *grown;

	if (n <= o->room)
		return true;
	grown = realloc(o->order, n * sizeof *grown);
	if (!grown)
		return false;
	o->order = grown;
	o->room = n;
	return true;
}

static int compare(const void *a, const void *b, void *arg)
{
	const struct overview *o = arg;
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	int order = overview_compare(&o->view.tab->records[i], &o->view.tab->records[k], o->sort);

	if (o->descending && (order == 1 || order == -1))
		order = -order;
	return order ? order : i < k ? -1 : i > k;
}

/* The row of the block group that the cursor was on; else the cursor stays where it is. */
static void restore_cursor(struct overview *o)
{
	for (size_t row = 0; row < o->list.count; row++)
		if (overview_record(o, row)->group.bytenr == o->bytenr)
			o->list.cursor = row;
}

bool overview_reorder(struct overview *o)
{
	const struct tab *tab = o->view.tab;
	size_t n = 0;

	o->version = tab->version;
	if (!make_room(o, tab->ngroups ? tab->ngroups : 1))
		return false;
	for (size_t i = 0; i < tab->ngroups; i++)
		if (filter_record(&o->filter, &tab->records[i]))
			o->order[n++] = (uint32_t)i;
	list_resize(&o->list, n);
	if (o->sort != OVERVIEW_ADDRESS || o->descending)
		qsort_r(o->order, n, sizeof *o->order, compare, o);
	restore_cursor(o);
	return true;
}
