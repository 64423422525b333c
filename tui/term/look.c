/* SPDX-License-Identifier: MIT */
#include "look.h"

#include <stdlib.h>

#define NO_FG (-1)
#define NO_BG (-1)
#define CURSOR_BG 238

static enum { MONO, COLOURS_8, COLOURS_256 } depth;

/* Colours and attributes with 256 colours, with 8, and attributes with none. */
static const struct {
	struct {
		short fg, bg;
		attr_t attributes;
	} with_256, with_8;
	attr_t mono;
} looks[STYLE_COUNT] = {
	[STYLE_PLAIN] = {{NO_FG, NO_BG, 0}, {NO_FG, NO_BG, 0}, 0},
	[STYLE_DANGER] = {{231, 160, 0}, {COLOR_WHITE, COLOR_RED, A_BOLD}, A_REVERSE | A_BOLD},
	[STYLE_ERROR] = {{203, NO_BG, 0}, {COLOR_RED, NO_BG, A_BOLD}, A_BOLD},
	[STYLE_WARNING] = {{214, NO_BG, 0}, {COLOR_YELLOW, NO_BG, 0}, A_UNDERLINE},
	[STYLE_NOTE] = {{75, NO_BG, 0}, {COLOR_CYAN, NO_BG, 0}, 0},
	[STYLE_OK] = {{71, NO_BG, 0}, {COLOR_GREEN, NO_BG, 0}, 0},
	[STYLE_UNKNOWN] = {{177, NO_BG, 0}, {COLOR_MAGENTA, NO_BG, 0}, A_BOLD},
	[STYLE_PENDING] = {{244, NO_BG, 0}, {NO_FG, NO_BG, A_DIM}, 0},
	[STYLE_USED] = {{250, NO_BG, 0}, {COLOR_WHITE, NO_BG, 0}, 0},
	[STYLE_FREE] = {{240, NO_BG, 0}, {NO_FG, NO_BG, A_DIM}, 0},
	[STYLE_SUPER] = {{33, NO_BG, 0}, {COLOR_BLUE, NO_BG, 0}, 0},
	[STYLE_NEED_WRITE] = {{214, NO_BG, 0}, {COLOR_YELLOW, NO_BG, 0}, 0},
	[STYLE_SETUP] = {{75, NO_BG, 0}, {COLOR_CYAN, NO_BG, 0}, 0},
	[STYLE_NONE] = {{244, NO_BG, 0}, {NO_FG, NO_BG, A_DIM}, 0},
	[STYLE_CRC] = {{75, NO_BG, 0}, {COLOR_CYAN, NO_BG, 0}, 0},
	[STYLE_GENERATION] = {{177, NO_BG, 0}, {COLOR_MAGENTA, NO_BG, 0}, 0},
	[STYLE_OFFSET] = {{71, NO_BG, 0}, {COLOR_GREEN, NO_BG, 0}, 0},
	[STYLE_LENGTH] = {{214, NO_BG, 0}, {COLOR_YELLOW, NO_BG, 0}, 0},
	[STYLE_TYPE] = {{33, NO_BG, 0}, {COLOR_BLUE, NO_BG, 0}, 0},
	[STYLE_UNUSED] = {{240, NO_BG, 0}, {NO_FG, NO_BG, A_DIM}, 0},
	[STYLE_HEAD] = {{NO_FG, NO_BG, A_BOLD}, {NO_FG, NO_BG, A_BOLD}, A_UNDERLINE},
	[STYLE_TITLE] = {{255, 24, 0}, {NO_FG, NO_BG, A_REVERSE}, A_REVERSE},
	[STYLE_KEY] = {{255, 24, 0}, {NO_FG, NO_BG, A_REVERSE}, A_REVERSE},
	[STYLE_DIM] = {{244, NO_BG, 0}, {NO_FG, NO_BG, A_DIM}, 0},
};

/* The cursor's background is a dark grey: what would drown in it, the terminal's own black too, is lifted. */
static short cursor_fg(short fg)
{
	return fg == NO_FG ? 255 : fg == 240 || fg == 244 ? 250 : fg;
}

/* One pair for each style, and with 256 colours another for the style under the cursor. */
static short pair_of(unsigned style, bool cursor)
{
	return (short)(1 + style + (cursor ? STYLE_COUNT : 0));
}

/* A terminal that can't go back to colours of its own has white on black. */
static void make_pair(short pair, short fg, short bg, bool has_default)
{
	if (!has_default) {
		fg = fg == NO_FG ? COLOR_WHITE : fg;
		bg = bg == NO_BG ? COLOR_BLACK : bg;
	}
	init_pair(pair, fg, bg);
}

static void make_pairs(void)
{
	bool has_default = use_default_colors() == OK;

	for (unsigned i = 0; i < STYLE_COUNT; i++) {
		if (depth == COLOURS_8) {
			make_pair(pair_of(i, false), looks[i].with_8.fg, looks[i].with_8.bg, has_default);
			continue;
		}
		make_pair(pair_of(i, false), looks[i].with_256.fg, looks[i].with_256.bg, has_default);
		make_pair(pair_of(i, true), cursor_fg(looks[i].with_256.fg), CURSOR_BG, has_default);
	}
}

void look_open(enum term_colour colour)
{
	const char *no_color = getenv("NO_COLOR");

	depth = MONO;
	if (colour == TERM_COLOUR_NEVER || (colour == TERM_COLOUR_AUTO && no_color && *no_color))
		return;
	if (!has_colors() || start_color() != OK || COLORS < 8 || COLOR_PAIRS <= STYLE_COUNT)
		return;
	depth = COLORS >= 256 && COLOR_PAIRS > 2 * STYLE_COUNT ? COLOURS_256 : COLOURS_8;
	make_pairs();
}

/* A style that is reversed anyway is turned back under the cursor: it has to differ from its neighbours. */
static attr_t reversed(attr_t attributes, bool cursor)
{
	return cursor ? attributes ^ A_REVERSE : attributes;
}

/* Where both colours are the terminal's own there is no pair: some terminals can't dim what has colours. */
static attr_t with_256(unsigned style, bool cursor, short *pair)
{
	if (cursor || looks[style].with_256.fg != NO_FG || looks[style].with_256.bg != NO_BG)
		*pair = pair_of(style, cursor);
	return looks[style].with_256.attributes;
}

static attr_t with_8(unsigned style, bool cursor, short *pair)
{
	if (looks[style].with_8.fg != NO_FG || looks[style].with_8.bg != NO_BG)
		*pair = pair_of(style, false);
	return reversed(looks[style].with_8.attributes, cursor);
}

attr_t look_of(unsigned style, unsigned marks, short *pair)
{
	bool reverse = marks & MARK_REVERSE, cursor = (marks & MARK_CURSOR) && !reverse;
	attr_t laid_over =
		(marks & (MARK_HIT | MARK_UNDERLINE) ? A_UNDERLINE : 0) | (marks & MARK_BOLD ? A_BOLD : 0);

	if (style >= STYLE_COUNT)
		style = STYLE_PLAIN;
	*pair = 0;
	if (depth == COLOURS_256)
		return reversed(with_256(style, cursor, pair), reverse) | laid_over;
	if (depth == COLOURS_8)
		return with_8(style, cursor || reverse, pair) | laid_over;
	return reversed(looks[style].mono, cursor || reverse) | laid_over;
}
