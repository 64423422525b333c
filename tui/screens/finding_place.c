/* SPDX-License-Identifier: MIT */
/* Where the bytes lie that a finding is about. */
#include "finding_subject.h"
#include "places.h"

static bool place_of_bitmap(const struct tab *tab, const struct fsr_group *group, struct place *place)
{
	struct fsr_cache *cache;
	struct fsr_error err;
	bool found = false;

	if (fsr_cache_open(tab->fs, group->bytenr, &cache, &err))
		return false;
	for (size_t i = 0; i < cache->nentries && !found; i++) {
		found = cache->entries[i].bitmap_page != 0;
		if (found)
			place_of_page(group, cache->entries[i].bitmap_page, 0, place);
	}
	fsr_cache_free(cache);
	return found;
}

static bool place_in_cache(const struct tab *tab, const struct fsr_finding *finding,
	const struct subject *subject, struct place *place)
{
	const struct fsr_group *group = subject->group;
	uint64_t worst;

	switch (subject->where) {
	case AT_PAGE:
		place_of_page(group, (unsigned)subject->number, 0, place);
		if (finding_detail(finding, "worst", &worst))
			place->copy = (unsigned)worst;
		return true;
	case AT_PAGE_STAMP: /* behind one checksum for each page */
		place_of_page(group, 0, (unsigned)(4 * group->cache.pages), place);
		return true;
	case AT_ENTRY:
		return place_of_entry_at(tab, group, subject->number, place);
	case AT_BITMAP:
		return place_of_bitmap(tab, group, place);
	default: /* by number, 0 for the first */
		return place_of_entry(tab, group, subject->number, place);
	}
}

static bool place_in_trees(const struct tab *tab, const struct fsr_finding *finding,
	const struct subject *subject, struct place *place)
{
	uint64_t number = subject->number, copy = 0;

	switch (subject->where) {
	case AT_HEADER:
		return place_of_header(tab, number, place);
	case AT_INODE:
		return place_of_inode(tab, number, place);
	case AT_FILE_EXTENT:
		return place_of_item(tab, "root", number, ITEM_FILE_EXTENT, 0, place) ||
		       place_of_inode(tab, number, place);
	case AT_GROUP_ITEM:
		return place_of_group_item(tab, subject->group, place);
	case AT_CHUNK:
		return place_of_item(tab, "chunk", CHUNK_OBJECTID, ITEM_CHUNK, number, place);
	case AT_EXTENT:
		return place_of_item(tab, "extent", number, ITEM_ANY, 0, place);
	case AT_FREE_SPACE_INFO:
		return place_of_item(
			tab, "free-space", subject->group->bytenr, ITEM_FREE_SPACE_INFO, 0, place);
	case AT_FREE_SPACE_ITEM:
		return place_of_item(tab, "free-space", number, ITEM_ANY, 0, place);
	case AT_ROOT_ITEM:
		return place_of_item(tab, "root", number, ITEM_ROOT, 0, place);
	default:
		finding_detail(finding, "copy", &copy);
		place_of_block(number, (unsigned)copy, place);
		return true;
	}
}

static bool mirror_place(
	const struct tab *tab, const struct fsr_finding *finding, uint64_t mirror, struct place *place)
{
	uint64_t devid = 0, byte = 0;

	finding_detail(finding, "devid", &devid);
	finding_detail(finding, "first_byte", &byte);
	return place_of_mirror(tab, devid, mirror, (unsigned)byte, place);
}

/* Whether there is no such place without a block group. */
static bool of_a_group(enum where where)
{
	switch (where) {
	case AT_HEADER:
	case AT_INODE:
	case AT_FILE_EXTENT:
	case AT_CHUNK:
	case AT_EXTENT:
	case AT_BLOCK:
	case AT_FREE_SPACE_ITEM:
	case AT_ROOT_ITEM:
	case AT_TREES:
	case AT_SUPER:
	case AT_MIRROR:
		return false;
	default:
		return true;
	}
}

bool finding_place(const struct tab *tab, const struct fsr_finding *finding, struct place *place)
{
	struct subject subject;

	if (!finding_subject(tab, finding, &subject))
		return false;
	if (subject.group)
		place->group = place->address = subject.group->bytenr;
	else if (of_a_group(subject.where))
		return false;
	switch (subject.where) {
	case AT_DIFFERENCE:
		return place_of_difference(tab, subject.group, place);
	case AT_GROUP:
		place_of_address(subject.group->bytenr, subject.group->bytenr, place);
		return true;
	case AT_SUPER:
		place_of_super(place);
		return true;
	case AT_MIRROR:
		return mirror_place(tab, finding, subject.number, place);
	case AT_TREES:
		place_of_super(place);
		place->target = TARGET_TREES;
		return true;
	case AT_PAGE:
	case AT_PAGE_STAMP:
	case AT_ENTRY:
	case AT_ENTRY_NUMBER:
	case AT_FIRST_ENTRY:
	case AT_BITMAP:
		return place_in_cache(tab, finding, &subject, place);
	default:
		return place_in_trees(tab, finding, &subject, place);
	}
}
