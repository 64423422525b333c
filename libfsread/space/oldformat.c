/* SPDX-License-Identifier: MIT */
/*
 * The formats of 2010 (A) and 2011 (B), F-A13: the page-0 crc of A leaves the generation out, B has no
 * page crcs at all; both close a page when an entry would end exactly at its end.
 */
#include "../format/crc32c.h"
#include "../format/error.h"
#include "judge.h"

#include <stdlib.h>

struct old_reader {
	const struct page_set *set;
	struct content *content;
	bool crcs;
	unsigned page;
	uint32_t byte;
};

static bool page_ok(const struct old_reader *r, unsigned page)
{
	uint32_t skip = page ? 0 : 4 * r->set->count + 8;

	if (page >= r->set->count)
		return false;
	return !r->crcs || crc32c(0, r->set->data + (size_t)page * r->set->size + skip,
				   r->set->size - skip) == page_crc_stored(r->set, page);
}

static bool read_entries(struct old_reader *r, uint64_t entries)
{
	struct content *content = r->content;

	for (uint64_t i = 0; i < entries; i++) {
		const uint8_t *p;

		if (r->byte + FREE_SPACE_ENTRY_SIZE >= r->set->size) {
			r->byte = 0;
			if (!page_ok(r, ++r->page))
				return false;
		}
		p = r->set->data + (size_t)r->page * r->set->size + r->byte;
		content->entries[i] = (struct entry){
			get64(p), get64(p + 8), (uint16_t)r->page, (uint16_t)r->byte, 0, p[16]};
		if (!content->entries[i].bytes)
			return false;
		content->sum += content->entries[i].bytes;
		content->bitmaps += entry_is_bitmap(&content->entries[i]);
		content->count++;
		r->byte += FREE_SPACE_ENTRY_SIZE;
	}
	return true;
}

/*
 * The writers of 2011 put one more page of entries, an empty one, behind a page that the last entry
 * filled. A bitmap is never empty, so that page tells itself apart.
 */
static void skip_empty_page(struct old_reader *r)
{
	const uint8_t *page = r->set->data + (size_t)(r->page + 1) * r->set->size;

	if (r->byte + FREE_SPACE_ENTRY_SIZE < r->set->size || r->page + 1 >= r->set->count)
		return;
	if (!page[0] && !memcmp(page, page + 1, r->set->size - 1))
		r->page++;
}

static bool read_bitmaps(struct old_reader *r)
{
	struct content *content = r->content;

	skip_empty_page(r);
	for (size_t i = 0; i < content->count; i++) {
		if (!entry_is_bitmap(&content->entries[i]))
			continue;
		if (!page_ok(r, ++r->page))
			return false;
		content->entries[i].bitmap_page = (uint16_t)r->page;
		if (!content->first_bitmap_page)
			content->first_bitmap_page = r->page;
	}
	return true;
}

static bool generation_fits(const uint8_t *p, uint64_t generation)
{
	return get64(p) == generation || __builtin_bswap64(get64(p)) == generation;
}

/* B's page 0 crc is one more than it should be, so that readers of A turn away. */
static bool is_format_b(const struct page_set *set, uint64_t generation)
{
	return get32(set->data) == crc32c(0, set->data + 8, set->size - 8) + 1 &&
	       generation_fits(set->data + 8, generation);
}

int read_old_format(const struct page_set *set, const struct cache_header *header, uint64_t inode_flags,
	struct content *content, char *format, struct fsr_error *err)
{
	struct old_reader r = {.set = set, .content = content};
	uint32_t head = 4 * set->count + 8;
	uint64_t most = (uint64_t)set->count * (set->size / FREE_SPACE_ENTRY_SIZE);

	*format = '?';
	if (set->bad_count || header->entries > most || head + FREE_SPACE_ENTRY_SIZE > set->size)
		return 0;
	r.crcs = inode_flags & INODE_FLAG_NODATASUM;
	r.byte = r.crcs ? head : 16;
	if (r.crcs ? !page_ok(&r, 0) || !generation_fits(set->data + head - 8, header->generation)
		   : !is_format_b(set, header->generation))
		return 0;
	content_free(content);
	content->pages = set;
	content->room = header->entries ? header->entries : 1;
	content->entries = calloc(content->room, sizeof *content->entries);
	if (!content->entries)
		return fsr_fail_nomem(err);
	if (read_entries(&r, header->entries) && read_bitmaps(&r))
		*format = r.crcs ? 'A' : 'B';
	return content_sort(content, err);
}
