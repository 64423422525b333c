/* SPDX-License-Identifier: MIT */
#include "bytes_rows.h"

#include <stdlib.h>
#include <string.h>

unsigned bytes_width(int cols)
{
	return cols >= 140 ? 32 : cols >= 56 ? 16 : 8;
}

const struct fsr_label *bytes_label_at(const struct fsr_label *labels, size_t n, size_t byte)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (byte < labels[middle].byte)
			high = middle;
		else if (byte - labels[middle].byte < labels[middle].length)
			return &labels[middle];
		else
			low = middle + 1;
	}
	return NULL;
}

/* ---- folding */

struct folder {
	struct bytes_rows *rows;
	const uint8_t *data;
	uint32_t unread;
};

static bool same_rows(const struct folder *f, size_t a, size_t b)
{
	size_t width = f->rows->width, x = a * width, y = b * width;

	if (byte_unread(f->unread, x) || byte_unread(f->unread, y))
		return byte_unread(f->unread, x) == byte_unread(f->unread, y);
	return !memcmp(f->data + x, f->data + y, width);
}

static bool one_value(const struct folder *f, size_t row)
{
	const uint8_t *p = f->data + row * f->rows->width;

	return byte_unread(f->unread, row * f->rows->width) || !memcmp(p, p + 1, f->rows->width - 1);
}

static void add(struct bytes_rows *rows, size_t first, size_t n, bool same)
{
	if (n < 2)
		return;
	if (rows->nfolds == rows->room) {
		size_t room = rows->room ? 2 * rows->room : 16;
		struct bytes_fold *folds = reallocarray(rows->folds, room, sizeof *folds);

		if (!folds)
			return;
		rows->folds = folds;
		rows->room = room;
	}
	rows->folds[rows->nfolds++] = (struct bytes_fold){first, n, same};
}

/* Rows first to end - 1 lie within one label. */
static void fold_label(struct folder *f, size_t first, size_t end)
{
	while (first < end) {
		size_t next = first + 1;
		bool same = one_value(f, first);

		while (next < end && same_rows(f, first, next))
			next++;
		if (same)
			add(f->rows, first, next - first, true);
		else
			add(f->rows, first + 1, next - first - 1, false);
		first = next;
	}
}

void bytes_rows_make(struct bytes_rows *rows, unsigned width, bool fold, const uint8_t *data, size_t size,
	uint32_t unread, const struct fsr_label *labels, size_t nlabels)
{
	struct folder f = {rows, data, unread};

	rows->width = width;
	rows->size = size;
	rows->nfolds = 0;
	for (size_t i = 0; fold && i < nlabels; i++) {
		size_t end = (size_t)labels[i].byte + labels[i].length;

		if (end <= size)
			fold_label(&f, (labels[i].byte + width - 1) / width, end / width);
	}
}

void bytes_rows_free(struct bytes_rows *rows)
{
	free(rows->folds);
	*rows = (struct bytes_rows){0};
}

/* ---- rows */

static size_t all_rows(const struct bytes_rows *rows)
{
	return rows->width ? (rows->size + rows->width - 1) / rows->width : 0;
}

size_t bytes_rows_count(const struct bytes_rows *rows)
{
	size_t n = all_rows(rows);

	for (size_t i = 0; i < rows->nfolds; i++)
		n -= rows->folds[i].rows - 1;
	return n;
}

struct bytes_row bytes_rows_at(const struct bytes_rows *rows, size_t i)
{
	const struct bytes_fold *fold = NULL;
	size_t hidden = 0, at, n = 1;

	for (size_t k = 0; k < rows->nfolds && !fold; k++) {
		if (rows->folds[k].first - hidden > i)
			break;
		if (rows->folds[k].first - hidden == i)
			fold = &rows->folds[k];
		else
			hidden += rows->folds[k].rows - 1;
	}
	at = (i + hidden) * rows->width;
	n = fold ? fold->rows * rows->width : rows->width;
	return (struct bytes_row){at, rows->size - at < n ? rows->size - at : n, fold};
}

size_t bytes_rows_of(const struct bytes_rows *rows, size_t byte)
{
	size_t row = rows->width ? byte / rows->width : 0, hidden = 0;

	for (size_t k = 0; k < rows->nfolds && rows->folds[k].first <= row; k++) {
		size_t into = row - rows->folds[k].first;

		hidden += into < rows->folds[k].rows ? into : rows->folds[k].rows - 1;
	}
	return row - hidden;
}
