/* SPDX-License-Identifier: MIT */
/* The log of what was done to the devices, and what a bad writer would have made of it. */
#include "crash.h"

#include "../../libfsread/format/btrfs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct event *new_event(struct log *log)
{
	if (log->count == log->room) {
		log->room = log->room ? 2 * log->room : 64;
		log->events = must_grow(log->events, log->room, sizeof *log->events);
	}
	log->events[log->count] = (struct event){0};
	return &log->events[log->count++];
}

void log_write(struct log *log, unsigned disk, uint64_t offset, const void *data, size_t length)
{
	struct event *event;

	if (offset % SECTOR || length % SECTOR || !length)
		die("a write of %zu bytes at %llu is not of whole sectors", length,
			(unsigned long long)offset);
	event = new_event(log);
	event->disk = disk;
	event->offset = offset;
	event->length = length;
	event->data = must_alloc(length, 1);
	memcpy(event->data, data, length);
}

void log_flush(struct log *log, unsigned disk)
{
	struct event *event = new_event(log);

	event->flush = true;
	event->disk = disk;
}

void log_free(struct log *log)
{
	for (size_t i = 0; i < log->count; i++) {
		free(log->events[i].data);
		free(log->events[i].marks);
	}
	free(log->events);
	*log = (struct log){0};
}

bool event_is_primary(const struct event *event)
{
	return !event->flush && event->offset < PRIMARY_OFFSET + SUPER_SIZE &&
	       event->offset + event->length > PRIMARY_OFFSET;
}

static void add_copy(struct log *out, const struct event *event)
{
	if (event->flush)
		log_flush(out, event->disk);
	else
		log_write(out, event->disk, event->offset, event->data, event->length);
}

void log_without_flushes(const struct log *log, struct log *out)
{
	for (size_t i = 0; i < log->count; i++)
		if (!log->events[i].flush)
			add_copy(out, &log->events[i]);
}

/* The primary superblocks, or what is not one, with a flush of every device behind them. */
static void add_some(const struct log *log, struct log *out, bool primaries)
{
	for (size_t i = 0; i < log->count; i++)
		if (!log->events[i].flush && event_is_primary(&log->events[i]) == primaries)
			add_copy(out, &log->events[i]);
	for (size_t i = 0; i < log->count; i++)
		if (log->events[i].flush)
			log_flush(out, log->events[i].disk);
}

void log_primary_first(const struct log *log, struct log *out)
{
	add_some(log, out, true);
	add_some(log, out, false);
}

void log_primary_last(const struct log *log, struct log *out)
{
	add_some(log, out, false);
	add_some(log, out, true);
}

#define PIECE 4096u

enum part { PART_REST, PART_PRIMARY, PART_MIRRORS };

static enum part part_of(uint64_t offset)
{
	if (offset == PRIMARY_OFFSET)
		return PART_PRIMARY;
	return offset == 67108864 || offset == 274877906944 ? PART_MIRRORS : PART_REST;
}

/* The next piece at or behind `at` that is no hole in both files; their size when there is none. */
static uint64_t next_piece(const struct disk *before, const struct disk *after, uint64_t at)
{
	off_t a = lseek(before->fd, (off_t)at, SEEK_DATA), b = lseek(after->fd, (off_t)at, SEEK_DATA);

	if (a < 0 || (b >= 0 && b < a))
		a = b;
	return a < 0 ? before->size : (uint64_t)a / PIECE * PIECE;
}

static void add_difference(
	const struct disk *before, const struct disk *after, enum part part, struct log *out)
{
	uint64_t at = 0;

	while ((at = next_piece(before, after, at)) + PIECE <= before->size) {
		if (part_of(at) == part && memcmp(before->bytes + at, after->bytes + at, PIECE) != 0)
			log_write(out, 0, at, after->bytes + at, PIECE);
		at += PIECE;
	}
	log_flush(out, 0);
}

void log_of_difference(const struct image *before, const struct image *after, struct log *out)
{
	if (before->count != 1 || after->count != 1 || before->disks[0].size != after->disks[0].size)
		die("the two images must be single files of the same size");
	add_difference(&before->disks[0], &after->disks[0], PART_REST, out);
	add_difference(&before->disks[0], &after->disks[0], PART_PRIMARY, out);
	add_difference(&before->disks[0], &after->disks[0], PART_MIRRORS, out);
}
