/* SPDX-License-Identifier: MIT */
/* The members of a JSON document and of its images; arrays are taken in element by element. */
#include "reading.h"

#include <string.h>

static void name_record(struct reading *reading, const char *array, size_t i)
{
	snprintf(reading->trouble->record, sizeof reading->trouble->record, "%s[%zu]", array, i);
}

/* Has build_fn take what comes next. */
static bool take_value(struct reading *reading, bool (*build_fn)(struct build *build, const json_t *value))
{
	json_t *value = scan_value(&reading->scan);
	bool ok = value && build_fn(&reading->build, value);

	json_decref(value);
	return ok;
}

static bool take_object(struct reading *reading, bool (*build_fn)(struct build *build, const json_t *object),
	const char *apart, scan_apart_fn fn)
{
	json_t *object = scan_object(&reading->scan, "this", apart, fn, reading);
	bool ok = object && build_fn(&reading->build, object);

	json_decref(object);
	return ok;
}

/* ---- arrays */

static bool take_range(struct reading *reading, const char *group, size_t i)
{
	struct trouble *trouble = reading->trouble;

	snprintf(trouble->record, sizeof trouble->record, "%.40s, ranges[%zu]", group, i);
	return take_object(reading, build_range, NULL, NULL);
}

/* The ranges of a block group; only diff has them. */
static bool take_ranges(void *arg)
{
	struct reading *reading = arg;
	char group[sizeof reading->trouble->record];

	if (reading->seen_ranges)
		return trouble_say(reading->trouble, FSR_E_CORRUPT, "'ranges' is there twice");
	reading->seen_ranges = true;
	if (!reading->build.image->has_ranges)
		return scan_skip(&reading->scan);
	if (!scan_open(&reading->scan, '[', "'ranges'"))
		return false;
	memcpy(group, reading->trouble->record, sizeof group);
	for (size_t i = 0; scan_element(&reading->scan); i++)
		if (!take_range(reading, group, i))
			return false;
	if (!reading->trouble->failed)
		memcpy(reading->trouble->record, group, sizeof group);
	return !reading->trouble->failed;
}

static bool take_group(struct reading *reading)
{
	reading->seen_ranges = false;
	if (!take_object(reading, build_group, "ranges", take_ranges))
		return false;
	if (reading->build.image->has_ranges && !reading->seen_ranges)
		return trouble_say(reading->trouble, FSR_E_CORRUPT, "'ranges' is missing");
	reading->trouble->record[0] = 0;
	return true;
}

static bool take_groups(struct reading *reading)
{
	if (!scan_open(&reading->scan, '[', "'block_groups'"))
		return false;
	for (size_t i = 0; scan_element(&reading->scan); i++) {
		name_record(reading, "block_groups", i);
		if (!take_group(reading))
			return false;
	}
	return !reading->trouble->failed;
}

static bool take_findings(struct reading *reading)
{
	if (!scan_open(&reading->scan, '[', "'findings'"))
		return false;
	for (size_t i = 0; scan_element(&reading->scan); i++) {
		name_record(reading, "findings", i);
		if (!take_object(reading, build_finding, NULL, NULL))
			return false;
		reading->trouble->record[0] = 0;
	}
	return !reading->trouble->failed;
}

/* ---- single values */

static bool build_path(struct build *build, const json_t *value)
{
	const char *path = json_string_value(value);

	if (!path)
		return trouble_say(build->trouble, FSR_E_CORRUPT, "'path' is no text");
	return build_text(build, &build->image->path, path);
}

static bool take_path(struct reading *reading)
{
	return take_value(reading, build_path);
}

static bool build_file(struct build *build, const json_t *object)
{
	const struct fields f = {build->trouble, object, "image."};
	const char *path = field_text(&f, "path");

	build->image->size = field_number(&f, "size", UINT64_MAX);
	return path && build_text(build, &build->image->path, path) && !build->trouble->failed;
}

