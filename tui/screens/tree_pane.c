/* SPDX-License-Identifier: MIT */
/* Tree's lower pane: the fields of what is under the cursor, and beside them its bytes. */
#include "tree.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

#define PER_ROW 8u
/* Address, bar, and a byte with the bar or blank before it; from this width on they are shown. */
#define ADDRESS_WIDTH 6
#define BYTES_WIDTH (ADDRESS_WIDTH + 1 + (int)PER_ROW * 3 + 1)
#define BYTES_FROM 76
#define NAME_WIDTH 12
#define NAME_MAX 24
#define LEADS_WIDTH 2
#define PANE_ROWS 16
#define PANE_BYTES (PER_ROW * PANE_ROWS)
#define KEY_TYPE_AT 8u
#define KEY_OFFSET_AT 9u

static const char *item_type(const struct tree_view *t)
{
	struct fsr_item item;

	return tree_item(t, t->list.cursor, &item) ? fsr_key_type_name(item.key.type) : NULL;
}

/* ---- fields */

static int widen(void *arg, const struct fsr_field *field)
{
	struct tree_view *t = arg;
	char name[FIELD_TEXT];
	int width = text_width(&t->view.ui->canvas, field_name(field, name)) + 1;

	if (width > t->name_width)
		t->name_width = width < NAME_MAX ? width : NAME_MAX;
	return 0;
}

static void measure_names(struct tree_view *t)
{
	t->name_width = NAME_WIDTH;
	tree_fields(t, t->list.cursor, widen, t);
}

static void draw_field(struct view *view, size_t i, const struct area *row)
{
	struct tree_view *t = tree_of(view);
	const char *type = item_type(t);
	char name[FIELD_TEXT], value[FIELD_TEXT];
	struct fsr_field field;
	bool leads;
	int col = 1;

	if (!tree_field(t, t->list.cursor, i, &field))
		return;
	leads = tree_field_leads(t, &field);
	put(row, 0, col, STYLE_PLAIN, field_name(&field, name));
	col += t->name_width;
	/* a name longer than its column makes room for itself */
	if (text_width(row->canvas, name) + 2 > col)
		col = text_width(row->canvas, name) + 2;
	col = put_clipped(row, 0, col, row->cols - col - (leads ? LEADS_WIDTH : 0), STYLE_PLAIN,
		field_value(&field, type ? type : "", view->ui->raw, value));
	if (leads)
		put(row, 0, col, STYLE_PLAIN, " →");
}

/* ---- bytes */

/* What is known of each byte that is shown: how it looks, and whether a field begins there. */
struct picture {
	uint32_t start, size;       /* of the item's data in the block */
	uint32_t top;               /* the first byte shown, from start */
	size_t field, chosen_field; /* how many were looked at; the one under the cursor */
	uint8_t style[PANE_BYTES];
	bool begins[PANE_BYTES + 1], chosen[PANE_BYTES];
};

static void begin_at(struct picture *p, uint32_t byte)
{
	if (byte >= p->top && byte - p->top <= PANE_BYTES)
		p->begins[byte - p->top] = true;
}

static int take_label(void *arg, const struct fsr_label *label)
{
	struct picture *p = arg;
	uint64_t from = p->start + p->top, to = from + PANE_BYTES, at = label->byte;

	for (; at < (uint64_t)label->byte + label->length; at++)
		if (at >= from && at < to)
			p->style[at - from] = (uint8_t)label_style(label->kind);
	return label->byte >= to; /* they come in order */
}

static int take_field(void *arg, const struct fsr_field *field)
{
	struct picture *p = arg;
	bool chosen = p->field++ == p->chosen_field;

	begin_at(p, field->offset);
	begin_at(p, field->offset + field->size);
	if (field->kind == FSR_FIELD_KEY) {
		begin_at(p, field->offset + KEY_TYPE_AT);
		begin_at(p, field->offset + KEY_OFFSET_AT);
	}
	for (uint32_t i = 0; chosen && i < field->size; i++)
		if (field->offset + i >= p->top && field->offset + i - p->top < PANE_BYTES)
			p->chosen[field->offset + i - p->top] = true;
	return 0;
}

