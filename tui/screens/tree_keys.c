/* SPDX-License-Identifier: MIT */
/* What keys, clicks and searches do in Tree. */
#include "tree.h"
#include "words.h"

/* Says why Enter does nothing, where it does nothing. */
static bool cannot_follow(struct tree_view *t)
{
	struct follow follow = tree_follow(t);
	struct place place = {.group = t->group, .address = t->address};
	struct fsr_error err = {0};

	if (!follow.kind)
		ui_say(t->view.ui, SAY_INFORMATION, "this leads nowhere");
	else if (!follow_place(t, &follow, &place, &err))
		ui_say(t->view.ui, SAY_WARNING, "%s", err.text);
	else
		return false;
	return true;
}

/* To the next or previous block of this level: its first item, or coming from behind its last. */
static void step(struct tree_view *t, int direction)
{
	unsigned level = tree_level(t);
	struct fsr_error err = {0};
	int ret;

	if (t->mode != TREE_BLOCK || !t->path.known) {
		ui_say(t->view.ui, SAY_INFORMATION,
			"there is no path to step along: no tree's root leads here");
		return;
	}
	ret = path_step(t->view.tab->fs, &t->path, level, direction, &err);
	if (ret) {
		ui_say(t->view.ui, ret < 0 ? SAY_WARNING : SAY_INFORMATION, "%s",
			ret < 0         ? err.text
			: direction > 0 ? "this is the last one"
					: "this is the first one");
		return;
	}
	tree_load_on_path(t, t->path.way.bytenr[level]);
	tree_to_row(t, direction > 0 ? tree_path_rows(t) : tree_count(t));
}

static void next_copy(struct tree_view *t)
{
	unsigned copies = t->mode == TREE_BLOCK ? fsr_copies(t->view.tab->fs, t->bytenr) : 0, copy;
	size_t row = t->list.cursor;

	if (copies < 2) {
		ui_say(t->view.ui, SAY_INFORMATION, "there is one copy only");
		return;
	}
	copy = t->block ? t->block->copy : 0;
	tree_load(t, t->bytenr, (copy + 1) % copies);
	list_resize(&t->list, tree_count(t));
	list_to(&t->list, row);
}

/* Shows or hides the path; the cursor stays on its item. */
static void unfold(struct tree_view *t, bool unfolded)
{
	size_t before = tree_path_rows(t), row = t->list.cursor;

	t->unfolded = unfolded;
	list_resize(&t->list, tree_count(t));
	list_to(&t->list, row < before ? 0 : row - before + tree_path_rows(t));
	if (unfolded) { /* so that it is seen */
		t->list.top = 0;
		ui_say(t->view.ui, SAY_INFORMATION, "the path from the root stands above the first row");
	}
}

static bool move(struct tree_view *t, enum action action)
{
	size_t row = t->list.cursor;

	if (t->lower)
		return list_act(&t->fields, action);
	if (!list_act(&t->list, action))
		return false;
	if (row != t->list.cursor)
		t->fields = (struct list){0};
	return true;
}

bool tree_act(struct view *view, enum action action)
{
	struct tree_view *t = tree_of(view);

	switch (action) {
	case ACTION_OPEN:
		return cannot_follow(t);
	case ACTION_NEXT_PANE:
	case ACTION_PREVIOUS_PANE:
		t->lower = !t->lower && t->mode == TREE_BLOCK && tree_count_fields(t, t->list.cursor);
		return true;
	case ACTION_NEXT_SIBLING:
	case ACTION_PREVIOUS_SIBLING:
		step(t, action == ACTION_NEXT_SIBLING ? 1 : -1);
		return true;
	case ACTION_COPY:
		next_copy(t);
		return true;
	case ACTION_UNFOLD:
	case ACTION_FOLD:
		unfold(t, action == ACTION_UNFOLD);
		return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
		columns_scroll(tree_columns(t, view->ui->body.cols), &t->layout, action);
		return true;
	default:
		return move(t, action);
	}
}

bool tree_click(struct view *view, int row, int col)
{
	struct tree_view *t = tree_of(view);

	(void)col;
	if (t->fields_row >= 0 && row >= t->fields_row) {
		t->lower = true;
		return list_click(&t->fields, row - t->fields_row);
	}
	if (t->list_row < 0 || row < t->list_row)
		return false;
	t->lower = false;
	return list_click(&t->list, row - t->list_row);
}

void tree_wheel(struct view *view, int direction)
{
	struct tree_view *t = tree_of(view);

	list_wheel(t->lower ? &t->fields : &t->list, direction);
}

bool tree_find(struct view *view, const struct needle *needle, int direction, size_t *number, size_t *count)
{
	struct tree_view *t = tree_of(view);

	t->lower = false;
	return list_find(&t->list, view, tree_row_text, needle, direction, number, count);
}
