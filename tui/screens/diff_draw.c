/* SPDX-License-Identifier: MIT */
#include "diff.h"
#include "item_text.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

#define MARK 1
#define KIND 3
#define KIND_WIDTH 8
#define SAYS_WIDTH 16
#define BAR_WIDTH 3
/* Narrower than this there is the range alone, and without its kind in words. */
#define NARROW 60

static const char *const kind_words[DIFF_KINDS] = {"excess", "missing"};
static const enum style kind_styles[DIFF_KINDS] = {STYLE_DANGER, STYLE_WARNING};

/* ---- where things stand */

static int digits(uint64_t number)
{
	int n = 1;

	for (; number >= 10; number /= 10)
		n++;
	return n;
}

static void measure(struct diff *d)
{
	uint64_t bytes[DIFF_KINDS], most = 0, last = 0;

	for (size_t i = 0; i < d->nheadings; i++) {
		const struct record *record = diff_record(d, &d->headings[i]);

		record_differs(record, bytes);
		for (int kind = 0; kind < DIFF_KINDS; kind++)
			most = bytes[kind] > most ? bytes[kind] : most;
		last = record->group.bytenr + record->group.length;
	}
	d->bytenr_width = digits(last) > 9 ? digits(last) : 9;
	d->length_width = digits(most) > 6 ? digits(most) : 6;
}

void diff_bars(struct diff *d, int cols)
{
	int range;

	measure(d);
	range = KIND + (cols < NARROW ? 0 : KIND_WIDTH) + d->bytenr_width + 1 + d->length_width;
	d->bar[0] = d->bar[1] = -1;
	if (cols < NARROW)
		return;
	d->bar[0] = range + 1;
	d->bar[1] = d->bar[0] + BAR_WIDTH + SAYS_WIDTH;
}

static void put_bars(const struct diff *d, const struct area *area, enum style style)
{
	for (int i = 0; i < 2; i++)
		if (d->bar[i] >= 0)
			put(area, 0, d->bar[i], style, "│");
}

/* The part of a row that side `side` takes. */
static struct area part(const struct diff *d, const struct area *area, int side)
{
	int from = side ? d->bar[side - 1] + 2 : 0, to = area->cols;

	if (side < 2 && d->bar[side] >= 0)
		to = d->bar[side] - 1;
	return area_part(area, 0, from, 1, to - from);
}

/* ---- sides */

const char *says_text(const struct diff_row *row, char out[80])
{
	const struct says *says = &row->says;

	switch (says->kind) {
	case SAYS_ENTRY:
		snprintf(out, 80, "entry %" PRIu64 " (%u:%u)", says->number, says->page, says->byte);
		break;
	case SAYS_ITEM:
		snprintf(out, 80, "item %u (v2)", says->slot);
		break;
	case SAYS_NOTHING:
		snprintf(out, 80, "%s", row->range.free_space_tree ? "no item (v2)" : "no entry");
		break;
	default:
		snprintf(out, 80, "-");
	}
	return out;
}

/* Entries may speak of what is not in their block group. */
static bool is_outside(const struct diff *d, const struct fsr_diff_range *range)
{
	const struct record *record = tab_record(d->view.tab, range->bytenr);

	return !record || record->group.bytenr != range->block_group;
}

const char *holder_text(const struct diff *d, const struct diff_row *row, char out[160])
{
	const struct fsr_holder *holder = &row->range.holder;
	bool raw = d->view.ui->raw;
	char root[32];

	if (!row->range.excess)
		snprintf(out, 160, "nothing until %" PRIu64, row->range.bytenr + row->range.length);
	else if (!holder->present)
		snprintf(out, 160, "%s",
			is_outside(d, &row->range) ? "outside the block group" : "no extent here");
	else if (holder->tree_block)
		snprintf(out, 160, "block %" PRIu64 ", %s", holder->bytenr,
			objectid_text(holder->root, raw, root));
	else
		snprintf(out, 160, "inode %" PRIu64 " of %s, extent %" PRIu64 "+%" PRIu64, holder->objectid,
			objectid_text(holder->root, raw, root), holder->bytenr, holder->length);
	return out;
}