static void take_fields(const struct tree_view *t, struct picture *p)
{
	p->chosen_field = t->lower ? t->fields.cursor : SIZE_MAX;
	tree_fields(t, t->list.cursor, take_field, p);
	begin_at(p, 0);
	begin_at(p, p->size);
}

/* The row of bytes with which to begin, so that the field under the cursor is seen. */
static uint32_t first_byte(const struct tree_view *t, int rows)
{
	struct fsr_field field;
	uint32_t row;

	if (!t->lower || !tree_field(t, t->list.cursor, t->fields.cursor, &field))
		return 0;
	row = field.offset / PER_ROW;
	return row < (uint32_t)rows ? 0 : (row - (uint32_t)rows / 2) * PER_ROW;
}

static void draw_byte_row(const struct picture *p, uint32_t at, const uint8_t *data, const struct area *row)
{
	uint32_t i, left = p->size - (p->top + at), n = left < PER_ROW ? left : PER_ROW;
	int col = ADDRESS_WIDTH;

	putf(row, 0, 0, STYLE_DIM, "%5" PRIu32, p->start + p->top + at);
	for (i = 0; i < n; i++, col += 3) {
		put(row, 0, col, STYLE_DIM, p->begins[at + i] ? "│" : " ");
		putf(row, 0, col + 1, (enum style)p->style[at + i], "%02x", data[p->start + p->top + at + i]);
		if (p->chosen[at + i])
			put_marks(row, 0, col + 1, 2, MARK_CURSOR);
	}
	if (p->begins[at + i])
		put(row, 0, col, STYLE_DIM, "│");
}

static void draw_bytes(const struct tree_view *t, const struct area *area)
{
	struct picture p = {0};
	int rows = area->rows < PANE_ROWS ? area->rows : PANE_ROWS;

	if (!tree_bytes(t, t->list.cursor, &p.start, &p.size))
		return;
	p.top = first_byte(t, rows);
	take_fields(t, &p);
	fsr_block_labels(t->block, take_label, &p);
	for (int i = 0; i < rows && p.top + (uint32_t)i * PER_ROW < p.size; i++) {
		struct area row = area_part(area, i, 0, 1, area->cols);

		draw_byte_row(&p, (uint32_t)i * PER_ROW, t->block->data, &row);
	}
}

/* ---- together */

static void title(const struct tree_view *t, char *out, size_t size)
{
	char key[KEY_TEXT_SIZE];
	struct fsr_pointer pointer;
	struct fsr_item item;
	size_t row = t->list.cursor;

	*out = 0;
	if (tree_item(t, row, &item))
		snprintf(out, size, "item %u %s", item.slot, key_text(&item.key, t->view.ui->raw, key));
	else if (tree_pointer(t, row, &pointer))
		snprintf(out, size, "pointer %u %s", tree_slot(t, row),
			key_text(&pointer.key, t->view.ui->raw, key));
}

void tree_draw_pane(struct tree_view *t, const struct area *area)
{
	bool bytes = area->cols >= BYTES_FROM && t->view.ui->canvas.rows >= 20;
	int at = bytes ? area->cols - BYTES_WIDTH - (area->cols - BYTES_WIDTH) / 12 : area->cols;
	struct area fields = area_part(area, 1, 0, area->rows - 1, at - (bytes ? 1 : 0));
	struct area right = area_part(area, 1, at, area->rows - 1, area->cols - at);
	char text[160];

	title(t, text, sizeof text);
	put_rule(area, 0, text, t->lower);
	measure_names(t);
	list_resize(&t->fields, tree_count_fields(t, t->list.cursor));
	list_draw(&t->fields, &t->view, &fields, draw_field, t->lower);
	if (bytes)
		draw_bytes(t, &right);
}
