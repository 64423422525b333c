/* SPDX-License-Identifier: MIT */
/* tui: the terminal browser, which is a program of its own, so that this one does without ncurses. */
#include "message.h"
#include "options.h"
#include "output.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BROWSER "spacescope-tui"
/* INSTALLED_BINDIR comes from the Makefile: where PREFIX has programs. */
#define INSTALLED INSTALLED_BINDIR "/" BROWSER

/* "…/spacescope-tui" beside the file that is running, whatever name led to it; false: it can't be told. */
static bool beside(char path[PATH_MAX + sizeof BROWSER])
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);
	char *slash;

	if (length <= 0 || length >= PATH_MAX)
		return false;
	path[length] = 0;
	slash = strrchr(path, '/');
	if (!slash)
		return false;
	memcpy(slash + 1, BROWSER, sizeof BROWSER);
	return true;
}

/* Becomes the browser at path; comes back only when it can't: 0 when there is none. */
static int become(const char *path, char **words)
{
	if (access(path, F_OK) != 0)
		return 0;
	output_hand_over();
	execv(path, words);
	complain("can't run '%s': %s", path, strerror(errno));
	return -1;
}

static void complain_missing(const char *near)
{
	static const char *const remedy =
		"'make' builds it where ncurses is, and a package may have it by itself";

	if (near)
		complain("the browser is neither '%s' nor '%s'; %s", near, INSTALLED, remedy);
	else
		complain("there is no browser '%s'; %s", INSTALLED, remedy);
}

/* Never one from PATH: it may be of another version, or anything, and --write would be in its hands. */
int cmd_tui(const struct settings *settings)
{
	char path[PATH_MAX + sizeof BROWSER], name[] = BROWSER;
	const char *near = beside(path) && strcmp(path, INSTALLED) != 0 ? path : NULL;

	settings->passed[0] = name;
	if ((!near || become(near, settings->passed) == 0) && become(INSTALLED, settings->passed) == 0)
		complain_missing(near);
	return STATUS_TROUBLE;
}
