/* SPDX-License-Identifier: MIT */
/* Results, one line each; tests/crash/run counts them. */
#include "crash.h"

#include <stdarg.h>

static bool all_good = true;

void report(bool good, const char *name, const char *format, ...)
{
	va_list args;

	printf("%s %s: ", good ? "ok  " : "FAIL", name);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	all_good &= good;
}

bool report_all_good(void)
{
	return all_good;
}

void report_counts(const char *kind, const struct counts *counts)
{
	printf("COUNT %s points %zu torn %zu checks %zu recovers %zu undos %zu\n", kind, counts->points,
		counts->torn, counts->checks, counts->recovers, counts->undos);
}
