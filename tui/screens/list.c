/* SPDX-License-Identifier: MIT */
#include "list.h"

#include "../ui.h"

#include <ctype.h>
#include <string.h>

#define WHEEL_ROWS 3

void list_resize(struct list *list, size_t count)
{
	list->count = count;
	if (list->cursor >= count)
		list->cursor = count ? count - 1 : 0;
}

void list_to(struct list *list, size_t row)
{
	list->cursor = row < list->count ? row : list->count ? list->count - 1 : 0;
}

static void step(struct list *list, size_t rows, bool down)
{
	if (down)
		list_to(list, list->count - list->cursor > rows ? list->cursor + rows : list->count);
	else
		list->cursor -= list->cursor < rows ? list->cursor : rows;
}

bool list_act(struct list *list, enum action action)
{
	size_t page = list->rows > 1 ? (size_t)list->rows - 1 : 1;

	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
		step(list, 1, action == ACTION_DOWN);
		return true;
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		step(list, page, action == ACTION_PAGE_DOWN);
		return true;
	case ACTION_FIRST:
	case ACTION_LAST:
		list_to(list, action == ACTION_FIRST ? 0 : list->count);
		return true;
	default:
		return false;
	}
}

void list_wheel(struct list *list, int direction)
{
	step(list, WHEEL_ROWS, direction > 0);
}

/* The least scrolling that shows the cursor, and no blank rows where there are rows to show. */
static void scroll(struct list *list, int rows)
{
	size_t n = rows > 0 ? (size_t)rows : 1;

	list->rows = rows;
	if (list->cursor < list->top)
		list->top = list->cursor;
	if (list->cursor - list->top >= n)
		list->top = list->cursor - n + 1;
	if (list->top + n > list->count)
		list->top = list->count > n ? list->count - n : 0;
}

void list_draw(struct list *list, struct view *view, const struct area *area, list_row_fn row, bool active)
{
	scroll(list, area->rows);
	for (int i = 0; i < area->rows && list->top + (size_t)i < list->count; i++) {
		struct area line = area_part(area, i, 0, 1, area->cols);

		row(view, list->top + (size_t)i, &line);
		if (active && list->top + (size_t)i == list->cursor)
			put_marks(&line, 0, 0, line.cols, MARK_CURSOR);
	}
}

bool list_click(struct list *list, int row)
{
	size_t to = list->top + (size_t)(row > 0 ? row : 0);
	bool there = to == list->cursor;

	if (row < 0 || to >= list->count)
		return false;
	list->cursor = to;
	return there;
}

bool needle_in(const struct needle *needle, const char *text)
{
	return *needle->text && strcasestr(text, needle->text);
}

static bool matches(struct view *view, list_text_fn fn, size_t i, const struct needle *needle)
{
	uint64_t address = 0, length = 0;
	char text[512] = "";

	fn(view, i, text, sizeof text, &address, &length);
	if (needle->is_address && needle->address >= address && needle->address - address < length)
		return true;
	return needle_in(needle, text);
}

/* A matching row, and how many match up to it. */
struct hit {
	size_t row, number;
};

/* Every row is looked at, so that it can be said how many match; rows are texts in memory. */
bool list_find(struct list *list, struct view *view, list_text_fn text, const struct needle *needle,
	int direction, size_t *number, size_t *count)
{
	struct hit first = {0}, before = {0}, after = {0}, last = {0}, found;

	*count = *number = 0;
	for (size_t i = 0; i < list->count; i++) {
		if (!matches(view, text, i, needle))
			continue;
		last = (struct hit){i, ++*count};
		if (!first.number)
			first = last;
		if (i < list->cursor)
			before = last;
		if (!after.number && (direction ? i > list->cursor : i >= list->cursor))
			after = last;
	}
	if (!*count)
		return false;
	found = direction < 0 ? (before.number ? before : last) : after.number ? after : first;
	list->cursor = found.row;
	*number = found.number;
	return true;
}

void list_position(const struct list *list, char *out, size_t size)
{
	snprintf(out, size, "%zu/%zu", list->count ? list->cursor + 1 : 0, list->count);
}

int list_write(struct list *list, struct view *view, list_row_fn row,
	void (*head)(struct view *view, const struct area *row), FILE *out, int cols)
{
	struct canvas canvas = {.ascii = view->ui->canvas.ascii};
	struct area area;

	if (!canvas_resize(&canvas, 1, cols))
		return -1;
	area = canvas_area(&canvas);
	if (head) {
		head(view, &area);
		canvas_write(&canvas, out);
	}
	for (size_t i = 0; i < list->count && !ferror(out); i++) {
		canvas_clear(&canvas);
		row(view, i, &area);
		canvas_write(&canvas, out);
	}
	canvas_free(&canvas);
	return ferror(out) ? -1 : 0;
}
