/* SPDX-License-Identifier: MIT */
/* Tree: the items of a tree block, decoded; the list of all trees; the superblock. */
#include "tree.h"

#include "places.h"
#include "screens.h"
#include "words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Fewer rows of the whole terminal: one pane at a time. */
#define TWO_PANES 16
#define PANE_MAX 17

static void tree_close(struct view *view)
{
	struct tree_view *t = tree_of(view);

	job_end(t->job);
	fsr_block_free(t->block);
	free(t->trees);
}

/* ---- places */

void tree_to_row(struct tree_view *t, size_t row)
{
	list_resize(&t->list, tree_count(t));
	list_to(&t->list, row);
	t->fields = (struct list){0};
}

/* What speaks for a block group: its cache's header, or where there is none its own item. */
static void show_group(struct tree_view *t, uint64_t group)
{
	const struct record *record = tab_record(t->view.tab, group);
	struct place place = {0};

	if (record && (place_of_header(t->view.tab, record->group.bytenr, &place) ||
			      place_of_group_item(t->view.tab, &record->group, &place))) {
		tree_load(t, place.block, FSR_ANY_COPY);
		tree_to_row(t, tree_row_of_slot(t, place.slot));
		return;
	}
	t->mode = TREE_ALL;
	tree_list_trees(t);
	tree_to_row(t, 0);
}

static void show_block(struct tree_view *t, const struct place *place)
{
	bool same = t->mode == TREE_BLOCK && t->bytenr == place->block && t->block && !place->copy;

	if (!same)
		tree_load(t, place->block, place->copy ? place->copy : FSR_ANY_COPY);
	tree_to_row(t, tree_row_of_slot(t, place->slot));
	if (place->byte)
		list_to(&t->list, tree_row_of_byte(t, place->byte, t->list.cursor));
}

static void tree_show(struct view *view, const struct place *place)
{
	struct tree_view *t = tree_of(view);

	t->group = place->group;
	t->address = place->address;
	t->lower = false;
	switch (place->target) {
	case TARGET_BLOCK:
		show_block(t, place);
		break;
	case TARGET_TREES:
		t->mode = TREE_ALL;
		tree_list_trees(t);
		tree_to_row(t, place->slot);
		break;
	case TARGET_SUPER:
		t->mode = TREE_SUPER;
		tree_to_row(t, place->slot);
		break;
	default:
		show_group(t, place->group);
	}
}

/* The block group and address that the row is about, else those with which one came. */
static void focus(const struct tree_view *t, struct place *place)
{
	const struct record *record = NULL;
	uint64_t address, length;

	place->group = t->group;
	place->address = t->address;
	if (tree_address(t, t->list.cursor, &address, &length))
		record = tab_record(t->view.tab, address);
	if (!record)
		return;
	place->group = record->group.bytenr;
	place->address = address;
}

static void tree_here(const struct view *view, struct place *place)
{
	const struct tree_view *t = (const struct tree_view *)view;
	uint32_t start, size;

	*place = (struct place){.screen = SCREEN_TREE};
	focus(t, place);
	if (t->mode != TREE_BLOCK) {
		place->target = t->mode == TREE_ALL ? TARGET_TREES : TARGET_SUPER;
		place->slot = (unsigned)t->list.cursor;
		return;
	}
	place->target = TARGET_BLOCK;
	place->block = t->bytenr;
	place->slot = tree_slot(t, t->list.cursor);
	if (t->block)
		place->copy = t->block->copy;
	if (tree_bytes(t, t->list.cursor, &start, &size))
		place->byte = start;
}

static bool tree_enter(struct view *view, struct place *place)
{
	struct follow follow = tree_follow(tree_of(view));
	struct fsr_error err;

	return follow_place(tree_of(view), &follow, place, &err);
}

/* The bytes of what is under the cursor; of a tree in the list its root. */
static bool tree_beside(struct view *view, struct place *place)
{
	if (tree_of(view)->mode != TREE_BLOCK)
		return tree_enter(view, place);
	place->screen = SCREEN_BYTES;
	return tree_of(view)->block != NULL;
}

static bool tree_update(struct view *view)
{
	struct tree_view *t = tree_of(view);
	bool changed = tree_take_trees(t);

	if (changed && t->mode == TREE_ALL)
		list_resize(&t->list, tree_count(t));
	return changed && t->mode == TREE_ALL;
}

static const char *tree_working(struct view *view)
{
	return tree_of(view)->mode == TREE_ALL && tree_of(view)->job ? "reading" : NULL;
}

/* ---- drawing */

