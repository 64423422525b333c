/* SPDX-License-Identifier: MIT */
#include "labeller.h"

#include <stdarg.h>
#include <stdio.h>

void label(struct labeller *l, uint32_t length, enum fsr_label_kind kind, const char *format, ...)
{
	struct fsr_label out = {.byte = l->at, .length = length, .kind = kind};
	va_list ap;

	if (!length || l->ret)
		return;
	va_start(ap, format);
	vsnprintf(out.text, sizeof out.text, format, ap);
	va_end(ap);
	l->at += length;
	l->ret = l->fn(l->arg, &out);
}
