/* SPDX-License-Identifier: MIT */
/* Plan: what the commit would do, as the dry run through it has found. */
#include "rewrite.h"
#include "words.h"

#include <inttypes.h>
#include <stdlib.h>

bool rewrite_order_plan(struct rewrite_view *r)
{
	static const enum fsw_why order[] = {FSW_WHY_SELECTED, FSW_WHY_TRUSTED, FSW_WHY_TOUCHED};

	r->planned = calloc(r->plan->ngroups + 1, sizeof *r->planned);
	r->nplanned = 0;
	if (!r->planned)
		return false;
	for (size_t k = 0; k < sizeof order / sizeof *order; k++)
		for (size_t i = 0; i < r->plan->ngroups; i++)
			if (r->plan->groups[i].why == order[k])
				r->planned[r->nplanned++] = (uint32_t)i;
	r->list = (struct list){.count = r->nplanned};
	for (size_t i = 0; i < r->nplanned; i++)
		if (r->plan->groups[r->planned[i]].bytenr == r->chosen)
			r->list.cursor = i;
	return true;
}

/* Columns behind the address; those at the end each from so many columns on. */
#define TYPE_AT 0
#define NOW_AT 5
#define THEN_AT 18
#define ENTRIES_AT 30
#define ENTRIES_FROM 42
#define FILE_AT 43
#define FILE_FROM 84
#define WHY_AT_NARROW 43
#define WHY_AT_WIDE 75
#define WHY_FROM 52

/* What stands behind the address. */
static struct area behind_address(const struct rewrite_view *r, const struct area *area, int row)
{
	return area_part(area, row, rewrite_address_end(r) + 1, 1, area->cols);
}

static void put_state(const struct area *row, int col, enum fsr_state state)
{
	put(row, 0, col, state_style(state), fsr_state_name(state));
}

static void put_entries(const struct rewrite_view *r, const struct fsw_group *group, const struct area *row)
{
	const struct record *record = tab_record(r->view.tab, group->bytenr);

	if (record && record->group.has_cache)
		putf(row, 0, ENTRIES_AT, STYLE_PLAIN, "%" PRIu64 " → %" PRIu64, record->group.cache.entries,
			group->entries);
	else
		putf(row, 0, ENTRIES_AT, STYLE_PLAIN, "%" PRIu64, group->entries);
}

static void put_file(const struct rewrite_view *r, size_t i, const struct area *row)
{
	uint64_t old = r->old_bytenr ? r->old_bytenr[i] : 0;
	int col = FILE_AT;

	if (old)
		col = putf(row, 0, col, STYLE_PLAIN, "%" PRIu64, old);
	if (r->plan->groups[i].cache_bytenr)
		putf(row, 0, col, STYLE_PLAIN, "%s%" PRIu64, old ? " → " : "",
			r->plan->groups[i].cache_bytenr);
}

static void draw_row(struct view *view, size_t i, const struct area *row)
{
	const struct rewrite_view *r = (const struct rewrite_view *)view;
	const struct fsw_group *group = &r->plan->groups[r->planned[i]];
	struct area rest = behind_address(r, row, 0);
	char address[24];

	put(row, 0, 1, STYLE_PLAIN, group->why == FSW_WHY_TOUCHED ? "+" : "*");
	snprintf(address, sizeof address, "%" PRIu64, group->bytenr);
	put_right(row, 0, rewrite_address_end(r), STYLE_PLAIN, address);
	put(&rest, 0, TYPE_AT, STYLE_PLAIN, type_short(group->flags));
	put_state(&rest, NOW_AT, group->before);
	put(&rest, 0, THEN_AT - 2, STYLE_PLAIN, "→");
	put_state(&rest, THEN_AT, group->after);
	if (rest.cols >= ENTRIES_FROM)
		put_entries(r, group, &rest);
	if (rest.cols >= FILE_FROM)
		put_file(r, r->planned[i], &rest);
	if (rest.cols >= WHY_FROM)
		put(&rest, 0, rest.cols >= FILE_FROM ? WHY_AT_WIDE : WHY_AT_NARROW,
			*group->problem ? STYLE_ERROR : STYLE_PLAIN,
			*group->problem ? "see below" : fsw_why_name(group->why));
}

static void draw_heads(const struct rewrite_view *r, const struct area *area, int row)
{
	struct area rest = behind_address(r, area, row);

	put_right(area, row, rewrite_address_end(r), STYLE_HEAD, "address");
	put(&rest, 0, TYPE_AT, STYLE_HEAD, "type");
	put(&rest, 0, NOW_AT, STYLE_HEAD, "now");
	put(&rest, 0, THEN_AT, STYLE_HEAD, "then");
	if (rest.cols >= ENTRIES_FROM)
		put(&rest, 0, ENTRIES_AT, STYLE_HEAD, "entries");
	if (rest.cols >= FILE_FROM)
		put(&rest, 0, FILE_AT, STYLE_HEAD, "cache file");
	if (rest.cols >= WHY_FROM)
		put(&rest, 0, rest.cols >= FILE_FROM ? WHY_AT_WIDE : WHY_AT_NARROW, STYLE_HEAD, "why");
}