/* The first row of a difference has its whole range; those behind it one more holder. */
static void put_range(const struct diff *d, const struct diff_row *row, const struct area *area)
{
	int kind = row->range.excess ? DIFF_EXCESS : DIFF_MISSING;
	int end = KIND + (d->bar[0] < 0 ? 0 : KIND_WIDTH) + d->bytenr_width;
	char number[24];

	if (row->range.bytenr != row->run_bytenr)
		return;
	put(area, 0, MARK, kind_styles[kind], kind == DIFF_EXCESS ? "!" : "m");
	if (d->bar[0] >= 0)
		put(area, 0, KIND, kind_styles[kind], kind_words[kind]);
	snprintf(number, sizeof number, "%" PRIu64, row->run_bytenr);
	put_right(area, 0, end, STYLE_PLAIN, number);
	snprintf(number, sizeof number, "%" PRIu64, row->run_length);
	put_right(area, 0, end + 1 + d->length_width, STYLE_PLAIN, number);
}

void diff_draw_range(struct diff *d, const struct diff_row *row, const struct area *area)
{
	struct area sides[] = {part(d, area, 0), part(d, area, 1), part(d, area, 2)};
	char text[160];

	put_range(d, row, &sides[0]);
	if (d->bar[0] < 0)
		return;
	put_bars(d, area, STYLE_PLAIN);
	/* of several holders of one range the entry is named once */
	if (row->range.bytenr == row->run_bytenr)
		put_clipped(&sides[1], 0, 0, sides[1].cols, STYLE_PLAIN, says_text(row, text));
	put_clipped(&sides[2], 0, 0, sides[2].cols, STYLE_PLAIN, holder_text(d, row, text));
}

/* ---- headings */

/* "excess 32768 (1)  ": bytes, and in how many ranges where that is known; empty where there are none. */
static const char *sum_text(const struct diff *d, const struct heading *heading, int kind, char out[64])
{
	const struct record *record = diff_record(d, heading);
	uint64_t bytes[DIFF_KINDS];
	char runs[32] = "";

	record_differs(record, bytes);
	*out = 0;
	if (!bytes[kind] || !diff_passes(d, record, kind))
		return out;
	if (heading->counted)
		snprintf(runs, sizeof runs, " (%" PRIu64 ")", heading->runs[kind]);
	snprintf(out, 64, "%s %" PRIu64 "%s  ", kind_words[kind], bytes[kind], runs);
	return out;
}

static int sums_width(const struct diff *d, const struct heading *heading)
{
	char text[64];
	int width = 0;

	for (int kind = 0; kind < DIFF_KINDS; kind++)
		width += (int)strlen(sum_text(d, heading, kind, text));
	return width;
}

/* Type, profile, state and verdict as far as they leave room for the sums, the verdict first. */
static int put_about(const struct diff *d, const struct heading *heading, const struct area *area, int col)
{
	const struct record *record = diff_record(d, heading);
	const char *type = type_short(record->group.flags), *profile = profile_word(record->group.flags);
	const char *state = state_word(record), *verdict = verdict_word(record);
	int room = area->cols - col - sums_width(d, heading) - text_width(area->canvas, state);
	bool has_verdict = room > text_width(area->canvas, verdict);

	if (has_verdict)
		room -= text_width(area->canvas, verdict) + 1;
	if (room > (int)(strlen(type) + strlen(profile)) + 3)
		col = putf(area, 0, col, STYLE_PLAIN, "%s %s  ", type, profile);
	else if (room > (int)strlen(type) + 1)
		col = putf(area, 0, col, STYLE_PLAIN, "%s ", type);
	col = put(area, 0, col, state_style(record->group.state), state);
	if (has_verdict)
		col = put(area, 0, col + 1, verdict_style(record->group.verdict), verdict);
	return col + 1;
}

