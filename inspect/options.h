/* SPDX-License-Identifier: MIT */
/* The command line: one table of options feeds the parser, --help and the tests of man page and completion.
 */
#ifndef INSPECT_OPTIONS_H
#define INSPECT_OPTIONS_H

#include "commands.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit status; over several images the higher one stands. */
enum status {
	STATUS_CLEAN = 0,
	STATUS_FINDINGS = 1,
	STATUS_TROUBLE = 2,
};

enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_NDJSON,
};

enum units {
	UNITS_IEC,
	UNITS_SI,
	UNITS_RAW,
};

enum verbosity {
	VERBOSITY_QUIET = -1,
	VERBOSITY_NORMAL = 0,
	VERBOSITY_VERBOSE = 1,
};

/* The number given with an option. */
struct number {
	bool given;
	uint64_t value;
};

/* What the command line asks for. Strings are those of argv. */
struct settings {
	const struct command *command;
	int format, units, verbosity;
	int help, version, hex, all_copies, mirrors;
	int all, dry_run, invalidate, enable_v1;
	int allow_outside;
	struct number threads, partition, offset, unpack_limit, group;
	const char *member, *ddrescue_map, *root, *undo, *output;
	uint64_t *groups; /* every --group; `group` is the last */
	size_t ngroups;
	const char **devices; /* as many as fit argv */
	size_t ndevices;
	const char **operands; /* what is neither option nor command */
	size_t noperands;
	const char *command_word; /* the one of argv that names the command */
	char **passed; /* argv without it, ended by NULL; [0], the program's name, is left to whoever passes
			  it */
};

struct option_row {
	const char *name;
	const char *argument; /* its name in help; NULL: takes none */
	char letter;          /* 0: none */
	unsigned commands;    /* bits of enum command_bit that take it; 0: every command */
	size_t where;         /* offset in struct settings */
	int kind;             /* enum option_kind, of options.c */
	int value;            /* what is stored, or the least number allowed */
	uint64_t most;
	const char *help;
};

/* The table, ended by a row without a name. */
extern const struct option_row option_table[];

/* What is not some command's own: every command takes it, or every one that prints. */
static inline bool option_is_global(const struct option_row *row)
{
	return !row->commands || row->commands == COMMAND_PRINTS;
}

/*
 * Reads argv into *settings. 0, or -1 after one sentence on stderr. With --help or --version only
 * the command is looked up. To be given to settings_free() in either case.
 */
int settings_parse(struct settings *settings, int argc, char **argv);
void settings_free(struct settings *settings);

#endif
