/* SPDX-License-Identifier: MIT */
/* The document of `spacescope cache`, from what Cache and Bytes show. */
#ifndef TUI_SCREENS_CACHE_EXPORT_H
#define TUI_SCREENS_CACHE_EXPORT_H

#include "cache_model.h"
#include "screen.h"

/* hex: with the bytes of the pages. 0, or -1 with errno set: ENOTSUP where there is no cache that was read.
 */
int cache_export(struct view *view, FILE *out, const struct cache_model *model, bool hex);

#endif
