/* SPDX-License-Identifier: MIT */
#include "../ui.h"
#include "findings.h"

#include <string.h>

static const struct fsr_finding *under_cursor(const struct findings_view *f)
{
	return f->list.count ? findings_row(f, f->list.cursor) : NULL;
}

bool findings_enter(struct view *view, struct place *place)
{
	const struct fsr_finding *finding = under_cursor((struct findings_view *)view);

	if (finding && finding_place(view->tab, finding, place))
		return place->screen != SCREEN_FINDINGS;
	if (finding)
		ui_say(view->ui, SAY_INFORMATION, "there is no one place to go to for this finding");
	return false;
}

static bool is_same(const struct fsr_finding *a, const struct fsr_finding *b)
{
	return a->code == b->code && a->block_group == b->block_group && !strcmp(a->message, b->message);
}

bool findings_beside(struct view *view, struct place *place)
{
	struct findings_view *f = (struct findings_view *)view;
	const struct fsr_finding *finding = under_cursor(f);

	if (!finding)
		return false;
	if (f->beside_version != view->tab->version || !is_same(&f->beside_of, finding)) {
		f->beside_version = view->tab->version;
		f->beside_of = *finding;
		f->beside = *place;
		f->has_beside = finding_place(view->tab, finding, &f->beside);
	}
	*place = f->beside;
	return f->has_beside && place->screen != SCREEN_FINDINGS;
}
