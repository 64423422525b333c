/* SPDX-License-Identifier: MIT */
/*
 * report_again [-q] FILE...: reads saved reports and prints each again, an object a line, made from the
 * records that were read: {"cut", "images": [{"path", "command", "error", "size", "filesystem",
 * "block_groups" (after diff with "ranges"), "findings"}]}. -q prints nothing but what is wrong. Exit status
 * 2 when one can't be read.
 */
#include "../../inspect/report/read.h"
#include "../../inspect/report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void out_of_memory(void)
{
	fputs("report_again: out of memory\n", stderr);
	exit(2);
}

static json_t *made(json_t *value)
{
	if (!value)
		out_of_memory();
	return value;
}

static void put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, made(value)) != 0)
		out_of_memory();
}

static void append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, made(value)) != 0)
		out_of_memory();
}

static json_t *text(const char *s)
{
	return s ? report_text(s) : json_null();
}

static json_t *ranges_json(const struct report_image *image, uint64_t block_group)
{
	json_t *array = made(json_array());

	for (size_t i = 0; i < image->nranges; i++)
		if (image->ranges[i].block_group == block_group)
			append(array, report_diff_range(&image->ranges[i]));
	return array;
}

static json_t *groups_json(const struct report_image *image)
{
	json_t *array = made(json_array());

	for (size_t i = 0; i < image->ngroups; i++) {
		json_t *group = made(report_group(&image->groups[i]));
		if (image->has_ranges)
			put(group, "ranges", ranges_json(image, image->groups[i].bytenr));
		append(array, group);
	}
	return array;
}

/* Those of each block group, then those of none: not all_findings, so that both parts are seen to be right.
 */
static json_t *findings_json(const struct report_image *image)
{
	json_t *array = made(json_array());

	for (size_t i = 0; i < image->ngroups; i++)
		for (size_t j = 0; j < image->groups[i].nfindings; j++)
			append(array, report_finding(&image->groups[i].findings[j]));
	for (size_t i = 0; i < image->nfindings; i++)
		append(array, report_finding(&image->findings[i]));
	return array;
}

static json_t *image_json(const struct report_image *image)
{
	json_t *object = made(json_object());

	put(object, "path", text(image->path));
	put(object, "command", text(image->command));
	put(object, "error", text(image->error));
	put(object, "size", report_maybe(image->size != 0, image->size));
	put(object, "filesystem",
		image->has_filesystem ? report_filesystem(&image->filesystem) : json_null());
	put(object, "block_groups", groups_json(image));
	put(object, "findings", findings_json(image));
	return object;
}

static void print_report(const struct report *report)
{
	json_t *images = made(json_array());

	for (size_t i = 0; i < report->nimages; i++)
		append(images, image_json(&report->images[i]));
	json_t *object = made(json_pack("{s:b, s:o}", "cut", report->cut, "images", images));
	char *line = json_dumps(object, JSON_COMPACT);
	if (!line)
		out_of_memory();
	puts(line);
	free(line);
	json_decref(object);
}

static int read_again(const char *path, bool quiet)
{
	struct fsr_error err = {.bytenr = FSR_NO_BYTENR};
	struct report *report;

	if (!report_is_one(path)) {
		fprintf(stderr, "%s: not a report\n", path);
		return 2;
	}
	if (report_load(path, &report, &err) != 0) {
		fprintf(stderr, "%s: %s\n", path, err.text);
		return 2;
	}
	if (!quiet)
		print_report(report);
	report_free(report);
	return 0;
}

int main(int argc, char **argv)
{
	bool quiet = argc > 1 && strcmp(argv[1], "-q") == 0;
	int status = 0;

	for (int i = quiet ? 2 : 1; i < argc; i++)
		status |= read_again(argv[i], quiet);
	return status;
}
