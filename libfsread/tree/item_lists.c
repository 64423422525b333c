/* SPDX-License-Identifier: MIT */
/* Items whose parts repeat or have a length of their own (D3). */
#include "fields.h"

SYMBOL(entry_symbol, NULL, "FILE", "DIR", "CHRDEV", "BLKDEV", "FIFO", "SOCK", "SYMLINK", "XATTR")

static const char *key_type_symbol(uint64_t value)
{
	return value <= UINT8_MAX ? fsr_key_type_name((uint8_t)value) : NULL;
}

/* ---- parts that repeat, with a name of their own length at the end */

/* A record's fixed part, and where in it the lengths of name and data stand (data: 0 for none). */
struct record {
	struct rows rows;
	uint16_t name_length, data_length;
};

static const struct row inode_ref_list[] = {NUMBER("index", 0, 8), NUMBER("name_len", 8, 2)};
static const struct record inode_ref = {ROWS(inode_ref_list), 8, 0};

static const struct row inode_extref_list[] = {
	NUMBER("parent", 0, 8),
	NUMBER("index", 8, 8),
	NUMBER("name_len", 16, 2),
};
static const struct record inode_extref = {ROWS(inode_extref_list), 16, 0};

static const struct row entry_list[] = {
	KEY("location", 0),
	NUMBER("transid", 17, 8),
	NUMBER("data_len", 25, 2),
	NUMBER("name_len", 27, 2),
	WORD("type", 29, 1, entry_symbol),
};
static const struct record entry = {ROWS(entry_list), 27, 25};

static const struct row root_ref_list[] = {
	NUMBER("dirid", 0, 8),
	NUMBER("sequence", 8, 8),
	NUMBER("name_len", 16, 2),
};
static const struct record root_ref = {ROWS(root_ref_list), 16, 0};

/* One record at *at, which is moved behind it. */
static int decode_record(const struct decoder *d, const struct record *record, uint32_t *at)
{
	uint32_t start = *at, fixed = rows_size(&record->rows), name = 0, data = 0;
	int answer = decode_rows(d, start, &record->rows);

	if (d->size - start < fixed) {
		*at = d->size;
		return answer;
	}
	name = get16(d->data + start + record->name_length);
	if (record->data_length)
		data = get16(d->data + start + record->data_length);
	if (!answer)
		answer = decode_bytes(d, "name", FSR_FIELD_NAME, start + fixed, name);
	if (!answer)
		answer = decode_bytes(d, "data", FSR_FIELD_BYTES, start + fixed + name, data);
	*at = start + fixed + name + data;
	return answer;
}

static int decode_records(struct decoder *d, const char *list, const struct record *record)
{
	uint32_t at = 0;
	int answer = 0;

	d->list = list;
	for (d->index = 0; at < d->size && !answer; d->index++)
		answer = decode_record(d, record, &at);
	return answer;
}

/* Repeats rows from `at` on while there is data, at most `most` times. */
static int decode_list(
	struct decoder *d, const char *list, uint32_t at, const struct row *row, unsigned rows, unsigned most)
{
	const struct rows one = {row, rows};
	uint32_t size = rows_size(&one);
	int answer = 0;

	d->list = list;
	for (d->index = 0; d->index < most && at < d->size && !answer; d->index++, at += size)
		answer = decode_rows(d, at, &one);
	return answer;
}

/* ---- item types */

static const struct row file_extent_disk_list[] = {
	NUMBER("disk_bytenr", 21, 8),
	NUMBER("disk_num_bytes", 29, 8),
	NUMBER("offset", 37, 8),
	NUMBER("num_bytes", 45, 8),
};

static const struct row stripe_list[] = {NUMBER("devid", 0, 8), NUMBER("offset", 8, 8), UUID("dev_uuid", 16)};

static const struct row uuid_list[] = {NUMBER("subvolume", 0, 8)};

int decode_inode_ref(struct decoder *d)
{
	return decode_records(d, "references", &inode_ref);
}

int decode_inode_extref(struct decoder *d)
{
	return decode_records(d, "references", &inode_extref);
}

