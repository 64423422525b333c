/* SPDX-License-Identifier: MIT */
/* Findings: all of them, worst first, each explained, with a jump to where its bytes lie. */
#include "findings.h"

#include "records_export.h"
#include "screens.h"
#include "words.h"

#include <inttypes.h>
#include <stdlib.h>

static struct findings_view *self(struct view *view)
{
	return (struct findings_view *)view;
}

const struct fsr_finding *findings_cursor(const struct findings_view *f)
{
	return f->list.count ? findings_row(f, f->list.cursor) : NULL;
}

static void keep_cursor(struct findings_view *f)
{
	const struct fsr_finding *finding = findings_cursor(f);

	if (finding)
		f->kept = *finding;
}

static bool findings_open(struct view *view)
{
	return findings_collect(self(view));
}

static void findings_close(struct view *view)
{
	free(self(view)->rows);
	prose_free(&self(view)->prose);
}

/* To the finding that `detail` counts (Back), else to the block group's first. */
static void findings_show(struct view *view, const struct place *place)
{
	struct findings_view *f = self(view);
	size_t row = f->list.cursor;

	for (size_t i = f->list.count; i-- > 0 && !place->detail;)
		if (findings_row(f, i)->block_group == place->group)
			row = i;
	list_to(&f->list, place->detail ? place->detail - 1 : row);
	f->pane_top = 0;
	keep_cursor(f);
}

static void findings_here(const struct view *view, struct place *place)
{
	const struct findings_view *f = (const struct findings_view *)view;
	const struct fsr_finding *finding = findings_cursor(f);

	*place = (struct place){.screen = SCREEN_FINDINGS, .detail = f->list.cursor + 1};
	if (finding && finding->block_group != FSR_NO_BYTENR)
		place->group = place->address = finding->block_group;
	else if (view->tab->ngroups)
		place->group = place->address = view->tab->records[0].group.bytenr;
}

static const struct fsr_finding *findings_finding(const struct view *view)
{
	return findings_cursor((const struct findings_view *)view);
}

static bool findings_update(struct view *view)
{
	struct findings_view *f = self(view);

	return f->version != view->tab->version && findings_collect(f);
}

static void findings_sentence(struct view *view, struct sentence *out)
{
	const struct fsr_finding *finding = findings_cursor(self(view));
	char text[PLACE_TEXT];

	if (!finding)
		return;
	finding_place_text(view->tab, finding, text);
	if (*text && tab_has_image(view->tab))
		sentence_set(out, STYLE_PLAIN, "Enter: %s", text);
	else
		sentence_set(out, STYLE_PLAIN, "%s", finding->message);
}

static void findings_position(struct view *view, char *out, size_t size)
{
	list_position(&self(view)->list, out, size);
}

/* ---- keys */

static bool act_in_pane(struct findings_view *f, enum action action)
{
	size_t page = f->list.rows > 1 ? (size_t)f->list.rows : 1, by;

	if (action != ACTION_UP && action != ACTION_DOWN && action != ACTION_PAGE_UP &&
		action != ACTION_PAGE_DOWN)
		return false;
	by = action == ACTION_PAGE_UP || action == ACTION_PAGE_DOWN ? page : 1;
	if (action == ACTION_DOWN || action == ACTION_PAGE_DOWN)
		f->pane_top = f->pane_top + by < f->pane_end ? f->pane_top + by : f->pane_end;
	else
		f->pane_top -= by < f->pane_top ? by : f->pane_top;
	return true;
}

static bool findings_act(struct view *view, enum action action)
{
	struct findings_view *f = self(view);
	struct record *record;

	if (f->pane && act_in_pane(f, action))
		return true;
	switch (action) {
	case ACTION_NEXT_PANE:
	case ACTION_PREVIOUS_PANE:
		f->pane = !f->pane;
		return true;
	case ACTION_MARK:
		record = f->list.count ? (struct record *)findings_record(f, f->list.cursor) : NULL;
		if (record)
			toggle_mark(view->ui, record);
		else
			ui_say(view->ui, SAY_INFORMATION,
				"a finding about the whole filesystem has no block group");
		return true;
	case ACTION_NEXT_WRONG:
	case ACTION_PREVIOUS_WRONG:
		action = action == ACTION_NEXT_WRONG ? ACTION_DOWN : ACTION_UP;
		break;
	default:
		break;
	}
	f->pane_top = 0;
	if (!list_act(&f->list, action))
		return false;
	keep_cursor(f);
	return true;
}

