/* SPDX-License-Identifier: MIT */
/* `x`: a box with the reasons, whose places can be gone to. */
#include "why.h"

#include "../screens/explain.h"
#include "../screens/places.h"
#include "../screens/words.h"
#include "box.h"
#include "export.h"
#include "pager.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct why {
	struct overlay overlay;
	struct pager pager;
	uint64_t group; /* FSR_NO_BYTENR: about the whole filesystem */
	bool one;       /* about `finding` alone */
	struct fsr_finding finding;
	unsigned version; /* of the tab, as shown */
	bool was_judged;  /* when the ranges were asked for */
	struct job *job;
	bool have_ranges;
	struct why_ranges ranges;
};

static struct why *self(struct overlay *overlay)
{
	return (struct why *)overlay;
}

static const struct tab *tab_of(const struct why *why)
{
	return ui_tab(why->overlay.ui);
}

static const struct record *record_of(const struct why *why)
{
	return why->group == FSR_NO_BYTENR ? NULL : tab_record(tab_of(why), why->group);
}

/* What the numbers of finding tags count: the one, the block group's, or the filesystem's. */
static const struct fsr_finding *findings_of(const struct why *why, size_t *n)
{
	const struct record *record = record_of(why);
	const struct tab *tab = tab_of(why);

	if (why->one) {
		*n = 1;
		return &why->finding;
	}
	*n = record ? record->group.nfindings : tab->nfindings;
	if (*n > WHY_FINDINGS)
		*n = WHY_FINDINGS;
	return record ? record->group.findings : tab->findings;
}

static void write_filesystem(const struct why *why, struct prose *prose)
{
	size_t n;
	const struct fsr_finding *findings = findings_of(why, &n);

	for (size_t i = 0; i < n; i++) {
		if (i)
			prose_add(prose, STYLE_PLAIN, 0, "%s", "");
		why_finding(prose, tab_of(why), &findings[i], WHY_FINDING + (unsigned)i);
	}
	if (!n)
		prose_add(prose, STYLE_PLAIN, 0, "There are no findings about the whole filesystem.");
}

static void write_prose(const struct why *why, struct prose *prose)
{
	const struct record *record = record_of(why);

	if (record && !why->one)
		why_record(prose, tab_of(why), record, why->have_ranges ? &why->ranges : NULL, why->job);
	else
		write_filesystem(why, prose);
}

static void rebuild(struct why *why)
{
	struct prose prose = {0};

	why->version = tab_of(why)->version;
	write_prose(why, &prose);
	pager_set(&why->pager, &prose);
}

/* The ranges are read once the block group is judged. */
static void ask_for_ranges(struct why *why)
{
	const struct record *record = record_of(why);

	if (!record || why->one || !record->judged || why->was_judged)
		return;
	why->was_judged = true;
	why->have_ranges = why_recorded(tab_of(why), record, &why->ranges);
	if (!why->have_ranges)
		why->job = why_read(ui_tab(why->overlay.ui), record);
}

static bool why_update(struct overlay *overlay)
{
	struct why *why = self(overlay);
	struct why_ranges *ranges = why->job ? job_take(why->job) : NULL;
	bool changed = ranges || why->version != tab_of(why)->version;

	if (ranges) {
		why->ranges = *ranges;
		why->have_ranges = true;
		free(ranges);
	}
	if (why->job && job_done(why->job)) {
		job_end(why->job);
		why->job = NULL;
		changed = true;
	}
	if (!changed)
		return false;
	ask_for_ranges(why);
	rebuild(why);
	return true;
}

static void title(const struct why *why, char *out, size_t size)
{
	const struct record *record = record_of(why);

	if (why->one)
		snprintf(out, size, "why: %s",
			fsr_finding_info(why->finding.code) ? fsr_finding_info(why->finding.code)->name
							    : "?");
	else if (record)
		snprintf(out, size, "why: block group %" PRIu64 ", %s", record->group.bytenr,
			verdict_word(record));
	else
		snprintf(out, size, "why: the filesystem");
}

static void why_draw(struct overlay *overlay, const struct area *whole)
{
	static const struct box_key keys[] = {{"Up Down", "choose a place"}, {"Enter", "Go there"},
		{"e", "Export"}, {"q", "Close"}, {NULL, NULL}};
	struct why *why = self(overlay);
	int cols = box_cols(whole, BOX_COLS), foot;
	size_t lines = pager_wrap(&why->pager, whole->canvas, cols);
	char text[80];
	struct area area, part;

	title(why, text, sizeof text);
	area = box_draw(whole, text, lines < (size_t)whole->rows ? (int)lines + 2 : whole->rows, cols);
	foot = area.rows > 3 ? 2 : 0;
	part = area_part(&area, 0, 0, area.rows - foot, area.cols);
	pager_draw(&why->pager, &part);
	if (foot)
		box_keys(&area, keys);
}

