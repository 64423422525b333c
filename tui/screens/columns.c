/* SPDX-License-Identifier: MIT */
#include "columns.h"

#include <stdlib.h>

static size_t count_columns(const struct column *columns)
{
	size_t n = 0;

	while (n < COLUMNS_MAX && columns[n].title)
		n++;
	return n;
}

static int natural_width(const struct column *column, const struct layout *layout, size_t i)
{
	return column->width ? column->width : layout->width[i];
}

/* Of the columns that are not always there, the scrolled-out ones to the left are passed over. */
static bool scrolled_out(const struct column *columns, const struct layout *layout, size_t i)
{
	size_t before = 0;

	for (size_t k = 0; k < i; k++)
		before += columns[k].rank > 0;
	return columns[i].rank && before < layout->first_hidden;
}

static int width_up_to(const struct column *columns, const struct layout *layout, size_t n, unsigned rank)
{
	int width = 0;

	for (size_t i = 0; i < n; i++)
		if (columns[i].rank <= rank && !scrolled_out(columns, layout, i))
			width += layout->width[i] + 1;
	return width ? width - 1 : 0;
}

/* Shares what is left among the columns that can take more, from the left. */
static void widen(const struct column *columns, struct layout *layout, size_t n, int left)
{
	for (size_t i = 0; i < n && left > 0; i++) {
		int more = layout->at[i] < 0 ? 0 : columns[i].room < left ? columns[i].room : left;

		layout->width[i] += more;
		left -= more;
	}
}

void columns_fit(const struct column *columns, struct layout *layout, int from, int cols)
{
	size_t n = count_columns(columns);
	unsigned rank = 0, most = 0;
	int at = from;

	for (size_t i = 0; i < n; i++) {
		layout->width[i] = natural_width(&columns[i], layout, i);
		layout->left[i] = layout->width[i] < 0;
		layout->width[i] = abs(layout->width[i]);
		most = columns[i].rank > most ? columns[i].rank : most;
	}
	while (rank < most && width_up_to(columns, layout, n, rank + 1) <= cols)
		rank++;
	for (size_t i = 0; i < n; i++)
		layout->at[i] = columns[i].rank <= rank && !scrolled_out(columns, layout, i) ? 0 : -1;
	widen(columns, layout, n, cols - width_up_to(columns, layout, n, rank));
	for (size_t i = 0; i < n; i++) {
		if (layout->at[i] < 0)
			continue;
		layout->at[i] = at;
		at += layout->width[i] + 1;
	}
}

static void put_cell(
	const struct layout *layout, size_t i, const struct area *row, enum style style, const char *text)
{
	struct area cell = area_part(row, 0, layout->at[i], 1, layout->width[i]);

	if (layout->left[i])
		put_clipped(&cell, 0, 0, cell.cols, style, text);
	else
		put_right(&cell, 0, cell.cols, style, text);
}

/* The arrow may take the blank beside the column: a head can be as wide as its column. */
static void put_sorted(
	const struct layout *layout, size_t i, const struct area *row, const char *title, bool descending)
{
	char text[64];
	int at = layout->at[i] - !layout->left[i];
	struct area cell = area_part(row, 0, at > 0 ? at : 0, 1, layout->width[i] + 1);

	snprintf(text, sizeof text, "%s%s", title, descending ? "▼" : "▲");
	if (layout->left[i])
		put(&cell, 0, 0, STYLE_HEAD, text);
	else
		put_right(&cell, 0, cell.cols, STYLE_HEAD, text);
}

void columns_head(const struct column *columns, const struct layout *layout, const struct area *row,
	int sorted, bool descending)
{
	for (size_t i = 0; i < count_columns(columns); i++) {
		if (layout->at[i] < 0)
			continue;
		if ((int)i == sorted)
			put_sorted(layout, i, row, columns[i].title, descending);
		else
			put_cell(layout, i, row, STYLE_HEAD, columns[i].title);
	}
}

void columns_row(const struct column *columns, const struct layout *layout, struct view *view, size_t i,
	const struct area *row)
{
	for (size_t k = 0; k < count_columns(columns); k++) {
		enum style style = STYLE_PLAIN;
		char text[160] = "";

		if (layout->at[k] < 0)
			continue;
		columns[k].cell(view, i, text, &style);
		put_cell(layout, k, row, style, text);
	}
}

bool columns_scroll(const struct column *columns, struct layout *layout, enum action action)
{
	size_t n = count_columns(columns), optional = 0;
	bool hidden = false;

	for (size_t i = 0; i < n; i++) {
		optional += columns[i].rank > 0;
		hidden |= layout->at[i] < 0 && !scrolled_out(columns, layout, i);
	}
	if (action == ACTION_LEFT && layout->first_hidden)
		layout->first_hidden--;
	else if (action == ACTION_RIGHT && hidden && layout->first_hidden + 1 < optional)
		layout->first_hidden++;
	else
		return false;
	return true;
}

int columns_at(const struct column *columns, const struct layout *layout, int col)
{
	for (size_t i = 0; i < count_columns(columns); i++)
		if (layout->at[i] >= 0 && col >= layout->at[i] && col < layout->at[i] + layout->width[i])
			return (int)i;
	return -1;
}
