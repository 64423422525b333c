/* SPDX-License-Identifier: MIT */
/* Rewrite: from step to step. */
#include "rewrite.h"
#include "../../inspect/report/export.h"
#include "screens.h"
#include "words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

static struct rewrite_view *self(struct view *view)
{
	return (struct rewrite_view *)view;
}

static bool rewrite_open(struct view *view)
{
	struct rewrite_view *r = self(view);

	snprintf(r->undo, sizeof r->undo, "%s.undo", view->tab->path);
	snprintf(r->copy, sizeof r->copy, "%s.rewritten", view->tab->path);
	r->to_copy = !rewrite_in_place(r);
	return rewrite_collect(r);
}

static void rewrite_close(struct view *view)
{
	rewrite_forget(self(view));
	free(self(view)->candidates);
	free(self(view)->rows);
}

/* The bytenr of row i's block group; 0 for none, which no block group has. */
static uint64_t bytenr_of(const struct rewrite_view *r, size_t i)
{
	switch (r->step) {
	case REWRITE_CHOOSE:
		return i < r->ncandidates ? r->view.tab->records[r->candidates[i]].group.bytenr : 0;
	case REWRITE_PLAN:
		return i < r->nplanned ? r->plan->groups[r->planned[i]].bytenr : 0;
	default:
		return i < r->nrows ? r->rows[i].bytenr : 0;
	}
}

uint64_t rewrite_cursor(const struct rewrite_view *r)
{
	return bytenr_of(r, r->list.cursor);
}

/* Choose, with the cursor on that block group. */
void rewrite_choose_at(struct rewrite_view *r, uint64_t bytenr)
{
	r->step = REWRITE_CHOOSE;
	list_resize(&r->list, r->ncandidates);
	for (size_t i = 0; i < r->ncandidates; i++)
		if (r->view.tab->records[r->candidates[i]].group.bytenr == bytenr)
			r->list.cursor = i;
}

static void rewrite_show(struct view *view, const struct place *place)
{
	struct rewrite_view *r = self(view);

	if (r->step == REWRITE_CHOOSE)
		rewrite_choose_at(r, place->group);
}

static void rewrite_here(const struct view *view, struct place *place)
{
	const struct rewrite_view *r = (const struct rewrite_view *)view;
	uint64_t bytenr = rewrite_cursor(r);

	if (!bytenr && view->tab->ngroups)
		bytenr = view->tab->records[0].group.bytenr;
	*place = (struct place){.screen = SCREEN_REWRITE, .group = bytenr, .address = bytenr};
}

static bool rewrite_update(struct view *view)
{
	struct rewrite_view *r = self(view);
	bool changed = rewrite_take(r);

	if (r->version == view->tab->version)
		return changed;
	rewrite_collect(r);
	if (r->step == REWRITE_CHOOSE)
		list_resize(&r->list, r->ncandidates);
	return true;
}

/* ---- drawing */

static void draw_steps(const struct rewrite_view *r, const struct area *area)
{
	static const char *const names[] = {"Choose", "Plan", "Confirm", "Commit", "Result"};
	static const unsigned places[] = {
		[REWRITE_CHOOSE] = 0, [REWRITE_PLAN] = 1, [REWRITE_COMMIT] = 3, [REWRITE_RESULT] = 4};
	unsigned at = r->confirming ? 2 : places[r->step];
	char right[80] = "";
	int col = 1;

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		if (i)
			col = put(area, 0, col, STYLE_DIM, " › ");
		col = putf(area, 0, col, STYLE_PLAIN, i == at ? "[%s]" : "%s", names[i]);
	}
	if (r->step == REWRITE_RESULT && r->result && r->result->committed)
		snprintf(right, sizeof right, "committed: generation %" PRIu64,
			r->result->transaction.generation);
	else if (r->step == REWRITE_PLAN && r->plan)
		snprintf(right, sizeof right, "%zu of %zu block groups take part", r->nplanned,
			r->plan->ngroups);
	if (col + 2 + text_width(area->canvas, right) <= area->cols)
		put_right(area, 0, area->cols - 1, STYLE_PLAIN, right);
}

static void rewrite_draw(struct view *view, const struct area *area)
{
	struct rewrite_view *r = self(view);
	struct area body = area_part(area, 1, 0, area->rows - 1, area->cols);

	draw_steps(r, area);
	switch (r->step) {
	case REWRITE_CHOOSE:
		rewrite_draw_choose(r, &body);
		break;
	case REWRITE_PLAN:
		rewrite_draw_plan(r, &body);
		break;
	case REWRITE_COMMIT:
		rewrite_draw_commit(r, &body);
		break;
	case REWRITE_RESULT:
		rewrite_draw_result(r, &body);
		break;
	}
}

