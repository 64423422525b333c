/* SPDX-License-Identifier: MIT */
#include "image.h"

#include "message.h"
#include "progress.h"

#include <stdlib.h>

struct fsr_open_options image_options(const struct settings *settings)
{
	return (struct fsr_open_options){
		.partition = (unsigned)settings->partition.value,
		.has_offset = settings->offset.given,
		.offset = settings->offset.value,
		.member = settings->member,
		.unpack_limit = settings->unpack_limit.value,
		.all_copies = settings->all_copies,
		.ddrescue_map = settings->ddrescue_map,
		.allow_outside = settings->allow_outside,
		.progress = progress_report,
		.progress_arg = (void *)settings,
	};
}

const char **image_paths(const struct settings *settings, const char *path, size_t *n)
{
	const char **paths = calloc(settings->ndevices + 1, sizeof *paths);

	if (!paths)
		out_of_memory();
	paths[0] = path;
	for (size_t i = 0; i < settings->ndevices; i++)
		paths[i + 1] = settings->devices[i];
	*n = settings->ndevices + 1;
	return paths;
}

int image_open(const struct settings *settings, const char *path, struct fsr_fs **fs, struct fsr_error *err)
{
	const struct fsr_open_options options = image_options(settings);
	size_t n;
	const char **paths = image_paths(settings, path, &n);

	*err = (struct fsr_error){.bytenr = FSR_NO_BYTENR};
	int ret = fsr_open(fs, paths, n, &options, err);
	free(paths);
	progress_clear();
	return ret;
}

struct fsr_fs *image_open_only(const struct settings *settings)
{
	struct fsr_error err;
	struct fsr_fs *fs = NULL;

	if (image_open(settings, settings->operands[0], &fs, &err) == 0)
		return fs;
	complain_error(settings->operands[0], &err);
	return NULL;
}

int image_judge(
	const struct settings *settings, struct fsr_fs *fs, fsr_group_fn fn, void *arg, struct fsr_error *err)
{
	const struct fsr_judge_options options = {
		.threads = (unsigned)settings->threads.value,
		.has_group = settings->group.given,
		.group = settings->group.value,
		.progress = progress_report,
		.progress_arg = (void *)settings,
	};

	*err = (struct fsr_error){.bytenr = FSR_NO_BYTENR};
	int ret = fsr_judge(fs, &options, fn, arg, err);
	progress_clear();
	return ret;
}
