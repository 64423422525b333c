/* SPDX-License-Identifier: MIT */
/*
 * On-disk constants and accessors of btrfs. Offsets are those of the format
 * description in docs/format.md (D2, D3); every integer on disk is little-endian
 * and unaligned.
 */
#ifndef FSREAD_FORMAT_BTRFS_H
#define FSREAD_FORMAT_BTRFS_H

#include "../fsread.h"

#include <endian.h>
#include <string.h>

static inline uint16_t get16(const void *p)
{
	uint16_t v;
	memcpy(&v, p, sizeof v);
	return le16toh(v);
}

static inline uint32_t get32(const void *p)
{
	uint32_t v;
	memcpy(&v, p, sizeof v);
	return le32toh(v);
}

static inline uint64_t get64(const void *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof v);
	return le64toh(v);
}

#define KIB (UINT64_C(1) << 10)
#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

/* ---- superblock (D2) */
#define SUPER_SIZE 4096u
#define SUPER_MAGIC "_BHRfS_M"
#define SUPER_MIRRORS 3u
enum super_field {
	SUPER_CSUM = 0,
	SUPER_FSID = 0x20,
	SUPER_BYTENR = 0x30,
	SUPER_FLAGS = 0x38,
	SUPER_MAGIC_AT = 0x40,
	SUPER_GENERATION = 0x48,
	SUPER_ROOT = 0x50,
	SUPER_CHUNK_ROOT = 0x58,
	SUPER_LOG_ROOT = 0x60,
	SUPER_TOTAL_BYTES = 0x70,
	SUPER_BYTES_USED = 0x78,
	SUPER_ROOT_DIR = 0x80,
	SUPER_NUM_DEVICES = 0x88,
	SUPER_SECTORSIZE = 0x90,
	SUPER_NODESIZE = 0x94,
	SUPER_LEAFSIZE = 0x98,
	SUPER_STRIPESIZE = 0x9c,
	SUPER_SYS_ARRAY_SIZE = 0xa0,
	SUPER_CHUNK_ROOT_GENERATION = 0xa4,
	SUPER_COMPAT = 0xac,
	SUPER_COMPAT_RO = 0xb4,
	SUPER_INCOMPAT = 0xbc,
	SUPER_CSUM_TYPE = 0xc4,
	SUPER_ROOT_LEVEL = 0xc6,
	SUPER_CHUNK_ROOT_LEVEL = 0xc7,
	SUPER_LOG_ROOT_LEVEL = 0xc8,
	SUPER_DEV_ITEM = 0xc9,
	SUPER_LABEL = 0x12b,
	SUPER_CACHE_GENERATION = 0x22b,
	SUPER_UUID_TREE_GENERATION = 0x233,
	SUPER_METADATA_UUID = 0x23b,
	SUPER_SYS_ARRAY = 0x32b,
	SUPER_BACKUPS = 0xb2b
};
#define SUPER_LABEL_SIZE 256u
#define SUPER_SYS_ARRAY_MAX 2048u
#define SUPER_BACKUP_SIZE 168u
#define SUPER_BACKUP_COUNT 4u

#define INCOMPAT_MIXED_GROUPS (UINT64_C(1) << 2)
#define INCOMPAT_RAID56 (UINT64_C(1) << 7)
#define INCOMPAT_SKINNY_METADATA (UINT64_C(1) << 8)
#define INCOMPAT_NO_HOLES (UINT64_C(1) << 9)
#define INCOMPAT_METADATA_UUID (UINT64_C(1) << 10)
#define INCOMPAT_ZONED (UINT64_C(1) << 12)
#define INCOMPAT_EXTENT_TREE_V2 (UINT64_C(1) << 13)
#define INCOMPAT_RAID_STRIPE_TREE (UINT64_C(1) << 14)
#define INCOMPAT_SIMPLE_QUOTA (UINT64_C(1) << 16)
#define INCOMPAT_REMAP_TREE (UINT64_C(1) << 17)
#define COMPAT_RO_FREE_SPACE_TREE (UINT64_C(1) << 0)
#define COMPAT_RO_FREE_SPACE_TREE_VALID (UINT64_C(1) << 1)
#define COMPAT_RO_VERITY (UINT64_C(1) << 2)
#define COMPAT_RO_BLOCK_GROUP_TREE (UINT64_C(1) << 3)
#define SUPER_FLAG_SEEDING (UINT64_C(1) << 32)

