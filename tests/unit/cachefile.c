/* SPDX-License-Identifier: MIT */
#include "cachefile.h"

#include <stdlib.h>

uint32_t plain_crc32c(const uint8_t *p, size_t n)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < n; i++) {
		crc ^= p[i];
		for (int k = 0; k < 8; k++)
			crc = (crc >> 1) ^ (crc & 1 ? UINT32_C(0x82f63b78) : 0);
	}
	return ~crc;
}

/* splitmix64 */
uint64_t draw(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void cachefile_init(struct cachefile *f, unsigned pages, uint32_t size, uint64_t generation)
{
	*f = (struct cachefile){.generation = generation};
	f->set.count = pages;
	f->set.size = size;
	f->set.data = calloc(pages + !pages, size);
	f->set.bad = calloc(pages + !pages, 1);
	f->byte = 4 * pages + 8;
	if (f->byte <= size)
		put64(f->set.data + 4 * pages, generation);
}

void cachefile_entry(struct cachefile *f, uint64_t offset, uint64_t bytes, uint8_t type)
{
	uint8_t *p;

	if (f->byte + 17 > f->set.size) {
		f->page++;
		f->byte = 0;
	}
	p = f->set.data + (size_t)f->page * f->set.size + f->byte;
	put64(p, offset);
	put64(p + 8, bytes);
	p[16] = type;
	f->byte += 17;
	f->entries++;
	f->bitmaps += type != EXTENT;
}

uint8_t *cachefile_bitmap(struct cachefile *f)
{
	return f->set.data + (size_t)++f->page * f->set.size;
}

void set_bits(uint8_t *bitmap, uint32_t from, uint32_t n)
{
	for (uint32_t i = from; i < from + n; i++)
		bitmap[i / 8] |= (uint8_t)(1u << (i % 8));
}

void cachefile_crc(struct cachefile *f, unsigned page)
{
	uint32_t skip = page ? 0 : 4 * f->set.count;

	put32(f->set.data + 4 * page,
		plain_crc32c(f->set.data + (size_t)page * f->set.size + skip, f->set.size - skip));
}

void cachefile_seal(struct cachefile *f)
{
	for (unsigned i = 0; i < f->set.count; i++)
		cachefile_crc(f, i);
}
