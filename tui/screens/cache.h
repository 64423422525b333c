/* SPDX-License-Identifier: MIT */
/* The Cache screen's own: one block group's cache in lines, pages and entries. */
#ifndef TUI_SCREENS_CACHE_H
#define TUI_SCREENS_CACHE_H

#include "cache_model.h"
#include "cache_rows.h"
#include "columns.h"
#include "list.h"
#include "words.h"

enum cache_pane { CACHE_PANE_LINES, CACHE_PANE_PAGES, CACHE_PANE_ENTRIES, CACHE_PANE_COUNT };

/* Which of the four lines at the top stand where. */
#define CACHE_LINES 4u

/* Pages that are shown in one row. */
struct cache_fold {
	unsigned first, count;
};

struct cache_view {
	struct view view;
	uint64_t group;
	bool loaded;            /* what there is to read was read, or could not be */
	struct fsr_error error; /* code 0: the model is there */
	struct cache_model model;

	enum cache_pane pane, list_pane; /* list_pane: pages or entries, whichever was left last */
	struct list lines, pages, entries;
	struct cache_fold *folds; /* a row of the pages each */
	bool unfolded_pages;
	struct cache_rows rows;
	uint32_t *order; /* of the entries, NULL: as on disk */
	bool by_offset, descending;
	struct layout layout;
	bool letters; /* kinds of entries are one letter each */
	/* where things were drawn last, for clicks; rows -1: not there */
	int lines_row, panes_row, pages_cols, entries_col;
};

/* The record of the block group shown; NULL: there is none. */
struct record *cache_record(const struct cache_view *c);
/* Whether the model can be looked at. */
bool cache_there(const struct cache_view *c);
/* Goes to another block group and reads its cache. */
void cache_load(struct cache_view *c, uint64_t group);

/* ---- cache_lines.c: what is known beside pages and entries */

/* Draws line i (enum cache_where) of the four. */
void cache_line(struct view *view, size_t i, const struct area *row);
void cache_line_sentence(struct cache_view *c, size_t i, struct sentence *out);
/* What there is to say where there are neither pages nor entries; draws it and gives the rows taken. */
int cache_put_reasons(struct cache_view *c, const struct area *area);

/* ---- cache_pages.c */

/* Folds pages anew; false: no memory. */
bool cache_pages_fold(struct cache_view *c);
void cache_page_row(struct view *view, size_t i, const struct area *row);
void cache_pages_head(struct view *view, const struct area *row);
void cache_page_sentence(struct cache_view *c, size_t i, struct sentence *out);
void cache_page_text(
	struct view *view, size_t i, char *text, size_t size, uint64_t *address, uint64_t *length);
/* How bad row i is, -1: nothing is wrong. */
int cache_page_severity(const struct cache_view *c, size_t i);
/* Columns that the pane takes. */
int cache_pages_width(const struct cache_view *c, int cols);

/* ---- cache_entries.c */

void cache_entry_row(struct view *view, size_t i, const struct area *row);
/* Fits the columns into the width. */
void cache_entries_fit(struct cache_view *c, int cols);
void cache_entries_head(struct view *view, const struct area *row);
void cache_entry_sentence(struct cache_view *c, size_t i, struct sentence *out);
void cache_entry_text(
	struct view *view, size_t i, char *text, size_t size, uint64_t *address, uint64_t *length);
bool cache_entries_scroll(struct cache_view *c, enum action action);

/* ---- cache_draw.c */

void cache_draw(struct view *view, const struct area *area);
int cache_export_text(struct view *view, FILE *out, int cols);

/* ---- cache_places.c: where rows lead to */

void cache_show(struct view *view, const struct place *place);
void cache_here(const struct view *view, struct place *place);
bool cache_enter(struct view *view, struct place *place);
bool cache_go(struct view *view, const char *text, struct place *place);

/* ---- cache_act.c */

bool cache_act(struct view *view, enum action action);
bool cache_click(struct view *view, int row, int col);
void cache_wheel(struct view *view, int direction);
bool cache_find(struct view *view, const struct needle *needle, int direction, size_t *number, size_t *count);
struct list *cache_list(struct cache_view *c);

#endif
