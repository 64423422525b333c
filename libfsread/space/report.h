/* SPDX-License-Identifier: MIT */
/* What the files that put judgements into sentences share. */
#ifndef FSREAD_SPACE_REPORT_H
#define FSREAD_SPACE_REPORT_H

#include "judge.h"

/* Adds a finding to the block group's, its severity at most `most`. */
void report_add(struct judge *j, struct fsr_finding *f, enum fsr_severity most);
/* "WHAT at ADDRESS". */
void report_at(
	struct judge *j, enum fsr_finding_code code, enum fsr_severity most, uint64_t at, const char *what);
/* "WHAT is X, not Y": at most an error. */
void report_number(struct judge *j, enum fsr_finding_code code, enum fsr_severity most, const char *what,
	uint64_t is, uint64_t should);

#endif
