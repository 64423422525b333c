/* SPDX-License-Identifier: MIT */
/* Reading an undo file. Nothing in it is trusted: neither a count nor a size before it is bounded. */
#include "format.h"

#include "../../libfsread/source/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Where the reading stands, and what it must go on with. */
struct walk {
	uint64_t position;
	uint64_t records, bytes; /* so far */
	size_t device;
	uint64_t next; /* records of this device begin here or later */
};

static int refuse(const struct undo_file *file, uint64_t position, const char *why, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
		"the undo file " NAME " is damaged or cut at byte %llu: %s", file->name,
		(unsigned long long)position, why);
}

/* Reads exactly length bytes; what is not there makes the file a cut one. */
static int read_at(
	const struct undo_file *file, void *buffer, size_t length, uint64_t position, struct fsr_error *err)
{
	uint8_t *p = buffer;

	if (position > file->size || length > file->size - position)
		return refuse(file, position, "it ends too early", err);
	while (length) {
		ssize_t n = pread(file->fd, p, length, (off_t)position);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR,
				"cannot read the undo file " NAME " at byte %llu: %s", file->name,
				(unsigned long long)position, strerror(errno));
		if (n == 0)
			return refuse(file, position, "it ends too early", err);
		p += n;
		length -= (size_t)n;
		position += (uint64_t)n;
	}
	return 0;
}

/* ---- the header */

static bool is_size(uint32_t size)
{
	return size >= 4 * KIB && size <= 64 * KIB && !(size & (size - 1));
}

static size_t header_size(size_t ndevices)
{
	return UNDO_HEADER_SIZE + ndevices * UNDO_DEVICE_SIZE + UNDO_CSUM_SIZE;
}

static const char *check_fixed(const struct undo_file *file, const uint8_t *p)
{
	const struct undo_header *h = &file->header;

	if (!h->ndevices || h->ndevices > UNDO_MAX_DEVICES)
		return "the number of devices";
	if (!is_size(h->sectorsize) || !is_size(h->nodesize) || h->nodesize < h->sectorsize)
		return "sectorsize or nodesize";
	if (h->records < h->ndevices || h->records > file->size / undo_record_size(1))
		return "the number of records";
	if (h->bytes > file->size)
		return "the number of bytes";
	return undo_seal_ok(p, header_size(h->ndevices) - UNDO_CSUM_SIZE, 0) ? NULL : "its checksum";
}

static void decode_fixed(struct undo_header *h, const uint8_t *p)
{
	h->ndevices = get32(p + UNDO_HEADER_DEVICES);
	h->sectorsize = get32(p + UNDO_HEADER_SECTORSIZE);
	h->nodesize = get32(p + UNDO_HEADER_NODESIZE);
	h->before = get64(p + UNDO_HEADER_BEFORE);
	h->after = get64(p + UNDO_HEADER_AFTER);
	memcpy(h->fsid, p + UNDO_HEADER_FSID, sizeof h->fsid);
	h->records = get64(p + UNDO_HEADER_RECORDS);
	h->bytes = get64(p + UNDO_HEADER_BYTES);
}

static const char *decode_devices(struct undo_header *h, const uint8_t *p)
{
	for (size_t i = 0; i < h->ndevices; i++, p += UNDO_DEVICE_SIZE) {
		h->devices[i].devid = get64(p + UNDO_DEVICE_ID);
		memcpy(h->devices[i].uuid, p + UNDO_DEVICE_UUID, 16);
		for (size_t k = 0; k < i; k++)
			if (h->devices[k].devid == h->devices[i].devid)
				return "two devices with one devid";
	}
	return NULL;
}

static int check_kind(const struct undo_file *file, const uint8_t *p, struct fsr_error *err)
{
	if (memcmp(p, UNDO_MAGIC, UNDO_MAGIC_SIZE))
		return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR, NAME " is no undo file", file->name);
	if (get32(p + UNDO_HEADER_VERSION) == UNDO_VERSION)
		return 0;
	return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
		"the undo file " NAME " is of version %u, this program reads version %u", file->name,
		get32(p + UNDO_HEADER_VERSION), UNDO_VERSION);
}

static int read_header(struct undo_file *file, struct walk *walk, struct fsr_error *err)
{
	struct undo_header *h = &file->header;
	uint8_t *p = file->buffer; /* a record's room is larger than any header */
	uint64_t length =
		file->size < header_size(UNDO_MAX_DEVICES) ? file->size : header_size(UNDO_MAX_DEVICES);
	const char *why;
	int e;

	if (length < header_size(1))
		return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR, NAME " is no undo file", file->name);
	e = read_at(file, p, length, 0, err);
	if (!e)
		e = check_kind(file, p, err);
	if (e)
		return e;
	decode_fixed(h, p);
	why = h->ndevices <= UNDO_MAX_DEVICES && header_size(h->ndevices) > length ? "it ends too early"
										   : check_fixed(file, p);
	if (why)
		return refuse(file, 0, why, err);
	h->devices = calloc(h->ndevices, sizeof *h->devices);
	if (!h->devices)
		return fsr_fail_nomem(err);
	why = decode_devices(h, p + UNDO_HEADER_SIZE);
	walk->position = header_size(h->ndevices);
	h->csum = get64(p + walk->position - UNDO_CSUM_SIZE);
	return why ? refuse(file, UNDO_HEADER_SIZE, why, err) : 0;
}

/* ---- records */

