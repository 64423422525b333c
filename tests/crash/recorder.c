/* SPDX-License-Identifier: MIT */
/* A device that records: writes end in its log, and its reads see them, so that the files stay as they are.
 */
#include "crash.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct recording {
	struct device device;
	struct device *base;
	struct recorder *recorder;
	unsigned disk;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void overlay_log(const struct log *log, unsigned disk, void *buffer, size_t length, uint64_t offset)
{
	uint64_t end = offset + length;

	for (size_t i = 0; i < log->count; i++) {
		const struct event *e = &log->events[i];
		uint64_t from = e->offset > offset ? e->offset : offset;
		uint64_t to = e->offset + e->length < end ? e->offset + e->length : end;

		if (!e->flush && e->disk == disk && from < to)
			memcpy((uint8_t *)buffer + (from - offset), e->data + (from - e->offset), to - from);
	}
}

static int record_read(struct device *d, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	struct recording *r = (struct recording *)d;
	int ret = device_read(r->base, buffer, length, offset, err);

	if (ret)
		return ret;
	if (r->recorder->start)
		state_overlay(r->recorder->start, r->disk, buffer, length, offset);
	pthread_mutex_lock(&lock);
	overlay_log(&r->recorder->log, r->disk, buffer, length, offset);
	pthread_mutex_unlock(&lock);
	return 0;
}

static int record_write(
	struct device *d, const void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	struct recording *r = (struct recording *)d;

	(void)err;
	pthread_mutex_lock(&lock);
	log_write(&r->recorder->log, r->disk, offset, buffer, length);
	pthread_mutex_unlock(&lock);
	return 0;
}

static int record_flush(struct device *d, struct fsr_error *err)
{
	struct recording *r = (struct recording *)d;

	(void)err;
	pthread_mutex_lock(&lock);
	log_flush(&r->recorder->log, r->disk);
	pthread_mutex_unlock(&lock);
	return 0;
}

static void record_close(struct device *d)
{
	device_close(((struct recording *)d)->base);
	free(d);
}

static const struct device_ops record_ops = {record_read, record_write, record_flush, record_close};

static struct device *wrap(void *arg, struct device *base, size_t i, struct fsr_error *err)
{
	struct recording *r = must_alloc(1, sizeof *r);

	(void)err;
	r->device = (struct device){&record_ops, base->name, base->size};
	r->base = base;
	r->recorder = arg;
	r->disk = (unsigned)i;
	return &r->device;
}

void recorder_start(struct recorder *recorder, const struct state *start)
{
	*recorder = (struct recorder){.start = start, .hooks = {wrap, recorder}};
}

/* What a sector holds in the end. */
static void read_back(const struct recorder *recorder, const struct image *image, const struct place *p,
	uint8_t bytes[SECTOR])
{
	memcpy(bytes, image->disks[p->disk].bytes + p->sector * SECTOR, SECTOR);
	if (recorder->start)
		state_overlay(recorder->start, p->disk, bytes, SECTOR, p->sector * SECTOR);
	overlay_log(&recorder->log, p->disk, bytes, SECTOR, p->sector * SECTOR);
}

static bool sector_equals(const struct recorder *recorder, const struct ground *ground,
	const struct image *want, const struct place *p, struct place *at)
{
	uint8_t bytes[SECTOR];

	*at = *p;
	read_back(recorder, ground->image, p, bytes);
	return memcmp(bytes, want->disks[p->disk].bytes + p->sector * SECTOR, SECTOR) == 0;
}

bool recorder_equals(const struct recorder *recorder, const struct ground *ground, const struct image *want,
	struct place *at)
{
	const struct log *log = &recorder->log;

	for (size_t i = 0; i < ground->count; i++)
		if (!sector_equals(recorder, ground, want, &ground->places[i], at))
			return false;
	for (size_t i = 0; i < log->count; i++)
		for (size_t k = 0; k < log->events[i].length / SECTOR; k++) {
			struct place p = {log->events[i].disk, log->events[i].offset / SECTOR + k};

			if (!sector_equals(recorder, ground, want, &p, at))
				return false;
		}
	return true;
}
