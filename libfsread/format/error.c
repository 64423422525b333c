/* SPDX-License-Identifier: MIT */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>

int fsr_fail(struct fsr_error *err, int code, uint64_t devid, uint64_t bytenr, const char *format, ...)
{
	va_list args;

	if (!err)
		return code;
	err->code = code;
	err->devid = devid;
	err->bytenr = bytenr;
	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	return code;
}
