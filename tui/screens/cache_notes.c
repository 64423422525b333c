/* SPDX-License-Identifier: MIT */
#include "cache_excess.h"

#include <stdlib.h>
#include <string.h>

/* How a finding says which page or entry it is about. */
enum by {
	BY_NOTHING,
	BY_PAGE,        /* detail "page" */
	BY_FIRST_PAGE,  /* page 0 */
	BY_BROKEN_PAGE, /* the first that can't be read */
	BY_ENTRY,       /* detail "entry" */
	BY_ADDRESS,     /* detail "bytenr": where the entry begins, or what it covers */
	BY_TYPE,        /* detail "value": its type */
	BY_BITMAP,      /* the first bitmap */
};

/* Each finding about one cache, the line it belongs to, and what it says beyond that. */
static const struct {
	enum fsr_finding_code code;
	enum cache_where line;
	enum by by;
} places[] = {
	{FSR_FINDING_CACHE_ABSENT, CACHE_AT_HEADER, BY_NOTHING},
	{FSR_FINDING_GROUP_HEADER_HIDDEN, CACHE_AT_HEADER, BY_NOTHING},
	{FSR_FINDING_CACHE_LOCATION, CACHE_AT_HEADER, BY_NOTHING},
	{FSR_FINDING_CACHE_SHARED_INODE, CACHE_AT_HEADER, BY_NOTHING},
	{FSR_FINDING_CACHE_SMALL_GROUP, CACHE_AT_HEADER, BY_NOTHING},
	{FSR_FINDING_CACHE_LEFT_OVER, CACHE_AT_HEADER, BY_NOTHING},
	{FSR_FINDING_CACHE_CRASH_ENTRIES, CACHE_AT_HEADER, BY_NOTHING},
	{FSR_FINDING_CACHE_DISCARDED, CACHE_AT_STAMPS, BY_NOTHING},
	{FSR_FINDING_CACHE_STAMPS, CACHE_AT_STAMPS, BY_NOTHING},
	{FSR_FINDING_CACHE_FUTURE_STAMP, CACHE_AT_STAMPS, BY_NOTHING},
	{FSR_FINDING_CACHE_STALE_DANGER, CACHE_AT_STAMPS, BY_NOTHING},
	{FSR_FINDING_CACHE_PAGE_STAMP, CACHE_AT_STAMPS, BY_FIRST_PAGE},
	{FSR_FINDING_CACHE_NUM_BITMAPS, CACHE_AT_STAMPS, BY_NOTHING},
	{FSR_FINDING_CACHE_NO_ENTRIES, CACHE_AT_STAMPS, BY_NOTHING},
	{FSR_FINDING_CACHE_OVERRUN, CACHE_AT_STAMPS, BY_NOTHING},
	{FSR_FINDING_CACHE_MANY_BITMAPS, CACHE_AT_STAMPS, BY_NOTHING},
	{FSR_FINDING_CACHE_INODE_MISSING, CACHE_AT_INODE, BY_NOTHING},
	{FSR_FINDING_CACHE_INODE_UNLAWFUL, CACHE_AT_INODE, BY_NOTHING},
	{FSR_FINDING_CACHE_OLD_FORMAT, CACHE_AT_INODE, BY_NOTHING},
	{FSR_FINDING_CACHE_SIZE_ZERO, CACHE_AT_INODE, BY_NOTHING},
	{FSR_FINDING_CACHE_CRASH_PAGES, CACHE_AT_INODE, BY_NOTHING},
	{FSR_FINDING_CACHE_CRASH_MODE, CACHE_AT_INODE, BY_NOTHING},
	{FSR_FINDING_CACHE_INLINE_EXTENT, CACHE_AT_INODE, BY_NOTHING},
	{FSR_FINDING_CACHE_COPIES_DIFFER, CACHE_AT_INODE, BY_NOTHING},
	{FSR_FINDING_CACHE_UNREADABLE, CACHE_AT_INODE, BY_BROKEN_PAGE},
	{FSR_FINDING_CACHE_NO_EXTENT, CACHE_AT_INODE, BY_PAGE},
	{FSR_FINDING_CACHE_CRC, CACHE_AT_PAGE, BY_PAGE},
	{FSR_FINDING_CACHE_ZERO_ENTRY, CACHE_AT_ENTRY, BY_ENTRY},
	{FSR_FINDING_CACHE_DUPLICATE, CACHE_AT_ENTRY, BY_ENTRY},
	{FSR_FINDING_CACHE_ENTRY_TYPE, CACHE_AT_ENTRY, BY_TYPE},
	{FSR_FINDING_CACHE_INSERT, CACHE_AT_ENTRY, BY_ADDRESS},
	{FSR_FINDING_CACHE_CRASH_WRAP, CACHE_AT_ENTRY, BY_ADDRESS},
	{FSR_FINDING_CONTENT_OUTSIDE, CACHE_AT_ENTRY, BY_ADDRESS},
	{FSR_FINDING_CONTENT_UNALIGNED, CACHE_AT_ENTRY, BY_ADDRESS},
	{FSR_FINDING_CONTENT_OVERLAP, CACHE_AT_ENTRY, BY_ADDRESS},
	{FSR_FINDING_CONTENT_BITMAP_COUNT, CACHE_AT_ENTRY, BY_ADDRESS},
	{FSR_FINDING_CONTENT_BITMAP_GRID, CACHE_AT_ENTRY, BY_ADDRESS},
	{FSR_FINDING_CONTENT_BITMAP_ENDIAN, CACHE_AT_ENTRY, BY_BITMAP},
	{FSR_FINDING_CACHE_TOTAL, CACHE_AT_TOTAL, BY_NOTHING},
	{FSR_FINDING_CACHE_UNUSED_WRONG, CACHE_AT_TOTAL, BY_NOTHING},
	{FSR_FINDING_CONTENT_EXCESS, CACHE_AT_TOTAL, BY_NOTHING},
	{FSR_FINDING_CONTENT_SHORT, CACHE_AT_TOTAL, BY_NOTHING},
	{FSR_FINDING_GROUP_USED, CACHE_AT_TOTAL, BY_NOTHING},
	{FSR_FINDING_GROUP_ITEM_MISSING, CACHE_AT_TOTAL, BY_NOTHING},
	{FSR_FINDING_GROUP_OVERLAP, CACHE_AT_TOTAL, BY_NOTHING},
	{FSR_FINDING_GROUP_OUTSIDE, CACHE_AT_TOTAL, BY_NOTHING},
	{FSR_FINDING_GROUP_UNREADABLE, CACHE_AT_TOTAL, BY_NOTHING},
	{FSR_FINDING_FST_INFO, CACHE_AT_HEADER, BY_NOTHING},
	{FSR_FINDING_FST_UNREADABLE, CACHE_AT_HEADER, BY_NOTHING},
	{FSR_FINDING_FST_COUNT, CACHE_AT_STAMPS, BY_NOTHING},
	{FSR_FINDING_FST_CRASH_FLAGS, CACHE_AT_STAMPS, BY_NOTHING},
	{FSR_FINDING_FST_ITEM, CACHE_AT_STAMPS, BY_NOTHING},
	{FSR_FINDING_FST_EXCESS, CACHE_AT_TOTAL, BY_NOTHING},
	{FSR_FINDING_FST_SHORT, CACHE_AT_TOTAL, BY_NOTHING},
};

