/* SPDX-License-Identifier: MIT */
#include "tab.h"

#include <stdlib.h>
#include <string.h>

/* A copy of the record with findings of its own; false: no memory. */
static bool copy_group(struct fsr_group *to, const struct fsr_group *from)
{
	struct fsr_finding *findings = NULL;

	if (from->nfindings) {
		findings = malloc(from->nfindings * sizeof *findings);
		if (!findings)
			return false;
		memcpy(findings, from->findings, from->nfindings * sizeof *findings);
	}
	*to = *from;
	to->findings = findings;
	return true;
}

static void free_records(struct tab *tab)
{
	for (size_t i = 0; i < tab->ngroups; i++)
		free((void *)tab->records[i].group.findings);
	free(tab->records);
	free(tab->findings);
	tab->records = NULL;
	tab->findings = NULL;
	tab->ngroups = tab->nfindings = tab->njudged = 0;
}

static struct record *add_record(struct tab *tab, const struct fsr_group *group)
{
	size_t n = tab->ngroups;

	if (!(n & (n - 1))) { /* doubles at each power of two */
		struct record *grown = realloc(tab->records, (n ? n * 2 : 1) * sizeof *grown);

		if (!grown)
			return NULL;
		tab->records = grown;
	}
	tab->records[n] = (struct record){0};
	if (!copy_group(&tab->records[n].group, group))
		return NULL;
	tab->ngroups++;
	return &tab->records[n];
}

static int take_outline(void *arg, const struct fsr_group *group)
{
	return add_record(arg, group) ? 0 : -1;
}

bool tab_take_findings(struct tab *tab)
{
	struct fsr_finding *list;
	size_t n;

	if (fsr_findings_copy(tab->fs, &list, &n))
		return false;
	free(tab->findings);
	tab->findings = list;
	tab->nfindings = n;
	return true;
}

static void open_image(struct tab *tab, const struct tab_options *options)
{
	const char **paths = calloc(options->ndevices + 1, sizeof *paths);
	int ret = FSR_E_NOMEM;

	tab->error =
		(struct fsr_error){.code = FSR_E_NOMEM, .bytenr = FSR_NO_BYTENR, .text = "memory ran out"};
	tab->kind = TAB_FAILED;
	if (paths) {
		paths[0] = tab->path;
		for (size_t i = 0; i < options->ndevices; i++)
			paths[i + 1] = options->devices[i];
		ret = fsr_open(&tab->fs, paths, options->ndevices + 1, &options->open, &tab->error);
	}
	free(paths);
	if (ret)
		return;
	tab->facts = *fsr_filesystem(tab->fs);
	if (fsr_outline(tab->fs, take_outline, tab, &tab->error))
		return;
	if (tab_take_findings(tab))
		tab->kind = TAB_IMAGE;
}

struct tab *tab_open(const char *path, const struct tab_options *options)
{
	struct tab *tab = calloc(1, sizeof *tab);

	if (!tab)
		return NULL;
	tab->path = path;
	open_image(tab, options);
	return tab;
}

struct tab_options tab_own_options(const struct tab *tab, const struct tab_options *options)
{
	struct tab_options own = *options;

	if (!tab->own_paths)
		return own;
	own.open.member = NULL; /* it is out of its archive */
	own.open.ddrescue_map = NULL;
	own.devices = (const char *const *)tab->own_paths + 1;
	own.ndevices = 0;
	while (own.devices[own.ndevices])
		own.ndevices++;
	return own;
}

struct tab *tab_open_made(char *const *paths, size_t npaths, const struct tab_options *options)
{
	struct tab *tab = calloc(1, sizeof *tab);
	struct tab_options own;

	if (!tab)
		return NULL;
	tab->own_paths = calloc(npaths + 1, sizeof *tab->own_paths);
	for (size_t i = 0; tab->own_paths && i < npaths; i++) {
		tab->own_paths[i] = strdup(paths[i]);
		if (tab->own_paths[i])
			continue;
		tab_close(tab);
		return NULL;
	}
	if (!tab->own_paths) {
		free(tab);
		return NULL;
	}
	tab->path = tab->own_paths[0];
	own = tab_own_options(tab, options);
	open_image(tab, &own);
	return tab;
}

