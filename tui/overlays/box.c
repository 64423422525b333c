/* SPDX-License-Identifier: MIT */
#include "box.h"

/* Left and right of the text: frame and a blank. */
#define SIDE 2
/* A frame needs at least so many rows and columns. */
#define ROWS_MIN 5
#define COLS_MIN 20

/* From so many rows on title, message line and key bar stay in sight. */
#define BODY_FROM 14
#define NARROW 50

static bool framed(const struct area *whole)
{
	return whole->rows >= ROWS_MIN && whole->cols >= COLS_MIN;
}

int box_cols(const struct area *whole, int cols)
{
	int most = whole->cols - (framed(whole) ? 2 * SIDE : 0);

	return cols < most ? cols : most;
}

static void clear(const struct area *area)
{
	for (int row = 0; row < area->rows; row++)
		put_repeated(area, row, 0, area->cols, STYLE_PLAIN, " ");
}

static void draw_frame(const struct area *box, const char *title)
{
	struct area top = area_part(box, 0, 0, 1, box->cols - 1);
	int last = box->rows - 1, col = put(&top, 0, 0, STYLE_HEAD, "┌ "), title_cols = box->cols - col - 2;

	col = put_untrusted(&top, 0, col, title_cols, STYLE_TITLE, title);
	col = put(&top, 0, col, STYLE_HEAD, " ");
	put_repeated(&top, 0, col, top.cols - col, STYLE_HEAD, "─");
	put(box, 0, box->cols - 1, STYLE_HEAD, "┐");
	for (int row = 1; row < last; row++) {
		put(box, row, 0, STYLE_HEAD, "│");
		put(box, row, box->cols - 1, STYLE_HEAD, "│");
	}
	put(box, last, 0, STYLE_HEAD, "└");
	put_repeated(box, last, 1, box->cols - 2, STYLE_HEAD, "─");
	put(box, last, box->cols - 1, STYLE_HEAD, "┘");
}

/* What the box may cover. The key bar is not the box's: it is cleared. */
static struct area room(const struct area *whole)
{
	struct area keys = area_part(whole, whole->rows - 1, 0, 1, whole->cols);

	if (whole->rows < BODY_FROM)
		return *whole;
	clear(&keys);
	return area_part(whole, 1, 0, whole->rows - 3, whole->cols);
}

struct area box_draw(const struct area *whole, const char *title, int rows, int cols)
{
	bool frame = framed(whole);
	int height = rows + (frame ? 2 : 0), width = box_cols(whole, cols) + (frame ? 2 * SIDE : 0);
	struct area box = room(whole);

	if (height > box.rows)
		height = box.rows;
	box = area_part(&box, (box.rows - height) / 2, (box.cols - width) / 2, height, width);
	clear(&box);
	if (!frame)
		return box;
	draw_frame(&box, title);
	return area_part(&box, 1, SIDE, box.rows - 2, box.cols - 2 * SIDE);
}

void box_keys(const struct area *area, const struct box_key *keys)
{
	bool words = area->cols >= NARROW;
	int row = area->rows - 1, col = 0;

	for (; keys->key; keys++) {
		int width = text_width(area->canvas, keys->key) +
			    (words ? 1 + text_width(area->canvas, keys->word) : 0);

		if (col + width > area->cols)
			break;
		col = put(area, row, col, STYLE_KEY, keys->key);
		if (words)
			col = put(area, row, col + 1, STYLE_PLAIN, keys->word);
		col += words ? 3 : 1;
	}
}
