/* SPDX-License-Identifier: MIT */
/* What can be typed behind `:` in Tree: the name of a tree, a key, an address. */
#include "tree.h"
#include "words.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define KEY_TYPES 256

int key_type_number(const char *name)
{
	for (int type = 0; type < KEY_TYPES; type++) {
		const char *known = fsr_key_type_name((uint8_t)type);

		if (known && strcasecmp(known, name) == 0)
			return type;
	}
	return -1;
}

/* Decimal or 0x; negative counts down from 2^64, as btrfs counts its own objects. */
static bool parse_number(const char *word, uint64_t *number)
{
	char *end;

	if (!isdigit((unsigned char)word[*word == '-']))
		return false;
	errno = 0;
	*number = strtoull(word, &end, strncasecmp(word, "0x", 2) ? 10 : 16);
	return !errno && !*end;
}

/* The named objectids lie at both ends. */
#define NAMED_OBJECTIDS 256

static bool parse_objectid(const char *word, uint64_t *objectid)
{
	if (parse_number(word, objectid))
		return true;
	for (int64_t i = -NAMED_OBJECTIDS; i < NAMED_OBJECTIDS; i++) {
		const char *name = fsr_objectid_name((uint64_t)i);

		*objectid = (uint64_t)i;
		if (name && strcasecmp(name, word) == 0)
			return true;
	}
	return false;
}

static bool parse_type(const char *word, uint8_t *type)
{
	uint64_t number;
	int named = key_type_number(word);

	if (named >= 0)
		number = (uint64_t)named;
	else if (!parse_number(word, &number) || number >= KEY_TYPES)
		return false;
	*type = (uint8_t)number;
	return true;
}

#define WORDS 3
#define WORD_SIZE 40

/* The words of a key, without what stands around and between them; -1: more than three, or too long. */
static int split(const char *text, char words[WORDS][WORD_SIZE])
{
	static const char between[] = " (),\t";
	int n = 0;

	for (;; n++) {
		size_t length;

		text += strspn(text, between);
		length = strcspn(text, between);
		if (!length)
			return n;
		if (n == WORDS || length >= WORD_SIZE)
			return -1;
		memcpy(words[n], text, length);
		words[n][length] = 0;
		text += length;
	}
}

bool parse_key(const char *text, struct fsr_key *key)
{
	char words[WORDS][WORD_SIZE];
	int n = split(text, words);

	*key = (struct fsr_key){0};
	return n >= 2 && parse_objectid(words[0], &key->objectid) && parse_type(words[1], &key->type) &&
	       (n < 3 || parse_number(words[2], &key->offset));
}

/* ---- places */

static void to_block(struct place *place, uint64_t bytenr)
{
	place->target = TARGET_BLOCK;
	place->block = bytenr;
	place->slot = place->byte = place->copy = 0;
}

/* An address: the tree block that is there, else the extent item that holds it, else the block at it as it
 * is. */
static bool to_address(struct tree_view *t, uint64_t address, struct place *place)
{
	struct follow follow = {.kind = FOLLOW_EXTENT, .number = address};
	struct fsr_holder holder = {.present = false};
	struct fsr_error err;

	if (!fsr_copies(t->view.tab->fs, address))
		return false;
	if (fsr_holder_at(t->view.tab->fs, address, &holder, &err) == 0 && holder.present &&
		!holder.tree_block)
		return follow_place(t, &follow, place, &err);
	to_block(place, holder.present ? holder.bytenr : address);
	return true;
}

static bool to_tree(struct tree_view *t, const char *name, struct place *place)
{
	struct fsr_tree tree;
	uint64_t number;

	if (fsr_tree_find(t->view.tab->fs, name, &tree, NULL) &&
		(!parse_objectid(name, &number) || tree_of_number(t->view.tab->fs, number, &tree, NULL)))
		return false;
	to_block(place, tree.bytenr);
	return true;
}

bool tree_go(struct view *view, const char *text, struct place *place)
{
	struct tree_view *t = tree_of(view);
	struct fsr_error err;
	struct fsr_key key;
	uint64_t address;

	view->screen->here(view, place);
	place->screen = SCREEN_TREE;
	if (!strcmp(text, "trees") || !strcmp(text, "super")) {
		place->target = *text == 't' ? TARGET_TREES : TARGET_SUPER;
		place->slot = 0;
		return true;
	}
	if (parse_number(text, &address))
		return to_address(t, address, place);
	if (parse_key(text, &key))
		return place_of_key(t, tree_number(t), &key, true, place, &err);
	return to_tree(t, text, place);
}
