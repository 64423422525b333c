/* SPDX-License-Identifier: MIT */
/*
 * Devices that are lost on top of a crash. Where every chunk bears the loss, what is left must be wholly the
 * old or the new filesystem all the same: that is what keeps the parity of old rows out of harm's way.
 */
#include "court.h"

#include "../../libfsread/volume/volume.h"

#include <stdlib.h>
#include <string.h>

struct loss {
	unsigned devices;   /* one bit each */
	struct trial trial; /* before and after are without them */
};

/* How many devices every chunk can do without. */
static unsigned tolerance_of(const struct state *state)
{
	struct fsr_fs *fs;
	struct fsr_error err;
	size_t n;
	struct source **sources = state_sources(state, 0, &n);
	unsigned least = MAX_DISKS;

	if (fs_open_sources(sources, n, &fs, &err))
		die("losses: %s", err.text);
	for (size_t i = 0; i < fs->volume->nchunks; i++) {
		const struct chunk *chunk = &fs->volume->chunks[i];
		unsigned bears = chunk->type & BLOCK_GROUP_DUP ? 0 : chunk_copies(chunk) - 1;

		if (bears < least)
			least = bears;
	}
	fsr_close(fs);
	return least;
}

static void add_loss(struct court *court, struct state *state, unsigned devices)
{
	struct loss *loss;

	court->losses = must_grow(court->losses, court->nlosses + 1, sizeof *court->losses);
	loss = &court->losses[court->nlosses++];
	*loss = (struct loss){.devices = devices};
	state_reset(state);
	take_state(&loss->trial.before, state, devices);
	state_apply_all(state);
	take_state(&loss->trial.after, state, devices);
}

void losses_open(struct court *court)
{
	size_t count = court->trial->ground->image->count;
	struct state state;
	unsigned bears;

	state_make(&state, court->trial->ground);
	bears = tolerance_of(&state);
	for (unsigned devices = 1; devices < 1u << count; devices++)
		if ((unsigned)__builtin_popcount(devices) <= bears)
			add_loss(court, &state, devices);
	state_free(&state);
	if (!court->nlosses)
		die("%s: no device can be lost", court->trial->name);
}

void losses_close(struct court *court)
{
	for (size_t i = 0; i < court->nlosses; i++) {
		facts_free(&court->losses[i].trial.before);
		facts_free(&court->losses[i].trial.after);
	}
	free(court->losses);
}

static const char *look_at_rest(const struct loss *loss, const struct state *state, char *text, size_t room)
{
	struct facts facts;
	char before[512], after[512];
	const char *wrong;
	enum which which;

	take_state(&facts, state, loss->devices);
	which = which_of(&loss->trial, &facts);
	wrong = wrong_one(which, state_primaries(state));
	if (which == NEITHER) {
		facts_difference(&facts, &loss->trial.before, before, sizeof before);
		facts_difference(&facts, &loss->trial.after, after, sizeof after);
		snprintf(text, room, "neither the old filesystem: %s; nor the new: %s", before, after);
		wrong = text;
	}
	facts_free(&facts);
	return wrong;
}

void lose_devices(struct court *court, const struct state *state, const struct origin *origin)
{
	char text[1100], words[1200];
	bool good = true;

	for (size_t i = 0; i < court->nlosses; i++) {
		const char *wrong = look_at_rest(&court->losses[i], state, text, sizeof text);

		if (!wrong)
			continue;
		snprintf(words, sizeof words, "without devices 0x%x: %s", court->losses[i].devices, wrong);
		court_complain(court, origin, state, words);
		good = false;
	}
	court->trial->counts.losses++;
	court->trial->failed.losses += !good;
}
