/* SPDX-License-Identifier: MIT */
/* Decoding items by tables: one row per field. Variable parts have a function each. */
#include "../format/btrfs.h"

struct row {
	const char *name;
	uint16_t offset;
	uint8_t size; /* 1, 2, 4, 8; 16: a uuid; 17: a key; 12: a time */
	enum fsr_field_kind kind;
};

struct decoder {
	const uint8_t *data;
	uint32_t size;
	fsr_field_fn fn;
	void *arg;
	const char *list;
	unsigned index;
	int ret;
};

static uint64_t get_number(const uint8_t *p, uint8_t size)
{
	switch (size) {
	case 1:
		return *p;
	case 2:
		return get16(p);
	case 4:
		return get32(p);
	default:
		return get64(p);
	}
}

static void give(struct decoder *d, struct fsr_field *f)
{
	f->list = d->list;
	f->index = d->index;
	if (!d->ret)
		d->ret = d->fn(d->arg, f);
}

/* Gives one field at `base` + its offset, if the item reaches that far. */
static void give_row(struct decoder *d, uint32_t base, const struct row *row, const char *symbol)
{
	uint64_t at = (uint64_t)base + row->offset;
	struct fsr_field f = {.name = row->name, .kind = row->kind, .size = row->size, .symbol = symbol};

	if (at + row->size > d->size)
		return;
	f.offset = (uint32_t)at;
	f.bytes = d->data + at;
	if (row->kind == FSR_FIELD_KEY)
		f.key = get_key(f.bytes);
	else if (row->kind == FSR_FIELD_TIME)
		f.nsec = get32(f.bytes + 8);
	if (row->kind == FSR_FIELD_TIME || row->size <= 8)
		f.value = get_number(f.bytes, row->kind == FSR_FIELD_TIME ? 8 : row->size);
	give(d, &f);
}

static void give_rows(struct decoder *d, uint32_t base, const struct row *rows)
{
	for (; rows->name; rows++)
		give_row(d, base, rows, NULL);
}

static void give_bytes(
	struct decoder *d, uint64_t at, uint64_t size, const char *name, enum fsr_field_kind kind)
{
	struct fsr_field f = {.name = name, .kind = kind};

	if (at >= d->size || !size)
		return;
	if (size > d->size - at)
		size = d->size - at;
	f.offset = (uint32_t)at;
	f.size = (uint32_t)size;
	f.bytes = d->data + at;
	give(d, &f);
}

#define U64(name, offset)                                                                                    \
	{                                                                                                    \
		name, offset, 8, FSR_FIELD_U64                                                               \
	}
#define U32(name, offset)                                                                                    \
	{                                                                                                    \
		name, offset, 4, FSR_FIELD_U64                                                               \
	}
#define U16(name, offset)                                                                                    \
	{                                                                                                    \
		name, offset, 2, FSR_FIELD_U64                                                               \
	}
#define U8(name, offset)                                                                                     \
	{                                                                                                    \
		name, offset, 1, FSR_FIELD_U64                                                               \
	}
#define HEX(name, offset)                                                                                    \
	{                                                                                                    \
		name, offset, 8, FSR_FIELD_HEX                                                               \
	}
#define ID(name, offset)                                                                                     \
	{                                                                                                    \
		name, offset, 8, FSR_FIELD_OBJECTID                                                          \
	}
#define KEY(name, offset)                                                                                    \
	{                                                                                                    \
		name, offset, 17, FSR_FIELD_KEY                                                              \
	}
#define UUID(name, offset)                                                                                   \
	{                                                                                                    \
		name, offset, 16, FSR_FIELD_UUID                                                             \
	}
#define TIME(name, offset)                                                                                   \
	{                                                                                                    \
		name, offset, 12, FSR_FIELD_TIME                                                             \
	}
#define END                                                                                                  \
	{                                                                                                    \
		NULL, 0, 0, FSR_FIELD_U64                                                                    \
	}

