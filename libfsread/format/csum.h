/* SPDX-License-Identifier: MIT */
#ifndef FSREAD_FORMAT_CSUM_H
#define FSREAD_FORMAT_CSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CSUM_SIZE 32u
enum csum_type { CSUM_CRC32C, CSUM_XXHASH64, CSUM_SHA256, CSUM_BLAKE2B, CSUM_TYPES };

/* Bytes of a checksum of this type that are used on disk: 4, 8, 32, 32 (D4). type < CSUM_TYPES. */
unsigned csum_length(unsigned type);
/* Fills out[CSUM_SIZE]; bytes past csum_length() are 0. type < CSUM_TYPES. Thread-safe. */
void csum_compute(unsigned type, const void *data, size_t length, uint8_t *out);
/* Whether block[0..32) holds the checksum of block[32..size); only csum_length() bytes count. */
bool csum_block_ok(unsigned type, const uint8_t *block, size_t size);

#define CSUM_TEXT_SIZE 64u
/*
 * What is stored in block[0..32) and what should be: "1c29269e, computed 99a1c2b7", of long checksums
 * the first eight bytes. type < CSUM_TYPES.
 */
void csum_block_text(unsigned type, const uint8_t *block, size_t size, char out[CSUM_TEXT_SIZE]);

#endif
