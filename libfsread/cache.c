/* SPDX-License-Identifier: MIT */
/* fsr_cache_open(): one block group's cache with everything that can be read of it. */
#include "format/error.h"
#include "space/judge.h"

#include <stdlib.h>

static int keep_findings(struct fsr_cache *cache, const struct judge *j)
{
	struct fsr_finding *copy = calloc(j->findings.count + 1, sizeof *copy);

	if (!copy)
		return FSR_E_NOMEM;
	if (j->findings.count) /* else there is no list */
		memcpy(copy, j->findings.list, j->findings.count * sizeof *copy);
	cache->group.findings = copy;
	return 0;
}

static void fill_header(struct fsr_cache *cache, const struct cache_header *h)
{
	cache->has_header = true;
	cache->header_leaf = h->leaf;
	cache->header_slot = h->slot;
	cache->location = h->location;
	cache->generation = h->generation;
	cache->num_entries = h->entries;
	cache->num_bitmaps = h->bitmaps;
}

static int fill_inode(struct fsr_cache *cache, const struct fsr_fs *fs, const struct cache_inode *inode,
	struct fsr_error *err)
{
	struct fsr_key key = {inode->ino, KEY_INODE_ITEM, 0};
	struct tree_root root;
	struct fsr_item item;
	struct cursor c;
	int ret;

	tree_root_of_super(fs->volume, ROOT_TREE_OBJECTID, &root);
	cursor_init(&c, fs->volume, &root);
	ret = cursor_seek(&c, &key, err);
	if (ret == CURSOR_ITEM) {
		cursor_item(&c, &item);
		cache->has_inode = !key_cmp(&item.key, &key) && item.size >= INODE_ITEM_SIZE;
		if (cache->has_inode)
			memcpy(cache->inode_raw, item.data, INODE_ITEM_SIZE);
		cache->inode_leaf = item.leaf;
		cache->inode_slot = item.slot;
	}
	cursor_free(&c);
	return ret < 0 ? ret : 0;
}

static int fill_extents(struct fsr_cache *cache, const struct fsr_fs *fs, uint64_t ino)
{
	size_t n;
	const struct cache_file_extent *e = find_extents(fs, ino, &n);

	cache->extents = calloc(n + 1, sizeof *cache->extents);
	if (!cache->extents)
		return FSR_E_NOMEM;
	for (size_t i = 0; i < n; i++)
		cache->extents[i] = e[i].item;
	cache->nextents = n;
	return 0;
}

static void fill_physical(struct fsr_cache_page *page, const struct fsr_fs *fs, uint64_t ino)
{
	const struct chunk *chunk;
	uint64_t length;

	page->bytenr = FSR_NO_BYTENR;
	if (!page_bytenr(fs, ino, (uint64_t)page->index * fs->volume->fs.sectorsize, &page->bytenr))
		return;
	chunk = volume_find_chunk(fs->volume, page->bytenr);
	for (unsigned i = 0; chunk && i < volume_copies(fs->volume, chunk) && i < FSR_MAX_COPIES; i++)
		if (!volume_map(
			    fs->volume, page->bytenr, i, &page->physical[page->nphysical], &length, NULL) &&
			!page->physical[page->nphysical].rebuilt)
			page->nphysical++;
}

/* Entry pages first, then bitmaps, then what Linux never looks at (F-A4). */
static void fill_kinds(struct fsr_cache *cache, const struct content *content)
{
	for (size_t i = 0; i < cache->npages; i++)
		cache->pages[i].kind = FSR_PAGE_UNUSED;
	if (cache->npages)
		cache->pages[0].kind = FSR_PAGE_ENTRIES;
	for (size_t i = 0; i < content->count; i++) {
		cache->pages[content->entries[i].page].kind = FSR_PAGE_ENTRIES;
		cache->pages[content->entries[i].page].entries++;
		if (content->entries[i].bitmap_page)
			cache->pages[content->entries[i].bitmap_page].kind = FSR_PAGE_BITMAP;
	}
	for (size_t i = cache->npages; i-- > 0;) {
		if (cache->pages[i].kind == FSR_PAGE_UNUSED)
			continue;
		if (i + 1 < cache->npages)
			cache->pages[i + 1].kind = FSR_PAGE_FIRST_UNUSED;
		break;
	}
}

static int fill_pages(struct fsr_cache *cache, const struct judge *j)
{
	const struct page_set *set = &j->pages;
	uint64_t ino = j->inode ? j->inode->ino : 0;
	uint8_t *data = malloc((size_t)set->count * set->size + 1);

	cache->pages = calloc(set->count + 1, sizeof *cache->pages);
	if (!data || !cache->pages) {
		free(data);
		return FSR_E_NOMEM;
	}
	if (set->count) /* else there is no data */
		memcpy(data, set->data, (size_t)set->count * set->size);
	cache->npages = set->count;
	cache->pages[0].data = data; /* owns it, with no page too */
	for (unsigned i = 0; i < set->count; i++) {
		struct fsr_cache_page *page = &cache->pages[i];

		page->index = i;
		page->data = data + (size_t)i * set->size;
		fill_physical(page, j->fs, ino);
		if (set->bad[0] || set->bad[i] || (i + 1) * 4 > set->size)
			continue;
		page->has_crc = true;
		page->crc_stored = page_crc_stored(set, i);
		page->crc_computed = page_crc_computed(set, i);
	}
	return 0;
}