static const struct row inode_rows[] = {U64("generation", INODE_GENERATION), U64("transid", INODE_TRANSID),
	U64("size", INODE_SIZE), U64("nbytes", INODE_NBYTES), U64("block_group", INODE_BLOCK_GROUP),
	U32("nlink", INODE_NLINK), U32("uid", INODE_UID), U32("gid", INODE_GID),
	{"mode", INODE_MODE, 4, FSR_FIELD_HEX}, U64("rdev", INODE_RDEV), HEX("flags", INODE_FLAGS),
	U64("sequence", INODE_SEQUENCE), TIME("atime", INODE_ATIME), TIME("ctime", INODE_CTIME),
	TIME("mtime", INODE_MTIME), TIME("otime", INODE_OTIME), END};

static const struct row extent_data_rows[] = {U64("generation", FILE_EXTENT_GENERATION),
	U64("ram_bytes", FILE_EXTENT_RAM_BYTES), U8("compression", FILE_EXTENT_COMPRESSION),
	U8("encryption", FILE_EXTENT_ENCRYPTION), U16("other_encoding", FILE_EXTENT_OTHER), END};
static const struct row extent_disk_rows[] = {U64("disk_bytenr", FILE_EXTENT_DISK_BYTENR),
	U64("disk_num_bytes", FILE_EXTENT_DISK_NUM_BYTES), U64("offset", FILE_EXTENT_OFFSET),
	U64("num_bytes", FILE_EXTENT_NUM_BYTES), END};

static const struct row root_rows[] = {U64("generation", ROOT_GENERATION), U64("root_dirid", ROOT_DIRID),
	U64("bytenr", ROOT_BYTENR), U64("byte_limit", 184), U64("bytes_used", ROOT_BYTES_USED),
	U64("last_snapshot", ROOT_LAST_SNAPSHOT), HEX("flags", ROOT_FLAGS), U32("refs", ROOT_REFS),
	KEY("drop_progress", ROOT_DROP_PROGRESS), U8("drop_level", ROOT_DROP_LEVEL), U8("level", ROOT_LEVEL),
	U64("generation_v2", ROOT_GENERATION_V2), UUID("uuid", 247), UUID("parent_uuid", 263),
	UUID("received_uuid", 279), U64("ctransid", 295), U64("otransid", 303), U64("stransid", 311),
	U64("rtransid", 319), TIME("ctime", 327), TIME("otime", 339), TIME("stime", 351), TIME("rtime", 363),
	END};

static const struct row free_space_header_rows[] = {KEY("location", FREE_SPACE_HEADER_LOCATION),
	U64("generation", FREE_SPACE_HEADER_GENERATION), U64("num_entries", FREE_SPACE_HEADER_ENTRIES),
	U64("num_bitmaps", FREE_SPACE_HEADER_BITMAPS), END};
static const struct row free_space_info_rows[] = {
	U32("extent_count", 0), {"flags", 4, 4, FSR_FIELD_HEX}, END};

static const struct row block_group_rows[] = {U64("used", BLOCK_GROUP_USED),
	U64("chunk_objectid", BLOCK_GROUP_CHUNK_OBJECTID), HEX("flags", BLOCK_GROUP_FLAGS), END};

static const struct row chunk_rows[] = {U64("length", CHUNK_LENGTH), U64("owner", CHUNK_OWNER),
	U64("stripe_len", CHUNK_STRIPE_LEN), HEX("type", CHUNK_TYPE), U32("io_align", CHUNK_IO_ALIGN),
	U32("io_width", CHUNK_IO_WIDTH), U32("sector_size", CHUNK_SECTOR_SIZE),
	U16("num_stripes", CHUNK_NUM_STRIPES), U16("sub_stripes", CHUNK_SUB_STRIPES), END};
static const struct row stripe_rows[] = {U64("devid", 0), U64("offset", 8), UUID("dev_uuid", 16), END};

static const struct row dev_item_rows[] = {U64("devid", DEV_ITEM_DEVID),
	U64("total_bytes", DEV_ITEM_TOTAL_BYTES), U64("bytes_used", DEV_ITEM_BYTES_USED), U32("io_align", 24),
	U32("io_width", 28), U32("sector_size", 32), U64("type", DEV_ITEM_TYPE),
	U64("generation", DEV_ITEM_GENERATION), U64("start_offset", 52), U32("dev_group", 60),
	U8("seek_speed", 64), U8("bandwidth", 65), UUID("uuid", DEV_ITEM_UUID), UUID("fsid", DEV_ITEM_FSID),
	END};
