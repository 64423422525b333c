/* SPDX-License-Identifier: MIT */
/* Which entries of a cache say that space is free that is in use. */
#ifndef TUI_SCREENS_CACHE_EXCESS_H
#define TUI_SCREENS_CACHE_EXCESS_H

#include "cache_notes.h"

/* Fills notes->excess, comparing the block group once more. 0, FSR_E_NOMEM, or as fsr_diff() fails. */
int cache_excess_make(struct cache_notes *notes, struct fsr_fs *fs, struct fsr_error *err);

#endif
