/* SPDX-License-Identifier: MIT */
/* The columns of Overview: what a cell says, and how rows are compared by it. */
#include "overview.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

static const struct record *at(struct view *view, size_t row)
{
	return overview_record((struct overview *)view, row);
}

static void address_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	(void)style;
	snprintf(out, 160, "%" PRIu64, at(view, row)->group.bytenr);
}

static void type_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	struct overview *overview = (struct overview *)view;
	uint64_t flags = at(view, row)->group.flags;
	bool full = overview->layout.width[OVERVIEW_TYPE] > 4;

	(void)style;
	snprintf(out, 160, "%s", full ? type_long(flags) : type_short(flags));
}

static void profile_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	(void)style;
	snprintf(out, 160, "%s", profile_word(at(view, row)->group.flags));
}

static void size_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	(void)style;
	ui_size(view->ui, at(view, row)->group.length, out);
}

void bar_text(uint64_t part, uint64_t whole, int width, char *out, size_t size)
{
	static const char *const eighths[] = {"▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
	/* the image's numbers may be anything: a share is never more than the whole */
	double share = whole ? (double)(part < whole ? part : whole) / (double)whole : 0;
	int steps = (int)(share * width * 8);
	size_t used = 0;

	if (part && !steps)
		steps = 1;
	if (part < whole && steps > width * 8 - 1)
		steps = width * 8 - 1;
	*out = 0;
	for (int i = 0; i < width && used + 4 < size; i++, steps -= 8)
		used += (size_t)snprintf(out + used, size - used, "%s",
			steps <= 0 ? "·" : eighths[(steps > 8 ? 8 : steps) - 1]);
}

static void bar_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	const struct fsr_group *group = &at(view, row)->group;
	struct overview *overview = (struct overview *)view;

	*style = STYLE_USED;
	if (group->has_item)
		bar_text(group->used, group->length, overview->layout.width[OVERVIEW_BAR], out, 160);
	else
		snprintf(out, 160, "?");
}

static void percent_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	const struct fsr_group *group = &at(view, row)->group;

	(void)style;
	if (group->has_item && group->length)
		snprintf(out, 160, "%.0f%%", 100.0 * (double)group->used / (double)group->length);
	else
		snprintf(out, 160, "?");
}

static void state_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	const struct record *record = at(view, row);

	*style = record->group.pending ? STYLE_PENDING : state_style(record->group.state);
	snprintf(out, 160, "%s", state_word(record));
}

static void reason_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	const struct record *record = at(view, row);
	const struct fsr_finding_info *info = fsr_finding_info(record->group.reason);

	*style = severity_style(record_severity(record));
	snprintf(out, 160, "%s", info ? info->name : "");
}

static void verdict_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	const struct record *record = at(view, row);

	*style = record->group.pending ? STYLE_PENDING : verdict_style(record->group.verdict);
	snprintf(out, 160, "%s", verdict_word(record));
}

/* A number that is known once the block group is judged: "-" where there is nothing to compare. */
static void difference(struct view *view, size_t row, bool excess, char out[160], enum style *style)
{
	const struct record *record = at(view, row);
	uint64_t bytes[2];

	if (record->group.pending) {
		*style = STYLE_PENDING;
		snprintf(out, 160, "…");
	} else if (!record_differences(record, &bytes[0], &bytes[1])) {
		snprintf(out, 160, "-");
	} else {
		if (bytes[excess ? 0 : 1])
			*style = excess ? STYLE_DANGER : STYLE_WARNING;
		ui_size(view->ui, bytes[excess ? 0 : 1], out);
	}
}

static void excess_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	difference(view, row, true, out, style);
}

static void missing_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	difference(view, row, false, out, style);
}

static void number(bool there, uint64_t value, char out[160])
{
	if (there)
		snprintf(out, 160, "%" PRIu64, value);
	else
		snprintf(out, 160, "-");
}

static void entries_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	(void)style;
	number(at(view, row)->group.has_cache, at(view, row)->group.cache.entries, out);
}

static void bitmaps_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	(void)style;
	number(at(view, row)->group.has_cache, at(view, row)->group.cache.bitmaps, out);
}

static void judged_size(
	struct view *view, const struct record *record, bool there, uint64_t bytes, char out[160])
{
	if (!record->judged)
		snprintf(out, 160, "…");
	else if (there)
		ui_size(view->ui, bytes, out);
	else
		snprintf(out, 160, "-");
}

static void cached_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	const struct record *record = at(view, row);
	const struct fsr_cache_facts *cache = &record->group.cache;

	(void)style;
	judged_size(view, record, record->group.has_cache && cache->has_ranges, cache->ranges_bytes, out);
}

static void recomputed_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	const struct record *record = at(view, row);

	(void)style;
	judged_size(view, record, record->group.has_recomputed, record->group.recomputed_free_bytes, out);
}

static void generation_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	(void)style;
	number(at(view, row)->group.has_cache, at(view, row)->group.cache.generation, out);
}

static void inode_cell(struct view *view, size_t row, char out[160], enum style *style)
{
	(void)style;
	number(at(view, row)->group.has_cache, at(view, row)->group.cache.inode, out);
}

