/* SPDX-License-Identifier: MIT */
/* The pages of a v1 cache; in their place with v2 the items of the free space tree, as they lie in leaves. */
#include "cache.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 29
#define WIDTH_WITH_COMPUTED 38
#define WIDTH_WHERE_BAD 33 /* has room for both checksums of a page, but not for what is in it */

/* ---- folding */

static bool unused(const struct fsr_cache_page *page)
{
	return page->kind == FSR_PAGE_UNUSED || page->kind == FSR_PAGE_FIRST_UNUSED;
}

/* Pages that nobody reads and that say the same; pages that can't be read. */
static bool alike(const struct fsr_cache_page *a, const struct fsr_cache_page *b)
{
	if (a->kind == FSR_PAGE_UNREADABLE || b->kind == FSR_PAGE_UNREADABLE)
		return a->kind == b->kind;
	return unused(a) && unused(b) && a->has_crc == b->has_crc && a->crc_stored == b->crc_stored &&
	       a->crc_computed == b->crc_computed;
}

static size_t fold_pages(struct cache_view *c, const struct fsr_cache *cache)
{
	size_t n = 0;

	for (size_t i = 0; i < cache->npages; i++) {
		if (n && !c->unfolded_pages && alike(&cache->pages[c->folds[n - 1].first], &cache->pages[i]))
			c->folds[n - 1].count++;
		else
			c->folds[n++] = (struct cache_fold){(unsigned)i, 1};
	}
	return n;
}

bool cache_pages_fold(struct cache_view *c)
{
	const struct fsr_cache *cache = c->model.cache;
	size_t page = c->folds && c->pages.count ? c->folds[c->pages.cursor].first : 0, row = 0;

	if (c->model.v2) {
		list_resize(&c->pages, c->model.tree.npieces);
		return true;
	}
	if (!c->folds)
		c->folds = calloc(cache->npages + 1, sizeof *c->folds);
	if (!c->folds)
		return false;
	list_resize(&c->pages, fold_pages(c, cache));
	while (row + 1 < c->pages.count && c->folds[row + 1].first <= page)
		row++;
	list_to(&c->pages, row);
	return true;
}

/* ---- words */

static const char *kind_word(const struct fsr_cache_page *page)
{
	switch (page->kind) {
	case FSR_PAGE_ENTRIES:
		return "entries";
	case FSR_PAGE_BITMAP:
		return "bitmap";
	case FSR_PAGE_UNREADABLE:
		return "broken";
	default:
		return "unused";
	}
}

static const char *crc_word(
	const struct fsr_cache *cache, const struct fsr_cache_page *page, enum style *style)
{
	*style = STYLE_DIM;
	if (!page->has_crc)
		return "";
	if (page->crc_stored == page->crc_computed) {
		*style = STYLE_OK;
		return "ok";
	}
	if (!cache_page_judged(cache, page))
		return "--";
	*style = STYLE_ERROR;
	return "BAD";
}

int cache_pages_width(const struct cache_view *c, int cols)
{
	const struct fsr_cache *cache = c->model.cache;
	enum style style;

	if (cols >= 100)
		return WIDTH_WITH_COMPUTED;
	for (size_t i = 0; i < cache->npages; i++)
		if (!strcmp(crc_word(cache, &cache->pages[i], &style), "BAD"))
			return WIDTH_WHERE_BAD;
	return WIDTH;
}

int cache_page_severity(const struct cache_view *c, size_t i)
{
	const struct cache_fold *fold;
	int worst = -1, severity;

	if (c->model.v2)
		return -1;
	fold = &c->folds[i];
	for (unsigned page = fold->first; page < fold->first + fold->count; page++) {
		severity = cache_note_severity(&c->model.notes, CACHE_AT_PAGE, page);
		worst = severity > worst ? severity : worst;
	}
	return worst;
}

/* Entries of the page, runs of its bitmap, or which pages the row stands for. */
static void amount(struct cache_view *c, const struct cache_fold *fold, char out[24])
{
	const struct fsr_cache_page *page = &c->model.cache->pages[fold->first];
	uint32_t entry = c->model.bitmap_entry[fold->first];
	uint64_t bytes;

	*out = 0;
	if (fold->count > 1)
		snprintf(out, 24, "%u-%u", fold->first, fold->first + fold->count - 1);
	else if (page->kind == FSR_PAGE_ENTRIES)
		snprintf(out, 24, "%u", page->entries);
	else if (page->kind == FSR_PAGE_BITMAP && entry != UINT32_MAX)
		snprintf(out, 24, "%zu", cache_model_runs(&c->model, entry, &bytes));
}

/* ---- v2 */

static const char *piece_word(const struct cache_tree_piece *piece)
{
	return piece->type == 198 ? "info" : piece->type == 199 ? "extents" : "bitmaps";
}

