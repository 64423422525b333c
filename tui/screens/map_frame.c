/* SPDX-License-Identifier: MIT */
#include "map_frame.h"

/* Sizes below which a part goes; the screen has three rows that are not the area's. */
#define FRAME_ROWS 3
#define CONTEXT_ROWS 5
#define LINE_ROWS 12
#define LEGEND_ROWS 20
#define MARGIN_COLS 60
#define ADDRESS_COLS 100
/* Severity and a blank on the left, a blank and the scroll position on the right. */
#define MARGIN 2

static int at_least_one(int n)
{
	return n > 1 ? n : 1;
}

struct map_frame map_frame_in(int rows, int cols, int digits)
{
	struct map_frame frame = {.context = -1, .legend = -1, .line = -1};
	int screen = rows + FRAME_ROWS, end = rows;

	if (screen >= LINE_ROWS)
		frame.line = --end;
	if (screen >= LEGEND_ROWS)
		frame.legend = --end;
	if (screen >= CONTEXT_ROWS)
		frame.context = frame.top++;
	frame.rows = at_least_one(end - frame.top);
	frame.margins = cols >= MARGIN_COLS;
	frame.address = cols >= ADDRESS_COLS ? digits : 0;
	frame.left = (frame.margins ? MARGIN : 0) + (frame.address ? frame.address + 1 : 0);
	frame.cols = at_least_one(cols - frame.left - (frame.margins ? MARGIN : 0));
	return frame;
}
