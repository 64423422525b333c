/* SPDX-License-Identifier: MIT */
/* fsr_cache_page_copy(): one copy of one page of a cache, beside the copy that was judged. */
#include "format/crc32c.h"
#include "format/error.h"
#include "space/space.h"

#include <stdio.h>
#include <stdlib.h>

/* Past i_size Linux gives zeros whatever the disk holds. */
static void clear_past_end(const struct fsr_cache *cache, size_t page, uint8_t *data, uint32_t size)
{
	uint64_t end = get64(cache->inode_raw + INODE_SIZE), start = (uint64_t)page * size;
	uint64_t kept = end > start ? end - start : 0;

	if (cache->has_inode && kept < size)
		memset(data + kept, 0, size - kept);
}

static void compare(
	const struct fsr_cache_page *page, const uint8_t *data, uint32_t size, struct fsr_page_copy *copy)
{
	uint32_t at = 0;

	/* page 0 has bytes that own the memory even where it couldn't be read */
	copy->compared = page->data && page->kind != FSR_PAGE_UNREADABLE;
	while (copy->compared && at < size && data[at] == page->data[at])
		at++;
	copy->equal = copy->compared && at == size;
	copy->first_byte = at;
}

static void fill(const struct fsr_fs *fs, const struct fsr_cache *cache, size_t i, uint8_t *data,
	struct fsr_page_copy *copy)
{
	const uint32_t size = fs->volume->fs.sectorsize;
	const size_t slots = i ? 0 : 4 * cache->npages;

	clear_past_end(cache, i, data, size);
	copy->readable = true;
	copy->has_crc = slots <= size;
	if (copy->has_crc)
		copy->crc_computed = crc32c(0, data + slots, size - slots);
	compare(&cache->pages[i], data, size, copy);
}

int fsr_cache_page_copy(const struct fsr_fs *fs, const struct fsr_cache *cache, size_t i, unsigned copy,
	struct fsr_page_copy *out, struct fsr_error *err)
{
	const uint32_t size = fs->volume->fs.sectorsize;
	const struct fsr_cache_page *page;
	struct fsr_error why;
	uint8_t *data;

	*out = (struct fsr_page_copy){0};
	page = i < cache->npages ? &cache->pages[i] : NULL;
	if (!page || page->bytenr == FSR_NO_BYTENR || copy >= fsr_copies(fs, page->bytenr))
		return fsr_fail(err, FSR_E_NOT_FOUND, 0, FSR_NO_BYTENR, "page %zu has no copy %u", i, copy);
	data = malloc(size);
	if (!data)
		return fsr_fail_nomem(err);
	if (fsr_locate(fs, page->bytenr, copy, &out->physical, &why) ||
		fsr_read(fs, page->bytenr, size, copy, data, &why))
		snprintf(out->problem, sizeof out->problem, "%s", why.text);
	else
		fill(fs, cache, i, data, out);
	free(data);
	return 0;
}
