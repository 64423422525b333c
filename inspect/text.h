/* SPDX-License-Identifier: MIT */
/* Text output: sizes, words, decoded fields, the facts of a filesystem and a block group. All on stdout. */
#ifndef INSPECT_TEXT_H
#define INSPECT_TEXT_H

#include "../libfsread/fsread.h"
#include "options.h"

#define SIZE_TEXT 32

/* A size in the units asked for, two decimals from KiB or kB up: "2.32 MiB". Gives `out`. */
const char *size_text(const struct settings *settings, uint64_t bytes, char out[SIZE_TEXT]);
void put_size(const struct settings *settings, uint64_t bytes);

/* The word, or "?" for NULL: a number that has no name. */
const char *word(const char *name);

/* The severity, eight columns wide, in colour on a terminal unless NO_COLOR is set. */
void put_severity(enum fsr_severity severity);

/* "DATA single", "DATA|METADATA DUP". */
#define TYPE_TEXT 40
const char *type_text(uint64_t flags, char out[TYPE_TEXT]);

/* "accepted", "refused (12)": the step where one decides. */
#define VERDICT_TEXT 32
const char *verdict_text(const struct fsr_group *group, char out[VERDICT_TEXT]);

/* An image's path and its filesystem's facts, as a head over results. */
void put_head(const struct settings *settings, const struct fsr_fs *fs, const char *path);

/* The decoded fields of an item, or of a superblock's 4096 bytes: an indented line each. */
void put_item_fields(const struct fsr_item *item);
void put_super_fields(const uint8_t *raw);
/* One field's value by itself, without its name. */
void put_field_value(const struct fsr_field *field);

/* n bytes at p as lines of 16; the offsets begin at 0. */
void put_hex(const uint8_t *p, size_t n);
/* One such line of n bytes, at most 16, without a newline; padded to 16 where something is to follow. */
void put_hex_row(const uint8_t *p, size_t n, size_t offset, bool pad);

#endif
