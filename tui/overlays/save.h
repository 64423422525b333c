/* SPDX-License-Identifier: MIT */
/* Writing a file that must not be there yet, or in place of one; never half of it. */
#ifndef TUI_OVERLAYS_SAVE_H
#define TUI_OVERLAYS_SAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum save_result {
	SAVED,
	SAVE_EXISTS, /* a file of that name is there, and may be replaced */
	SAVE_FAILED,
};

/* Writes it all. 0, or -1 with errno set. */
typedef int (*save_fn)(void *arg, FILE *out);

/*
 * Creates the file exclusively, following no link, readable by its owner alone, and makes it durable; a file
 * that can't be written in full is removed again. With `replace` it is made beside the old one first
 * (path.part), which it then takes the place of in one step; only regular files are replaced. *size gets the
 * bytes written; `why` a sentence, which may hold anything of `path`.
 */
enum save_result save_file(
	const char *path, bool replace, save_fn fn, void *arg, uint64_t *size, char *why, size_t why_size);

/* Whether both names are there and lead to one file. */
bool save_is_same(const char *a, const char *b);

#endif
