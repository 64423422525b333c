/* SPDX-License-Identifier: MIT */
#include "gf.h"

#include <string.h>

#define POLYNOMIAL 0x1du /* without the bit that is shifted out */
#define ORDER 255u       /* of 2 in the multiplicative group */

uint8_t gf_multiply(uint8_t a, uint8_t b)
{
	uint8_t product = 0;

	for (; b; b >>= 1) {
		if (b & 1)
			product ^= a;
		a = (uint8_t)(a << 1 ^ (a & 0x80 ? POLYNOMIAL : 0));
	}
	return product;
}

uint8_t gf_power(unsigned n)
{
	uint8_t power = 1;

	for (n %= ORDER; n; n--)
		power = gf_multiply(power, 2);
	return power;
}

/* a^254, since a^255 is 1. */
uint8_t gf_inverse(uint8_t a)
{
	uint8_t power = 1;

	for (unsigned i = 0; i < ORDER - 1; i++)
		power = gf_multiply(power, a);
	return power;
}

void gf_add(uint8_t *to, const uint8_t *from, size_t length)
{
	for (size_t i = 0; i < length; i++)
		to[i] ^= from[i];
}

/* Eight bytes at a time; the mask is 0xff in every byte whose highest bit is shifted out. */
void gf_double(uint8_t *to, size_t length)
{
	size_t i = 0;

	for (; i + 8 <= length; i += 8) {
		uint64_t word, high;

		memcpy(&word, to + i, 8);
		high = word & UINT64_C(0x8080808080808080);
		high = (high << 1) - (high >> 7);
		word = (word << 1 & UINT64_C(0xfefefefefefefefe)) ^
		       (high & POLYNOMIAL * UINT64_C(0x0101010101010101));
		memcpy(to + i, &word, 8);
	}
	for (; i < length; i++)
		to[i] = gf_multiply(to[i], 2);
}

void gf_scale(uint8_t *to, size_t length, uint8_t factor)
{
	uint8_t table[256];

	for (unsigned i = 0; i < sizeof table; i++)
		table[i] = gf_multiply((uint8_t)i, factor);
	for (size_t i = 0; i < length; i++)
		to[i] = table[to[i]];
}
