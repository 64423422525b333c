/* SPDX-License-Identifier: MIT */
/*
 * A picture of the screen in memory. Everything is drawn here first; the terminal gets it from term_show(), a
 * text export from canvas_write(). Rows and columns count from 0; what lies outside is clipped, never an
 * error.
 */
#ifndef TUI_TERM_CANVAS_H
#define TUI_TERM_CANVAS_H

#include "style.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>

struct cell {
	wchar_t ch; /* 0: the right half of a wide character */
	uint8_t style, marks;
};

struct canvas {
	int rows, cols;
	bool ascii; /* no character outside ASCII comes out */
	struct cell *cells;
};

/* A rectangle of a canvas: what a screen is given to draw in. */
struct area {
	struct canvas *canvas;
	int row, col, rows, cols;
};

/* Gives the canvas this size and fills it with blanks. false: memory ran out, it has no size then. */
bool canvas_resize(struct canvas *canvas, int rows, int cols);
void canvas_free(struct canvas *canvas);
/* All cells blank and plain. */
void canvas_clear(struct canvas *canvas);
struct area canvas_area(struct canvas *canvas);
/* A part of an area, clipped to it. */
struct area area_part(const struct area *area, int row, int col, int rows, int cols);

/*
 * Puts UTF-8 text and returns the column behind it; where the area cuts it off it ends with "…". On an ascii
 * canvas the characters of ours come as their replacements ("│" as "|", "…" as "...", "≤" as "to "). The text
 * must be harmless already: use put_untrusted() for what comes from an image, a path or the system.
 */
int put(const struct area *area, int row, int col, enum style style, const char *text);
int putf(const struct area *area, int row, int col, enum style style, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* Right-aligned: the text ends before column `end`; cut off at its beginning, with "…" there. */
void put_right(const struct area *area, int row, int end, enum style style, const char *text);
/* As put(), but clipped to `width` columns with "…" where the text is longer. */
int put_clipped(const struct area *area, int row, int col, int width, enum style style, const char *text);
/* Text from outside, escaped (inspect/report/escape.h), and clipped to `width` columns with "…" where it is
 * longer. */
int put_untrusted(const struct area *area, int row, int col, int width, enum style style, const char *text);
/* n times one character. */
void put_repeated(const struct area *area, int row, int col, int n, enum style style, const char *character);
/* Lays marks over n cells that are there. */
void put_marks(const struct area *area, int row, int col, int n, unsigned marks);
/* A rule over the whole width, with a title in it if there is one: "─ title ────". bold: the pane is active.
 */
void put_rule(const struct area *area, int row, const char *title, bool active);

/* How many columns put() takes for it on this canvas. */
int text_width(const struct canvas *canvas, const char *text);
/* Text from outside made harmless and cut to width columns, in the middle if `middle`; out has `size` bytes.
 */
void clip_untrusted(
	const struct canvas *canvas, const char *text, int width, bool middle, char *out, size_t size);
/* Writes the rows as lines of UTF-8 without trailing blanks, without styles. */
void canvas_write(const struct canvas *canvas, FILE *out);

#endif
