/* SPDX-License-Identifier: MIT */
/* Prose that is scrolled, with a cursor on the paragraphs that are places, and a search. */
#ifndef TUI_OVERLAYS_PAGER_H
#define TUI_OVERLAYS_PAGER_H

#include "../actions.h"
#include "../screens/prose.h"

/* Begins zeroed. */
struct pager {
	struct prose prose;
	struct prose_lines lines; /* as last drawn */
	size_t top;
	int rows;
	size_t chosen;    /* 1 + index of the paragraph under the cursor, 0: none */
	char needle[128]; /* "": nothing is searched for */
	size_t hit;       /* line of the match one is at */
};

/* Other prose in place of what was there; scrolling and cursor stay where they can. Takes *prose over. */
void pager_set(struct pager *pager, struct prose *prose);
/* Wraps for that width: how many lines there are. */
size_t pager_wrap(struct pager *pager, const struct canvas *canvas, int cols);
/* Draws on the area, wrapped to its width. */
void pager_draw(struct pager *pager, const struct area *area);
/* Moving actions; Up and Down go to the next place that is seen, or scroll. false: not one of these. */
bool pager_act(struct pager *pager, enum action action);
void pager_wheel(struct pager *pager, int direction);
/* The place under the cursor, or NULL. */
const struct paragraph *pager_chosen(const struct pager *pager);
/* To the next (1) or previous (-1) line with the needle, or with 0 the first from the top of what is seen. */
bool pager_find(struct pager *pager, int direction);
void pager_free(struct pager *pager);

#endif
