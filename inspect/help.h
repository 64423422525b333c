/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_HELP_H
#define INSPECT_HELP_H

#include "commands.h"

/* Help on a command, or for NULL on the whole program. Gives STATUS_CLEAN. */
int help_print(const struct command *command);
/* The program's version and those of the libraries in it. Gives STATUS_CLEAN. */
int help_print_version(void);

#endif
