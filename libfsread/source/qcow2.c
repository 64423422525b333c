/* SPDX-License-Identifier: MIT */
/* What a qcow2 header says about other files, and whether its clusters lie in the file. */
#include "virtual.h"

#include <stdlib.h>

#define HEADER 112u
#define CLUSTER_BITS_LEAST 9u
#define CLUSTER_BITS_MOST 21u
#define NAME_MOST 1023u
#define L1_MOST (32 * MIB / 8)
#define TABLES_MOST (256 * MIB) /* bytes of mapping tables that are checked, of larger disks the first */

#define DIRTY 1u
#define CORRUPT 2u
#define DATA_FILE 4u
#define COMPRESSION_TYPE 8u
#define EXTENDED_L2 16u
#define KNOWN (DIRTY | CORRUPT | DATA_FILE | COMPRESSION_TYPE | EXTENDED_L2)

#define EXTENSION_BACKING_FORMAT 0xe2792acau
#define EXTENSION_DATA_FILE 0x44415441u

struct qcow2 {
	const struct disk_file *file;
	uint64_t backing_offset, incompatible, l1_offset;
	uint32_t backing_length, cluster_bits, l1_count, header_length;
	char backing[NAME_MOST + 1], backing_format[32], data_file[NAME_MOST + 1];
};

static bool recognise(const uint8_t *head, size_t length)
{
	return length >= 72 && !memcmp(head, "QFI\xfb", 4);
}

static int refuse(const struct qcow2 *q, int code, const char *why, struct fsr_error *err)
{
	return fsr_fail(err, code, 0, FSR_NO_BYTENR, NAME " is a qcow2 %s", q->file->path, why);
}

/* ---- the header */

static int check_header(const struct qcow2 *q, uint32_t version, uint32_t encrypted, struct fsr_error *err)
{
	if (version != 2 && version != 3)
		return refuse(q, FSR_E_UNSUPPORTED, "of a version other than 2 and 3", err);
	if (encrypted)
		return refuse(
			q, FSR_E_UNSUPPORTED, "that is encrypted; decrypt it with 'qemu-img convert'", err);
	if (q->incompatible & ~(uint64_t)KNOWN)
		return refuse(q, FSR_E_UNSUPPORTED, "with an incompatible feature that is not known", err);
	if (q->cluster_bits < CLUSTER_BITS_LEAST || q->cluster_bits > CLUSTER_BITS_MOST)
		return refuse(q, FSR_E_CORRUPT, "whose cluster size is out of its range", err);
	if (q->l1_count > L1_MOST || q->backing_length > NAME_MOST || q->header_length > 4096)
		return refuse(q, FSR_E_CORRUPT, "with a number in its header that is out of its range", err);
	return 0;
}

static int read_header(struct qcow2 *q, struct fsr_error *err)
{
	uint8_t h[HEADER] = {0};
	uint64_t size = q->file->source->size;
	int e = source_read(q->file->source, h, size < sizeof h ? (size_t)size : sizeof h, 0, err);
	uint32_t version = big32(h + 4);

	if (e)
		return e;
	q->backing_offset = big64(h + 8);
	q->backing_length = q->backing_offset ? big32(h + 16) : 0;
	q->cluster_bits = big32(h + 20);
	q->l1_count = big32(h + 36);
	q->l1_offset = big64(h + 40);
	q->incompatible = version < 3 ? 0 : big64(h + 72);
	q->header_length = version < 3 ? 72 : big32(h + 100);
	return check_header(q, version, big32(h + 32), err);
}

/* Copies a name from the file, ended by 0. */
static int read_name(
	const struct qcow2 *q, char *name, size_t room, uint64_t offset, size_t length, struct fsr_error *err)
{
	int e;

	if (length >= room)
		return refuse(q, FSR_E_CORRUPT, "with a name that is too long", err);
	e = source_read(q->file->source, name, length, offset, err);
	if (e)
		return e;
	name[length] = 0;
	return strlen(name) == length ? 0 : refuse(q, FSR_E_CORRUPT, "with a name that has a 0 in it", err);
}

static int take_extension(
	struct qcow2 *q, uint32_t type, uint64_t offset, uint32_t length, struct fsr_error *err)
{
	if (type == EXTENSION_BACKING_FORMAT)
		return read_name(q, q->backing_format, sizeof q->backing_format, offset, length, err);
	if (type == EXTENSION_DATA_FILE)
		return read_name(q, q->data_file, sizeof q->data_file, offset, length, err);
	return 0;
}

