/* SPDX-License-Identifier: MIT */
/* Making an undo file, before anything is written. */
#include "undo.h"

#include "../device/create.h"
#include "../fields.h"
#include "format.h"

#include <stdlib.h>
#include <unistd.h>

struct saving {
	struct device_set *set;
	size_t device; /* the one at hand */
	int fd;
	const char *path;
	uint64_t position;
	struct undo_header header;
	uint8_t *buffer; /* of one record */
};

static int write_next(struct saving *s, const uint8_t *data, size_t length, struct fsr_error *err)
{
	int e = fd_write(s->fd, s->path, data, length, s->position, err);

	s->position += length;
	return e;
}

static int for_each_range(struct saving *s, overlay_range_fn fn, struct fsr_error *err)
{
	int e = 0;

	for (s->device = 0; s->device < s->set->count && !e; s->device++)
		e = overlay_ranges(s->set->list[s->device], fn, s, err);
	return e;
}

/* ---- the header */

static int count_range(void *arg, uint64_t offset, const void *after, size_t length, struct fsr_error *err)
{
	struct saving *s = arg;

	(void)offset;
	(void)after;
	(void)err;
	s->header.records++;
	s->header.bytes += length;
	return 0;
}

static int count_page(void *arg, uint64_t offset, const void *after, size_t length, struct fsr_error *err)
{
	(void)offset;
	(void)after;
	(void)err;
	*(size_t *)arg += length;
	return 0;
}

/* What tells the device is read from the superblock that will be there: it has just been made. */
static int take_device(struct device *overlay, struct undo_header *header, size_t i, struct fsr_error *err)
{
	uint64_t at = 64 * KIB;
	uint8_t super[SUPER_SIZE];
	size_t saved = 0;
	int e = device_read(overlay, super, sizeof super, at, err);

	if (!e)
		e = overlay_ranges_in(overlay, at, at + SUPER_SIZE, count_page, &saved, err);
	if (e)
		return e;
	/* The file is tied to the image by its superblocks. */
	if (saved != SUPER_SIZE)
		return fsr_fail(err, FSR_E_INVALID, 0, FSR_NO_BYTENR,
			"there is nothing to undo on '%.240s': its superblock is not written", overlay->name);
	header->after = get64(super + SUPER_GENERATION);
	header->devices[i].devid = get64(super + SUPER_DEV_ITEM + DEV_ITEM_DEVID);
	memcpy(header->devices[i].uuid, super + SUPER_DEV_ITEM + DEV_ITEM_UUID, 16);
	return 0;
}

static int take_devices(struct saving *s, const struct fsr_filesystem *fs, struct fsr_error *err)
{
	struct undo_header *h = &s->header;
	int e = 0;

	if (s->set->count > UNDO_MAX_DEVICES)
		return fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR, "an undo file has room for %u devices",
			UNDO_MAX_DEVICES);
	h->sectorsize = fs->sectorsize;
	h->nodesize = fs->nodesize;
	h->before = fs->generation;
	memcpy(h->fsid, fs->metadata_uuid, sizeof h->fsid);
	h->ndevices = s->set->count;
	h->devices = calloc(h->ndevices, sizeof *h->devices);
	if (!h->devices)
		return fsr_fail_nomem(err);
	for (size_t i = 0; i < h->ndevices && !e; i++)
		e = take_device(s->set->list[i], h, i, err);
	return e ? e : for_each_range(s, count_range, err);
}

static int save_header(struct saving *s, struct fsr_error *err)
{
	size_t size;
	uint8_t *bytes = undo_header_encode(&s->header, &size);
	int e = bytes ? write_next(s, bytes, size, err) : fsr_fail_nomem(err);

	free(bytes);
	return e;
}

/* ---- records */

static int save_range(void *arg, uint64_t offset, const void *after, size_t length, struct fsr_error *err)
{
	struct saving *s = arg;
	uint8_t *before = s->buffer + UNDO_RECORD_SIZE, *hash = before + length;
	size_t size = undo_record_size(length);
	int e = device_read(overlay_base(s->set->list[s->device]), before, length, offset, err);

	if (e)
		return e;
	set32(s->buffer + UNDO_RECORD_DEVICE, (uint32_t)s->device);
	set32(s->buffer + UNDO_RECORD_LENGTH, (uint32_t)length);
	set64(s->buffer + UNDO_RECORD_OFFSET, offset);
	for (size_t at = 0; at < length; at += UNDO_UNIT, hash += 8)
		set64(hash, undo_hash((const uint8_t *)after + at,
				    length - at < UNDO_UNIT ? length - at : UNDO_UNIT));
	undo_seal(s->buffer, size - UNDO_CSUM_SIZE, s->header.csum);
	return write_next(s, s->buffer, size, err);
}

static int save_end(struct saving *s, struct fsr_error *err)
{
	uint8_t end[UNDO_END_SIZE + UNDO_CSUM_SIZE];

	undo_put_magic(end, UNDO_END_MAGIC);
	set64(end + UNDO_END_RECORDS, s->header.records);
	set64(end + UNDO_END_BYTES, s->header.bytes);
	undo_seal(end, UNDO_END_SIZE, s->header.csum);
	return write_next(s, end, sizeof end, err);
}

static int fill_file(struct saving *s, struct fsr_error *err)
{
	int e = save_header(s, err);

	s->buffer = malloc(undo_record_size(UNDO_MAX_LENGTH));
	if (!e && !s->buffer)
		e = fsr_fail_nomem(err);
	if (!e)
		e = for_each_range(s, save_range, err);
	if (!e)
		e = save_end(s, err);
	if (!e)
		e = make_durable(s->fd, s->path, err);
	free(s->buffer);
	return e;
}

int undo_save(
	struct device_set *set, const char *path, const struct fsr_filesystem *fs, struct fsr_error *err)
{
	struct saving s = {.set = set, .path = path, .fd = -1};
	int e = take_devices(&s, fs, err);

	if (!e)
		e = create_file(path, "undo file", &s.fd, err);
	if (!e) {
		e = fill_file(&s, err);
		close(s.fd);
		if (e)
			undo_discard(path);
	}
	free(s.header.devices);
	return e;
}

void undo_discard(const char *path)
{
	unlink(path);
}
