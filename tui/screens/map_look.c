/* SPDX-License-Identifier: MIT */
/* How cells look, and what that means. */
#include "map.h"
#include "words.h"

static const char *type_letter(uint64_t flags)
{
	static const char *const letters[] = {"?", "D", "S", "?", "M", "B", "?", "?"};

	return letters[flags & 7];
}

static enum style type_style(uint64_t flags)
{
	static const enum style styles[] = {STYLE_UNKNOWN, STYLE_USED, STYLE_SUPER, STYLE_UNKNOWN,
		STYLE_SETUP, STYLE_NEED_WRITE, STYLE_UNKNOWN, STYLE_UNKNOWN};

	return styles[flags & 7];
}

/* The other two colourings put a letter into every cell, from the record alone. */
static void letter_look(const struct map *map, const struct record *record, struct map_look *look)
{
	if (map->colouring == MAP_TYPES) {
		look->text = type_letter(record->group.flags);
		look->style = type_style(record->group.flags);
	} else {
		look->text = record->group.pending ? " " : map_state_letter(record->group.state);
		look->style = state_style(record->group.state);
	}
}

struct map_look map_look_at(const struct map *map, uint64_t cell, const struct map_piece *piece)
{
	const struct record *record = &map->shape.groups[piece->group];
	struct map_cell sums = map_store_cell(&map->store, cell);
	struct map_facts facts = map_store_facts(&map->store, cell, piece->group);
	enum map_mark mark = map_mark_of(&sums, piece->length, piece->is_first, &facts);
	struct map_look look = {map_mark_text(mark, facts.state), map_mark_style(mark, &facts), mark, -1};

	if (map->colouring != MAP_AGREEMENT)
		letter_look(map, record, &look);
	if (map_mark_wrong(mark) || piece->is_first)
		look.severity = record_severity(record);
	return look;
}

/* ---- legend */

struct legend {
	const char *sign;
	enum style style;
	const char *word;
};

static const struct legend agreement_legend[] = {
	{"", STYLE_PLAIN, "used"},
	{"·", STYLE_OK, "none"},
	{"░", STYLE_OK, "≤⅓"},
	{"▒", STYLE_OK, "≤⅔"},
	{"▓", STYLE_OK, "more"},
	{"█", STYLE_USED, "all"},
	{"", STYLE_PLAIN, " "},
	{"!", STYLE_DANGER, "excess"},
	{"", STYLE_PLAIN, ""},
	{"m", STYLE_WARNING, "missing"},
	{"", STYLE_PLAIN, ""},
	{"+", STYLE_SUPER, "super"},
	{"", STYLE_PLAIN, ""},
	{"?", STYLE_UNKNOWN, "unknown"},
	{"", STYLE_PLAIN, "  first cell:"},
	{"-", STYLE_NONE, "NONE"},
	{"c", STYLE_SETUP, "CLEAR"},
	{"s", STYLE_SETUP, "SETUP"},
	{"n", STYLE_NEED_WRITE, "NEED_WRITE"},
	{"e", STYLE_ERROR, "ERROR"},
	{NULL, STYLE_PLAIN, NULL},
};

static const struct legend state_legend[] = {
	{"", STYLE_PLAIN, "state "},
	{"w", STYLE_OK, "WRITTEN"},
	{"n", STYLE_NEED_WRITE, "NEED_WRITE"},
	{"s", STYLE_SETUP, "SETUP"},
	{"c", STYLE_SETUP, "CLEAR"},
	{"e", STYLE_ERROR, "ERROR"},
	{"-", STYLE_NONE, "NONE"},
	{"?", STYLE_UNKNOWN, "UNKNOWN"},
	{NULL, STYLE_PLAIN, NULL},
};

static const struct legend type_legend[] = {
	{"", STYLE_PLAIN, "type "},
	{"D", STYLE_USED, "DATA"},
	{"M", STYLE_SETUP, "METADATA"},
	{"S", STYLE_SUPER, "SYSTEM"},
	{"B", STYLE_NEED_WRITE, "both DATA and METADATA"},
	{NULL, STYLE_PLAIN, NULL},
};

void map_legend(const struct map *map, const struct area *row)
{
	static const struct legend *const legends[MAP_COLOURINGS] = {
		[MAP_AGREEMENT] = agreement_legend,
		[MAP_STATES] = state_legend,
		[MAP_TYPES] = type_legend,
	};
	int col = 1;

	for (const struct legend *l = legends[map->colouring]; l->sign; l++) {
		int sign = text_width(row->canvas, l->sign);
		int width = sign + (sign && *l->word) + text_width(row->canvas, l->word);

		if (col + width > row->cols)
			return;
		put(row, 0, col, l->style, l->sign);
		put(row, 0, col + width - text_width(row->canvas, l->word), STYLE_PLAIN, l->word);
		col += width + 1;
	}
}