static bool copy_report_findings(struct tab *tab)
{
	const struct report_image *image = tab->image;

	tab->findings = malloc((image->nfindings + 1) * sizeof *tab->findings);
	if (!tab->findings)
		return false;
	if (image->nfindings)
		memcpy(tab->findings, image->findings, image->nfindings * sizeof *tab->findings);
	tab->nfindings = image->nfindings;
	return true;
}

struct tab *tab_open_report(struct report *report, const struct report_image *image, const char *path)
{
	struct tab *tab = calloc(1, sizeof *tab);
	bool ok;

	if (!tab)
		return NULL;
	tab->kind = TAB_REPORT;
	tab->path = path;
	tab->report = report;
	tab->image = image;
	tab->facts = image->filesystem;
	ok = copy_report_findings(tab);
	for (size_t i = 0; i < image->ngroups && ok; i++) {
		struct record *record = add_record(tab, &image->groups[i]);

		ok = record != NULL;
		if (ok)
			record->judged = true;
	}
	tab->njudged = tab->ngroups;
	tab->complete = true;
	if (ok)
		return tab;
	tab_close(tab);
	return NULL;
}

static void close_image(struct tab *tab)
{
	job_end(tab->judging);
	tab->judging = NULL;
	fsr_close(tab->fs);
	tab->fs = NULL;
	free_records(tab);
}

bool tab_reopen(struct tab *tab, const struct tab_options *options)
{
	close_image(tab);
	tab->complete = false;
	tab->trouble = (struct fsr_error){0};
	tab->history = (struct history){0};
	tab->focus = (struct place){0};
	tab->version++;
	open_image(tab, options);
	return tab->kind == TAB_IMAGE;
}

void tab_close(struct tab *tab)
{
	if (!tab)
		return;
	close_image(tab);
	for (size_t i = 0; tab->own_paths && tab->own_paths[i]; i++)
		free(tab->own_paths[i]);
	free(tab->own_paths);
	free(tab);
}

struct record *tab_record(const struct tab *tab, uint64_t address)
{
	size_t i = tab_index(tab, address);

	return i < tab->ngroups && tab->records[i].group.bytenr <= address ? &tab->records[i] : NULL;
}

size_t tab_index(const struct tab *tab, uint64_t address)
{
	size_t low = 0, high = tab->ngroups;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct fsr_group *group = &tab->records[middle].group;

		if (group->bytenr <= address && address - group->bytenr >= group->length)
			low = middle + 1;
		else if (group->bytenr <= address)
			return middle;
		else
			high = middle;
	}
	return low;
}

int record_severity(const struct record *record)
{
	return record->group.nfindings ? (int)record->group.findings[0].severity : -1;
}

static void count(const struct fsr_finding *list, size_t n, size_t counts[FSR_SEVERITY_DANGER + 1])
{
	for (size_t i = 0; i < n; i++)
		if (list[i].severity <= FSR_SEVERITY_DANGER)
			counts[list[i].severity]++;
}

void tab_count_findings(const struct tab *tab, size_t counts[FSR_SEVERITY_DANGER + 1])
{
	memset(counts, 0, (FSR_SEVERITY_DANGER + 1) * sizeof *counts);
	count(tab->findings, tab->nfindings, counts);
	for (size_t i = 0; i < tab->ngroups; i++)
		count(tab->records[i].group.findings, tab->records[i].group.nfindings, counts);
}

const char *tab_name(const struct tab *tab)
{
	/* of several images in one report it must be seen which one this is */
	bool one_of_many = tab->kind == TAB_REPORT && tab->report->nimages > 1 && tab->image->path;
	const char *path = one_of_many ? tab->image->path : tab->path, *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}
