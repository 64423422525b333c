/* SPDX-License-Identifier: MIT */
/* The entries of a cache, the bitmaps' runs below them where they are unfolded. */
#include "cache.h"

#include <inttypes.h>
#include <string.h>

#define KIND_WIDTH 6
#define NOTE_WIDTH 8 /* "596 runs" */

enum { COL_NUMBER, COL_OFFSET, COL_BYTES, COL_KIND, COL_PLACE, COL_NOTE };

static const char *entry_kind(const struct cache_space *space)
{
	return space->bitmap ? "bitmap" : "extent";
}

static struct cache_row row_at(const struct cache_view *c, size_t i)
{
	return cache_rows_at(&c->rows, i);
}

/* ---- cells */

static void number_cell(struct view *view, size_t i, char out[160], enum style *style)
{
	struct cache_view *c = (struct cache_view *)view;
	struct cache_row row = row_at(c, i);

	if (row.kind == CACHE_ROW_ENTRY) {
		snprintf(out, 160, "%zu", row.entry);
	} else {
		snprintf(out, 160, "%s", row.last ? "└" : "│");
		*style = STYLE_DIM;
	}
}

/* Where an entry or run begins, or how long it is. */
static void put_extent(struct cache_view *c, size_t i, bool length, char out[160], enum style *style)
{
	struct cache_row row = row_at(c, i);
	struct cache_space space;
	struct cache_run run;

	*style = length ? STYLE_LENGTH : STYLE_OFFSET;
	if (row.kind == CACHE_ROW_ENTRY && cache_model_space(&c->model, row.entry, &space)) {
		snprintf(out, 160, "%" PRIu64, length ? space.bytes : space.offset);
		if (space.severity >= 0)
			*style = severity_style(space.severity);
	} else if (row.kind == CACHE_ROW_RUN && cache_model_run(&c->model, row.entry, row.run, &run)) {
		snprintf(out, 160, "%" PRIu64, length ? run.length : run.bytenr);
	}
}

static void offset_cell(struct view *view, size_t i, char out[160], enum style *style)
{
	put_extent((struct cache_view *)view, i, false, out, style);
}

static void bytes_cell(struct view *view, size_t i, char out[160], enum style *style)
{
	put_extent((struct cache_view *)view, i, true, out, style);
}

static void kind_cell(struct view *view, size_t i, char out[160], enum style *style)
{
	struct cache_view *c = (struct cache_view *)view;
	struct cache_row row = row_at(c, i);
	struct cache_space space;

	if (row.kind == CACHE_ROW_RUN) {
		snprintf(out, 160, "%-6s", "run");
	} else if (row.kind == CACHE_ROW_ENTRY && cache_model_space(&c->model, row.entry, &space)) {
		snprintf(out, 160, "%-6s", entry_kind(&space));
		*style = space.type > 2 ? STYLE_ERROR : STYLE_TYPE;
	}
	if (c->letters)
		out[1] = 0;
}

/* The bit of a run's first sector in its bitmap. */
static uint64_t bit_of(
	const struct cache_view *c, const struct cache_space *space, const struct cache_run *run)
{
	return (run->bytenr - space->offset) / c->model.sector;
}

static void place_cell(struct view *view, size_t i, char out[160], enum style *style)
{
	struct cache_view *c = (struct cache_view *)view;
	struct cache_row row = row_at(c, i);
	struct cache_space space;
	struct cache_run run;

	(void)style;
	if (row.kind == CACHE_ROW_MORE || !cache_model_space(&c->model, row.entry, &space))
		return;
	if (c->model.v2 && row.kind == CACHE_ROW_ENTRY)
		snprintf(out, 160, "%u", space.slot);
	else if (row.kind == CACHE_ROW_ENTRY)
		snprintf(out, 160, "%u:%u", space.page, space.byte);
	else if (!c->model.v2 && cache_model_run(&c->model, row.entry, row.run, &run))
		snprintf(out, 160, "%u:%" PRIu64, space.bitmap_page, bit_of(c, &space, &run) / 8);
}