/* They end with the first cluster, or where the backing file's name begins. */
static int read_extensions(struct qcow2 *q, struct fsr_error *err)
{
	uint64_t end = UINT64_C(1) << q->cluster_bits, at = q->header_length;
	uint8_t h[8];
	int e = 0;

	if (q->backing_offset && q->backing_offset < end)
		end = q->backing_offset;
	while (!e && at + sizeof h <= end) {
		uint32_t length;

		e = source_read(q->file->source, h, sizeof h, at, err);
		if (e || !big32(h))
			break;
		length = big32(h + 4);
		at += sizeof h;
		if (length > end - at)
			return refuse(q, FSR_E_CORRUPT, "with a header extension that is too long", err);
		e = take_extension(q, big32(h), at, length, err);
		at += ((uint64_t)length + 7) & ~UINT64_C(7);
	}
	return e;
}

/* ---- where its clusters lie: qemu takes what is missing for zeros */

static int fail_cut(const struct qcow2 *q, uint64_t offset, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR,
		NAME " is a qcow2 that was cut: it ends at byte %llu, but has data at byte %llu",
		q->file->path, (unsigned long long)q->file->source->size, (unsigned long long)offset);
}

/* Where the data of an entry begins; 0: nowhere in this file. */
static uint64_t data_offset(const struct qcow2 *q, uint64_t entry)
{
	if (entry >> 62 & 1) /* compressed: the bits above the offset count sectors */
		return entry & ((UINT64_C(1) << (62 - (q->cluster_bits - 8))) - 1);
	return q->incompatible & DATA_FILE ? 0 : entry & UINT64_C(0x00fffffffffffe00);
}

static int check_table(const struct qcow2 *q, uint64_t offset, uint8_t *table, struct fsr_error *err)
{
	size_t length = (size_t)1 << q->cluster_bits, step = q->incompatible & EXTENDED_L2 ? 16 : 8;
	uint64_t size = q->file->source->size;
	int e;

	if (offset >= size || length > size - offset)
		return fail_cut(q, offset, err);
	e = source_read(q->file->source, table, length, offset, err);
	for (size_t i = 0; i < length && !e; i += step) {
		uint64_t data = data_offset(q, big64(table + i));

		if (data >= size)
			e = fail_cut(q, data, err);
	}
	return e;
}

static int check_tables(const struct qcow2 *q, const uint8_t *l1, uint8_t *table, struct fsr_error *err)
{
	uint64_t checked = 0;
	int e = 0;

	for (uint32_t i = 0; i < q->l1_count && checked < TABLES_MOST && !e; i++) {
		uint64_t offset = big64(l1 + 8 * (size_t)i) & UINT64_C(0x00fffffffffffe00);

		if (!offset)
			continue;
		e = check_table(q, offset, table, err);
		checked += UINT64_C(1) << q->cluster_bits;
	}
	return e;
}

static int check_clusters(const struct qcow2 *q, struct fsr_error *err)
{
	size_t length = 8 * (size_t)q->l1_count;
	uint64_t size = q->file->source->size;
	uint8_t *l1, *table;
	int e;

	if (q->l1_offset > size || length > size - q->l1_offset)
		return fail_cut(q, q->l1_offset, err);
	l1 = malloc(length + 1);
	table = malloc((size_t)1 << q->cluster_bits);
	if (l1 && table) {
		e = source_read(q->file->source, l1, length, q->l1_offset, err);
		if (!e)
			e = check_tables(q, l1, table, err);
	} else {
		e = fsr_fail_nomem(err);
	}
	free(l1);
	free(table);
	return e;
}

/* ---- the graph */

static int plan_data_file(struct disk_plan *plan, const struct qcow2 *q, struct fsr_error *err)
{
	struct disk_file data;
	char *path;
	int e;

	if (!(q->incompatible & DATA_FILE))
		return 0;
	e = plan_open(plan, q->file, q->data_file, "data file", &path, &data.source, err);
	if (e)
		return e;
	data.path = path;
	text_add(plan->graph, ",");
	e = plan_own_bytes(plan, "data-file", &data, err);
	source_close(data.source);
	free(path);
	return e;
}

static int plan_qcow2(struct disk_plan *plan, const struct disk_file *file, struct fsr_error *err)
{
	struct qcow2 q = {.file = file};
	int e = read_header(&q, err);

	if (!e)
		e = read_extensions(&q, err);
	if (!e)
		e = read_name(&q, q.backing, sizeof q.backing, q.backing_offset, q.backing_length, err);
	if (!e)
		e = check_clusters(&q, err);
	if (!e)
		e = plan_own_bytes(plan, "file", file, err);
	if (!e)
		e = plan_data_file(plan, &q, err);
	if (e)
		return e;
	text_add(plan->graph, ",");
	if (*q.backing)
		return plan_backing(plan, file, q.backing, *q.backing_format ? q.backing_format : NULL, err);
	text_add(plan->graph, "\"backing\":null");
	return 0;
}

const struct disk_format qcow2_format = {"qcow2", "qcow2", recognise, plan_qcow2};
