/* SPDX-License-Identifier: MIT */
/* States of the devices: an image with other content in some sectors. */
#include "crash.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->disk != y->disk)
		return x->disk < y->disk ? -1 : 1;
	return x->sector < y->sector ? -1 : x->sector > y->sector;
}

static void collect_places(struct ground *ground)
{
	const struct log *log = ground->log;
	size_t n = 0, unique = 0;

	for (size_t i = 0; i < log->count; i++)
		n += log->events[i].length / SECTOR;
	ground->places = must_alloc(n + 1, sizeof *ground->places);
	n = 0;
	for (size_t i = 0; i < log->count; i++)
		for (size_t k = 0; k < log->events[i].length / SECTOR; k++)
			ground->places[n++] =
				(struct place){log->events[i].disk, log->events[i].offset / SECTOR + k};
	qsort(ground->places, n, sizeof *ground->places, compare_places);
	for (size_t i = 0; i < n; i++)
		if (!unique || compare_places(&ground->places[i], &ground->places[unique - 1]) != 0)
			ground->places[unique++] = ground->places[i];
	ground->count = unique;
}

/* Index of the first place at or behind a sector. */
static size_t find_place(const struct ground *ground, unsigned disk, uint64_t sector)
{
	struct place want = {disk, sector};
	size_t low = 0, high = ground->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_places(&ground->places[middle], &want) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const uint8_t *image_sector(const struct ground *ground, size_t place)
{
	const struct place *p = &ground->places[place];

	return ground->image->disks[p->disk].bytes + p->sector * SECTOR;
}

/* What stands for these bytes at this place: 0 where the image has the same. */
static uint64_t mark_of(const struct ground *ground, size_t place, const uint8_t *bytes)
{
	if (memcmp(image_sector(ground, place), bytes, SECTOR) == 0)
		return 0;
	return XXH3_64bits_withSeed(bytes, SECTOR, place + 1);
}

static void mark_event(const struct ground *ground, struct event *event)
{
	const struct disk *disk;

	if (event->disk >= ground->image->count)
		die("a write to device %u of %zu", event->disk, ground->image->count);
	disk = &ground->image->disks[event->disk];
	if (event->offset > disk->size || event->length > disk->size - event->offset)
		die("a write beyond the end of device %u", event->disk);
	event->place = find_place(ground, event->disk, event->offset / SECTOR);
	free(event->marks);
	event->marks = must_alloc(event->length / SECTOR, sizeof *event->marks);
	for (size_t k = 0; k < event->length / SECTOR; k++)
		event->marks[k] = mark_of(ground, event->place + k, event->data + k * SECTOR);
}

void ground_make(struct ground *ground, const struct image *image, struct log *log)
{
	struct state last;

	*ground = (struct ground){.image = image, .log = log};
	collect_places(ground);
	for (size_t i = 0; i < log->count; i++)
		if (!log->events[i].flush)
			mark_event(ground, &log->events[i]);
	state_make(&last, ground);
	state_apply_all(&last);
	ground->final_marks = last.marks;
	last.marks = NULL;
	state_free(&last);
}

void ground_free(struct ground *ground)
{
	free(ground->places);
	free(ground->final_marks);
	*ground = (struct ground){0};
}

void state_make(struct state *state, const struct ground *ground)
{
	*state = (struct state){.ground = ground};
	state->content = must_alloc(ground->count + 1, sizeof *state->content);
	state->marks = must_alloc(ground->count + 1, sizeof *state->marks);
}

void state_free(struct state *state)
{
	free(state->content);
	free(state->marks);
	*state = (struct state){0};
}

void state_reset(struct state *state)
{
	memset(state->content, 0, state->ground->count * sizeof *state->content);
	memset(state->marks, 0, state->ground->count * sizeof *state->marks);
	state->hash = 0;
}

void state_copy(struct state *to, const struct state *from)
{
	memcpy(to->content, from->content, from->ground->count * sizeof *to->content);
	memcpy(to->marks, from->marks, from->ground->count * sizeof *to->marks);
	to->hash = from->hash;
}

void state_apply(struct state *state, const struct event *event, size_t from, size_t to)
{
	for (size_t k = from; k < to; k++) {
		size_t place = event->place + k;

		state->hash ^= state->marks[place] ^ event->marks[k];
		state->marks[place] = event->marks[k];
		state->content[place] = event->data + k * SECTOR;
	}
}

void state_apply_all(struct state *state)
{
	const struct log *log = state->ground->log;

	for (size_t i = 0; i < log->count; i++)
		state_apply(state, &log->events[i], 0, log->events[i].length / SECTOR);
}

void state_overlay(const struct state *state, unsigned disk, void *buffer, size_t length, uint64_t offset)
{
	const struct ground *ground = state->ground;
	uint64_t end = offset + length;

	for (size_t i = find_place(ground, disk, offset / SECTOR); i < ground->count; i++) {
		uint64_t start = ground->places[i].sector * SECTOR, from, to;

		if (ground->places[i].disk != disk || start >= end)
			break;
		if (!state->content[i])
			continue;
		from = start > offset ? start : offset;
		to = start + SECTOR < end ? start + SECTOR : end;
		memcpy((uint8_t *)buffer + (from - offset), state->content[i] + (from - start), to - from);
	}
}

/* Counts the sectors of a device's primary superblock that the log changes, and those changed and as in the
 * end. */
static void count_primary(const struct state *state, unsigned disk, size_t *changed, size_t *written)
{
	const struct ground *ground = state->ground;
	uint64_t first = PRIMARY_OFFSET / SECTOR;

	*changed = *written = 0;
	for (size_t i = find_place(ground, disk, first); i < ground->count; i++) {
		if (ground->places[i].disk != disk || ground->places[i].sector >= first + PRIMARY_SECTORS)
			break;
		*changed += ground->final_marks[i] != 0;
		*written += ground->final_marks[i] && state->marks[i] == ground->final_marks[i];
	}
}

enum primaries state_primaries(const struct state *state)
{
	bool some_old = false, some_new = false;

	for (unsigned disk = 0; disk < state->ground->image->count; disk++) {
		size_t changed, written;

		count_primary(state, disk, &changed, &written);
		if (written && written < changed)
			return PRIMARIES_TORN;
		some_old |= changed && !written;
		some_new |= written != 0;
	}
	if (some_old && some_new)
		return PRIMARIES_MIXED;
	return some_new ? PRIMARIES_NEW : PRIMARIES_OLD;
}
