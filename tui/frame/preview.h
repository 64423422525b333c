/* SPDX-License-Identifier: MIT */
/* Beside a list, where there is room: what Enter would open. */
#ifndef TUI_FRAME_PREVIEW_H
#define TUI_FRAME_PREVIEW_H

#include "../ui.h"

/* The columns that are left to the screen itself; all of them where there is no preview. */
int preview_split(const struct ui *ui, int cols);
/* Draws it right of column `split`. */
void preview_draw(struct ui *ui, const struct area *body, int split);
/* Before the tab's image is closed. */
void preview_forget(struct ui *ui);

#endif
