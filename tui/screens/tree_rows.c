/* SPDX-License-Identifier: MIT */
/* What stands in Tree's rows: read from the block each time it is asked for, never copied. */
#include "tree.h"

#include <ctype.h>
#include <string.h>

/* Layout of a tree block: the header, then 25 bytes a leaf's item or 33 bytes a pointer. */
#define HEADER_BYTES 101u
#define ITEM_HEAD_BYTES 25u
#define POINTER_BYTES 33u
#define KEY_BYTES 17u
#define ROOT_TREE 1u

static bool has_items(const struct tree_view *t)
{
	return t->mode == TREE_BLOCK && t->block && t->block->lawful;
}

unsigned tree_level(const struct tree_view *t)
{
	int level = path_level(&t->path, t->bytenr);

	return level >= 0 ? (unsigned)level : t->block ? t->block->level : 0;
}

size_t tree_path_rows(const struct tree_view *t)
{
	if (t->mode != TREE_BLOCK || !t->unfolded)
		return 0;
	return !t->path.known || tree_level(t) > t->path.tree.level ? 1
								    : 1u + t->path.tree.level - tree_level(t);
}

bool tree_path_row(const struct tree_view *t, size_t row, uint64_t *bytenr, unsigned *level)
{
	if (!row || row >= tree_path_rows(t))
		return false;
	*level = t->path.tree.level - (unsigned)(row - 1);
	*bytenr = t->path.way.bytenr[*level];
	return true;
}

static int count_field(void *arg, const struct fsr_field *field)
{
	(void)field;
	++*(size_t *)arg;
	return 0;
}

size_t tree_count(const struct tree_view *t)
{
	size_t n = 0;

	switch (t->mode) {
	case TREE_ALL:
		return t->ntrees;
	case TREE_SUPER:
		if (tree_super(t))
			fsr_super_fields(tree_super(t)->raw, count_field, &n);
		return n;
	default:
		return tree_path_rows(t) + (has_items(t) ? t->block->nritems : 0);
	}
}

unsigned tree_slot(const struct tree_view *t, size_t row)
{
	size_t above = tree_path_rows(t);

	return row < above ? 0 : (unsigned)(row - above);
}

size_t tree_row_of_slot(const struct tree_view *t, unsigned slot)
{
	return tree_path_rows(t) + slot;
}

bool tree_item(const struct tree_view *t, size_t row, struct fsr_item *item)
{
	return has_items(t) && row >= tree_path_rows(t) && fsr_block_item(t->block, tree_slot(t, row), item);
}

bool tree_pointer(const struct tree_view *t, size_t row, struct fsr_pointer *pointer)
{
	return has_items(t) && row >= tree_path_rows(t) &&
	       fsr_block_pointer(t->block, tree_slot(t, row), pointer);
}

bool tree_entry(const struct tree_view *t, size_t row, struct fsr_tree *tree)
{
	if (t->mode != TREE_ALL || row >= t->ntrees)
		return false;
	*tree = t->trees[row];
	return true;
}

/* ---- bytes */

bool tree_bytes(const struct tree_view *t, size_t row, uint32_t *start, uint32_t *size)
{
	struct fsr_pointer pointer;
	struct fsr_item item;

	if (tree_item(t, row, &item)) {
		*start = (uint32_t)(item.data - t->block->data);
		*size = item.size;
		return true;
	}
	if (!tree_pointer(t, row, &pointer))
		return false;
	*start = HEADER_BYTES + tree_slot(t, row) * POINTER_BYTES;
	*size = POINTER_BYTES;
	return true;
}

static bool holds_byte(const struct tree_view *t, size_t row, uint32_t byte)
{
	uint32_t head = HEADER_BYTES + tree_slot(t, row) * ITEM_HEAD_BYTES, start, size;

	if (!tree_bytes(t, row, &start, &size))
		return false;
	if (byte >= start && (byte - start < size || byte == start))
		return true;
	return !t->block->level && byte >= head && byte - head < ITEM_HEAD_BYTES;
}

size_t tree_row_of_byte(const struct tree_view *t, uint32_t byte, size_t row)
{
	if (holds_byte(t, row, byte))
		return row;
	for (size_t i = tree_path_rows(t); i < tree_count(t); i++)
		if (holds_byte(t, i, byte))
			return i;
	return row;
}

/* ---- fields */

struct nth {
	size_t left;
	struct fsr_field *out;
};

