/* SPDX-License-Identifier: MIT */
/* Lists of findings: their order, and what is kept of too many. */
#include "finding.h"

#include <stdlib.h>
#include <string.h>

void findings_init(struct findings *list)
{
	memset(list, 0, sizeof *list);
}

void findings_init_shared(struct findings *list)
{
	findings_init(list);
	list->shared = true;
	pthread_mutex_init(&list->lock, NULL);
}

void findings_free(struct findings *list)
{
	if (list->shared)
		pthread_mutex_destroy(&list->lock);
	free(list->list);
	free(list->order);
	memset(list, 0, sizeof *list);
}

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_details(const struct fsr_finding *a, const struct fsr_finding *b)
{
	int d = 0;

	for (unsigned i = 0; !d && i < a->ndetails && i < b->ndetails; i++) {
		d = compare(a->details[i].value, b->details[i].value);
		if (!d)
			d = strcmp(a->details[i].text, b->details[i].text);
		if (!d)
			d = strcmp(a->details[i].name, b->details[i].name);
	}
	return d ? d : compare(a->ndetails, b->ndetails);
}

static uint64_t first_value(const struct fsr_finding *f)
{
	return f->ndetails ? f->details[0].value : 0;
}

/* The total order; 0 only for findings that are alike in every field. */
static int compare_total(const struct fsr_finding *a, const struct fsr_finding *b)
{
	int d = compare(b->severity, a->severity);

	if (!d)
		d = compare(a->code, b->code);
	if (!d)
		d = compare(first_value(a), first_value(b));
	if (!d)
		d = strcmp(a->message, b->message);
	if (!d)
		d = compare(a->block_group, b->block_group);
	return d ? d : compare_details(a, b);
}

static bool grow_order(struct findings *list, size_t room)
{
	uint32_t *order = realloc(list->order, room * sizeof *order);

	if (order)
		list->order = order;
	return order;
}

/* Makes room for one more; false at the limit or for want of memory. */
static bool grow(struct findings *list)
{
	size_t room = list->room ? list->room * 2 : 8;
	struct fsr_finding *bigger;

	if (list->count < list->room)
		return true;
	if (room > FINDINGS_MAX)
		room = FINDINGS_MAX;
	if (list->count == room || (list->shared && !grow_order(list, room)))
		return false;
	bigger = realloc(list->list, room * sizeof *bigger);
	if (!bigger)
		return false;
	list->list = bigger;
	list->room = room;
	return true;
}

/* Where f belongs in the order; *found: it is there already. */
static size_t find_place(const struct findings *list, const struct fsr_finding *f, bool *found)
{
	size_t low = 0, high = list->count;

	*found = false;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int d = compare_total(f, &list->list[list->order[middle]]);

		if (d == 0)
			*found = true;
		if (d <= 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void add_ordered(struct findings *list, const struct fsr_finding *f)
{
	bool found;
	size_t place = find_place(list, f, &found);
	uint32_t slot = (uint32_t)list->count;

	if (found)
		return;
	if (grow(list)) {
		list->count++;
	} else {
		list->dropped++;
		if (place == list->count)
			return;
		slot = list->order[list->count - 1]; /* the last one gives way */
	}
	memmove(list->order + place + 1, list->order + place,
		(list->count - 1 - place) * sizeof *list->order);
	list->order[place] = slot;
	list->list[slot] = *f;
}

void findings_add(struct findings *list, const struct fsr_finding *f)
{
	if (list->shared) {
		pthread_mutex_lock(&list->lock);
		add_ordered(list, f);
		pthread_mutex_unlock(&list->lock);
	} else if (grow(list)) {
		list->list[list->count++] = *f;
	} else {
		list->dropped++;
	}
}

/* Stable: one pass per severity into a second array. Without memory for that the order stays as found. */
void findings_sort_by_severity(struct findings *list)
{
	struct fsr_finding *sorted = list->count ? malloc(list->room * sizeof *sorted) : NULL;
	size_t n = 0;

	if (!sorted)
		return;
	for (int severity = FSR_SEVERITY_DANGER; severity >= FSR_SEVERITY_NOTE; severity--)
		for (size_t i = 0; i < list->count; i++)
			if ((int)list->list[i].severity == severity)
				sorted[n++] = list->list[i];
	free(list->list);
	list->list = sorted;
}

static int compare_for_qsort(const void *a, const void *b)
{
	return compare_total(a, b);
}

void findings_sort_total(struct findings *list)
{
	if (list->count)
		qsort(list->list, list->count, sizeof *list->list, compare_for_qsort);
	for (size_t i = 0; list->shared && i < list->count; i++)
		list->order[i] = (uint32_t)i;
}
