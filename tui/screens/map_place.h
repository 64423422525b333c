/* SPDX-License-Identifier: MIT */
/* What other screens may ask of Map: how far it is to zoom in where a place leads there. */
#ifndef TUI_SCREENS_MAP_PLACE_H
#define TUI_SCREENS_MAP_PLACE_H

#include <stdint.h>

/* What the map shows. Sectors are the block group with cells of one sector. */
enum map_scope { MAP_FILESYSTEM, MAP_GROUP };

/*
 * The zoom as a place's detail: cells of 1 << shift bytes, or with 0 what makes everything fit. A place whose
 * detail is 0 leaves the zoom as it is.
 */
uint64_t map_detail(enum map_scope scope, unsigned shift);

#endif
