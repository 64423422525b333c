/* SPDX-License-Identifier: MIT */
#include "cache_export.h"

#include "../../inspect/report/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Those of the block group, then those of the filesystem, as the command has them. */
static struct fsr_finding *collect(const struct tab *tab, const struct fsr_group *group, size_t *n)
{
	struct fsr_finding *list = calloc(group->nfindings + tab->nfindings + 1, sizeof *list);

	*n = 0;
	for (size_t i = 0; list && i < group->nfindings; i++)
		list[(*n)++] = group->findings[i];
	for (size_t i = 0; list && i < tab->nfindings; i++)
		list[(*n)++] = tab->findings[i];
	return list;
}

int cache_export(struct view *view, FILE *out, const struct cache_model *model, bool hex)
{
	const struct tab *tab = view->tab;
	struct json_stream json = {.out = out};
	struct fsr_finding *findings;
	size_t n;

	if (!model->cache) {
		errno = ENOTSUP;
		return -1;
	}
	findings = collect(tab, &model->cache->group, &n);
	if (!findings)
		return -1;
	export_open(&json, "cache", tab->fs, tab->path, tab->fs);
	export_cache(&json, tab->fs, model->cache, hex, false);
	export_findings(&json, findings, n);
	export_close(&json, NULL);
	free(findings);
	if (json_failed(&json))
		errno = ENOMEM;
	return json_failed(&json) || ferror(out) ? -1 : 0;
}
