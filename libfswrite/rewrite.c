/* SPDX-License-Identifier: MIT */
#include "rewrite.h"

#include "../libfsread/open.h"
#include "commit/commit.h"
#include "device/copy.h"
#include "device/create.h"

#include <stdlib.h>

static int rewrite_set(struct device_set *set, const struct fsw_options *options, bool scratch,
	struct fsw_result *result, struct fsr_error *err)
{
	struct commit c = {.set = set, .options = options, .scratch = scratch};
	struct source **sources;
	struct fsr_fs *fs = NULL;
	int ret = device_set_sources(set, &sources, err);

	if (!ret)
		ret = fs_open_sources(sources, set->count, &fs, err);
	if (ret)
		return ret;
	ret = commit_run(&c, fs, result, err);
	trans_free(&c.trans);
	fsr_close(fs);
	return ret;
}

static int rewrite_files(const char *const *paths, size_t n, const struct fsw_options *options, bool scratch,
	const struct device_hooks *hooks, struct fsw_result *result, struct fsr_error *err)
{
	enum device_access access = options->dry_run ? DEVICES_READ : DEVICES_WRITE;
	struct device_set *set;
	int ret = device_set_open(paths, n, options->open, access, hooks, &set, err);

	if (ret)
		return ret;
	ret = rewrite_set(set, options, scratch, result, err);
	device_set_close(set);
	return ret;
}

/* The copy is whole and flushed before the commit on it begins, and goes when that fails. */
static int rewrite_copy(const char *const *paths, size_t n, const struct fsw_options *options,
	const struct device_hooks *hooks, struct fsw_result *result, struct fsr_error *err)
{
	/* where the filesystem lies is the same; what an archive held is unpacked now */
	struct fsr_open_options in_copy = options->open ? *options->open : (struct fsr_open_options){0};
	struct fsw_options with_copy = *options;
	struct image_copy copy = {0};
	int ret = image_copy_make(paths, n, options->open, options->output, &copy, err);

	if (ret)
		return ret;
	in_copy.member = NULL;
	in_copy.ddrescue_map = NULL;
	with_copy.open = &in_copy;
	ret = rewrite_files(
		(const char *const *)copy.paths, copy.count, &with_copy, true, hooks, result, err);
	if (ret) {
		image_copy_remove(&copy);
		image_copy_free(&copy);
		return ret;
	}
	result->outputs = copy.paths;
	result->noutputs = copy.count;
	return 0;
}

static const struct fsw_options defaults;

int rewrite_with(struct fsw_result **out, const char *const *paths, size_t n,
	const struct fsw_options *options, const struct device_hooks *hooks, struct fsr_error *err)
{
	struct fsw_result *result = calloc(1, sizeof *result);
	struct fsr_error ignored;
	int ret;

	*out = NULL;
	if (!err)
		err = &ignored;
	if (!options)
		options = &defaults;
	if (!result)
		return fsr_fail_nomem(err);
	ret = check_absent(options->undo, "undo file", err);
	if (!ret)
		ret = check_absent(options->output, "output file", err);
	if (!ret && options->output && !options->dry_run)
		ret = rewrite_copy(paths, n, options, hooks, result, err);
	else if (!ret)
		ret = rewrite_files(paths, n, options, false, hooks, result, err);
	if (ret)
		fsw_result_free(result);
	else
		*out = result;
	return ret;
}

int fsw_rewrite(struct fsw_result **out, const char *const *paths, size_t n,
	const struct fsw_options *options, struct fsr_error *err)
{
	return rewrite_with(out, paths, n, options, NULL, err);
}

void fsw_result_free(struct fsw_result *result)
{
	if (!result)
		return;
	free(result->groups);
	free(result->removed);
	image_copy_free(&(struct image_copy){result->outputs, result->noutputs});
	free(result);
}