int decode_entries(struct decoder *d)
{
	return decode_records(d, "entries", &entry);
}

int decode_root_ref(struct decoder *d)
{
	uint32_t at = 0;

	return decode_record(d, &root_ref, &at);
}

int decode_file_extent(struct decoder *d)
{
	static const struct rows disk = ROWS(file_extent_disk_list);

	if (d->size >= FILE_EXTENT_INLINE_DATA && d->data[FILE_EXTENT_TYPE] == FILE_EXTENT_INLINE)
		return decode_bytes(d, "data", FSR_FIELD_BYTES, FILE_EXTENT_INLINE_DATA, d->size);
	return decode_rows(d, 0, &disk);
}

int decode_stripes(struct decoder *d)
{
	unsigned n = d->size >= CHUNK_ITEM_SIZE ? get16(d->data + CHUNK_NUM_STRIPES) : 0;

	return decode_list(d, "stripes", CHUNK_STRIPES, stripe_list, COUNT(stripe_list), n);
}

int decode_subvolumes(struct decoder *d)
{
	return decode_list(d, "subvolumes", 0, uuid_list, COUNT(uuid_list), UINT32_MAX);
}

/* ---- inline references of an extent item: a type byte, then what the type has */

static const struct row ref_type_list[] = {WORD("type", 0, 1, key_type_symbol)};
static const struct row ref_root_list[] = {OBJECTID("root", 1)};
static const struct row ref_parent_list[] = {NUMBER("parent", 1, 8)};
static const struct row ref_shared_data_list[] = {NUMBER("parent", 1, 8), NUMBER("count", 9, 4)};
static const struct row ref_data_list[] = {
	OBJECTID("root", 1),
	OBJECTID("objectid", 9),
	NUMBER("offset", 17, 8),
	NUMBER("count", 25, 4),
};

static const struct rows *ref_rows(uint8_t type)
{
	static const struct rows root = ROWS(ref_root_list), parent = ROWS(ref_parent_list),
				 data = ROWS(ref_data_list), shared = ROWS(ref_shared_data_list);

	switch (type) {
	case KEY_EXTENT_OWNER_REF:
	case KEY_TREE_BLOCK_REF:
		return &root;
	case KEY_SHARED_BLOCK_REF:
		return &parent;
	case KEY_EXTENT_DATA_REF:
		return &data;
	case KEY_SHARED_DATA_REF:
		return &shared;
	default:
		return NULL;
	}
}

static const struct row tree_block_info_list[] = {KEY("key", 0), NUMBER("level", 17, 1)};

static int decode_ref(const struct decoder *d, uint32_t *at)
{
	static const struct rows type = ROWS(ref_type_list);
	const struct rows *rest = ref_rows(d->data[*at]);
	int answer = decode_rows(d, *at, &type);

	if (!answer && rest)
		answer = decode_rows(d, *at, rest);
	/* Behind a type that is not known there is no telling where the next one begins. */
	if (!answer && !rest)
		answer = decode_bytes(d, "data", FSR_FIELD_BYTES, *at + 1, d->size);
	*at = rest ? *at + rows_size(rest) : d->size;
	return answer;
}

static int decode_refs_from(struct decoder *d, uint32_t at)
{
	int answer = 0;

	d->list = "inline_refs";
	for (d->index = 0; at < d->size && !answer; d->index++)
		answer = decode_ref(d, &at);
	return answer;
}

int decode_metadata_refs(struct decoder *d)
{
	return decode_refs_from(d, EXTENT_ITEM_SIZE);
}

int decode_extent_refs(struct decoder *d)
{
	static const struct rows info = ROWS(tree_block_info_list);
	int answer;

	if (d->size < EXTENT_ITEM_SIZE || !(get64(d->data + EXTENT_FLAGS) & EXTENT_FLAG_TREE_BLOCK))
		return decode_refs_from(d, EXTENT_ITEM_SIZE);
	answer = decode_rows(d, EXTENT_ITEM_SIZE, &info);
	return answer ? answer : decode_refs_from(d, EXTENT_ITEM_SIZE + TREE_BLOCK_INFO_SIZE);
}
