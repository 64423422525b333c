/* SPDX-License-Identifier: MIT */
/* A device that keeps what is written to it in memory, by pages. */
#include "device.h"

#include "../../libfsread/source/parts.h"

#include <stdlib.h>

#define PAGE 4096u
#define RANGE_MAX ((size_t)MIB)
#define FIRST_ROOM 256u

struct page {
	uint64_t number; /* where it lies, in pages */
	uint8_t *data;   /* PAGE bytes; NULL: this place of the table is free */
};

struct overlay {
	struct device device;
	struct device *base;
	/* Open addressing: a page lies at its hash or in the next free place behind it. */
	struct page *table;
	size_t room, count; /* room is a power of two, at most half of it used */
	uint64_t bytes;     /* of all pages */
	/* The same pages by number, made when they are first asked for in order. */
	struct page *sorted;
	bool in_order;
};

static struct overlay *overlay_of(const struct device *d)
{
	return (struct overlay *)d;
}

/* ---- the table */

/* The multiplier is 2^64 divided by the golden ratio: neighbours end up far apart. */
static size_t place_of(const struct page *table, size_t room, uint64_t number)
{
	size_t i = (size_t)((number * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & (room - 1);

	while (table[i].data && table[i].number != number)
		i = (i + 1) & (room - 1);
	return i;
}

static uint8_t *find(const struct overlay *o, uint64_t number)
{
	return o->count ? o->table[place_of(o->table, o->room, number)].data : NULL;
}

static int grow(struct overlay *o, struct fsr_error *err)
{
	size_t room = o->room ? 2 * o->room : FIRST_ROOM;
	struct page *table = calloc(room, sizeof *table);

	if (!table)
		return fsr_fail_nomem(err);
	for (size_t i = 0; i < o->room; i++)
		if (o->table[i].data)
			table[place_of(table, room, o->table[i].number)] = o->table[i];
	free(o->table);
	o->table = table;
	o->room = room;
	return 0;
}

/* How much of the page lies on the device. */
static size_t page_length(const struct overlay *o, uint64_t number)
{
	uint64_t left = o->device.size - number * PAGE;

	return left < PAGE ? (size_t)left : PAGE;
}

/* A page that is not there yet; fill: with what the base has, since not all of it will be written. */
static int add(struct overlay *o, uint64_t number, bool fill, uint8_t **out, struct fsr_error *err)
{
	uint8_t *data;
	int e = 2 * (o->count + 1) > o->room ? grow(o, err) : 0;

	if (e)
		return e;
	data = calloc(1, PAGE);
	if (!data)
		return fsr_fail_nomem(err);
	e = fill ? device_read(o->base, data, page_length(o, number), number * PAGE, err) : 0;
	if (e) {
		free(data);
		return e;
	}
	o->table[place_of(o->table, o->room, number)] = (struct page){number, data};
	o->count++;
	o->bytes += page_length(o, number);
	o->in_order = false;
	*out = data;
	return 0;
}

/* ---- the device */

static int check_range(const struct device *d, size_t length, uint64_t offset, struct fsr_error *err)
{
	if (offset <= d->size && length <= d->size - offset)
		return 0;
	return fsr_fail(err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR,
		"the filesystem in " NAME
		" ends at byte %llu, but %zu bytes are read or written at byte %llu",
		d->name, (unsigned long long)d->size, length, (unsigned long long)offset);
}

/* The part of [offset, offset + length) that lies in its first page. */
static size_t in_page(size_t length, uint64_t offset)
{
	size_t room = PAGE - (size_t)(offset % PAGE);

	return length < room ? length : room;
}

/* Bytes from offset on that no page holds. */
static size_t untouched(const struct overlay *o, size_t length, uint64_t offset)
{
	size_t n = 0;

	while (n < length && !find(o, (offset + n) / PAGE))
		n += in_page(length - n, offset + n);
	return n;
}

static int read_at(struct device *d, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	const struct overlay *o = overlay_of(d);
	uint8_t *p = buffer;
	int e = check_range(d, length, offset, err);

	while (!e && length) {
		size_t n = o->count ? untouched(o, length, offset) : length;

		if (n) {
			e = device_read(o->base, p, n, offset, err);
		} else {
			n = in_page(length, offset);
			memcpy(p, find(o, offset / PAGE) + offset % PAGE, n);
		}
		p += n;
		length -= n;
		offset += n;
	}
	return e;
}

static int write_at(
	struct device *d, const void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	struct overlay *o = overlay_of(d);
	const uint8_t *p = buffer;
	int e = check_range(d, length, offset, err);

	while (!e && length) {
		uint64_t number = offset / PAGE;
		uint8_t *data = find(o, number);
		size_t n = in_page(length, offset);

		if (!data)
			e = add(o, number, n < page_length(o, number), &data, err);
		if (!data)
			break;
		memcpy(data + offset % PAGE, p, n);
		p += n;
		length -= n;
		offset += n;
	}
	return e;
}

/* Nothing that was written here is meant to reach a medium. */
static int flush(struct device *d, struct fsr_error *err)
{
	(void)d;
	(void)err;
	return 0;
}

static void close_overlay(struct device *d)
{
	struct overlay *o = overlay_of(d);

	for (size_t i = 0; i < o->room; i++)
		free(o->table[i].data);
	free(o->table);
	free(o->sorted);
	device_close(o->base);
	free(o);
}

static const struct device_ops ops = {read_at, write_at, flush, close_overlay};

struct device *device_overlay(struct device *base, struct fsr_error *err)
{
	struct overlay *o = calloc(1, sizeof *o);

	if (!o) {
		fsr_fail_nomem(err);
		return NULL;
	}
	o->device = (struct device){&ops, base->name, base->size};
	o->base = base;
	return &o->device;
}

struct device *overlay_base(struct device *overlay)
{
	return overlay_of(overlay)->base;
}

uint64_t overlay_bytes(const struct device *overlay)
{
	return overlay_of(overlay)->bytes;
}

/* ---- what was written, in order */

static int compare_pages(const void *pa, const void *pb)
{
	const struct page *a = pa, *b = pb;

	return (a->number > b->number) - (a->number < b->number);
}

static int sort(struct overlay *o, struct fsr_error *err)
{
	struct page *sorted;
	size_t n = 0;

	if (o->in_order || !o->count)
		return 0;
	sorted = realloc(o->sorted, o->count * sizeof *sorted);
	if (!sorted)
		return fsr_fail_nomem(err);
	o->sorted = sorted;
	for (size_t i = 0; i < o->room; i++)
		if (o->table[i].data)
			sorted[n++] = o->table[i];
	qsort(sorted, n, sizeof *sorted, compare_pages);
	o->in_order = true;
	return 0;
}

/* Index of the first page from `number` on. */
static size_t first_from(const struct overlay *o, uint64_t number)
{
	size_t low = 0, high = o->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (o->sorted[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Copies the pages that follow each other from *i on, and are below `end`; moves *i behind them. */
static size_t gather(const struct overlay *o, size_t *i, uint64_t end, uint8_t *buffer)
{
	uint64_t next = o->sorted[*i].number;
	size_t length = 0;

	while (*i < o->count && o->sorted[*i].number == next && next < end && length < RANGE_MAX) {
		size_t n = page_length(o, next);

		memcpy(buffer + length, o->sorted[*i].data, n);
		length += n;
		next++;
		++*i;
	}
	return length;
}

int overlay_ranges_in(struct device *overlay, uint64_t from, uint64_t to, overlay_range_fn fn, void *arg,
	struct fsr_error *err)
{
	struct overlay *o = overlay_of(overlay);
	uint64_t end = to / PAGE + (to % PAGE != 0);
	uint8_t *buffer;
	int e = sort(o, err);

	if (e || !o->count)
		return e;
	buffer = malloc(RANGE_MAX);
	if (!buffer)
		return fsr_fail_nomem(err);
	for (size_t i = first_from(o, from / PAGE); !e && i < o->count && o->sorted[i].number < end;) {
		uint64_t offset = o->sorted[i].number * PAGE;
		size_t length = gather(o, &i, end, buffer);

		e = fn(arg, offset, buffer, length, err);
	}
	free(buffer);
	return e;
}

int overlay_ranges(struct device *overlay, overlay_range_fn fn, void *arg, struct fsr_error *err)
{
	return overlay_ranges_in(overlay, 0, UINT64_MAX, fn, arg, err);
}
