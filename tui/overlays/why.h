/* SPDX-License-Identifier: MIT */
/* Why a block group is what it is said to be: the rule, the numbers, where the bytes lie. */
#ifndef TUI_OVERLAYS_WHY_H
#define TUI_OVERLAYS_WHY_H

#include "../screens/prose.h"
#include "../ui.h"

/* One range that differs, and where the cache lists it. */
struct why_range {
	struct fsr_diff_range range;
	bool cached; /* there is such an entry */
	struct fsr_cache_entry entry;
	uint64_t number;
	unsigned page, byte; /* of the entry, or in a bitmap of the bit */
};

/* The first ranges of each kind; read from the image. */
#define WHY_RANGES 3
struct why_ranges {
	size_t nexcess, nmissing; /* all that there are */
	struct why_range excess[WHY_RANGES], missing[WHY_RANGES];
};

/* So many findings of a block group, or of the filesystem, at most: the Findings screen has all. */
#define WHY_FINDINGS 64u

/* Reads them in a thread of its own, which posts one struct why_ranges. NULL: nothing differs, or no memory.
 */
struct job *why_read(struct tab *tab, const struct record *record);
/* The same from a report that has them. false: it has not. */
bool why_recorded(const struct tab *tab, const struct record *record, struct why_ranges *out);

/* Places that are looked for when they are gone to: tags of the paragraphs. */
enum why_place {
	WHY_HEADER = 1,
	WHY_INODE,
	WHY_PAGES,
	WHY_GROUP_ITEM,
	WHY_MAP,
	WHY_FINDING, /* and up: findings by number */
};

/* Everything about a block group. `ranges`: NULL while they are not read, `reading` says that they will be.
 */
void why_record(struct prose *prose, const struct tab *tab, const struct record *record,
	const struct why_ranges *ranges, bool reading);
/* One finding, or those about the whole filesystem. */
void why_finding(struct prose *prose, const struct tab *tab, const struct fsr_finding *finding, unsigned tag);
/* Where a tag's place is. false: there is none, or it can't be read. */
bool why_place(const struct tab *tab, const struct record *record, const struct fsr_finding *findings,
	size_t n, unsigned tag, struct place *place);

#endif
