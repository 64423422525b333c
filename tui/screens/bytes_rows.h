/* SPDX-License-Identifier: MIT */
/* Rows of bytes: how many stand in one, and which of them are folded because they say nothing new. */
#ifndef TUI_SCREENS_BYTES_ROWS_H
#define TUI_SCREENS_BYTES_ROWS_H

#include "../../libfsread/fsread.h"

/* Rows, of the whole width, that are shown as one. */
struct bytes_fold {
	size_t first, rows;
	bool same; /* all bytes have one value; else each row is like the one before `first` */
};

struct bytes_rows {
	unsigned width; /* bytes a row */
	size_t size;
	size_t nfolds, room;
	struct bytes_fold *folds; /* ascending */
};

/* What one row on the screen stands for. */
struct bytes_row {
	size_t byte, length;
	const struct bytes_fold *fold; /* NULL: bytes as they are */
};

/* Pieces in which bytes are read: piece i is not there where bit i of `unread` is set. */
#define BYTES_PIECE 4096u
static inline bool byte_unread(uint32_t unread, size_t byte)
{
	return unread >> (byte / BYTES_PIECE & 31) & 1;
}

/* Bytes a row for a screen of so many columns, and the label of a byte (labels leave no gap); NULL: none. */
unsigned bytes_width(int cols);
const struct fsr_label *bytes_label_at(const struct fsr_label *labels, size_t n, size_t byte);

/*
 * Folds two rows or more that lie within one label and are equal; fold false: folds nothing. Where memory
 * runs out less is folded. To be given to bytes_rows_free(); may be made anew without.
 */
void bytes_rows_make(struct bytes_rows *rows, unsigned width, bool fold, const uint8_t *data, size_t size,
	uint32_t unread, const struct fsr_label *labels, size_t nlabels);
void bytes_rows_free(struct bytes_rows *rows);
size_t bytes_rows_count(const struct bytes_rows *rows);
/* Row i, below bytes_rows_count(). */
struct bytes_row bytes_rows_at(const struct bytes_rows *rows, size_t i);
/* The row in which a byte is. */
size_t bytes_rows_of(const struct bytes_rows *rows, size_t byte);

#endif
