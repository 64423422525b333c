/* SPDX-License-Identifier: MIT */
#include "read_trouble.h"

#include <stdarg.h>
#include <stdio.h>

bool trouble_say(struct trouble *trouble, int code, const char *format, ...)
{
	struct fsr_error *err = trouble->err;
	va_list args;

	if (trouble->failed)
		return false;
	trouble->failed = true;
	*err = (struct fsr_error){.code = code, .bytenr = FSR_NO_BYTENR};
	int length = snprintf(err->text, sizeof err->text, "%s%s%s%s", trouble->image,
		trouble->image[0] ? ": " : "", trouble->record, trouble->record[0] ? ": " : "");
	va_start(args, format);
	vsnprintf(err->text + length, sizeof err->text - (size_t)length, format, args);
	va_end(args);
	return false;
}

bool trouble_memory(struct trouble *trouble)
{
	return trouble_say(trouble, FSR_E_NOMEM, "out of memory");
}
