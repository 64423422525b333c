/* SPDX-License-Identifier: MIT */
/* NDJSON of validate: block groups and findings of an image, the image, at last the summary. */
#include "reading.h"

#include <inttypes.h>
#include <string.h>

/* The record that the line holds under `key`. */
static bool take_record(struct reading *reading, const struct fields *line, const char *key,
	bool (*build_fn)(struct build *build, const json_t *object))
{
	struct fields record;

	if (field_object(line, key, "", &record))
		return build_fn(&reading->build, record.object);
	return trouble_say(reading->trouble, FSR_E_CORRUPT, "'%s' is null", key);
}

/* Ends the image. */
static bool take_image(struct reading *reading, const struct fields *line)
{
	struct fields error, filesystem;

	field_object(line, "error", "", &error);
	field_object(line, "filesystem", "", &filesystem);
	bool ok = !reading->trouble->failed && build_error(&reading->build, error.object) &&
		  build_filesystem(&reading->build, filesystem.object) && build_finish(&reading->build);
	reading->build.image = NULL;
	return ok;
}

/* The image that the line belongs to: begins it with its first line. */
static bool find_image(struct reading *reading, const struct fields *line)
{
	const struct report_image *image = reading->build.image;
	const char *path = field_text(line, "path");

	if (!path)
		return false;
	if (!image)
		return build_image(&reading->build, reading->kind->command) &&
		       build_text(&reading->build, &reading->build.image->path, path);
	return strcmp(image->path, path) == 0 ||
	       trouble_say(reading->trouble, FSR_E_CORRUPT,
		       "'path' is another one before the image of the lines above has ended");
}

static bool take_line(struct reading *reading, const json_t *object, bool *summary)
{
	const struct fields line = {reading->trouble, object, ""};
	const char *type = field_text(&line, "type");

	if (!type)
		return false;
	*summary = strcmp(type, "summary") == 0;
	if (*summary)
		return !reading->build.image || trouble_say(reading->trouble, FSR_E_CORRUPT,
							"the summary comes before the end of an image");
	if (strcmp(type, "block_group") == 0)
		return find_image(reading, &line) && take_record(reading, &line, type, build_group);
	if (strcmp(type, "finding") == 0)
		return find_image(reading, &line) && take_record(reading, &line, type, build_finding);
	if (strcmp(type, "image") == 0)
		return find_image(reading, &line) && take_image(reading, &line);
	return trouble_say(reading->trouble, FSR_E_CORRUPT, "'type' is '%.60s', a word not known here", type);
}

/* A line that ends half-way is as good as one that was never written. */
static bool forgive_cut(struct reading *reading)
{
	if (!reading->scan.at_end)
		return false;
	reading->trouble->failed = false;
	*reading->trouble->err = (struct fsr_error){.bytenr = FSR_NO_BYTENR};
	return true;
}

static bool next_line(struct reading *reading, bool *summary)
{
	struct trouble *trouble = reading->trouble;

	trouble->image[0] = trouble->record[0] = 0;
	json_t *object = scan_object(&reading->scan, "this", NULL, NULL, NULL);
	if (!object)
		return forgive_cut(reading);
	/* Said instead of the record's place in an array, which there is none of. */
	snprintf(trouble->image, sizeof trouble->image, "line %" PRIu64, reading->scan.line);
	bool ok = take_line(reading, object, summary);
	json_decref(object);
	return ok;
}

bool read_lines(struct reading *reading)
{
	bool summary = false;

	if (!scan_open(&reading->scan, '{', "this"))
		return false;
	while (scan_member(&reading->scan)) /* the header, which was looked at already */
		if (!scan_skip(&reading->scan))
			return false;
	while (scan_peek(&reading->scan) != EOF) {
		if (summary)
			return trouble_say(reading->trouble, FSR_E_CORRUPT,
				"line %" PRIu64 ": something follows the summary", reading->scan.line);
		if (!next_line(reading, &summary))
			return false;
	}
	reading->build.report->cut = !summary;
	return !reading->trouble->failed && (!reading->build.image || build_finish(&reading->build));
}
