/* SPDX-License-Identifier: MIT */
/* Diff's lower pane: cache and extent tree around a range, drawn to scale. */
#include "diff.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

#define LABEL 9
/* The range is to fill a third at most. */
#define SHARE 3u

/* ---- what is wanted */

static const struct fsr_group *group_of(const struct diff *d)
{
	int64_t number;
	const struct heading *heading = diff_heading(d, d->list.cursor, &number);

	return heading ? &diff_record(d, heading)->group : NULL;
}

static void place_window(struct scale *scale, const struct diff_row *row, uint32_t sectorsize)
{
	uint64_t columns = (uint64_t)scale->columns, width, at;

	/* entries may lie outside their block group: then its nearest end is shown */
	at = row->run_bytenr < scale->group ? 0 : row->run_bytenr - scale->group;
	at = at < scale->length ? at : scale->length;
	scale->unit = sectorsize;
	while (row->run_length / scale->unit > columns / SHARE && scale->unit < scale->length / 2)
		scale->unit *= 2;
	width = columns * scale->unit;
	at -= at % scale->unit;
	scale->start = at < columns / SHARE * scale->unit ? 0 : at - columns / SHARE * scale->unit;
	if (scale->start + width > scale->length)
		scale->start = scale->length > width ? scale->length - width : 0;
	/* cells begin at multiples of their size: the last one may be cut */
	scale->start = (scale->start + scale->unit - 1) / scale->unit * scale->unit;
}

static bool same_window(const struct scale *a, const struct scale *b)
{
	return a->group == b->group && a->start == b->start && a->unit == b->unit &&
	       a->columns == b->columns && a->free_space_tree == b->free_space_tree;
}

/* What is drawn: the range under the cursor, of a heading its first one. NULL: nothing, or not known yet. */
static const struct diff_row *pictured(const struct diff *d)
{
	const struct diff_row *row = diff_cursor(d);
	int64_t number;
	const struct heading *heading = row ? NULL : diff_heading(d, d->list.cursor, &number);

	return heading ? diff_row(heading, 0) : row;
}

bool scale_wanted(const struct diff *d, struct scale *out)
{
	const struct diff_row *row = pictured(d);
	const struct fsr_group *group = group_of(d);

	if (!row || d->scale_columns <= 0)
		return false;
	*out = (struct scale){.group = group->bytenr,
		.length = group->length,
		.free_space_tree = row->range.free_space_tree};
	out->columns = d->scale_columns < SCALE_COLUMNS ? d->scale_columns : SCALE_COLUMNS;
	place_window(out, row, d->view.tab->facts.sectorsize);
	return !d->scale || !same_window(d->scale, out);
}

/* ---- the sums, in the job */

/* Adds a range to the columns that it touches. */
static void add(struct scale *scale, int sum, uint64_t bytenr, uint64_t length)
{
	uint64_t from, to = bytenr + length;

	if (to <= scale->group + scale->start)
		return;
	from = bytenr < scale->group ? 0 : bytenr - scale->group;
	to -= scale->group;
	from = from < scale->start ? 0 : from - scale->start;
	to -= scale->start;
	for (uint64_t i = from / scale->unit; i < (uint64_t)scale->columns && i * scale->unit < to; i++) {
		uint64_t begin = i * scale->unit, end = begin + scale->unit;

		scale->sums[sum][i] += (end < to ? end : to) - (begin > from ? begin : from);
	}
}

static int take_span(void *arg, const struct fsr_span *span)
{
	struct scale *scale = arg;

	if (span->kind == FSR_SPAN_USED || span->kind == FSR_SPAN_SUPER)
		add(scale, span->kind == FSR_SPAN_USED ? SCALE_USED : SCALE_SUPER, span->bytenr,
			span->length);
	scale->unknown |= span->kind == FSR_SPAN_UNKNOWN;
	return 0;
}

static int take_range(void *arg, const struct fsr_diff_range *range)
{
	struct scale *scale = arg;

	if (range->free_space_tree == scale->free_space_tree)
		add(scale, range->excess ? SCALE_EXCESS : SCALE_MISSING, range->bytenr, range->length);
	return 0;
}

int scale_fill(struct fsr_fs *fs, struct scale *scale, struct fsr_error *err)
{
	int ret = fsr_spans(fs, scale->group, NULL, take_span, scale, err);

	return ret ? ret : fsr_diff(fs, scale->group, take_range, scale, err);
}

/* ---- drawing */

/* How many bytes of the block group a column stands for; the last one may be cut. */
static uint64_t column_bytes(const struct scale *scale, int i)
{
	uint64_t at = scale->start + (uint64_t)i * scale->unit;
	uint64_t left = at < scale->length ? scale->length - at : 0;

	return left < scale->unit ? left : scale->unit;
}

static const char *shade(uint64_t part, uint64_t whole)
{
	if (!part)
		return " ";
	if (part >= whole)
		return "█";
	return part <= whole / 3 ? "░" : part <= whole / 3 * 2 ? "▒" : "▓";
}

static void draw_column(const struct scale *scale, int i, const struct area *area)
{
	uint64_t bytes = column_bytes(scale, i), used = scale->sums[SCALE_USED][i];
	uint64_t excess = scale->sums[SCALE_EXCESS][i], missing = scale->sums[SCALE_MISSING][i];
	uint64_t taken = used + scale->sums[SCALE_SUPER][i];
	uint64_t cached = (bytes > taken ? bytes - taken : 0) + excess;
	int col = LABEL + i;

	if (!bytes)
		return;
	if (cached > missing)
		put(area, 1, col, excess ? STYLE_DANGER : STYLE_OK, "·");
	put(area, 2, col, STYLE_USED, shade(used, bytes));
	if (!used && scale->sums[SCALE_SUPER][i])
		put(area, 2, col, STYLE_SUPER, "+");
	if (excess)
		put(area, 3, col, STYLE_DANGER, "!");
	else if (missing)
		put(area, 3, col, STYLE_WARNING, "m");
}

static void put_title(const struct diff *d, const struct scale *scale, const struct area *area)
{
	uint64_t sectors = scale->unit / d->view.tab->facts.sectorsize;
	char text[120];

	snprintf(text, sizeof text, "%" PRIu64 " ───── 1 column = %" PRIu64 " sector%s = %" PRIu64 " bytes",
		scale->group + scale->start, sectors, sectors == 1 ? "" : "s", scale->unit);
	put_rule(area, 0, text, false);
}

void scale_draw(struct diff *d, const struct area *area)
{
	const struct diff_row *row = pictured(d);
	struct scale wanted;

	d->scale_columns = area->cols - LABEL;
	put_rule(area, 0, "", false);
	if (!row || d->scale_columns <= 0)
		return;
	put(area, 1, 1, STYLE_PLAIN, row->range.free_space_tree ? "v2" : "cache");
	put(area, 2, 1, STYLE_PLAIN, "extents");
	if (scale_wanted(d, &wanted) || !d->scale)
		return; /* not there yet, or there is no room for any column */
	put_title(d, d->scale, area);
	if (d->scale->unknown) {
		put(area, 1, LABEL, STYLE_UNKNOWN, "? can't be read");
		return;
	}
	for (int i = 0; i < d->scale->columns; i++)
		draw_column(d->scale, i, area);
}
