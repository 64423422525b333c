/* SPDX-License-Identifier: MIT */
/* A commit and its undo, recorded and judged. */
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fsw_options run_options(const struct run *run, const char *undo)
{
	struct fsw_options options = {.undo = undo, .threads = 1};

	if (strcmp(run->mode, "all") == 0)
		options.all = true;
	else if (strcmp(run->mode, "invalidate") == 0)
		options.invalidate = options.all = true;
	else if (strcmp(run->mode, "enable-v1") == 0)
		options.enable_v1 = true;
	else if (strcmp(run->mode, "default") != 0)
		die("unknown mode '%s'", run->mode);
	return options;
}

static void report_sample(const struct trial *trial, const char *what, size_t done, size_t failed)
{
	if (done)
		report(!failed, trial->name, "%zu %s, %zu of them bad", done, what, failed);
}

void run_states(const struct run *run, struct trial *trial)
{
	trial_run(trial, &run->how);
	report(!trial->counts.faults && trial->counts.points, trial->name,
		"%zu states and %zu with a torn primary, %zu faults", trial->counts.points,
		trial->counts.torn, trial->counts.faults);
	report_sample(trial, "judged by btrfs check", trial->counts.checks, trial->failed.checks);
	report_sample(trial, "mended by super-recover", trial->counts.recovers, trial->failed.recovers);
	report_sample(trial, "undone", trial->counts.undos, trial->failed.undos);
	report_sample(trial, "read with devices lost", trial->counts.losses, trial->failed.losses);
}

void run_proof(const struct run *run, const struct trial *good, const char *what,
	void (*spoil)(const struct log *log, struct log *out))
{
	struct trial trial = {.name = good->name, .only_count_faults = true};
	struct log bad = {0};
	struct ground ground;

	spoil(good->ground->log, &bad);
	ground_make(&ground, good->ground->image, &bad);
	trial.ground = &ground;
	trial.before = good->before;
	trial.after = good->after;
	trial_run(&trial, &run->how);
	report(trial.counts.faults, trial.name, "%s: %zu faults found in %zu states", what,
		trial.counts.faults, trial.counts.points + trial.counts.torn);
	ground_free(&ground);
	log_free(&bad);
}

static void free_facts(struct trial *trial)
{
	facts_free(&trial->before);
	facts_free(&trial->after);
}

void run_difference(const struct run *run)
{
	struct trial trial = {.name = run->name, .scratch = run->scratch, .effort = run->effort};
	struct image before, after;
	struct log log = {0};
	struct ground ground;

	image_open(&before, run->paths, 1);
	image_open(&after, run->paths + run->count - 1, 1);
	log_of_difference(&before, &after, &log);
	ground_make(&ground, &before, &log);
	trial.ground = &ground;
	trial_facts(&trial);
	run_states(run, &trial);
	run_proof(run, &trial, "without flushes", log_without_flushes);
	run_proof(run, &trial, "superblock first", log_primary_first);
	free_facts(&trial);
	ground_free(&ground);
	log_free(&log);
	image_close(&before);
	image_close(&after);
}

/* ---- a rewrite of our own, and back */

struct pair {
	const struct run *run;
	struct image old, new;
	char *new_paths[MAX_DISKS], *undo_file;
	struct trial there, back;
	struct ground there_ground, back_ground;
	struct recorder rewrite, undo;
};

static bool is_bad(const char *line)
{
	const char *severity;

	if (strncmp(line, "not ", 4) == 0 || strncmp(line, "copy ", 5) == 0)
		return true;
	if (strncmp(line, "finding ", 8) != 0)
		return false;
	severity = strchr(line + 8, ' ') + 1;
	return strncmp(severity, "danger ", 7) == 0 || strncmp(severity, "error ", 6) == 0;
}

/* A rewrite that leaves something to mend is no good example. */
static const char *bad_line(const struct facts *facts)
{
	const char *line = facts->text;

	while (*line && !is_bad(line))
		line += strcspn(line, "\n") + 1;
	return *line ? line : NULL;
}

