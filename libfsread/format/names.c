/* SPDX-License-Identifier: MIT */
/* Words for numbers: the library's own enums, and what stands on disk, as btrfs-progs prints it. */
#include "btrfs.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A word out of a table that is indexed by the number; NULL outside. */
#define LOOK_UP(table, i) ((size_t)(i) < COUNT(table) ? (table)[i] : NULL)

/* ---- the library's own words */

static const struct {
	const char *name, *meaning;
} states[FSR_STATE_COUNT] = {
	[FSR_STATE_NONE] = {"NONE",
		"no cache, and none is due: v2 or no cache is in use, or the block group is not "
		"eligible (under 100 MiB, or too large for one page of checksums)"},
	[FSR_STATE_CLEAR] = {"CLEAR", "eligible, but there is no header item yet"},
	[FSR_STATE_SETUP] = {"SETUP",
		"header and inode are there, the inode's generation is 0: nothing valid in it "
		"(set up, discarded, or no space was found)"},
	[FSR_STATE_NEED_WRITE] = {"NEED_WRITE",
		"a cache is there but must be written again: stamps disagree, a page "
		"fails, the total or the layout is wrong"},
	[FSR_STATE_ERROR] = {"ERROR",
		"a header is there but the structure behind it is broken or unlawful: no inode, "
		"no extent, an impossible size or count, a shared inode"},
	[FSR_STATE_WRITTEN] = {"WRITTEN",
		"complete and equal to the recomputed free space, without a danger or an "
		"error"},
	[FSR_STATE_UNKNOWN] = {"UNKNOWN", "can't be judged: what it takes can't be read"},
};

const char *fsr_state_name(enum fsr_state state)
{
	return (unsigned)state < FSR_STATE_COUNT ? states[state].name : NULL;
}

const char *fsr_state_meaning(enum fsr_state state)
{
	return (unsigned)state < FSR_STATE_COUNT ? states[state].meaning : NULL;
}

const char *fsr_verdict_name(enum fsr_verdict verdict)
{
	static const char *const names[FSR_VERDICT_COUNT] = {
		[FSR_VERDICT_NOT_LOADED] = "not-loaded",
		[FSR_VERDICT_IGNORED] = "ignored",
		[FSR_VERDICT_REFUSED] = "refused",
		[FSR_VERDICT_ACCEPTED] = "accepted",
		[FSR_VERDICT_CRASHES] = "crashes",
		[FSR_VERDICT_UNKNOWN] = "unknown",
	};

	return LOOK_UP(names, verdict);
}

const char *fsr_relation_name(enum fsr_relation relation)
{
	static const char *const names[] = {
		[FSR_RELATION_EQUAL] = "equal",
		[FSR_RELATION_SHORT] = "short",
		[FSR_RELATION_EXCESS] = "excess",
		[FSR_RELATION_MISPLACED] = "misplaced",
	};

	return LOOK_UP(names, relation);
}

const char *fsr_severity_name(enum fsr_severity severity)
{
	static const char *const names[] = {
		[FSR_SEVERITY_NOTE] = "note",
		[FSR_SEVERITY_WARNING] = "warning",
		[FSR_SEVERITY_ERROR] = "error",
		[FSR_SEVERITY_DANGER] = "danger",
	};

	return LOOK_UP(names, severity);
}

const char *fsr_space_cache_name(enum fsr_space_cache kind)
{
	static const char *const names[] = {
		[FSR_SPACE_CACHE_NONE] = "none",
		[FSR_SPACE_CACHE_V1] = "v1",
		[FSR_SPACE_CACHE_V2] = "v2",
	};

	return LOOK_UP(names, kind);
}

const char *fsr_page_kind_name(enum fsr_page_kind kind)
{
	static const char *const names[] = {
		[FSR_PAGE_ENTRIES] = "entries",
		[FSR_PAGE_BITMAP] = "bitmap",
		[FSR_PAGE_FIRST_UNUSED] = "first-unused",
		[FSR_PAGE_UNUSED] = "unused",
		[FSR_PAGE_UNREADABLE] = "unreadable",
	};

	return LOOK_UP(names, kind);
}

