/* SPDX-License-Identifier: MIT */
/* Known answers: RFC 3720 B.4, the usual check value, and the slot value of an unused cache page. */
#include "../../libfsread/format/crc32c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef uint32_t (*crc_fn)(uint32_t crc, const void *data, size_t length);

static void check_known_answers(crc_fn crc)
{
	static const uint8_t iscsi_read[48] = {
		0x01,
		0xc0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0x14,
		0,
		0,
		0,
		0,
		0,
		0x04,
		0,
		0,
		0,
		0,
		0x14,
		0,
		0,
		0,
		0x18,
		0x28,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0x02,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
	};
	static uint8_t page[4096];
	uint8_t b[32];

	assert_int_equal(crc(0, "", 0), 0);
	assert_int_equal(crc(0, "123456789", 9), 0xe3069283);
	memset(b, 0, sizeof b);
	assert_int_equal(crc(0, b, 32), 0x8a9136aa);
	memset(b, 0xff, sizeof b);
	assert_int_equal(crc(0, b, 32), 0x62a8ab43);
	for (unsigned i = 0; i < 32; i++)
		b[i] = (uint8_t)i;
	assert_int_equal(crc(0, b, 32), 0x46dd794e);
	for (unsigned i = 0; i < 32; i++)
		b[i] = (uint8_t)(31 - i);
	assert_int_equal(crc(0, b, 32), 0x113fdb5c);
	assert_int_equal(crc(0, iscsi_read, 48), 0xd9963a56);
	assert_int_equal(crc(0, page, sizeof page), 0x98f94189);
}

static void test_known_answers(void **state)
{
	(void)state;
	check_known_answers(crc32c);
	check_known_answers(crc32c_portable);
}

/* The definition, bit by bit. */
static uint32_t crc_by_bits(const uint8_t *p, size_t length)
{
	uint32_t crc = UINT32_MAX;

	while (length--) {
		crc ^= *p++;
		for (int i = 0; i < 8; i++)
			crc = crc & 1 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
	}
	return ~crc;
}

/* Lengths around every stream boundary, odd addresses, and a call cut in two. */
static void test_lengths(void **state)
{
	static const size_t lengths[] = {1, 7, 8, 9, 383, 384, 385, 767, 768, 4032, 4079, 4080, 4081, 4088,
		4096, 16352, 16353, 32736, 65504, 65536};
	uint8_t *data = malloc(65536 + 8);

	(void)state;
	assert_non_null(data);
	srand(1);
	for (size_t i = 0; i < 65536 + 8; i++)
		data[i] = (uint8_t)(rand() >> 7);
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		size_t n = lengths[i];
		const uint8_t *p = data + i % 8;
		uint32_t want = crc_by_bits(p, n);

		assert_int_equal(crc32c(0, p, n), want);
		assert_int_equal(crc32c_portable(0, p, n), want);
		assert_int_equal(crc32c(crc32c(0, p, n / 3), p + n / 3, n - n / 3), want);
	}
	free(data);
}

/* Name hashes start from ~1 and keep the remainder: "default" is DIR_ITEM 2378154706 in every root tree. */
static void test_raw(void **state)
{
	(void)state;
	assert_int_equal(crc32c_raw((uint32_t)~1, "default", 7), 2378154706u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answers),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_raw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
