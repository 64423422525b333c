/* SPDX-License-Identifier: MIT */
/* `:` goes to an address, a screen, a tree, or what the screen itself knows. */
#include "address.h"
#include "go_names.h"
#include "prompt.h"

#include <inttypes.h>
#include <string.h>

/* What the text that is there means. */
struct goal {
	enum { GOAL_NONE, GOAL_PLACE, GOAL_SCREEN, GOAL_QUIT } kind;
	struct place place;
	enum screen_id screen;
};

struct go_prompt {
	struct prompt prompt;
	struct goal goal;
};

static struct place here(struct ui *ui)
{
	struct place place = {0};
	struct view *view = ui_view(ui);

	if (view)
		view->screen->here(view, &place);
	place.screen = ui->screen;
	return place;
}

static bool to_tree(struct prompt *prompt, const char *name, struct goal *goal)
{
	struct ui *ui = prompt->overlay.ui;
	struct fsr_error err;
	struct fsr_tree tree;

	if (!tab_has_image(ui_tab(ui))) {
		prompt_note(prompt, STYLE_DIM, "trees need the image; this is a report");
	} else if (fsr_tree_find(ui_tab(ui)->fs, name, &tree, &err)) {
		prompt_note(prompt, STYLE_DIM, "%s", err.text);
	} else {
		goal->kind = GOAL_PLACE;
		goal->place.screen = SCREEN_TREE;
		goal->place.target = TARGET_BLOCK;
		goal->place.block = tree.bytenr;
		goal->place.slot = goal->place.byte = goal->place.copy = 0;
		prompt_note(prompt, STYLE_PLAIN, "%s tree, Enter goes to its root block %" PRIu64, name,
			tree.bytenr);
	}
	return true;
}

/* A whole name, or the only one that begins so. */
static bool to_name(struct prompt *prompt, const char *text, bool whole, struct goal *goal)
{
	struct go_match match = go_names_match(text);

	if (match.count != 1 || (whole && !match.whole))
		return false;
	switch (match.kind) {
	case GO_TREE:
		return to_tree(prompt, match.name, goal);
	case GO_SCREEN:
		goal->kind = GOAL_SCREEN;
		goal->screen = (enum screen_id)match.screen;
		prompt_note(prompt, STYLE_PLAIN, "%s, Enter goes there", screen_table[match.screen]->name);
		return true;
	default:
		goal->kind = GOAL_QUIT;
		prompt_note(prompt, STYLE_PLAIN, "Enter quits");
		return true;
	}
}

static bool to_address(struct prompt *prompt, const char *text, struct goal *goal)
{
	uint64_t address;
	const struct record *record;

	if (!address_parse(text, &address))
		return false;
	record = tab_record(ui_tab(prompt->overlay.ui), address);
	if (!record) {
		prompt_note(prompt, STYLE_DIM, "%" PRIu64 ": no block group holds this address", address);
		return true;
	}
	goal->kind = GOAL_PLACE;
	goal->place.group = record->group.bytenr;
	goal->place.address = address;
	goal->place.target = TARGET_NONE;
	prompt_note(
		prompt, STYLE_PLAIN, "in block group %" PRIu64 ", Enter goes there", record->group.bytenr);
	return true;
}

static bool to_own(struct prompt *prompt, const char *text, struct goal *goal)
{
	struct view *view = ui_view(prompt->overlay.ui);
	struct place place = goal->place;

	if (!view || !view->screen->go || !view->screen->go(view, text, &place))
		return false;
	goal->kind = GOAL_PLACE;
	goal->place = place;
	prompt_note(prompt, STYLE_PLAIN, "Enter goes there");
	return true;
}

static void go_changed(struct prompt *prompt)
{
	struct goal *goal = &((struct go_prompt *)prompt)->goal;
	const char *text = prompt->edit.text + strspn(prompt->edit.text, " ");
	char names[80];

	*goal = (struct goal){.place = here(prompt->overlay.ui)};
	if (!*text || to_name(prompt, text, true, goal) || to_own(prompt, text, goal) ||
		to_address(prompt, text, goal) || to_name(prompt, text, false, goal))
		return;
	if (go_names_list(text, names, sizeof names))
		prompt_note(prompt, STYLE_DIM, "%s", names);
	else
		prompt_note(prompt, STYLE_DIM, "no address, screen, tree, or place on this screen");
}

static bool go_enter(struct prompt *prompt)
{
	return ((struct go_prompt *)prompt)->goal.kind != GOAL_NONE || !*prompt->edit.text;
}

static void go_leave(struct prompt *prompt, bool kept)
{
	const struct goal *goal = &((struct go_prompt *)prompt)->goal;
	struct ui *ui = prompt->overlay.ui;

	if (!kept)
		return;
	if (goal->kind == GOAL_PLACE)
		ui_go(ui, &goal->place);
	else if (goal->kind == GOAL_SCREEN)
		ui_switch(ui, goal->screen);
	else if (goal->kind == GOAL_QUIT)
		ui_act(ui, ACTION_QUIT);
}

static void go_complete(struct prompt *prompt)
{
	char text[EDIT_SIZE];

	snprintf(text, sizeof text, "%s", prompt->edit.text);
	if (go_names_complete(text, sizeof text))
		edit_set(&prompt->edit, text);
}

static const struct key_hint hints[] = {
	{ACTION_OPEN, "Go"},
	{ACTION_CANCEL, "Drop"},
	{ACTION_NEXT_PANE, "Complete"},
	{ACTION_UP, "Older"},
	{ACTION_NONE, NULL},
};
static const struct prompt_kind kind = {
	.label = ":",
	.recall = RECALL_GO,
	.hints = hints,
	.changed = go_changed,
	.enter = go_enter,
	.leave = go_leave,
	.complete = go_complete,
};

void open_go(struct ui *ui)
{
	prompt_open(ui, &kind, sizeof(struct go_prompt), "");
}
