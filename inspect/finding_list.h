/* SPDX-License-Identifier: MIT */
/* The findings of one image: the block groups' in address order, then those of the whole filesystem. */
#ifndef INSPECT_FINDING_LIST_H
#define INSPECT_FINDING_LIST_H

#include "../libfsread/fsread.h"
#include "options.h"

#define SEVERITY_COUNT (FSR_SEVERITY_DANGER + 1)

struct finding_list {
	struct fsr_finding *list;
	size_t count, room;
	size_t by_severity[SEVERITY_COUNT];
};

/* Copies n findings to the end. */
void finding_list_add(struct finding_list *findings, const struct fsr_finding *from, size_t n);
/* Adds those of the whole filesystem; after the last block group. */
void finding_list_add_filesystem(struct finding_list *findings, struct fsr_fs *fs);
/* True when there is a danger or an error. */
bool finding_list_bad(const struct finding_list *findings);
/* One line each, `indent` before it: notes only with -v, nothing with -q. */
void finding_list_print(
	const struct settings *settings, const struct finding_list *findings, const char *indent);
/* The same at the end of a text: sorted, a blank line before. */
void finding_list_print_section(const struct settings *settings, struct finding_list *findings);
void finding_list_free(struct finding_list *findings);

#endif
