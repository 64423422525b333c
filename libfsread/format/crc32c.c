/* SPDX-License-Identifier: MIT */
#include "crc32c.h"

#include <endian.h>
#include <pthread.h>
#include <string.h>

#if defined(__x86_64__)
#define HAVE_CRC_INSTRUCTION 1
#include <nmmintrin.h>
#include <wmmintrin.h>
#endif

/* The Castagnoli polynomial, bit-reflected: bit 31 is the coefficient of x^0. */
#define POLYNOMIAL UINT32_C(0x82f63b78)

typedef uint32_t (*update_fn)(uint32_t crc, const uint8_t *p, size_t length);

/* table[k][b]: the remainder of byte b followed by k zero bytes. */
static uint32_t table[8][256];
static update_fn update;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Multiplies a reflected remainder by x^n. */
static uint32_t times_x_to(uint32_t remainder, unsigned n)
{
	while (n--)
		remainder = (remainder >> 1) ^ (POLYNOMIAL & -(remainder & 1));
	return remainder;
}

static void make_table(void)
{
	for (unsigned b = 0; b < 256; b++)
		table[0][b] = times_x_to(b, 8);
	for (unsigned k = 1; k < 8; k++)
		for (unsigned b = 0; b < 256; b++)
			table[k][b] = (table[k - 1][b] >> 8) ^ table[0][table[k - 1][b] & 0xff];
}

/* Slicing by 8: one look-up per byte, but eight of them side by side. */
static uint32_t update_portable(uint32_t crc, const uint8_t *p, size_t length)
{
	for (; length >= 8; p += 8, length -= 8) {
		uint64_t word;

		memcpy(&word, p, 8);
		word = le64toh(word) ^ crc;
		crc = 0;
		for (unsigned i = 0; i < 8; i++)
			crc ^= table[7 - i][(word >> (8 * i)) & 0xff];
	}
	while (length--)
		crc = (crc >> 8) ^ table[0][(crc ^ *p++) & 0xff];
	return crc;
}

#ifdef HAVE_CRC_INSTRUCTION
/*
 * The crc32 instruction takes one word a cycle but answers after three, so three streams side by
 * side run three times as fast as one. A block of 3n bytes is three streams of n. The long size
 * leaves little over from a page (4096 = 3 * 1360 + 16) and from a tree block (16352 = 12 * 1360 + 32).
 */
#define STREAM_LONG 1360u
#define STREAM_SHORT 128u

/*
 * What moves a remainder over n zero bytes, that is times x^(8n). The carry-less product of two
 * reflected 32-bit values, taken as a reflected 64-bit one, is x times their product, and the crc
 * instruction multiplies by x^32 when it reduces; hence the factor is x^(8n - 33).
 */
struct shift {
	uint64_t by_n, by_2n;
};
static struct shift shift_long, shift_short;

static struct shift make_shift(unsigned n)
{
	const uint32_t one = UINT32_C(1) << 31;

	return (struct shift){times_x_to(one, 8 * n - 33), times_x_to(one, 16 * n - 33)};
}

static inline uint64_t load64(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, 8);
	return word;
}

__attribute__((target("sse4.2,pclmul"))) static inline uint64_t clmul(uint64_t a, uint64_t b)
{
	__m128i product =
		_mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)a), _mm_cvtsi64_si128((long long)b), 0);

	return (uint64_t)_mm_cvtsi128_si64(product);
}

/* One block of three streams of n bytes; n is a multiple of 8. */
__attribute__((target("sse4.2,pclmul"))) static inline uint64_t update_block(
	uint64_t crc, const uint8_t *p, size_t n, const struct shift *shift)
{
	uint64_t b = 0, c = 0;

	for (size_t i = 0; i < n; i += 8) {
		crc = _mm_crc32_u64(crc, load64(p + i));
		b = _mm_crc32_u64(b, load64(p + n + i));
		c = _mm_crc32_u64(c, load64(p + 2 * n + i));
	}
	return _mm_crc32_u64(0, clmul(crc, shift->by_2n) ^ clmul(b, shift->by_n)) ^ c;
}

__attribute__((target("sse4.2,pclmul"))) static uint32_t update_sse42(
	uint32_t start, const uint8_t *p, size_t length)
{
	uint64_t crc = start;

	for (; length >= 3 * STREAM_LONG; p += 3 * STREAM_LONG, length -= 3 * STREAM_LONG)
		crc = update_block(crc, p, STREAM_LONG, &shift_long);
	for (; length >= 3 * STREAM_SHORT; p += 3 * STREAM_SHORT, length -= 3 * STREAM_SHORT)
		crc = update_block(crc, p, STREAM_SHORT, &shift_short);
	for (; length >= 8; p += 8, length -= 8)
		crc = _mm_crc32_u64(crc, load64(p));
	while (length--)
		crc = _mm_crc32_u8((uint32_t)crc, *p++);
	return (uint32_t)crc;
}
#endif

static void set_up(void)
{
	make_table();
	update = update_portable;
#ifdef HAVE_CRC_INSTRUCTION
	shift_long = make_shift(STREAM_LONG);
	shift_short = make_shift(STREAM_SHORT);
	if (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul"))
		update = update_sse42;
#endif
}

uint32_t crc32c_raw(uint32_t crc, const void *data, size_t length)
{
	pthread_once(&once, set_up);
	return update(crc, data, length);
}

uint32_t crc32c(uint32_t crc, const void *data, size_t length)
{
	return ~crc32c_raw(~crc, data, length);
}

uint32_t crc32c_portable(uint32_t crc, const void *data, size_t length)
{
	pthread_once(&once, set_up);
	return ~update_portable(~crc, data, length);
}
