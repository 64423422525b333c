/* SPDX-License-Identifier: MIT */
/* A report that is being read: what the readers of its parts share. */
#ifndef INSPECT_REPORT_READING_H
#define INSPECT_REPORT_READING_H

#include "read_build.h"
#include "read_scan.h"

/* The members that an object must have, NULL after the last; `error`: it may have that one as well. */
#define MEMBERS_NEEDED 4
struct member_set {
	const char *needed[MEMBERS_NEEDED];
	bool error;
};

/* A command whose documents can be opened. */
struct document_kind {
	const char *command;
	const struct member_set *top;   /* of the whole, if that is not an image itself */
	const struct member_set *image; /* of an image */
};

struct reading {
	struct trouble *trouble;
	struct scan scan;
	struct build build;
	const struct document_kind *kind;
	bool lines;       /* NDJSON */
	bool seen_ranges; /* of the block group */
};

/* Takes the object that comes next, which has these members. */
bool read_members(struct reading *reading, const struct member_set *set);
/* The same for one that is an image. */
bool read_image(struct reading *reading, const struct member_set *set);

/* The lines of NDJSON from the first on. */
bool read_lines(struct reading *reading);

#endif
