/* SPDX-License-Identifier: MIT */
/* The command line of spacescope-tui. */
#ifndef TUI_OPTIONS_H
#define TUI_OPTIONS_H

#include "ui.h"

struct options {
	struct ui_options ui;
	const char **paths; /* images and reports */
	size_t npaths;
	const char **devices;
};

/* One option: feeds parsing, --help and the man page. */
struct option_row {
	const char *name;
	int id;
	const char *argument, *help; /* argument NULL: takes none */
};
/* Ends with a row whose name is NULL. */
extern const struct option_row tui_option_table[];

/* -1: go on. Else the exit status: help or version were printed, or what is wrong was said on stderr. */
int options_parse(struct options *options, int argc, char **argv);
void options_free(struct options *options);

#endif