bool cache_page_judged(const struct fsr_cache *cache, const struct fsr_cache_page *page)
{
	enum fsr_state state = cache->group.state;

	return state != FSR_STATE_SETUP && state != FSR_STATE_CLEAR && page->has_crc &&
	       (page->kind == FSR_PAGE_ENTRIES || page->kind == FSR_PAGE_BITMAP);
}

uint64_t cache_entry_span(const struct fsr_cache_entry *entry, uint64_t sector)
{
	return entry->type == 1 ? entry->bytes : sector * sector * 8;
}

bool cache_entry_covers(const struct fsr_cache_entry *entry, uint64_t sector, uint64_t address)
{
	return address >= entry->offset && address - entry->offset < cache_entry_span(entry, sector);
}

size_t cache_entry_at(const struct fsr_cache *cache, uint64_t sector, uint64_t address)
{
	size_t found = SIZE_MAX;

	for (size_t i = 0; i < cache->nentries; i++) {
		if (!cache_entry_covers(&cache->entries[i], sector, address))
			continue;
		if (cache->entries[i].type == 1)
			return i;
		found = found == SIZE_MAX ? i : found;
	}
	return found;
}

/* ---- findings */

static bool detail(const struct fsr_finding *finding, const char *name, uint64_t *value)
{
	for (unsigned i = 0; i < finding->ndetails && i < FSR_MAX_DETAILS; i++) {
		if (strcmp(finding->details[i].name, name) != 0)
			continue;
		*value = finding->details[i].value;
		return true;
	}
	return false;
}

/* Where an entry begins says more than what it covers. */
static size_t entry_of_address(const struct fsr_cache *cache, uint64_t sector, uint64_t address)
{
	for (size_t i = 0; i < cache->nentries; i++)
		if (cache->entries[i].offset == address)
			return i;
	return cache_entry_at(cache, sector, address);
}

