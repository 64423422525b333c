/* SPDX-License-Identifier: MIT */
#include "map.h"
#include "words.h"

#include <inttypes.h>

/* One line of cells from `cell` on; gives the worst severity of what is wrong in it. */
static int draw_cells(const struct map *map, const struct area *row, int left, uint64_t cell, bool cursor)
{
	uint64_t cells = map_shape_cells(&map->shape), under = map_cursor(map);
	const struct record *record = map_record(map);
	int worst = -1;

	for (int i = 0; i < map->frame.cols && cell < cells; i++, cell++) {
		struct map_piece piece = map_shape_piece(&map->shape, cell);
		struct map_look look = map_look_at(map, cell, &piece);
		bool here = map->shape.groups + piece.group == record;
		unsigned marks = piece.is_first ? MARK_UNDERLINE : 0;

		if (here && map->scope == MAP_FILESYSTEM && cursor)
			marks |= MARK_BOLD;
		if (cell == under && cursor)
			marks |= MARK_REVERSE;
		put(row, 0, left + i, look.style, look.text);
		put_marks(row, 0, left + i, 1, marks);
		worst = look.severity > worst ? look.severity : worst;
	}
	return worst;
}

static void draw_line(const struct map *map, const struct area *row, uint64_t line, bool cursor)
{
	const struct map_frame *frame = &map->frame;
	uint64_t cell = line * (uint64_t)frame->cols;
	int worst;

	if (cell >= map_shape_cells(&map->shape))
		return;
	worst = draw_cells(map, row, frame->left, cell, cursor);
	if (frame->address) {
		char address[24];

		snprintf(address, sizeof address, "%" PRIu64, map_shape_piece(&map->shape, cell).bytenr);
		put_right(row, 0, frame->left - 1, STYLE_DIM, address);
	}
	if (frame->margins)
		put(row, 0, 0, severity_style(worst), severity_letter(worst));
}

/* Which part of all lines is shown: ends where it goes on, and a bar between. */
static void draw_position(const struct map *map, const struct area *area)
{
	const struct map_frame *frame = &map->frame;
	uint64_t cols = (uint64_t)frame->cols, rows = (uint64_t)frame->rows;
	uint64_t lines = (map_shape_cells(&map->shape) + cols - 1) / cols;
	double scale;
	int from, to;

	if (!frame->margins || lines <= rows)
		return;
	scale = (double)rows / (double)lines;
	from = (int)((double)map->top * scale);
	to = (int)((double)(map->top + rows) * scale);
	for (int i = from; i < frame->rows && (i < to || i == from); i++)
		put(area, frame->top + i, area->cols - 1, STYLE_HEAD, "│");
	if (map->top)
		put(area, frame->top, area->cols - 1, STYLE_HEAD, "▲");
	if (map->top + rows < lines)
		put(area, frame->top + frame->rows - 1, area->cols - 1, STYLE_HEAD, "▼");
}

static struct area row_of(const struct area *area, int row)
{
	return area_part(area, row, 0, row < 0 ? 0 : 1, area->cols);
}

void map_draw(struct view *view, const struct area *area)
{
	struct map *map = (struct map *)view;
	struct area row;

	if (!view->tab->ngroups) {
		put(area, 0, 1, STYLE_PLAIN, "This filesystem has no block groups.");
		return;
	}
	map_resize(map, area->rows, area->cols);
	map_settle(map);
	for (int i = 0; i < map->frame.rows; i++) {
		row = row_of(area, map->frame.top + i);
		draw_line(map, &row, map->top + (uint64_t)i, !view->preview);
	}
	draw_position(map, area);
	row = row_of(area, map->frame.context);
	map_context(map, &row);
	row = row_of(area, map->frame.legend);
	map_legend(map, &row);
	row = row_of(area, map->frame.line);
	map_group_line(map, &row);
}

/* ---- export */

/* One line of text after the other; what is not held is read before it is drawn. */
static int write_lines(struct map *map, struct canvas *canvas, FILE *out)
{
	uint64_t cells = map_shape_cells(&map->shape), cols = (uint64_t)map->frame.cols;
	struct area row = canvas_area(canvas);

	for (uint64_t line = 0; line * cols < cells && !ferror(out); line++) {
		canvas_clear(canvas);
		if (!map_read_now(map, line * cols, cols))
			return -1;
		draw_line(map, &row, line, false);
		canvas_write(canvas, out);
	}
	canvas_clear(canvas);
	map_legend(map, &row);
	canvas_write(canvas, out);
	return ferror(out) ? -1 : 0;
}

int map_export_text(struct view *view, FILE *out, int cols)
{
	struct map *map = (struct map *)view;
	struct canvas canvas = {.ascii = view->ui->canvas.ascii};
	struct map_frame shown = map->frame;
	struct area row;
	int ret;

	if (!canvas_resize(&canvas, 1, cols))
		return -1;
	row = canvas_area(&canvas);
	map_context(map, &row);
	canvas_write(&canvas, out);
	map_resize(map, shown.rows, cols);
	ret = write_lines(map, &canvas, out);
	map->frame = shown;
	map_settle(map);
	canvas_free(&canvas);
	return ret;
}
