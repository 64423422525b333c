/* SPDX-License-Identifier: MIT */
/* What lies beside what is shown: pages, blocks of a tree, other copies. */
#include "bytes.h"

#include <inttypes.h>

size_t bytes_page_count(const struct bytes_view *b)
{
	return b->source.kind == BYTES_CACHE ? b->model.cache->npages : 0;
}

/* The way from the tree's root to the block; false: it is not in the tree that it says it is of. */
static bool way_to(
	const struct bytes_view *b, const struct fsr_block *block, unsigned *top, struct fsr_path *path)
{
	struct fsr_pointer pointer;
	struct fsr_item item;
	struct fsr_tree tree;
	char name[24];

	if (block->level ? !fsr_block_pointer(block, 0, &pointer) : !fsr_block_item(block, 0, &item))
		return false;
	snprintf(name, sizeof name, "%" PRIu64, block->owner);
	if (fsr_tree_find(b->view.tab->fs, name, &tree, NULL) ||
		fsr_tree_seek(b->view.tab->fs, &tree, block->level ? &pointer.key : &item.key, path, NULL) <
			0)
		return false;
	*top = tree.level;
	return block->level <= tree.level && path->bytenr[block->level] == block->bytenr;
}

/* The block that pointer `slot` of a node leads to; false: there is none. */
static bool child(const struct bytes_view *b, uint64_t node, uint32_t slot, uint64_t *bytenr)
{
	struct fsr_block *block = NULL;
	struct fsr_pointer pointer;
	bool found;

	if (fsr_block_open(b->view.tab->fs, node, FSR_ANY_COPY, &block, NULL))
		return false;
	if (slot == UINT32_MAX && block->nritems)
		slot = block->nritems - 1;
	found = fsr_block_pointer(block, slot, &pointer);
	fsr_block_free(block);
	if (found)
		*bytenr = pointer.bytenr;
	return found;
}

/* The next block of the same level: up until there is a pointer beside, and down again along the edge. */
static bool next_block(const struct bytes_view *b, int step, uint64_t *bytenr)
{
	const struct fsr_block *block = b->source.block;
	unsigned top, level;
	struct fsr_path path;

	if (!block || !block->lawful || !way_to(b, block, &top, &path))
		return false;
	for (level = block->level + 1u; level <= top && level < FSR_MAX_LEVEL; level++)
		if ((step > 0 || path.slot[level]) &&
			child(b, path.bytenr[level], path.slot[level] + (uint32_t)step, bytenr))
			break;
	if (level > top || level >= FSR_MAX_LEVEL)
		return false;
	while (--level > block->level)
		if (!child(b, *bytenr, step > 0 ? 0 : UINT32_MAX, bytenr))
			return false;
	return true;
}

void bytes_next_sibling(struct bytes_view *b, int step)
{
	uint64_t bytenr;
	size_t pages = bytes_page_count(b);

	if (pages)
		bytes_show_page(
			b, (unsigned)((b->source.page + pages + (size_t)step) % pages), b->source.copy, 0);
	else if (b->source.kind == BYTES_BLOCK && next_block(b, step, &bytenr))
		bytes_show_block(b, bytenr, b->source.copy, 0);
	else if (b->source.kind == BYTES_BLOCK)
		ui_say(b->view.ui, SAY_INFORMATION, "there is no block beside this one");
}

void bytes_next_copy(struct bytes_view *b)
{
	size_t byte = b->cursor, top = b->top;
	unsigned copy = b->source.ncopies ? (b->source.copy + 1) % b->source.ncopies : 0;

	if (b->source.ncopies < 2) {
		ui_say(b->view.ui, SAY_INFORMATION, "there is one copy only");
		return;
	}
	if (b->source.kind == BYTES_CACHE)
		bytes_show_page(b, b->source.page, copy, byte);
	else if (b->source.kind == BYTES_BLOCK)
		bytes_show_block(b, b->source.bytenr, copy, byte);
	else
		bytes_show_super(b, copy, byte);
	b->top = top;
}
