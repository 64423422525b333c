/* SPDX-License-Identifier: MIT */
/* fsr_cache_labels(): what every byte of a cache page is (F-A4). */
#include "labeller.h"
#include "space/content.h"

#include <inttypes.h>

struct page_labeller {
	struct labeller out;
	const struct fsr_cache *cache;
	uint32_t page_size;
};

static void label_crcs(struct page_labeller *l)
{
	for (size_t i = 0; i < l->cache->npages && l->out.at + 4 <= l->page_size; i++) {
		const struct fsr_cache_page *page = &l->cache->pages[i];
		bool judged = page->kind == FSR_PAGE_ENTRIES || page->kind == FSR_PAGE_BITMAP;

		label(&l->out, 4, FSR_LABEL_CRC, "crc of page %zu%s", i,
			!page->has_crc                           ? ""
			: page->crc_stored == page->crc_computed ? ", ok"
			: judged                                 ? ", BAD"
								 : ", not judged");
	}
}

static void label_entries(struct page_labeller *l, unsigned page)
{
	for (size_t i = 0; i < l->cache->nentries; i++) {
		const struct fsr_cache_entry *e = &l->cache->entries[i];

		if (e->page != page || e->byte < l->out.at)
			continue;
		label(&l->out, e->byte - l->out.at, FSR_LABEL_UNUSED, "unused");
		label(&l->out, 8, FSR_LABEL_OFFSET, "entry %zu offset %" PRIu64, i, e->offset);
		label(&l->out, 8, FSR_LABEL_BYTES, "entry %zu bytes %" PRIu64, i, e->bytes);
		label(&l->out, 1, FSR_LABEL_TYPE, "entry %zu type %u", i, e->type);
	}
}

/* Bytes are the smallest unit of a label: a run that shares a byte with another is named with it. */
static void label_bitmap(struct page_labeller *l, const struct fsr_cache_page *page)
{
	uint32_t nbits = l->page_size * 8, bit = 0, end;
	uint64_t base = 0;

	for (size_t i = 0; i < l->cache->nentries; i++)
		if (l->cache->entries[i].bitmap_page == page->index)
			base = l->cache->entries[i].offset;
	while (!l->out.ret && bitmap_next_run(page->data, nbits, 0, &bit, &end)) {
		uint32_t first = bit / 8, last = (end + 7) / 8;

		if (first > l->out.at)
			label(&l->out, first - l->out.at, FSR_LABEL_BITMAP, "in use");
		if (last > l->out.at)
			label(&l->out, last - l->out.at, FSR_LABEL_BITMAP,
				"free %" PRIu64 "+%" PRIu64 ", bits %u to %u",
				base + (uint64_t)bit * l->page_size, (uint64_t)(end - bit) * l->page_size,
				bit, end - 1);
		bit = end;
	}
	label(&l->out, l->page_size - l->out.at, FSR_LABEL_BITMAP, "in use");
}

static void label_page0(struct page_labeller *l)
{
	const struct fsr_cache_page *page = &l->cache->pages[0];

	if (l->cache->group.cache.format == 'B') {
		label(&l->out, 4, FSR_LABEL_CRC, "crc of page 0 plus 1");
		label(&l->out, 4, FSR_LABEL_UNUSED, "unspecified");
	} else {
		label_crcs(l);
	}
	if (l->out.at + 8 <= l->page_size)
		label(&l->out, 8, FSR_LABEL_GENERATION, "generation %" PRIu64, get64(page->data + l->out.at));
}

int fsr_cache_labels(
	const struct fsr_fs *fs, const struct fsr_cache *cache, size_t i, fsr_label_fn fn, void *arg)
{
	struct page_labeller l = {
		.out = {.fn = fn, .arg = arg},
		.cache = cache,
		.page_size = fs->volume->fs.sectorsize,
	};
	const struct fsr_cache_page *page;

	if (i >= cache->npages)
		return 0;
	page = &cache->pages[i];
	if (page->kind == FSR_PAGE_UNREADABLE)
		return 0;
	if (page->kind == FSR_PAGE_BITMAP) {
		label_bitmap(&l, page);
		return l.out.ret;
	}
	if (!i)
		label_page0(&l);
	if (page->kind == FSR_PAGE_ENTRIES)
		label_entries(&l, page->index);
	label(&l.out, l.page_size - l.out.at, FSR_LABEL_UNUSED, "unused");
	return l.out.ret;
}
