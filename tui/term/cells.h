/* SPDX-License-Identifier: MIT */
/* Putting characters into cells: what canvas_text.c needs of canvas.c. */
#ifndef TUI_TERM_CELLS_H
#define TUI_TERM_CELLS_H

#include "canvas.h"

/* The cell, or NULL where there is none: outside the area, or the canvas has become smaller. */
struct cell *area_cell(const struct area *area, int row, int col);
/*
 * Puts a printable character of one or two columns. One of two that doesn't fit comes as a blank in the half
 * that does; one that is overwritten by half leaves a blank.
 */
void area_put(const struct area *area, int row, int col, enum style style, wchar_t ch, int columns);

#endif
