/* SPDX-License-Identifier: MIT */
/*
 * tui_actions: prints the browser's action table, a line for each action: name, keys (separated by blanks),
 * screens, help, separated by tabs. For the man page and for the tests, which press every key.
 */
#include "../../tui/actions.h"

#include <stdio.h>

int main(void)
{
	for (const struct action_row *row = action_table; row->name; row++)
		printf("%s\t%s\t%s\t%s\n", row->name, row->keys, row->screens, row->help);
	return fflush(stdout) ? 1 : 0;
}
