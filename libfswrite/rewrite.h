/* SPDX-License-Identifier: MIT */
/* fsw_rewrite() and fsw_undo() with something between them and the files: for tests. */
#ifndef FSWRITE_REWRITE_H
#define FSWRITE_REWRITE_H

#include "device/set.h"
#include "fswrite.h"

int rewrite_with(struct fsw_result **out, const char *const *paths, size_t n,
	const struct fsw_options *options, const struct device_hooks *hooks, struct fsr_error *err);
int undo_with(struct fsw_undone *out, const char *const *paths, size_t n, const char *undo,
	const struct fsr_open_options *open, const struct device_hooks *hooks, struct fsr_error *err);

#endif
