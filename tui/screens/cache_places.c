/* SPDX-License-Identifier: MIT */
/* Where the rows of Cache lead to, and which row a place is. */
#include "cache.h"
#include "words.h"

/* TARGET_CACHE leaves `slot` free: it says which row of Cache it was, so that Backspace comes back to it. */
enum { SLOT_ROW_OF_BYTE, SLOT_LINE, SLOT_PAGE = SLOT_LINE + CACHE_LINES };

#define ENTRY_SIZE 17u

/* ---- to a place */

static void to_pane(struct cache_view *c, enum cache_pane pane)
{
	c->pane = pane;
	if (pane != CACHE_PANE_LINES)
		c->list_pane = pane;
}

static void to_line(struct cache_view *c, size_t line)
{
	to_pane(c, CACHE_PANE_LINES);
	list_to(&c->lines, line);
}

static void to_page(struct cache_view *c, unsigned page)
{
	size_t row = 0;

	to_pane(c, CACHE_PANE_PAGES);
	while (!c->model.v2 && row + 1 < c->pages.count && c->folds[row + 1].first <= page)
		row++;
	list_to(&c->pages, row);
}

static void to_entry(struct cache_view *c, size_t entry, uint64_t address)
{
	struct cache_space space;
	size_t row = cache_rows_of(&c->rows, entry);

	to_pane(c, CACHE_PANE_ENTRIES);
	if (cache_rows_shown(&c->rows, entry) && cache_model_space(&c->model, entry, &space) &&
		address > space.offset)
		row = cache_rows_of_run(&c->rows, entry, cache_model_run_at(&c->model, entry, address));
	list_to(&c->entries, row);
}

/* The entry whose 17 bytes hold the byte; in a bitmap's page the one that the bitmap is of. */
static bool to_byte(struct cache_view *c, unsigned page, unsigned byte)
{
	const struct fsr_cache *cache = c->model.cache;

	if (page >= cache->npages)
		return false;
	if (c->model.bitmap_entry[page] != UINT32_MAX) {
		size_t entry = c->model.bitmap_entry[page];

		to_entry(c, entry, cache->entries[entry].offset + byte * UINT64_C(8) * c->model.sector);
		return true;
	}
	for (size_t i = 0; i < cache->nentries; i++) {
		const struct fsr_cache_entry *entry = &cache->entries[i];

		if (entry->page != page || byte < entry->byte || byte - entry->byte >= ENTRY_SIZE)
			continue;
		to_entry(c, i, 0);
		return true;
	}
	return false;
}

static void show_cache(struct cache_view *c, const struct place *place)
{
	if (place->slot >= SLOT_LINE && place->slot < SLOT_PAGE)
		to_line(c, place->slot - SLOT_LINE);
	else if (c->model.v2 || place->slot == SLOT_PAGE || !to_byte(c, place->page, place->byte))
		to_page(c, place->page);
}

static void show_block(struct cache_view *c, const struct place *place)
{
	const struct fsr_cache *cache = c->model.cache;
	const struct cache_tree *tree = &c->model.tree;

	if (cache->has_header && place->block == cache->header_leaf && place->slot == cache->header_slot)
		to_line(c, CACHE_AT_HEADER);
	else if (cache->has_inode && place->block == cache->inode_leaf && place->slot == cache->inode_slot)
		to_line(c, CACHE_AT_INODE);
	else if (tree->has_info && place->block == tree->info.leaf && place->slot == tree->info.slot)
		to_line(c, CACHE_AT_HEADER);
}

static void show_address(struct cache_view *c, uint64_t address)
{
	size_t entry = cache_model_at(&c->model, address);

	if (entry != SIZE_MAX)
		to_entry(c, entry, address);
	else if (!cache_model_count(&c->model))
		to_pane(c, c->pages.count ? CACHE_PANE_PAGES : CACHE_PANE_LINES);
}

void cache_show(struct view *view, const struct place *place)
{
	struct cache_view *c = (struct cache_view *)view;
	const struct record *record = tab_record(view->tab, place->group);

	if (!c->loaded || !record || record->group.bytenr != c->group)
		cache_load(c, place->group);
	if (!cache_there(c))
		to_pane(c, CACHE_PANE_LINES);
	else if (place->target == TARGET_CACHE)
		show_cache(c, place);
	else if (place->target == TARGET_BLOCK)
		show_block(c, place);
	else
		show_address(c, place->address);
}

/* ---- from a row */

static void block_place(struct place *place, uint64_t leaf, unsigned slot, unsigned byte)
{
	place->target = TARGET_BLOCK;
	place->block = leaf;
	place->slot = slot;
	place->byte = byte;
}