static void draw_target(struct rewrite_view *r, const struct area *area)
{
	char size[SIZE_SHORT];
	int col;

	put(area, 0, 1, STYLE_PLAIN, "target");
	col = put(area, 0, 10, r->to_copy ? STYLE_DIM : STYLE_PLAIN,
		r->to_copy ? "in place, with undo file" : "[in place, with undo file]");
	put(area, 0, col + 3, r->to_copy ? STYLE_PLAIN : STYLE_DIM, r->to_copy ? "[a copy]" : "a copy");
	put(area, 1, 1, STYLE_PLAIN, r->to_copy ? "copy" : "undo");
	col = put_untrusted(area, 1, 10, area->cols > 60 ? area->cols - 50 : 30, STYLE_PLAIN,
		r->to_copy ? r->copy : r->undo);
	if (!r->to_copy && r->plan && r->plan->undo_bytes)
		col = putf(area, 1, col, STYLE_PLAIN, "  about %s",
			ui_size_long(r->view.ui, r->plan->undo_bytes, size));
	put(area, 1, col, STYLE_PLAIN, ", must not exist yet");
}

/* What is on the lines below the list. */
static void draw_summary(struct rewrite_view *r, const struct area *area)
{
	const struct fsw_result *plan = r->plan;
	const struct fsw_group *group = &plan->groups[r->planned[r->list.cursor]];
	char size[SIZE_SHORT];
	size_t written = 0, wanted = 0;

	for (size_t i = 0; i < r->nplanned; i++) {
		wanted += plan->groups[r->planned[i]].wants_cache;
		written += plan->groups[r->planned[i]].after == FSR_STATE_WRITTEN;
	}
	putf(area, 0, 1, STYLE_PLAIN,
		"generation %" PRIu64 " → %" PRIu64 "   %" PRIu64 " tree blocks   caches %s   %" PRIu64
		" flushes",
		r->old_generation, plan->transaction.generation, plan->transaction.blocks_written,
		ui_size_long(r->view.ui, plan->transaction.cache_bytes_written, size),
		plan->transaction.flushes);
	if (plan->unwritten)
		putf(area, 1, 1, STYLE_WARNING,
			"read back in memory: %zu of %zu caches WRITTEN; %zu can't be written", written,
			wanted, plan->unwritten);
	else
		putf(area, 1, 1, STYLE_OK,
			"read back in memory: every cache WRITTEN (%zu), excess 0, missing 0", written);
	if (*group->problem)
		put_untrusted(area, 2, put(area, 2, 1, STYLE_ERROR, "E "), area->cols - 4, STYLE_PLAIN,
			group->problem);
	else if (group->why == FSW_WHY_TOUCHED)
		put(area, 2, 1, STYLE_PLAIN,
			"touched: the commit changes this block group, so its cache must follow");
	else if (group->why == FSW_WHY_TRUSTED)
		put(area, 2, 1, STYLE_PLAIN,
			"trusted: any commit would make Linux trust its wrong cache, so it must follow");
	if (plan->nremoved)
		putf(area, 3, 1, STYLE_PLAIN,
			"%zu left-over header%s or inode%s without a block group taken away", plan->nremoved,
			plan->nremoved == 1 ? "" : "s", plan->nremoved == 1 ? "" : "s");
}

#define SUMMARY_ROWS 5
/* Under so many rows there is the list alone. */
#define SUMMARY_FROM 12

void rewrite_draw_plan(struct rewrite_view *r, const struct area *area)
{
	int rows = area->rows - 4 - (area->rows < SUMMARY_FROM ? 0 : SUMMARY_ROWS);
	struct area list = area_part(area, 4, 0, rows < 1 ? 1 : rows, area->cols), summary;

	if (r->err.code) {
		put(area, 2 + rewrite_put_error(r, area, 1), 1, STYLE_PLAIN, "Nothing was written.");
		return;
	}
	if (r->job || r->nplanned)
		draw_target(r, area);
	if (r->job) {
		rewrite_draw_commit(r, &list);
		return;
	}
	if (!r->plan || !r->nplanned) {
		put(area, 1, 1, STYLE_OK, "Every eligible cache is WRITTEN: nothing to rewrite.");
		return;
	}
	draw_heads(r, area, 3);
	if (list.rows > (int)r->nplanned)
		list.rows = (int)r->nplanned;
	list_draw(&r->list, &r->view, &list, draw_row, true);
	summary = area_part(area, 5 + list.rows, 0, SUMMARY_ROWS, area->cols);
	draw_summary(r, &summary);
}
