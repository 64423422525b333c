/* SPDX-License-Identifier: MIT */
/* What the help says: all of it made from the tables of actions, states, verdicts and severities. */
#ifndef TUI_OVERLAYS_HELP_H
#define TUI_OVERLAYS_HELP_H

#include "../screens/prose.h"
#include "../screens/screen.h"

/* narrow: without the names of the actions. */
void help_text(struct prose *prose, const struct screen *screen, bool narrow);

#endif
