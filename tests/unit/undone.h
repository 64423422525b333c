/* SPDX-License-Identifier: MIT */
/* A filesystem of two devices as far as an undo looks at it, a rewrite of it, and its undo file. */
#ifndef TESTS_UNIT_UNDONE_H
#define TESTS_UNIT_UNDONE_H

#include "../../libfswrite/rewrite.h"
#include "hook.h"

#define UNDONE_DEVICES 2u
#define UNDONE_SIZE (70 * MIB) /* with a second superblock */
#define UNDONE_FILE "undo"
/* Generations before and after. */
#define UNDONE_BEFORE 9u
#define UNDONE_AFTER 10u

/* "one" and "two": their paths, and where the rewrite wrote on them. */
extern const char *const undone_paths[UNDONE_DEVICES];

/* Makes the devices, remembers them, "rewrites" them with an undo file, and remembers them again. */
void undone_make(void);
void undone_free(void);
/* Takes both files back to what they were before, or after the rewrite. */
void undone_reset(bool before);
/* Whether both devices are wholly as before, or as after the rewrite; only where it wrote, if not `whole`. */
bool undone_is(bool before, bool whole);

extern struct fsr_error undone_error;
extern struct fsw_undone undone_result;
/* Runs undo_with() on both devices; hook may be NULL. */
int undone_run(const char *undo, const struct device_hooks *hooks);

#endif
