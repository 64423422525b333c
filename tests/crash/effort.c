/* SPDX-License-Identifier: MIT */
/* What is done with some of the states: btrfs-progs judge them, an undo begins with them, files are kept of
 * them. */
#include "court.h"

#include <stdlib.h>
#include <string.h>

/* ---- by btrfs-progs */

static void compare_check(struct court *court, const struct state *state, const struct origin *origin,
	enum which which, const char *after_what)
{
	const char *want = which == BEFORE ? court->check_before : court->check_after;
	char *have = want ? progs_check(&court->work) : NULL, text[900];

	if (have && strcmp(have, want) != 0) {
		snprintf(text, sizeof text,
			"btrfs check%s says: %.400s\n     and of the %s filesystem: %.400s", after_what, have,
			which == BEFORE ? "old" : "new", want);
		court_complain(court, origin, state, text);
		court->trial->failed.checks++;
	}
	free(have);
}

void check_state(
	struct court *court, const struct state *state, const struct origin *origin, enum which which)
{
	if (!court->check_before)
		return;
	state_to_files(state, &court->work);
	compare_check(court, state, origin, which, "");
	state_from_files(state, &court->work);
	court->trial->counts.checks++;
}

/* The files as they are, without anything over them. */
static enum which look_at_files(struct court *court)
{
	struct log none = {0};
	struct ground ground;
	struct state state;
	struct facts facts;
	enum which which;

	ground_make(&ground, &court->work, &none);
	state_make(&state, &ground);
	take_state(&facts, &state, 0);
	which = which_of(court->trial, &facts);
	if (!mirrors_good(court->trial, &facts, false))
		which = NEITHER;
	facts_free(&facts);
	state_free(&state);
	ground_free(&ground);
	return which;
}

/* Each device by itself: that is how super-recover works. */
static bool recover_all(struct court *court, char **text)
{
	bool good = true;

	for (size_t i = 0; i < court->work.count && good; i++) {
		free(*text);
		good = progs_recover(court->work.paths[i], text);
	}
	return good;
}

void recover_state(struct court *court, const struct state *state, const struct origin *origin)
{
	enum which which = NEITHER;
	char *text = NULL, words[600];

	state_to_files(state, &court->work);
	if (recover_all(court, &text))
		which = look_at_files(court);
	if (which == NEITHER) {
		snprintf(words, sizeof words, "btrfs rescue super-recover leaves neither filesystem: %.500s",
			text);
		court_complain(court, origin, state, words);
		court->trial->failed.recovers++;
	} else {
		compare_check(court, state, origin, which, " after super-recover");
	}
	free(text);
	state_from_files(state, &court->work);
	image_put_supers(court->trial->ground->image, &court->work);
	court->trial->counts.recovers++;
}

/* ---- by an undo */

void undo_state(struct court *court, const struct state *state, const struct origin *origin)
{
	const struct trial *trial = court->trial;
	const struct image *image = trial->ground->image;
	struct recorder recorder;
	struct fsw_undone undone;
	struct fsr_error err = {0};
	char text[700] = "";
	struct place at;

	recorder_start(&recorder, state);
	if (undo_with(&undone, image->paths, image->count, trial->undo_file, NULL, &recorder.hooks, &err))
		snprintf(text, sizeof text, "an undo fails: %s", err.text);
	else if (!recorder_equals(&recorder, trial->ground, trial->want, &at))
		snprintf(text, sizeof text, "an undo leaves another byte in sector %llu of device %u",
			(unsigned long long)at.sector, at.disk + 1);
	log_free(&recorder.log);
	if (*text) {
		court_complain(court, origin, state, text);
		court->trial->failed.undos++;
	}
	court->trial->counts.undos++;
}

/* ---- for the kernel */

/* KEEP/TRIAL.before.WHICH or KEEP/TRIAL.after.WHICH */
static void keep_state(
	const struct trial *trial, const struct state *state, enum which which, const char *number)
{
	const struct image *image = state->ground->image;
	char name[200], *paths[MAX_DISKS];
	struct image files;

	snprintf(name, sizeof name, "%s.%s.%s", trial->name, which == BEFORE ? "before" : "after", number);
	image_copy(image, trial->keep, name, paths);
	image_open(&files, (const char *const *)paths, image->count);
	state_to_files(state, &files);
	image_close(&files);
	for (size_t i = 0; i < image->count; i++)
		free(paths[i]);
}

void keep_chosen(struct trial *trial, const struct state *state, enum which which)
{
	char number[24];

	snprintf(number, sizeof number, "%zu", trial->counts.kept++);
	keep_state(trial, state, which, number);
}

/* Few states have superblocks of both generations; Linux is to see some of them in any case. */
bool keep_mixed(struct court *court, const struct state *state)
{
	return court->trial->effort.kept && state_primaries(state) == PRIMARIES_MIXED && court->mixed++ < 2;
}

/* The two filesystems themselves, for comparison. */
void keep_whole(const struct trial *trial)
{
	struct state state;

	state_make(&state, trial->ground);
	keep_state(trial, &state, BEFORE, "whole");
	state_apply_all(&state);
	keep_state(trial, &state, AFTER, "whole");
	state_free(&state);
}

/* btrfs check finds further devices among block devices only. */
static void learn_checks(struct court *court)
{
	struct state last;

	if (court->work.count > 1)
		return;
	court->check_before = progs_check(&court->work);
	state_make(&last, court->trial->ground);
	state_apply_all(&last);
	state_to_files(&last, &court->work);
	court->check_after = progs_check(&court->work);
	state_from_files(&last, &court->work);
	state_free(&last);
}

void court_open(struct court *court)
{
	const struct image *image = court->trial->ground->image;

	image_copy(image, court->trial->scratch, "work", court->work_paths);
	image_open(&court->work, (const char *const *)court->work_paths, image->count);
	learn_checks(court);
}

void court_close(struct court *court)
{
	free(court->check_before);
	free(court->check_after);
	image_close(&court->work);
	image_remove(court->work_paths, court->trial->ground->image->count);
}
