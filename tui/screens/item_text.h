/* SPDX-License-Identifier: MIT */
/* What an item is, on one line: "→ 137887744+65536 REG". One table, keyed by key type (item_words.def). */
#ifndef TUI_SCREENS_ITEM_TEXT_H
#define TUI_SCREENS_ITEM_TEXT_H

#include "field_text.h"

/* Of the decoded fields; what comes from disk is escaped. raw: numbers in place of names. */
const char *item_what(const struct fsr_item *item, bool raw, char out[FIELD_TEXT]);
/* What kind of item it is: "cache header of block group 137756672", "a file's data". */
const char *item_kind(const struct fsr_item *item, char out[FIELD_TEXT]);

/* One field of an item by name ("inline_refs.root": the first of the list). false: there is none. */
bool item_field(const struct fsr_item *item, const char *name, struct fsr_field *out);
/* The value of one; 0 where there is none. */
uint64_t item_number(const struct fsr_item *item, const char *name);
/* Whether the key's type is the one of this name ("INODE_ITEM"). */
bool key_is(const struct fsr_key *key, const char *type);

#endif
