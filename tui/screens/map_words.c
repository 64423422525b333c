/* SPDX-License-Identifier: MIT */
#include "map.h"
#include "words.h"

#include <inttypes.h>

/* Puts text where all of it fits; gives the column behind it. */
static int put_whole(const struct area *row, int col, enum style style, const char *text)
{
	return col + text_width(row->canvas, text) <= row->cols ? put(row, 0, col, style, text) : col;
}

void map_context(const struct map *map, const struct area *row)
{
	const struct ui *ui = map->view.ui;
	const struct record *record = map_record(map);
	uint64_t length = 0;
	char text[160], size[SIZE_SHORT];
	int col = put(row, 0, 1, STYLE_PLAIN, "filesystem");

	for (size_t i = 0; i < map->shape.count; i++)
		length += map->shape.groups[i].group.length;
	if (map->scope == MAP_GROUP && record) {
		snprintf(text, sizeof text, " › %" PRIu64, record->group.bytenr);
		col = put_whole(row, col, STYLE_PLAIN, text);
		snprintf(text, sizeof text, " %s %s", type_short(record->group.flags),
			profile_word(record->group.flags));
		col = put_whole(row, col, STYLE_PLAIN, text);
		if (map_at_sectors(map))
			col = put_whole(row, col, STYLE_PLAIN, " › sectors");
		snprintf(text, sizeof text, "  %s", ui_size_long(ui, length, size));
	} else {
		snprintf(text, sizeof text, "  %s in %zu block group%s", ui_size_long(ui, length, size),
			map->shape.count, map->shape.count == 1 ? "" : "s");
	}
	col = put_whole(row, col, STYLE_PLAIN, text);
	snprintf(text, sizeof text, "  1 cell = %s", ui_size_long(ui, UINT64_C(1) << map->shape.shift, size));
	col = put_whole(row, col, STYLE_PLAIN, text);
	snprintf(text, sizeof text, "  %" PRIu64 " cells", map_shape_cells(&map->shape));
	put_whole(row, col, STYLE_PLAIN, text);
}

/* ---- the block group */

/* "1 used, 2 free, ..." */
struct amounts {
	const struct ui *ui;
	const struct area *row;
	int col;
	bool more;
};

static void put_part(struct amounts *amounts, enum style style, const char *words)
{
	int gap = amounts->more ? 2 : 1;

	if (amounts->col + gap + text_width(amounts->row->canvas, words) > amounts->row->cols)
		return;
	if (amounts->more)
		put(amounts->row, 0, amounts->col, STYLE_PLAIN, ",");
	amounts->col = put(amounts->row, 0, amounts->col + gap, style, words);
	amounts->more = true;
}

static void put_amount(struct amounts *amounts, enum style style, uint64_t bytes, const char *what)
{
	char text[64], size[SIZE_SHORT];

	snprintf(text, sizeof text, "%s %s", ui_size_long(amounts->ui, bytes, size), what);
	put_part(amounts, style, text);
}

static const char *agreement(const struct record *record)
{
	const struct fsr_group *group = &record->group;
	struct map_facts facts = map_facts_of(group);
	uint64_t excess, missing;

	if (group->pending)
		return "not compared yet";
	if (group->state == FSR_STATE_UNKNOWN)
		return "what is free is not known";
	if (!facts.usable)
		return "no usable cache";
	if (record_differences(record, &excess, &missing) && (excess || missing))
		return "Linux believes it";
	return group->has_cache ? "cache agrees" : "v2 agrees";
}

static uint64_t free_bytes(const struct fsr_group *group)
{
	uint64_t taken = group->used + group->excluded_bytes;

	if (group->has_recomputed)
		return group->recomputed_free_bytes;
	return taken < group->length ? group->length - taken : 0;
}

/* What is wrong comes first: the line may be too short for all of it. */
static void put_record(const struct ui *ui, const struct record *record, const struct area *row)
{
	const struct fsr_group *group = &record->group;
	struct amounts amounts = {.ui = ui, .row = row};
	uint64_t excess = 0, missing = 0;

	amounts.col = put(
		row, 0, 1, group->pending ? STYLE_PENDING : state_style(group->state), state_word(record));
	amounts.col = putf(row, 0, amounts.col, STYLE_PLAIN, " %" PRIu64 " %s %s:", group->bytenr,
		type_long(group->flags), profile_word(group->flags));
	if (!group->has_item) {
		put(row, 0, amounts.col, STYLE_UNKNOWN, " hidden by a tree block that can't be read");
		return;
	}
	if (record_differences(record, &excess, &missing)) {
		if (excess)
			put_amount(&amounts, STYLE_DANGER, excess, "excess");
		if (missing)
			put_amount(&amounts, STYLE_WARNING, missing, "missing");
	}
	put_amount(&amounts, STYLE_PLAIN, group->used, "used");
	if (group->state != FSR_STATE_UNKNOWN)
		put_amount(&amounts, STYLE_PLAIN, free_bytes(group), "free");
	put_part(&amounts, STYLE_PLAIN, agreement(record));
}

