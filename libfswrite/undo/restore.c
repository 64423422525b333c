/* SPDX-License-Identifier: MIT */
/* Putting back what an undo file holds. */
#include "undo.h"

#include "../../libfsread/source/parts.h"
#include "../../libfsread/volume/super.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * The order of writing; each is flushed before the next. The commit overwrote nothing that the old
 * filesystem needs, and until all is put back nothing is overwritten that the new one needs: so the primary
 * superblocks decide, and before the first of them is written the new filesystem is whole, after the last the
 * old one. The other superblocks speak for whichever is whole, should a primary be torn.
 */
enum phase { PHASE_PRIMARY, PHASE_MIRRORS, PHASE_REST, PHASES };

struct restoring {
	struct device_set *set;
	const struct undo_file *file;
	const struct fsr_open_options *options;
	struct device **devices; /* by their number in the file; the set's */
	uint8_t *buffer;         /* UNDO_MAX_LENGTH bytes */
	uint64_t done;           /* bytes of the step at hand */
	bool changed;            /* something is not as before */
	enum phase phase;
};

/* ---- which device is which */

/* The number of the device that this superblock is of; ndevices: none of the file's. */
static size_t find_device(const struct undo_header *h, const uint8_t *super)
{
	const uint8_t *item = super + SUPER_DEV_ITEM;
	size_t i = 0;

	if (memcmp(super + SUPER_MAGIC_AT, SUPER_MAGIC, 8) ||
		memcmp(super_tree_fsid(super), h->fsid, sizeof h->fsid))
		return h->ndevices;
	while (i < h->ndevices && (get64(item + DEV_ITEM_DEVID) != h->devices[i].devid ||
					  memcmp(item + DEV_ITEM_UUID, h->devices[i].uuid, 16)))
		i++;
	return i;
}

/*
 * By any of its superblocks, good or not: what tells a device lies in the first unit, the same before and
 * after, so a torn superblock tells it too. Whether its content may be overwritten is checked later.
 */
static size_t identify(struct device *d, const struct undo_header *h)
{
	uint8_t super[SUPER_SIZE];
	size_t found = h->ndevices;

	for (unsigned i = 0; i < SUPER_MIRRORS && found == h->ndevices; i++)
		if (super_offset(i) + SUPER_SIZE <= d->size &&
			!device_read(d, super, sizeof super, super_offset(i), NULL))
			found = find_device(h, super);
	return found;
}

static int match_one(struct restoring *r, struct device *d, struct fsr_error *err)
{
	const struct undo_header *h = &r->file->header;
	size_t found = identify(d, h);

	if (found == h->ndevices)
		return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
			"'%.200s' is no device of the filesystem that the undo file '%.200s' was made for",
			d->name, r->file->name);
	if (r->devices[found])
		return fsr_fail(err, FSR_E_REFUSED, h->devices[found].devid, FSR_NO_BYTENR,
			"'%.200s' and '%.200s' are the same device", r->devices[found]->name, d->name);
	r->devices[found] = d;
	return 0;
}

static int match_devices(struct restoring *r, struct fsr_error *err)
{
	const struct undo_header *h = &r->file->header;
	int e = 0;

	for (size_t i = 0; i < r->set->count && !e; i++)
		e = match_one(r, overlay_base(r->set->list[i]), err);
	for (size_t i = 0; i < h->ndevices && !e; i++)
		if (!r->devices[i])
			e = fsr_fail(err, FSR_E_REFUSED, h->devices[i].devid, FSR_NO_BYTENR,
				"device %llu is missing, which the undo file " NAME
				" holds bytes of; give it with --device",
				(unsigned long long)h->devices[i].devid, r->file->name);
	return e;
}

/* ---- progress */

static bool asks_to_stop(struct restoring *r, const char *what, uint64_t bytes)
{
	const struct fsr_open_options *o = r->options;

	r->done += bytes;
	return o && o->progress && o->progress(o->progress_arg, what, r->done, r->file->header.bytes);
}

/* ---- what is there now */

static int refuse_changed(
	struct restoring *r, const struct undo_record *record, uint64_t place, struct fsr_error *err)
{
	uint64_t devid = r->file->header.devices[record->device].devid;

