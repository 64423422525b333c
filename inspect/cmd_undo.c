/* SPDX-License-Identifier: MIT */
/* undo: puts back what a rewrite changed. */
#include "document.h"
#include "image.h"
#include "message.h"
#include "output.h"
#include "progress.h"
#include "report/escape.h"
#include "report/report.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int undo(const struct settings *settings, struct fsw_undone *undone, struct fsr_error *err)
{
	const struct fsr_open_options options = image_options(settings);
	size_t n;
	const char **paths = image_paths(settings, settings->operands[0], &n);

	*err = (struct fsr_error){.bytenr = FSR_NO_BYTENR};
	int ret = fsw_undo(undone, paths, n, settings->operands[1], &options, err);
	free(paths);
	progress_clear();
	if (ret == 0)
		output_forget_signal();
	return ret;
}

static void undo_text(const struct settings *settings, const struct fsw_undone *undone)
{
	const char *image = settings->operands[0];

	put_escaped(stdout, image, strlen(image));
	printf(": generation %" PRIu64 " is there again, byte for byte: ", undone->generation);
	if (undone->was_there) {
		puts("it was there already, nothing was written");
		return;
	}
	put_size(settings, undone->bytes);
	puts(" put back");
}

/* The filesystem is the one that is there in the end, whether the undo went well or not. */
static void undo_json(
	const struct settings *settings, const struct fsw_undone *undone, const struct fsr_error *failed)
{
	struct fsr_error err;
	struct fsr_fs *fs = NULL;
	struct json_stream json;

	if (image_open(settings, settings->operands[0], &fs, &err) != 0)
		fs = NULL;
	document_open(&json, settings, fs);
	json_put(&json, "undone", failed ? json_null() : report_undone(undone));
	document_close(&json, failed);
	fsr_close(fs);
}

int cmd_undo(const struct settings *settings)
{
	struct fsr_error err;
	struct fsw_undone undone;
	int ret = undo(settings, &undone, &err);

	if (settings->format == FORMAT_JSON)
		undo_json(settings, &undone, ret ? &err : NULL);
	else if (ret == 0)
		undo_text(settings, &undone);
	if (ret)
		complain_error(settings->operands[0], &err);
	return ret ? STATUS_TROUBLE : STATUS_CLEAN;
}