void diff_draw_heading(struct diff *d, const struct heading *heading, const struct area *area)
{
	const struct record *record = diff_record(d, heading);
	int severity = record_severity(record), end = KIND + d->bytenr_width, col;
	char number[24], text[64];

	put(area, 0, 0, STYLE_PLAIN, heading->rows && heading->folded ? "+" : " ");
	put(area, 0, MARK, severity_style(severity), severity_letter(severity));
	snprintf(number, sizeof number, "%" PRIu64, record->group.bytenr);
	put_right(area, 0, end, STYLE_PLAIN, number);
	put_marks(area, 0, KIND, d->bytenr_width, MARK_BOLD);
	col = put_about(d, heading, area, end + 1);
	for (int kind = 0; kind < DIFF_KINDS; kind++)
		col = put(area, 0, col, kind_styles[kind], sum_text(d, heading, kind, text));
}

/* ---- rows of the list */

static void draw_missing_row(const struct heading *heading, const struct area *area)
{
	put(area, 0, KIND, STYLE_PENDING, heading->failed ? "" : "…");
}

/* The side under the cursor; a heading as a whole. */
static void mark_cursor(struct diff *d, const struct diff_row *row, const struct area *area)
{
	struct area side = row ? part(d, area, d->bar[0] < 0 ? 0 : d->side) : *area;

	put_marks(&side, 0, 0, side.cols, MARK_CURSOR);
}

void diff_draw_row(struct view *view, size_t row, const struct area *area)
{
	struct diff *d = diff_of(view);
	int64_t number;
	const struct heading *heading = diff_heading(d, row, &number);
	const struct diff_row *range = heading ? diff_row(heading, number) : NULL;

	if (!heading)
		return;
	if (range)
		diff_draw_range(d, range, area);
	else if (number < 0)
		diff_draw_heading(d, heading, area);
	else
		draw_missing_row(heading, area);
	if (row == d->list.cursor && !view->preview)
		mark_cursor(d, range, area);
}

void diff_draw_heads(struct view *view, const struct area *area)
{
	struct diff *d = diff_of(view);
	int end;

	diff_bars(d, area->cols);
	end = KIND + (d->bar[0] < 0 ? 0 : KIND_WIDTH) + d->bytenr_width;
	if (d->bar[0] >= 0)
		put(area, 0, KIND, STYLE_HEAD, "kind");
	put_right(area, 0, end, STYLE_HEAD, "bytenr");
	put_right(area, 0, end + 1 + d->length_width, STYLE_HEAD, "length");
	put_bars(d, area, STYLE_HEAD);
	if (d->bar[0] < 0)
		return;
	put(area, 0, d->bar[0] + 2, STYLE_HEAD, "the cache says");
	put(area, 0, d->bar[1] + 2, STYLE_HEAD, "the extent tree holds");
}

void diff_row_text(
	struct view *view, size_t row, char *text, size_t size, uint64_t *address, uint64_t *length)
{
	struct diff *d = diff_of(view);
	int64_t number;
	const struct heading *heading = diff_heading(d, row, &number);
	const struct diff_row *range = heading ? diff_row(heading, number) : NULL;
	char says[80], holder[160];

	*length = 0;
	if (range) {
		snprintf(text, size, "%s %" PRIu64 " %" PRIu64 " %s %s",
			kind_words[range->range.excess ? DIFF_EXCESS : DIFF_MISSING], range->run_bytenr,
			range->run_length, says_text(range, says), holder_text(d, range, holder));
		*address = range->range.bytenr;
		*length = range->range.length;
	} else if (heading && number < 0) {
		snprintf(text, size, "%" PRIu64 " %s %s %s %s", diff_record(d, heading)->group.bytenr,
			type_short(diff_record(d, heading)->group.flags),
			profile_word(diff_record(d, heading)->group.flags),
			state_word(diff_record(d, heading)), verdict_word(diff_record(d, heading)));
	}
}