static void record_rewrite(struct pair *p)
{
	struct fsw_options options = run_options(p->run, p->undo_file);
	struct fsw_result *result;
	struct fsr_error err = {0};
	const char *bad;

	recorder_start(&p->rewrite, NULL);
	if (rewrite_with(&result, p->old.paths, p->old.count, &options, &p->rewrite.hooks, &err))
		die("%s: the rewrite fails: %s", p->run->name, err.text);
	if (!result->committed)
		die("%s: the rewrite finds nothing to do", p->run->name);
	fsw_result_free(result);
	ground_make(&p->there_ground, &p->old, &p->rewrite.log);
	p->there = (struct trial){
		.name = p->run->name,
		.ground = &p->there_ground,
		.effort = p->run->effort,
		.undo_file = p->undo_file,
		.want = &p->old,
		.scratch = p->run->scratch,
		.keep = p->run->keep,
	};
	trial_facts(&p->there);
	bad = bad_line(&p->there.after);
	if (bad)
		report(false, p->run->name, "the new filesystem: %.*s", (int)strcspn(bad, "\n"), bad);
}

/* A file with the new filesystem, to be undone. */
static void make_new(struct pair *p)
{
	struct state last;

	image_copy(&p->old, p->run->scratch, "new", p->new_paths);
	image_open(&p->new, (const char *const *)p->new_paths, p->old.count);
	state_make(&last, &p->there_ground);
	state_apply_all(&last);
	state_to_files(&last, &p->new);
	report(state_primaries(&last) == PRIMARIES_NEW, p->run->name,
		"every device's superblock was written");
	state_free(&last);
}

static void record_undo(struct pair *p, char *name)
{
	struct fsw_undone undone;
	struct fsr_error err = {0};
	struct place at;

	recorder_start(&p->undo, NULL);
	if (undo_with(&undone, p->new.paths, p->new.count, p->undo_file, NULL, &p->undo.hooks, &err))
		die("%s: the undo fails: %s", p->run->name, err.text);
	ground_make(&p->back_ground, &p->new, &p->undo.log);
	report(recorder_equals(&p->undo, &p->there_ground, &p->old, &at) &&
			recorder_equals(&p->undo, &p->back_ground, &p->old, &at),
		name, "every byte is as before");
	p->back = p->there;
	p->back.name = name;
	p->back.ground = &p->back_ground;
	p->back.counts = p->back.failed = (struct counts){0};
	trial_facts(&p->back);
}

static void run_there(struct pair *p)
{
	run_states(p->run, &p->there);
	run_proof(p->run, &p->there, "without flushes", log_without_flushes);
	run_proof(p->run, &p->there, "superblock first", log_primary_first);
	report_counts("commit", &p->there.counts);
}

static void run_back(struct pair *p)
{
	char *name;

	if (asprintf(&name, "%s-undo", p->run->name) < 0)
		die("out of memory");
	make_new(p);
	record_undo(p, name);
	run_states(p->run, &p->back);
	run_proof(p->run, &p->back, "without flushes", log_without_flushes);
	run_proof(p->run, &p->back, "superblock last", log_primary_last);
	report_counts("undo", &p->back.counts);
	free(name);
}

static void free_pair(struct pair *p)
{
	free_facts(&p->there);
	free_facts(&p->back);
	ground_free(&p->there_ground);
	ground_free(&p->back_ground);
	log_free(&p->rewrite.log);
	log_free(&p->undo.log);
	image_close(&p->new);
	image_remove(p->new_paths, p->old.count);
	image_close(&p->old);
	unlink(p->undo_file);
	free(p->undo_file);
}

void run_commit(const struct run *run)
{
	struct pair p = {.run = run};

	image_open(&p.old, run->paths, run->count);
	if (asprintf(&p.undo_file, "%s/undo", run->scratch) < 0)
		die("out of memory");
	record_rewrite(&p);
	run_there(&p);
	run_back(&p);
	free_pair(&p);
}
