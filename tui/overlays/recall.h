/* SPDX-License-Identifier: MIT */
/* What was typed before at each kind of prompt, for Up and Down. Kept until the program ends. */
#ifndef TUI_OVERLAYS_RECALL_H
#define TUI_OVERLAYS_RECALL_H

#include <stddef.h>

enum recall { RECALL_SEARCH, RECALL_GO, RECALL_FILTER, RECALL_KINDS };

#define RECALL_MAX 16
#define RECALL_SIZE 128

/* Remembers a line as the newest; an equal one is moved, longer ones than RECALL_SIZE are not kept. */
void recall_add(enum recall kind, const char *line);
/* The i-th newest, from 1; NULL: there are not so many. */
const char *recall_line(enum recall kind, size_t i);

#endif
