/* SPDX-License-Identifier: MIT */
/* The machine behind the tables of fields, and the superblock's table. */
#include "fields.h"

static uint64_t read_number(const uint8_t *p, uint32_t size)
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

static void read_value(struct fsr_field *f, const uint8_t *p)
{
	switch (f->kind) {
	case FSR_FIELD_U64:
	case FSR_FIELD_HEX:
	case FSR_FIELD_OBJECTID:
		f->value = read_number(p, f->size);
		break;
	case FSR_FIELD_KEY:
		f->key = get_key(p);
		break;
	case FSR_FIELD_TIME:
		f->value = get64(p);
		f->nsec = get32(p + 8);
		break;
	case FSR_FIELD_UUID:
	case FSR_FIELD_NAME:
	case FSR_FIELD_BYTES:
		break;
	}
}

static int emit(const struct decoder *d, const char *name, enum fsr_field_kind kind, uint32_t offset,
	uint32_t size, const char *(*symbol)(uint64_t))
{
	struct fsr_field f = {
		.list = d->list,
		.index = d->index,
		.name = name,
		.kind = kind,
		.offset = offset,
		.size = size,
		.bytes = d->data + offset,
	};

	read_value(&f, f.bytes);
	if (symbol)
		f.symbol = symbol(f.value);
	return d->fn(d->arg, &f);
}

int decode_rows(const struct decoder *d, uint32_t base, const struct rows *rows)
{
	int answer = 0;

	if (base > d->size)
		return 0;
	for (unsigned i = 0; i < rows->count && !answer; i++) {
		const struct row *row = &rows->list[i];

		if ((uint32_t)row->offset + row->size <= d->size - base)
			answer = emit(d, row->name, row->kind, base + row->offset, row->size, row->symbol);
	}
	return answer;
}

int decode_bytes(
	const struct decoder *d, const char *name, enum fsr_field_kind kind, uint32_t offset, uint32_t size)
{
	if (offset >= d->size || size == 0)
		return 0;
	if (size > d->size - offset)
		size = d->size - offset;
	return emit(d, name, kind, offset, size, NULL);
}

uint32_t rows_size(const struct rows *rows)
{
	const struct row *last = rows->count ? &rows->list[rows->count - 1] : NULL;

	return last ? (uint32_t)last->offset + last->size : 0;
}

/* ---- the superblock (D2) */

static const char *csum_symbol(uint64_t value)
{
	return fsr_csum_type_name(value < 4 ? (unsigned)value : 4);
}

static const struct row super_list[] = {
	BYTES("csum", SUPER_CSUM, 32),
	UUID("fsid", SUPER_FSID),
	NUMBER("bytenr", SUPER_BYTENR, 8),
	HEX("flags", SUPER_FLAGS, 8),
	{"magic", SUPER_MAGIC_AT, 8, FSR_FIELD_NAME, NULL},
	NUMBER("generation", SUPER_GENERATION, 8),
	NUMBER("root", SUPER_ROOT, 8),
	NUMBER("chunk_root", SUPER_CHUNK_ROOT, 8),
	NUMBER("log_root", SUPER_LOG_ROOT, 8),
	NUMBER("log_root_transid", SUPER_LOG_ROOT + 8, 8),
	NUMBER("total_bytes", SUPER_TOTAL_BYTES, 8),
	NUMBER("bytes_used", SUPER_BYTES_USED, 8),
	OBJECTID("root_dir_objectid", SUPER_ROOT_DIR),
	NUMBER("num_devices", SUPER_NUM_DEVICES, 8),
	NUMBER("sectorsize", SUPER_SECTORSIZE, 4),
	NUMBER("nodesize", SUPER_NODESIZE, 4),
	NUMBER("leafsize", SUPER_LEAFSIZE, 4),
	NUMBER("stripesize", SUPER_STRIPESIZE, 4),
	NUMBER("sys_chunk_array_size", SUPER_SYS_ARRAY_SIZE, 4),
	NUMBER("chunk_root_generation", SUPER_CHUNK_ROOT_GENERATION, 8),
	HEX("compat_flags", SUPER_COMPAT, 8),
	HEX("compat_ro_flags", SUPER_COMPAT_RO, 8),
	HEX("incompat_flags", SUPER_INCOMPAT, 8),
	WORD("csum_type", SUPER_CSUM_TYPE, 2, csum_symbol),
	NUMBER("root_level", SUPER_ROOT_LEVEL, 1),
	NUMBER("chunk_root_level", SUPER_CHUNK_ROOT_LEVEL, 1),
	NUMBER("log_root_level", SUPER_LOG_ROOT_LEVEL, 1),
	DEVICE_ROWS("dev_item.", SUPER_DEV_ITEM),
};
static const struct rows super_rows = ROWS(super_list);

