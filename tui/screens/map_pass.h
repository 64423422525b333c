/* SPDX-License-Identifier: MIT */
/*
 * Reading what the cells are made of, in the background: several jobs take block group after block group, and
 * hand over each one's cells when it is finished.
 */
#ifndef TUI_SCREENS_MAP_PASS_H
#define TUI_SCREENS_MAP_PASS_H

#include "map_cells.h"
#include "map_shape.h"

struct map_pass;

/* The cells of one block group, as many of them as were asked for. */
struct map_part {
	size_t group;   /* index into the shape's */
	uint64_t first; /* number of its first cell in the shape */
	uint64_t count;
	struct map_facts facts;
	struct map_cell cells[];
};

/*
 * Begins to read `count` cells from `first` on, those of the block group that holds the cell `begin` before
 * all others. The shape may change meanwhile. NULL: no memory, or no thread.
 */
struct map_pass *map_pass_start(struct fsr_fs *fs, const struct map_shape *shape, uint64_t first,
	uint64_t count, uint64_t begin, unsigned threads);
/* The next finished block group, to be freed by the caller; NULL when there is none at present. */
struct map_part *map_pass_take(struct map_pass *pass);
/* Everything is read and taken. */
bool map_pass_done(const struct map_pass *pass);
/* "12/170" */
void map_pass_progress(const struct map_pass *pass, size_t *done, size_t *all);
/* Asks the jobs to end, and does not wait. */
void map_pass_stop(struct map_pass *pass);
/* Ends the jobs, waits for that, and frees the pass. NULL is fine. */
void map_pass_end(struct map_pass *pass);

#endif
