/* SPDX-License-Identifier: MIT */
/* The Map screen's own: what its files share. */
#ifndef TUI_SCREENS_MAP_H
#define TUI_SCREENS_MAP_H

#include "../ui.h"
#include "map_frame.h"
#include "map_place.h"
#include "map_store.h"

enum map_colouring { MAP_AGREEMENT, MAP_STATES, MAP_TYPES, MAP_COLOURINGS };

/* Looking for the next wrong place. */
struct map_search {
	struct job *job;     /* NULL: none under way */
	struct job *dropped; /* stopped, and not waited for */
	int direction;
	unsigned more; /* how often to go on from what is found */
};

struct map {
	struct view view;
	uint64_t address; /* under the cursor */
	enum map_scope scope;
	unsigned wanted; /* log2 of the cell size; 0: what makes everything fit */
	enum map_colouring colouring;
	struct map_frame frame;
	struct map_shape shape;
	struct { /* what was found to fit, and for what */
		const struct record *groups;
		size_t count;
		uint64_t room;
		unsigned shift;
	} fit;
	uint64_t top; /* first line of cells shown */
	struct map_store store;
	struct map_search search;
	char progress[64];
	uint64_t held_at; /* what `holder` is about */
	bool held_known;
	int held_error;
	struct fsr_holder holder;
	struct fsr_error held_err;
};

/* ---- map_zoom.c: which cells are shown */

/* Makes shape, scroll position and reading follow address, scope, cell size and frame. */
void map_settle(struct map *map);
/* The map's frame in an area of this size. */
void map_resize(struct map *map, int rows, int cols);
uint64_t map_cursor(const struct map *map);
/* The block group under the cursor; NULL: there is none. */
const struct record *map_record(const struct map *map);
/* Whether a cell is one sector of one block group. */
bool map_at_sectors(const struct map *map);
/* Takes the zoom from a place's detail. */
void map_set_detail(struct map *map, uint64_t detail);
/* The detail of the stop that Enter goes to; false at sectors. */
bool map_deeper(const struct map *map, uint64_t *detail);
/* Halves (in) or doubles the cell; false: that was the last. */
bool map_zoom(struct map *map, bool in);
/* To an address, or as near as can be. */
void map_to(struct map *map, uint64_t address);
void map_to_cell(struct map *map, uint64_t cell);

/* Reads these cells and waits until they are there. false: memory ran out. */
bool map_read_now(struct map *map, uint64_t first, uint64_t count);

/* ---- map_look.c: how cells look */

struct map_look {
	const char *text;
	enum style style;
	enum map_mark mark;
	int severity; /* of what is wrong here, -1: nothing */
};
struct map_look map_look_at(const struct map *map, uint64_t cell, const struct map_piece *piece);
/* The legend, as much of it as there is room for. */
void map_legend(const struct map *map, const struct area *row);

/* ---- map_words.c: sentences */

void map_context(const struct map *map, const struct area *row);
/* The line on the block group, or at sectors on what holds the address. */
void map_group_line(struct map *map, const struct area *row);
void map_sentence(struct view *view, struct sentence *out);

/* ---- map_draw.c */

void map_draw(struct view *view, const struct area *area);
/* The picture of all cells, `cols` wide. See struct screen. */
int map_export_text(struct view *view, FILE *out, int cols);

/* ---- map_keys.c */

bool map_act(struct view *view, enum action action);
bool map_click(struct view *view, int row, int col);
void map_wheel(struct view *view, int direction);

/* ---- map_enter.c */

bool map_enter(struct view *view, struct place *place);
/* What holds the address under the cursor, looked up when it is first asked for. NULL: it can't be told. */
const struct fsr_holder *map_holder(struct map *map);

/* ---- map_search.c */

/* Begins to look for the next (1) or previous (-1) wrong place. */
void map_next_wrong(struct map *map, int direction);
/* Goes to what was found meanwhile; true when there was something. */
bool map_search_update(struct map *map);
/* Looks no further. */
void map_search_drop(struct map *map);
bool map_find(struct view *view, const struct needle *needle, int direction, size_t *number, size_t *count);

#endif
