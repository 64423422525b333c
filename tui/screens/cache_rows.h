/* SPDX-License-Identifier: MIT */
/*
 * Which row of the list of entries is what: entries in some order, and below those that are unfolded the runs
 * of their bitmaps. Rows are computed, not kept: memory grows with the number of unfolded bitmaps only.
 */
#ifndef TUI_SCREENS_CACHE_ROWS_H
#define TUI_SCREENS_CACHE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many runs are shown when a bitmap is unfolded once; a second time shows all. */
#define CACHE_FIRST_RUNS 5u

enum cache_row_kind {
	CACHE_ROW_ENTRY,
	CACHE_ROW_RUN,
	CACHE_ROW_MORE, /* stands for runs `run` and later */
};

struct cache_row {
	enum cache_row_kind kind;
	size_t entry, run;
	bool last; /* the last row of its entry */
};

/* An unfolded entry. */
struct cache_open {
	size_t row;          /* of the entry itself */
	size_t place, entry; /* place: in the order shown */
	size_t runs, shown;  /* shown < runs: one row more says how many are left */
};

struct cache_rows {
	size_t count;          /* entries */
	const uint32_t *order; /* order[place] is the entry; NULL: as they come. Not owned */
	size_t nopen, room;
	struct cache_open *open; /* ascending */
};

void cache_rows_init(struct cache_rows *rows, size_t count);
void cache_rows_free(struct cache_rows *rows);
/* Another order; what is unfolded stays so. */
void cache_rows_order(struct cache_rows *rows, const uint32_t *order);
size_t cache_rows_total(const struct cache_rows *rows);
/* What stands in a row below cache_rows_total(). */
struct cache_row cache_rows_at(const struct cache_rows *rows, size_t row);
/* The row of an entry. */
size_t cache_rows_of(const struct cache_rows *rows, size_t entry);
/* The row in which a run is, or the one that stands for it: the entry's own when it is folded. */
size_t cache_rows_of_run(const struct cache_rows *rows, size_t entry, size_t run);
/* How many runs of the entry are shown; 0: it is folded. */
size_t cache_rows_shown(const struct cache_rows *rows, size_t entry);
/* Unfolds an entry that has `runs` runs, one step further. false: there is no more, or no memory. */
bool cache_rows_unfold(struct cache_rows *rows, size_t entry, size_t runs);
/* false: it was folded. */
bool cache_rows_fold(struct cache_rows *rows, size_t entry);

#endif
