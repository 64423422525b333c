/* SPDX-License-Identifier: MIT */
#include "csum.h"
#include "btrfs.h"
#include "crc32c.h"

#include <gcrypt.h>
#include <pthread.h>
#include <xxhash.h>

static pthread_once_t gcrypt_once = PTHREAD_ONCE_INIT;

/* libgcrypt asks to be initialised once per program; a host program may have done it already. */
static void gcrypt_set_up(void)
{
	if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
		return;
	gcry_check_version(NULL);
	gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}

static void put_crc32c(const void *data, size_t length, uint8_t *out)
{
	uint32_t v = htole32(crc32c(0, data, length));

	memcpy(out, &v, sizeof v);
}

static void put_xxhash64(const void *data, size_t length, uint8_t *out)
{
	uint64_t v = htole64(XXH64(data, length, 0));

	memcpy(out, &v, sizeof v);
}

static void put_sha256(const void *data, size_t length, uint8_t *out)
{
	pthread_once(&gcrypt_once, gcrypt_set_up);
	gcry_md_hash_buffer(GCRY_MD_SHA256, out, data, length);
}

static void put_blake2b(const void *data, size_t length, uint8_t *out)
{
	pthread_once(&gcrypt_once, gcrypt_set_up);
	gcry_md_hash_buffer(GCRY_MD_BLAKE2B_256, out, data, length);
}

static const struct {
	unsigned length;
	void (*put)(const void *data, size_t length, uint8_t *out);
} csums[CSUM_TYPES] = {
	[CSUM_CRC32C] = {4, put_crc32c},
	[CSUM_XXHASH64] = {8, put_xxhash64},
	[CSUM_SHA256] = {32, put_sha256},
	[CSUM_BLAKE2B] = {32, put_blake2b},
};

unsigned csum_length(unsigned type)
{
	return csums[type].length;
}

void csum_compute(unsigned type, const void *data, size_t length, uint8_t *out)
{
	memset(out, 0, CSUM_SIZE);
	csums[type].put(data, length, out);
}

bool csum_block_ok(unsigned type, const uint8_t *block, size_t size)
{
	uint8_t sum[CSUM_SIZE];

	csum_compute(type, block + CSUM_SIZE, size - CSUM_SIZE, sum);
	return memcmp(sum, block, csum_length(type)) == 0;
}