static void entry_note(struct cache_view *c, const struct cache_row *row, const struct cache_space *space,
	char out[160], enum style *style)
{
	const struct fsr_finding_info *info = space->finding ? fsr_finding_info(space->finding->code) : NULL;
	uint64_t bytes;
	size_t runs = space->bitmap ? cache_model_runs(&c->model, row->entry, &bytes) : 0;

	if (space->severity >= 0)
		*style = severity_style(space->severity);
	if (space->excess)
		snprintf(out, 160, "! %" PRIu64, space->excess);
	else if (info)
		snprintf(out, 160, "%s", info->name);
	else if (space->bitmap && !space->readable)
		snprintf(out, 160, "no page");
	else if (space->bitmap)
		snprintf(out, 160, "%zu run%s%s", runs, runs == 1 ? "" : "s",
			cache_rows_shown(&c->rows, row->entry) ? " ▾" : "");
}

static void note_cell(struct view *view, size_t i, char out[160], enum style *style)
{
	struct cache_view *c = (struct cache_view *)view;
	struct cache_row row = row_at(c, i);
	struct cache_space space;
	struct cache_run run;

	if (!cache_model_space(&c->model, row.entry, &space))
		return;
	if (row.kind == CACHE_ROW_ENTRY)
		entry_note(c, &row, &space, out, style);
	else if (row.kind == CACHE_ROW_RUN && cache_model_run(&c->model, row.entry, row.run, &run))
		snprintf(out, 160, "bit %" PRIu64, bit_of(c, &space, &run));
}

static const struct column columns[] = {
	[COL_NUMBER] = {"#", 0, 0, 0, number_cell},
	[COL_OFFSET] = {"offset", 0, 0, 0, offset_cell},
	[COL_BYTES] = {"bytes", 0, 0, 0, bytes_cell},
	[COL_KIND] = {"kind  ", 0, 0, 0, kind_cell},
	[COL_PLACE] = {"at", 0, 0, 2, place_cell},
	[COL_NOTE] = {"", -NOTE_WIDTH, 40, 1, note_cell},
	{0},
};

/* ---- rows */

static int digits(uint64_t value)
{
	int n = 1;

	for (; value >= 10; value /= 10)
		n++;
	return n;
}

static int at_least(int least, int width)
{
	return width < least ? least : width;
}

void cache_entries_fit(struct cache_view *c, int cols)
{
	const struct record *record = cache_record(c);
	uint64_t length = record ? record->group.length : 0, end = record ? record->group.bytenr + length : 0;
	int *width = c->layout.width;

	c->layout.first_hidden = 0;
	width[COL_NUMBER] = at_least(4, digits(cache_model_count(&c->model)));
	width[COL_OFFSET] = at_least(9, digits(end));
	width[COL_BYTES] = at_least(9, digits(length));
	width[COL_PLACE] = c->model.v2 ? 4 : c->model.cache && c->model.cache->npages > 100 ? 9 : 7;
	c->letters =
		cols < width[COL_NUMBER] + width[COL_OFFSET] + width[COL_BYTES] + KIND_WIDTH + NOTE_WIDTH + 5;
	width[COL_KIND] = c->letters ? 1 : KIND_WIDTH;
	columns_fit(columns, &c->layout, 1, cols - 1);
}

void cache_entries_head(struct view *view, const struct area *row)
{
	struct cache_view *c = (struct cache_view *)view;
	bool sorted = c->by_offset || c->model.v2;

	columns_head(columns, &c->layout, row, sorted ? COL_OFFSET : COL_NUMBER, c->descending);
}

static void more_row(struct cache_view *c, const struct cache_row *row, size_t i, const struct area *area)
{
	char text[160] = "";
	enum style style = STYLE_DIM;
	uint64_t bytes;
	size_t runs = cache_model_runs(&c->model, row->entry, &bytes);

	number_cell(&c->view, i, text, &style);
	put_right(area, 0, c->layout.at[COL_NUMBER] + c->layout.width[COL_NUMBER], style, text);
	putf(area, 0, c->layout.at[COL_OFFSET], STYLE_DIM, "%zu more runs", runs - row->run);
}

void cache_entry_row(struct view *view, size_t i, const struct area *row)
{
	struct cache_view *c = (struct cache_view *)view;
	struct cache_row what = row_at(c, i);
	struct cache_space space;

	if (what.kind == CACHE_ROW_MORE) {
		more_row(c, &what, i, row);
		return;
	}
	if (what.kind == CACHE_ROW_ENTRY && cache_model_space(&c->model, what.entry, &space))
		put(row, 0, 0, severity_style(space.severity), severity_letter(space.severity));
	columns_row(columns, &c->layout, view, i, row);
}