static void put_holder(struct map *map, const struct area *row)
{
	const struct fsr_holder *holder = map_holder(map);
	int col;

	if (!holder) {
		put_untrusted(row, 0, 1, row->cols - 1, STYLE_UNKNOWN, map->held_err.text);
		return;
	}
	if (!holder->present) {
		put(row, 0, 1, STYLE_PLAIN, "no extent here");
		return;
	}
	col = putf(row, 0, 1, STYLE_PLAIN, "%s %" PRIu64 "+%" PRIu64 ", root %" PRIu64,
		holder->tree_block ? "tree block" : "extent", holder->bytenr, holder->length, holder->root);
	if (holder->tree_block)
		col = putf(row, 0, col, STYLE_PLAIN, " level %" PRIu64, holder->offset);
	else
		col = putf(row, 0, col, STYLE_PLAIN, " inode %" PRIu64, holder->objectid);
	putf(row, 0, col, STYLE_PLAIN, ", offset %" PRIu64, map->address - holder->bytenr);
}

void map_group_line(struct map *map, const struct area *row)
{
	const struct record *record = map_record(map);

	if (map_at_sectors(map))
		put_holder(map, row);
	else if (record)
		put_record(map->view.ui, record, row);
}

/* ---- the cell */

static const char *sector_words(enum map_mark mark, const struct map_cell *cell, bool usable)
{
	switch (mark) {
	case MAP_EXCESS:
		return "not free, but cached as free";
	case MAP_UNKNOWN:
		return "not known, its extent tree can't be read";
	case MAP_MISSING:
		return "free, but not cached as free";
	default:
		break;
	}
	if (cell->used)
		return "in use";
	if (cell->super)
		return "super stripe, never handed out";
	return usable ? "free, and cached as free" : "free, no usable cache";
}

struct amount {
	uint64_t bytes;
	const char *word;
	bool always;
};

static void amount_words(const struct ui *ui, const struct amount *amounts, size_t n, char *out, size_t size)
{
	const char *comma = "";

	for (size_t i = 0, used = 0; i < n && used < size; i++) {
		char text[SIZE_SHORT];

		if (!amounts[i].bytes && !amounts[i].always)
			continue;
		used += (size_t)snprintf(out + used, size - used, "%s%s %s", comma,
			ui_size_long(ui, amounts[i].bytes, text), amounts[i].word);
		comma = ", ";
	}
}

static void cell_words(const struct map *map, const struct map_piece *piece, const struct map_cell *cell,
	enum map_mark mark, bool usable, char *out, size_t size)
{
	uint64_t taken = cell->used + cell->super;
	struct amount amounts[] = {
		{cell->excess, "excess", false},
		{cell->missing, "missing", false},
		{cell->used, "used", true},
		{piece->length > taken ? piece->length - taken : 0, "free", true},
		{cell->super, "super", false},
	};

	if (mark == MAP_PENDING)
		snprintf(out, size, "%s", map->store.pass ? "not read yet" : "not read");
	else if (map_at_sectors(map) || mark == MAP_UNKNOWN)
		snprintf(out, size, "%s", sector_words(mark, cell, usable));
	else
		amount_words(map->view.ui, amounts, sizeof amounts / sizeof *amounts, out, size);
}

void map_sentence(struct view *view, struct sentence *out)
{
	struct map *map = (struct map *)view;
	uint64_t number = map_cursor(map);
	struct map_piece piece;
	struct map_facts facts;
	struct map_cell cell;
	enum map_mark mark;
	char words[160];

	if (!map_shape_cells(&map->shape))
		return;
	piece = map_shape_piece(&map->shape, number);
	facts = map_store_facts(&map->store, number, piece.group);
	cell = map_store_cell(&map->store, number);
	mark = map_mark_of(&cell, piece.length, piece.is_first, &facts);
	cell_words(map, &piece, &cell, mark, facts.usable, words, sizeof words);
	sentence_set(out, STYLE_PLAIN, "%s %" PRIu64 "+%" PRIu64 ": %s",
		map_at_sectors(map) ? "sector" : "cell", piece.bytenr, piece.length, words);
}
