/* SPDX-License-Identifier: MIT */
#include "cells.h"

#include <stdlib.h>

/* More is no screen. */
#define CELLS_MOST (1 << 24)

bool canvas_resize(struct canvas *canvas, int rows, int cols)
{
	rows = rows < 1 ? 1 : rows;
	cols = cols < 1 ? 1 : cols;
	struct cell *cells =
		rows <= CELLS_MOST / cols ? calloc((size_t)rows * (size_t)cols, sizeof *cells) : NULL;

	free(canvas->cells);
	canvas->cells = cells;
	canvas->rows = cells ? rows : 0;
	canvas->cols = cells ? cols : 0;
	canvas_clear(canvas);
	return cells != NULL;
}

void canvas_free(struct canvas *canvas)
{
	free(canvas->cells);
	canvas->cells = NULL;
	canvas->rows = canvas->cols = 0;
}

void canvas_clear(struct canvas *canvas)
{
	size_t n = (size_t)canvas->rows * (size_t)canvas->cols;

	for (size_t i = 0; i < n; i++)
		canvas->cells[i] = (struct cell){.ch = L' ', .style = STYLE_PLAIN};
}

struct area canvas_area(struct canvas *canvas)
{
	return (struct area){.canvas = canvas, .rows = canvas->rows, .cols = canvas->cols};
}

/* Clips what begins at *start and is *length long to 0 and `most`. */
static void clip(int *start, int *length, int most)
{
	if (*start < 0) {
		*length = *length > -*start ? *length + *start : 0;
		*start = 0;
	}
	if (*start > most)
		*start = most;
	if (*length > most - *start)
		*length = most - *start;
	if (*length < 0)
		*length = 0;
}

struct area area_part(const struct area *area, int row, int col, int rows, int cols)
{
	clip(&row, &rows, area->rows);
	clip(&col, &cols, area->cols);
	return (struct area){area->canvas, area->row + row, area->col + col, rows, cols};
}

struct cell *area_cell(const struct area *area, int row, int col)
{
	const struct canvas *canvas = area->canvas;

	if (row < 0 || row >= area->rows || col < 0 || col >= area->cols)
		return NULL;
	row += area->row;
	col += area->col;
	if (row >= canvas->rows || col >= canvas->cols)
		return NULL;
	return canvas->cells + (size_t)row * (size_t)canvas->cols + (size_t)col;
}

/* Fills one cell; a wide character that loses a half to it becomes a blank, whichever area it is in. */
static void fill(const struct area *area, int row, int col, enum style style, wchar_t ch)
{
	struct cell *cell = area_cell(area, row, col);

	if (!cell)
		return;
	if (cell->ch == 0)
		cell[-1].ch = L' ';
	if (area->col + col + 1 < area->canvas->cols && cell[1].ch == 0)
		cell[1].ch = L' ';
	*cell = (struct cell){.ch = ch, .style = (uint8_t)style};
}

void area_put(const struct area *area, int row, int col, enum style style, wchar_t ch, int columns)
{
	if (columns < 2) {
		fill(area, row, col, style, ch);
		return;
	}
	bool fits = area_cell(area, row, col) && area_cell(area, row, col + 1);

	fill(area, row, col, style, fits ? ch : L' ');
	fill(area, row, col + 1, style, L' ');
	if (fits)
		area_cell(area, row, col + 1)->ch = 0;
}

void put_marks(const struct area *area, int row, int col, int n, unsigned marks)
{
	int end = col > 0 && n > area->cols - col ? area->cols : col + n;

	for (int i = col < 0 ? 0 : col; i < end; i++) {
		struct cell *cell = area_cell(area, row, i);

		if (cell)
			cell->marks |= (uint8_t)marks;
	}
}

/* In UTF-8 whatever the locale is; gives the number of bytes. A cell holds nothing that is not a character.
 */
static size_t encode(wchar_t ch, char out[4])
{
	unsigned c = (unsigned)ch;
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(lead[n] | c);
	return n;
}

void canvas_write(const struct canvas *canvas, FILE *out)
{
	for (int row = 0; row < canvas->rows; row++) {
		const struct cell *cells = canvas->cells + (size_t)row * (size_t)canvas->cols;
		int end = canvas->cols;
		char bytes[4] = "";

		while (end > 0 && cells[end - 1].ch == L' ')
			end--;
		for (int col = 0; col < end; col++) {
			size_t n = cells[col].ch ? encode(cells[col].ch, bytes) : 0;

			fwrite(bytes, 1, n, out);
		}
		putc('\n', out);
	}
}
