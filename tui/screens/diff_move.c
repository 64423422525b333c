/* SPDX-License-Identifier: MIT */
/* Going from difference to difference, across folds and to what is not in memory. */
#include "diff.h"

#include "../ui.h"

static void want(struct diff *d, const struct heading *heading, enum want_kind kind, uint64_t address)
{
	d->want = kind;
	d->want_group = diff_record(d, heading)->group.bytenr;
	d->want_address = address;
}

/* The cursor to row `number` below a heading, which is unfolded for it. */
static void go_to(struct diff *d, struct heading *heading, uint64_t number)
{
	size_t at = (size_t)(heading - d->headings);

	heading->folded &= heading->rows == 0;
	diff_relay(d, at, number + 1);
}

/* The first or last difference of a block group; where that is not known yet the job will say. */
static void enter_group(struct diff *d, struct heading *heading, int direction)
{
	if (heading->counted && heading->rows) {
		go_to(d, heading, direction > 0 ? 0 : heading->rows - 1);
		return;
	}
	diff_relay(d, (size_t)(heading - d->headings), 0);
	if (!heading->counted)
		want(d, heading, direction > 0 ? WANT_FIRST : WANT_LAST, 0);
}

/* Whether the row is one more holder of the range before it. */
static bool goes_on(const struct heading *heading, int64_t number)
{
	const struct diff_row *row = diff_row(heading, number);

	return row && row->range.bytenr != row->run_bytenr;
}

/* Within the block group; false: there is none on that side. */
static bool step_inside(struct diff *d, struct heading *heading, int64_t number, int direction)
{
	int64_t rows = (int64_t)heading->rows;

	do
		number += direction;
	while (number > 0 && number < rows && goes_on(heading, number));
	if (number < 0 || number >= rows)
		return false;
	go_to(d, heading, (uint64_t)number);
	return true;
}

void diff_step(struct diff *d, int direction)
{
	int64_t number;
	struct heading *heading = diff_heading(d, d->list.cursor, &number);
	size_t at;

	d->elsewhere = false;
	if (!heading)
		return;
	if (direction > 0 && number < 0 && !heading->counted) {
		enter_group(d, heading, direction);
		return;
	}
	/* the part of a range goes back to its beginning first, as any other row to the one before it */
	if ((direction > 0 || number > 0) && step_inside(d, heading, number, direction))
		return;
	at = (size_t)(heading - d->headings);
	if (direction > 0 ? at + 1 >= d->nheadings : at == 0) {
		ui_say(d->view.ui, SAY_INFORMATION, "this is the %s difference%s",
			direction > 0 ? "last" : "first",
			d->view.tab->complete || direction < 0 ? "" : " so far");
		return;
	}
	enter_group(d, heading + direction, direction);
}

void diff_fold(struct diff *d, bool folded)
{
	int64_t number;
	struct heading *heading = diff_heading(d, d->list.cursor, &number);

	d->elsewhere = false;
	if (!heading)
		return;
	heading->folded = folded && heading->rows;
	diff_relay(d, (size_t)(heading - d->headings), 0);
}

/* The row in memory that holds the address; -1: there is none. */
static int64_t row_at(const struct heading *heading, uint64_t address)
{
	for (size_t i = 0; i < heading->held; i++) {
		const struct fsr_diff_range *range = &heading->window[i].range;

		if (address >= range->bytenr && address - range->bytenr < range->length)
			return (int64_t)(heading->first + i);
	}
	return -1;
}

/* The last heading that does not begin behind the block group. */
static size_t nearest(const struct diff *d, uint64_t group)
{
	size_t at = 0;

	for (size_t i = 0; i < d->nheadings; i++)
		if (diff_record(d, &d->headings[i])->group.bytenr <= group)
			at = i;
	return at;
}

void diff_seek(struct diff *d, uint64_t group, uint64_t address, bool range)
{
	size_t at = nearest(d, group);
	struct heading *heading = d->nheadings ? &d->headings[at] : NULL;
	int64_t row;

	d->want = WANT_NONE;
	d->want_group = group;
	d->want_address = address;
	d->elsewhere = !heading || diff_record(d, heading)->group.bytenr != group;
	if (!d->elsewhere && (address != group || range)) {
		row = row_at(heading, address);
		d->want = row < 0 ? WANT_ADDRESS : WANT_NONE;
		if (row >= 0) {
			go_to(d, heading, (uint64_t)row);
			return;
		}
	}
	diff_relay(d, at, 0);
}
