/* SPDX-License-Identifier: MIT */
/* From text to the characters that are shown: nothing that could move a cursor or is not seen gets through.
 */
#ifndef TUI_TERM_GLYPHS_H
#define TUI_TERM_GLYPHS_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

struct glyph {
	wchar_t ch;       /* printable */
	const char *text; /* what is to be shown instead, in ASCII; NULL: the character itself */
	int columns;      /* 1 or 2, of a replacement its length */
};

/*
 * Decodes the first character of the n bytes of UTF-8 at text, n > 0, and gives how many bytes it took.
 * Whatever is no UTF-8, is not printable or has no width of its own comes as "?", and so does, with ascii,
 * what is neither ASCII nor one of ours.
 */
size_t glyph_next(const char *text, size_t n, bool ascii, struct glyph *glyph);

#endif
