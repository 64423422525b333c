/* SPDX-License-Identifier: MIT */
/* The fields of every item type (D3): one table per type, and a function where parts repeat. */
#include "fields.h"

/* ---- words for small numbers */

SYMBOL(file_extent_symbol, "INLINE", "REG", "PREALLOC")
SYMBOL(compression_symbol, "none", "zlib", "lzo", "zstd")

static const char *extent_flags_symbol(uint64_t value)
{
	switch (value & (EXTENT_FLAG_DATA | EXTENT_FLAG_TREE_BLOCK)) {
	case EXTENT_FLAG_DATA:
		return "DATA";
	case EXTENT_FLAG_TREE_BLOCK:
		return value & EXTENT_FLAG_FULL_BACKREF ? "TREE_BLOCK|FULL_BACKREF" : "TREE_BLOCK";
	default:
		return NULL;
	}
}

/* ---- fields at fixed places */

#define INODE_ROWS(prefix)                                                                                   \
	NUMBER(prefix "generation", 0, 8), NUMBER(prefix "transid", 8, 8), NUMBER(prefix "size", 16, 8),     \
		NUMBER(prefix "nbytes", 24, 8), NUMBER(prefix "block_group", 32, 8),                         \
		NUMBER(prefix "nlink", 40, 4), NUMBER(prefix "uid", 44, 4), NUMBER(prefix "gid", 48, 4),     \
		NUMBER(prefix "mode", 52, 4), NUMBER(prefix "rdev", 56, 8), HEX(prefix "flags", 64, 8),      \
		NUMBER(prefix "sequence", 72, 8), BYTES(prefix "reserved", 80, 32),                          \
		TIME(prefix "atime", 112), TIME(prefix "ctime", 124), TIME(prefix "mtime", 136),             \
		TIME(prefix "otime", 148)

static const struct row inode_list[] = {INODE_ROWS("")};

static const struct row root_list[] = {
	INODE_ROWS("inode."),
	NUMBER("generation", 160, 8),
	NUMBER("root_dirid", 168, 8),
	NUMBER("bytenr", 176, 8),
	NUMBER("byte_limit", 184, 8),
	NUMBER("bytes_used", 192, 8),
	NUMBER("last_snapshot", 200, 8),
	HEX("flags", 208, 8),
	NUMBER("refs", 216, 4),
	KEY("drop_progress", 220),
	NUMBER("drop_level", 237, 1),
	NUMBER("level", 238, 1),
	NUMBER("generation_v2", 239, 8), /* a legacy item ends here */
	UUID("uuid", 247),
	UUID("parent_uuid", 263),
	UUID("received_uuid", 279),
	NUMBER("ctransid", 295, 8),
	NUMBER("otransid", 303, 8),
	NUMBER("stransid", 311, 8),
	NUMBER("rtransid", 319, 8),
	TIME("ctime", 327),
	TIME("otime", 339),
	TIME("stime", 351),
	TIME("rtime", 363),
	BYTES("reserved", 375, 64),
};

static const struct row file_extent_list[] = {
	NUMBER("generation", 0, 8),
	NUMBER("ram_bytes", 8, 8),
	WORD("compression", 16, 1, compression_symbol),
	NUMBER("encryption", 17, 1),
	NUMBER("other_encoding", 18, 2),
	WORD("type", 20, 1, file_extent_symbol),
};

static const struct row dir_log_list[] = {NUMBER("end", 0, 8)};

static const struct row extent_list[] = {
	NUMBER("refs", 0, 8),
	NUMBER("generation", 8, 8),
	{"flags", 16, 8, FSR_FIELD_HEX, extent_flags_symbol},
};

static const struct row data_ref_list[] = {
	OBJECTID("root", 0),
	OBJECTID("objectid", 8),
	NUMBER("offset", 16, 8),
	NUMBER("count", 24, 4),
};
static const struct row shared_data_ref_list[] = {NUMBER("count", 0, 4)};
static const struct row root_only_list[] = {OBJECTID("root", 0)};

static const struct row block_group_list[] = {
	NUMBER("used", 0, 8),
	NUMBER("chunk_objectid", 8, 8),
	HEX("flags", 16, 8),
};

static const struct row free_space_header_list[] = {
	KEY("location", 0),
	NUMBER("generation", 17, 8),
	NUMBER("num_entries", 25, 8),
	NUMBER("num_bitmaps", 33, 8),
};

static const struct row free_space_info_list[] = {NUMBER("extent_count", 0, 4), HEX("flags", 4, 4)};

static const struct row chunk_list[] = {
	NUMBER("length", 0, 8),
	OBJECTID("owner", 8),
	NUMBER("stripe_len", 16, 8),
	HEX("type", 24, 8),
	NUMBER("io_align", 32, 4),
	NUMBER("io_width", 36, 4),
	NUMBER("sector_size", 40, 4),
	NUMBER("num_stripes", 44, 2),
	NUMBER("sub_stripes", 46, 2),
};
static const struct row dev_item_list[] = {DEVICE_ROWS("", 0)};

static const struct row dev_extent_list[] = {
	OBJECTID("chunk_tree", 0),
	NUMBER("chunk_objectid", 8, 8),
	NUMBER("chunk_offset", 16, 8),
	NUMBER("length", 24, 8),
	UUID("chunk_tree_uuid", 32),
};

static const struct row dev_stats_list[] = {
	NUMBER("write_errors", 0, 8),
	NUMBER("read_errors", 8, 8),
	NUMBER("flush_errors", 16, 8),
	NUMBER("corruption_errors", 24, 8),
	NUMBER("generation_errors", 32, 8),
};

