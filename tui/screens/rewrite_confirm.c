/* SPDX-License-Identifier: MIT */
/* The box before a commit: only the whole word, then Enter, counts. And the one that asks for the copy's
 * name. */
#include "../overlays/box.h"
#include "../overlays/edit.h"
#include "rewrite.h"
#include "words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORD "rewrite"
#define ROWS 4

struct ask {
	struct overlay overlay;
	struct rewrite_view *r;
	struct edit edit;
	bool copy;  /* the name is that of a copy, else of an undo file */
	bool wrong; /* Enter came with another word */
};

static struct ask *self(struct overlay *overlay)
{
	return (struct ask *)overlay;
}

static void draw_edit(struct ask *ask, const struct area *box, int row, int col)
{
	struct area line = area_part(box, row, col, 1, box->cols - col);

	ask->overlay.cursor_row = line.row;
	ask->overlay.cursor_col = line.col + edit_draw(&ask->edit, &line, STYLE_PLAIN);
}

/* ---- the word */

static void confirm_draw(struct overlay *overlay, const struct area *whole)
{
	struct ask *ask = self(overlay);
	const struct rewrite_view *r = ask->r;
	const struct fsw_result *plan = r->plan;
	char title[256], name[192];
	struct area box;
	int col;

	clip_untrusted(whole->canvas, tab_name(r->view.tab), 40, true, name, sizeof name);
	snprintf(title, sizeof title, "rewrite %s %s", name, r->to_copy ? "to a copy" : "in place");
	box = box_draw(whole, title, ROWS + 1, box_cols(whole, BOX_COLS));
	putf(&box, 0, 0, STYLE_PLAIN,
		"%zu caches, %" PRIu64 " tree blocks, generation %" PRIu64 " → %" PRIu64, r->nplanned,
		plan->transaction.blocks_written, r->old_generation, plan->transaction.generation);
	col = put_untrusted(&box, 1, 0, box.cols - 22, STYLE_PLAIN, r->to_copy ? r->copy : r->undo);
	put(&box, 1, col + 1, STYLE_PLAIN, r->to_copy ? "is made and worked on" : "is made first");
	col = put(&box, 3, 0, STYLE_PLAIN, "type  ");
	col = put(&box, 3, col, STYLE_KEY, WORD);
	col = put(&box, 3, col, STYLE_PLAIN,
		box.cols < 56 ? "  and Enter:  " : "  and Enter to commit, Esc to go back:  ");
	draw_edit(ask, &box, 3, col);
	if (ask->wrong)
		put(&box, 4, 0, STYLE_WARNING, "nothing was begun: the word is " WORD);
}

static bool confirm_key(struct overlay *overlay, const struct term_input *input)
{
	struct ask *ask = self(overlay);
	struct rewrite_view *r = ask->r;

	if (input->key != KEY_IS_ENTER)
		return edit_key(&ask->edit, input->key) != EDIT_NOT_WANTED;
	ask->wrong = strcmp(ask->edit.text, WORD) != 0;
	if (ask->wrong)
		return true;
	ui_overlay(overlay->ui, NULL); /* frees ask */
	if (rewrite_start(r, false))
		r->step = REWRITE_COMMIT;
	return true;
}

static void confirm_close(struct overlay *overlay)
{
	self(overlay)->r->confirming = false;
}

/* ---- the name of the copy, or of the undo file */

static void name_draw(struct overlay *overlay, const struct area *whole)
{
	struct ask *ask = self(overlay);
	bool copy = ask->copy;
	struct area box = box_draw(
		whole, copy ? "rewrite to a copy" : "rewrite in place", ROWS, box_cols(whole, BOX_COLS));

	put(&box, 0, 0, STYLE_PLAIN,
		copy ? "The image stays as it is; the copy must not exist yet."
		     : "What was there before goes to this file; it must not exist yet.");
	draw_edit(ask, &box, 1, put(&box, 1, 0, STYLE_PLAIN, copy ? "copy  " : "undo  "));
	put(&box, 3, 0, STYLE_DIM,
		copy ? "Enter to a copy   Esc as it was" : "Enter in place   Esc as it was");
}

static bool name_key(struct overlay *overlay, const struct term_input *input)
{
	struct ask *ask = self(overlay);
	struct rewrite_view *r = ask->r;

	if (input->key != KEY_IS_ENTER)
		return edit_key(&ask->edit, input->key) != EDIT_NOT_WANTED;
	if (!*ask->edit.text)
		return true;
	r->to_copy = ask->copy;
	snprintf(r->to_copy ? r->copy : r->undo, REWRITE_PATH, "%s", ask->edit.text);
	ui_overlay(overlay->ui, NULL);
	return true;
}

static void ask(struct rewrite_view *r, const struct overlay_ops *ops, bool copy, const char *text)
{
	struct ask *made = calloc(1, sizeof *made);

	if (!made) {
		r->confirming = false;
		ui_say(r->view.ui, SAY_ERROR, "memory ran out");
		return;
	}
	made->overlay.ops = ops;
	made->overlay.ui = r->view.ui;
	made->r = r;
	made->copy = copy;
	edit_set(&made->edit, text);
	ui_overlay(r->view.ui, &made->overlay);
}

void rewrite_confirm(struct rewrite_view *r)
{
	static const struct overlay_ops ops = {
		.draw = confirm_draw, .key = confirm_key, .close = confirm_close};
	const char *made = r->to_copy ? r->copy : r->undo;

	if (!access(made, F_OK)) {
		ui_say(r->view.ui, SAY_ERROR, "the %s exists already: o gives another name or target",
			r->to_copy ? "copy" : "undo file");
		return;
	}
	r->confirming = true;
	ask(r, &ops, r->to_copy, "");
}

void rewrite_ask_name(struct rewrite_view *r)
{
	static const struct overlay_ops ops = {.draw = name_draw, .key = name_key};

	/* a compressed file or an archive can't be changed in place */
	bool copy = !r->to_copy || !rewrite_in_place(r);

	ask(r, &ops, copy, copy ? r->copy : r->undo);
}
