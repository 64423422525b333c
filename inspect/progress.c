/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include "options.h"
#include "output.h"
#include "report/escape.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define INTERVAL_MS 100

static bool shown;

/* True once in a while, so that drawing costs nothing. */
static bool due(void)
{
	static int64_t last;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	int64_t ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	if (last && ms - last < INTERVAL_MS)
		return false;
	last = ms;
	return true;
}

int progress_report(void *arg, const char *what, uint64_t done, uint64_t total)
{
	const struct settings *settings = arg;

	if (output_stopped())
		return 1;
	if (settings->verbosity == VERBOSITY_QUIET || !isatty(STDERR_FILENO) || !due())
		return 0;
	fputs("\r\033[K", stderr);
	put_escaped(stderr, what, strlen(what));
	if (total)
		fprintf(stderr, " %u %%", (unsigned)((double)done * 100 / (double)total));
	fflush(stderr);
	shown = true;
	return 0;
}

void progress_clear(void)
{
	if (shown)
		fputs("\r\033[K", stderr);
	shown = false;
}
