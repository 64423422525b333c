/* SPDX-License-Identifier: MIT */
/* Draws rows of bytes with their fields, and what stands above them. */
#include "bytes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define OFFSET_WIDTH 5 /* "0000 " */
#define WITH_LABEL 76
#define WITH_ADDRESS 100
#define WITH_LIST 180
#define LABEL_MIN 14
#define PANE_MIN_ROWS 13 /* of the whole area, from which there is a lower pane */

/* ---- where things are */

static int decimal_digits(uint64_t value)
{
	int n = 1;

	for (; value >= 10; value /= 10)
		n++;
	return n;
}

struct bytes_layout bytes_layout(int cols, uint64_t last_address)
{
	struct bytes_layout l = {
		.width = bytes_width(cols), .address = -1, .hex = OFFSET_WIDTH, .ascii = -1, .label = -1};
	int at, width = (int)l.width;

	if (cols >= WITH_ADDRESS && last_address != FSR_NO_BYTENR) {
		l.address = OFFSET_WIDTH;
		l.address_width = decimal_digits(last_address);
		l.hex += l.address_width + 1;
	}
	at = l.hex + 3 * width + 2;
	if (cols >= WITH_ADDRESS && at + width + 1 + LABEL_MIN <= cols) {
		l.ascii = at;
		at += width + 1;
	}
	if (cols >= WITH_LABEL && at < cols)
		l.label = at;
	l.list = cols >= WITH_LIST;
	return l;
}

/* ---- one row */

/* The mark before a byte, or behind the last one of a row: there no field begins, and at the first none ends.
 */
enum mark_at { MARK_FIRST, MARK_WITHIN, MARK_LAST };

static void put_mark(struct bytes_view *b, const struct area *row, int col, size_t byte, enum mark_at at)
{
	const struct fsr_label *field = bytes_field(b), *label;
	const char *mark = " ";

	label = bytes_label_at(b->source.labels, b->source.nlabels, byte);
	if ((label && label->byte == byte) || byte == b->source.size)
		mark = "│";
	if (field && at != MARK_LAST && byte == field->byte)
		mark = "[";
	else if (field && at != MARK_FIRST && byte == field->byte + field->length)
		mark = "]";
	put(row, 0, col, STYLE_PLAIN, mark);
}

static void put_byte(struct bytes_view *b, const struct area *row, int col, size_t byte)
{
	const struct fsr_label *label = bytes_label_at(b->source.labels, b->source.nlabels, byte);
	const struct fsr_label *field = bytes_field(b);
	unsigned marks = 0;

	if (byte_unread(b->source.unread, byte))
		put(row, 0, col, STYLE_UNKNOWN, "··");
	else
		putf(row, 0, col, bytes_style(b, label), "%02x", b->source.data[byte]);
	if (byte == b->cursor && !b->view.preview)
		marks |= MARK_CURSOR;
	if (field && field == label)
		marks |= MARK_BOLD;
	if (b->source.differs && b->source.differs[byte])
		marks |= MARK_UNDERLINE;
	put_marks(row, 0, col, 2, marks);
}

static void put_hex(struct bytes_view *b, const struct area *row, int col, const struct bytes_row *what)
{
	for (size_t i = 0; i < what->length; i++) {
		put_mark(b, row, col + 3 * (int)i, what->byte + i, i ? MARK_WITHIN : MARK_FIRST);
		put_byte(b, row, col + 3 * (int)i + 1, what->byte + i);
	}
	put_mark(b, row, col + 3 * (int)what->length, what->byte + what->length, MARK_LAST);
}

static void put_ascii(
	const struct bytes_view *b, const struct area *row, int col, const struct bytes_row *what)
{
	for (size_t i = 0; i < what->length; i++) {
		uint8_t byte = b->source.data[what->byte + i];
		char text[2] = {(char)byte, 0};
		bool plain = byte >= 0x20 && byte < 0x7f && !byte_unread(b->source.unread, what->byte + i);

		put(row, 0, col + (int)i, plain ? STYLE_PLAIN : STYLE_DIM, plain ? text : "·");
	}
}

/* "* 3984 zero bytes to 0fff: unused" */
static void put_fold(struct bytes_view *b, const struct area *row, int col, const struct bytes_row *what)
{
	const struct fsr_label *label = bytes_label_at(b->source.labels, b->source.nlabels, what->byte);
	uint8_t value = b->source.data[what->byte];
	char words[160], text[64], safe[200];
	bool here = b->cursor >= what->byte && b->cursor - what->byte < what->length;

	if (byte_unread(b->source.unread, what->byte))
		snprintf(text, sizeof text, "* %zu bytes", what->length);
	else if (!what->fold->same)
		snprintf(text, sizeof text, "* %zu bytes more of the same", what->length);
	else if (!value)
		snprintf(text, sizeof text, "* %zu zero bytes", what->length);
	else
		snprintf(text, sizeof text, "* %zu bytes %02x", what->length, value);
	bytes_row_words(b, what->byte, 1, words, sizeof words);
	if (label && label->kind == FSR_LABEL_UNUSED && b->source.kind == BYTES_CACHE && !b->source.unread)
		snprintf(words, sizeof words, "unused, covered by crc %u", b->source.page);
	clip_untrusted(row->canvas, words, row->cols, false, safe, sizeof safe);
	put(row, 0, col, STYLE_PLAIN, here ? "[" : " ");
	int end = putf(row, 0, col + 1, bytes_style(b, label), "%s to %04zx: %s%s", text,
		what->byte + what->length - 1, safe, here ? "]" : "");
	if (here && !b->view.preview)
		put_marks(row, 0, col + 1, end - col - 1, MARK_CURSOR);
}