static void plan_sentence(const struct rewrite_view *r, struct sentence *out)
{
	if (r->job)
		sentence_set(out, STYLE_PLAIN, "the whole commit runs in memory; nothing is written");
	else if (r->err.code)
		sentence_set(out, STYLE_PLAIN, "refused; Backspace goes back");
	else if (!r->nplanned)
		sentence_set(out, STYLE_PLAIN, "nothing is written; Backspace goes back");
	else if (!r->view.ui->options->write)
		sentence_set(
			out, STYLE_PLAIN, "read-only: start with --write to commit; e exports this plan");
	else
		sentence_set(out, STYLE_PLAIN, "nothing has been written; Enter asks before anything is");
}

static void rewrite_sentence(struct view *view, struct sentence *out)
{
	const struct rewrite_view *r = self(view);
	const struct record *record = tab_record(view->tab, rewrite_cursor(r));

	if (r->step == REWRITE_PLAN)
		plan_sentence(r, out);
	else if (r->step == REWRITE_COMMIT && r->stopping)
		sentence_set(out, STYLE_WARNING, "stopping: what was begun is ended safely first");
	else if (r->step == REWRITE_COMMIT && r->phase >= FSW_PHASE_SUPER)
		sentence_set(out, STYLE_PLAIN,
			"the superblocks are being written: this is ended now whatever comes");
	else if (r->step == REWRITE_COMMIT)
		sentence_set(out, STYLE_PLAIN,
			"safe to stop: until the primary super is written the old filesystem stands");
	else if (record && r->step == REWRITE_CHOOSE)
		group_sentence(view->ui, record, out);
}

static void rewrite_position(struct view *view, char *out, size_t size)
{
	list_position(&self(view)->list, out, size);
}

static const char *rewrite_working(struct view *view)
{
	const struct rewrite_view *r = self(view);

	if (r->job)
		return r->step == REWRITE_PLAN ? "planning" : "committing";
	return NULL;
}

bool rewrite_hold(struct view *view)
{
	struct rewrite_view *r = self(view);

	if (!rewrite_committing(r))
		return false;
	r->stopping = true;
	job_stop(r->job);
	return true;
}

/* The picture as it is: every row of the list, with what stands around it. */
static int rewrite_export_text(struct view *view, FILE *out, int cols)
{
	struct rewrite_view *r = self(view);
	struct canvas canvas = {.ascii = view->ui->canvas.ascii};
	struct list kept = r->list;
	struct area area;

	if (!canvas_resize(&canvas, (int)(r->list.count < 100000 ? r->list.count : 100000) + 16, cols))
		return -1;
	area = canvas_area(&canvas);
	rewrite_draw(view, &area);
	canvas_write(&canvas, out);
	canvas_free(&canvas);
	r->list = kept;
	return ferror(out) ? -1 : 0;
}

/* What `spacescope rewrite --dry-run` would write of the plan, or without --dry-run of what was committed. */
static int rewrite_export_json(struct view *view, FILE *out, bool all)
{
	const struct rewrite_view *r = self(view);
	const struct tab *fresh = r->result && r->fresh ? r->fresh : view->tab;
	const struct fsw_result *result = r->result ? r->result : r->plan;
	struct json_stream json = {.out = out};

	(void)all;
	export_open(&json, "rewrite", view->tab->fs, view->tab->path, fresh->fs);
	export_rewrite(&json, result, r->result && r->to_copy ? r->copy : NULL, !r->result);
	export_close(&json, r->err.code ? &r->err : NULL);
	if (json_failed(&json))
		errno = ENOMEM;
	return json_failed(&json) || ferror(out) ? -1 : 0;
}

/* The words of the row's block group; where there are other rows than in Choose, those of its record as well.
 */
static void row_text(
	struct view *view, size_t i, char *text, size_t size, uint64_t *address, uint64_t *length)
{
	const struct rewrite_view *r = self(view);
	const struct record *record = tab_record(view->tab, bytenr_of(r, i));
	const struct fsr_finding_info *reason;

	if (!record)
		return;
	reason = fsr_finding_info(record->group.reason);
	*address = record->group.bytenr;
	*length = record->group.length;
	snprintf(text, size, "%" PRIu64 " %s %s %s %s %s", record->group.bytenr,
		type_long(record->group.flags), profile_word(record->group.flags), state_word(record),
		verdict_word(record), reason ? reason->name : "");
}

static bool rewrite_find(
	struct view *view, const struct needle *needle, int direction, size_t *number, size_t *count)
{
	return list_find(&self(view)->list, view, row_text, needle, direction, number, count);
}

const struct screen rewrite_screen = {
	.id = SCREEN_REWRITE,
	.letter = 'R',
	.name = "Rewrite",
	.command = "rewrite",
	.size = sizeof(struct rewrite_view),
	.hints_now = rewrite_hints,
	.needs_image = true,
	.of_groups = true,
	.open = rewrite_open,
	.close = rewrite_close,
	.show = rewrite_show,
	.here = rewrite_here,
	.update = rewrite_update,
	.draw = rewrite_draw,
	.act = rewrite_act,
	.sentence = rewrite_sentence,
	.position = rewrite_position,
	.working = rewrite_working,
	.hold = rewrite_hold,
	.click = rewrite_click,
	.find = rewrite_find,
	.export_json = rewrite_export_json,
	.export_text = rewrite_export_text,
};
