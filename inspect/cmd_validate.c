/* SPDX-License-Identifier: MIT */
/* validate: every image judged, one after the other; damage in one never hides the others. */
#include "document.h"
#include "image.h"
#include "message.h"
#include "output.h"
#include "report/escape.h"
#include "report/report.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>

enum result { RESULT_CLEAN, RESULT_FINDINGS, RESULT_UNREADABLE, RESULT_COUNT };

/* Also the exit status of the image. */
static const struct {
	const char *name;
	int status;
} results[RESULT_COUNT] = {
	[RESULT_CLEAN] = {"clean", STATUS_CLEAN},
	[RESULT_FINDINGS] = {"findings", STATUS_FINDINGS},
	[RESULT_UNREADABLE] = {"unreadable", STATUS_TROUBLE},
};

struct run {
	const struct settings *settings;
	struct json_stream json;
	uint64_t images[RESULT_COUNT];
	uint64_t groups;
	size_t by_severity[SEVERITY_COUNT];
};

/* One image of the run. */
struct image {
	struct run *run;
	const char *path;
	struct fsr_fs *fs; /* NULL when it can't be opened */
	enum result result;
	struct fsr_error err;
	struct finding_list findings;
	uint64_t groups;
};

/* ---- JSON and NDJSON */

/* Block groups and findings by severity; without `images` those of one image. */
static json_t *summary_json(const uint64_t *images, uint64_t groups, const size_t *by_severity)
{
	json_t *counts = json_pack("{s:o, s:o, s:o, s:o, s:o}", "block_groups", report_u64(groups), "danger",
		report_u64(by_severity[FSR_SEVERITY_DANGER]), "error",
		report_u64(by_severity[FSR_SEVERITY_ERROR]), "warning",
		report_u64(by_severity[FSR_SEVERITY_WARNING]), "note",
		report_u64(by_severity[FSR_SEVERITY_NOTE]));
	if (!images)
		return counts;
	json_t *all = json_pack("{s:o, s:o, s:o, s:o}", "images",
		report_u64(images[RESULT_CLEAN] + images[RESULT_FINDINGS] + images[RESULT_UNREADABLE]),
		"clean", report_u64(images[RESULT_CLEAN]), "findings", report_u64(images[RESULT_FINDINGS]),
		"unreadable", report_u64(images[RESULT_UNREADABLE]));
	if (all && json_object_update_new(all, counts) == 0)
		return all;
	json_decref(all);
	return NULL;
}

/* What an image's object holds apart from its path and its arrays. */
static json_t *image_json(const struct image *image)
{
	bool unreadable = image->result == RESULT_UNREADABLE;

	return json_pack("{s:s, s:o, s:o, s:o}", "result", results[image->result].name, "error",
		unreadable ? report_error(&image->err) : json_null(), "filesystem",
		image->fs ? report_filesystem(fsr_filesystem(image->fs)) : json_null(), "summary",
		summary_json(NULL, image->groups, image->findings.by_severity));
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
	json_line(line);
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
	printf(": %s  ", results[image->result].name);
	print_counts(image->findings.by_severity);
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
	}
	image->result = ret                                  ? RESULT_UNREADABLE
			: finding_list_bad(&image->findings) ? RESULT_FINDINGS
							     : RESULT_CLEAN;
	if (ret)
		complain_error(image->path, &image->err);
}

static void count(struct run *run, const struct image *image)
{
	run->images[image->result]++;
	run->groups += image->groups;
	for (int i = 0; i < SEVERITY_COUNT; i++)
		run->by_severity[i] += image->findings.by_severity[i];
}

static int validate_image(struct run *run, const char *path)
{
	struct image image = {.run = run, .path = path};
	bool json = run->settings->format == FORMAT_JSON;

	if (json) {
		json_open(&run->json, NULL, '{');
		json_put(&run->json, "path", report_text(path));
		json_open(&run->json, "block_groups", '[');
	}
	judge(&image);
	count(run, &image);
	if (json) {
		json_close(&run->json, ']');
		document_findings(&run->json, &image.findings);
		json_put_members(&run->json, image_json(&image));
		json_close(&run->json, '}');
	} else if (run->settings->format == FORMAT_NDJSON) {
		image_lines(&image);
	} else {
		print_image(&image);
	}
	finding_list_free(&image.findings);
	fsr_close(image.fs);
	return results[image.result].status;
}

static void begin(struct run *run)
{
	if (run->settings->format == FORMAT_NDJSON)
		print_line("header", NULL, NULL,
			json_pack("{s:o, s:s}", "__header", document_header(), "command", "validate"));
	if (run->settings->format != FORMAT_JSON)
		return;
	json_open(&run->json, NULL, '{');
	json_put(&run->json, "__header", document_header());
	json_put(&run->json, "command", json_string("validate"));
	json_open(&run->json, "images", '[');
}

/* A run that was stopped has no summary line: its lack shows the cut. */
static void end(struct run *run)
{
	json_t *summary = summary_json(run->images, run->groups, run->by_severity);

	if (run->settings->format == FORMAT_JSON) {
		json_close(&run->json, ']');
		json_put(&run->json, "summary", summary);
		json_close(&run->json, '}');
	} else if (output_stopped()) {
		json_decref(summary);
	} else {
		print_line("summary", NULL, NULL, summary);
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
