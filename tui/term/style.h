/* SPDX-License-Identifier: MIT */
/* What a piece of text means. How it looks is decided in one place, by what the terminal can show (look.c).
 */
#ifndef TUI_TERM_STYLE_H
#define TUI_TERM_STYLE_H

enum style {
	STYLE_PLAIN,
	STYLE_DANGER, /* danger, a cache that crashes a kernel, excess */
	STYLE_ERROR,
	STYLE_WARNING, /* warning, missing */
	STYLE_NOTE,
	STYLE_OK,      /* WRITTEN, accepted, free and cached */
	STYLE_UNKNOWN, /* can't be derived */
	STYLE_PENDING, /* not known yet */
	STYLE_USED,
	STYLE_FREE, /* free, without a usable cache that says so */
	STYLE_SUPER,
	STYLE_NEED_WRITE, /* the state words that have a colour of their own */
	STYLE_SETUP,      /* SETUP and CLEAR */
	STYLE_NONE,
	STYLE_CRC, /* kinds of fields, in Bytes and Tree */
	STYLE_GENERATION,
	STYLE_OFFSET,
	STYLE_LENGTH,
	STYLE_TYPE,
	STYLE_UNUSED,
	STYLE_HEAD, /* column heads and rules */
	STYLE_TITLE,
	STYLE_KEY, /* key names in the key bar */
	STYLE_DIM,
	STYLE_COUNT
};

/* Laid over a style, any of them together. */
enum {
	MARK_CURSOR = 1, /* the row, cell or field under the cursor */
	MARK_HIT = 2,    /* found by the search */
	MARK_BOLD = 4,
	MARK_UNDERLINE = 8, /* first cell of a block group; bytes in which copies differ */
	MARK_REVERSE = 16,  /* a single cell under the cursor: a background would not show behind a block */
};

#endif