static void put_words(struct bytes_view *b, const struct area *row, int col, const struct bytes_row *what)
{
	char words[200];

	bytes_row_words(b, what->byte, what->length, words, sizeof words);
	put_untrusted(row, 0, col, row->cols - col, STYLE_PLAIN, words);
}

static void put_row(struct bytes_view *b, const struct bytes_layout *l, const struct area *row, size_t i)
{
	struct bytes_row what = bytes_rows_at(&b->rows, i);

	putf(row, 0, 0, STYLE_DIM, "%04zx", what.byte);
	if (l->address >= 0)
		putf(row, 0, l->address, STYLE_DIM, "%*" PRIu64, l->address_width,
			b->source.bytenr + what.byte);
	if (what.fold) {
		put_fold(b, row, l->hex, &what);
		return;
	}
	put_hex(b, row, l->hex, &what);
	if (l->ascii >= 0)
		put_ascii(b, row, l->ascii, &what);
	if (l->label >= 0 && !l->list)
		put_words(b, row, l->label, &what);
}

/* ---- all of it */

/* All fields one below the other, the one under the cursor in the middle. */
static void draw_list(struct bytes_view *b, const struct area *area)
{
	const struct fsr_label *field = bytes_field(b);
	size_t n = b->source.nlabels, at = field ? (size_t)(field - b->source.labels) : 0;
	size_t half = (size_t)area->rows / 2, first = at > half ? at - half : 0;

	if (first + (size_t)area->rows > n)
		first = n > (size_t)area->rows ? n - (size_t)area->rows : 0;
	for (int i = 0; i < area->rows && first + (size_t)i < n; i++) {
		const struct fsr_label *label = &b->source.labels[first + (size_t)i];
		int col = putf(area, i, 0, STYLE_DIM, "%04x ", label->byte);

		put_untrusted(area, i, col, area->cols - col, bytes_style(b, label), label->text);
		if (label == field && !b->view.preview)
			put_marks(area, i, 0, area->cols, MARK_CURSOR);
	}
}

static void scroll(struct bytes_view *b, int rows)
{
	size_t row = bytes_rows_of(&b->rows, b->cursor), n = rows > 0 ? (size_t)rows : 1;
	size_t count = bytes_rows_count(&b->rows);

	if (row < b->top)
		b->top = row;
	if (row - b->top >= n)
		b->top = row - n + 1;
	if (b->top + n > count)
		b->top = count > n ? count - n : 0;
	b->shown_rows = rows;
}

static void draw_rows(struct bytes_view *b, const struct area *area)
{
	uint64_t last =
		b->source.bytenr == FSR_NO_BYTENR ? FSR_NO_BYTENR : b->source.bytenr + b->source.size - 1;
	struct bytes_layout layout = bytes_layout(area->cols, last);

	if (b->rows.width != layout.width)
		bytes_fold(b, layout.width);
	scroll(b, area->rows);
	for (int i = 0; i < area->rows && b->top + (size_t)i < bytes_rows_count(&b->rows); i++) {
		struct area row = area_part(area, i, 0, 1, area->cols);

		put_row(b, &layout, &row, b->top + (size_t)i);
	}
	if (layout.list && layout.label >= 0) {
		struct area list = area_part(area, 0, layout.label, area->rows, area->cols - layout.label);

		draw_list(b, &list);
	}
	b->first_col = layout.hex;
}

static int pane_rows(const struct area *area)
{
	int rows = area->rows / 4;

	if (area->rows < PANE_MIN_ROWS)
		return 0;
	return rows < 5 ? 6 : rows > 15 ? 16 : rows + 1;
}

void bytes_draw(struct view *view, const struct area *area)
{
	struct bytes_view *b = bytes_self(view);
	int first = 1, below = pane_rows(area);
	struct area rows, pane;

	b->first_row = -1;
	if (b->source.kind == BYTES_NONE) {
		bytes_put_nothing(b, area);
		return;
	}
	bytes_put_context(b, area);
	if (*b->source.problem) {
		put(area, first, 0, STYLE_ERROR, "E");
		put_untrusted(area, first, 2, area->cols - 2, STYLE_ERROR, b->source.problem);
		first++;
	}
	rows = area_part(area, first, 0, area->rows - first - below, area->cols);
	draw_rows(b, &rows);
	b->first_row = first;
	pane = area_part(area, area->rows - below, 0, below, area->cols);
	if (below)
		bytes_pane(b, &pane);
}

static int write_rows(struct bytes_view *b, struct canvas *canvas, FILE *out)
{
	struct area row = canvas_area(canvas);
	uint64_t last =
		b->source.bytenr == FSR_NO_BYTENR ? FSR_NO_BYTENR : b->source.bytenr + b->source.size - 1;
	struct bytes_layout layout = bytes_layout(canvas->cols, last);
	unsigned width = b->rows.width;

	layout.list = false;
	bytes_fold(b, layout.width);
	bytes_put_context(b, &row);
	canvas_write(canvas, out);
	for (size_t i = 0; i < bytes_rows_count(&b->rows) && !ferror(out); i++) {
		canvas_clear(canvas);
		put_row(b, &layout, &row, i);
		canvas_write(canvas, out);
	}
	bytes_fold(b, width);
	return ferror(out) ? -1 : 0;
}

int bytes_export_text(struct view *view, FILE *out, int cols)
{
	struct bytes_view *b = bytes_self(view);
	struct canvas canvas = {.ascii = view->ui->canvas.ascii};
	int ret;

	if (b->source.kind == BYTES_NONE)
		return 0;
	if (!canvas_resize(&canvas, 1, cols))
		return -1;
	ret = write_rows(b, &canvas, out);
	canvas_free(&canvas);
	return ret;
}
