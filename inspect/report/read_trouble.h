/* SPDX-License-Identifier: MIT */
/* What is wrong with a report, and where: the first trouble counts. */
#ifndef INSPECT_REPORT_READ_TROUBLE_H
#define INSPECT_REPORT_READ_TROUBLE_H

#include "../../libfsread/fsread.h"

struct trouble {
	struct fsr_error *err; /* the caller's */
	bool failed;
	/* Said before each sentence unless empty: "images[2]", "block_groups[3] (1104150528)". */
	char image[32], record[80];
};

/* Notes an enum fsr_code and a sentence, unless there is one already. Gives false. */
bool trouble_say(struct trouble *trouble, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool trouble_memory(struct trouble *trouble);

#endif
