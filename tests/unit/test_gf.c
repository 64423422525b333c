/* SPDX-License-Identifier: MIT */
/* The field of RAID6, against products worked out by hand. */
#include "../../libfsread/volume/gf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* 2 * 0x80 = 0x100, less the polynomial 0x11d; 3 * 7 = 7 + 14; 0x53 * 4 = 0x14c, less 0x11d. */
static void test_multiply(void **state)
{
	(void)state;
	assert_int_equal(gf_multiply(0x80, 2), 0x1d);
	assert_int_equal(gf_multiply(3, 7), 9);
	assert_int_equal(gf_multiply(0x53, 4), 0x51);
	assert_int_equal(gf_multiply(0, 0x53), 0);
}

/* 2^8 = 0x1d, 2^9 = 0x3a, 2^10 = 0x74, 2^11 = 0xe8, 2^12 = 0x1d0 - 0x11d; the order of 2 is 255. */
static void test_power(void **state)
{
	(void)state;
	assert_int_equal(gf_power(0), 1);
	assert_int_equal(gf_power(7), 0x80);
	assert_int_equal(gf_power(8), 0x1d);
	assert_int_equal(gf_power(11), 0xe8);
	assert_int_equal(gf_power(12), 0xd0 ^ 0x1d);
	assert_int_equal(gf_power(255), 1);
	assert_int_equal(gf_power(256), 2);
}

static void test_inverse(void **state)
{
	(void)state;
	assert_int_equal(gf_inverse(2), 0x8e); /* 2 * 0x8e = 0x11c, less 0x11d is 1 */
	for (unsigned a = 1; a < 256; a++)
		assert_int_equal(gf_multiply((uint8_t)a, gf_inverse((uint8_t)a)), 1);
}

/* Every byte, at a length that leaves some behind the last eight. */
static void test_bytes(void **state)
{
	uint8_t bytes[259], twice[259], scaled[259];

	(void)state;
	for (unsigned i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 7);
	memcpy(twice, bytes, sizeof bytes);
	memcpy(scaled, bytes, sizeof bytes);
	gf_double(twice, sizeof twice);
	gf_scale(scaled, sizeof scaled, 0x8e);
	for (unsigned i = 0; i < sizeof bytes; i++) {
		unsigned shifted = bytes[i] << 1;

		assert_int_equal(twice[i], shifted > 255 ? shifted ^ 0x11d : shifted);
		assert_int_equal(gf_multiply(scaled[i], 2), bytes[i]);
	}
	gf_add(twice, twice, sizeof twice);
	for (unsigned i = 0; i < sizeof twice; i++)
		assert_int_equal(twice[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_multiply),
		cmocka_unit_test(test_power),
		cmocka_unit_test(test_inverse),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