bool cache_entries_scroll(struct cache_view *c, enum action action)
{
	return columns_scroll(columns, &c->layout, action);
}

/* ---- words */

static void bitmap_sentence(
	struct cache_view *c, size_t entry, const struct cache_space *space, struct sentence *out)
{
	uint64_t bytes;
	size_t runs = cache_model_runs(&c->model, entry, &bytes);

	if (!space->readable)
		sentence_set(
			out, STYLE_ERROR, "E bitmap %" PRIu64 ": there is no page for it", space->offset);
	else if (c->model.v2)
		sentence_set(out, STYLE_PLAIN,
			"bitmap %" PRIu64 "+%" PRIu64 ": %zu runs, %" PRIu64 " bits set = %" PRIu64 " bytes",
			space->offset, space->span, runs, bytes / c->model.sector, bytes);
	else
		sentence_set(out, bytes == space->bytes ? STYLE_PLAIN : STYLE_WARNING,
			"%sbitmap %" PRIu64 ": %zu runs, %" PRIu64 " bits set = %" PRIu64 " bytes, %s",
			bytes == space->bytes ? "" : "W ", space->offset, runs, bytes / c->model.sector,
			bytes, bytes == space->bytes ? "as its entry says" : "its entry says otherwise");
}

static void run_sentence(struct cache_view *c, const struct cache_row *row, const struct cache_space *space,
	struct sentence *out)
{
	struct cache_run run;

	if (!cache_model_run(&c->model, row->entry, row->run, &run))
		return;
	if (row->kind == CACHE_ROW_MORE)
		sentence_set(out, STYLE_PLAIN, "+ shows all runs of bitmap %" PRIu64, space->offset);
	else
		sentence_set(out, STYLE_PLAIN,
			"run %zu: bits %" PRIu64 " to %" PRIu64 ", %" PRIu64 "+%" PRIu64 " is free", row->run,
			bit_of(c, space, &run), bit_of(c, space, &run) + run.length / c->model.sector - 1,
			run.bytenr, run.length);
}

/* What an entry is called: in a tree it has no number. */
static const char *name_of(
	const struct cache_view *c, size_t entry, const struct cache_space *space, char out[32])
{
	if (c->model.v2)
		snprintf(out, 32, "item %u", space->slot);
	else
		snprintf(out, 32, "entry %zu", entry);
	return out;
}

void cache_entry_sentence(struct cache_view *c, size_t i, struct sentence *out)
{
	struct cache_row row = row_at(c, i);
	struct cache_space space;
	char name[32];

	if (!cache_model_space(&c->model, row.entry, &space))
		return;
	name_of(c, row.entry, &space, name);
	if (row.kind != CACHE_ROW_ENTRY)
		run_sentence(c, &row, &space, out);
	else if (space.excess)
		sentence_set(out, severity_style(space.severity),
			"%s %s: %" PRIu64 " bytes %s as free are in use", severity_letter(space.severity),
			name, space.excess, c->model.v2 ? "listed" : "cached");
	else if (space.finding)
		sentence_set(out, severity_style(space.severity), "%s %s", severity_letter(space.severity),
			space.finding->message);
	else if (space.bitmap)
		bitmap_sentence(c, row.entry, &space, out);
	else
		sentence_set(out, STYLE_PLAIN, "%s: %" PRIu64 "+%" PRIu64 ", free up to %" PRIu64, name,
			space.offset, space.bytes, space.offset + space.bytes);
}

void cache_entry_text(
	struct view *view, size_t i, char *text, size_t size, uint64_t *address, uint64_t *length)
{
	struct cache_view *c = (struct cache_view *)view;
	struct cache_row row = row_at(c, i);
	struct cache_space space;
	struct cache_run run;

	if (!cache_model_space(&c->model, row.entry, &space))
		return;
	if (row.kind == CACHE_ROW_ENTRY) {
		snprintf(text, size, "%zu %" PRIu64 " %" PRIu64 " %s %u:%u", row.entry, space.offset,
			space.bytes, entry_kind(&space), space.page, space.byte);
		*address = space.offset;
		*length = space.span;
	} else if (row.kind == CACHE_ROW_RUN && cache_model_run(&c->model, row.entry, row.run, &run)) {
		snprintf(text, size, "%" PRIu64 " %" PRIu64 " run", run.bytenr, run.length);
		*address = run.bytenr;
		*length = run.length;
	}
}
