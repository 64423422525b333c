/* SPDX-License-Identifier: MIT */
/* Where each finding about a block group's cache shows: the line, page or entry that it comes from. */
#ifndef TUI_SCREENS_CACHE_NOTES_H
#define TUI_SCREENS_CACHE_NOTES_H

#include "../../libfsread/fsread.h"

/* What a finding stands beside. */
enum cache_where {
	CACHE_AT_HEADER, /* the first four are the lines at the top of Cache, in their order */
	CACHE_AT_STAMPS,
	CACHE_AT_INODE,
	CACHE_AT_TOTAL,
	CACHE_AT_PAGE,
	CACHE_AT_ENTRY,
};

struct cache_note {
	enum cache_where where;
	size_t index; /* of the page or entry */
	const struct fsr_finding *finding;
};

struct cache_notes {
	const struct fsr_cache *cache;
	uint64_t sector;
	size_t count;
	struct cache_note *list; /* worst first */
	uint64_t *excess; /* of each entry: bytes that it says are free and that are in use. NULL: none */
	enum fsr_severity excess_severity;
};

/* Whether the checksum of a page is one that Linux compares: not of pages that are unused or can't be read,
 * and of no page where an inode without a generation says that nothing is in them. */
bool cache_page_judged(const struct fsr_cache *cache, const struct fsr_cache_page *page);
/* Bytes of address space that an entry speaks of: all that a bitmap has bits for. */
uint64_t cache_entry_span(const struct fsr_cache_entry *entry, uint64_t sector);
bool cache_entry_covers(const struct fsr_cache_entry *entry, uint64_t sector, uint64_t address);
/* The entry that says what the address is, an extent before a bitmap; SIZE_MAX: none does. */
size_t cache_entry_at(const struct fsr_cache *cache, uint64_t sector, uint64_t address);

/*
 * Finds the places of the cache's findings, and (comparing the block group once more) the entries that cover
 * what is in use. The notes point into the cache. Fails with FSR_E_NOMEM, or as fsr_diff() does; what is
 * known stays then. To be given to cache_notes_free().
 */
int cache_notes_make(
	struct cache_notes *notes, struct fsr_fs *fs, const struct fsr_cache *cache, struct fsr_error *err);
void cache_notes_free(struct cache_notes *notes);
/* The worst finding there; NULL: none. */
const struct fsr_finding *cache_note_at(
	const struct cache_notes *notes, enum cache_where where, size_t index);
/* How bad it is there, excess of entries included; -1: nothing is wrong. */
int cache_note_severity(const struct cache_notes *notes, enum cache_where where, size_t index);
/* The excess of an entry. */
uint64_t cache_note_excess(const struct cache_notes *notes, size_t entry);

#endif
