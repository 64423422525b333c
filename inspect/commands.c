/* SPDX-License-Identifier: MIT */
#include "commands.h"

#include <stdint.h>
#include <string.h>

const struct command command_table[] = {
	{"super", COMMAND_SUPER, "IMAGE", "show all superblock mirrors of all devices",
		"Each mirror with all fields, flags by name, stamps and backup roots, and the fields in "
		"which it\n"
		"differs from the mirror in use.",
		1, 1, cmd_super},
	{"groups", COMMAND_GROUPS, "IMAGE", "show one row for each block group: state, verdict, free space",
		"The state of each block group's cache, what Linux would do with it (with the step of the "
		"load\n"
		"algorithm that decides), and cached against recomputed free space.",
		1, 1, cmd_groups},
	{"cache", COMMAND_CACHE, "IMAGE --group BYTENR", "show one block group's cache in full",
		"Header, inode, extent, stamps, each page with its checksum, each entry, each bitmap's runs.",
		1, 1, cmd_cache},
	{"diff", COMMAND_DIFF, "IMAGE [--group BYTENR]",
		"show every range that is cached wrong, and who holds it",
		"Excess: cached as free, but in use. Missing: free, but not cached. Exit status 1 when there "
		"is any.",
		1, 1, cmd_diff},
	{"validate", COMMAND_VALIDATE, "IMAGE...", "judge images, for CI: one line each, and the findings",
		"Exit status 1 when an image has a finding of severity danger or error, 2 when one can't be "
		"read.",
		1, SIZE_MAX, cmd_validate},
	{"tree", COMMAND_TREE, "IMAGE --root NAME", "show the items of a tree, decoded",
		"NAME is root, extent, chunk, dev, fs, csum, uuid, quota, block-group, free-space, log, "
		"data-reloc,\n"
		"or a number.",
		1, 1, cmd_tree},
	{"rewrite", COMMAND_REWRITE, "IMAGE", "write caches anew, by one commit that is all or nothing",
		"Writes every cache that is due and not WRITTEN, or those chosen; block groups that the "
		"commit\n"
		"touches come along. Exit status 1 when a cache that was asked for is not WRITTEN in the "
		"end, 2 when\n"
		"it can't be done safely (nothing was written) or a write failed (the old or the new "
		"filesystem is there).",
		1, 1, cmd_rewrite},
	{"undo", COMMAND_UNDO, "IMAGE FILE", "put back, byte for byte, what a rewrite changed",
		"FILE is what 'rewrite --undo FILE' left. Refused unless IMAGE holds what that rewrite "
		"wrote, "
		"or was\n"
		"before it. Can be repeated when it was interrupted.",
		2, 2, cmd_undo},
	{"tui", COMMAND_TUI, "IMAGE|REPORT...", "browse images, and saved reports, in the terminal",
		"Runs spacescope-tui, which lies beside spacescope or where 'make install' puts it. REPORT "
		"is "
		"what\n"
		"--format json printed. Nothing is written without --write.",
		1, SIZE_MAX, cmd_tui},
	{"explain", COMMAND_EXPLAIN, "[CODE]", "explain a finding code: meaning, what Linux does, what to do",
		"Without CODE: lists all finding codes.", 0, 1, cmd_explain},
	{NULL, 0, NULL, NULL, NULL, 0, 0, NULL},
};

const struct command *command_find(const char *name)
{
	for (const struct command *c = command_table; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}