static void line_place(const struct cache_view *c, struct place *place)
{
	const struct fsr_cache *cache = c->model.cache;
	const struct cache_tree *tree = &c->model.tree;
	size_t line = c->lines.cursor;

	if (c->model.v2 && line == CACHE_AT_HEADER && tree->has_info) {
		block_place(place, tree->info.leaf, tree->info.slot, 0);
	} else if (!c->model.v2 && line == CACHE_AT_HEADER && cache->has_header) {
		block_place(place, cache->header_leaf, cache->header_slot, c->model.header_byte);
	} else if (!c->model.v2 && line == CACHE_AT_INODE && cache->has_inode) {
		block_place(place, cache->inode_leaf, cache->inode_slot, c->model.inode_byte);
	} else if (!c->model.v2) {
		place->target = TARGET_CACHE;
		place->copy = c->model.copy;
		place->slot = SLOT_LINE + (unsigned)line;
	}
}

static void page_place(const struct cache_view *c, struct place *place)
{
	const struct cache_tree_piece *piece;

	if (c->model.v2) {
		piece = &c->model.tree.pieces[c->pages.cursor];
		block_place(place, piece->leaf, piece->first_slot, 0);
		return;
	}
	place->target = TARGET_CACHE;
	place->copy = c->model.copy;
	place->page = c->folds[c->pages.cursor].first;
	place->slot = SLOT_PAGE;
}

static void entry_place(struct cache_view *c, struct place *place)
{
	struct cache_row row = cache_rows_at(&c->rows, c->entries.cursor);
	struct cache_space space;
	struct cache_run run;

	if (!cache_model_space(&c->model, row.entry, &space))
		return;
	place->address = space.offset;
	if (c->model.v2) {
		block_place(place, space.leaf, space.slot, 0);
	} else {
		place->target = TARGET_CACHE;
		place->copy = c->model.copy;
		place->page = space.page;
		place->byte = space.byte;
	}
	if (row.kind == CACHE_ROW_ENTRY || !cache_model_run(&c->model, row.entry, row.run, &run))
		return;
	place->address = run.bytenr;
	if (c->model.v2)
		return;
	place->page = space.bitmap_page;
	place->byte = (unsigned)((run.bytenr - space.offset) / c->model.sector / 8);
}

void cache_here(const struct view *view, struct place *place)
{
	struct cache_view *c = (struct cache_view *)view;

	place->group = place->address = c->group;
	if (!cache_there(c))
		return;
	if (c->pane == CACHE_PANE_LINES)
		line_place(c, place);
	else if (c->pane == CACHE_PANE_PAGES && c->pages.count)
		page_place(c, place);
	else if (c->pane == CACHE_PANE_ENTRIES && cache_model_count(&c->model))
		entry_place(c, place);
	if (place->address - c->group >= cache_record(c)->group.length)
		place->address = c->group; /* an entry outside of its block group */
}

static bool enter_line(const struct cache_view *c, struct place *place)
{
	const struct fsr_cache *cache = c->model.cache;

	place->screen = SCREEN_TREE;
	switch (c->lines.cursor) {
	case CACHE_AT_HEADER:
		return c->model.v2 ? c->model.tree.has_info : cache->has_header;
	case CACHE_AT_STAMPS:
		if (c->model.v2 || !cache->has_header)
			return false;
		block_place(place, cache->header_leaf, cache->header_slot, c->model.header_byte);
		return true;
	case CACHE_AT_INODE:
		return !c->model.v2 && cache->has_inode;
	default:
		place->screen = SCREEN_DIFF;
		place->target = TARGET_NONE;
		return true;
	}
}

bool cache_enter(struct view *view, struct place *place)
{
	struct cache_view *c = (struct cache_view *)view;

	if (!cache_there(c))
		return false;
	if (c->pane == CACHE_PANE_LINES)
		return enter_line(c, place);
	place->screen = c->model.v2 ? SCREEN_TREE : SCREEN_BYTES;
	return c->pane == CACHE_PANE_PAGES ? c->pages.count > 0 : cache_model_count(&c->model) > 0;
}

/* ---- `:` */

bool cache_go(struct view *view, const char *text, struct place *place)
{
	struct cache_view *c = (struct cache_view *)view;
	uint64_t n;

	cache_here(view, place);
	place->screen = SCREEN_CACHE;
	if (!cache_there(c) || c->model.v2)
		return false;
	place->target = TARGET_CACHE;
	place->copy = c->model.copy;
	place->slot = SLOT_ROW_OF_BYTE;
	if (word_number(text, "page", &n) && n < c->model.cache->npages) {
		place->page = (unsigned)n;
		place->byte = 0;
		place->slot = SLOT_PAGE;
		return true;
	}
	if (word_number(text, "entry", &n) && n < c->model.cache->nentries) {
		place->page = c->model.cache->entries[n].page;
		place->byte = c->model.cache->entries[n].byte;
		return true;
	}
	return false;
}
