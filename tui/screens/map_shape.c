/* SPDX-License-Identifier: MIT */
#include "map_shape.h"

#include <stdlib.h>

#define SHIFT_MAX 63u

uint64_t map_cells_in(uint64_t length, unsigned shift)
{
	return length ? ((length - 1) >> shift) + 1 : 1;
}

static bool fits(const struct record *groups, size_t count, unsigned shift, uint64_t room)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t cells = map_cells_in(groups[i].group.length, shift);

		if (cells > room - sum)
			return false;
		sum += cells;
	}
	return true;
}

unsigned map_fit(const struct record *groups, size_t count, unsigned least, uint64_t room)
{
	unsigned shift = least;

	if (room < count)
		room = count;
	while (shift < SHIFT_MAX && !fits(groups, count, shift, room))
		shift++;
	return shift;
}

bool map_shape_set(struct map_shape *shape, const struct record *groups, size_t count, unsigned shift)
{
	uint64_t *first = reallocarray(shape->first, count + 1, sizeof *first);

	if (!first) {
		map_shape_free(shape);
		return false;
	}
	*shape = (struct map_shape){groups, count, shift, first};
	first[0] = 0;
	for (size_t i = 0; i < count; i++)
		first[i + 1] = first[i] + map_cells_in(groups[i].group.length, shift);
	return true;
}

void map_shape_free(struct map_shape *shape)
{
	free(shape->first);
	*shape = (struct map_shape){0};
}

uint64_t map_shape_cells(const struct map_shape *shape)
{
	return shape->first ? shape->first[shape->count] : 0;
}

size_t map_shape_group(const struct map_shape *shape, uint64_t cell)
{
	size_t low = 0, high = shape->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (shape->first[middle] <= cell)
			low = middle;
		else
			high = middle;
	}
	return low;
}

struct map_piece map_shape_piece(const struct map_shape *shape, uint64_t cell)
{
	size_t i = map_shape_group(shape, cell);
	const struct fsr_group *group = &shape->groups[i].group;
	uint64_t number = cell - shape->first[i], offset = number << shape->shift;
	uint64_t size = UINT64_C(1) << shape->shift;
	uint64_t rest = offset < group->length ? group->length - offset : 0;

	return (struct map_piece){i, group->bytenr + offset, rest < size ? rest : size, !number};
}

uint64_t map_shape_cell(const struct map_shape *shape, uint64_t address)
{
	size_t low = 0, high = shape->count;
	const struct fsr_group *group;

	if (!shape->count)
		return 0;
	while (low < high) { /* the first block group that ends behind the address */
		size_t middle = low + (high - low) / 2;

		group = &shape->groups[middle].group;
		if (group->bytenr <= address && address - group->bytenr >= group->length)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == shape->count)
		return shape->first[low] - 1;
	group = &shape->groups[low].group;
	return shape->first[low] + (address > group->bytenr ? (address - group->bytenr) >> shape->shift : 0);
}

unsigned map_log2(uint64_t size)
{
	unsigned shift = 0;

	while (shift < SHIFT_MAX && size >> shift > 1)
		shift++;
	return shift;
}
