/* SPDX-License-Identifier: MIT */
/* What stands around a screen: title with the tabs, message line, key bar. */
#ifndef TUI_FRAME_FRAME_H
#define TUI_FRAME_FRAME_H

#include "../ui.h"

/* Title in row 0, message in the last row but one, key bar in the last. */
void frame_draw(struct ui *ui, const struct area *whole);
/* The area between title and message line. */
struct area frame_body(const struct area *whole);
void frame_title(struct ui *ui, const struct area *row);
void frame_message(struct ui *ui, const struct area *row);
void frame_keys(struct ui *ui, const struct area *row);
/* A key bar of at most 31 hints, as many whole ones as there is room for; the last `last` ones always stay.
 */
void frame_put_keys(const struct area *row, const struct key_hint *hints, size_t last);
/* What stands at that column of the screen's key bar. */
enum action frame_key_at(const struct ui *ui, int cols, int col);
/* What a click on the title or the key bar means: an action, or ACTION_NONE. */
enum action frame_click(struct ui *ui, const struct area *whole, int row, int col);

#endif
