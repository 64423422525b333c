/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_CACHE_TEXT_H
#define INSPECT_CACHE_TEXT_H

#include "../libfsread/fsread.h"
#include "options.h"

/* One cache as text on stdout. */
void cache_print(const struct settings *settings, struct fsr_fs *fs, const struct fsr_cache *cache);

#endif
