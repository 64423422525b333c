/* SPDX-License-Identifier: MIT */
/* Known answers of "abc" and "" from the algorithms' own specifications, laid out as on disk. */
#include "../../libfsread/format/csum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	unsigned type, length;
	const char *data;
	uint8_t want[CSUM_SIZE];
} answers[] = {
	{CSUM_CRC32C, 4, "123456789", {0x83, 0x92, 0x06, 0xe3}},
	{CSUM_XXHASH64, 8, "", {0x99, 0xe9, 0xd8, 0x51, 0x37, 0xdb, 0x46, 0xef}},
	{CSUM_XXHASH64, 8, "abc", {0x99, 0x09, 0x77, 0xad, 0xf5, 0x2c, 0xbc, 0x44}},
	{CSUM_SHA256, 32, "abc",
		{0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22,
			0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2,
			0x00, 0x15, 0xad}},
	{CSUM_BLAKE2B, 32, "abc",
		{0xbd, 0xdd, 0x81, 0x3c, 0x63, 0x42, 0x39, 0x72, 0x31, 0x71, 0xef, 0x3f, 0xee, 0x98, 0x57,
			0x9b, 0x94, 0x96, 0x4e, 0x3b, 0xb1, 0xcb, 0x3e, 0x42, 0x72, 0x62, 0xc8, 0xc0, 0x68,
			0xd5, 0x23, 0x19}},
};

static void test_known_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		uint8_t out[CSUM_SIZE];

		memset(out, 0xee, sizeof out);
		csum_compute(answers[i].type, answers[i].data, strlen(answers[i].data), out);
		assert_memory_equal(out, answers[i].want, CSUM_SIZE);
		assert_int_equal(csum_length(answers[i].type), answers[i].length);
	}
}

/* The checksum stands in a block's first 32 bytes and covers the rest; bytes past its length don't count. */
static void test_block(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		uint8_t block[CSUM_SIZE + 16];
		size_t n = strlen(answers[i].data);
		unsigned length = answers[i].length;

		memcpy(block, answers[i].want, CSUM_SIZE);
		memcpy(block + CSUM_SIZE, answers[i].data, n);
		assert_true(csum_block_ok(answers[i].type, block, CSUM_SIZE + n));
		if (length < CSUM_SIZE)
			block[length] ^= 1;
		assert_true(csum_block_ok(answers[i].type, block, CSUM_SIZE + n));
		block[length - 1] ^= 1;
		assert_false(csum_block_ok(answers[i].type, block, CSUM_SIZE + n));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answers),
		cmocka_unit_test(test_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