const char *fsr_step_meaning(int step)
{
	static const char *const meanings[] = {
		[1] = "the mount uses the v1 cache",
		[2] = "the block group is neither empty nor full",
		[3] = "cache_generation is the filesystem's generation",
		[4] = "a header item exists",
		[5] = "the header's inode can be read",
		[6] = "the inode has the flags NODATASUM and NODATACOW",
		[7] = "the inode's size is not 0",
		[8] = "the inode's generation is not 0",
		[9] = "the generations of inode and header are equal",
		[10] = "the header counts at least one entry",
		[11] = "all pages of the cache can be read",
		[12] = "the checksum of page 0 is right",
		[13] = "the generation in page 0 is the header's",
		[14] = "each further page of entries exists and its checksum is right",
		[15] = "no entry has 0 bytes",
		[16] = "no two entries of one kind begin at the same address",
		[17] = "an entry is an extent (type 1) or, with any other type, a bitmap",
		[18] = "there are no more bitmaps than the block group can need (only logged)",
		[19] = "each bitmap's page exists and its checksum is right",
		[20] = "the entries add up to length less used less super stripes",
		[21] = "each entry can be inserted into the free space in memory",
	};

	return step < 0 ? NULL : LOOK_UP(meanings, step);
}

/* ---- numbers on disk */

/* Objectids from -256 up, by their distance from 2^64. */
static const char *const high_objectids[] = {
	[4] = "BALANCE",
	[5] = "ORPHAN",
	[6] = "TREE_LOG",
	[7] = "TREE_LOG_FIXUP",
	[8] = "TREE_RELOC",
	[9] = "DATA_RELOC_TREE",
	[10] = "EXTENT_CSUM",
	[11] = "FREE_SPACE",
	[12] = "FREE_INO",
	[13] = "CSUM_CHANGE",
	[255] = "MULTIPLE",
};

static const char *const low_objectids[] = {
	[1] = "ROOT_TREE",
	[2] = "EXTENT_TREE",
	[3] = "CHUNK_TREE",
	[4] = "DEV_TREE",
	[5] = "FS_TREE",
	[6] = "ROOT_TREE_DIR",
	[7] = "CSUM_TREE",
	[8] = "QUOTA_TREE",
	[9] = "UUID_TREE",
	[10] = "FREE_SPACE_TREE",
	[11] = "BLOCK_GROUP_TREE",
	[12] = "RAID_STRIPE_TREE",
	[13] = "REMAP_TREE",
};

const char *fsr_objectid_name(uint64_t objectid)
{
	if (objectid > UINT64_MAX / 2)
		return LOOK_UP(high_objectids, -objectid);
	return LOOK_UP(low_objectids, objectid);
}

/* Key types whose objectid is an address, a device or half an UUID: a small number there is no name. */
static bool objectid_is_plain(uint8_t type)
{
	switch (type) {
	case KEY_EXTENT_ITEM:
	case KEY_METADATA_ITEM:
	case KEY_EXTENT_OWNER_REF:
	case KEY_TREE_BLOCK_REF:
	case KEY_EXTENT_DATA_REF:
	case KEY_SHARED_BLOCK_REF:
	case KEY_SHARED_DATA_REF:
	case KEY_BLOCK_GROUP_ITEM:
	case KEY_FREE_SPACE_INFO:
	case KEY_FREE_SPACE_EXTENT:
	case KEY_FREE_SPACE_BITMAP:
	case KEY_DEV_EXTENT:
	case KEY_UUID_SUBVOL:
	case KEY_UUID_RECEIVED_SUBVOL:
		return true;
	default:
		return false;
	}
}

const char *fsr_key_objectid_name(const struct fsr_key *key)
{
	if (key->type == KEY_DEV_ITEM && key->objectid == DEV_ITEMS_OBJECTID)
		return "DEV_ITEMS";
	if (key->type == KEY_CHUNK_ITEM && key->objectid == FIRST_CHUNK_TREE_OBJECTID)
		return "FIRST_CHUNK_TREE";
	if (key->type == KEY_PERSISTENT_ITEM && !key->objectid)
		return "DEV_STATS";
	return objectid_is_plain(key->type) ? NULL : fsr_objectid_name(key->objectid);
}