static size_t first_broken(const struct fsr_cache *cache)
{
	for (size_t i = 0; i < cache->npages; i++)
		if (cache->pages[i].kind == FSR_PAGE_UNREADABLE)
			return i;
	return SIZE_MAX;
}

static size_t first_of_type(const struct fsr_cache *cache, uint64_t type, bool any_bitmap)
{
	for (size_t i = 0; i < cache->nentries; i++)
		if (any_bitmap ? cache->entries[i].bitmap_page != 0 : cache->entries[i].type == type)
			return i;
	return SIZE_MAX;
}

/* The page or entry that the finding names; SIZE_MAX: none. */
static size_t index_of(const struct cache_notes *notes, const struct fsr_finding *finding, enum by by)
{
	const struct fsr_cache *cache = notes->cache;
	uint64_t value = 0;

	switch (by) {
	case BY_PAGE:
		return detail(finding, "page", &value) && value < cache->npages ? (size_t)value : SIZE_MAX;
	case BY_FIRST_PAGE:
		return cache->npages ? 0 : SIZE_MAX;
	case BY_BROKEN_PAGE:
		return first_broken(cache);
	case BY_ENTRY:
		return detail(finding, "entry", &value) && value < cache->nentries ? (size_t)value : SIZE_MAX;
	case BY_ADDRESS:
		return detail(finding, "bytenr", &value) ? entry_of_address(cache, notes->sector, value)
							 : SIZE_MAX;
	case BY_TYPE:
		return detail(finding, "value", &value) ? first_of_type(cache, value, false) : SIZE_MAX;
	case BY_BITMAP:
		return first_of_type(cache, 0, true);
	default:
		return SIZE_MAX;
	}
}

static void add(struct cache_notes *notes, enum cache_where where, size_t index, const struct fsr_finding *f)
{
	notes->list[notes->count++] = (struct cache_note){where, index, f};
}

/* A finding stands beside its page or entry, and beside its line where it has one. */
static void place_finding(struct cache_notes *notes, const struct fsr_finding *finding)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		size_t index;
		enum by by = places[i].by;

		if (places[i].code != finding->code)
			continue;
		index = index_of(notes, finding, by);
		if (places[i].line < CACHE_AT_PAGE)
			add(notes, places[i].line, 0, finding);
		if (index == SIZE_MAX &&
			by == BY_ENTRY) /* Linux stopped at it: it is not among the entries */
			index = index_of(notes, finding, by = BY_PAGE);
		if (index != SIZE_MAX)
			add(notes, by >= BY_ENTRY ? CACHE_AT_ENTRY : CACHE_AT_PAGE, index, finding);
		else if (places[i].line >= CACHE_AT_PAGE)
			add(notes, CACHE_AT_TOTAL, 0, finding);
		return;
	}
}

int cache_notes_make(
	struct cache_notes *notes, struct fsr_fs *fs, const struct fsr_cache *cache, struct fsr_error *err)
{
	const struct fsr_group *group = &cache->group;

	*notes = (struct cache_notes){.cache = cache, .sector = fsr_filesystem(fs)->sectorsize};
	notes->list = calloc(2 * group->nfindings + 1, sizeof *notes->list);
	if (!notes->list)
		return FSR_E_NOMEM;
	for (size_t i = 0; i < group->nfindings; i++)
		place_finding(notes, &group->findings[i]);
	if (!cache->nentries || !group->excess_bytes || group->relation == FSR_RELATION_NULL)
		return 0;
	return cache_excess_make(notes, fs, err);
}

void cache_notes_free(struct cache_notes *notes)
{
	free(notes->list);
	free(notes->excess);
	*notes = (struct cache_notes){0};
}

const struct fsr_finding *cache_note_at(const struct cache_notes *notes, enum cache_where where, size_t index)
{
	for (size_t i = 0; i < notes->count; i++)
		if (notes->list[i].where == where && notes->list[i].index == index)
			return notes->list[i].finding;
	return NULL;
}

uint64_t cache_note_excess(const struct cache_notes *notes, size_t entry)
{
	return notes->excess ? notes->excess[entry] : 0;
}

int cache_note_severity(const struct cache_notes *notes, enum cache_where where, size_t index)
{
	const struct fsr_finding *finding = cache_note_at(notes, where, index);
	int severity = finding ? (int)finding->severity : -1;

	if (where == CACHE_AT_ENTRY && cache_note_excess(notes, index) &&
		(int)notes->excess_severity > severity)
		severity = (int)notes->excess_severity;
	return severity;
}