	return fsr_fail(err, FSR_E_REFUSED, devid, FSR_NO_BYTENR,
		"'%.200s' was changed since: byte %llu of device %llu is neither as before nor as the "
		"rewrite left it; nothing was put back",
		r->devices[record->device]->name, (unsigned long long)place, (unsigned long long)devid);
}

static int check_record(void *arg, const struct undo_record *record, struct fsr_error *err)
{
	struct restoring *r = arg;
	struct device *d = r->devices[record->device];
	int e = device_read(d, r->buffer, record->length, record->offset, err);

	for (size_t at = 0; at < record->length && !e; at += UNDO_UNIT) {
		size_t n = record->length - at < UNDO_UNIT ? record->length - at : UNDO_UNIT;

		if (!memcmp(r->buffer + at, record->before + at, n))
			continue;
		r->changed = true;
		if (undo_hash(r->buffer + at, n) != get64(record->after + at / UNDO_UNIT * 8))
			e = refuse_changed(r, record, record->offset + at, err);
	}
	if (!e && asks_to_stop(r, "checking", record->length))
		e = fsr_fail(err, FSR_E_STOPPED, 0, FSR_NO_BYTENR, "stopped; nothing was put back");
	return e;
}

/* ---- putting it back */

/* What the 4 KiB at this place of a device are. */
static enum phase phase_of(uint64_t offset)
{
	for (unsigned i = 0; i < SUPER_MIRRORS; i++)
		if (offset >= super_offset(i) && offset < super_offset(i) + SUPER_SIZE)
			return i ? PHASE_MIRRORS : PHASE_PRIMARY;
	return PHASE_REST;
}

static bool is_of_phase(const void *arg, const struct undo_record *record)
{
	const struct restoring *r = arg;

	for (size_t at = 0; at < record->length; at += UNDO_PAGE)
		if (phase_of(record->offset + at) == r->phase)
			return true;
	return false;
}

/* Writes those pages of the record that are of the phase, neighbours at once. */
static int write_record(void *arg, const struct undo_record *record, struct fsr_error *err)
{
	struct restoring *r = arg;
	size_t from = 0, to;
	int e = 0;

	while (from < record->length && !e) {
		enum phase phase = phase_of(record->offset + from);

		to = from + UNDO_PAGE;
		while (to < record->length && phase_of(record->offset + to) == phase)
			to += UNDO_PAGE;
		if (to > record->length)
			to = record->length;
		if (phase == r->phase) {
			e = device_write(r->devices[record->device], record->before + from, to - from,
				record->offset + from, err);
			asks_to_stop(r, "putting back", to - from); /* too late: half an undo helps nobody */
		}
		from = to;
	}
	return e;
}

static int write_phase(struct restoring *r, enum phase phase, struct fsr_error *err)
{
	int e;

	r->phase = phase;
	e = undo_file_each(r->file, is_of_phase, write_record, r, err);
	for (size_t i = 0; i < r->set->count && !e; i++)
		e = device_flush(overlay_base(r->set->list[i]), err);
	return e;
}

static int write_all(struct restoring *r, struct fsr_error *err)
{
	int e = 0;

	r->done = 0;
	for (enum phase phase = PHASE_PRIMARY; phase < PHASES && !e; phase++)
		e = write_phase(r, phase, err);
	if (e && err) {
		char why[300];

		snprintf(why, sizeof why, "%.299s", err->text);
		snprintf(err->text, sizeof err->text, "%s; the undo is not finished, run it again", why);
	}
	return e;
}

static int restore(struct restoring *r, struct fsr_error *err)
{
	int e = match_devices(r, err);

	if (!e)
		e = undo_file_each(r->file, NULL, check_record, r, err);
	return e || !r->changed ? e : write_all(r, err);
}

int undo_restore(struct device_set *set, const struct undo_file *file, const struct fsr_open_options *options,
	struct fsw_undone *out, struct fsr_error *err)
{
	struct restoring r = {.set = set, .file = file, .options = options};
	int e;

	r.devices = calloc(file->header.ndevices, sizeof(struct device *));
	r.buffer = malloc(UNDO_MAX_LENGTH);
	if (r.devices && r.buffer)
		e = restore(&r, err);
	else
		e = fsr_fail_nomem(err);
	if (!e)
		*out = (struct fsw_undone){file->header.before, file->header.bytes, !r.changed};
	free(r.devices);
	free(r.buffer);
	return e;
}
