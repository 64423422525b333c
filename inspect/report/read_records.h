/* SPDX-License-Identifier: MIT */
/*
 * Records out of their objects, as report.h puts them in. False: failed, the trouble says why. The texts that
 * a record points to are taken from the pool.
 */
#ifndef INSPECT_REPORT_READ_RECORDS_H
#define INSPECT_REPORT_READ_RECORDS_H

#include "read_fields.h"
#include "read_pool.h"

/* Without index and findings; trouble->record then says its bytenr too. */
bool read_group(const json_t *object, size_t index, struct fsr_group *group, struct report_pool **pool,
	struct trouble *trouble);
bool read_finding(const json_t *object, struct fsr_finding *finding, struct report_pool **pool,
	struct trouble *trouble);
bool read_filesystem(const json_t *object, struct fsr_filesystem *fs, struct trouble *trouble);
/* Without block_group. */
bool read_range(const json_t *object, struct fsr_diff_range *range, struct trouble *trouble);

#endif