static int take_nth(void *arg, const struct fsr_field *field)
{
	struct nth *nth = arg;

	if (nth->left--)
		return 0;
	*nth->out = *field;
	return 1;
}

static bool pointer_field(const struct tree_view *t, size_t row, size_t i, struct fsr_field *field)
{
	struct fsr_pointer pointer;

	if (i > 2 || !tree_pointer(t, row, &pointer))
		return false;
	*field = i == 0   ? (struct fsr_field){.name = "key", .kind = FSR_FIELD_KEY, .key = pointer.key}
		 : i == 1 ? (struct fsr_field){.name = "block", .value = pointer.bytenr}
			  : (struct fsr_field){.name = "generation", .value = pointer.generation};
	field->size = i ? 8 : KEY_BYTES;
	field->offset = i ? KEY_BYTES + ((uint32_t)i - 1) * 8 : 0;
	return true;
}

int tree_fields(const struct tree_view *t, size_t row, fsr_field_fn fn, void *arg)
{
	struct fsr_field field;
	struct fsr_item item;
	int ret = 0;

	if (t->mode == TREE_SUPER)
		return tree_super(t) ? fsr_super_fields(tree_super(t)->raw, fn, arg) : 0;
	if (tree_item(t, row, &item))
		return item.size ? fsr_item_fields(&item, fn, arg) : 0;
	for (size_t i = 0; !ret && pointer_field(t, row, i, &field); i++)
		ret = fn(arg, &field);
	return ret;
}

bool tree_field(const struct tree_view *t, size_t row, size_t i, struct fsr_field *field)
{
	struct nth nth = {i, field};

	return tree_fields(t, row, take_nth, &nth) != 0;
}

size_t tree_count_fields(const struct tree_view *t, size_t row)
{
	size_t n = 0;

	tree_fields(t, row, count_field, &n);
	return n;
}

/* ---- what a row is about */

/* Where the address stands in items that are about one: in the key, or in a field. */
static const struct {
	const char *type, *field, *length;
} address_rows[] = {
	{"EXTENT_ITEM", "@objectid", "@offset"},
	{"METADATA_ITEM", "@objectid", NULL},
	{"BLOCK_GROUP_ITEM", "@objectid", "@offset"},
	{"FREE_SPACE_INFO", "@objectid", "@offset"},
	{"FREE_SPACE_EXTENT", "@objectid", "@offset"},
	{"FREE_SPACE_BITMAP", "@objectid", "@offset"},
	{"UNTYPED", "@offset", NULL},
	{"CHUNK_ITEM", "@offset", "length"},
	{"EXTENT_CSUM", "@offset", NULL},
	{"DEV_EXTENT", "chunk_offset", "length"},
	{"EXTENT_DATA", "disk_bytenr", "disk_num_bytes"},
};

static uint64_t value_of(const struct fsr_item *item, const char *name)
{
	if (!name)
		return 1;
	return !strcmp(name, "@objectid") ? item->key.objectid
	       : !strcmp(name, "@offset") ? item->key.offset
					  : item_number(item, name);
}

bool tree_address(const struct tree_view *t, size_t row, uint64_t *address, uint64_t *length)
{
	struct fsr_pointer pointer;
	struct fsr_item item = {0};

	if (tree_pointer(t, row, &pointer))
		item.key = pointer.key;
	else if (!tree_item(t, row, &item))
		return false;
	for (size_t i = 0; i < sizeof address_rows / sizeof *address_rows; i++) {
		if (!key_is(&item.key, address_rows[i].type))
			continue;
		*address = value_of(&item, address_rows[i].field);
		*length = value_of(&item, address_rows[i].length);
		return *address != 0;
	}
	return false;
}

uint64_t tree_number(const struct tree_view *t)
{
	if (t->mode != TREE_BLOCK)
		return ROOT_TREE;
	return t->path.known ? t->path.tree.objectid : t->block ? t->block->owner : ROOT_TREE;
}

const char *tree_name_text(uint64_t objectid, bool raw, char out[40])
{
	const char *name = raw ? NULL : fsr_objectid_name(objectid);
	char number[32];

	if (!name) {
		snprintf(out, 40, "tree %s", objectid_text(objectid, true, number));
		return out;
	}
	snprintf(out, 40, "%s", name);
	for (char *p = out; *p; p++)
		*p = (char)(*p == '_' ? ' ' : tolower((unsigned char)*p));
	return out;
}
