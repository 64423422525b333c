/* SPDX-License-Identifier: MIT */
/* validate: every image judged, one after the other; damage in one never hides the others. */
#include "document.h"
#include "image.h"
#include "message.h"
#include "output.h"
#include "report/escape.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>

/* The exit status of an image. */
static const int result_status[EXPORT_RESULT_COUNT] = {
	[EXPORT_CLEAN] = STATUS_CLEAN,
	[EXPORT_FINDINGS] = STATUS_FINDINGS,
	[EXPORT_UNREADABLE] = STATUS_TROUBLE,
};

struct run {
	const struct settings *settings;
	struct json_stream json;
	struct export_counts counts;
};

/* One image of the run. */
struct image {
	struct run *run;
	const char *path;
	struct fsr_fs *fs; /* NULL when it can't be opened */
	enum export_result result;
	struct fsr_error err;
	struct finding_list findings;
	uint64_t groups;
	bool has_copies; /* --all-copies, and it could be opened */
	struct fsr_copy_counts copies;
};

/* ---- JSON and NDJSON */

/* What an image's object holds apart from its path and its arrays. */
static json_t *image_json(const struct image *image)
{
	struct export_counts counts = {.groups = image->groups};

	memcpy(counts.by_severity, image->findings.by_severity, sizeof counts.by_severity);
	return export_judged(image->result, &image->err, image->fs ? fsr_filesystem(image->fs) : NULL,
		&counts, image->has_copies ? &image->copies : NULL);
}

/* {"type": type, "path": path, key: value}, or the members of value in place of key. */
static void print_line(const char *type, const char *path, const char *key, json_t *value)
{
	json_t *line = json_pack("{s:s}", "type", type);

	if (path)
		json_object_set_new(line, "path", report_text(path));
	if (!line || !value ||
		(key ? json_object_set_new(line, key, value) : json_object_update_new(line, value)))
		out_of_memory();
	if (!json_line(stdout, line))
		out_of_memory();
}

static void image_lines(const struct image *image)
{
	for (size_t i = 0; i < image->findings.count; i++)
		print_line("finding", image->path, "finding", report_finding(&image->findings.list[i]));
	print_line("image", image->path, NULL, image_json(image));
}

/* ---- text */

static void print_counts(const size_t *by_severity)
{
	printf("%zu danger, %zu error, %zu warning", by_severity[FSR_SEVERITY_DANGER],
		by_severity[FSR_SEVERITY_ERROR], by_severity[FSR_SEVERITY_WARNING]);
}

static void print_image(const struct image *image)
{
	put_escaped(stdout, image->path, strlen(image->path));
	printf(": %s  ", export_result_name(image->result));
	print_counts(image->findings.by_severity);
	if (image->has_copies)
		printf("; of %" PRIu64 " copies %" PRIu64 " fail, %" PRIu64 " differ", image->copies.read,
			image->copies.failing, image->copies.differing);
	putchar('\n');
	finding_list_print(image->run->settings, &image->findings, "  ");
}

/* ---- judging */

static int take_group(void *arg, const struct fsr_group *group)
{
	struct image *image = arg;

	image->groups++;
	finding_list_add(&image->findings, group->findings, group->nfindings);
	if (image->run->settings->format == FORMAT_JSON)
		json_put(&image->run->json, NULL, report_group(group));
	else if (image->run->settings->format == FORMAT_NDJSON)
		print_line("block_group", image->path, "block_group", report_group(group));
	return output_stopped();
}

static void judge(struct image *image)
{
	const struct settings *settings = image->run->settings;
	int ret = image_open(settings, image->path, &image->fs, &image->err);

	if (ret == 0) {
		ret = image_judge(settings, image->fs, take_group, image, &image->err);
		finding_list_add_filesystem(&image->findings, image->fs);
		image->has_copies = fsr_copy_counts(image->fs, &image->copies);
	}
	image->result = ret                                  ? EXPORT_UNREADABLE
			: finding_list_bad(&image->findings) ? EXPORT_FINDINGS
							     : EXPORT_CLEAN;
	if (ret)
		complain_error(image->path, &image->err);
}

static void count(struct run *run, const struct image *image)
{
	struct export_counts *counts = &run->counts;

	counts->images[image->result]++;
	counts->groups += image->groups;
	for (int i = 0; i < SEVERITY_COUNT; i++)
		counts->by_severity[i] += image->findings.by_severity[i];
}

static int validate_image(struct run *run, const char *path)
{
	struct image image = {.run = run, .path = path};
	bool json = run->settings->format == FORMAT_JSON;

	if (json)
		export_image_open(&run->json, path);
	judge(&image);
	count(run, &image);
	if (json) {
		export_image_close(&run->json, image.findings.list, image.findings.count, image_json(&image));
	} else if (run->settings->format == FORMAT_NDJSON) {
		image_lines(&image);
	} else {
		print_image(&image);
	}
	finding_list_free(&image.findings);
	fsr_close(image.fs);
	return result_status[image.result];
}

static void begin(struct run *run)
{
	if (run->settings->format == FORMAT_NDJSON)
		print_line("header", NULL, NULL,
			json_pack("{s:o, s:s}", "__header", export_header(), "command", "validate"));
	if (run->settings->format != FORMAT_JSON)
		return;
	document_begin(&run->json);
	export_validate_open(&run->json);
}

/* A run that was stopped has no summary line: its lack shows the cut. */
static void end(struct run *run)
{
	if (run->settings->format == FORMAT_JSON) {
		export_validate_close(&run->json, &run->counts);
		document_end(&run->json);
	} else if (!output_stopped()) {
		print_line("summary", NULL, NULL, export_summary(&run->counts));
	}
}

int cmd_validate(const struct settings *settings)
{
	struct run run = {.settings = settings};
	int worst = STATUS_CLEAN;

	begin(&run);
	for (size_t i = 0; i < settings->noperands && !output_stopped(); i++) {
		int status = validate_image(&run, settings->operands[i]);
		worst = status > worst ? status : worst;
	}
	if (settings->format != FORMAT_TEXT)
		end(&run);
	return worst;
}
