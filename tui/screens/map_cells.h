/* SPDX-License-Identifier: MIT */
/* What the bytes of a cell are, and which mark that gives it. */
#ifndef TUI_SCREENS_MAP_CELLS_H
#define TUI_SCREENS_MAP_CELLS_H

#include "../../libfsread/fsread.h"
#include "../term/style.h"

/* Bytes of each kind. Excess lies over the others; what is neither used nor super is free. */
struct map_cell {
	uint64_t used, excess, missing, super;
};

/* What holds for all cells of a block group. All zero: nobody has looked yet. */
struct map_facts {
	bool done;
	bool unknown; /* its part of the extent tree can't be read */
	bool usable;  /* Linux would load what says where its free space is */
	enum fsr_state state;
};

/* What a cell shows, the worst first. */
enum map_mark {
	MAP_PENDING, /* not looked at */
	MAP_EXCESS,
	MAP_UNKNOWN,
	MAP_MISSING,
	MAP_STATE, /* the state of the block group, on its first cell */
	MAP_SUPER,
	MAP_NONE, /* shades, by the share that is used */
	MAP_THIRD,
	MAP_TWO_THIRDS,
	MAP_MORE,
	MAP_ALL,
};

/* A row of cells that begin at an address, each of 1 << shift bytes; all of one block group. */
struct map_run {
	uint64_t bytenr;
	unsigned shift;
	uint64_t count;
	struct map_cell *cells;
};

/* Adds the part of a span that lies on the cells; UNKNOWN spans are for the facts, and add nothing. */
void map_run_add(const struct map_run *run, const struct fsr_span *span);
/* What a record says to all its cells; without damage. */
struct map_facts map_facts_of(const struct fsr_group *group);
/* Who wins. `length` is the cell's, is_first tells the first cell of a block group. */
enum map_mark map_mark_of(
	const struct map_cell *cell, uint64_t length, bool is_first, const struct map_facts *facts);
/* Whether a mark says that something is wrong: what `.` goes to. */
bool map_mark_wrong(enum map_mark mark);
/* The character of a mark; for MAP_STATE the letter of the state. */
const char *map_mark_text(enum map_mark mark, enum fsr_state state);
enum style map_mark_style(enum map_mark mark, const struct map_facts *facts);
/* "n" for NEED_WRITE, "s" SETUP, "c" CLEAR, "e" ERROR, "-" NONE, "w" WRITTEN, "?" UNKNOWN. */
const char *map_state_letter(enum fsr_state state);

#endif
