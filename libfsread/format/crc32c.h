/* SPDX-License-Identifier: MIT */
#ifndef FSREAD_FORMAT_CRC32C_H
#define FSREAD_FORMAT_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/*
 * CRC-32C (Castagnoli, reflected). Continues from `crc`, the value a former call returned,
 * or 0 at the start: initial value and final inversion are inside. Checksums of cache pages,
 * supers and tree blocks are crc32c(0, p, n).
 */
uint32_t crc32c(uint32_t crc, const void *data, size_t length);

/* The same without inversion before and after, as name hashes and extent data refs use it. */
uint32_t crc32c_raw(uint32_t crc, const void *data, size_t length);

/* What the keys of directory entries and extended attributes hold in place of the name. */
static inline uint32_t name_hash(const void *name, size_t length)
{
	return crc32c_raw(~UINT32_C(1), name, length);
}

/* The table-driven variant, always; crc32c() takes the processor's instruction where there is one. */
uint32_t crc32c_portable(uint32_t crc, const void *data, size_t length);

#endif
