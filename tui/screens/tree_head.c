/* SPDX-License-Identifier: MIT */
/* The lines over Tree's list: where the block is, its header, and what is wrong with it. */
#include "tree.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

/* ".., 30441472 › ": the blocks over this one, the root first, as far as there is room. */
static int put_ancestors(const struct tree_view *t, const struct area *line, int col, int room)
{
	char text[40];

	if (!t->path.known)
		return col;
	for (unsigned level = t->path.tree.level; level > tree_level(t); level--) {
		snprintf(text, sizeof text, "%" PRIu64 " › ", t->path.way.bytenr[level]);
		if (text_width(line->canvas, text) > room)
			return put(line, 0, col, STYLE_PLAIN, "… › ");
		room -= text_width(line->canvas, text);
		col = put(line, 0, col, STYLE_PLAIN, text);
	}
	return col;
}

/* "node 30457856  level 1  generation 8  pointers 16  free 12515  csum ok"; a leaf's level is 0. */
static void block_text(const struct tree_view *t, bool narrow, char *out, size_t size)
{
	const struct fsr_block *block = t->block;
	char copy[40] = "", level[16], free_bytes[24];

	if (!block) {
		snprintf(out, size, "block %" PRIu64 "  can't be read", t->bytenr);
		return;
	}
	snprintf(level, sizeof level, "  level %u", block->level);
	snprintf(free_bytes, sizeof free_bytes, "  free %u", block->free_bytes);
	if (t->copy_chosen || block->copy)
		snprintf(copy, sizeof copy, "  copy %u of %u", block->copy + 1, block->ncopies);
	if (!block->lawful)
		snprintf(out, size, "block %" PRIu64 "%s%s  generation %" PRIu64 "  items %u  bad",
			block->bytenr, copy, level, block->generation, block->nritems);
	else
		snprintf(out, size, "%s %" PRIu64 "%s%s  generation %" PRIu64 "  %s %u%s  csum ok",
			block->level ? "node" : "leaf", block->bytenr, copy,
			narrow && !block->level ? "" : level, block->generation,
			block->level ? "pointers" : "items", block->nritems, narrow ? "" : free_bytes);
}

static void put_block_line(const struct tree_view *t, const struct area *line)
{
	char name[40], text[240];
	int col = 1, width;

	if (t->path.known)
		col = put(line, 0, col, STYLE_PLAIN,
			tree_name_text(t->path.tree.objectid, t->view.ui->raw, name));
	else if (t->block)
		col = putf(line, 0, col, STYLE_PLAIN, "owner %s",
			objectid_text(t->block->owner, t->view.ui->raw, name));
	if (col > 1)
		col = put(line, 0, col, STYLE_PLAIN, " › ");
	block_text(t, false, text, sizeof text);
	if (text_width(line->canvas, text) > line->cols - col)
		block_text(t, true, text, sizeof text);
	width = text_width(line->canvas, text);
	col = put_ancestors(t, line, col, line->cols - col - width);
	put(line, 0, col, STYLE_PLAIN, text);
}

static bool problem_text(const struct tree_view *t, char *out, size_t size)
{
	const struct fsr_block *block = t->block;

	if (!block)
		snprintf(out, size, "%s", t->err.text);
	else if (!block->lawful)
		snprintf(out, size, "%s (copy %u of %u)", block->problem, block->copy + 1, block->ncopies);
	else if (*t->parent_problem)
		snprintf(out, size, "%s", t->parent_problem);
	else if (*t->other_problem)
		snprintf(out, size, "%s (copy 1 of %u; copy %u is good, shown)", t->other_problem,
			block->ncopies, block->copy + 1);
	else
		return false;
	return true;
}

static void put_super_line(const struct tree_view *t, const struct area *line)
{
	const struct fsr_super_mirror *super = tree_super(t);

	if (super)
		putf(line, 0, 1, STYLE_PLAIN,
			"superblock %u of device %" PRIu64 " at %" PRIu64 "  the one in use", super->index,
			super->devid, super->offset);
	else
		put(line, 0, 1, STYLE_PLAIN, "superblock");
}

int tree_head(struct tree_view *t, const struct area *area)
{
	struct area line = area_part(area, 0, 0, 1, area->cols);
	char problem[560];

	if (t->mode == TREE_SUPER) {
		put_super_line(t, &line);
		return 1;
	}
	if (t->mode == TREE_ALL) {
		putf(&line, 0, 1, STYLE_PLAIN, "all trees: %zu%s", t->ntrees, t->listed ? "" : " so far");
		return 1;
	}
	put_block_line(t, &line);
	if (!problem_text(t, problem, sizeof problem))
		return 1;
	put(area, 1, 0, STYLE_ERROR, "E");
	put_untrusted(area, 1, 2, area->cols - 2, STYLE_ERROR, problem);
	return 2;
}