static bool findings_click(struct view *view, int row, int col)
{
	struct findings_view *f = self(view);

	bool again;

	(void)col;
	f->pane = row >= f->pane_row;
	again = !f->pane && list_click(&f->list, row - 2);
	keep_cursor(f);
	return again;
}

static void row_text(
	struct view *view, size_t i, char *text, size_t size, uint64_t *address, uint64_t *length)
{
	const struct fsr_finding *finding = findings_row(self(view), i);
	const struct record *record = findings_record(self(view), i);

	snprintf(text, size, "%s %s %" PRIu64 " %s", fsr_severity_name(finding->severity),
		findings_code(finding), finding->block_group, finding->message);
	if (!record)
		return;
	*address = record->group.bytenr;
	*length = record->group.length;
}

static bool findings_find(
	struct view *view, const struct needle *needle, int direction, size_t *number, size_t *count)
{
	struct findings_view *f = self(view);
	bool found = list_find(&f->list, view, row_text, needle, direction, number, count);

	keep_cursor(f);
	return found;
}

static bool findings_filter(
	struct view *view, const char *words, struct sentence *err, size_t *shown, size_t *all)
{
	struct findings_view *f = self(view);
	struct filter filter;
	char why[160];

	if (!filter_parse(&filter, words, FILTER_ALL & ~(unsigned)FILTER_DIFFERENCE, why, sizeof why)) {
		sentence_set(err, STYLE_ERROR, "%s", why);
		return false;
	}
	f->filter = filter;
	findings_collect(f);
	*shown = f->list.count;
	*all = f->all;
	return true;
}

static void findings_shown(struct view *view, char *out, size_t size)
{
	const struct findings_view *f = (const struct findings_view *)view;

	snprintf(out, size, "rows shown: %zu of %zu%s%s", f->list.count, f->all,
		*f->view.filtered_by ? ", filter " : "", f->view.filtered_by);
}

static int findings_export_text(struct view *view, FILE *out, int cols)
{
	return list_write(&self(view)->list, view, findings_draw_row, findings_draw_heads, out, cols);
}

static int findings_export_json(struct view *view, FILE *out, bool all)
{
	const struct findings_view *f = (const struct findings_view *)view;
	struct fsr_finding *list = calloc(f->all + 1, sizeof *list);
	size_t n = 0;
	int ret;

	if (!list)
		return -1;
	for (size_t i = 0; i < f->list.count; i++)
		list[n++] = *findings_row(f, i);
	ret = validate_export(view, out, all ? NULL : list, n);
	free(list);
	return ret;
}

static const struct key_hint hints[] = {
	{ACTION_OPEN, "Go there"},
	{ACTION_MARK, "Mark"},
	{ACTION_FILTER, "Filter"},
	{ACTION_NEXT_PANE, "Pane"},
	{ACTION_SEARCH, "Find"},
	{ACTION_EXPORT, "Export"},
	{ACTION_BACK, "Back"},
	{ACTION_WHY, "Why"},
	{ACTION_NONE, NULL},
};

const struct screen findings_screen = {
	.id = SCREEN_FINDINGS,
	.letter = 'F',
	.name = "Findings",
	.command = "validate",
	.size = sizeof(struct findings_view),
	.hints = hints,
	.has_preview = true,
	.filter_kinds = FILTER_ALL & ~(unsigned)FILTER_DIFFERENCE,
	.open = findings_open,
	.close = findings_close,
	.show = findings_show,
	.here = findings_here,
	.update = findings_update,
	.draw = findings_draw,
	.enter = findings_enter,
	.beside = findings_beside,
	.finding = findings_finding,
	.act = findings_act,
	.sentence = findings_sentence,
	.position = findings_position,
	.click = findings_click,
	.find = findings_find,
	.filter = findings_filter,
	.shown = findings_shown,
	.export_json = findings_export_json,
	.export_text = findings_export_text,
};
