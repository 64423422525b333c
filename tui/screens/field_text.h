/* SPDX-License-Identifier: MIT */
/* Decoded fields, keys and names from disk as harmless text. */
#ifndef TUI_SCREENS_FIELD_TEXT_H
#define TUI_SCREENS_FIELD_TEXT_H

#include "../../inspect/report/report.h"
#include "../term/style.h"

#define FIELD_TEXT 160

/* "location", "stripes[1].devid". */
const char *field_name(const struct fsr_field *field, char out[FIELD_TEXT]);
/*
 * The value: numbers with their word or name behind them, flags with the names of the bits, names from disk
 * escaped and in quotes, the first of raw bytes. raw: numbers in place of names. `item` is the name of the
 * item's key type, NULL for a superblock.
 */
const char *field_value(const struct fsr_field *field, const char *item, bool raw, char out[FIELD_TEXT]);
/* "DATA, DUP": the names of the set bits of a field that has names for them; else "0x...". */
const char *field_flag_names(const struct fsr_field *field, const char *item, char out[FIELD_TEXT]);
/* A name of n bytes, escaped and in quotes. */
const char *quoted_name(const uint8_t *bytes, size_t n, char out[FIELD_TEXT]);
/* "(FREE_SPACE UNTYPED 137756672)"; raw: "(-11 0 137756672)". */
const char *key_text(const struct fsr_key *key, bool raw, char out[KEY_TEXT_SIZE]);
/* The name of a tree or another objectid; raw, or where there is none, the number (negative near 2^64). */
const char *objectid_text(uint64_t objectid, bool raw, char out[32]);
/* How the bytes of a kind are drawn. */
enum style label_style(enum fsr_label_kind kind);

#endif