static const struct row dev_extent_rows[] = {ID("chunk_tree", 0), ID("chunk_objectid", 8),
	U64("chunk_offset", 16), U64("length", 24), UUID("chunk_tree_uuid", 32), END};

static const struct row extent_rows[] = {
	U64("refs", EXTENT_REFS), U64("generation", EXTENT_GENERATION), HEX("flags", EXTENT_FLAGS), END};
static const struct row tree_block_info_rows[] = {KEY("tree_block_key", 24), U8("tree_block_level", 41), END};
static const struct row data_ref_rows[] = {
	ID("root", 0), ID("objectid", 8), U64("offset", 16), U32("count", 24), END};
static const struct row count_rows[] = {U32("count", 0), END};

static const struct row dir_rows[] = {KEY("location", 0), U64("transid", 17), U16("data_len", 25),
	U16("name_len", 27), U8("type", 29), END};
static const struct row inode_ref_rows[] = {U64("index", 0), U16("name_len", 8), END};
static const struct row inode_extref_rows[] = {ID("parent", 0), U64("index", 8), U16("name_len", 16), END};
static const struct row root_ref_rows[] = {ID("dirid", 0), U64("sequence", 8), U16("name_len", 16), END};

static const struct row qgroup_status_rows[] = {U64("version", 0), U64("generation", 8), HEX("flags", 16),
	U64("rescan", 24), U64("enable_generation", 32), END};
static const struct row qgroup_info_rows[] = {U64("generation", 0), U64("referenced", 8),
	U64("referenced_compressed", 16), U64("exclusive", 24), U64("exclusive_compressed", 32), END};
static const struct row qgroup_limit_rows[] = {HEX("flags", 0), U64("max_referenced", 8),
	U64("max_exclusive", 16), U64("rsv_referenced", 24), U64("rsv_exclusive", 32), END};

static const struct row super_rows[] = {UUID("fsid", SUPER_FSID), U64("bytenr", SUPER_BYTENR),
	HEX("flags", SUPER_FLAGS), U64("generation", SUPER_GENERATION), U64("root", SUPER_ROOT),
	U64("chunk_root", SUPER_CHUNK_ROOT), U64("log_root", SUPER_LOG_ROOT),
	U64("total_bytes", SUPER_TOTAL_BYTES), U64("bytes_used", SUPER_BYTES_USED),
	U64("root_dir_objectid", SUPER_ROOT_DIR), U64("num_devices", SUPER_NUM_DEVICES),
	U32("sectorsize", SUPER_SECTORSIZE), U32("nodesize", SUPER_NODESIZE), U32("leafsize", SUPER_LEAFSIZE),
	U32("stripesize", SUPER_STRIPESIZE), U32("sys_chunk_array_size", SUPER_SYS_ARRAY_SIZE),
	U64("chunk_root_generation", SUPER_CHUNK_ROOT_GENERATION), HEX("compat_flags", SUPER_COMPAT),
	HEX("compat_ro_flags", SUPER_COMPAT_RO), HEX("incompat_flags", SUPER_INCOMPAT),
	U16("csum_type", SUPER_CSUM_TYPE), U8("root_level", SUPER_ROOT_LEVEL),
	U8("chunk_root_level", SUPER_CHUNK_ROOT_LEVEL), U8("log_root_level", SUPER_LOG_ROOT_LEVEL), END};
static const struct row super_tail_rows[] = {U64("cache_generation", SUPER_CACHE_GENERATION),
	U64("uuid_tree_generation", SUPER_UUID_TREE_GENERATION), UUID("metadata_uuid", SUPER_METADATA_UUID),
	END};
static const struct row backup_rows[] = {U64("tree_root", 0), U64("tree_root_generation", 8),
	U64("chunk_root", 16), U64("chunk_root_generation", 24), U64("extent_root", 32),
	U64("extent_root_generation", 40), U64("fs_root", 48), U64("fs_root_generation", 56),
	U64("dev_root", 64), U64("dev_root_generation", 72), U64("csum_root", 80),
	U64("csum_root_generation", 88), U64("total_bytes", 96), U64("bytes_used", 104),
	U64("num_devices", 112), U8("tree_root_level", 152), U8("chunk_root_level", 153),
	U8("extent_root_level", 154), U8("fs_root_level", 155), U8("dev_root_level", 156),
	U8("csum_root_level", 157), END};

