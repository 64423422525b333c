/* SPDX-License-Identifier: MIT */
/*
 * Where things lie on the map: block groups cut into cells of one size, the cells in a row, the row broken
 * into lines. A cell never holds parts of two block groups; gaps between block groups are not drawn.
 */
#ifndef TUI_SCREENS_MAP_SHAPE_H
#define TUI_SCREENS_MAP_SHAPE_H

#include "../model/tab.h"

/* All zero is a map without cells. */
struct map_shape {
	const struct record *groups; /* those drawn, ascending; the caller's */
	size_t count;
	unsigned shift;  /* log2 of the cell size */
	uint64_t *first; /* count + 1: number of each one's first cell, and at the end the number of cells */
};

/* One cell, as bytes. length is less than the cell size at the end of a block group. */
struct map_piece {
	size_t group; /* index into the shape's */
	uint64_t bytenr, length;
	bool is_first; /* of its block group */
};

/* How many cells a block group of this length takes; at least 1. */
uint64_t map_cells_in(uint64_t length, unsigned shift);
/*
 * log2 of the least cell size, `least` or more, for which the block groups take at most `room` cells. Where
 * there are more block groups than cells: the least for which each takes one.
 */
unsigned map_fit(const struct record *groups, size_t count, unsigned least, uint64_t room);
/* Cuts the block groups; what the shape was is forgotten. false: memory ran out, it is empty then. */
bool map_shape_set(struct map_shape *shape, const struct record *groups, size_t count, unsigned shift);
void map_shape_free(struct map_shape *shape);
/* How many cells there are. */
uint64_t map_shape_cells(const struct map_shape *shape);
/* The block group of a cell that is there. */
size_t map_shape_group(const struct map_shape *shape, uint64_t cell);
struct map_piece map_shape_piece(const struct map_shape *shape, uint64_t cell);
/* The cell that holds the address, else the next one behind it, else the last; 0 where there are none. */
uint64_t map_shape_cell(const struct map_shape *shape, uint64_t address);
/* log2 of a size that is a power of two. */
unsigned map_log2(uint64_t size);

#endif
