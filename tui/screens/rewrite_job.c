/* SPDX-License-Identifier: MIT */
/* Planning and committing in the background, and what comes of it. */
#include "rewrite.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

/* What the job works on: its own copies, for records change while it runs. */
struct rewrite_work {
	struct job *job;
	bool dry_run;
	struct fsr_open_options open;
	unsigned threads;
	const char **paths;
	size_t npaths;
	uint64_t *groups;
	size_t ngroups;
	char *undo, *output;
	struct fsr_fs *fs; /* the image as it is, for where caches lie now */
	/* the answer */
	int ret;
	struct fsr_error err;
	struct fsw_result *result;
	uint64_t *old_bytenr;
};

/* An event, or with `end` the end of the work. */
struct news {
	bool end;
	struct fsw_event event;
	char text[128];
};

static void free_work(struct rewrite_work *work)
{
	if (!work)
		return;
	fsw_result_free(work->result);
	free(work->old_bytenr);
	free(work->paths);
	free(work->groups);
	free(work->undo);
	free(work->output);
	free(work);
}

/* ---- in the job */

static int hand_over(void *arg, const struct fsw_event *event)
{
	struct rewrite_work *work = arg;
	struct news *news = calloc(1, sizeof *news);

	if (!news)
		return -1;
	news->event = *event;
	news->event.text = NULL; /* valid during this call only */
	snprintf(news->text, sizeof news->text, "%s", event->text ? event->text : "");
	return job_post(work->job, news) && !job_stopped(work->job) ? 0 : -1;
}

static int go_on(void *arg, const char *what, uint64_t done, uint64_t total)
{
	struct rewrite_work *work = arg;

	(void)what;
	(void)done;
	(void)total;
	return job_stopped(work->job) ? -1 : 0;
}

/* Where the caches that take part lie now. What can't be read has none. */
static void find_old_caches(struct rewrite_work *work)
{
	const struct fsw_result *result = work->result;

	work->old_bytenr = calloc(result->ngroups + 1, sizeof *work->old_bytenr);
	for (size_t i = 0; work->old_bytenr && i < result->ngroups && !job_stopped(work->job); i++) {
		struct fsr_cache *cache;

		if (result->groups[i].why == FSW_WHY_NONE ||
			fsr_cache_open(work->fs, result->groups[i].bytenr, &cache, NULL))
			continue;
		if (cache->nextents)
			work->old_bytenr[i] = cache->extents[0].disk_bytenr;
		fsr_cache_free(cache);
	}
}

static void run(struct job *job, void *arg)
{
	struct rewrite_work *work = arg;
	struct fsw_options options = {
		.open = &work->open,
		.groups = work->groups,
		.ngroups = work->ngroups,
		.dry_run = work->dry_run,
		.undo = work->undo,
		.output = work->output,
		.threads = work->threads,
		.event = hand_over,
		.event_arg = work,
	};
	struct news *end = calloc(1, sizeof *end);

	work->job = job;
	work->open.progress = go_on;
	work->open.progress_arg = work;
	work->err.bytenr = FSR_NO_BYTENR;
	work->ret = fsw_rewrite(&work->result, work->paths, work->npaths, &options, &work->err);
	if (!work->ret && work->dry_run)
		find_old_caches(work);
	if (!end)
		return;
	end->end = true;
	job_post(job, end);
}

/* ---- in the main thread */

size_t rewrite_marked(const struct rewrite_view *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->view.tab->ngroups; i++)
		n += r->view.tab->records[i].marked;
	return n;
}

bool rewrite_in_place(const struct rewrite_view *r)
{
	const struct fsr_fs *fs = r->view.tab->fs;

	for (size_t i = 0; i < fsr_device_count(fs); i++)
		if (!fsr_device(fs, i)->in_place)
			return false;
	return true;
}

bool rewrite_committing(const struct rewrite_view *r)
{
	return r->job && !r->work->dry_run;
}

static bool fill_work(struct rewrite_work *work, const struct rewrite_view *r, bool dry_run)
{
	const struct tab *tab = r->view.tab;
	const struct tab_options own = tab_own_options(tab, &r->view.ui->options->tab), *options = &own;
	bool write = !dry_run;

	work->dry_run = dry_run;
	work->open = options->open;
	work->threads = options->threads;
	work->fs = tab->fs;
	work->paths = calloc(options->ndevices + 1, sizeof *work->paths);
	work->groups = calloc(tab->ngroups + 1, sizeof *work->groups);
	if (write && r->to_copy)
		work->output = strdup(r->copy);
	else if (write)
		work->undo = strdup(r->undo);
	if (!work->paths || !work->groups || (write && !work->output && !work->undo))
		return false;
	work->paths[0] = tab->path;
	for (size_t i = 0; i < options->ndevices; i++)
		work->paths[i + 1] = options->devices[i];
	work->npaths = options->ndevices + 1;
	for (size_t i = 0; i < tab->ngroups; i++)
		if (tab->records[i].marked)
			work->groups[work->ngroups++] = tab->records[i].group.bytenr;
	return true;
}

