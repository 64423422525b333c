/* SPDX-License-Identifier: MIT */
/* A checksum that does not match, in words. */
#include "csum.h"

#include <stdio.h>

#define SHOWN 8u /* enough to tell two apart in a sentence */

/* Returns where the text ends. */
static char *hex(char *out, unsigned type, const uint8_t *csum)
{
	unsigned length = csum_length(type), shown = length > SHOWN ? SHOWN : length;

	for (unsigned i = 0; i < shown; i++)
		out += sprintf(out, "%02x", csum[i]);
	return out + sprintf(out, "%s", length > SHOWN ? ".." : "");
}

void csum_block_text(unsigned type, const uint8_t *block, size_t size, char out[CSUM_TEXT_SIZE])
{
	uint8_t computed[CSUM_SIZE];

	csum_compute(type, block + CSUM_SIZE, size - CSUM_SIZE, computed);
	out = hex(out, type, block);
	out += sprintf(out, ", computed ");
	hex(out, type, computed);
}