/* ---- tree blocks (D3) */
#define HEADER_SIZE 101u
#define LEAF_ITEM_SIZE 25u
#define NODE_PTR_SIZE 33u
#define DISK_KEY_SIZE 17u
#define MAX_LEVEL 8u
enum header_field {
	HEADER_CSUM = 0,
	HEADER_FSID = 32,
	HEADER_BYTENR = 48,
	HEADER_FLAGS = 56,
	HEADER_CHUNK_TREE_UUID = 64,
	HEADER_GENERATION = 80,
	HEADER_OWNER = 88,
	HEADER_NRITEMS = 96,
	HEADER_LEVEL = 100
};
#define HEADER_FLAG_WRITTEN (UINT64_C(1) << 0)
#define HEADER_FLAG_RELOC (UINT64_C(1) << 1)

static inline uint32_t block_nritems(const uint8_t *block)
{
	return get32(block + HEADER_NRITEMS);
}
static inline uint8_t block_level(const uint8_t *block)
{
	return block[HEADER_LEVEL];
}
static inline uint64_t block_generation(const uint8_t *b)
{
	return get64(b + HEADER_GENERATION);
}
static inline uint64_t block_owner(const uint8_t *b)
{
	return get64(b + HEADER_OWNER);
}

static inline struct fsr_key get_key(const uint8_t *p)
{
	return (struct fsr_key){get64(p), p[8], get64(p + 9)};
}

static inline int key_cmp(const struct fsr_key *a, const struct fsr_key *b)
{
	if (a->objectid != b->objectid)
		return a->objectid < b->objectid ? -1 : 1;
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return 0;
}

/* Slot i of a leaf: its 25 bytes of key, offset and size. */
static inline const uint8_t *leaf_item(const uint8_t *leaf, uint32_t i)
{
	return leaf + HEADER_SIZE + (size_t)i * LEAF_ITEM_SIZE;
}
static inline uint32_t leaf_item_offset(const uint8_t *leaf, uint32_t i)
{
	return get32(leaf_item(leaf, i) + 17);
}
static inline uint32_t leaf_item_size(const uint8_t *leaf, uint32_t i)
{
	return get32(leaf_item(leaf, i) + 21);
}
static inline const uint8_t *leaf_item_data(const uint8_t *leaf, uint32_t i)
{
	return leaf + HEADER_SIZE + leaf_item_offset(leaf, i);
}
/* Pointer i of a node: key, block, generation. */
static inline const uint8_t *node_ptr(const uint8_t *node, uint32_t i)
{
	return node + HEADER_SIZE + (size_t)i * NODE_PTR_SIZE;
}
static inline uint64_t node_blockptr(const uint8_t *node, uint32_t i)
{
	return get64(node_ptr(node, i) + 17);
}
static inline uint64_t node_ptr_generation(const uint8_t *n, uint32_t i)
{
	return get64(node_ptr(n, i) + 25);
}