static void piece_row(struct cache_view *c, size_t i, const struct area *row)
{
	const struct cache_tree_piece *piece = &c->model.tree.pieces[i];
	char slots[32];
	int col = putf(row, 0, 0, STYLE_PLAIN, "%4u %-8s", piece->last_slot - piece->first_slot + 1,
		piece_word(piece));

	if (piece->first_slot == piece->last_slot)
		snprintf(slots, sizeof slots, "%u", piece->first_slot);
	else
		snprintf(slots, sizeof slots, "%u-%u", piece->first_slot, piece->last_slot);
	putf(row, 0, col, STYLE_PLAIN, "%" PRIu64, piece->leaf);
	put_right(row, 0, row->cols, STYLE_PLAIN, slots);
}

/* ---- rows */

void cache_pages_head(struct view *view, const struct area *row)
{
	struct cache_view *c = (struct cache_view *)view;

	if (c->model.v2) {
		put(row, 0, 0, STYLE_HEAD, "   n items   leaf");
		put_right(row, 0, row->cols, STYLE_HEAD, "slots");
		return;
	}
	put(row, 0, 0, STYLE_HEAD, " pg kind    crc stored");
	if (row->cols >= WIDTH_WITH_COMPUTED)
		put(row, 0, 23, STYLE_HEAD, "computed");
}

void cache_page_row(struct view *view, size_t i, const struct area *row)
{
	struct cache_view *c = (struct cache_view *)view;
	const struct cache_fold *fold;
	const struct fsr_cache_page *page;
	enum style style, kind_style = STYLE_PLAIN;
	const char *word;
	char text[24];

	if (c->model.v2) {
		piece_row(c, i, row);
		return;
	}
	fold = &c->folds[i];
	page = &c->model.cache->pages[fold->first];
	word = crc_word(c->model.cache, page, &style);
	if (cache_page_severity(c, i) >= 0)
		kind_style = severity_style(cache_page_severity(c, i));
	if (fold->count > 1)
		snprintf(text, sizeof text, "%u×", fold->count);
	else
		snprintf(text, sizeof text, "%u", fold->first);
	put_right(row, 0, fold->first > 999 ? 4 : 3, kind_style, text);
	bool bad = !strcmp(word, "BAD");
	int col = putf(row, 0, 4, unused(page) ? STYLE_UNUSED : kind_style, "%-8s", kind_word(page));
	if (page->has_crc)
		putf(row, 0, col, STYLE_CRC, "%08" PRIx32, page->crc_stored);
	put(row, 0, col + 9, style, word);
	if (page->has_crc && (row->cols >= WIDTH_WITH_COMPUTED || bad))
		putf(row, 0, col + (bad ? 13 : 12), style, "%08" PRIx32, page->crc_computed);
	amount(c, fold, text);
	if (row->cols >= WIDTH_WITH_COMPUTED || !bad)
		put_right(row, 0, row->cols, STYLE_PLAIN, text);
}

void cache_page_sentence(struct cache_view *c, size_t i, struct sentence *out)
{
	const struct cache_fold *fold;
	const struct fsr_cache_page *page;
	const struct fsr_finding *finding;
	uint32_t entry;

	if (c->model.v2) {
		const struct cache_tree_piece *piece = &c->model.tree.pieces[i];

		sentence_set(out, STYLE_PLAIN,
			"%s of the free space tree, in leaf %" PRIu64 ": Enter goes there", piece_word(piece),
			piece->leaf);
		return;
	}
	fold = &c->folds[i];
	page = &c->model.cache->pages[fold->first];
	finding = cache_note_at(&c->model.notes, CACHE_AT_PAGE, fold->first);
	entry = c->model.bitmap_entry[fold->first];
	if (finding)
		sentence_set(out, severity_style((int)finding->severity), "%s %s",
			severity_letter((int)finding->severity), finding->message);
	else if (page->kind == FSR_PAGE_ENTRIES)
		sentence_set(out, STYLE_PLAIN, "page %u: %u entries begin in it", page->index, page->entries);
	else if (page->kind == FSR_PAGE_BITMAP)
		sentence_set(out, STYLE_PLAIN, "page %u: the bitmap of entry %" PRIu32, page->index, entry);
	else if (page->kind == FSR_PAGE_UNREADABLE)
		sentence_set(out, STYLE_ERROR, "E page%s can't be read", fold->count > 1 ? "s" : "");
	else
		sentence_set(out, STYLE_PLAIN, "unused: Linux never reads %s, no crc of %s is judged",
			fold->count > 1 ? "these pages" : "this page", fold->count > 1 ? "theirs" : "its");
}

void cache_page_text(
	struct view *view, size_t i, char *text, size_t size, uint64_t *address, uint64_t *length)
{
	struct cache_view *c = (struct cache_view *)view;
	const struct fsr_cache_page *page;

	if (c->model.v2) {
		const struct cache_tree_piece *piece = &c->model.tree.pieces[i];

		snprintf(text, size, "%s %" PRIu64, piece_word(piece), piece->leaf);
		*address = piece->leaf;
		*length = c->view.tab->facts.nodesize;
		return;
	}
	page = &c->model.cache->pages[c->folds[i].first];
	snprintf(text, size, "%u %s %08" PRIx32 " %08" PRIx32, page->index, kind_word(page), page->crc_stored,
		page->crc_computed);
	if (!page->nphysical)
		return;
	*address = page->bytenr;
	*length = c->model.sector * c->folds[i].count;
}