const struct column overview_columns[] = {
	[OVERVIEW_ADDRESS] = {"address", 0, 0, 0, address_cell},
	[OVERVIEW_TYPE] = {"type", 0, 0, 4, type_cell},
	[OVERVIEW_PROFILE] = {"profile", -7, 0, 5, profile_cell},
	[OVERVIEW_SIZE] = {"size", 0, 0, 3, size_cell},
	[OVERVIEW_BAR] = {"used", -6, 18, 2, bar_cell},
	[OVERVIEW_PERCENT] = {"used", 4, 0, 6, percent_cell},
	[OVERVIEW_STATE] = {"state", -10, 0, 0, state_cell},
	[OVERVIEW_REASON] = {"reason", -18, 0, 6, reason_cell},
	[OVERVIEW_VERDICT] = {"verdict", -10, 0, 0, verdict_cell},
	[OVERVIEW_EXCESS] = {"excess", 0, 0, 1, excess_cell},
	[OVERVIEW_MISSING] = {"missing", 0, 0, 1, missing_cell},
	[OVERVIEW_ENTRIES] = {"entries", 7, 0, 7, entries_cell},
	[OVERVIEW_BITMAPS] = {"bitmaps", 7, 0, 7, bitmaps_cell},
	[OVERVIEW_CACHED] = {"cached free", 11, 0, 8, cached_cell},
	[OVERVIEW_RECOMPUTED] = {"recomputed free", 15, 0, 8, recomputed_cell},
	[OVERVIEW_GENERATION] = {"generation", 10, 0, 9, generation_cell},
	[OVERVIEW_INODE] = {"inode", 6, 0, 9, inode_cell},
	[OVERVIEW_COLUMNS] = {NULL, 0, 0, 0, NULL},
};

void overview_widths(struct overview *overview, int cols)
{
	const struct tab *tab = overview->view.tab;
	bool raw = overview->view.ui->raw;
	char text[24];
	int width = 9;

	if (tab->ngroups) {
		snprintf(text, sizeof text, "%" PRIu64, tab->records[tab->ngroups - 1].group.bytenr);
		width = (int)strlen(text) > width ? (int)strlen(text) : width;
	}
	overview->layout.width[OVERVIEW_ADDRESS] = width;
	overview->layout.width[OVERVIEW_TYPE] = cols >= 120 ? -8 : -4;
	overview->layout.width[OVERVIEW_SIZE] = raw ? 11 : 5;
	overview->layout.width[OVERVIEW_EXCESS] = raw ? 11 : 6;
	overview->layout.width[OVERVIEW_MISSING] = raw ? 11 : 7;
}

/* ---- order */

/* What a column is sorted by; false: not known, or nothing there. */
static bool sort_number(const struct record *record, int column, uint64_t *out)
{
	const struct fsr_group *group = &record->group;
	uint64_t excess = 0, missing = 0;
	bool compared = !group->pending && record_differences(record, &excess, &missing);

	switch (column) {
	case OVERVIEW_TYPE:
		*out = group->flags & 7;
		return true;
	case OVERVIEW_SIZE:
		*out = group->length;
		return true;
	case OVERVIEW_BAR:
	case OVERVIEW_PERCENT:
		*out = group->length ? (uint64_t)((double)group->used / (double)group->length * 1e9) : 0;
		return group->has_item;
	case OVERVIEW_STATE:
		*out = group->state;
		return !group->pending;
	case OVERVIEW_REASON:
		*out = group->reason;
		return group->reason != FSR_FINDING_NONE;
	case OVERVIEW_VERDICT:
		*out = group->verdict;
		return !group->pending;
	case OVERVIEW_EXCESS:
		*out = excess;
		return compared;
	case OVERVIEW_MISSING:
		*out = missing;
		return compared;
	case OVERVIEW_ENTRIES:
		*out = group->cache.entries;
		return group->has_cache;
	case OVERVIEW_BITMAPS:
		*out = group->cache.bitmaps;
		return group->has_cache;
	case OVERVIEW_CACHED:
		*out = group->cache.ranges_bytes;
		return record->judged && group->has_cache && group->cache.has_ranges;
	case OVERVIEW_RECOMPUTED:
		*out = group->recomputed_free_bytes;
		return record->judged && group->has_recomputed;
	case OVERVIEW_GENERATION:
		*out = group->cache.generation;
		return group->has_cache;
	case OVERVIEW_INODE:
		*out = group->cache.inode;
		return group->has_cache;
	default:
		*out = group->bytenr;
		return true;
	}
}

int overview_compare(const struct record *a, const struct record *b, int column)
{
	uint64_t x = 0, y = 0;
	bool has_x = sort_number(a, column, &x), has_y = sort_number(b, column, &y);

	if (column == OVERVIEW_PROFILE) {
		int order = strcmp(profile_word(a->group.flags), profile_word(b->group.flags));

		return (order > 0) - (order < 0);
	}
	if (has_x != has_y)
		return has_x ? -2 : 2; /* last, whichever way it is sorted */
	return has_x && x != y ? (x < y ? -1 : 1) : 0;
}
