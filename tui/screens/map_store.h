/* SPDX-License-Identifier: MIT */
/* The cells that are known: all of the map, or a window over it where it has too many. */
#ifndef TUI_SCREENS_MAP_STORE_H
#define TUI_SCREENS_MAP_STORE_H

#include "map_pass.h"

/* Passes that were stopped, and not waited for. */
#define MAP_STOPPED_MAX 8u

/* All zero knows nothing. */
struct map_store {
	uint64_t first, count; /* the cells held, as the shape counts */
	struct map_cell *cells;
	size_t ngroups;
	struct map_facts *facts; /* of each block group of the shape */
	struct map_pass *pass;
	unsigned nstopped;
	struct map_pass *stopped[MAP_STOPPED_MAX];
};

/* Forgets everything; what is being read is stopped, and not waited for. */
void map_store_forget(struct map_store *store);
/* Forgets everything and begins to read these cells, those around the cell `begin` first. */
void map_store_read(struct map_store *store, struct fsr_fs *fs, const struct map_shape *shape, uint64_t first,
	uint64_t count, uint64_t begin, unsigned threads);
/* Takes in what was read meanwhile; true when something changed. */
bool map_store_update(struct map_store *store);
/* Whether these cells are held, be they read already or not. */
bool map_store_holds(const struct map_store *store, uint64_t first, uint64_t count);
/* What is known about a cell of a block group; cells not held are all 0. */
struct map_cell map_store_cell(const struct map_store *store, uint64_t cell);
struct map_facts map_store_facts(const struct map_store *store, uint64_t cell, size_t group);
/* The same, and waits. */
void map_store_close(struct map_store *store);

#endif
