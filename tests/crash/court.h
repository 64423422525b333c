/* SPDX-License-Identifier: MIT */
/* Within the judging of states: judge.c, effort.c and losses.c. */
#ifndef TESTS_CRASH_COURT_H
#define TESTS_CRASH_COURT_H

#include "crash.h"

/* What the judging of one trial needs. */
struct court {
	struct trial *trial;
	struct image work; /* files that hold a state for a moment */
	char *work_paths[MAX_DISKS];
	char *check_before, *check_after;
	struct counts total; /* of all states, known beforehand */
	unsigned words, mixed;
	size_t nlosses;
	struct loss *losses;
};

enum which { NEITHER, BEFORE, AFTER };

/* ---- judge.c */

void court_complain(
	struct court *court, const struct origin *origin, const struct state *state, const char *what);
/* Without the devices in the set `lost`. */
void take_state(struct facts *facts, const struct state *state, unsigned lost);
/* What is wrong with it being this one; NULL: nothing. */
const char *wrong_one(enum which which, enum primaries primaries);
enum which which_of(const struct trial *trial, const struct facts *facts);
/* Whether the superblocks differ no more than a crash may leave them. */
bool mirrors_good(const struct trial *trial, const struct facts *facts, bool torn);

/* ---- effort.c: others than our own reading */

/* Files to work on, and what btrfs check says of the two filesystems. */
void court_open(struct court *court);
void court_close(struct court *court);
void check_state(
	struct court *court, const struct state *state, const struct origin *origin, enum which which);
void recover_state(struct court *court, const struct state *state, const struct origin *origin);
void undo_state(struct court *court, const struct state *state, const struct origin *origin);
/* Files for the kernel: KEEP/TRIAL.before.N or KEEP/TRIAL.after.N, and the whole filesystems. */
void keep_chosen(struct trial *trial, const struct state *state, enum which which);
bool keep_mixed(struct court *court, const struct state *state);
void keep_whole(const struct trial *trial);

/* ---- losses.c: devices that are lost on top of a crash */

/* What is left of the two filesystems without each set of devices that both can do without. */
void losses_open(struct court *court);
void losses_close(struct court *court);
/* Each must leave one of them of the state. */
void lose_devices(struct court *court, const struct state *state, const struct origin *origin);

#endif