static void go_there(struct why *why)
{
	const struct paragraph *chosen = pager_chosen(&why->pager);
	struct ui *ui = why->overlay.ui;
	struct place place = {0};
	size_t n;
	const struct fsr_finding *findings = findings_of(why, &n);

	if (!chosen)
		return;
	if (ui_view(ui))
		ui_view(ui)->screen->here(ui_view(ui), &place);
	if (!chosen->tag) {
		place = chosen->place;
	} else if (!why_place(tab_of(why), record_of(why), findings, n, chosen->tag, &place)) {
		ui_say(ui, SAY_WARNING, "that place can't be read or is not there any more");
		return;
	}
	ui_overlay(ui, NULL); /* frees all of this */
	ui_go(ui, &place);
}

static void export(struct why *why)
{
	struct prose prose = {0};
	char name[64];

	write_prose(why, &prose);
	if (why->group != FSR_NO_BYTENR)
		snprintf(name, sizeof name, "why-%" PRIu64, why->group);
	else
		snprintf(name, sizeof name, "why");
	export_prose(why->overlay.ui, name, &prose);
}

static bool why_key(struct overlay *overlay, const struct term_input *input)
{
	switch (input->key) {
	case KEY_IS_ENTER:
		go_there(self(overlay));
		return true;
	case KEY_IS_WHEEL_UP:
	case KEY_IS_WHEEL_DOWN:
		pager_wheel(&self(overlay)->pager, input->key == KEY_IS_WHEEL_DOWN ? 1 : -1);
		return true;
	case 'x': /* what opened it closes it */
		ui_overlay(overlay->ui, NULL);
		return true;
	default:
		return false;
	}
}

static bool why_act(struct overlay *overlay, enum action action)
{
	if (action == ACTION_EXPORT) {
		export(self(overlay));
		return true;
	}
	return pager_act(&self(overlay)->pager, action);
}

static void why_close(struct overlay *overlay)
{
	job_end(self(overlay)->job);
	pager_free(&self(overlay)->pager);
}

static const struct overlay_ops why_ops = {
	.draw = why_draw,
	.key = why_key,
	.act = why_act,
	.update = why_update,
	.close = why_close,
};

/* What the cursor is on: a finding, a block group, or neither. */
static void choose_subject(struct why *why)
{
	const struct view *view = ui_view(why->overlay.ui);
	const struct fsr_finding *finding =
		view && view->screen->finding ? view->screen->finding(view) : NULL;
	struct place place = {0};
	const struct record *record;

	why->group = FSR_NO_BYTENR;
	if (finding && finding->block_group == FSR_NO_BYTENR) {
		why->one = true;
		why->finding = *finding;
		return;
	}
	if (view)
		view->screen->here(view, &place);
	record = tab_record(tab_of(why), finding ? finding->block_group : place.group);
	if (record)
		why->group = record->group.bytenr;
}

void open_why(struct ui *ui)
{
	struct why *why = calloc(1, sizeof *why);

	if (!why) {
		ui_say(ui, SAY_ERROR, "memory ran out");
		return;
	}
	why->overlay = (struct overlay){.ops = &why_ops, .ui = ui};
	choose_subject(why);
	ask_for_ranges(why);
	rebuild(why);
	ui_overlay(ui, &why->overlay);
}

bool why_place(const struct tab *tab, const struct record *record, const struct fsr_finding *findings,
	size_t n, unsigned tag, struct place *place)
{
	const struct fsr_group *group = record ? &record->group : NULL;

	if (tag >= WHY_FINDING)
		return tag - WHY_FINDING < n && finding_place(tab, &findings[tag - WHY_FINDING], place);
	if (!group)
		return false;
	place->group = place->address = group->bytenr;
	switch (tag) {
	case WHY_HEADER:
		return place_of_header(tab, group->bytenr, place);
	case WHY_INODE:
		return place_of_inode(tab, group->cache.inode, place);
	case WHY_PAGES:
		place_of_page(group, 0, 0, place);
		return true;
	case WHY_GROUP_ITEM:
		return place_of_group_item(tab, group, place);
	default:
		place_of_address(group->bytenr, group->bytenr, place);
		return true;
	}
}
