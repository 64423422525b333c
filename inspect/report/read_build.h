/* SPDX-License-Identifier: MIT */
/* A report built up from its records as they come, in whatever order the parts of an image come. */
#ifndef INSPECT_REPORT_READ_BUILD_H
#define INSPECT_REPORT_READ_BUILD_H

#include "read.h"
#include "read_records.h"

struct build {
	struct trouble *trouble;
	struct report *report;
	struct report_image *image; /* the one that is being built */
	size_t images_room, groups_room, findings_room, ranges_room;
	size_t findings;    /* of all images */
	size_t first_range; /* of the block group that is being built */
};

/* All are false after a failure, which the trouble tells. */

/* Begins another image; `command` is copied. */
bool build_image(struct build *build, const char *command);
/* Sorts the findings to their block groups: nothing more can be added to the image. */
bool build_finish(struct build *build);

/* A text of the image's own, to *place. */
bool build_text(struct build *build, char **place, const char *text);
/* The object's record, added to the image. The ranges of a block group come before it. */
bool build_group(struct build *build, const json_t *object);
bool build_range(struct build *build, const json_t *object);
bool build_finding(struct build *build, const json_t *object);
/* null: none. */
bool build_filesystem(struct build *build, const json_t *value);
/* As report_error() writes it, or null. */
bool build_error(struct build *build, const json_t *value);

#endif