static void decode_extent_data(struct decoder *d)
{
	static const struct row type = U8("type", FILE_EXTENT_TYPE);
	static const char *const words[] = {"INLINE", "REG", "PREALLOC"};
	uint8_t value = d->size > FILE_EXTENT_TYPE ? d->data[FILE_EXTENT_TYPE] : UINT8_MAX;

	give_rows(d, 0, extent_data_rows);
	give_row(d, 0, &type, value < 3 ? words[value] : NULL);
	if (value == FILE_EXTENT_INLINE)
		give_bytes(d, FILE_EXTENT_INLINE_DATA, d->size, "data", FSR_FIELD_BYTES);
	else
		give_rows(d, 0, extent_disk_rows);
}

/* Bytes behind an inline reference's type. */
static uint32_t ref_size(uint8_t type)
{
	return type == KEY_EXTENT_DATA_REF ? 28 : type == KEY_SHARED_DATA_REF ? 12 : 8;
}

static void decode_refs(struct decoder *d, uint64_t at)
{
	static const struct row type_row = U8("type", 0), root_row = ID("root", 1),
				parent_row = U64("parent", 1), count_row = U32("count", 9);

	d->list = "inline_refs"; /* "refs" is the count */
	for (d->index = 0; at < d->size && !d->ret; d->index++) {
		uint8_t type = d->data[at];

		give_row(d, (uint32_t)at, &type_row, fsr_key_type_name(type));
		if (type == KEY_EXTENT_DATA_REF)
			give_rows(d, (uint32_t)at + 1, data_ref_rows);
		else if (type == KEY_TREE_BLOCK_REF || type == KEY_EXTENT_OWNER_REF)
			give_row(d, (uint32_t)at, &root_row, NULL);
		else
			give_row(d, (uint32_t)at, &parent_row, NULL);
		if (type == KEY_SHARED_DATA_REF)
			give_row(d, (uint32_t)at, &count_row, NULL);
		at += 1 + ref_size(type);
	}
	d->list = NULL;
}

static void decode_extent_item(struct decoder *d, bool skinny)
{
	bool info = !skinny && d->size >= EXTENT_ITEM_SIZE &&
		    get64(d->data + EXTENT_FLAGS) & EXTENT_FLAG_TREE_BLOCK;

	give_rows(d, 0, extent_rows);
	if (info)
		give_rows(d, 0, tree_block_info_rows);
	decode_refs(d, EXTENT_ITEM_SIZE + (info ? TREE_BLOCK_INFO_SIZE : 0));
}

static void decode_chunk(struct decoder *d)
{
	unsigned n = d->size >= CHUNK_ITEM_SIZE ? get16(d->data + CHUNK_NUM_STRIPES) : 0;

	give_rows(d, 0, chunk_rows);
	d->list = "stripes";
	for (d->index = 0; d->index < n; d->index++) {
		uint32_t at = CHUNK_STRIPES + d->index * CHUNK_STRIPE_SIZE;

		if (at >= d->size)
			break;
		give_rows(d, at, stripe_rows);
	}
	d->list = NULL;
}

/* Entries one behind the other, each ended by a name, and a value where value_at is not 0. */
static void decode_names(
	struct decoder *d, const struct row *rows, uint32_t head, uint32_t name_at, uint32_t value_at)
{
	uint64_t at = 0;

	d->list = "entries";
	for (d->index = 0; at + head <= d->size && !d->ret; d->index++) {
		uint32_t name = get16(d->data + at + name_at),
			 value = value_at ? get16(d->data + at + value_at) : 0;

		give_rows(d, (uint32_t)at, rows);
		give_bytes(d, at + head, name, "name", FSR_FIELD_NAME);
		give_bytes(d, at + head + name, value, "data", FSR_FIELD_BYTES);
		at += (uint64_t)head + name + value;
	}
	d->list = NULL;
}

static void decode_root_ref(struct decoder *d)
{
	give_rows(d, 0, root_ref_rows);
	if (d->size > 18)
		give_bytes(d, 18, get16(d->data + 16), "name", FSR_FIELD_NAME);
}

static void decode_subvolumes(struct decoder *d)
{
	static const struct row row = ID("subvolume", 0);

	d->list = "entries";
	for (d->index = 0; (d->index + 1) * 8 <= d->size; d->index++)
		give_row(d, d->index * 8, &row, NULL);
	d->list = NULL;
}

