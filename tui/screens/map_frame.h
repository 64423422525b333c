/* SPDX-License-Identifier: MIT */
/* Where on the screen the parts of the map are. */
#ifndef TUI_SCREENS_MAP_FRAME_H
#define TUI_SCREENS_MAP_FRAME_H

#include <stdbool.h>

struct map_frame {
	int rows, cols;            /* of cells */
	int top, left;             /* where they begin */
	bool margins;              /* severity at the left, scroll position at the right */
	int address;               /* width of the addresses at the left, 0: none */
	int context, legend, line; /* rows of these, -1: none */
};

/* Divides an area; `digits` is the length of the longest address. There is always at least one cell. */
struct map_frame map_frame_in(int rows, int cols, int digits);

#endif