static bool build_nothing(struct build *build, const json_t *value)
{
	return json_is_null(value) ||
	       trouble_say(build->trouble, FSR_E_CORRUPT, "'image' is neither an object nor null");
}

/* There may be any number of devices, which are not kept. */
static bool pass_devices(void *arg)
{
	struct reading *reading = arg;

	return scan_skip(&reading->scan);
}

static bool take_file(struct reading *reading)
{
	if (scan_peek(&reading->scan) == '{')
		return take_object(reading, build_file, "devices", pass_devices);
	return take_value(reading, build_nothing);
}

static bool take_filesystem(struct reading *reading)
{
	return take_value(reading, build_filesystem);
}

static bool take_error(struct reading *reading)
{
	return take_value(reading, build_error);
}

static bool take_only_group(struct reading *reading)
{
	snprintf(reading->trouble->record, sizeof reading->trouble->record, "block_group");
	return take_group(reading);
}

/* ---- all of it */

static bool pass_over(struct reading *reading)
{
	return scan_skip(&reading->scan);
}

static bool take_images(struct reading *reading)
{
	struct trouble *trouble = reading->trouble;

	if (!scan_open(&reading->scan, '[', "'images'"))
		return false;
	for (size_t i = 0; scan_element(&reading->scan); i++) {
		snprintf(trouble->image, sizeof trouble->image, "images[%zu]", i);
		if (!read_image(reading, reading->kind->image))
			return false;
		trouble->image[0] = 0;
	}
	return !trouble->failed;
}

static const struct {
	const char *key;
	bool (*take)(struct reading *reading);
} members[] = {
	{"__header", pass_over}, /* looked at already */
	{"command", pass_over},
	{"images", take_images},
	{"path", take_path},
	{"image", take_file},
	{"filesystem", take_filesystem},
	{"block_groups", take_groups},
	{"block_group", take_only_group},
	{"findings", take_findings},
	{"error", take_error},
};
#define MEMBER_COUNT (sizeof members / sizeof *members)
#define ALWAYS_COUNT 2 /* the first ones of the table are no image's */

/* MEMBER_COUNT for one that is not known. */
static size_t find_member(const char *key)
{
	size_t i = 0;

	while (i < MEMBER_COUNT && strcmp(members[i].key, key) != 0)
		i++;
	return i;
}

/* Those of another kind of document are passed over: "block_group" where there are block_groups. */
static bool belongs(const struct member_set *set, size_t member)
{
	for (size_t i = 0; i < MEMBERS_NEEDED && set->needed[i]; i++)
		if (strcmp(set->needed[i], members[member].key) == 0)
			return true;
	return member < ALWAYS_COUNT || (set->error && strcmp(members[member].key, "error") == 0);
}

static bool take_member(struct reading *reading, const struct member_set *set, unsigned *seen)
{
	size_t i = find_member(reading->scan.key);

	if (i == MEMBER_COUNT || !belongs(set, i))
		return scan_skip(&reading->scan);
	if (*seen >> i & 1)
		return trouble_say(reading->trouble, FSR_E_CORRUPT, "'%s' is there twice", members[i].key);
	*seen |= 1u << i;
	return members[i].take(reading);
}

bool read_members(struct reading *reading, const struct member_set *set)
{
	unsigned seen = 0;

	if (!scan_open(&reading->scan, '{', "this"))
		return false;
	while (scan_member(&reading->scan))
		if (!take_member(reading, set, &seen))
			return false;
	for (size_t i = 0; i < MEMBERS_NEEDED && set->needed[i] && !reading->trouble->failed; i++)
		if (!(seen >> find_member(set->needed[i]) & 1))
			trouble_say(reading->trouble, FSR_E_CORRUPT, "'%s' is missing", set->needed[i]);
	return !reading->trouble->failed;
}

bool read_image(struct reading *reading, const struct member_set *set)
{
	return build_image(&reading->build, reading->kind->command) && read_members(reading, set) &&
	       build_finish(&reading->build);
}
