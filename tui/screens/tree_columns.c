/* SPDX-License-Identifier: MIT */
/* Tree's rows as columns: items, pointers, trees, fields of the superblock. */
#include "tree.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

/* A leaf's data offsets count from behind the header. */
#define HEADER_BYTES 101u
#define CELL 160

static void number_cell(char out[CELL], uint64_t number)
{
	snprintf(out, CELL, "%" PRIu64, number);
}

/* ---- cells; row numbers are those of the list */

static void slot_cell(struct view *view, size_t row, char out[CELL], enum style *style)
{
	*style = STYLE_DIM;
	number_cell(out, tree_slot(tree_of(view), row));
}

static void key_cell(struct view *view, size_t row, char out[CELL], enum style *style)
{
	struct fsr_pointer pointer;
	struct fsr_item item;

	(void)style;
	if (tree_item(tree_of(view), row, &item))
		key_text(&item.key, view->ui->raw, out);
	else if (tree_pointer(tree_of(view), row, &pointer))
		key_text(&pointer.key, view->ui->raw, out);
}

static void offset_cell(struct view *view, size_t row, char out[CELL], enum style *style)
{
	uint32_t start, size;

	*style = STYLE_OFFSET;
	if (tree_bytes(tree_of(view), row, &start, &size))
		number_cell(out, start - HEADER_BYTES);
}

static void size_cell(struct view *view, size_t row, char out[CELL], enum style *style)
{
	struct fsr_item item;

	*style = STYLE_LENGTH;
	if (tree_item(tree_of(view), row, &item))
		number_cell(out, item.size);
}

static void what_cell(struct view *view, size_t row, char out[CELL], enum style *style)
{
	struct fsr_item item;

	(void)style;
	if (tree_item(tree_of(view), row, &item))
		item_what(&item, view->ui->raw, out);
}

static void block_cell(struct view *view, size_t row, char out[CELL], enum style *style)
{
	struct fsr_pointer pointer;

	*style = STYLE_OFFSET;
	if (tree_pointer(tree_of(view), row, &pointer))
		snprintf(out, CELL, "→ %" PRIu64, pointer.bytenr);
}

static void pointer_generation_cell(struct view *view, size_t row, char out[CELL], enum style *style)
{
	struct fsr_pointer pointer;

	*style = STYLE_GENERATION;
	if (tree_pointer(tree_of(view), row, &pointer))
		number_cell(out, pointer.generation);
}

static void tree_cell(struct view *view, size_t row, char out[CELL], enum style *style)
{
	struct fsr_tree tree;
	char name[40];

	(void)style;
	if (tree_entry(tree_of(view), row, &tree))
		snprintf(out, CELL, "%s", tree_name_text(tree.objectid, view->ui->raw, name));
}

static void root_cell(struct view *view, size_t row, char out[CELL], enum style *style)
{
	struct fsr_tree tree;

	*style = STYLE_OFFSET;
	if (tree_entry(tree_of(view), row, &tree))
		snprintf(out, CELL, "→ %" PRIu64, tree.bytenr);
}

static void level_cell(struct view *view, size_t row, char out[CELL], enum style *style)
{
	struct fsr_tree tree;

	(void)style;
	if (tree_entry(tree_of(view), row, &tree))
		number_cell(out, tree.level);
}

static void generation_cell(struct view *view, size_t row, char out[CELL], enum style *style)
{
	struct fsr_tree tree;

	*style = STYLE_GENERATION;
	if (tree_entry(tree_of(view), row, &tree))
		number_cell(out, tree.generation);
}

static void field_cell(struct view *view, size_t row, char out[CELL], enum style *style)
{
	struct fsr_field field;

	(void)style;
	if (tree_field(tree_of(view), row, row, &field))
		field_name(&field, out);
}

static void value_cell(struct view *view, size_t row, char out[CELL], enum style *style)
{
	struct fsr_field field;

	(void)style;
	if (tree_field(tree_of(view), row, row, &field))
		field_value(&field, NULL, view->ui->raw, out);
}

static void byte_cell(struct view *view, size_t row, char out[CELL], enum style *style)
{
	struct fsr_field field;

	*style = STYLE_DIM;
	if (tree_field(tree_of(view), row, row, &field))
		snprintf(out, CELL, "0x%03" PRIx32, field.offset);
}