/* Items that are one table, nothing more. */
static const struct {
	uint8_t type;
	const struct row *rows;
} plain_items[] = {
	{KEY_INODE_ITEM, inode_rows},
	{KEY_ROOT_ITEM, root_rows},
	{KEY_BLOCK_GROUP_ITEM, block_group_rows},
	{KEY_FREE_SPACE_INFO, free_space_info_rows},
	{KEY_DEV_ITEM, dev_item_rows},
	{KEY_DEV_EXTENT, dev_extent_rows},
	{KEY_EXTENT_DATA_REF, data_ref_rows},
	{KEY_SHARED_DATA_REF, count_rows},
	{KEY_QGROUP_STATUS, qgroup_status_rows},
	{KEY_QGROUP_INFO, qgroup_info_rows},
	{KEY_QGROUP_LIMIT, qgroup_limit_rows},
};

static bool decode_plain(struct decoder *d, const struct fsr_key *key)
{
	if (key->type == KEY_UNTYPED && key->objectid == FREE_SPACE_OBJECTID) {
		give_rows(d, 0, free_space_header_rows);
		return true;
	}
	for (size_t i = 0; i < sizeof plain_items / sizeof *plain_items; i++) {
		if (plain_items[i].type != key->type)
			continue;
		give_rows(d, 0, plain_items[i].rows);
		return true;
	}
	return false;
}

static void decode_variable(struct decoder *d, uint8_t type)
{
	switch (type) {
	case KEY_EXTENT_DATA:
		decode_extent_data(d);
		break;
	case KEY_EXTENT_ITEM:
	case KEY_METADATA_ITEM:
		decode_extent_item(d, type == KEY_METADATA_ITEM);
		break;
	case KEY_CHUNK_ITEM:
		decode_chunk(d);
		break;
	case KEY_DIR_ITEM:
	case KEY_DIR_INDEX:
	case KEY_XATTR_ITEM:
		decode_names(d, dir_rows, 30, 27, 25);
		break;
	case KEY_INODE_REF:
		decode_names(d, inode_ref_rows, 10, 8, 0);
		break;
	case KEY_INODE_EXTREF:
		decode_names(d, inode_extref_rows, 18, 16, 0);
		break;
	case KEY_ROOT_REF:
	case KEY_ROOT_BACKREF:
		decode_root_ref(d);
		break;
	case KEY_UUID_SUBVOL:
	case KEY_UUID_RECEIVED_SUBVOL:
		decode_subvolumes(d);
		break;
	case KEY_FREE_SPACE_BITMAP:
		give_bytes(d, 0, d->size, "bitmap", FSR_FIELD_BYTES);
		break;
	default:
		give_bytes(d, 0, d->size, "data", FSR_FIELD_BYTES);
	}
}

int fsr_item_fields(const struct fsr_item *item, fsr_field_fn fn, void *arg)
{
	struct decoder d = {.data = item->data, .size = item->size, .fn = fn, .arg = arg};

	if (!decode_plain(&d, &item->key))
		decode_variable(&d, item->key.type);
	return d.ret;
}

int fsr_super_fields(const uint8_t *raw, fsr_field_fn fn, void *arg)
{
	struct decoder d = {.data = raw, .size = SUPER_SIZE, .fn = fn, .arg = arg};

	give_bytes(&d, SUPER_CSUM, 32, "csum", FSR_FIELD_BYTES);
	give_bytes(&d, SUPER_MAGIC_AT, 8, "magic", FSR_FIELD_NAME);
	give_rows(&d, 0, super_rows);
	d.list = "dev_item";
	give_rows(&d, SUPER_DEV_ITEM, dev_item_rows);
	d.list = NULL;
	give_bytes(&d, SUPER_LABEL, SUPER_LABEL_SIZE, "label", FSR_FIELD_NAME);
	give_rows(&d, 0, super_tail_rows);
	d.list = "backup_roots";
	for (d.index = 0; d.index < SUPER_BACKUP_COUNT; d.index++)
		give_rows(&d, SUPER_BACKUPS + d.index * SUPER_BACKUP_SIZE, backup_rows);
	return d.ret;
}