/* ---- objectids and key types */
#define ROOT_TREE_OBJECTID UINT64_C(1)
#define BTREE_INODE_OBJECTID UINT64_C(1) /* only in Linux' memory: all tree blocks */
#define EXTENT_TREE_OBJECTID UINT64_C(2)
#define CHUNK_TREE_OBJECTID UINT64_C(3)
#define DEV_TREE_OBJECTID UINT64_C(4)
#define FS_TREE_OBJECTID UINT64_C(5)
#define ROOT_TREE_DIR_OBJECTID UINT64_C(6)
#define CSUM_TREE_OBJECTID UINT64_C(7)
#define QUOTA_TREE_OBJECTID UINT64_C(8)
#define UUID_TREE_OBJECTID UINT64_C(9)
#define FREE_SPACE_TREE_OBJECTID UINT64_C(10)
#define BLOCK_GROUP_TREE_OBJECTID UINT64_C(11)
#define RAID_STRIPE_TREE_OBJECTID UINT64_C(12)
#define REMAP_TREE_OBJECTID UINT64_C(13)
#define FIRST_FREE_OBJECTID UINT64_C(256)
#define LAST_FREE_OBJECTID ((uint64_t)-256)
#define FIRST_CHUNK_TREE_OBJECTID UINT64_C(256)
#define DEV_ITEMS_OBJECTID UINT64_C(1)
#define BALANCE_OBJECTID ((uint64_t)-4)
#define ORPHAN_OBJECTID ((uint64_t)-5)
#define TREE_LOG_OBJECTID ((uint64_t)-6)
#define TREE_LOG_FIXUP_OBJECTID ((uint64_t)-7)
#define TREE_RELOC_OBJECTID ((uint64_t)-8)
#define DATA_RELOC_TREE_OBJECTID ((uint64_t)-9)
#define EXTENT_CSUM_OBJECTID ((uint64_t)-10)
#define FREE_SPACE_OBJECTID ((uint64_t)-11)
#define FREE_INO_OBJECTID ((uint64_t)-12)

enum key_type {
	KEY_UNTYPED = 0,
	KEY_INODE_ITEM = 1,
	KEY_INODE_REF = 12,
	KEY_INODE_EXTREF = 13,
	KEY_XATTR_ITEM = 24,
	KEY_VERITY_DESC_ITEM = 36,
	KEY_VERITY_MERKLE_ITEM = 37,
	KEY_ORPHAN_ITEM = 48,
	KEY_DIR_LOG_ITEM = 60,
	KEY_DIR_LOG_INDEX = 72,
	KEY_DIR_ITEM = 84,
	KEY_DIR_INDEX = 96,
	KEY_EXTENT_DATA = 108,
	KEY_EXTENT_CSUM = 128,
	KEY_ROOT_ITEM = 132,
	KEY_ROOT_BACKREF = 144,
	KEY_ROOT_REF = 156,
	KEY_EXTENT_ITEM = 168,
	KEY_METADATA_ITEM = 169,
	KEY_EXTENT_OWNER_REF = 172,
	KEY_TREE_BLOCK_REF = 176,
	KEY_EXTENT_DATA_REF = 178,
	KEY_SHARED_BLOCK_REF = 182,
	KEY_SHARED_DATA_REF = 184,
	KEY_BLOCK_GROUP_ITEM = 192,
	KEY_FREE_SPACE_INFO = 198,
	KEY_FREE_SPACE_EXTENT = 199,
	KEY_FREE_SPACE_BITMAP = 200,
	KEY_DEV_EXTENT = 204,
	KEY_DEV_ITEM = 216,
	KEY_CHUNK_ITEM = 228,
	KEY_RAID_STRIPE = 230,
	KEY_QGROUP_STATUS = 240,
	KEY_QGROUP_INFO = 242,
	KEY_QGROUP_LIMIT = 244,
	KEY_QGROUP_RELATION = 246,
	KEY_TEMPORARY_ITEM = 248,
	KEY_PERSISTENT_ITEM = 249,
	KEY_DEV_REPLACE = 250,
	KEY_UUID_SUBVOL = 251,
	KEY_UUID_RECEIVED_SUBVOL = 252,
	KEY_STRING_ITEM = 253
};

/* ---- items (D3); offsets within the item */
#define INODE_ITEM_SIZE 160u
enum inode_field {
	INODE_GENERATION = 0,
	INODE_TRANSID = 8,
	INODE_SIZE = 16,
	INODE_NBYTES = 24,
	INODE_BLOCK_GROUP = 32,
	INODE_NLINK = 40,
	INODE_UID = 44,
	INODE_GID = 48,
	INODE_MODE = 52,
	INODE_RDEV = 56,
	INODE_FLAGS = 64,
	INODE_SEQUENCE = 72,
	INODE_ATIME = 112,
	INODE_CTIME = 124,
	INODE_MTIME = 136,
	INODE_OTIME = 148
};
#define INODE_FLAG_NODATASUM 1u
#define INODE_FLAG_NODATACOW 2u

