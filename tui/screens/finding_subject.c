/* SPDX-License-Identifier: MIT */
#include "finding_subject.h"

#include "words.h"

#include <inttypes.h>
#include <string.h>

static const uint8_t where_table[FSR_FINDING_COUNT] = {
	[FSR_FINDING_CACHE_ABSENT] = AT_GROUP,
	[FSR_FINDING_CACHE_DISCARDED] = AT_INODE,
	[FSR_FINDING_CACHE_INODE_MISSING] = AT_HEADER,
	[FSR_FINDING_CACHE_INODE_UNLAWFUL] = AT_INODE,
	[FSR_FINDING_CACHE_OLD_FORMAT] = AT_INODE,
	[FSR_FINDING_CACHE_SIZE_ZERO] = AT_INODE,
	[FSR_FINDING_CACHE_STAMPS] = AT_INODE,
	[FSR_FINDING_CACHE_NO_ENTRIES] = AT_HEADER,
	[FSR_FINDING_CACHE_UNREADABLE] = AT_FILE_EXTENT,
	[FSR_FINDING_CACHE_NO_EXTENT] = AT_FILE_EXTENT,
	[FSR_FINDING_CACHE_CRC] = AT_PAGE,
	[FSR_FINDING_CACHE_PAGE_STAMP] = AT_PAGE_STAMP,
	[FSR_FINDING_CACHE_OVERRUN] = AT_HEADER,
	[FSR_FINDING_CACHE_ZERO_ENTRY] = AT_ENTRY_NUMBER,
	[FSR_FINDING_CACHE_DUPLICATE] = AT_ENTRY_NUMBER,
	[FSR_FINDING_CACHE_ENTRY_TYPE] = AT_FIRST_ENTRY,
	[FSR_FINDING_CACHE_MANY_BITMAPS] = AT_FIRST_ENTRY,
	[FSR_FINDING_CACHE_TOTAL] = AT_DIFFERENCE,
	[FSR_FINDING_CACHE_INSERT] = AT_ENTRY,
	[FSR_FINDING_CACHE_CRASH_PAGES] = AT_INODE,
	[FSR_FINDING_CACHE_CRASH_MODE] = AT_INODE,
	[FSR_FINDING_CACHE_CRASH_WRAP] = AT_ENTRY,
	[FSR_FINDING_CACHE_CRASH_ENTRIES] = AT_HEADER,
	[FSR_FINDING_CONTENT_EXCESS] = AT_DIFFERENCE,
	[FSR_FINDING_CONTENT_MISPLACED] = AT_DIFFERENCE,
	[FSR_FINDING_CONTENT_SHORT] = AT_DIFFERENCE,
	[FSR_FINDING_CONTENT_OUTSIDE] = AT_ENTRY,
	[FSR_FINDING_CONTENT_UNALIGNED] = AT_ENTRY,
	[FSR_FINDING_CONTENT_OVERLAP] = AT_ENTRY,
	[FSR_FINDING_CONTENT_BITMAP_COUNT] = AT_ENTRY,
	[FSR_FINDING_CONTENT_BITMAP_GRID] = AT_ENTRY,
	[FSR_FINDING_CONTENT_BITMAP_ENDIAN] = AT_BITMAP,
	[FSR_FINDING_CACHE_NUM_BITMAPS] = AT_HEADER,
	[FSR_FINDING_CACHE_LOCATION] = AT_HEADER,
	[FSR_FINDING_CACHE_INLINE_EXTENT] = AT_FILE_EXTENT,
	[FSR_FINDING_CACHE_FUTURE_STAMP] = AT_HEADER,
	[FSR_FINDING_CACHE_SHARED_INODE] = AT_INODE,
	[FSR_FINDING_CACHE_SMALL_GROUP] = AT_HEADER,
	[FSR_FINDING_CACHE_ORPHAN_HEADER] = AT_HEADER,
	[FSR_FINDING_CACHE_ORPHAN_INODE] = AT_INODE,
	[FSR_FINDING_CACHE_GENERATION] = AT_SUPER,
	[FSR_FINDING_CACHE_STALE_DANGER] = AT_DIFFERENCE,
	[FSR_FINDING_CACHE_COPIES_DIFFER] = AT_PAGE,
	[FSR_FINDING_CACHE_LEFT_OVER] = AT_HEADER,
	[FSR_FINDING_CACHE_UNUSED_WRONG] = AT_HEADER,
	[FSR_FINDING_GROUP_USED] = AT_GROUP_ITEM,
	[FSR_FINDING_GROUP_OVERLAP] = AT_EXTENT,
	[FSR_FINDING_GROUP_OUTSIDE] = AT_EXTENT,
	[FSR_FINDING_GROUP_UNREADABLE] = AT_BLOCK,
	[FSR_FINDING_GROUP_HEADER_HIDDEN] = AT_BLOCK,
	[FSR_FINDING_GROUP_ITEM_MISSING] = AT_CHUNK,
	[FSR_FINDING_GROUP_CHUNK] = AT_CHUNK,
	[FSR_FINDING_GROUP_HIDDEN] = AT_BLOCK,
	[FSR_FINDING_EXTENT_STRAY] = AT_EXTENT,
	[FSR_FINDING_FST_INVALID] = AT_SUPER,
	[FSR_FINDING_FST_UNREADABLE] = AT_BLOCK,
	[FSR_FINDING_FST_INFO] = AT_FREE_SPACE_INFO,
	[FSR_FINDING_FST_COUNT] = AT_FREE_SPACE_INFO,
	[FSR_FINDING_FST_ITEM] = AT_FREE_SPACE_ITEM,
	[FSR_FINDING_FST_STRAY] = AT_FREE_SPACE_ITEM,
	[FSR_FINDING_FST_CRASH_FLAGS] = AT_FREE_SPACE_INFO,
	[FSR_FINDING_FST_EXCESS] = AT_DIFFERENCE,
	[FSR_FINDING_FST_SHORT] = AT_DIFFERENCE,
	[FSR_FINDING_LOG_TREE] = AT_BLOCK,
	[FSR_FINDING_LOG_UNREADABLE] = AT_BLOCK,
	[FSR_FINDING_SUPER_MIRROR] = AT_MIRROR,
	[FSR_FINDING_SUPER_PRIMARY] = AT_MIRROR,
	[FSR_FINDING_SUPER_DIFFERS] = AT_MIRROR,
	[FSR_FINDING_SUPER_RULE] = AT_SUPER,
	[FSR_FINDING_SUPER_BYTES_USED] = AT_SUPER,
	[FSR_FINDING_DEVICE_MISSING] = AT_SUPER,
	[FSR_FINDING_DEVICE_DIFFERS] = AT_SUPER,
	[FSR_FINDING_TREE_BLOCK_COPY] = AT_BLOCK,
	[FSR_FINDING_TREE_BLOCK] = AT_BLOCK,
	[FSR_FINDING_TREE_ORDER] = AT_BLOCK,
	[FSR_FINDING_CHUNK_BAD] = AT_CHUNK,
	[FSR_FINDING_DEV_EXTENT] = AT_CHUNK,
	[FSR_FINDING_ROOT_BAD] = AT_ROOT_ITEM,
	[FSR_FINDING_MOUNT_LOOKUP] = AT_TREES,
	[FSR_FINDING_IMAGE_IN_USE] = NOWHERE,
	[FSR_FINDING_IMAGE_UNREAD] = NOWHERE,
	[FSR_FINDING_IMAGE_IS_DUMP] = NOWHERE,
	[FSR_FINDING_FINDINGS_CUT] = NOWHERE,
};

