/* SPDX-License-Identifier: MIT */
/* Decoding by table: one row per field. */
#ifndef FSREAD_TREE_FIELDS_H
#define FSREAD_TREE_FIELDS_H

#include "../format/btrfs.h"

/* A field at a fixed place. The kind tells how `size` bytes are read: numbers have 1, 2, 4 or 8. */
struct row {
	const char *name;
	uint16_t offset, size;
	enum fsr_field_kind kind;
	const char *(*symbol)(uint64_t value); /* a word for the value, or NULL */
};

#define NUMBER(name, offset, size)                                                                           \
	{                                                                                                    \
		name, offset, size, FSR_FIELD_U64, NULL                                                      \
	}
#define HEX(name, offset, size)                                                                              \
	{                                                                                                    \
		name, offset, size, FSR_FIELD_HEX, NULL                                                      \
	}
#define WORD(name, offset, size, symbol)                                                                     \
	{                                                                                                    \
		name, offset, size, FSR_FIELD_U64, symbol                                                    \
	}
#define OBJECTID(name, offset)                                                                               \
	{                                                                                                    \
		name, offset, 8, FSR_FIELD_OBJECTID, fsr_objectid_name                                       \
	}
#define KEY(name, offset)                                                                                    \
	{                                                                                                    \
		name, offset, DISK_KEY_SIZE, FSR_FIELD_KEY, NULL                                             \
	}
#define UUID(name, offset)                                                                                   \
	{                                                                                                    \
		name, offset, 16, FSR_FIELD_UUID, NULL                                                       \
	}
#define TIME(name, offset)                                                                                   \
	{                                                                                                    \
		name, offset, 12, FSR_FIELD_TIME, NULL                                                       \
	}
#define BYTES(name, offset, size)                                                                            \
	{                                                                                                    \
		name, offset, size, FSR_FIELD_BYTES, NULL                                                    \
	}

struct rows {
	const struct row *list;
	unsigned count;
};
#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define ROWS(array)                                                                                          \
	{                                                                                                    \
		array, sizeof(array) / sizeof(*(array))                                                      \
	}

/* What is being decoded and who gets the fields. */
struct decoder {
	const uint8_t *data;
	uint32_t size;
	const char *list; /* of the repeated part at hand, or NULL */
	unsigned index;
	fsr_field_fn fn;
	void *arg;
};

/* Each answers 0 or what fn answered. Fields that reach beyond the data are left out. */
int decode_rows(const struct decoder *d, uint32_t base, const struct rows *rows);
/* A name or raw bytes of variable length; cut where the data ends. */
int decode_bytes(
	const struct decoder *d, const char *name, enum fsr_field_kind kind, uint32_t offset, uint32_t size);
/* Where the last row ends. */
uint32_t rows_size(const struct rows *rows);

/* A function that gives words for numbers from 0 on; it and its words are static. */
#define SYMBOL(function, ...)                                                                                \
	static const char *function(uint64_t value)                                                          \
	{                                                                                                    \
		static const char *const words[] = {__VA_ARGS__};                                            \
                                                                                                             \
		return value < COUNT(words) ? words[value] : NULL;                                           \
	}

/* What follows the fixed fields of these item types; item_lists.c. Same answers as decode_rows(). */
int decode_inode_ref(struct decoder *d);
int decode_inode_extref(struct decoder *d);
int decode_entries(struct decoder *d); /* of a directory, or extended attributes */
int decode_root_ref(struct decoder *d);
int decode_file_extent(struct decoder *d);
int decode_stripes(struct decoder *d);
int decode_subvolumes(struct decoder *d);
int decode_extent_refs(struct decoder *d);
int decode_metadata_refs(struct decoder *d);

/* The fields of a device item, as the superblock's own one carries them too. */
#define DEVICE_ROWS(prefix, base)                                                                            \
	NUMBER(prefix "devid", base + 0, 8), NUMBER(prefix "total_bytes", base + 8, 8),                      \
		NUMBER(prefix "bytes_used", base + 16, 8), NUMBER(prefix "io_align", base + 24, 4),          \
		NUMBER(prefix "io_width", base + 28, 4), NUMBER(prefix "sector_size", base + 32, 4),         \
		HEX(prefix "type", base + 36, 8), NUMBER(prefix "generation", base + 44, 8),                 \
		NUMBER(prefix "start_offset", base + 52, 8), NUMBER(prefix "dev_group", base + 60, 4),       \
		NUMBER(prefix "seek_speed", base + 64, 1), NUMBER(prefix "bandwidth", base + 65, 1),         \
		UUID(prefix "uuid", base + 66), UUID(prefix "fsid", base + 82)

#endif
