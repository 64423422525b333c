/* SPDX-License-Identifier: MIT */
#include "records_export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_chosen(const bool *chosen, size_t i)
{
	return !chosen || chosen[i];
}

static void put_groups(const struct tab *tab, struct json_stream *json, const bool *chosen)
{
	for (size_t i = 0; i < tab->ngroups && !json_stopped(json); i++)
		if (is_chosen(chosen, i))
			json_put(json, NULL, report_group(&tab->records[i].group));
}

struct fsr_finding *records_findings(const struct tab *tab, const bool *chosen, size_t *n)
{
	size_t room = tab->nfindings + 1;
	struct fsr_finding *list;

	*n = 0;
	for (size_t i = 0; i < tab->ngroups; i++)
		room += tab->records[i].group.nfindings;
	list = malloc(room * sizeof *list);
	if (!list)
		return NULL;
	for (size_t i = 0; i < tab->ngroups; i++)
		for (size_t k = 0; is_chosen(chosen, i) && k < tab->records[i].group.nfindings; k++)
			list[(*n)++] = tab->records[i].group.findings[k];
	for (size_t i = 0; !chosen && i < tab->nfindings; i++)
		list[(*n)++] = tab->findings[i];
	return list;
}

int records_outcome(const struct json_stream *json)
{
	if (json_failed(json))
		errno = ENOMEM;
	return json_failed(json) || ferror(json->out) ? -1 : 0;
}

void records_open(const struct tab *tab, struct json_stream *json, const char *command)
{
	if (tab->fs)
		export_open(json, command, tab->fs, tab->path, tab->fs);
	else
		export_open_saved(json, command, tab->image->path, tab->image->size,
			tab->image->has_filesystem ? &tab->facts : NULL);
}

int groups_export(struct view *view, FILE *out, const bool *chosen)
{
	const struct tab *tab = view->tab;
	struct json_stream json = {.out = out};
	size_t n;
	struct fsr_finding *findings = records_findings(tab, chosen, &n);

	if (!findings)
		return -1;
	records_open(tab, &json, "groups");
	json_open(&json, "block_groups", '[');
	put_groups(tab, &json, chosen);
	json_close(&json, ']');
	export_findings(&json, findings, n);
	export_close(&json, tab->trouble.code ? &tab->trouble : NULL);
	free(findings);
	return records_outcome(&json);
}

static enum export_result result_of(const struct tab *tab, const struct export_counts *counts)
{
	if (tab->trouble.code)
		return EXPORT_UNREADABLE;
	return counts->by_severity[FSR_SEVERITY_DANGER] || counts->by_severity[FSR_SEVERITY_ERROR]
		       ? EXPORT_FINDINGS
		       : EXPORT_CLEAN;
}

int validate_export(struct view *view, FILE *out, const struct fsr_finding *findings, size_t n)
{
	const struct tab *tab = view->tab;
	struct json_stream json = {.out = out};
	struct export_counts counts = {.groups = tab->ngroups};
	enum export_result result;
	size_t nall;
	struct fsr_finding *all = records_findings(tab, NULL, &nall);

	if (!all)
		return -1;
	tab_count_findings(tab, counts.by_severity);
	result = result_of(tab, &counts);
	export_validate_open(&json);
	export_image_open(&json, tab->fs ? tab->path : tab->image->path ? tab->image->path : tab->path);
	put_groups(tab, &json, NULL);
	export_image_close(&json, findings ? findings : all, findings ? n : nall,
		export_judged(result, &tab->trouble,
			tab->fs || tab->image->has_filesystem ? &tab->facts : NULL, &counts, NULL));
	counts.images[result] = 1;
	export_validate_close(&json, &counts);
	free(all);
	return records_outcome(&json);
}
