/* SPDX-License-Identifier: MIT */
/* Opening a filesystem on sources of the caller's own making: libfswrite reads what it is about to write. */
#ifndef FSREAD_OPEN_H
#define FSREAD_OPEN_H

#include "space/space.h"

/*
 * What fsr_open() does with the sources once it has them. The array (from malloc) and the sources are
 * taken over, on failure too.
 */
int fs_open_sources(struct source **sources, size_t n, struct fsr_fs **out, struct fsr_error *err);

#endif
