/* SPDX-License-Identifier: MIT */
/* The Bytes screen's own: labelled bytes of a cache page, a tree block or a superblock. */
#ifndef TUI_SCREENS_BYTES_H
#define TUI_SCREENS_BYTES_H

#include "bytes_source.h"
#include "words.h"

/* Differences kept for the entry under the cursor; more are counted only. */
#define BYTES_RANGES 6u

/* What is in use of what an entry says is free. */
struct bytes_excess {
	size_t entry; /* SIZE_MAX: nothing was looked for */
	uint64_t from, to;
	size_t count;
	struct fsr_diff_range ranges[BYTES_RANGES];
};

struct bytes_view {
	struct view view;
	uint64_t group; /* in focus, whatever is shown */
	uint64_t address;
	uint64_t model_group; /* what the model is of */
	bool has_model;
	struct cache_model model;
	struct fsr_error error; /* why there is no model */
	struct bytes_source source;
	struct bytes_rows rows;
	struct bytes_excess excess;
	uint8_t *bad; /* of a bitmap's bytes, those that have a bit set for what is in use; NULL: none */
	bool unfolded;
	size_t cursor, top; /* byte, row */
	int shown_rows;     /* when drawn last, for pages and clicks */
	int first_row, first_col, field_cols;
};

static inline struct bytes_view *bytes_self(const struct view *view)
{
	return (struct bytes_view *)view;
}

/* Where on a row its parts are. */
struct bytes_layout {
	unsigned width;
	int address, address_width; /* -1: not shown */
	int hex;                    /* the mark before the first byte */
	int ascii;                  /* -1 */
	int label;                  /* -1 */
	bool list;                  /* all fields as a list, in place of the label */
};
struct bytes_layout bytes_layout(int cols, uint64_t last_address);

/* ---- bytes.c */

/* Shows another page, block or mirror; the cursor is on `byte`. */
void bytes_show_page(struct bytes_view *b, unsigned page, unsigned copy, size_t byte);
void bytes_show_block(struct bytes_view *b, uint64_t bytenr, unsigned copy, size_t byte);
void bytes_show_super(struct bytes_view *b, unsigned mirror, size_t byte);
/* Folds anew, for another width or after +. */
void bytes_fold(struct bytes_view *b, unsigned width);
/* The block group's cache is read, unless it is there already; false: there is none to be read. */
bool bytes_need_model(struct bytes_view *b, uint64_t group);

/* ---- bytes_fields.c: what the labels mean */

/* The label under the cursor; NULL: nothing is shown. */
const struct fsr_label *bytes_field(const struct bytes_view *b);
/* The entry whose bytes the label is of; SIZE_MAX: of none. */
size_t bytes_entry(const struct bytes_view *b, const struct fsr_label *label);
/* How bad a field is, -1: nothing is wrong with it; and the finding that says so, or NULL. */
int bytes_severity(struct bytes_view *b, const struct fsr_label *label, const struct fsr_finding **finding);
enum style bytes_style(struct bytes_view *b, const struct fsr_label *label);
/* What starts in a row, in few words. */
void bytes_row_words(const struct bytes_view *b, size_t byte, size_t length, char *out, size_t size);
/* Looks what of the entry is in use. */
const struct bytes_excess *bytes_find_excess(struct bytes_view *b, size_t entry);
/* Marks the bytes of a bitmap page that say so; see `bad`. */
void bytes_find_bad(struct bytes_view *b);

/* ---- bytes_draw.c, bytes_head.c, bytes_pane.c */

void bytes_put_context(const struct bytes_view *b, const struct area *area);
/* Where nothing is shown: why not. */
void bytes_put_nothing(const struct bytes_view *b, const struct area *area);
void bytes_draw(struct view *view, const struct area *area);
int bytes_export_text(struct view *view, FILE *out, int cols);
void bytes_pane(struct bytes_view *b, const struct area *area);
void bytes_sentence(struct view *view, struct sentence *out);

/* ---- bytes_places.c, bytes_act.c, bytes_beside.c, bytes_find.c */

void bytes_show(struct view *view, const struct place *place);
void bytes_here(const struct view *view, struct place *place);
bool bytes_enter(struct view *view, struct place *place);
bool bytes_go(struct view *view, const char *text, struct place *place);
bool bytes_act(struct view *view, enum action action);
/* Pages of the cache that is shown, else 0. */
size_t bytes_page_count(const struct bytes_view *b);
void bytes_next_sibling(struct bytes_view *b, int step);
void bytes_next_copy(struct bytes_view *b);
bool bytes_click(struct view *view, int row, int col);
void bytes_wheel(struct view *view, int direction);
bool bytes_find(struct view *view, const struct needle *needle, int direction, size_t *number, size_t *count);

#endif
