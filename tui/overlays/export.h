/* SPDX-License-Identifier: MIT */
/* Writing what is shown to a file. */
#ifndef TUI_OVERLAYS_EXPORT_H
#define TUI_OVERLAYS_EXPORT_H

#include "../screens/prose.h"
#include "../ui.h"

/* Asks where to write a text, "IMAGE.name.txt" by default, and writes it. Takes *prose over. */
void export_prose(struct ui *ui, const char *name, struct prose *prose);

#endif
