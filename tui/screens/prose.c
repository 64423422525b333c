/* SPDX-License-Identifier: MIT */
#include "prose.h"

#include "../../inspect/report/escape.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static struct paragraph *grow(struct prose *prose)
{
	if (prose->count == prose->room) {
		size_t room = prose->room ? prose->room * 2 : 32;
		struct paragraph *list = realloc(prose->list, room * sizeof *list);

		if (!list)
			return NULL;
		prose->list = list;
		prose->room = room;
	}
	return &prose->list[prose->count];
}

void prose_add(struct prose *prose, enum style style, int indent, const char *format, ...)
{
	struct paragraph *paragraph = grow(prose);
	char *raw = NULL, *safe = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&raw, format, args) >= 0) {
		safe = escaped(raw, strlen(raw));
		free(raw);
	}
	va_end(args);
	if (paragraph && safe) {
		*paragraph = (struct paragraph){.style = style, .indent = indent, .text = safe};
		prose->count++;
		return;
	}
	free(safe);
	prose->failed = true;
}

void prose_mark(struct prose *prose, int col, enum style style, const char *text)
{
	struct prose_mark *marks = prose->count ? prose->list[prose->count - 1].marks : NULL;

	for (int i = 0; i < PROSE_MARKS && marks; i++)
		if (!*marks[i].text) {
			marks[i].col = col;
			marks[i].style = style;
			snprintf(marks[i].text, sizeof marks[i].text, "%s", text);
			return;
		}
}

void prose_place(struct prose *prose, const struct place *place)
{
	struct paragraph *last = prose->count ? &prose->list[prose->count - 1] : NULL;

	if (!last)
		return;
	last->has_place = true;
	last->place = *place;
}

void prose_tag(struct prose *prose, unsigned tag)
{
	if (!prose->count)
		return;
	prose->list[prose->count - 1].has_place = true;
	prose->list[prose->count - 1].tag = tag;
}

void prose_free(struct prose *prose)
{
	for (size_t i = 0; i < prose->count; i++)
		free(prose->list[i].text);
	free(prose->list);
	*prose = (struct prose){0};
}

/* ---- wrapping */

static bool add_line(struct prose_lines *lines, struct prose_line line)
{
	if (lines->count == lines->room) {
		size_t room = lines->room ? lines->room * 2 : 64;
		struct prose_line *list = realloc(lines->list, room * sizeof *list);

		if (!list)
			return false;
		lines->list = list;
		lines->room = room;
	}
	lines->list[lines->count++] = line;
	return true;
}

/* Bytes and columns of the character at text. */
static size_t character(const struct canvas *canvas, const char *text, int *columns)
{
	unsigned point;
	size_t length = utf8_length(text, strlen(text), &point);
	char one[8];

	length = length ? length : 1;
	snprintf(one, sizeof one, "%.*s", (int)length, text);
	*columns = text_width(canvas, one);
	return length;
}

/* How much of the text fits into `width` columns: whole words where there are any, one character at least. */
static size_t fitting(const struct canvas *canvas, const char *text, int width)
{
	size_t n = 0, word_end = 0;

	while (text[n]) {
		int columns;
		size_t length = character(canvas, text + n, &columns);

		if (columns > width)
			return text[n] == ' ' ? n : word_end ? word_end : n ? n : length;
		if (text[n] == ' ')
			word_end = n;
		width -= columns;
		n += length;
	}
	return n;
}

/* Of a text below its mark. */
#define BELOW 5

static bool wrap_paragraph(
	const struct paragraph *paragraph, const struct canvas *canvas, int width, struct prose_lines *lines)
{
	struct prose_line line = {
		.paragraph = paragraph, .text = paragraph->text, .indent = paragraph->indent, .first = true};

	if (*paragraph->marks[0].text && paragraph->indent > BELOW && 2 * paragraph->indent > width) {
		if (!add_line(lines, line)) /* of the mark alone */
			return false;
		line.indent = BELOW;
		line.first = false;
	}
	do {
		line.length = fitting(canvas, line.text, width > line.indent ? width - line.indent : 1);
		if (!add_line(lines, line))
			return false;
		line.first = false;
		line.text += line.length;
		line.text += strspn(line.text, " ");
	} while (*line.text);
	return true;
}

bool prose_wrap(const struct prose *prose, const struct canvas *canvas, int width, struct prose_lines *lines)
{
	*lines = (struct prose_lines){0};
	for (size_t i = 0; i < prose->count; i++)
		if (!wrap_paragraph(&prose->list[i], canvas, width, lines)) {
			prose_lines_free(lines);
			return false;
		}
	return true;
}

void prose_lines_free(struct prose_lines *lines)
{
	free(lines->list);
	*lines = (struct prose_lines){0};
}

/* ---- output */

void prose_draw_line(const struct prose_line *line, const struct area *area, int row)
{
	const struct paragraph *paragraph = line->paragraph;

	for (int i = 0; i < PROSE_MARKS && line->first; i++)
		put(area, row, paragraph->marks[i].col, paragraph->marks[i].style, paragraph->marks[i].text);
	putf(area, row, line->indent, paragraph->style, "%.*s", (int)line->length, line->text);
}

size_t prose_draw(const struct prose *prose, const struct area *area, size_t top)
{
	struct prose_lines lines;
	size_t count;

	if (!prose_wrap(prose, area->canvas, area->cols, &lines))
		return 0;
	for (int row = 0; row < area->rows && top + (size_t)row < lines.count; row++)
		prose_draw_line(&lines.list[top + (size_t)row], area, row);
	count = lines.count;
	prose_lines_free(&lines);
	return count;
}

int prose_write(const struct prose *prose, FILE *out, int cols, bool ascii)
{
	struct canvas canvas = {.ascii = ascii};
	struct prose_lines lines;
	struct area area;

	if (!canvas_resize(&canvas, 1, cols) || !prose_wrap(prose, &canvas, cols, &lines)) {
		canvas_free(&canvas);
		errno = ENOMEM;
		return -1;
	}
	area = canvas_area(&canvas);
	for (size_t i = 0; i < lines.count; i++) {
		canvas_clear(&canvas);
		prose_draw_line(&lines.list[i], &area, 0);
		canvas_write(&canvas, out);
	}
	prose_lines_free(&lines);
	canvas_free(&canvas);
	return ferror(out) ? -1 : 0;
}
