/* SPDX-License-Identifier: MIT */
/*
 * Documents are read twice: a look for what they are, as far as that takes, then all of it. So it doesn't
 * matter in which order a program that they went through has left their members.
 */
#include "read_document.h"

#include "reading.h"

#include <inttypes.h>
#include <string.h>

static const struct member_set images = {{"images"}, false};
static const struct member_set image_of_all = {{"image", "filesystem", "block_groups", "findings"}, true};
static const struct member_set image_of_one = {{"image", "filesystem", "block_group", "findings"}, true};
static const struct member_set image_of_several = {{"path", "filesystem", "block_groups", "findings"}, true};

static const struct document_kind kinds[] = {
	{"groups", NULL, &image_of_all},
	{"diff", NULL, &image_of_all},
	{"cache", NULL, &image_of_one},
	{"validate", &images, &image_of_several},
};

/* ---- the look */

struct look {
	struct reading *reading;
	json_t *header, *command;
	bool images; /* that member was seen */
};

/* Of validate alone there are two formats: the look goes on until it shows which this is. */
static bool seen_all(const struct look *look)
{
	const char *command = json_string_value(look->command);

	if (!look->header || !look->command)
		return false;
	return !command || strcmp(command, "validate") != 0 || look->images || look->reading->lines;
}

static bool look_at_member(struct look *look)
{
	struct scan *scan = &look->reading->scan;
	json_t **place = strcmp(scan->key, "__header") == 0  ? &look->header
			 : strcmp(scan->key, "command") == 0 ? &look->command
							     : NULL;

	look->images |= strcmp(scan->key, "images") == 0;
	look->reading->lines |= strcmp(scan->key, "type") == 0;
	if (!place)
		return seen_all(look) || scan_skip(scan);
	if (*place)
		return trouble_say(look->reading->trouble, FSR_E_CORRUPT, "'%s' is there twice", scan->key);
	*place = scan_value(scan);
	return *place;
}

static bool judge_header(struct trouble *trouble, const json_t *header)
{
	const struct fields f = {trouble, header, "__header."};

	if (!header)
		return trouble_say(trouble, FSR_E_CORRUPT, "no report of spacescope: there is no '__header'");
	const char *version = field_text(&f, "version");
	if (!version || strcmp(version, "1") == 0)
		return version;
	return trouble_say(trouble, FSR_E_UNSUPPORTED,
		"a report in version %.20s of the format; this program reads version 1", version);
}

static bool judge_command(struct reading *reading, const json_t *value)
{
	const char *command = json_string_value(value);

	if (!command)
		return trouble_say(reading->trouble, FSR_E_CORRUPT,
			"no report of spacescope: there is no 'command', or it is no text");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].command, command) == 0)
			reading->kind = &kinds[i];
	return reading->kind || trouble_say(reading->trouble, FSR_E_UNSUPPORTED,
					"this is what '%.60s' printed; only what groups, diff, validate or "
					"cache printed can be "
					"opened",
					command);
}

static bool take_look(struct reading *reading)
{
	struct look look = {.reading = reading};
	bool ok = scan_open(&reading->scan, '{', "the report");

	while (ok && !seen_all(&look) && scan_member(&reading->scan))
		ok = look_at_member(&look);
	ok = ok && !reading->trouble->failed && judge_header(reading->trouble, look.header) &&
	     judge_command(reading, look.command);
	json_decref(look.header);
	json_decref(look.command);
	return ok;
}

/* ---- the reading */

static bool read_object(struct reading *reading)
{
	const struct document_kind *kind = reading->kind;

	if (!(kind->top ? read_members(reading, kind->top) : read_image(reading, kind->image)))
		return false;
	return scan_peek(&reading->scan) == EOF ||
	       trouble_say(reading->trouble, FSR_E_CORRUPT, "line %" PRIu64 ": something follows the report",
		       reading->scan.line);
}

bool read_document(FILE *in, struct report *report, struct trouble *trouble)
{
	struct reading reading = {.trouble = trouble, .build = {.trouble = trouble, .report = report}};

	scan_begin(&reading.scan, in, trouble);
	bool ok = take_look(&reading);
	scan_end(&reading.scan);
	if (!ok)
		return false;
	rewind(in);
	scan_begin(&reading.scan, in, trouble);
	ok = reading.lines && reading.kind->top ? read_lines(&reading) : read_object(&reading);
	scan_end(&reading.scan);
	return ok && !trouble->failed;
}