static const char *check_record(
	const struct undo_file *file, const struct walk *walk, const struct undo_record *r)
{
	if (r->device >= file->header.ndevices || r->device < walk->device)
		return "a record's device";
	if (!r->length || r->length > UNDO_MAX_LENGTH || r->length > file->header.bytes - walk->bytes)
		return "a record's length";
	if (r->offset % UNDO_PAGE || r->offset > INT64_MAX - UNDO_MAX_LENGTH ||
		(r->device == walk->device && r->offset < walk->next))
		return "a record's offset";
	return NULL;
}

/* The record's fields, bounded, and walk moved behind it. Its bytes are in the buffer if it is wanted. */
static int read_record(const struct undo_file *file, struct walk *walk, undo_want_fn want, const void *arg,
	struct undo_record *r, struct fsr_error *err)
{
	uint8_t *p = file->buffer;
	uint64_t position = walk->position;
	int e = read_at(file, p, UNDO_RECORD_SIZE, position, err);
	const char *why;
	size_t size;

	if (e)
		return e;
	*r = (struct undo_record){.device = get32(p + UNDO_RECORD_DEVICE),
		.length = get32(p + UNDO_RECORD_LENGTH),
		.offset = get64(p + UNDO_RECORD_OFFSET)};
	why = check_record(file, walk, r);
	if (why)
		return refuse(file, position, why, err);
	size = undo_record_size(r->length);
	walk->position += size;
	walk->records++;
	walk->bytes += r->length;
	walk->device = r->device;
	walk->next = r->offset + r->length;
	if (want && !want(arg, r))
		return 0;
	r->before = p + UNDO_RECORD_SIZE;
	r->after = r->before + r->length;
	e = read_at(file, p + UNDO_RECORD_SIZE, size - UNDO_RECORD_SIZE, position + UNDO_RECORD_SIZE, err);
	if (!e && !undo_seal_ok(p, size - UNDO_CSUM_SIZE, file->header.csum))
		e = refuse(file, position, "a record's checksum", err);
	return e;
}

static int walk_records(const struct undo_file *file, struct walk *walk, undo_want_fn want, undo_record_fn fn,
	void *arg, struct fsr_error *err)
{
	int e = 0;

	while (!e && walk->records < file->header.records) {
		struct undo_record record;

		e = read_record(file, walk, want, arg, &record, err);
		if (!e && record.before)
			e = fn(arg, &record, err);
	}
	return e;
}

int undo_file_each(
	const struct undo_file *file, undo_want_fn want, undo_record_fn fn, void *arg, struct fsr_error *err)
{
	struct walk walk = {.position = header_size(file->header.ndevices)};

	return walk_records(file, &walk, want, fn, arg, err);
}

/* ---- the whole file */

/* How much of [offset, offset + length) is of the primary superblock. */
static uint32_t of_super(const struct undo_record *r)
{
	uint64_t from = 64 * KIB, to = from + SUPER_SIZE;

	if (r->offset > from)
		from = r->offset;
	if (r->offset + r->length < to)
		to = r->offset + r->length;
	return from < to ? (uint32_t)(to - from) : 0;
}

static int count_super(void *arg, const struct undo_record *record, struct fsr_error *err)
{
	(void)err;
	((uint32_t *)arg)[record->device] += of_super(record);
	return 0;
}

static int check_end(const struct undo_file *file, const struct walk *walk, struct fsr_error *err)
{
	const struct undo_header *h = &file->header;
	uint8_t p[UNDO_END_SIZE + UNDO_CSUM_SIZE];
	int e = read_at(file, p, sizeof p, walk->position, err);

	if (e)
		return e;
	if (memcmp(p, UNDO_END_MAGIC, UNDO_MAGIC_SIZE) || get64(p + UNDO_END_RECORDS) != h->records ||
		get64(p + UNDO_END_BYTES) != h->bytes || walk->bytes != h->bytes ||
		!undo_seal_ok(p, UNDO_END_SIZE, h->csum))
		return refuse(file, walk->position, "its end mark", err);
	if (walk->position + sizeof p != file->size)
		return refuse(file, walk->position + sizeof p, "something follows its end", err);
	return 0;
}

static int check_all(struct undo_file *file, struct fsr_error *err)
{
	struct walk walk = {0};
	uint32_t *supers;
	int e = read_header(file, &walk, err);

	if (e)
		return e;
	supers = calloc(file->header.ndevices, sizeof *supers);
	if (!supers)
		return fsr_fail_nomem(err);
	e = walk_records(file, &walk, NULL, count_super, supers, err);
	if (!e)
		e = check_end(file, &walk, err);
	for (size_t i = 0; i < file->header.ndevices && !e; i++)
		if (supers[i] != SUPER_SIZE)
			e = refuse(file, walk.position, "a device's superblock is missing", err);
	free(supers);
	return e;
}

static int open_file(struct undo_file *file, struct fsr_error *err)
{
	struct stat st;

	file->fd = open(file->name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (file->fd < 0 || fstat(file->fd, &st))
		return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot open the undo file " NAME ": %s",
			file->name, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR, NAME " is no undo file", file->name);
	file->size = (uint64_t)st.st_size;
	file->buffer = malloc(undo_record_size(UNDO_MAX_LENGTH));
	return file->buffer ? 0 : fsr_fail_nomem(err);
}

int undo_file_open(struct undo_file *file, const char *path, struct fsr_error *err)
{
	int e;

	*file = (struct undo_file){.fd = -1, .name = path};
	e = open_file(file, err);
	if (!e)
		e = check_all(file, err);
	if (e)
		undo_file_close(file);
	return e;
}

void undo_file_close(struct undo_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	free(file->header.devices);
	free(file->buffer);
}
