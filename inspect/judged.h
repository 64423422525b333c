/* SPDX-License-Identifier: MIT */
/* What groups and diff have in common: one image, judged block group by block group, then its findings. */
#ifndef INSPECT_JUDGED_H
#define INSPECT_JUDGED_H

#include "finding_list.h"
#include "report/json_stream.h"

struct judged {
	const struct settings *settings;
	/* Writes one block group in the format asked for; in JSON as an element of an open array. */
	void (*group)(struct judged *judged, const struct fsr_group *group);
	/* Text only, before the first and after the last block group; NULL: nothing. */
	void (*begin)(struct judged *judged);
	void (*end)(struct judged *judged);
	/* Set by judged_run(). */
	struct fsr_fs *fs;
	struct json_stream json;
	struct finding_list findings;
};

/* Does all of it. STATUS_CLEAN, or STATUS_TROUBLE after one sentence on stderr. */
int judged_run(struct judged *judged);

#endif
