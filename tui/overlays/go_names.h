/* SPDX-License-Identifier: MIT */
/* The names that one can go to: screens by name and digit, trees, "q". A beginning that only one has is
 * enough. */
#ifndef TUI_OVERLAYS_GO_NAMES_H
#define TUI_OVERLAYS_GO_NAMES_H

#include <stdbool.h>
#include <stddef.h>

enum go_kind { GO_SCREEN, GO_TREE, GO_QUIT };

/* What names begin with a text, without regard to case; a whole name counts alone. */
struct go_match {
	size_t count;
	bool whole;
	enum go_kind kind; /* of the first */
	const char *name;
	int screen; /* enum screen_id, for GO_SCREEN */
};
struct go_match go_names_match(const char *text);
/* "cache, chunk, csum": those that begin with the text; false: none does. */
bool go_names_list(const char *text, char *out, size_t size);
/* Completes the text as far as they agree; false: nothing to complete. */
bool go_names_complete(char *text, size_t size);
/* The i-th name of a tree as fsr_tree_find() takes it; NULL past the last. */
const char *go_tree_name(size_t i);

#endif
