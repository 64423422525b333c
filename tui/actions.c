/* SPDX-License-Identifier: MIT */
#include "actions.h"

#include "term/term.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

const struct action_row action_table[] = {
#define ACTION(id, name, keys, screens, help) {ACTION_##id, name, keys, screens, help},
#include "actions.def"
#undef ACTION
	{ACTION_NONE, NULL, NULL, NULL, NULL},
};

static const struct {
	const char *name;
	int key;
} key_names[] = {
	{"Enter", KEY_IS_ENTER},
	{"Backspace", KEY_IS_BACKSPACE},
	{"Up", KEY_IS_UP},
	{"Down", KEY_IS_DOWN},
	{"Left", KEY_IS_LEFT},
	{"Right", KEY_IS_RIGHT},
	{"PgUp", KEY_IS_PAGE_UP},
	{"PgDn", KEY_IS_PAGE_DOWN},
	{"Home", KEY_IS_HOME},
	{"End", KEY_IS_END},
	{"Tab", KEY_IS_TAB},
	{"Shift-Tab", KEY_IS_BACKTAB},
	{"Space", ' '},
	{"Esc", KEY_IS_ESCAPE},
	{"F1", KEY_IS_F1},
	{"F10", KEY_IS_F10},
	{"Ctrl-B", 2},
	{"Ctrl-C", 3},
	{"Ctrl-F", 6},
	{"Ctrl-L", 12},
	{"Ctrl-Z", 26},
};

static int key_code(const char *name)
{
	for (size_t i = 0; i < sizeof key_names / sizeof *key_names; i++)
		if (!strcmp(name, key_names[i].name))
			return key_names[i].key;
	return (unsigned char)*name; /* the character itself */
}

int key_take(const char **keys, char *name, size_t size)
{
	size_t n;

	*keys += strspn(*keys, " ");
	n = strcspn(*keys, " ");
	if (!n)
		return KEY_IS_NONE;
	snprintf(name, size, "%.*s", (int)n, *keys);
	*keys += n;
	return key_code(name);
}

static bool has_key(const struct action_row *row, int key)
{
	const char *keys = row->keys;
	char name[16];
	int code;

	while ((code = key_take(&keys, name, sizeof name)) != KEY_IS_NONE)
		if (code == key)
			return true;
	return false;
}

enum action action_of_key(int key, char screen)
{
	for (const struct action_row *row = action_table; row->name; row++) {
		bool here = strchr(row->screens, screen) || (screen != '+' && *row->screens == '*');

		if (here && has_key(row, key))
			return row->action;
	}
	return ACTION_NONE;
}

const struct action_row *action_row(enum action action)
{
	for (const struct action_row *row = action_table; row->name; row++)
		if (row->action == action)
			return row;
	return NULL;
}

const char *action_key(enum action action)
{
	static const char *const short_names[][2] = {{"Backspace", "Bksp"}};
	static char name[16];
	const char *keys = action_row(action)->keys;

	key_take(&keys, name, sizeof name);
	for (size_t i = 0; i < sizeof short_names / sizeof *short_names; i++)
		if (!strcmp(name, short_names[i][0]))
			return short_names[i][1];
	return name;
}