static const struct row qgroup_status_list[] = {
	NUMBER("version", 0, 8), NUMBER("generation", 8, 8), HEX("flags", 16, 8), NUMBER("rescan", 24, 8),
	NUMBER("enable_generation", 32, 8), /* with simple quotas */
};

static const struct row qgroup_info_list[] = {
	NUMBER("generation", 0, 8),
	NUMBER("referenced", 8, 8),
	NUMBER("referenced_compressed", 16, 8),
	NUMBER("exclusive", 24, 8),
	NUMBER("exclusive_compressed", 32, 8),
};

static const struct row qgroup_limit_list[] = {
	HEX("flags", 0, 8),
	NUMBER("max_referenced", 8, 8),
	NUMBER("max_exclusive", 16, 8),
	NUMBER("reserved_referenced", 24, 8),
	NUMBER("reserved_exclusive", 32, 8),
};

/* ---- all of it */

struct format {
	struct rows rows;
	int (*more)(struct decoder *d);
	const char *bytes; /* the whole item is raw bytes of this name */
};

/* No row at all: raw bytes, by the name "data". */
static const struct format formats[256] = {
	[KEY_INODE_ITEM] = {ROWS(inode_list), NULL, NULL},
	[KEY_INODE_REF] = {{NULL, 0}, decode_inode_ref, NULL},
	[KEY_INODE_EXTREF] = {{NULL, 0}, decode_inode_extref, NULL},
	[KEY_XATTR_ITEM] = {{NULL, 0}, decode_entries, NULL},
	[KEY_DIR_ITEM] = {{NULL, 0}, decode_entries, NULL},
	[KEY_DIR_INDEX] = {{NULL, 0}, decode_entries, NULL},
	[KEY_DIR_LOG_ITEM] = {ROWS(dir_log_list), NULL, NULL},
	[KEY_DIR_LOG_INDEX] = {ROWS(dir_log_list), NULL, NULL},
	[KEY_EXTENT_DATA] = {ROWS(file_extent_list), decode_file_extent, NULL},
	[KEY_EXTENT_CSUM] = {{NULL, 0}, NULL, "checksums"},
	[KEY_ROOT_ITEM] = {ROWS(root_list), NULL, NULL},
	[KEY_ROOT_REF] = {{NULL, 0}, decode_root_ref, NULL},
	[KEY_ROOT_BACKREF] = {{NULL, 0}, decode_root_ref, NULL},
	[KEY_EXTENT_ITEM] = {ROWS(extent_list), decode_extent_refs, NULL},
	[KEY_METADATA_ITEM] = {ROWS(extent_list), decode_metadata_refs, NULL},
	[KEY_EXTENT_OWNER_REF] = {ROWS(root_only_list), NULL, NULL},
	[KEY_EXTENT_DATA_REF] = {ROWS(data_ref_list), NULL, NULL},
	[KEY_SHARED_DATA_REF] = {ROWS(shared_data_ref_list), NULL, NULL},
	[KEY_BLOCK_GROUP_ITEM] = {ROWS(block_group_list), NULL, NULL},
	[KEY_FREE_SPACE_INFO] = {ROWS(free_space_info_list), NULL, NULL},
	[KEY_FREE_SPACE_BITMAP] = {{NULL, 0}, NULL, "bitmap"},
	[KEY_CHUNK_ITEM] = {ROWS(chunk_list), decode_stripes, NULL},
	[KEY_DEV_ITEM] = {ROWS(dev_item_list), NULL, NULL},
	[KEY_DEV_EXTENT] = {ROWS(dev_extent_list), NULL, NULL},
	[KEY_QGROUP_STATUS] = {ROWS(qgroup_status_list), NULL, NULL},
	[KEY_QGROUP_INFO] = {ROWS(qgroup_info_list), NULL, NULL},
	[KEY_QGROUP_LIMIT] = {ROWS(qgroup_limit_list), NULL, NULL},
	[KEY_UUID_SUBVOL] = {{NULL, 0}, decode_subvolumes, NULL},
	[KEY_UUID_RECEIVED_SUBVOL] = {{NULL, 0}, decode_subvolumes, NULL},
};

static const struct format free_space_header = {ROWS(free_space_header_list), NULL, NULL};
static const struct format dev_stats = {ROWS(dev_stats_list), NULL, NULL};

/* Two types mean something only together with an objectid. */
static const struct format *find_format(const struct fsr_key *key)
{
	if (key->type == KEY_UNTYPED && key->objectid == FREE_SPACE_OBJECTID)
		return &free_space_header;
	if (key->type == KEY_PERSISTENT_ITEM && key->objectid == 0)
		return &dev_stats;
	return &formats[key->type];
}

FSR_API int fsr_item_fields(const struct fsr_item *item, fsr_field_fn fn, void *arg)
{
	const struct format *format = find_format(&item->key);
	struct decoder d = {.data = item->data, .size = item->size, .fn = fn, .arg = arg};
	uint32_t known = rows_size(&format->rows);
	int answer;

	if (!format->more && !known)
		return decode_bytes(&d, format->bytes ? format->bytes : "data", FSR_FIELD_BYTES, 0, d.size);
	answer = decode_rows(&d, 0, &format->rows);
	if (!answer && format->more)
		answer = format->more(&d);
	/* Longer than any known version of it. */
	if (!answer && !format->more)
		answer = decode_bytes(&d, "trailing", FSR_FIELD_BYTES, known, d.size);
	return answer;
}
