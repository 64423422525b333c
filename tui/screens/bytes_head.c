/* SPDX-License-Identifier: MIT */
/* The line above the bytes: what they are, which copy, where it lies. */
#include "bytes.h"

#include <inttypes.h>
#include <string.h>

static const char *kind_of_block(const struct fsr_block *block)
{
	return block->level ? "node" : "leaf";
}

static int put_block_words(const struct bytes_view *b, const struct area *area, int col)
{
	const struct fsr_block *block = b->source.block;
	const char *owner = block ? fsr_objectid_name(block->owner) : NULL;

	col = putf(area, 0, col, STYLE_PLAIN, " tree block %" PRIu64, b->source.bytenr);
	if (!block)
		return col;
	col = putf(area, 0, col, STYLE_PLAIN, " › %s of ", kind_of_block(block));
	return owner ? put(area, 0, col, STYLE_PLAIN, owner)
		     : putf(area, 0, col, STYLE_PLAIN, "tree %" PRIu64, block->owner);
}

static int put_page_words(const struct bytes_view *b, const struct area *area, int col)
{
	return putf(area, 0, col, STYLE_PLAIN, " cache of %" PRIu64 " › page %u of %zu", b->model_group,
		b->source.page, b->model.cache->npages);
}

/* Only of the bytes that were judged it is known. */
static int put_crc(const struct bytes_view *b, const struct area *area, int col)
{
	const struct fsr_cache_page *page = &b->model.cache->pages[b->source.page];

	if (!page->has_crc || b->source.unread || memcmp(page->data, b->source.data, b->source.size) != 0)
		return col;
	if (page->crc_stored == page->crc_computed)
		return put(area, 0, col, STYLE_OK, "   crc ok");
	if (cache_page_judged(b->model.cache, page))
		return putf(area, 0, col, STYLE_ERROR, "   E crc %08" PRIx32 ", computed %08" PRIx32,
			page->crc_stored, page->crc_computed);
	return put(area, 0, col, STYLE_DIM, "   crc not judged");
}

/* What Linux does with the copy that is shown. */
static int put_copy_verdict(const struct bytes_view *b, const struct area *area, int col)
{
	const struct fsr_group *group = &b->model.cache->group;

	if (b->source.copy >= group->ncopies || b->source.copy >= FSR_MAX_COPIES)
		return col;
	enum fsr_verdict verdict = group->copies[b->source.copy].verdict;
	return putf(area, 0, col, verdict_style(verdict), "   %s", fsr_verdict_name(verdict));
}

void bytes_put_context(const struct bytes_view *b, const struct area *area)
{
	const struct bytes_source *s = &b->source;
	bool crc_first = s->kind == BYTES_CACHE && area->cols < (s->ncopies > 1 ? 100 : 76);
	int col = s->kind == BYTES_CACHE   ? put_page_words(b, area, 0)
		  : s->kind == BYTES_BLOCK ? put_block_words(b, area, 0)
					   : put(area, 0, 0, STYLE_PLAIN, " superblock");

	if (s->ncopies > 1)
		col = putf(area, 0, col, STYLE_PLAIN, "   %s %u of %u",
			s->kind == BYTES_SUPER ? "mirror" : "copy", s->copy + 1, s->ncopies);
	if (s->kind == BYTES_CACHE && b->model.cache->group.ncopies)
		col = put_copy_verdict(b, area, col);
	if (s->ndiffers)
		col = putf(area, 0, col, STYLE_WARNING, "   W %zu byte%s differ%s", s->ndiffers,
			s->ndiffers == 1 ? "" : "s", s->ndiffers == 1 ? "s" : "");
	/* where there is no room for all, it is worth more than where the bytes lie, of which the device's
	 * side is what tells copies apart */
	if (crc_first)
		col = put_crc(b, area, col);
	if (s->kind == BYTES_CACHE && s->bytenr != FSR_NO_BYTENR && !(crc_first && s->ncopies > 1))
		col = putf(area, 0, col, STYLE_PLAIN, "   %" PRIu64, s->bytenr);
	if (s->block)
		col = putf(area, 0, col, STYLE_PLAIN, "   generation %" PRIu64 "   items %" PRIu32,
			s->block->generation, s->block->nritems);
	if (s->has_where)
		col = putf(area, 0, col, STYLE_PLAIN, "   device %" PRIu64 ": %" PRIu64, s->where.devid,
			s->where.offset);
	if (s->kind == BYTES_CACHE && !crc_first)
		put_crc(b, area, col);
}

/* Why there is nothing to be shown. */
void bytes_put_nothing(const struct bytes_view *b, const struct area *area)
{
	const struct record *record = tab_record(b->view.tab, b->group);

	if (record)
		put_group(b->view.ui, record, area, 0);
	if (b->error.code)
		put_untrusted(area, 2, 1, area->cols - 1, STYLE_ERROR, b->error.text);
	else if (b->has_model && b->model.cache->has_header)
		put(area, 2, 1, STYLE_PLAIN,
			"The cache of this block group has no page that could be shown; Cache says why.");
	else
		put(area, 2, 1, STYLE_PLAIN,
			"No cache: this block group has none that could be shown byte by byte.");
	put(area, 3, 1, STYLE_DIM, "Tree blocks are shown from Tree, the superblock too.");
}
