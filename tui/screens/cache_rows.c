/* SPDX-License-Identifier: MIT */
#include "cache_rows.h"

#include <stdlib.h>
#include <string.h>

void cache_rows_init(struct cache_rows *rows, size_t count)
{
	cache_rows_free(rows);
	rows->count = count;
}

void cache_rows_free(struct cache_rows *rows)
{
	free(rows->open);
	*rows = (struct cache_rows){0};
}

/* Rows below an unfolded entry. */
static size_t rows_below(const struct cache_open *open)
{
	return open->shown + (open->shown < open->runs);
}

static size_t entry_at(const struct cache_rows *rows, size_t place)
{
	return rows->order ? rows->order[place] : place;
}

static size_t place_of(const struct cache_rows *rows, size_t entry)
{
	size_t place = entry;

	if (rows->order)
		for (place = 0; place + 1 < rows->count && rows->order[place] != entry;)
			place++;
	return place;
}

static void number(struct cache_rows *rows)
{
	size_t before = 0;

	for (size_t i = 0; i < rows->nopen; i++) {
		rows->open[i].row = rows->open[i].place + before;
		before += rows_below(&rows->open[i]);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct cache_open *x = a, *y = b;

	return x->place < y->place ? -1 : x->place > y->place;
}

void cache_rows_order(struct cache_rows *rows, const uint32_t *order)
{
	rows->order = order;
	for (size_t i = 0; i < rows->nopen; i++)
		rows->open[i].place = place_of(rows, rows->open[i].entry);
	if (rows->nopen)
		qsort(rows->open, rows->nopen, sizeof *rows->open, by_place);
	number(rows);
}

size_t cache_rows_total(const struct cache_rows *rows)
{
	const struct cache_open *last = rows->nopen ? &rows->open[rows->nopen - 1] : NULL;

	return last ? last->row + rows_below(last) + (rows->count - last->place) : rows->count;
}

/* How many unfolded entries begin in or before a row. */
static size_t open_up_to(const struct cache_rows *rows, size_t row)
{
	size_t low = 0, high = rows->nopen;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rows->open[middle].row <= row)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct cache_row cache_rows_at(const struct cache_rows *rows, size_t row)
{
	size_t n = open_up_to(rows, row);
	const struct cache_open *open = n ? &rows->open[n - 1] : NULL;
	size_t into = open ? row - open->row : 0, below = open ? rows_below(open) : 0;

	if (!open)
		return (struct cache_row){CACHE_ROW_ENTRY, entry_at(rows, row), 0, true};
	if (into > below)
		return (struct cache_row){
			CACHE_ROW_ENTRY, entry_at(rows, open->place + into - below), 0, true};
	if (into == 0)
		return (struct cache_row){CACHE_ROW_ENTRY, open->entry, 0, below == 0};
	return (struct cache_row){
		into > open->shown ? CACHE_ROW_MORE : CACHE_ROW_RUN, open->entry, into - 1, into == below};
}

static struct cache_open *find_open(const struct cache_rows *rows, size_t entry)
{
	for (size_t i = 0; i < rows->nopen; i++)
		if (rows->open[i].entry == entry)
			return &rows->open[i];
	return NULL;
}

size_t cache_rows_of(const struct cache_rows *rows, size_t entry)
{
	size_t place = place_of(rows, entry), row = place;

	for (size_t i = 0; i < rows->nopen && rows->open[i].place < place; i++)
		row += rows_below(&rows->open[i]);
	return row;
}

size_t cache_rows_of_run(const struct cache_rows *rows, size_t entry, size_t run)
{
	const struct cache_open *open = find_open(rows, entry);

	if (!open)
		return cache_rows_of(rows, entry);
	return open->row + 1 + (run < open->shown ? run : rows_below(open) - 1);
}

size_t cache_rows_shown(const struct cache_rows *rows, size_t entry)
{
	const struct cache_open *open = find_open(rows, entry);

	return open ? open->shown : 0;
}

static bool grow(struct cache_rows *rows)
{
	size_t room = rows->room ? 2 * rows->room : 8;
	struct cache_open *open = reallocarray(rows->open, room, sizeof *open);

	if (!open)
		return false;
	rows->open = open;
	rows->room = room;
	return true;
}

bool cache_rows_unfold(struct cache_rows *rows, size_t entry, size_t runs)
{
	struct cache_open *open = find_open(rows, entry);

	if (!runs || (open && open->shown == open->runs))
		return false;
	if (open) {
		open->shown = open->runs;
	} else {
		/* one line that says "1 more" is as long as the run that it stands for */
		size_t shown = runs <= CACHE_FIRST_RUNS + 1 ? runs : CACHE_FIRST_RUNS;

		if (rows->nopen == rows->room && !grow(rows))
			return false;
		rows->open[rows->nopen++] = (struct cache_open){
			.place = place_of(rows, entry), .entry = entry, .runs = runs, .shown = shown};
		qsort(rows->open, rows->nopen, sizeof *rows->open, by_place);
	}
	number(rows);
	return true;
}

bool cache_rows_fold(struct cache_rows *rows, size_t entry)
{
	struct cache_open *open = find_open(rows, entry);

	if (!open)
		return false;
	memmove(open, open + 1, (size_t)(rows->open + rows->nopen - (open + 1)) * sizeof *open);
	rows->nopen--;
	number(rows);
	return true;
}