static const struct row super_tail_list[] = {
	NUMBER("cache_generation", SUPER_CACHE_GENERATION, 8),
	NUMBER("uuid_tree_generation", SUPER_UUID_TREE_GENERATION, 8),
	UUID("metadata_uuid", SUPER_METADATA_UUID),
	NUMBER("nr_global_roots", 0x24b, 8),
	NUMBER("remap_root", 0x253, 8),
	NUMBER("remap_root_generation", 0x25b, 8),
	NUMBER("remap_root_level", 0x263, 1),
};
static const struct rows super_tail_rows = ROWS(super_tail_list);

static const struct row backup_list[] = {
	NUMBER("tree_root", 0, 8),
	NUMBER("tree_root_generation", 8, 8),
	NUMBER("chunk_root", 16, 8),
	NUMBER("chunk_root_generation", 24, 8),
	NUMBER("extent_root", 32, 8),
	NUMBER("extent_root_generation", 40, 8),
	NUMBER("fs_root", 48, 8),
	NUMBER("fs_root_generation", 56, 8),
	NUMBER("dev_root", 64, 8),
	NUMBER("dev_root_generation", 72, 8),
	NUMBER("csum_root", 80, 8),
	NUMBER("csum_root_generation", 88, 8),
	NUMBER("total_bytes", 96, 8),
	NUMBER("bytes_used", 104, 8),
	NUMBER("num_devices", 112, 8),
	NUMBER("tree_root_level", 152, 1),
	NUMBER("chunk_root_level", 153, 1),
	NUMBER("extent_root_level", 154, 1),
	NUMBER("fs_root_level", 155, 1),
	NUMBER("dev_root_level", 156, 1),
	NUMBER("csum_root_level", 157, 1),
};
static const struct rows backup_rows = ROWS(backup_list);

FSR_API int fsr_super_fields(const uint8_t *raw, fsr_field_fn fn, void *arg)
{
	struct decoder d = {.data = raw, .size = SUPER_SIZE, .fn = fn, .arg = arg};
	uint32_t array = get32(raw + SUPER_SYS_ARRAY_SIZE);
	int answer = decode_rows(&d, 0, &super_rows);

	if (!answer)
		answer = decode_bytes(&d, "label", FSR_FIELD_NAME, SUPER_LABEL,
			(uint32_t)strnlen((const char *)raw + SUPER_LABEL, SUPER_LABEL_SIZE));
	if (!answer)
		answer = decode_rows(&d, 0, &super_tail_rows);
	if (!answer)
		answer = decode_bytes(&d, "sys_chunk_array", FSR_FIELD_BYTES, SUPER_SYS_ARRAY,
			array < SUPER_SYS_ARRAY_MAX ? array : SUPER_SYS_ARRAY_MAX);
	d.list = "backup_roots";
	for (d.index = 0; d.index < SUPER_BACKUP_COUNT && !answer; d.index++)
		answer = decode_rows(&d, SUPER_BACKUPS + d.index * SUPER_BACKUP_SIZE, &backup_rows);
	return answer;
}
