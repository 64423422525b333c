/* SPDX-License-Identifier: MIT */
/* Text in paragraphs: wrapped to any width, scrolled, written to a file. A paragraph may be a place to go to.
 */
#ifndef TUI_SCREENS_PROSE_H
#define TUI_SCREENS_PROSE_H

#include "../model/history.h"
#include "../term/canvas.h"

#define PROSE_MARK 32

/* A letter or word before the first line; "" none. */
struct prose_mark {
	int col;
	enum style style;
	char text[PROSE_MARK];
};
#define PROSE_MARKS 2

struct paragraph {
	enum style style;
	int indent; /* columns of the text, in all its lines */
	struct prose_mark marks[PROSE_MARKS];
	char *text; /* harmless */
	bool has_place;
	struct place place;
	unsigned tag; /* where the place is to be looked for when it is wanted; 0: it is in `place` */
};

struct prose {
	size_t count, room;
	struct paragraph *list;
	bool failed; /* memory ran out: something is missing */
};

/* Adds a paragraph; the text may hold anything: it is escaped. "" is a blank line. */
void prose_add(struct prose *prose, enum style style, int indent, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Gives the last paragraph a mark (a word of ours; PROSE_MARKS at most), or a place. */
void prose_mark(struct prose *prose, int col, enum style style, const char *text);
void prose_place(struct prose *prose, const struct place *place);
/* A place that is looked for only when it is gone to. */
void prose_tag(struct prose *prose, unsigned tag);
void prose_free(struct prose *prose);

/* One line of a paragraph; text is not ended by 0. */
struct prose_line {
	const struct paragraph *paragraph;
	const char *text;
	size_t length;
	int indent;
	bool first;
};
struct prose_lines {
	size_t count, room;
	struct prose_line *list;
};

/*
 * Wraps to `width` columns of that canvas; a text that would begin in the right half stands below its mark.
 * *lines point into the prose, and are to be freed. false: no memory. */
bool prose_wrap(const struct prose *prose, const struct canvas *canvas, int width, struct prose_lines *lines);
void prose_lines_free(struct prose_lines *lines);
void prose_draw_line(const struct prose_line *line, const struct area *area, int row);
/* Draws as much as there are rows from line `top` on; returns how many lines there are. */
size_t prose_draw(const struct prose *prose, const struct area *area, size_t top);
/* Writes all of it as lines of at most `cols` columns. 0, or -1 with errno set. */
int prose_write(const struct prose *prose, FILE *out, int cols, bool ascii);

#endif
