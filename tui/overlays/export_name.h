/* SPDX-License-Identifier: MIT */
/* What an exported file is called unless one says otherwise, and what it may not be. */
#ifndef TUI_OVERLAYS_EXPORT_NAME_H
#define TUI_OVERLAYS_EXPORT_NAME_H

#include "../ui.h"

/* "moved.img" and "groups" make "moved.groups.json" or "moved.groups.txt": endings of images are taken off.
 * Folders too: the name of an image may come from a report.
 */
void export_name(const char *image, const char *what, bool json, char *out, size_t size);
/* Whether the file is one that a tab shows: those are never written to. */
bool export_is_shown(const struct ui *ui, const char *path);

#endif
