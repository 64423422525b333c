/* SPDX-License-Identifier: MIT */
#include "pager.h"

#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 1024
#define WHEEL_LINES 3

static size_t page(const struct pager *pager)
{
	return pager->rows > 0 ? (size_t)pager->rows : 1;
}

static size_t last_top(const struct pager *pager)
{
	return pager->lines.count > page(pager) ? pager->lines.count - page(pager) : 0;
}

/* The paragraph that begins in a line and is a place, 1 + index; 0: none does. */
static size_t place_in(const struct pager *pager, size_t line)
{
	const struct prose_line *l = &pager->lines.list[line];

	return l->first && l->paragraph->has_place ? (size_t)(l->paragraph - pager->prose.list) + 1 : 0;
}

/* The first place of the seen lines, from that line on in a direction; 0: none. */
static size_t seen_place(const struct pager *pager, size_t line, int step)
{
	while (line >= pager->top && line < pager->top + page(pager) && line < pager->lines.count) {
		if (place_in(pager, line))
			return place_in(pager, line);
		line += (size_t)step;
	}
	return 0;
}

static size_t line_of(const struct pager *pager, size_t chosen)
{
	for (size_t i = 0; chosen && i < pager->lines.count; i++)
		if (place_in(pager, i) == chosen)
			return i;
	return SIZE_MAX;
}

/* The cursor stays on what is seen. */
static void settle(struct pager *pager)
{
	size_t line = line_of(pager, pager->chosen), end;

	if (pager->top > last_top(pager))
		pager->top = last_top(pager);
	end = pager->top + page(pager);
	if (line == SIZE_MAX || line < pager->top)
		pager->chosen = seen_place(pager, pager->top, 1);
	else if (line >= end)
		pager->chosen = seen_place(pager, end - 1, -1);
}

void pager_set(struct pager *pager, struct prose *prose)
{
	prose_lines_free(&pager->lines);
	prose_free(&pager->prose);
	pager->prose = *prose;
	*prose = (struct prose){0};
	if (pager->chosen > pager->prose.count)
		pager->chosen = 0;
}

size_t pager_wrap(struct pager *pager, const struct canvas *canvas, int cols)
{
	prose_lines_free(&pager->lines);
	prose_wrap(&pager->prose, canvas, cols, &pager->lines);
	return pager->lines.count;
}

/* Where the needle is in a line; NULL: nowhere. */
static const char *needle_in_line(const struct pager *pager, size_t line, char text[LINE_MAX_BYTES])
{
	const struct prose_line *l = &pager->lines.list[line];

	snprintf(text, LINE_MAX_BYTES, "%.*s", (int)l->length, l->text);
	return *pager->needle ? strcasestr(text, pager->needle) : NULL;
}

static bool matches(const struct pager *pager, size_t line)
{
	const struct prose_line *l = &pager->lines.list[line];
	char text[LINE_MAX_BYTES];

	if (needle_in_line(pager, line, text))
		return true;
	for (int i = 0; i < PROSE_MARKS && l->first && *pager->needle; i++)
		if (strcasestr(l->paragraph->marks[i].text, pager->needle))
			return true;
	return false;
}

static void mark_hit(const struct pager *pager, const struct area *area, int row, size_t line)
{
	const struct paragraph *paragraph = pager->lines.list[line].paragraph;
	char text[LINE_MAX_BYTES], *at = (char *)needle_in_line(pager, line, text);
	int width = (int)strlen(pager->needle);

	for (int i = 0; i < PROSE_MARKS && pager->lines.list[line].first && width; i++)
		if (strcasestr(paragraph->marks[i].text, pager->needle))
			put_marks(area, row, paragraph->marks[i].col,
				text_width(area->canvas, paragraph->marks[i].text), MARK_HIT);
	if (!at)
		return;
	*at = 0;
	put_marks(
		area, row, pager->lines.list[line].indent + text_width(area->canvas, text), width, MARK_HIT);
}

void pager_draw(struct pager *pager, const struct area *area)
{
	pager_wrap(pager, area->canvas, area->cols);
	pager->rows = area->rows;
	settle(pager);
	for (int row = 0; row < area->rows && pager->top + (size_t)row < pager->lines.count; row++) {
		size_t line = pager->top + (size_t)row;
		const struct prose_line *l = &pager->lines.list[line];

		prose_draw_line(l, area, row);
		mark_hit(pager, area, row, line);
		if (pager->chosen && l->paragraph == &pager->prose.list[pager->chosen - 1])
			put_marks(area, row, 0, area->cols, MARK_CURSOR);
	}
}

static void scroll(struct pager *pager, size_t lines, bool down)
{
	if (down)
		pager->top = last_top(pager) - pager->top > lines ? pager->top + lines : last_top(pager);
	else
		pager->top -= pager->top < lines ? pager->top : lines;
	settle(pager);
}

static void step(struct pager *pager, bool down)
{
	size_t line = line_of(pager, pager->chosen), next = 0;

	if (line != SIZE_MAX && (down || line))
		next = seen_place(pager, down ? line + 1 : line - 1, down ? 1 : -1);
	if (next)
		pager->chosen = next;
	else
		scroll(pager, 1, down);
}

bool pager_act(struct pager *pager, enum action action)
{
	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
		step(pager, action == ACTION_DOWN);
		return true;
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		scroll(pager, page(pager), action == ACTION_PAGE_DOWN);
		return true;
	case ACTION_FIRST:
	case ACTION_LAST:
		scroll(pager, pager->lines.count, action == ACTION_LAST);
		return true;
	default:
		return false;
	}
}

void pager_wheel(struct pager *pager, int direction)
{
	scroll(pager, WHEEL_LINES, direction > 0);
}

const struct paragraph *pager_chosen(const struct pager *pager)
{
	return pager->chosen ? &pager->prose.list[pager->chosen - 1] : NULL;
}

bool pager_find(struct pager *pager, int direction)
{
	size_t n = pager->lines.count, from = direction ? pager->hit : pager->top;

	for (size_t i = direction ? 1 : 0; i <= n && n; i++) {
		size_t line = (from % n + (direction < 0 ? n - i : i)) % n;

		if (!matches(pager, line))
			continue;
		pager->hit = line;
		if (line < pager->top || line >= pager->top + page(pager))
			pager->top = line;
		settle(pager);
		return true;
	}
	return false;
}

void pager_free(struct pager *pager)
{
	prose_lines_free(&pager->lines);
	prose_free(&pager->prose);
}
