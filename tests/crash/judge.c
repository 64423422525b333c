/* SPDX-License-Identifier: MIT */
/* Each state must be wholly one filesystem or wholly the other, by our own reading and by that of others. */
#include "court.h"

#include <string.h>

#define MAX_WORDS 5        /* of what is wrong, for a trial */
#define ENOUGH_FAULTS 100u /* found where they are looked for */

void take_state(struct facts *facts, const struct state *state, unsigned lost)
{
	size_t n;
	struct source **sources = state_sources(state, lost, &n);

	facts_take(facts, sources, n);
}

void trial_facts(struct trial *trial)
{
	struct state state;

	state_make(&state, trial->ground);
	take_state(&trial->before, &state, 0);
	state_apply_all(&state);
	take_state(&trial->after, &state, 0);
	state_free(&state);
}

/* ---- words */

void court_complain(
	struct court *court, const struct origin *origin, const struct state *state, const char *what)
{
	static const char *const primaries[] = {"not written", "written on some devices", "written", "torn"};

	court->trial->counts.faults++;
	if (court->trial->only_count_faults || court->words++ >= MAX_WORDS)
		return;
	printf("     %s: %s, at event %zu of %zu, write %zu, sector %zu, primary %s: %s\n",
		court->trial->name, origin_name(origin->kind), origin->position, state->ground->log->count,
		origin->event, origin->sectors, primaries[state_primaries(state)], what);
}

/* ---- by our own reading */

enum which which_of(const struct trial *trial, const struct facts *facts)
{
	if (strcmp(facts->text, trial->before.text) == 0)
		return BEFORE;
	return strcmp(facts->text, trial->after.text) == 0 ? AFTER : NEITHER;
}

bool mirrors_good(const struct trial *trial, const struct facts *facts, bool torn)
{
	enum fsr_severity worst = torn ? FSR_SEVERITY_ERROR : FSR_SEVERITY_WARNING;

	if (trial->before.mirror > worst)
		worst = trial->before.mirror;
	return facts->mirror <= worst;
}

const char *wrong_one(enum which which, enum primaries primaries)
{
	if (primaries == PRIMARIES_OLD && which == AFTER)
		return "it is the new filesystem, but no superblock was written";
	if (primaries == PRIMARIES_NEW && which == BEFORE)
		return "it is the old filesystem, but every superblock was written";
	return NULL;
}

static void explain(struct court *court, const struct origin *origin, const struct state *state,
	const struct facts *facts)
{
	const struct trial *trial = court->trial;
	char before[512], after[512], text[1100];

	facts_difference(facts, &trial->before, before, sizeof before);
	facts_difference(facts, &trial->after, after, sizeof after);
	snprintf(text, sizeof text, "neither the old filesystem: %s; nor the new: %s", before, after);
	court_complain(court, origin, state, text);
}

static enum which look_at(struct court *court, const struct state *state, const struct origin *origin)
{
	enum primaries primaries = state_primaries(state);
	const char *wrong;
	struct facts facts;
	enum which which;

	take_state(&facts, state, 0);
	which = which_of(court->trial, &facts);
	wrong = wrong_one(which, primaries);
	if (which == NEITHER)
		explain(court, origin, state, &facts);
	else if (wrong && !court->trial->only_count_faults)
		court_complain(court, origin, state, wrong);
	else if (!mirrors_good(court->trial, &facts, primaries == PRIMARIES_TORN))
		court_complain(court, origin, state, "a superblock is worse than it may be");
	facts_free(&facts);
	return which;
}

/* ---- all states */

/* Whether number `i` of `n` is among the `chosen` that are evenly spread over them. */
static bool is_chosen(size_t i, size_t n, size_t chosen)
{
	return chosen >= n || i * chosen / n != (i + 1) * chosen / n;
}

static int count_state(void *arg, const struct state *state, const struct origin *origin)
{
	struct counts *total = arg;

	(void)origin;
	if (state_primaries(state) == PRIMARIES_TORN)
		total->torn++;
	else
		total->points++;
	return 0;
}

static void work_on(struct court *court, const struct state *state, const struct origin *origin,
	enum which which, bool torn)
{
	const struct trial *trial = court->trial;
	size_t n = court->total.points, all = n + court->total.torn;
	size_t point = trial->counts.points - 1, any = trial->counts.points + trial->counts.torn - 1;

	if (torn) {
		if (is_chosen(trial->counts.torn - 1, court->total.torn, trial->effort.recovers))
			recover_state(court, state, origin);
	} else {
		if (is_chosen(point, n, trial->effort.checks))
			check_state(court, state, origin, which);
		if (is_chosen(point, n, trial->effort.kept) || keep_mixed(court, state))
			keep_chosen(court->trial, state, which);
	}
	if (is_chosen(any, all, trial->effort.undos))
		undo_state(court, state, origin);
	if (is_chosen(any, all, trial->effort.losses))
		lose_devices(court, state, origin);
}

static int judge_state(void *arg, const struct state *state, const struct origin *origin)
{
	struct court *court = arg;
	struct trial *trial = court->trial;
	bool torn = state_primaries(state) == PRIMARIES_TORN;
	enum which which = look_at(court, state, origin);

	if (torn)
		trial->counts.torn++;
	else
		trial->counts.points++;
	if (which != NEITHER && !trial->only_count_faults)
		work_on(court, state, origin, which, torn);
	return trial->only_count_faults && trial->counts.faults >= ENOUGH_FAULTS;
}

void trial_run(struct trial *trial, const struct enumeration *how)
{
	struct court court = {.trial = trial};
	bool files = trial->effort.checks || trial->effort.recovers;

	enumerate(trial->ground, how, count_state, &court.total);
	if (files)
		court_open(&court);
	if (trial->effort.kept)
		keep_whole(trial);
	if (trial->effort.losses)
		losses_open(&court);
	enumerate(trial->ground, how, judge_state, &court);
	losses_close(&court);
	if (files)
		court_close(&court);
}
