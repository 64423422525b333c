/* SPDX-License-Identifier: MIT */
/* The commands: one table. */
#ifndef INSPECT_COMMANDS_H
#define INSPECT_COMMANDS_H

#include <stddef.h>

struct settings;

enum command_bit {
	COMMAND_SUPER = 1 << 0,
	COMMAND_GROUPS = 1 << 1,
	COMMAND_CACHE = 1 << 2,
	COMMAND_DIFF = 1 << 3,
	COMMAND_VALIDATE = 1 << 4,
	COMMAND_TREE = 1 << 5,
	COMMAND_REWRITE = 1 << 6,
	COMMAND_UNDO = 1 << 7,
	COMMAND_TUI = 1 << 8,
	COMMAND_EXPLAIN = 1 << 9,
	COMMAND_IMAGES = COMMAND_EXPLAIN - 1,                      /* all that open an image */
	COMMAND_PRINTS = (COMMAND_EXPLAIN << 1) - 1 - COMMAND_TUI, /* all that print what they find */
};

struct command {
	const char *name;
	unsigned bit;
	const char *usage;   /* what follows the name */
	const char *summary; /* one line */
	const char *help;    /* what --help adds */
	size_t least, most;  /* operands */
	/* Does the work; enum status. A failure has been told on stderr. */
	int (*run)(const struct settings *settings);
};

/* The table, ended by a row without a name. */
extern const struct command command_table[];

/* NULL when there is no such command. */
const struct command *command_find(const char *name);

int cmd_super(const struct settings *settings);
int cmd_groups(const struct settings *settings);
int cmd_cache(const struct settings *settings);
int cmd_diff(const struct settings *settings);
int cmd_validate(const struct settings *settings);
int cmd_tree(const struct settings *settings);
int cmd_rewrite(const struct settings *settings);
int cmd_undo(const struct settings *settings);
int cmd_tui(const struct settings *settings);
int cmd_explain(const struct settings *settings);

#endif
