/* SPDX-License-Identifier: MIT */
/*
 * hostile IMAGE SEED: damages a raw image in place, always the same way for the same seed, and says how.
 * hostile IMAGE places: prints where in the file its superblock, tree blocks and caches begin.
 */
#include "hostile/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	void (*run)(struct hostile *h);
} classes[] = {
	{"super", damage_super},
	{"label", damage_label},
	{"sys-array", damage_sys_array},
	{"header", damage_header},
	{"slot", damage_slot},
	{"pointer", damage_pointer},
	{"chain", damage_chain},
	{"item", damage_item},
	{"item", damage_item},
	{"item", damage_item},
	{"noise", damage_noise},
	{"cache", damage_cache},
	{"cache", damage_cache},
};
#define CLASSES (sizeof(classes) / sizeof(*classes))

uint64_t pick(struct hostile *h, uint64_t n)
{
	uint64_t z = h->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % n;
}

uint64_t evil(struct hostile *h, unsigned size, uint64_t old)
{
	uint64_t max = size == 8 ? UINT64_MAX : (UINT64_C(1) << (8 * size)) - 1;
	uint64_t node = h->image.nodesize, sector = h->image.sectorsize;
	const uint64_t choice[] = {0, 1, 2, max, max - 1, max / 2, max / 2 + 1, old + 1, old - 1, old * 2,
		old ^ (UINT64_C(1) << pick(h, 8 * size)), UINT64_C(1) << pick(h, 8 * size), pick(h, max),
		node, node - 1, node + 1, sector, sector - 1, max - sector + 1, max - node + 1,
		old + (UINT64_C(1) << 32), old + sector, old - sector};
	uint64_t value = choice[pick(h, sizeof(choice) / sizeof(*choice))] & max;

	return value == old ? (old + 1) & max : value;
}

void spoil(
	struct hostile *h, uint8_t *structure, const struct field *field, const char *where, uint64_t which)
{
	uint64_t old = get(structure + field->at, field->size);
	uint64_t value = evil(h, field->size, old);

	put(structure + field->at, field->size, value);
	printf("%s %llu: %s %llu -> %llu\n", where, (unsigned long long)which, field->name,
		(unsigned long long)old, (unsigned long long)value);
}

/* Prints where every copy of a structure lies. */
static void print_place(const struct hostile *h, uint64_t bytenr)
{
	for (unsigned i = 0; i < h->image.chunks; i++) {
		const struct chunk *chunk = &h->image.chunk[i];

		for (unsigned k = 0; bytenr - chunk->start < chunk->length && k < chunk->stripes; k++)
			printf("%llu\n",
				(unsigned long long)(chunk->stripe[k].offset + bytenr - chunk->start));
	}
}

static void print_places(const struct hostile *h)
{
	printf("65536\n");
	for (size_t i = 0; i < h->blocks; i++)
		print_place(h, h->block[i].bytenr);
	for (size_t i = 0; i < h->items; i++) {
		uint8_t block[MAX_NODE];

		if (h->item[i].key.type != TYPE_EXTENT_DATA || h->item[i].size != 53)
			continue;
		take(h, h->item[i].leaf, block);
		print_place(h, get(block + h->item[i].at + 21, 8));
	}
}

static void damage(struct hostile *h, uint64_t seed)
{
	uint64_t rounds;

	h->random = seed;
	/* Most images have one fault, so that nothing before it ends the reading. */
	rounds = pick(h, 4) ? 1 : 2 + pick(h, 3);
	for (uint64_t i = 0; i < rounds && get(h->image.super + 0xc4, 2) == 0; i++) {
		size_t class = (size_t)((seed - i) %
					CLASSES); /* caches stand last: found while the trees are whole */

		printf("%s: ", classes[class].name);
		classes[class].run(h);
	}
}

int main(int argc, char **argv)
{
	static struct hostile h;

	if (argc != 3) {
		fprintf(stderr, "usage: hostile IMAGE SEED|places\n");
		return 2;
	}
	image_open(&h.image, argv[1]);
	survey(&h);
	if (strcmp(argv[2], "places") == 0)
		print_places(&h);
	else
		damage(&h, number(argv[2]));
	image_close(&h.image);
	free(h.block);
	free(h.item);
	return 0;
}
