/* SPDX-License-Identifier: MIT */
/*
 * Every write, flush and allocation of a rewrite, and of an undo, fails in turn, on real files. Each time
 * there must be a clear error and a filesystem that is wholly the old or wholly the new one, and an undo must
 * still lead back.
 */
#include "faults.h"
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_WORDS 3  /* of what is wrong, for each kind of fault */
#define PATIENCE 20u /* seconds for one try; a signal ends the program after it */

struct failing {
	const struct run *run;
	const struct image *old; /* the files as given */
	struct image files;      /* a copy to work on */
	char *undo_file;
	struct facts before, after;
	uint8_t primary[MAX_DISKS][SUPER_SIZE]; /* of the new filesystem */
	struct fault_counts counts;             /* of a rewrite, or an undo, in which nothing fails */
	size_t tried, bad, finished, words;
};

/* One try. */
struct attempt {
	enum fault fault;
	size_t at;
	bool undoing;
	int answer;
	struct fsr_error err;
	struct fault_counts counts;
};

static void complain(struct failing *f, const struct attempt *a, const char *what)
{
	f->bad++;
	if (f->words++ < MAX_WORDS)
		printf("     %s: %s, call %zu of %s: %s (answer %d '%s')\n", f->run->name,
			fault_name(a->fault), a->at, a->undoing ? "an undo" : "a rewrite", what, a->answer,
			a->err.text);
}

/* ---- what the files hold */

static void take_files(const struct failing *f, struct facts *facts)
{
	struct log none = {0};
	struct source **sources;
	struct ground ground;
	struct state state;
	size_t n;

	ground_make(&ground, &f->files, &none);
	state_make(&state, &ground);
	sources = state_sources(&state, 0, &n);
	facts_take(facts, sources, n);
	state_free(&state);
	ground_free(&ground);
}

/* How far the primaries got, by their bytes. */
static enum primaries files_primaries(const struct failing *f)
{
	bool some_old = false, some_new = false;

	for (size_t i = 0; i < f->files.count; i++) {
		const uint8_t *have = f->files.disks[i].bytes + PRIMARY_OFFSET;

		if (memcmp(have, f->old->disks[i].bytes + PRIMARY_OFFSET, SUPER_SIZE) == 0)
			some_old = true;
		else if (memcmp(have, f->primary[i], SUPER_SIZE) == 0)
			some_new = true;
		else
			return PRIMARIES_TORN;
	}
	if (some_old && some_new)
		return PRIMARIES_MIXED;
	return some_new ? PRIMARIES_NEW : PRIMARIES_OLD;
}

static const char *wrong_with_files(const struct failing *f)
{
	enum primaries primaries = files_primaries(f);
	struct facts facts;
	bool old, new;

	take_files(f, &facts);
	old = strcmp(facts.text, f->before.text) == 0;
	new = strcmp(facts.text, f->after.text) == 0;
	facts_free(&facts);
	if (!old && !new)
		return "the image holds neither the old nor the new filesystem";
	if (old && primaries == PRIMARIES_NEW)
		return "the image holds the old filesystem under a new superblock";
	if (new &&primaries == PRIMARIES_OLD)
		return "the image holds the new filesystem under an old superblock";
	return NULL;
}

/* ---- what was answered */

static bool right_code(enum fault fault, int code)
{
	switch (fault) {
	case FAULT_ALLOCATION:
		return code == FSR_E_NOMEM;
	case FAULT_WRITE_ENOSPC:
	case FAULT_WRITE_SHORT_ENOSPC:
	case FAULT_WRITE_NOTHING:
		return code == FSR_E_IO || code == FSR_E_NO_SPACE;
	default:
		return code == FSR_E_IO;
	}
}

static const char *wrong_with_answer(const struct failing *f, const struct attempt *a)
{
	if (!a->answer) {
		if (a->fault == FAULT_WRITE_SHORT)
			return NULL;
		return a->fault == FAULT_ALLOCATION ? NULL : "it says that all went well";
	}
	if (a->fault == FAULT_WRITE_SHORT)
		return "it gives up, though the rest could be written";
	if (a->err.code != a->answer)
		return "its answer is not the error's code";
	if (strlen(a->err.text) < 10 || strchr(a->err.text, '\n'))
		return "the error is no sentence";
	if (!right_code(a->fault, a->answer))
		return "the error's code is not that of what failed";
	(void)f;
	return NULL;
}

/* ---- one try */

static void call(struct failing *f, struct attempt *a)
{
	struct fsw_options options = run_options(f->run, f->undo_file);
	struct fsw_result *result = NULL;
	struct fsw_undone undone;
	const char *const *paths = f->files.paths;

	alarm(PATIENCE);
	faults_start(a->fault, a->at);
	if (a->undoing)
		a->answer = undo_with(&undone, paths, f->files.count, f->undo_file, NULL, NULL, &a->err);
	else
		a->answer = rewrite_with(&result, paths, f->files.count, &options, NULL, &a->err);
	a->counts = faults_stop();
	alarm(0);
	if (!a->answer && !a->undoing)
		fsw_result_free(result);
}

