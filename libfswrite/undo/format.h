/* SPDX-License-Identifier: MIT */
/* The layout of an undo file (docs/undo-file.md), and reading one that may be anything. */
#ifndef FSWRITE_UNDO_FORMAT_H
#define FSWRITE_UNDO_FORMAT_H

#include "../../libfsread/format/btrfs.h"
#include "../../libfsread/format/error.h"

#define UNDO_MAGIC "spacescope undo\n"
#define UNDO_END_MAGIC "spacescope done\n"
#define UNDO_MAGIC_SIZE 16u
#define UNDO_VERSION 1u
#define UNDO_MAX_DEVICES 1024u
#define UNDO_UNIT 512u           /* what a device writes whole or not at all */
#define UNDO_PAGE 4096u          /* records begin at multiples of it */
#define UNDO_MAX_LENGTH 1048576u /* of a record's bytes */
#define UNDO_CSUM_SIZE 8u

enum undo_header_field {
	UNDO_HEADER_VERSION = 16,
	UNDO_HEADER_DEVICES = 20,
	UNDO_HEADER_SECTORSIZE = 24,
	UNDO_HEADER_NODESIZE = 28,
	UNDO_HEADER_BEFORE = 32,
	UNDO_HEADER_AFTER = 40,
	UNDO_HEADER_FSID = 48,
	UNDO_HEADER_RECORDS = 64,
	UNDO_HEADER_BYTES = 72,
	UNDO_HEADER_SIZE = 80 /* behind it the devices, and a checksum */
};
enum undo_device_field { UNDO_DEVICE_ID = 0, UNDO_DEVICE_UUID = 8, UNDO_DEVICE_SIZE = 24 };
enum undo_record_field {
	UNDO_RECORD_DEVICE = 0,
	UNDO_RECORD_LENGTH = 4,
	UNDO_RECORD_OFFSET = 8,
	UNDO_RECORD_SIZE = 16 /* behind it the bytes, a hash for each unit, and a checksum */
};
enum undo_end_field { UNDO_END_RECORDS = 16, UNDO_END_BYTES = 24, UNDO_END_SIZE = 32 /* and a checksum */ };

struct undo_device {
	uint64_t devid;
	uint8_t uuid[16];
};

struct undo_header {
	uint32_t sectorsize, nodesize;
	uint64_t before, after; /* generations */
	uint8_t fsid[16];       /* what tree blocks carry */
	uint64_t records, bytes;
	size_t ndevices;
	struct undo_device *devices;
	uint64_t csum; /* the header's own, which all other checksums of the file start from */
};

static inline size_t undo_units(size_t length)
{
	return (length + UNDO_UNIT - 1) / UNDO_UNIT;
}
/* Bytes of a record in the file. */
static inline size_t undo_record_size(size_t length)
{
	return UNDO_RECORD_SIZE + length + 8 * undo_units(length) + UNDO_CSUM_SIZE;
}

void undo_put_magic(uint8_t *p, const char *magic);
uint64_t undo_hash(const void *data, size_t length);
/* Writes the checksum of p[0..length) behind it. */
void undo_seal(uint8_t *p, size_t length, uint64_t seed);
bool undo_seal_ok(const uint8_t *p, size_t length, uint64_t seed);

/* The header's bytes, from malloc; sets csum. NULL: no memory. */
uint8_t *undo_header_encode(struct undo_header *header, size_t *size);

/* ---- reading */

/* An undo file that was found whole. */
struct undo_file {
	int fd;
	const char *name; /* the caller's */
	uint64_t size;
	struct undo_header header;
	uint8_t *buffer; /* of one record */
};

struct undo_record {
	size_t device; /* index into header.devices */
	uint64_t offset;
	uint32_t length;
	const uint8_t *before; /* the bytes; NULL where it is only asked whether the record is wanted */
	const uint8_t *after;  /* their hashes, 8 bytes each */
};

/*
 * Opens and checks all of it: each count, size and checksum, that it was finished, that records are in
 * order, don't overlap and hold every device's primary superblock. FSR_E_REFUSED. To be closed on success.
 */
int undo_file_open(struct undo_file *file, const char *path, struct fsr_error *err);
void undo_file_close(struct undo_file *file);

typedef bool (*undo_want_fn)(const void *arg, const struct undo_record *record);
typedef int (*undo_record_fn)(void *arg, const struct undo_record *record, struct fsr_error *err);
/* Calls fn with each record that want (NULL: all) says yes to, checked again. */
int undo_file_each(
	const struct undo_file *file, undo_want_fn want, undo_record_fn fn, void *arg, struct fsr_error *err);

#endif