const char *fsr_key_type_name(uint8_t type)
{
	static const char *const names[256] = {
		[KEY_UNTYPED] = "UNTYPED",
		[KEY_INODE_ITEM] = "INODE_ITEM",
		[KEY_INODE_REF] = "INODE_REF",
		[KEY_INODE_EXTREF] = "INODE_EXTREF",
		[KEY_XATTR_ITEM] = "XATTR_ITEM",
		[KEY_VERITY_DESC_ITEM] = "VERITY_DESC_ITEM",
		[KEY_VERITY_MERKLE_ITEM] = "VERITY_MERKLE_ITEM",
		[KEY_ORPHAN_ITEM] = "ORPHAN_ITEM",
		[KEY_DIR_LOG_ITEM] = "DIR_LOG_ITEM",
		[KEY_DIR_LOG_INDEX] = "DIR_LOG_INDEX",
		[KEY_DIR_ITEM] = "DIR_ITEM",
		[KEY_DIR_INDEX] = "DIR_INDEX",
		[KEY_EXTENT_DATA] = "EXTENT_DATA",
		[KEY_EXTENT_CSUM] = "EXTENT_CSUM",
		[KEY_ROOT_ITEM] = "ROOT_ITEM",
		[KEY_ROOT_BACKREF] = "ROOT_BACKREF",
		[KEY_ROOT_REF] = "ROOT_REF",
		[KEY_EXTENT_ITEM] = "EXTENT_ITEM",
		[KEY_METADATA_ITEM] = "METADATA_ITEM",
		[KEY_EXTENT_OWNER_REF] = "EXTENT_OWNER_REF",
		[KEY_TREE_BLOCK_REF] = "TREE_BLOCK_REF",
		[KEY_EXTENT_DATA_REF] = "EXTENT_DATA_REF",
		[KEY_SHARED_BLOCK_REF] = "SHARED_BLOCK_REF",
		[KEY_SHARED_DATA_REF] = "SHARED_DATA_REF",
		[KEY_BLOCK_GROUP_ITEM] = "BLOCK_GROUP_ITEM",
		[KEY_FREE_SPACE_INFO] = "FREE_SPACE_INFO",
		[KEY_FREE_SPACE_EXTENT] = "FREE_SPACE_EXTENT",
		[KEY_FREE_SPACE_BITMAP] = "FREE_SPACE_BITMAP",
		[KEY_DEV_EXTENT] = "DEV_EXTENT",
		[KEY_DEV_ITEM] = "DEV_ITEM",
		[KEY_CHUNK_ITEM] = "CHUNK_ITEM",
		[KEY_RAID_STRIPE] = "RAID_STRIPE",
		[KEY_QGROUP_STATUS] = "QGROUP_STATUS",
		[KEY_QGROUP_INFO] = "QGROUP_INFO",
		[KEY_QGROUP_LIMIT] = "QGROUP_LIMIT",
		[KEY_QGROUP_RELATION] = "QGROUP_RELATION",
		[KEY_TEMPORARY_ITEM] = "TEMPORARY_ITEM",
		[KEY_PERSISTENT_ITEM] = "PERSISTENT_ITEM",
		[KEY_DEV_REPLACE] = "DEV_REPLACE",
		[KEY_UUID_SUBVOL] = "UUID_KEY_SUBVOL",
		[KEY_UUID_RECEIVED_SUBVOL] = "UUID_KEY_RECEIVED_SUBVOL",
		[KEY_STRING_ITEM] = "STRING_ITEM",
	};

	return names[type];
}

const char *fsr_profile_name(uint64_t flags)
{
	switch (flags & BLOCK_GROUP_PROFILE_MASK) {
	case 0:
		return "single";
	case BLOCK_GROUP_RAID0:
		return "RAID0";
	case BLOCK_GROUP_RAID1:
		return "RAID1";
	case BLOCK_GROUP_DUP:
		return "DUP";
	case BLOCK_GROUP_RAID10:
		return "RAID10";
	case BLOCK_GROUP_RAID5:
		return "RAID5";
	case BLOCK_GROUP_RAID6:
		return "RAID6";
	case BLOCK_GROUP_RAID1C3:
		return "RAID1C3";
	case BLOCK_GROUP_RAID1C4:
		return "RAID1C4";
	default:
		return NULL;
	}
}

const char *fsr_csum_type_name(unsigned csum_type)
{
	static const char *const names[] = {"crc32c", "xxhash64", "sha256", "blake2"};

	return LOOK_UP(names, csum_type);
}

const char *fsr_type_name(uint64_t flag)
{
	switch (flag) {
	case BLOCK_GROUP_DATA:
		return "DATA";
	case BLOCK_GROUP_SYSTEM:
		return "SYSTEM";
	case BLOCK_GROUP_METADATA:
		return "METADATA";
	default:
		return NULL;
	}
}

const char *fsr_incompat_name(unsigned bit)
{
	static const char *const names[] = {
		"MIXED_BACKREF",
		"DEFAULT_SUBVOL",
		"MIXED_GROUPS",
		"COMPRESS_LZO",
		"COMPRESS_ZSTD",
		"BIG_METADATA",
		"EXTENDED_IREF",
		"RAID56",
		"SKINNY_METADATA",
		"NO_HOLES",
		"METADATA_UUID",
		"RAID1C34",
		"ZONED",
		"EXTENT_TREE_V2",
		"RAID_STRIPE_TREE",
		NULL,
		"SIMPLE_QUOTA",
		"REMAP_TREE",
	};

	return LOOK_UP(names, bit);
}

const char *fsr_compat_ro_name(unsigned bit)
{
	static const char *const names[] = {
		"FREE_SPACE_TREE",
		"FREE_SPACE_TREE_VALID",
		"VERITY",
		"BLOCK_GROUP_TREE",
	};

	return LOOK_UP(names, bit);
}