#define FILE_EXTENT_INLINE_DATA 21u
#define FILE_EXTENT_SIZE 53u
enum file_extent_field {
	FILE_EXTENT_GENERATION = 0,
	FILE_EXTENT_RAM_BYTES = 8,
	FILE_EXTENT_COMPRESSION = 16,
	FILE_EXTENT_ENCRYPTION = 17,
	FILE_EXTENT_OTHER = 18,
	FILE_EXTENT_TYPE = 20,
	FILE_EXTENT_DISK_BYTENR = 21,
	FILE_EXTENT_DISK_NUM_BYTES = 29,
	FILE_EXTENT_OFFSET = 37,
	FILE_EXTENT_NUM_BYTES = 45
};
enum file_extent_type { FILE_EXTENT_INLINE = 0, FILE_EXTENT_REG = 1, FILE_EXTENT_PREALLOC = 2 };

#define ROOT_ITEM_SIZE 439u
#define ROOT_ITEM_LEGACY_SIZE 239u
enum root_field {
	ROOT_GENERATION = 160,
	ROOT_DIRID = 168,
	ROOT_BYTENR = 176,
	ROOT_BYTES_USED = 192,
	ROOT_LAST_SNAPSHOT = 200,
	ROOT_FLAGS = 208,
	ROOT_REFS = 216,
	ROOT_DROP_PROGRESS = 220,
	ROOT_DROP_LEVEL = 237,
	ROOT_LEVEL = 238,
	ROOT_GENERATION_V2 = 239
};

#define FREE_SPACE_HEADER_SIZE 41u
enum free_space_header_field {
	FREE_SPACE_HEADER_LOCATION = 0,
	FREE_SPACE_HEADER_GENERATION = 17,
	FREE_SPACE_HEADER_ENTRIES = 25,
	FREE_SPACE_HEADER_BITMAPS = 33
};
#define FREE_SPACE_ENTRY_SIZE 17u
enum free_space_entry_type { FREE_SPACE_ENTRY_EXTENT = 1, FREE_SPACE_ENTRY_BITMAP = 2 };
#define FREE_SPACE_INFO_SIZE 8u
#define FREE_SPACE_INFO_USING_BITMAPS 1u
#define FREE_SPACE_BITMAP_MAX 256u
#define CACHE_MIN_GROUP (100 * MIB)

#define BLOCK_GROUP_ITEM_SIZE 24u
enum block_group_field { BLOCK_GROUP_USED = 0, BLOCK_GROUP_CHUNK_OBJECTID = 8, BLOCK_GROUP_FLAGS = 16 };
#define BLOCK_GROUP_DATA (UINT64_C(1) << 0)
#define BLOCK_GROUP_SYSTEM (UINT64_C(1) << 1)
#define BLOCK_GROUP_METADATA (UINT64_C(1) << 2)
#define BLOCK_GROUP_RAID0 (UINT64_C(1) << 3)
#define BLOCK_GROUP_RAID1 (UINT64_C(1) << 4)
#define BLOCK_GROUP_DUP (UINT64_C(1) << 5)
#define BLOCK_GROUP_RAID10 (UINT64_C(1) << 6)
#define BLOCK_GROUP_RAID5 (UINT64_C(1) << 7)
#define BLOCK_GROUP_RAID6 (UINT64_C(1) << 8)
#define BLOCK_GROUP_RAID1C3 (UINT64_C(1) << 9)
#define BLOCK_GROUP_RAID1C4 (UINT64_C(1) << 10)
/* Profiles whose data the raid-stripe-tree places (Linux 6.7 and later) */
#define STRIPE_TREE_PROFILES                                                                                 \
	(BLOCK_GROUP_RAID0 | BLOCK_GROUP_RAID1 | BLOCK_GROUP_DUP | BLOCK_GROUP_RAID10 |                      \
		BLOCK_GROUP_RAID1C3 | BLOCK_GROUP_RAID1C4)
