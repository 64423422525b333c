/* SPDX-License-Identifier: MIT */
#ifndef FSREAD_SPANS_H
#define FSREAD_SPANS_H

#include "space/judge.h"

/*
 * fsr_spans() that keeps at most `most` ranges. Whether a part of the extent tree is hidden shows at the end
 * of the scan, and until then nothing may be given out; a block group with more ranges is scanned twice.
 */
int give_spans(struct fsr_fs *fs, uint64_t block_group, size_t most, struct fsr_group *group, fsr_span_fn fn,
	void *arg, struct fsr_error *err);

#endif
