/* SPDX-License-Identifier: MIT */
/* What keys do on Bytes. */
#include "bytes.h"

#include <stdlib.h>

/* ---- moving */

static void to(struct bytes_view *b, size_t byte)
{
	if (b->source.size)
		b->cursor = byte < b->source.size ? byte : b->source.size - 1;
}

/* A row up or down in the same column, over what is folded. */
static void move_rows(struct bytes_view *b, long rows)
{
	size_t row = bytes_rows_of(&b->rows, b->cursor), count = bytes_rows_count(&b->rows);
	size_t column = b->rows.width ? b->cursor % b->rows.width : 0;
	struct bytes_row what;

	if (!count)
		return;
	if (rows < 0)
		row -= row < (size_t)-rows ? row : (size_t)-rows;
	else
		row = count - 1 - row < (size_t)rows ? count - 1 : row + (size_t)rows;
	what = bytes_rows_at(&b->rows, row);
	to(b, what.byte + column);
}

static void move_field(struct bytes_view *b, bool back)
{
	const struct fsr_label *label = bytes_field(b);
	size_t i = label ? (size_t)(label - b->source.labels) : 0, n = b->source.nlabels;

	if (n)
		to(b, b->source.labels[(i + (back ? n - 1 : 1)) % n].byte);
}

static void line_end(struct bytes_view *b, bool end)
{
	size_t width = b->rows.width ? b->rows.width : 1, start = b->cursor - b->cursor % width;

	to(b, end ? start + width - 1 : start);
}

static bool move(struct bytes_view *b, enum action action)
{
	long page = b->shown_rows > 1 ? b->shown_rows - 1 : 1;

	switch (action) {
	case ACTION_UP:
	case ACTION_DOWN:
		move_rows(b, action == ACTION_UP ? -1 : 1);
		return true;
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		move_rows(b, action == ACTION_PAGE_UP ? -page : page);
		return true;
	case ACTION_LEFT:
		b->cursor -= b->cursor > 0;
		return true;
	case ACTION_RIGHT:
		to(b, b->cursor + 1);
		return true;
	case ACTION_FIRST:
		b->cursor = 0;
		return true;
	case ACTION_LAST:
		to(b, SIZE_MAX);
		return true;
	case ACTION_LINE_START:
	case ACTION_LINE_END:
		line_end(b, action == ACTION_LINE_END);
		return true;
	case ACTION_NEXT_FIELD:
	case ACTION_PREVIOUS_FIELD:
		move_field(b, action == ACTION_PREVIOUS_FIELD);
		return true;
	default:
		return false;
	}
}

/* ---- what is wrong */

/* Whether something that is wrong begins at the byte: a field, or bytes in which copies differ. */
static bool wrong_at(struct bytes_view *b, size_t byte)
{
	const uint8_t *differs = b->source.differs;
	const struct fsr_label *label = bytes_label_at(b->source.labels, b->source.nlabels, byte);
	const struct fsr_finding *finding;

	if (differs && differs[byte] && (byte == 0 || !differs[byte - 1]))
		return true;
	return label && label->byte == byte && bytes_severity(b, label, &finding) >= 0;
}

/* From byte `from` on, `from` itself included; false: nothing is wrong there. */
static bool wrong_from(struct bytes_view *b, size_t from, int step)
{
	for (size_t i = from; i < b->source.size; i += (size_t)step) /* below 0 it is past the end */
		if (wrong_at(b, i)) {
			to(b, i);
			return true;
		}
	return false;
}

static void mark_entry(bool *marked, const struct fsr_cache *cache, size_t entry)
{
	marked[cache->entries[entry].page] = true;
	if (cache->entries[entry].bitmap_page && cache->entries[entry].bitmap_page < cache->npages)
		marked[cache->entries[entry].bitmap_page] = true;
}

/* Which pages are worth to be looked into: most have nothing. To be freed; NULL: no memory. */
static bool *suspect_pages(const struct bytes_view *b, size_t pages)
{
	const struct cache_notes *notes = &b->model.notes;
	const struct fsr_cache *cache = b->model.cache;
	bool *marked = calloc(pages + 1, sizeof *marked);

	if (!marked || !pages)
		return marked;
	for (size_t i = 0; i < notes->count; i++)
		if (notes->list[i].where == CACHE_AT_PAGE) /* where all checksums are */
			marked[0] = true;
		else if (notes->list[i].where == CACHE_AT_ENTRY)
			mark_entry(marked, cache, notes->list[i].index);
	for (size_t i = 0; notes->excess && i < cache->nentries; i++)
		if (notes->excess[i])
			mark_entry(marked, cache, i);
	return marked;
}

/* To the first wrong thing of another page, or of this one from its end on; false: there is none. */
static bool wrong_elsewhere(struct bytes_view *b, int step)
{
	size_t pages = bytes_page_count(b);
	unsigned page = b->source.page, copy = b->source.copy;
	bool *marked = suspect_pages(b, pages), found = false;

	for (size_t i = 1; marked && i <= pages && !found; i++) {
		size_t other = (page + (step > 0 ? i : 2 * pages - i)) % pages;

		if (!marked[other])
			continue;
		bytes_show_page(b, (unsigned)other, copy, 0);
		found = wrong_from(b, step > 0 ? 0 : b->source.size - 1, step);
	}
	free(marked);
	return found;
}

static void next_wrong(struct bytes_view *b, int step)
{
	size_t pages = bytes_page_count(b);
	unsigned page = b->source.page, copy = b->source.copy;
	size_t byte = b->cursor;

	if (wrong_from(b, b->cursor + (size_t)step, step) || wrong_elsewhere(b, step))
		return;
	if (pages && b->source.page != page)
		bytes_show_page(b, page, copy, byte);
	if (!wrong_from(b, step > 0 ? 0 : b->source.size - 1, step))
		ui_say(b->view.ui, SAY_INFORMATION, "nothing is wrong here");
}

bool bytes_act(struct view *view, enum action action)
{
	struct bytes_view *b = bytes_self(view);

	if (move(b, action))
		return true;
	switch (action) {
	case ACTION_NEXT_SIBLING:
	case ACTION_PREVIOUS_SIBLING:
		bytes_next_sibling(b, action == ACTION_NEXT_SIBLING ? 1 : -1);
		return true;
	case ACTION_COPY:
		bytes_next_copy(b);
		return true;
	case ACTION_UNFOLD:
	case ACTION_FOLD:
		b->unfolded = action == ACTION_UNFOLD;
		bytes_fold(b, b->rows.width);
		return true;
	case ACTION_NEXT_WRONG:
	case ACTION_PREVIOUS_WRONG:
		next_wrong(b, action == ACTION_NEXT_WRONG ? 1 : -1);
		return true;
	default:
		return false;
	}
}

/* ---- mouse */

bool bytes_click(struct view *view, int row, int col)
{
	struct bytes_view *b = bytes_self(view);
	size_t i = b->top + (size_t)(row - b->first_row), was = b->cursor;
	struct bytes_row what;
	size_t into;

	if (b->first_row < 0 || row < b->first_row || row >= b->first_row + b->shown_rows ||
		i >= bytes_rows_count(&b->rows))
		return false;
	what = bytes_rows_at(&b->rows, i);
	into = col > b->first_col && !what.fold ? (size_t)(col - b->first_col) / 3 : 0;
	to(b, what.byte + (into < what.length ? into : what.length - 1));
	return b->cursor == was;
}

void bytes_wheel(struct view *view, int direction)
{
	move_rows(bytes_self(view), direction > 0 ? 3 : -3);
}