static void mark_unreadable(struct fsr_cache *cache, const struct page_set *set)
{
	for (unsigned i = 0; i < set->count; i++) {
		if (!set->bad[i])
			continue;
		cache->pages[i].kind = FSR_PAGE_UNREADABLE;
		if (i) /* page 0's pointer owns the memory */
			cache->pages[i].data = NULL;
	}
}

static int fill_entries(struct fsr_cache *cache, const struct content *content)
{
	cache->entries = calloc(content->count + 1, sizeof *cache->entries);
	if (!cache->entries)
		return FSR_E_NOMEM;
	for (size_t i = 0; i < content->count; i++) {
		const struct entry *e = &content->entries[i];

		cache->entries[i] = (struct fsr_cache_entry){
			.page = e->page,
			.byte = e->byte,
			.offset = e->offset,
			.bytes = e->bytes,
			.type = e->type,
			.bitmap_page = e->bitmap_page,
			.bitmap_readable = e->bitmap_page != 0,
		};
	}
	cache->nentries = content->count;
	return 0;
}

static int fill_content(struct fsr_cache *cache, const struct judge *j)
{
	const struct copy_judgement *copy = &j->copy[j->read];

	if (!copy->walked)
		return 0;
	if (fill_pages(cache, j) || fill_entries(cache, &j->content))
		return FSR_E_NOMEM;
	fill_kinds(cache, &j->content);
	mark_unreadable(cache, &j->pages);
	if (j->content.bitmaps)
		cache->bitmap_endianness = copy->endian == 8 ? "be64" : copy->endian == 4 ? "be32" : "le";
	return 0;
}

static int fill(struct fsr_cache *cache, const struct judge *j, struct fsr_error *err)
{
	int ret = keep_findings(cache, j);

	if (j->header)
		fill_header(cache, j->header);
	if (!ret && j->inode) {
		ret = fill_inode(cache, j->fs, j->inode, err);
		if (!ret)
			ret = fill_extents(cache, j->fs, j->inode->ino);
	}
	if (!ret)
		ret = fill_content(cache, j);
	return ret == FSR_E_NOMEM ? fsr_fail_nomem(err) : ret;
}

int fsr_cache_open(struct fsr_fs *fs, uint64_t bytenr, struct fsr_cache **out, struct fsr_error *err)
{
	const struct group_facts *group = find_group(fs, bytenr);
	struct fsr_cache *cache;
	struct fsr_error ignored;
	struct judge j;
	int ret;

	if (!err)
		err = &ignored;
	*out = NULL;
	if (!group)
		return fsr_fail(err, FSR_E_NOT_FOUND, 0, bytenr, "no block group begins at %llu",
			(unsigned long long)bytenr);
	cache = calloc(1, sizeof *cache);
	if (!cache)
		return fsr_fail_nomem(err);
	judge_init(&j, fs);
	ret = judge_group(&j, (size_t)(group - fs->groups), &cache->group, err);
	cache->group.findings = NULL;
	if (!ret)
		ret = load_read_copy(&j, err);
	if (!ret)
		ret = fill(cache, &j, err);
	judge_free(&j);
	if (ret) {
		fsr_cache_free(cache);
		return ret;
	}
	*out = cache;
	return 0;
}

void fsr_cache_free(struct fsr_cache *cache)
{
	if (!cache)
		return;
	if (cache->pages) /* the first one owns all bytes, with no page too */
		free((void *)cache->pages[0].data);
	free((void *)cache->group.findings);
	free(cache->extents);
	free(cache->pages);
	free(cache->entries);
	free(cache);
}

int fsr_cache_runs(const struct fsr_fs *fs, const struct fsr_cache *cache, size_t i, fsr_run_fn fn, void *arg)
{
	uint32_t sector = fs->volume->fs.sectorsize, bit = 0, end;
	const struct fsr_cache_entry *e;
	const uint8_t *bits;
	int ret = 0;

	if (i >= cache->nentries || !cache->entries[i].bitmap_readable)
		return 0;
	e = &cache->entries[i];
	bits = cache->pages[e->bitmap_page].data;
	while (!ret && bits && bitmap_next_run(bits, sector * 8, 0, &bit, &end)) {
		ret = fn(arg, e->offset + (uint64_t)bit * sector, (uint64_t)(end - bit) * sector);
		bit = end;
	}
	return ret;
}