bool finding_detail(const struct fsr_finding *finding, const char *name, uint64_t *value)
{
	for (unsigned i = 0; i < finding->ndetails && i < FSR_MAX_DETAILS; i++)
		if (!strcmp(finding->details[i].name, name)) {
			*value = finding->details[i].value;
			return true;
		}
	return false;
}

/* The first of these names that the finding has. */
static bool one_of(const struct fsr_finding *finding, const char *const *names, uint64_t *value)
{
	for (; *names; names++)
		if (finding_detail(finding, *names, value))
			return true;
	return false;
}

static const char *const block_names[] = {"tree_block", "bytenr", "log_root", NULL};
static const char *const chunk_names[] = {"chunk", "bytenr", NULL};

/* What has to be known besides the block group's record; false: the finding lacks it. */
static bool number_of(const struct fsr_finding *finding, struct subject *subject)
{
	const struct fsr_group *group = subject->group;
	uint64_t *number = &subject->number;

	switch (subject->where) {
	case AT_HEADER:
		*number = group ? group->bytenr : 0;
		return group || finding_detail(finding, "bytenr", number);
	case AT_INODE:
	case AT_FILE_EXTENT:
		*number = group ? group->cache.inode : 0;
		return finding_detail(finding, "inode", number) || (group && group->has_cache);
	case AT_PAGE:
		finding_detail(finding, "page", number);
		return group;
	case AT_ENTRY_NUMBER:
		return group && finding_detail(finding, "entry", number);
	case AT_ENTRY:
		return group && finding_detail(finding, "bytenr", number);
	case AT_EXTENT:
		return finding_detail(finding, "bytenr", number);
	case AT_BLOCK:
		return one_of(finding, block_names, number);
	case AT_CHUNK:
		*number = group ? group->bytenr : 0;
		return group || one_of(finding, chunk_names, number);
	case AT_FREE_SPACE_ITEM:
		return finding_detail(finding, "objectid", number);
	case AT_ROOT_ITEM:
		return finding_detail(finding, "tree", number);
	case AT_MIRROR:
		return finding_detail(finding, "mirror", number);
	case AT_TREES:
	case AT_SUPER:
		return true;
	default:
		return group;
	}
}