static void drop_rows(struct rewrite_view *r)
{
	r->nrows = 0;
	r->phase = FSW_PHASE_ALLOCATE;
	r->stopping = false;
	r->err = (struct fsr_error){0};
}

bool rewrite_start(struct rewrite_view *r, bool dry_run)
{
	struct rewrite_work *work = calloc(1, sizeof *work);

	drop_rows(r);
	r->old_generation = r->view.tab->facts.generation;
	tab_count_findings(r->view.tab, r->before);
	if (work && fill_work(work, r, dry_run))
		r->job = job_start(run, work, free);
	if (!r->job) {
		free_work(work);
		ui_say(r->view.ui, SAY_ERROR, "memory ran out");
		return false;
	}
	r->work = work;
	return true;
}

static struct rewrite_row *row_of(struct rewrite_view *r, const struct fsw_event *event)
{
	struct rewrite_row *grown;

	for (size_t i = 0; i < r->nrows; i++)
		if (r->rows[i].bytenr == event->block_group)
			return &r->rows[i];
	if (r->nrows == r->room) {
		grown = realloc(r->rows, (r->room ? r->room * 2 : 64) * sizeof *grown);
		if (!grown)
			return NULL;
		r->rows = grown;
		r->room = r->room ? r->room * 2 : 64;
	}
	r->rows[r->nrows] = (struct rewrite_row){.bytenr = event->block_group, .flags = event->flags};
	return &r->rows[r->nrows++];
}

static void take_event(struct rewrite_view *r, const struct news *news)
{
	struct rewrite_row *row;

	if (news->event.kind == FSW_EVENT_PHASE)
		r->phase = news->event.phase;
	if (news->event.kind != FSW_EVENT_STATE)
		return;
	row = row_of(r, &news->event);
	if (!row)
		return;
	if (row->nstates < FSW_MAX_TRANSITIONS)
		row->states[row->nstates++] = news->event.state;
	if (*news->text)
		snprintf(row->text, sizeof row->text, "%s", news->text);
}

static void end_plan(struct rewrite_view *r, struct rewrite_work *work)
{
	r->plan = work->result;
	r->old_bytenr = work->old_bytenr;
	work->result = NULL;
	work->old_bytenr = NULL;
	if (r->plan && !rewrite_order_plan(r))
		ui_say(r->view.ui, SAY_ERROR, "memory ran out");
}

/* The copy gets a tab of its own; what was rewritten in place is read anew in this one. Where nothing was
 * written everything stays as it is. */
static void end_commit(struct rewrite_view *r, struct rewrite_work *work)
{
	struct tab *tab = r->view.tab;

	r->result = work->result;
	work->result = NULL;
	r->step = REWRITE_RESULT;
	r->list = (struct list){.count = r->nrows};
	r->fresh = tab;
	if (r->result && r->result->noutputs)
		r->fresh = ui_add_tab(r->view.ui, r->result->outputs, r->result->noutputs);
	else if (r->phase >= FSW_PHASE_WRITE && !r->to_copy)
		ui_reopen(r->view.ui, &r->view);
}

static void end_work(struct rewrite_view *r)
{
	struct rewrite_work *work = r->work;

	job_end(r->job);
	r->job = NULL;
	r->work = NULL;
	r->err = work->err;
	r->err.code = work->ret;
	if (work->dry_run)
		end_plan(r, work);
	else
		end_commit(r, work);
	free_work(work);
}

bool rewrite_take(struct rewrite_view *r)
{
	struct news *news;
	bool changed = false, end = false;

	if (!r->job)
		return false;
	while ((news = job_take(r->job))) {
		end |= news->end;
		if (!news->end)
			take_event(r, news);
		free(news);
		changed = true;
	}
	if (end || job_done(r->job))
		end_work(r);
	return changed || !r->job;
}

void rewrite_forget(struct rewrite_view *r)
{
	if (r->job) {
		job_end(r->job);
		free_work(r->work);
		r->job = NULL;
		r->work = NULL;
	}
	fsw_result_free(r->plan);
	fsw_result_free(r->result);
	free(r->planned);
	free(r->old_bytenr);
	r->plan = r->result = NULL;
	r->planned = NULL;
	r->old_bytenr = NULL;
	r->nplanned = 0;
	drop_rows(r);
}
