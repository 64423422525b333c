/* SPDX-License-Identifier: MIT */
/*
 * Makes text from images and paths harmless: control characters, DEL, C1, invalid UTF-8, line and
 * paragraph separators, bidirectional and other invisible marks become \x.. or \u...., a backslash
 * is doubled, and the openings of CI log commands ("::" and "##") are broken up.
 */
#ifndef INSPECT_REPORT_ESCAPE_H
#define INSPECT_REPORT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Length of the valid UTF-8 sequence at s, 0 when there is none; *point gets the code point. */
size_t utf8_length(const void *s, size_t n, unsigned *point);

/* True when all n bytes are UTF-8. */
bool utf8_valid(const void *s, size_t n);

/* Writes the n bytes at s, escaped, to out. */
void put_escaped(FILE *out, const void *s, size_t n);

/* The same into a new string, to be freed; NULL when memory runs out. */
char *escaped(const void *s, size_t n);

#endif