static void draw_empty(const struct tree_view *t, const struct area *area)
{
	if (t->mode != TREE_BLOCK)
		put(area, 1, 1, STYLE_PLAIN, t->mode == TREE_ALL ? "" : "There is no superblock in use.");
	else if (t->block && t->block->lawful)
		put(area, 1, 1, STYLE_PLAIN, "This leaf has no items.");
	else
		put(area, 1, 1, STYLE_PLAIN,
			"Nothing is followed out of this block; : goes elsewhere by hand.");
}

/* The rows of the lower pane; 0: there is none. */
static int pane_rows(const struct tree_view *t, const struct area *area)
{
	int rows = area->rows / 3;

	if (t->mode != TREE_BLOCK || !t->block || !t->block->lawful)
		return 0;
	if (t->view.ui->canvas.rows < TWO_PANES)
		return t->lower ? area->rows : 0;
	return rows < PANE_MAX ? rows : PANE_MAX;
}

static void draw_list(struct tree_view *t, const struct area *area)
{
	struct area heads = area_part(area, 0, 0, 1, area->cols);
	struct area rows = area_part(area, 1, 0, area->rows - 1, area->cols);

	tree_draw_heads(&t->view, &heads);
	list_resize(&t->list, tree_count(t));
	if (t->list.count)
		list_draw(&t->list, &t->view, &rows, tree_draw_row, !t->view.preview);
	else
		draw_empty(t, &rows);
	if (t->list.count && t->view.preview) /* what it is about, without a second cursor */
		put_marks(&rows, (int)(t->list.cursor - t->list.top), 0, rows.cols, MARK_BOLD);
}

static void tree_draw(struct view *view, const struct area *area)
{
	struct tree_view *t = tree_of(view);
	int head = tree_head(t, area), pane;
	struct area body = area_part(area, head, 0, area->rows - head, area->cols), list, lower;

	pane = pane_rows(t, &body);
	list = area_part(&body, 0, 0, body.rows - pane, body.cols);
	lower = area_part(&body, body.rows - pane, 0, pane, body.cols);
	t->list_row = list.rows > 1 ? head + 1 : -1;
	t->fields_row = pane > 1 ? head + list.rows + 1 : -1;
	if (list.rows > 0)
		draw_list(t, &list);
	if (pane > 0)
		tree_draw_pane(t, &lower);
}

static void tree_sentence(struct view *view, struct sentence *out)
{
	struct tree_view *t = tree_of(view);
	struct follow follow = tree_follow(t);
	char kind[FIELD_TEXT] = "", where[FIELD_TEXT];
	struct fsr_item item;

	if (tree_item(t, t->list.cursor, &item))
		item_kind(&item, kind);
	follow_text(&follow, view->ui->raw, where);
	sentence_set(out, STYLE_PLAIN, "%s%s%s%s", kind, *kind && *where ? ": " : "",
		*where ? "Enter follows to " : "", where);
}

static void tree_position(struct view *view, char *out, size_t size)
{
	struct tree_view *t = tree_of(view);
	size_t above = tree_path_rows(t), row = t->list.cursor;

	if (t->lower)
		list_position(&t->fields, out, size);
	else if (row >= above)
		snprintf(out, size, "%zu/%zu", t->list.count > above ? row - above + 1 : 0,
			t->list.count - above);
}

static const struct key_hint hints[] = {
	{ACTION_OPEN, "Follow"},
	{ACTION_BACK, "Back"},
	{ACTION_FORWARD, "Fwd"},
	{ACTION_NEXT_PANE, "Pane"},
	{ACTION_PREVIOUS_SIBLING, ""},
	{ACTION_NEXT_SIBLING, "Leaf"},
	{ACTION_GO, "Go"},
	{ACTION_SEARCH, "Find"},
	{ACTION_COPY, "Copy"},
	{ACTION_UNFOLD, "Path"},
	{ACTION_UNITS, "Numbers"},
	{ACTION_EXPORT, "Export"},
	{ACTION_NONE, NULL},
};

const struct screen tree_screen = {
	.id = SCREEN_TREE,
	.letter = 'T',
	.name = "Tree",
	.command = "tree",
	.size = sizeof(struct tree_view),
	.hints = hints,
	.has_preview = true,
	.needs_image = true,
	.close = tree_close,
	.show = tree_show,
	.here = tree_here,
	.update = tree_update,
	.draw = tree_draw,
	.enter = tree_enter,
	.beside = tree_beside,
	.act = tree_act,
	.sentence = tree_sentence,
	.position = tree_position,
	.working = tree_working,
	.click = tree_click,
	.wheel = tree_wheel,
	.find = tree_find,
	.go = tree_go,
	.shown = tree_shown,
	.export_json = tree_export_json,
	.export_text = tree_export_text,
};