/* Back to the old filesystem, by an undo where something may have been written. */
static const char *lead_back(struct failing *f)
{
	struct attempt undo = {.undoing = true};
	const char *wrong = NULL;
	bool exists = access(f->undo_file, F_OK) == 0;

	if (exists) {
		call(f, &undo);
		if (undo.answer)
			wrong = "an undo afterwards fails";
		else if (!faults_all_equal(f->old))
			wrong = "an undo afterwards does not lead back";
	} else if (!faults_all_equal(f->old)) {
		wrong = "the image was changed, but there is no undo file";
	}
	faults_put_back(f->old);
	unlink(f->undo_file);
	return wrong;
}

static void try_rewrite(struct failing *f, enum fault fault, size_t at)
{
	struct attempt a = {.fault = fault, .at = at};
	const char *wrong;

	call(f, &a);
	f->tried++;
	f->finished += !a.answer;
	wrong = wrong_with_answer(f, &a);
	if (!wrong)
		wrong = wrong_with_files(f);
	if (!wrong && a.answer && !a.counts.image_writes && access(f->undo_file, F_OK) == 0)
		wrong = "an undo file is left, though nothing was written";
	if (wrong)
		complain(f, &a, wrong);
	wrong = lead_back(f);
	if (wrong)
		complain(f, &a, wrong);
}

static void try_undo(struct failing *f, enum fault fault, size_t at)
{
	struct attempt rewrite = {0}, a = {.fault = fault, .at = at, .undoing = true};
	const char *wrong;

	call(f, &rewrite);
	if (rewrite.answer)
		die("the rewrite fails: %s", rewrite.err.text);
	call(f, &a);
	f->tried++;
	f->finished += !a.answer;
	wrong = wrong_with_answer(f, &a);
	if (!wrong)
		wrong = wrong_with_files(f);
	if (wrong)
		complain(f, &a, wrong);
	wrong = lead_back(f);
	if (wrong)
		complain(f, &a, wrong);
}

/* ---- all of them */

static size_t calls_of(enum fault fault, const struct fault_counts *counts)
{
	if (fault == FAULT_ALLOCATION)
		return counts->allocations;
	return fault == FAULT_FLUSH_EIO ? counts->flushes : counts->writes;
}

static void try_all(struct failing *f, void (*try)(struct failing *, enum fault, size_t), const char *what)
{
	for (enum fault fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
		size_t n = calls_of(fault, &f->counts), step = 1;

		f->tried = f->bad = f->finished = f->words = 0;
		if (fault == FAULT_ALLOCATION && n > f->run->allocations)
			step = (n + f->run->allocations - 1) / f->run->allocations;
		for (size_t at = f->run->how.seed % step; at < n; at += step)
			try(f, fault, at);
		report(f->tried && !f->bad, f->run->name,
			"%s, %s: %zu of %zu calls, %zu of them bad (%zu went on)", what, fault_name(fault),
			f->tried, n, f->bad, f->finished);
	}
}

/* Both ways without a fault: what is to be expected, and how many calls there are. */
static void learn(struct failing *f, struct fault_counts *undo_counts)
{
	struct attempt rewrite = {0}, undo = {.undoing = true};

	take_files(f, &f->before);
	call(f, &rewrite);
	if (rewrite.answer)
		die("the rewrite fails: %s", rewrite.err.text);
	take_files(f, &f->after);
	for (size_t i = 0; i < f->files.count; i++)
		memcpy(f->primary[i], f->files.disks[i].bytes + PRIMARY_OFFSET, SUPER_SIZE);
	call(f, &undo);
	if (undo.answer)
		die("the undo fails: %s", undo.err.text);
	if (!faults_all_equal(f->old))
		die("the undo does not lead back");
	unlink(f->undo_file);
	faults_put_back(f->old);
	f->counts = rewrite.counts;
	*undo_counts = undo.counts;
}

void run_fail(const struct run *run)
{
	struct failing f = {.run = run};
	struct fault_counts undo_counts;
	char *paths[MAX_DISKS];
	struct image old;

	image_open(&old, run->paths, run->count);
	image_copy(&old, run->scratch, "failing", paths);
	image_open(&f.files, (const char *const *)paths, run->count);
	f.old = &old;
	if (asprintf(&f.undo_file, "%s/failing.undo", run->scratch) < 0)
		die("out of memory");
	faults_watch(&f.files);
	learn(&f, &undo_counts);
	try_all(&f, try_rewrite, "rewrite");
	f.counts = undo_counts;
	try_all(&f, try_undo, "undo");
	facts_free(&f.before);
	facts_free(&f.after);
	free(f.undo_file);
	image_close(&f.files);
	image_remove(paths, run->count);
	image_close(&old);
}
