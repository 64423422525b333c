/* SPDX-License-Identifier: MIT */
/* The action table, and the names of keys. */
#ifndef TUI_ACTIONS_H
#define TUI_ACTIONS_H

#include <stddef.h>

enum action {
	ACTION_NONE,
#define ACTION(id, name, keys, screens, help) ACTION_##id,
#include "actions.def"
#undef ACTION
	ACTION_COUNT
};

struct action_row {
	enum action action;
	const char *name, *keys, *screens, *help;
};

/* Ordered as in the table; ends with a row whose name is NULL. */
extern const struct action_row action_table[];

/* What a key (see term/term.h) does on the screen with this letter; '+': in a box or prompt. */
enum action action_of_key(int key, char screen);
const struct action_row *action_row(enum action action);
/* The first of its keys as key bars show it. */
const char *action_key(enum action action);
/* Takes the next key name off *keys: its code, or KEY_IS_NONE at the end. */
int key_take(const char **keys, char *name, size_t size);

#endif
