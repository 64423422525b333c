/* SPDX-License-Identifier: MIT */
#include "go_names.h"

#include "../screens/screen.h"

#include <stdio.h>
#include <string.h>

static const char *const trees[] = {"root", "extent", "chunk", "dev", "fs", "csum", "uuid", "quota",
	"block-group", "free-space", "log", "data-reloc", NULL};

const char *go_tree_name(size_t i)
{
	return i < sizeof trees / sizeof *trees ? trees[i] : NULL;
}

/* The i-th of all names: screens, trees, "quit". false: past the last. */
static bool name_at(size_t i, struct go_match *name)
{
	size_t ntrees = sizeof trees / sizeof *trees - 1;

	*name = (struct go_match){.kind = GO_SCREEN, .screen = (int)i};
	if (i < SCREEN_COUNT) {
		name->name = screen_table[i]->name;
	} else if (i - SCREEN_COUNT < ntrees) {
		name->kind = GO_TREE;
		name->name = trees[i - SCREEN_COUNT];
	} else if (i - SCREEN_COUNT == ntrees) {
		name->kind = GO_QUIT;
		name->name = "quit";
	}
	return name->name;
}

/* The text without the blanks behind it. */
static size_t length_of(const char *text)
{
	size_t n = strlen(text);

	while (n && text[n - 1] == ' ')
		n--;
	return n;
}

/* "1" to "8", and "q" which is not one of several beginnings. */
static bool match_short(const char *text, size_t n, struct go_match *match)
{
	size_t last = SCREEN_COUNT + sizeof trees / sizeof *trees - 1;

	if (n != 1 || !((*text >= '1' && *text < '1' + SCREEN_COUNT) || *text == 'q'))
		return false;
	name_at(*text == 'q' ? last : (size_t)(*text - '1'), match);
	match->count = 1;
	match->whole = true;
	return true;
}

struct go_match go_names_match(const char *text)
{
	size_t n = length_of(text), count = 0;
	struct go_match first = {0}, name;

	if (!n || match_short(text, n, &first))
		return first;
	for (size_t i = 0; name_at(i, &name); i++) {
		if (strncasecmp(name.name, text, n) != 0)
			continue;
		if (strlen(name.name) == n) {
			name.count = 1;
			name.whole = true;
			return name;
		}
		if (!count++)
			first = name;
	}
	first.count = count;
	return first;
}

bool go_names_list(const char *text, char *out, size_t size)
{
	size_t n = length_of(text), used = 0;
	struct go_match name;

	*out = 0;
	for (size_t i = 0; n && name_at(i, &name) && used < size; i++)
		if (!strncasecmp(name.name, text, n))
			used += (size_t)snprintf(
				out + used, size - used, "%s%s", used ? ", " : "", name.name);
	return used;
}

bool go_names_complete(char *text, size_t size)
{
	size_t n = length_of(text), common = 0;
	const char *first = NULL;
	struct go_match name;

	for (size_t i = 0; n && name_at(i, &name); i++) {
		if (strncasecmp(name.name, text, n) != 0)
			continue;
		if (!first) {
			first = name.name;
			common = strlen(first);
		}
		while (strncasecmp(name.name, first, common) != 0)
			common--;
	}
	if (!first || common >= size)
		return false;
	snprintf(text, size, "%.*s", (int)common, first);
	return true;
}
