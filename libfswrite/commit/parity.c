/* SPDX-License-Identifier: MIT */
/*
 * RAID5 and RAID6: the parity of what the commit writes. A column is 4 KiB at the same place of every stripe
 * of a row, and named by its address in the row's first data stripe. Those that are touched are found out
 * anew each time: it is cheaper than to keep them.
 */
#include "../../libfsread/volume/gf.h"
#include "commit.h"

#include <stdlib.h>

#define COLUMN 4096u

struct columns {
	struct commit *c;
	uint64_t *list;
	size_t count, room;
};

/* At most what one stripe has of a row. */
typedef int (*columns_fn)(void *arg, uint64_t logical, size_t length, struct fsr_error *err);

/* ---- which are touched */

static uint64_t column_of(const struct chunk *chunk, uint64_t logical)
{
	uint64_t within = logical - chunk->start, row = within / chunk_super_unit(chunk);

	return chunk->start + row * chunk_super_unit(chunk) + within % STRIPE_LEN / COLUMN * COLUMN;
}

static int add_column(struct columns *columns, uint64_t column, struct fsr_error *err)
{
	if (columns->count && columns->list[columns->count - 1] == column)
		return 0;
	if (columns->count == columns->room) {
		size_t room = columns->room ? 2 * columns->room : 1024;
		uint64_t *grown = reallocarray(columns->list, room, sizeof *grown);

		if (!grown)
			return fsr_fail_nomem(err);
		columns->list = grown;
		columns->room = room;
	}
	columns->list[columns->count++] = column;
	return 0;
}

static int add_range(struct columns *columns, uint64_t logical, uint64_t length, struct fsr_error *err)
{
	const struct chunk *chunk = volume_find_chunk(columns->c->trans.volume, logical);
	int ret = 0;

	if (!chunk || !chunk_has_parity(chunk))
		return 0;
	for (uint64_t at = logical; at < logical + length && !ret; at += COLUMN)
		ret = add_column(columns, column_of(chunk, at), err);
	return ret;
}

static int add_block(void *arg, struct block *b, struct fsr_error *err)
{
	struct columns *columns = arg;

	return add_range(columns, b->bytenr, columns->c->trans.volume->fs.nodesize, err);
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int find_columns(struct columns *columns, struct fsr_error *err)
{
	struct trans *t = &columns->c->trans;
	int ret = block_each(t, add_block, columns, err);

	for (size_t i = 0; i < t->ngroups && !ret; i++) {
		const struct trans_group *g = &t->groups[i];

		if (g->extent_there)
			ret = add_range(columns, g->result.cache_bytenr, g->result.cache_bytes, err);
	}
	if (columns->count)
		qsort(columns->list, columns->count, sizeof *columns->list, compare);
	return ret;
}

/* How many bytes of columns follow each other from *i on within one row; *i goes behind them. */
static size_t take_run(const struct columns *columns, size_t *i)
{
	uint64_t start = columns->list[*i], end = start + COLUMN;
	const struct chunk *chunk = volume_find_chunk(columns->c->trans.volume, start);
	uint64_t row_end = start + STRIPE_LEN - (start - chunk->start) % STRIPE_LEN;

	while (++*i < columns->count && columns->list[*i] <= end && columns->list[*i] < row_end)
		end = columns->list[*i] + COLUMN;
	return (size_t)(end - start);
}

static int each_run(struct commit *c, columns_fn fn, void *arg, struct fsr_error *err)
{
	struct columns columns = {.c = c};
	int ret = find_columns(&columns, err);

	for (size_t i = 0; i < columns.count && !ret;) {
		uint64_t start = columns.list[i];

		ret = fn(arg, start, take_run(&columns, &i), err);
	}
	free(columns.list);
	return ret;
}

/* ---- computing */

struct making {
	struct commit *c;
	uint8_t *data, *p, *q; /* room for what one stripe has of a row */
};

/* A place_fn that reads; what it is given to write is of no matter. */
static int read_overlay(void *arg, struct device *overlay, uint64_t offset, const uint8_t *data,
	size_t length, struct fsr_error *err)
{
	(void)data;
	return device_read(overlay, arg, length, offset, err);
}

/* P is the sum of the data, Q that of data j times 2^j (F-D1). */
static int add_up(const struct making *m, const struct chunk *chunk, uint64_t logical, size_t length,
	struct fsr_error *err)
{
	int ret = 0;

	memset(m->p, 0, length);
	memset(m->q, 0, length);
	for (unsigned j = chunk_data_stripes(chunk); j-- > 0 && !ret;) {
		ret = commit_one_copy(
			m->c, logical + j * STRIPE_LEN, 0, m->data, length, read_overlay, m->data, err);
		gf_add(m->p, m->data, length);
		gf_double(m->q, length);
		gf_add(m->q, m->data, length);
	}
	return ret;
}

static int make_run(void *arg, uint64_t logical, size_t length, struct fsr_error *err)
{
	const struct making *m = arg;
	const struct chunk *chunk = volume_find_chunk(m->c->trans.volume, logical);
	int ret = add_up(m, chunk, logical, length, err);

	if (!ret)
		ret = commit_one_copy(m->c, logical, 1, m->p, length, place_on_overlay, NULL, err);
	if (!ret && chunk_copies(chunk) > 2)
		ret = commit_one_copy(m->c, logical, 2, m->q, length, place_on_overlay, NULL, err);
	return ret;
}

int commit_make_parity(struct commit *c, struct fsr_error *err)
{
	struct making m = {.c = c, .data = malloc(3 * STRIPE_LEN)};
	int ret;

	if (!m.data)
		return fsr_fail_nomem(err);
	m.p = m.data + STRIPE_LEN;
	m.q = m.p + STRIPE_LEN;
	ret = each_run(c, make_run, &m, err);
	free(m.data);
	return ret;
}

/* ---- handing it on */

struct handing {
	struct commit *c;
	place_fn fn;
	void *arg;
	uint8_t *buffer;
};

static int hand_piece(void *arg, struct device *overlay, uint64_t offset, const uint8_t *data, size_t length,
	struct fsr_error *err)
{
	const struct handing *h = arg;
	int ret = device_read(overlay, h->buffer, length, offset, err);

	(void)data;
	return ret ? ret : h->fn(h->arg, overlay, offset, h->buffer, length, err);
}

static int hand_run(void *arg, uint64_t logical, size_t length, struct fsr_error *err)
{
	struct handing *h = arg;
	const struct chunk *chunk = volume_find_chunk(h->c->trans.volume, logical);
	int ret = 0;

	for (unsigned copy = 1; copy < chunk_copies(chunk) && !ret; copy++)
		ret = commit_one_copy(h->c, logical, copy, h->buffer, length, hand_piece, h, err);
	return ret;
}

int commit_each_parity(struct commit *c, place_fn fn, void *arg, struct fsr_error *err)
{
	struct handing h = {c, fn, arg, malloc(STRIPE_LEN)};
	int ret = h.buffer ? each_run(c, hand_run, &h, err) : fsr_fail_nomem(err);

	free(h.buffer);
	return ret;
}
