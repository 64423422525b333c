/* SPDX-License-Identifier: MIT */
/* rewrite: has caches written anew, shows how it goes, and reports what became of them. */
#include "document.h"
#include "image.h"
#include "message.h"
#include "output.h"
#include "progress.h"
#include "rewrite_text.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct run {
	const struct settings *settings;
	bool titled;               /* events have their titles */
	struct fsw_result *result; /* NULL: it failed, and err says why */
	struct fsr_error err;
};

/* Stops the work when there is no one to show it to, or a signal came. */
static int take_event(void *arg, const struct fsw_event *event)
{
	struct run *run = arg;

	if (run->settings->format == FORMAT_TEXT && run->settings->verbosity != VERBOSITY_QUIET)
		rewrite_print_event(event, &run->titled);
	return output_stopped();
}

static void rewrite(struct run *run)
{
	const struct settings *settings = run->settings;
	const struct fsr_open_options open = image_options(settings);
	const struct fsw_options options = {
		.open = &open,
		.groups = settings->groups,
		.ngroups = settings->ngroups,
		.all = settings->all,
		.invalidate = settings->invalidate,
		.enable_v1 = settings->enable_v1,
		.dry_run = settings->dry_run,
		.undo = settings->undo,
		.output = settings->output,
		.threads = (unsigned)settings->threads.value,
		.event = take_event,
		.event_arg = run,
	};
	size_t n;
	const char **paths = image_paths(settings, settings->operands[0], &n);

	run->err = (struct fsr_error){.bytenr = FSR_NO_BYTENR};
	if (fsw_rewrite(&run->result, paths, n, &options, &run->err) != 0)
		run->result = NULL;
	else
		output_forget_signal();
	free(paths);
	progress_clear();
}

/* ---- JSON */

/* Opens what --output made. */
static struct fsr_fs *open_copy(const struct settings *settings, const struct fsw_result *result)
{
	struct fsr_open_options options = image_options(settings);
	struct fsr_fs *fs = NULL;
	struct fsr_error err;

	options.member = NULL; /* it is out of its archive */
	options.ddrescue_map = NULL;
	if (fsr_open(&fs, (const char *const *)result->outputs, result->noutputs, &options, &err) != 0)
		fs = NULL;
	progress_clear();
	return fs;
}

/* The image is the one given; the filesystem is the one that is there afterwards, so the copy's if there is
 * one. */
static void put_document(const struct run *run)
{
	const struct settings *settings = run->settings;
	const struct fsw_result *result = run->result;
	bool committed = result && result->committed;
	struct fsr_fs *image = NULL, *copy = NULL;
	struct json_stream json;
	struct fsr_error err;

	if (image_open(settings, settings->operands[0], &image, &err) != 0)
		image = NULL;
	if (committed && result->noutputs)
		copy = open_copy(settings, result);
	document_open_two(&json, settings, image, committed && result->noutputs ? copy : image);
	export_rewrite(&json, result, settings->output, settings->dry_run);
	document_close(&json, result ? NULL : &run->err);
	fsr_close(copy);
	fsr_close(image);
}

/* ---- text */

/* The image before the work; what can't be opened is left to the writer to complain about. */
static void print_head(const struct settings *settings)
{
	struct fsr_fs *fs = NULL;
	struct fsr_error err;

	if (settings->verbosity == VERBOSITY_QUIET)
		return;
	if (image_open(settings, settings->operands[0], &fs, &err) == 0)
		put_head(settings, fs, settings->operands[0]);
	fsr_close(fs);
	fflush(stdout);
}

static void print_result(const struct run *run)
{
	if (run->titled)
		putchar('\n');
	if (run->result)
		rewrite_print_result(run->settings, run->result);
}

/* Of a stop only that is of interest which is not the same each time: what it left. */
static void complain_failure(const char *path, const struct fsr_error *err)
{
	const char *left = strchr(err->text, ';');

	if (err->code == FSR_E_STOPPED && left)
		complain("%s: stopped%s", path, left);
	else
		complain_error(path, err);
}

int cmd_rewrite(const struct settings *settings)
{
	struct run run = {.settings = settings};
	bool json = settings->format == FORMAT_JSON;

	if (!json)
		print_head(settings);
	rewrite(&run);
	if (json)
		put_document(&run);
	else
		print_result(&run);
	if (!run.result)
		complain_failure(settings->operands[0], &run.err);
	else if (run.result->committed && (fflush(stdout), output_stopped()))
		complain("%s: generation %" PRIu64 " was committed all the same", settings->operands[0],
			run.result->transaction.generation);
	int status = !run.result ? STATUS_TROUBLE : run.result->unwritten ? STATUS_FINDINGS : STATUS_CLEAN;
	fsw_result_free(run.result);
	return status;
}
