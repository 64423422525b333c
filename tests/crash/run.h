/* SPDX-License-Identifier: MIT */
/* What the command line asks for. */
#ifndef TESTS_CRASH_RUN_H
#define TESTS_CRASH_RUN_H

#include "crash.h"

struct run {
	const char *name, *mode, *scratch, *keep;
	struct enumeration how;
	struct effort effort;
	size_t allocations; /* how many of them fail in turn, at most */
	const char *const *paths;
	size_t count;
};

void run_difference(const struct run *run);
void run_commit(const struct run *run);
void run_fail(const struct run *run);

/* Options of a rewrite by the name of a mode; undo may be NULL. */
struct fsw_options run_options(const struct run *run, const char *undo);
/* The states of a log, then the proof that a bad order of it would be found out. */
void run_states(const struct run *run, struct trial *trial);
void run_proof(const struct run *run, const struct trial *trial, const char *what,
	void (*spoil)(const struct log *log, struct log *out));

#endif
