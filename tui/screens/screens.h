/* SPDX-License-Identifier: MIT */
/* The tables of all screens. */
#ifndef TUI_SCREENS_SCREENS_H
#define TUI_SCREENS_SCREENS_H

#include "screen.h"

extern const struct screen overview_screen, map_screen, cache_screen, bytes_screen, diff_screen, tree_screen,
	rewrite_screen, findings_screen;

#endif
