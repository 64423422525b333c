/* SPDX-License-Identifier: MIT */
#ifndef FSREAD_FORMAT_ERROR_H
#define FSREAD_FORMAT_ERROR_H

#include "../fsread.h"

/*
 * Fills err (may be NULL) and returns code, so that a failing function ends with
 * `return fsr_fail(err, FSR_E_..., devid, bytenr, "...", ...)`. Sentences are lower case, without
 * a full stop, and name what, where and, where there is something to do, what to do.
 */
int fsr_fail(struct fsr_error *err, int code, uint64_t devid, uint64_t bytenr, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
#define fsr_fail_nomem(err) fsr_fail((err), FSR_E_NOMEM, 0, FSR_NO_BYTENR, "out of memory")

#endif