/* ---- columns */

#define REST 500

static const struct column item_columns[] = {
	{"#", 0, 0, 0, slot_cell},
	{"key", 0, 0, 0, key_cell},
	{"offset", 6, 0, 2, offset_cell},
	{"size", 5, 0, 2, size_cell},
	{"what", -14, REST, 1, what_cell},
	{NULL, 0, 0, 0, NULL},
};
static const struct column pointer_columns[] = {
	{"#", 0, 0, 0, slot_cell},
	{"key", 0, 0, 0, key_cell},
	{"block", -16, 0, 1, block_cell},
	{"generation", 10, 0, 2, pointer_generation_cell},
	{NULL, 0, 0, 0, NULL},
};
static const struct column all_columns[] = {
	{"tree", -22, 0, 0, tree_cell},
	{"root block", -16, 0, 0, root_cell},
	{"level", 5, 0, 1, level_cell},
	{"generation", 10, 0, 1, generation_cell},
	{NULL, 0, 0, 0, NULL},
};
static const struct column super_columns[] = {
	{"byte", 5, 0, 1, byte_cell},
	{"field", -26, 13, 0, field_cell},
	{"value", -12, REST, 0, value_cell},
	{NULL, 0, 0, 0, NULL},
};

enum { COLUMN_SLOT, COLUMN_KEY };
#define SLOT_WIDTH 3

/* As wide as the widest of the block's. */
static int key_width(struct tree_view *t)
{
	char text[CELL];
	int width = 12;

	for (size_t row = tree_path_rows(t); row < tree_count(t); row++) {
		enum style style;

		*text = 0;
		key_cell(&t->view, row, text, &style);
		if ((int)strlen(text) > width)
			width = (int)strlen(text);
	}
	return width;
}

static const struct column *columns_of(const struct tree_view *t)
{
	if (t->mode == TREE_ALL)
		return all_columns;
	if (t->mode == TREE_SUPER)
		return super_columns;
	return t->block && t->block->level ? pointer_columns : item_columns;
}

const struct column *tree_columns(struct tree_view *t, int cols)
{
	const struct column *columns = columns_of(t);

	t->layout.width[COLUMN_SLOT] = SLOT_WIDTH;
	if (t->mode == TREE_BLOCK)
		t->layout.width[COLUMN_KEY] = -key_width(t);
	columns_fit(columns, &t->layout, 1, cols - 1);
	return columns;
}

/* A block above this one, of which the path takes one pointer. */
static void draw_path_row(struct tree_view *t, size_t row, const struct area *area)
{
	uint64_t bytenr;
	unsigned level;

	if (tree_path_row(t, row, &bytenr, &level))
		putf(area, 0, 1, STYLE_DIM, "%*s↓ level %u  %" PRIu64 "  pointer %" PRIu32, (int)row * 2, "",
			level, bytenr, t->path.way.slot[level]);
	else
		put(area, 0, 1, STYLE_DIM, "all trees");
}

void tree_draw_row(struct view *view, size_t row, const struct area *area)
{
	struct tree_view *t = tree_of(view);

	if (row < tree_path_rows(t))
		draw_path_row(t, row, area);
	else
		columns_row(columns_of(t), &t->layout, view, row, area);
}

void tree_draw_heads(struct view *view, const struct area *area)
{
	struct tree_view *t = tree_of(view);

	columns_head(tree_columns(t, area->cols), &t->layout, area, -1, false);
}

void tree_row_text(
	struct view *view, size_t row, char *text, size_t size, uint64_t *address, uint64_t *length)
{
	struct tree_view *t = tree_of(view);
	const struct column *columns = columns_of(t);
	size_t used = 0;

	if (row < tree_path_rows(t))
		return;
	for (size_t i = 0; columns[i].title && used < size; i++) {
		enum style style;
		char cell[CELL] = "";

		columns[i].cell(view, row, cell, &style);
		used += (size_t)snprintf(text + used, size - used, "%s ", cell);
	}
	if (!tree_address(t, row, address, length))
		*length = 0;
}
