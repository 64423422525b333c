/* SPDX-License-Identifier: MIT */
#ifndef FSREAD_SPACE_SUMMARY_H
#define FSREAD_SPACE_SUMMARY_H

#include "space.h"

/* Makes the findings about the whole filesystem that need no judging: orphans, sums, the log tree. */
int summarise(struct fsr_fs *fs, struct fsr_error *err);

#endif
