/* SPDX-License-Identifier: MIT */
/* An image, opened and judged as the command line asks. Failures come back as libfsread's code and error. */
#ifndef INSPECT_IMAGE_H
#define INSPECT_IMAGE_H

#include "../libfsread/fsread.h"
#include "options.h"

/* How the command line has images opened, with its progress. */
struct fsr_open_options image_options(const struct settings *settings);

/* `path` and the devices given, *n of them; the array is to be freed. */
const char **image_paths(const struct settings *settings, const char *path, size_t *n);

/* fsr_open() of `path` and the devices given. */
int image_open(const struct settings *settings, const char *path, struct fsr_fs **fs, struct fsr_error *err);

/* The same for commands that work on one image: NULL after one sentence on stderr. */
struct fsr_fs *image_open_only(const struct settings *settings);

/* fsr_judge() with the threads and the block group given; stops when stdout fails or a signal comes. */
int image_judge(const struct settings *settings, struct fsr_fs *fs, fsr_group_fn fn, void *arg,
	struct fsr_error *err);

#endif