/* A finding that speaks of a difference where there is none: what is wrong then is what was compared with. */
static void look_elsewhere(
	const struct fsr_finding *finding, const struct record *record, struct subject *subject)
{
	uint64_t excess = 0, missing = 0;
	bool compared = finding_detail(finding, "excess_bytes", &excess);

	finding_detail(finding, "missing_bytes", &missing);
	compared = compared || record_differences(record, &excess, &missing);
	if (compared && !excess && !missing)
		subject->where = AT_GROUP_ITEM;
}

bool finding_subject(const struct tab *tab, const struct fsr_finding *finding, struct subject *subject)
{
	const struct record *record =
		finding->block_group == FSR_NO_BYTENR ? NULL : tab_record(tab, finding->block_group);

	*subject = (struct subject){.where = (unsigned)finding->code < FSR_FINDING_COUNT
						     ? (enum where)where_table[finding->code]
						     : NOWHERE,
		.group = record ? &record->group : NULL};
	if (!number_of(finding, subject)) /* what damage has left without a better place */
		subject->where = finding->code == FSR_FINDING_ROOT_BAD || subject->where == AT_CHUNK
					 ? AT_TREES
					 : NOWHERE;
	if (subject->where == AT_DIFFERENCE)
		look_elsewhere(finding, record, subject);
	return subject->where != NOWHERE && (tab_has_image(tab) || subject->where == AT_DIFFERENCE);
}

const char *finding_place_text(const struct tab *tab, const struct fsr_finding *finding, char out[PLACE_TEXT])
{
	static const struct {
		const char *text;
		bool numbered;
	} texts[] = {
		[AT_HEADER] = {"root tree, header item of block group", true},
		[AT_INODE] = {"root tree, inode item", true},
		[AT_FILE_EXTENT] = {"root tree, extent of inode", true},
		[AT_PAGE] = {"cache, page", true},
		[AT_PAGE_STAMP] = {"cache, generation in page 0", false},
		[AT_ENTRY_NUMBER] = {"cache, entry", true},
		[AT_ENTRY] = {"cache, entry that has address", true},
		[AT_FIRST_ENTRY] = {"cache, first entry", false},
		[AT_BITMAP] = {"cache, first bitmap", false},
		[AT_DIFFERENCE] = {"the first range that differs", false},
		[AT_GROUP] = {"the block group's bytes", false},
		[AT_GROUP_ITEM] = {"block group item", false},
		[AT_CHUNK] = {"chunk tree, chunk", true},
		[AT_EXTENT] = {"extent tree, extent at", true},
		[AT_BLOCK] = {"tree block", true},
		[AT_FREE_SPACE_INFO] = {"free space tree, info item", false},
		[AT_FREE_SPACE_ITEM] = {"free space tree, item of", true},
		[AT_ROOT_ITEM] = {"root tree, root item of tree", true},
		[AT_TREES] = {"the list of trees", false},
		[AT_SUPER] = {"superblock", false},
		[AT_MIRROR] = {"superblock, mirror", true},
	};
	struct subject subject;

	*out = 0;
	if (!finding_subject(tab, finding, &subject))
		return out;
	if (texts[subject.where].numbered)
		snprintf(out, PLACE_TEXT, "%s %" PRIu64, texts[subject.where].text, subject.number);
	else
		snprintf(out, PLACE_TEXT, "%s", texts[subject.where].text);
	return out;
}
