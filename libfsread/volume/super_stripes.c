/* SPDX-License-Identifier: MIT */
/* The parts of a chunk that superblock mirrors make unusable (F-A10). */
#include "super.h"

#include <stdlib.h>

/*
 * Where stripe i of the chunk puts device offset p, as a logical address; false when p is not in it.
 * Every device carries mirrors at the same offsets, so the devid does not matter.
 */
static bool reverse_map(const struct chunk *chunk, unsigned i, uint64_t p, uint64_t *logical)
{
	uint64_t physical = chunk->stripes[i].offset, nr, within;

	if (p < physical || p - physical >= chunk_stripe_size(chunk))
		return false;
	nr = (p - physical) / STRIPE_LEN;
	within = (p - physical) % STRIPE_LEN;
	if (chunk->type & (BLOCK_GROUP_RAID0 | BLOCK_GROUP_RAID10))
		nr = (nr * chunk->num_stripes + i) / chunk->sub_stripes;
	*logical = chunk->start + nr * chunk_super_unit(chunk) + within;
	return true;
}

/*
 * Whether an earlier stripe gave the same address. With parity any may. Else only copies do: at most four
 * stripes, all of them near each other, or the first and the last one of an odd RAID10.
 */
static bool seen_before(const struct chunk *chunk, unsigned i, uint64_t p, uint64_t logical)
{
	uint64_t other;

	for (unsigned k = i > 3 && !chunk_has_parity(chunk) ? i - 3 : 0; k < i; k++)
		if (reverse_map(chunk, k, p, &other) && other == logical)
			return true;
	return i > 3 && reverse_map(chunk, 0, p, &other) && other == logical;
}

/* Calls fn for the address of every excluded unit, in no order, one mirror after the other. */
static void each_address(const struct chunk *chunk, void (*fn)(void *arg, uint64_t logical), void *arg)
{
	for (unsigned mirror = 0; mirror < SUPER_MIRRORS; mirror++) {
		uint64_t p = super_offset(mirror), logical;

		for (unsigned i = 0; i < chunk->num_stripes; i++)
			if (reverse_map(chunk, i, p, &logical) && !seen_before(chunk, i, p, logical))
				fn(arg, logical);
	}
}

struct stripe_list {
	const struct chunk *chunk;
	struct super_stripe *out;
	size_t count, room;
};

static void add_range(struct stripe_list *list, uint64_t start, uint64_t end)
{
	uint64_t chunk_end = list->chunk->start + list->chunk->length;

	if (end > chunk_end || end < start)
		end = chunk_end;
	if (start >= end)
		return;
	if (list->count < list->room)
		list->out[list->count] = (struct super_stripe){start, end};
	list->count++;
}

static void add_address(void *arg, uint64_t logical)
{
	const struct stripe_list *list = arg;

	add_range(arg, logical, logical + chunk_super_unit(list->chunk));
}

static int by_start(const void *a, const void *b)
{
	const struct super_stripe *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static size_t merge(struct super_stripe *list, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (kept && list[i].start <= list[kept - 1].end) {
			if (list[i].end > list[kept - 1].end)
				list[kept - 1].end = list[i].end;
		} else {
			list[kept++] = list[i];
		}
	}
	return kept;
}

size_t chunk_super_stripes(const struct chunk *chunk, struct super_stripe *out, size_t room)
{
	struct stripe_list list = {.chunk = chunk, .out = out, .room = room};

	if (chunk->start < super_offset(0))
		add_range(&list, chunk->start, super_offset(0));
	each_address(chunk, add_address, &list);
	if (list.count > room)
		return list.count;
	qsort(out, list.count, sizeof *out, by_start);
	return merge(out, list.count);
}

struct byte_sum {
	const struct chunk *chunk;
	uint64_t bytes;
};

static void sum_address(void *arg, uint64_t logical)
{
	struct byte_sum *sum = arg;
	/* Behind the end this wraps to a large number, and the full stripe counts. */
	uint64_t left = sum->chunk->start + sum->chunk->length - logical;
	uint64_t unit = chunk_super_unit(sum->chunk);

	sum->bytes += left < unit ? left : unit;
}

uint64_t chunk_bytes_super(const struct chunk *chunk)
{
	struct byte_sum sum = {.chunk = chunk};

	if (chunk->start < super_offset(0))
		sum.bytes = super_offset(0) - chunk->start;
	each_address(chunk, sum_address, &sum);
	return sum.bytes;
}
