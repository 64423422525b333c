/* SPDX-License-Identifier: MIT */
/* Judging a tab's image in the background. */
#include "tab.h"

#include <stdlib.h>
#include <string.h>

/* What the job needs, and hands over: its own copy, so that the tab can be closed in any order. */
struct judging {
	struct fsr_fs *fs;
	struct fsr_judge_options options;
	struct job *job;
};

/* A judged block group, or the end of it all. */
struct judged {
	bool end;
	struct fsr_group group;
	struct fsr_error err;
};

static void free_judged(void *item)
{
	struct judged *judged = item;

	free((void *)judged->group.findings);
	free(judged);
}

static int hand_over(void *arg, const struct fsr_group *group)
{
	struct judging *judging = arg;
	struct judged *judged = calloc(1, sizeof *judged);
	struct fsr_finding *findings = malloc((group->nfindings + 1) * sizeof *findings);

	if (!judged || !findings) {
		free(judged);
		free(findings);
		return -1;
	}
	if (group->nfindings)
		memcpy(findings, group->findings, group->nfindings * sizeof *findings);
	judged->group = *group;
	judged->group.findings = findings;
	return job_post(judging->job, judged) && !job_stopped(judging->job) ? 0 : -1;
}

static void judge(struct job *job, void *arg)
{
	struct judging *judging = arg;
	struct judged *end = calloc(1, sizeof *end);
	struct fsr_error err = {.bytenr = FSR_NO_BYTENR};
	int ret;

	judging->job = job;
	ret = fsr_judge(judging->fs, &judging->options, hand_over, judging, &err);
	free(judging);
	if (!end)
		return;
	end->end = true;
	if (ret)
		end->err = err;
	job_post(job, end);
}

void tab_judge(struct tab *tab, const struct tab_options *options)
{
	struct judging *judging;

	if (tab->kind != TAB_IMAGE || tab->judging || tab->complete)
		return;
	judging = calloc(1, sizeof *judging);
	if (!judging)
		return;
	judging->fs = tab->fs;
	judging->options.threads = options->threads;
	tab->judging = job_start(judge, judging, free_judged);
	if (!tab->judging)
		free(judging);
}

/* The record takes over the findings. */
static void take(struct tab *tab, struct judged *judged)
{
	struct record *record =
		judged->group.index < tab->ngroups ? &tab->records[judged->group.index] : NULL;

	if (!record)
		return;
	free((void *)record->group.findings);
	record->group = judged->group;
	judged->group.findings = NULL;
	tab->njudged += !record->judged;
	record->judged = true;
}

static void finish(struct tab *tab)
{
	job_end(tab->judging);
	tab->judging = NULL;
	tab->complete = true;
	tab_take_findings(tab);
}

bool tab_update(struct tab *tab)
{
	struct judged *judged;
	bool changed = false;

	if (!tab->judging)
		return false;
	while ((judged = job_take(tab->judging))) {
		if (judged->end)
			tab->trouble = judged->err;
		else
			take(tab, judged);
		free_judged(judged);
		changed = true;
	}
	if (job_done(tab->judging)) {
		finish(tab);
		changed = true;
	}
	tab->version += changed;
	return changed;
}
