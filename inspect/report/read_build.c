/* SPDX-License-Identifier: MIT */
#include "read_build.h"

#include <stdlib.h>
#include <string.h>

/* Their records are several times larger than the least text that makes one. */
#define FINDINGS_MAX 1000000u
#define IMAGES_MAX 100000u

/* Room for one more element of `size` bytes. Gives the array, NULL when memory ran out: the old one stays. */
static void *grow(void *array, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return array;
	size_t larger = *room ? *room + *room / 2 + 1 : 8;
	void *grown = reallocarray(array, larger, size);
	if (grown)
		*room = larger;
	return grown;
}

bool build_image(struct build *build, const char *command)
{
	struct report *report = build->report;

	if (report->nimages == IMAGES_MAX)
		return trouble_say(
			build->trouble, FSR_E_LIMIT, "the report has more than %u images", IMAGES_MAX);
	struct report_image *images =
		grow(report->images, report->nimages, &build->images_room, sizeof *images);
	if (!images)
		return trouble_memory(build->trouble);
	report->images = images;
	build->image = &images[report->nimages++];
	*build->image = (struct report_image){.has_ranges = strcmp(command, "diff") == 0};
	build->groups_room = build->findings_room = build->ranges_room = build->first_range = 0;
	return build_text(build, &build->image->command, command);
}

bool build_text(struct build *build, char **place, const char *text)
{
	*place = pool_text(&build->report->pool, text);
	return *place || trouble_memory(build->trouble);
}

/* ---- records */

static bool in_order(struct build *build, const struct fsr_group *group)
{
	const struct report_image *image = build->image;

	if (!image->ngroups || image->groups[image->ngroups - 1].bytenr < group->bytenr)
		return true;
	return trouble_say(build->trouble, FSR_E_CORRUPT,
		"'bytenr' is not above that of the block group before: they must be in order, none twice");
}

bool build_group(struct build *build, const json_t *object)
{
	struct report_image *image = build->image;
	struct fsr_group *groups = grow(image->groups, image->ngroups, &build->groups_room, sizeof *groups);

	if (!groups)
		return trouble_memory(build->trouble);
	image->groups = groups;
	struct fsr_group *group = &groups[image->ngroups];
	if (!read_group(object, image->ngroups, group, &build->report->pool, build->trouble) ||
		!in_order(build, group))
		return false;
	image->ngroups++;
	for (; build->first_range < image->nranges; build->first_range++)
		image->ranges[build->first_range].block_group = group->bytenr;
	return true;
}

bool build_range(struct build *build, const json_t *object)
{
	struct report_image *image = build->image;
	struct fsr_diff_range *ranges =
		grow(image->ranges, image->nranges, &build->ranges_room, sizeof *ranges);

	if (!ranges)
		return trouble_memory(build->trouble);
	image->ranges = ranges;
	if (!read_range(object, &ranges[image->nranges], build->trouble))
		return false;
	image->nranges++;
	return true;
}

bool build_finding(struct build *build, const json_t *object)
{
	struct report_image *image = build->image;

	if (build->findings == FINDINGS_MAX)
		return trouble_say(
			build->trouble, FSR_E_LIMIT, "the report has more than %u findings", FINDINGS_MAX);
	struct fsr_finding *all =
		grow(image->all_findings, image->nall_findings, &build->findings_room, sizeof *all);
	if (!all)
		return trouble_memory(build->trouble);
	image->all_findings = all;
	if (!read_finding(object, &all[image->nall_findings], &build->report->pool, build->trouble))
		return false;
	image->nall_findings++;
	build->findings++;
	return true;
}

bool build_filesystem(struct build *build, const json_t *value)
{
	struct report_image *image = build->image;

	image->has_filesystem = !json_is_null(value);
	if (!image->has_filesystem)
		return true;
	if (!json_is_object(value))
		return trouble_say(build->trouble, FSR_E_CORRUPT, "'filesystem' is no object");
	return read_filesystem(value, &image->filesystem, build->trouble);
}

bool build_error(struct build *build, const json_t *value)
{
	const struct fields f = {build->trouble, value, "error."};

	if (json_is_null(value))
		return true;
	if (!json_is_object(value))
		return trouble_say(build->trouble, FSR_E_CORRUPT, "'error' is no object");
	const char *message = field_text(&f, "message");
	return message && build_text(build, &build->image->error, message);
}

/* ---- findings to their block groups */

/* Where a finding goes and where it came from. */
struct place {
	size_t group; /* ngroups: none */
	int severity;
	size_t at;
};

static int compare_group(const void *key, const void *element)
{
	uint64_t bytenr = *(const uint64_t *)key;
	const struct fsr_group *group = element;

	return (bytenr > group->bytenr) - (bytenr < group->bytenr);
}

/* Worst first within a block group; what belongs to none keeps its order. */
static int compare_place(const void *one, const void *other)
{
	const struct place *a = one, *b = other;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

static void find_place(const struct report_image *image, size_t at, struct place *place)
{
	const struct fsr_finding *finding = &image->all_findings[at];
	const struct fsr_group *group = image->ngroups ? bsearch(&finding->block_group, image->groups,
								 image->ngroups, sizeof *group, compare_group)
						       : NULL;

	place->group = group ? group->index : image->ngroups;
	place->severity = group ? (int)finding->severity : 0;
	place->at = at;
}

/* Gives each block group its findings, and the image the rest, out of `sorted`. */
static void hand_out(struct report_image *image, const struct place *places, struct fsr_finding *sorted)
{
	for (size_t i = 0; i < image->nall_findings; i++) {
		struct fsr_group *group =
			places[i].group < image->ngroups ? &image->groups[places[i].group] : NULL;
		if (group && !group->nfindings++)
			group->findings = &sorted[i];
		if (!group && !image->nfindings++)
			image->findings = &sorted[i];
	}
}

/* In the order of the places. Reports of ours have it already: there may be many. */
static bool sort_findings(struct report_image *image, struct place *places, bool in_order)
{
	size_t n = image->nall_findings;
	struct fsr_finding *sorted = in_order ? image->all_findings : reallocarray(NULL, n, sizeof *sorted);

	if (!sorted)
		return false;
	if (!in_order) {
		qsort(places, n, sizeof *places, compare_place);
		for (size_t i = 0; i < n; i++)
			sorted[i] = image->all_findings[places[i].at];
		free(image->all_findings);
		image->all_findings = sorted;
	}
	hand_out(image, places, sorted);
	return true;
}

bool build_finish(struct build *build)
{
	struct report_image *image = build->image;
	size_t n = image->nall_findings;
	struct place *places = n ? reallocarray(NULL, n, sizeof *places) : NULL;
	bool in_order = true;

	for (size_t i = 0; places && i < n; i++) {
		find_place(image, i, &places[i]);
		in_order = in_order && (i == 0 || compare_place(&places[i - 1], &places[i]) < 0);
	}
	bool ok = !n || (places && sort_findings(image, places, in_order));
	free(places);
	return ok || trouble_memory(build->trouble);
}