#define BLOCK_GROUP_TYPE_MASK UINT64_C(0x7)
#define BLOCK_GROUP_PROFILE_MASK UINT64_C(0x7f8)
/* Profiles that deal 64 KiB units out to their stripes: RAID0, RAID10, RAID5, RAID6. */
#define BLOCK_GROUP_STRIPED_MASK UINT64_C(0x1c8)

#define CHUNK_ITEM_SIZE 48u /* before the stripes */
#define CHUNK_STRIPE_SIZE 32u
enum chunk_field {
	CHUNK_LENGTH = 0,
	CHUNK_OWNER = 8,
	CHUNK_STRIPE_LEN = 16,
	CHUNK_TYPE = 24,
	CHUNK_IO_ALIGN = 32,
	CHUNK_IO_WIDTH = 36,
	CHUNK_SECTOR_SIZE = 40,
	CHUNK_NUM_STRIPES = 44,
	CHUNK_SUB_STRIPES = 46,
	CHUNK_STRIPES = 48
};
enum chunk_stripe_field { CHUNK_STRIPE_DEVID = 0, CHUNK_STRIPE_OFFSET = 8, CHUNK_STRIPE_UUID = 16 };
#define STRIPE_LEN UINT64_C(65536)

#define DEV_ITEM_SIZE 98u
enum dev_item_field {
	DEV_ITEM_DEVID = 0,
	DEV_ITEM_TOTAL_BYTES = 8,
	DEV_ITEM_BYTES_USED = 16,
	DEV_ITEM_TYPE = 36,
	DEV_ITEM_GENERATION = 44,
	DEV_ITEM_UUID = 66,
	DEV_ITEM_FSID = 82
};

#define DEV_REPLACE_SIZE 72u
enum dev_replace_field { DEV_REPLACE_SOURCE = 0, DEV_REPLACE_STATE = 32 };
enum dev_replace_state { DEV_REPLACE_STARTED = 1, DEV_REPLACE_SUSPENDED = 4 };

#define QGROUP_STATUS_SIZE 32u /* at least */
enum qgroup_status_field {
	QGROUP_STATUS_VERSION = 0,
	QGROUP_STATUS_GENERATION = 8,
	QGROUP_STATUS_FLAGS = 16
};
#define QGROUP_STATUS_SIMPLE (UINT64_C(1) << 3)

#define DEV_EXTENT_SIZE 48u
enum dev_extent_field {
	DEV_EXTENT_CHUNK_TREE = 0,
	DEV_EXTENT_CHUNK_OBJECTID = 8,
	DEV_EXTENT_CHUNK_OFFSET = 16,
	DEV_EXTENT_LENGTH = 24
};

#define INODE_REF_SIZE 10u /* before the name */
enum inode_ref_field { INODE_REF_INDEX = 0, INODE_REF_NAME_LENGTH = 8 };
#define DIR_ITEM_SIZE 30u /* before name and data; an item may hold several */
enum dir_item_field {
	DIR_ITEM_LOCATION = 0,
	DIR_ITEM_TRANSID = 17,
	DIR_ITEM_DATA_LENGTH = 25,
	DIR_ITEM_NAME_LENGTH = 27,
	DIR_ITEM_TYPE = 29
};
enum file_type { FILE_TYPE_UNKNOWN = 0, FILE_TYPE_REGULAR = 1, FILE_TYPE_DIRECTORY = 2, FILE_TYPE_XATTR = 8 };
#define NAME_LENGTH_MAX 255u
#define ROOT_REF_SIZE 18u /* before the name */
enum root_ref_field { ROOT_REF_DIRID = 0, ROOT_REF_SEQUENCE = 8, ROOT_REF_NAME_LENGTH = 16 };

#define EXTENT_ITEM_SIZE 24u
enum extent_item_field { EXTENT_REFS = 0, EXTENT_GENERATION = 8, EXTENT_FLAGS = 16 };
#define EXTENT_FLAG_DATA (UINT64_C(1) << 0)
#define EXTENT_FLAG_TREE_BLOCK (UINT64_C(1) << 1)
#define EXTENT_FLAG_FULL_BACKREF (UINT64_C(1) << 8)
#define TREE_BLOCK_INFO_SIZE 18u

#endif
