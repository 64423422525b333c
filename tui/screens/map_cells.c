/* SPDX-License-Identifier: MIT */
#include "map_cells.h"

#include "words.h"

static void add(struct map_cell *cell, enum fsr_span_kind kind, uint64_t bytes)
{
	switch (kind) {
	case FSR_SPAN_USED:
		cell->used += bytes;
		break;
	case FSR_SPAN_SUPER:
		cell->super += bytes;
		break;
	case FSR_SPAN_EXCESS:
		cell->excess += bytes;
		break;
	case FSR_SPAN_MISSING:
		cell->missing += bytes;
		break;
	case FSR_SPAN_UNKNOWN:
		break;
	}
}

void map_run_add(const struct map_run *run, const struct fsr_span *span)
{
	uint64_t before = span->bytenr < run->bytenr ? run->bytenr - span->bytenr : 0;
	uint64_t at = span->bytenr + before - run->bytenr;
	uint64_t left = span->length > before ? span->length - before : 0;

	for (uint64_t i = at >> run->shift; left && i < run->count; i++) {
		/* the end of cell i, less where we are in it: right for a shift of 63 as well */
		uint64_t room = (UINT64_C(1) << run->shift) - (at - (i << run->shift));
		uint64_t part = left < room ? left : room;

		add(&run->cells[i], span->kind, part);
		at += part;
		left -= part;
	}
}

struct map_facts map_facts_of(const struct fsr_group *group)
{
	const struct fsr_free_space_tree_facts *tree = &group->free_space_tree;
	bool by_tree = !group->has_cache && group->has_free_space_tree && tree->valid;

	return (struct map_facts){
		.done = true,
		.usable = group->verdict == FSR_VERDICT_ACCEPTED || by_tree,
		.state = group->state,
	};
}

/* By thirds; the products can't overflow when both are halved until they are small enough. */
static enum map_mark shade(uint64_t used, uint64_t length)
{
	if (!used)
		return MAP_NONE;
	if (used >= length)
		return MAP_ALL;
	while (length >> 61) {
		length >>= 1;
		used >>= 1;
	}
	if (used * 3 <= length)
		return MAP_THIRD;
	return used * 3 <= length * 2 ? MAP_TWO_THIRDS : MAP_MORE;
}

enum map_mark map_mark_of(
	const struct map_cell *cell, uint64_t length, bool is_first, const struct map_facts *facts)
{
	if (!facts->done)
		return MAP_PENDING;
	if (cell->excess)
		return MAP_EXCESS;
	if (facts->unknown)
		return MAP_UNKNOWN;
	if (cell->missing)
		return MAP_MISSING;
	if (is_first && facts->state != FSR_STATE_WRITTEN)
		return MAP_STATE;
	return cell->super ? MAP_SUPER : shade(cell->used, length);
}

bool map_mark_wrong(enum map_mark mark)
{
	return mark == MAP_EXCESS || mark == MAP_UNKNOWN || mark == MAP_MISSING;
}

const char *map_state_letter(enum fsr_state state)
{
	static const char *const letters[FSR_STATE_COUNT] = {
		[FSR_STATE_NONE] = "-",
		[FSR_STATE_CLEAR] = "c",
		[FSR_STATE_SETUP] = "s",
		[FSR_STATE_NEED_WRITE] = "n",
		[FSR_STATE_ERROR] = "e",
		[FSR_STATE_WRITTEN] = "w",
		[FSR_STATE_UNKNOWN] = "?",
	};

	return (unsigned)state < FSR_STATE_COUNT ? letters[state] : "?";
}

const char *map_mark_text(enum map_mark mark, enum fsr_state state)
{
	static const char *const texts[] = {
		[MAP_PENDING] = " ",
		[MAP_EXCESS] = "!",
		[MAP_UNKNOWN] = "?",
		[MAP_MISSING] = "m",
		[MAP_SUPER] = "+",
		[MAP_NONE] = "·",
		[MAP_THIRD] = "░",
		[MAP_TWO_THIRDS] = "▒",
		[MAP_MORE] = "▓",
		[MAP_ALL] = "█",
	};

	return mark == MAP_STATE ? map_state_letter(state) : texts[mark];
}

enum style map_mark_style(enum map_mark mark, const struct map_facts *facts)
{
	switch (mark) {
	case MAP_PENDING:
		return STYLE_PENDING;
	case MAP_EXCESS:
		return STYLE_DANGER;
	case MAP_UNKNOWN:
		return STYLE_UNKNOWN;
	case MAP_MISSING:
		return STYLE_WARNING;
	case MAP_STATE:
		return state_style(facts->state);
	case MAP_SUPER:
		return STYLE_SUPER;
	case MAP_ALL:
		return STYLE_USED;
	default:
		return facts->usable ? STYLE_OK : STYLE_FREE;
	}
}
