/* SPDX-License-Identifier: MIT */
/* The rows of Findings: where each one stands, filtered and in order. */
#include "findings.h"

#include <stdlib.h>
#include <string.h>

static const struct fsr_finding *finding_of(const struct tab *tab, const struct finding_row *row)
{
	if (row->record == NO_RECORD)
		return &tab->findings[row->index];
	return &tab->records[row->record].group.findings[row->index];
}

const struct fsr_finding *findings_row(const struct findings_view *f, size_t row)
{
	return finding_of(f->view.tab, &f->rows[row]);
}

const struct record *findings_record(const struct findings_view *f, size_t row)
{
	const struct tab *tab = f->view.tab;

	if (f->rows[row].record != NO_RECORD)
		return &tab->records[f->rows[row].record];
	/* a finding among the filesystem's may name a block group all the same */
	return tab_record(tab, findings_row(f, row)->block_group);
}

const char *findings_code(const struct fsr_finding *finding)
{
	const struct fsr_finding_info *info = fsr_finding_info(finding->code);

	return info ? info->name : "unknown";
}

static int compare(const void *a, const void *b, void *arg)
{
	const struct finding_row *x = a, *y = b;
	const struct fsr_finding *f = finding_of(arg, x), *g = finding_of(arg, y);

	if (f->severity != g->severity)
		return f->severity > g->severity ? -1 : 1;
	if (f->block_group != g->block_group)
		return f->block_group < g->block_group ? -1 : 1;
	if (x->record != y->record)
		return x->record < y->record ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

static size_t count_all(const struct tab *tab)
{
	size_t n = tab->nfindings;

	for (size_t i = 0; i < tab->ngroups; i++)
		n += tab->records[i].group.nfindings;
	return n;
}

static bool make_room(struct findings_view *f, size_t n)
{
	struct finding_row *grown;

	if (n <= f->room)
		return true;
	grown = realloc(f->rows, n * sizeof *grown);
	if (!grown)
		return false;
	f->rows = grown;
	f->room = n;
	return true;
}

static void add(struct findings_view *f, size_t *n, uint32_t record, uint32_t index)
{
	const struct tab *tab = f->view.tab;
	struct finding_row row = {record, index};
	const struct fsr_finding *finding = finding_of(tab, &row);

	if (filter_finding(&f->filter, finding, tab_record(tab, finding->block_group)))
		f->rows[(*n)++] = row;
}

/* The same finding as before, though records have been replaced meanwhile. */
static void restore_cursor(struct findings_view *f, const struct fsr_finding *kept)
{
	for (size_t i = 0; i < f->list.count; i++) {
		const struct fsr_finding *finding = findings_row(f, i);

		if (finding->code != kept->code || finding->block_group != kept->block_group ||
			strcmp(finding->message, kept->message))
			continue;
		f->list.cursor = i;
		return;
	}
}

bool findings_collect(struct findings_view *f)
{
	const struct tab *tab = f->view.tab;
	struct fsr_finding kept = f->kept;
	size_t n = 0;

	f->version = tab->version;
	f->all = count_all(tab);
	if (!make_room(f, f->all + 1)) {
		list_resize(&f->list, 0);
		return false;
	}
	for (size_t i = 0; i < tab->nfindings; i++)
		add(f, &n, NO_RECORD, (uint32_t)i);
	for (size_t i = 0; i < tab->ngroups; i++)
		for (size_t k = 0; k < tab->records[i].group.nfindings; k++)
			add(f, &n, (uint32_t)i, (uint32_t)k);
	qsort_r(f->rows, n, sizeof *f->rows, compare, (void *)tab);
	list_resize(&f->list, n);
	restore_cursor(f, &kept);
	return true;
}
