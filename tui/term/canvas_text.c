/* SPDX-License-Identifier: MIT */
#include "../../inspect/report/escape.h"
#include "cells.h"
#include "glyphs.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Puts n bytes of text. */
static int put_bytes(const struct area *area, int row, int col, enum style style, const char *text, size_t n)
{
	struct glyph glyph;

	for (size_t length; n > 0; text += length, n -= length) {
		length = glyph_next(text, n, area->canvas->ascii, &glyph);
		if (glyph.text)
			for (const char *p = glyph.text; *p; p++)
				area_put(area, row, col++, style, (wchar_t)*p, 1);
		else {
			area_put(area, row, col, style, glyph.ch, glyph.columns);
			col += glyph.columns;
		}
	}
	return col;
}

/* The sign that something is cut off. */
static void put_cut(const struct area *area, int row, int col, enum style style)
{
	area_put(area, row, col, style, area->canvas->ascii ? L'~' : L'…', 1);
}

/* Blanks at the end do not count: nothing is lost with them. */
static int visible_end(const char *text, int end)
{
	for (size_t n = strlen(text); n > 0 && text[n - 1] == ' '; n--)
		end--;
	return end;
}

/* A word or number that the area's end cuts off must not pass for a whole one. */
int put(const struct area *area, int row, int col, enum style style, const char *text)
{
	int end = put_bytes(area, row, col, style, text, strlen(text));

	if (col < area->cols - 1 && visible_end(text, end) > area->cols)
		put_cut(area, row, area->cols - 1, style);
	return end;
}

int putf(const struct area *area, int row, int col, enum style style, const char *format, ...)
{
	char *text = NULL;
	va_list values;

	va_start(values, format);
	int length = vasprintf(&text, format, values);
	va_end(values);
	if (length < 0)
		return col;
	col = put(area, row, col, style, text);
	free(text);
	return col;
}

void put_right(const struct area *area, int row, int end, enum style style, const char *text)
{
	int start = end - text_width(area->canvas, text);

	put(area, row, start, style, text);
	if (start < 0 && end > 1)
		put_cut(area, row, 0, style);
}

void put_repeated(const struct area *area, int row, int col, int n, enum style style, const char *character)
{
	while (n-- > 0 && col < area->cols)
		col = put(area, row, col, style, character);
}

void put_rule(const struct area *area, int row, const char *title, bool active)
{
	enum style style = active ? STYLE_HEAD : STYLE_PLAIN;
	int col = 0;

	if (title && *title) {
		col = put(area, row, 0, style, "─ ");
		col = put(area, row, col, style, title);
		col = put(area, row, col, style, " ");
	}
	put_repeated(area, row, col, area->cols - col, style, "─");
	if (active)
		put_marks(area, row, 0, area->cols, MARK_BOLD);
}

int text_width(const struct canvas *canvas, const char *text)
{
	size_t n = strlen(text);
	struct glyph glyph;
	int width = 0;

	for (size_t length; n > 0; text += length, n -= length) {
		length = glyph_next(text, n, canvas->ascii, &glyph);
		width += glyph.columns;
	}
	return width;
}

/* What is kept of a text that is too long: its first `head` bytes, and those from `tail` on. */
struct cut {
	size_t head, tail;
	const char *mark; /* between them */
};

/* Skips glyphs as long as `columns` can take them; gives the bytes skipped, and takes off the columns. */
static size_t skip(const struct canvas *canvas, const char *text, size_t n, int *columns)
{
	size_t done = 0;
	struct glyph glyph;

	while (done < n) {
		size_t length = glyph_next(text + done, n - done, canvas->ascii, &glyph);

		if (glyph.columns > *columns)
			break;
		*columns -= glyph.columns;
		done += length;
	}
	return done;
}

/* How to make the text fit into width columns, width > 0. */
static struct cut cut(const struct canvas *canvas, const char *text, int width, bool middle)
{
	size_t n = strlen(text);
	int excess = text_width(canvas, text) - width;

	if (excess <= 0)
		return (struct cut){.head = n, .tail = n, .mark = ""};
	struct cut cut = {.tail = n, .mark = canvas->ascii ? "~" : "…"};
	int tail_width = middle ? (width - 1) / 2 : 0, head_width = width - 1 - tail_width;
	int before_tail = width + excess - tail_width;

	cut.head = skip(canvas, text, n, &head_width);
	if (tail_width == 0)
		return cut;
	cut.tail = skip(canvas, text, n, &before_tail);
	if (before_tail > 0 && cut.tail < n) { /* a wide character stands across the cut */
		struct glyph glyph;

		cut.tail += glyph_next(text + cut.tail, n - cut.tail, canvas->ascii, &glyph);
	}
	return cut;
}

int put_clipped(const struct area *area, int row, int col, int width, enum style style, const char *text)
{
	if (width <= 0)
		return col;
	struct cut kept = cut(area->canvas, text, width, false);

	col = put_bytes(area, row, col, style, text, kept.head);
	return put(area, row, col, style, kept.mark);
}

int put_untrusted(const struct area *area, int row, int col, int width, enum style style, const char *text)
{
	char *safe = width > 0 ? escaped(text, strlen(text)) : NULL;

	if (!safe)
		return col;
	col = put_clipped(area, row, col, width, style, safe);
	free(safe);
	return col;
}

/* Takes back what a buffer that was too small has left of the last character. */
static void drop_partial_character(char *text)
{
	size_t n = strlen(text), start = n;
	unsigned point;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start > 0)
		start--;
	if (start < n && utf8_length(text + start, n - start, &point) != n - start)
		text[start] = '\0';
}

void clip_untrusted(
	const struct canvas *canvas, const char *text, int width, bool middle, char *out, size_t size)
{
	char *safe = width > 0 && size > 0 ? escaped(text, strlen(text)) : NULL;

	if (size > 0)
		out[0] = '\0';
	if (!safe)
		return;
	struct cut kept = cut(canvas, safe, width, middle);

	snprintf(out, size, "%.*s%s%s", (int)kept.head, safe, kept.mark, safe + kept.tail);
	drop_partial_character(out);
	free(safe);
}
