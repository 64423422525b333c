/* SPDX-License-Identifier: MIT */
/* What keys and clicks do in Rewrite, step by step. */
#include "rewrite.h"
#include "words.h"

static void go_to_plan(struct rewrite_view *r)
{
	if (!r->view.tab->complete) {
		ui_say(r->view.ui, SAY_WARNING, "still judging: the plan can be made when that is done");
		return;
	}
	r->chosen = rewrite_cursor(r);
	rewrite_forget(r);
	if (rewrite_start(r, true))
		r->step = REWRITE_PLAN;
	r->list = (struct list){0};
}

/* Back to Choose; from there back to where one came from. */
static bool previous_step(struct rewrite_view *r)
{
	uint64_t at = rewrite_cursor(r);

	if (r->step == REWRITE_CHOOSE)
		return false;
	rewrite_forget(r);
	rewrite_choose_at(r, at ? at : r->chosen);
	return true;
}

static void next_step(struct rewrite_view *r)
{
	struct ui *ui = r->view.ui;

	if (r->step == REWRITE_CHOOSE) {
		go_to_plan(r);
	} else if (r->step == REWRITE_RESULT) {
		previous_step(r);
	} else if (r->step == REWRITE_PLAN && r->plan && r->nplanned) {
		if (ui->options->write)
			rewrite_confirm(r);
		else
			ui_say(ui, SAY_WARNING,
				"read-only: start with --write to commit; e exports this plan");
	}
}

static void mark(struct rewrite_view *r, enum action action)
{
	struct tab *tab = r->view.tab;

	if (r->step != REWRITE_CHOOSE) {
		ui_say(r->view.ui, SAY_INFORMATION, "marks are made in Choose: Backspace goes there");
		return;
	}
	for (size_t i = 0; i < r->ncandidates; i++) {
		struct record *record = &tab->records[r->candidates[i]];

		if (action == ACTION_MARK_NONE)
			record->marked = false;
		else if (action == ACTION_MARK_ALL)
			record->marked = record->judged && record->group.state != FSR_STATE_WRITTEN;
		else if (i == r->list.cursor)
			toggle_mark(r->view.ui, record);
	}
	if (action == ACTION_MARK)
		list_act(&r->list, ACTION_DOWN);
}

/* While a commit runs there is nothing to do but to wait, or to stop it. */
static bool act_while_committing(struct rewrite_view *r, enum action action)
{
	if (action == ACTION_QUIT) {
		rewrite_hold(&r->view);
		return true;
	}
	if (action == ACTION_HELP || action == ACTION_REDRAW || action == ACTION_SUSPEND)
		return false;
	if (!list_act(&r->list, action))
		ui_say(r->view.ui, SAY_INFORMATION, "a commit is running; Ctrl-C stops it safely");
	return true;
}

bool rewrite_act(struct view *view, enum action action)
{
	struct rewrite_view *r = (struct rewrite_view *)view;

	if (rewrite_committing(r))
		return act_while_committing(r, action);
	switch (action) {
	case ACTION_OPEN:
		next_step(r);
		return true;
	case ACTION_BACK:
		return previous_step(r);
	case ACTION_MARK:
	case ACTION_MARK_ALL:
	case ACTION_MARK_NONE:
		mark(r, action);
		return true;
	case ACTION_TARGET:
		if (r->step == REWRITE_PLAN)
			rewrite_ask_name(r);
		else
			ui_say(r->view.ui, SAY_INFORMATION, "the target is chosen when the plan is made");
		return true;
	default:
		return list_act(&r->list, action);
	}
}

bool rewrite_click(struct view *view, int row, int col)
{
	struct rewrite_view *r = (struct rewrite_view *)view;

	static const int first_row[] = {
		[REWRITE_CHOOSE] = 4, [REWRITE_PLAN] = 5, [REWRITE_COMMIT] = 3, [REWRITE_RESULT] = 2};

	(void)col; /* never goes on by the mouse beyond Choose */
	return list_click(&r->list, row - first_row[r->step]) && r->step == REWRITE_CHOOSE;
}

static const struct key_hint choose_hints[] = {
	{ACTION_OPEN, "Plan"},
	{ACTION_MARK, "Mark"},
	{ACTION_MARK_ALL, "Mark all"},
	{ACTION_MARK_NONE, "None"},
	{ACTION_WHY, "Why"},
	{ACTION_BACK, "Back"},
	{ACTION_NONE, NULL},
};
static const struct key_hint plan_hints[] = {
	{ACTION_OPEN, "Confirm"},
	{ACTION_TARGET, "Target"},
	{ACTION_BACK, "Choose"},
	{ACTION_WHY, "Why"},
	{ACTION_EXPORT, "Export"},
	{ACTION_NONE, NULL},
};
static const struct key_hint commit_hints[] = {{ACTION_QUIT, "Stop safely"}, {ACTION_NONE, NULL}};
static const struct key_hint result_hints[] = {
	{ACTION_OPEN, "Choose again"},
	{ACTION_WHY, "Why"},
	{ACTION_EXPORT, "Export"},
	{ACTION_NONE, NULL},
};

const struct key_hint *rewrite_hints(struct view *view)
{
	static const struct key_hint *const hints[] = {
		[REWRITE_CHOOSE] = choose_hints,
		[REWRITE_PLAN] = plan_hints,
		[REWRITE_COMMIT] = commit_hints,
		[REWRITE_RESULT] = result_hints,
	};

	return hints[((struct rewrite_view *)view)->step];
}
