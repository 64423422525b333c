/* SPDX-License-Identifier: MIT */
/* Rows of bytes: widths, columns, which rows are folded and where bytes are then. */
#include "../../tui/screens/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PAGE 4096u

/* A page as Linux writes one with 16 pages and two entries: F-A4. */
static const struct fsr_label labels[] = {
	{0, 4, FSR_LABEL_CRC, "crc of page 0, ok"},
	{4, 60, FSR_LABEL_CRC, "15 others"},
	{64, 8, FSR_LABEL_GENERATION, "generation 8"},
	{72, 8, FSR_LABEL_OFFSET, "entry 0 offset"},
	{80, 8, FSR_LABEL_BYTES, "entry 0 bytes"},
	{88, 1, FSR_LABEL_TYPE, "entry 0 type"},
	{89, 17, FSR_LABEL_OFFSET, "entry 1"},
	{106, 3990, FSR_LABEL_UNUSED, "unused"},
};
#define LABELS (sizeof labels / sizeof *labels)

static void fill(uint8_t page[PAGE])
{
	memset(page, 0, PAGE);
	for (unsigned i = 0; i < 106; i++)
		page[i] = (uint8_t)(i + 1);
}

/* 0x70 to 0xfff is 3984 bytes, in row 7 of 16: it begins behind row 6, in which the unused bytes begin. */
static void test_unused_bytes_fold(void **state)
{
	uint8_t page[PAGE];
	struct bytes_rows rows = {0};
	struct bytes_row row;

	(void)state;
	fill(page);
	bytes_rows_make(&rows, 16, true, page, PAGE, 0, labels, LABELS);
	assert_int_equal(bytes_rows_count(&rows), 8);
	row = bytes_rows_at(&rows, 6);
	assert_null(row.fold);
	assert_int_equal(row.byte, 0x60);
	assert_int_equal(row.length, 16);
	row = bytes_rows_at(&rows, 7);
	assert_non_null(row.fold);
	assert_true(row.fold->same);
	assert_int_equal(row.byte, 0x70);
	assert_int_equal(row.length, 3984);
	assert_int_equal(bytes_rows_of(&rows, 0x6f), 6);
	assert_int_equal(bytes_rows_of(&rows, 0x70), 7);
	assert_int_equal(bytes_rows_of(&rows, 0xfff), 7);
	bytes_rows_free(&rows);
}

static void test_nothing_folds_when_it_is_not_wanted(void **state)
{
	uint8_t page[PAGE];
	struct bytes_rows rows = {0};

	(void)state;
	fill(page);
	bytes_rows_make(&rows, 16, false, page, PAGE, 0, labels, LABELS);
	assert_int_equal(bytes_rows_count(&rows), 256);
	assert_int_equal(bytes_rows_of(&rows, 0xfff), 255);
	bytes_rows_make(&rows, 32, false, page, PAGE, 0, labels, LABELS);
	assert_int_equal(bytes_rows_count(&rows), 128);
	bytes_rows_make(&rows, 8, true, page, PAGE, 0, labels, LABELS);
	assert_int_equal(bytes_rows_count(&rows), 15); /* 0x00 to 0x68, and 0x70 to the end */
	bytes_rows_free(&rows);
}

/* One byte that differs in row 0x200: 0x70 to 0x1ff fold, that row stands, the rest folds. */
static void test_a_byte_that_differs_is_seen(void **state)
{
	uint8_t page[PAGE];
	struct bytes_rows rows = {0};

	(void)state;
	fill(page);
	page[0x207] = 1;
	bytes_rows_make(&rows, 16, true, page, PAGE, 0, labels, LABELS);
	assert_int_equal(bytes_rows_count(&rows), 10);
	assert_int_equal(bytes_rows_at(&rows, 7).length, 0x190);
	assert_null(bytes_rows_at(&rows, 8).fold);
	assert_int_equal(bytes_rows_at(&rows, 8).byte, 0x200);
	assert_int_equal(bytes_rows_at(&rows, 9).byte, 0x210);
	assert_int_equal(bytes_rows_at(&rows, 9).length, 0xdf0);
	assert_int_equal(bytes_rows_of(&rows, 0x207), 8);
	bytes_rows_free(&rows);
}

/* Equal rows of several values: the first is shown, "more of the same" stands for the other 63. */
static void test_equal_rows_of_several_values(void **state)
{
	static const struct fsr_label one = {0, 1024, FSR_LABEL_BITMAP, "free"};
	uint8_t data[1024];
	struct bytes_rows rows = {0};

	(void)state;
	for (unsigned i = 0; i < sizeof data; i++)
		data[i] = i % 2 ? 0xaa : 0x55;
	bytes_rows_make(&rows, 16, true, data, sizeof data, 0, &one, 1);
	assert_int_equal(bytes_rows_count(&rows), 2);
	assert_null(bytes_rows_at(&rows, 0).fold);
	assert_false(bytes_rows_at(&rows, 1).fold->same);
	assert_int_equal(bytes_rows_at(&rows, 1).length, 1008);
	bytes_rows_free(&rows);
}

/* Rows of fields are never folded, be they as equal as the checksums of unused pages. */
static void test_fields_do_not_fold(void **state)
{
	struct fsr_label crcs[16];
	uint8_t data[64];
	struct bytes_rows rows = {0};

	(void)state;
	memset(data, 0x89, sizeof data);
	for (unsigned i = 0; i < 16; i++)
		crcs[i] = (struct fsr_label){.byte = 4 * i, .length = 4, .kind = FSR_LABEL_CRC};
	bytes_rows_make(&rows, 16, true, data, sizeof data, 0, crcs, 16);
	assert_int_equal(bytes_rows_count(&rows), 4);
	bytes_rows_free(&rows);
}

/* Zeros throughout, but the first row has two fields in it and is shown; the two behind it are one line. */
static void test_rows_with_two_fields_do_not_fold(void **state)
{
	static const struct fsr_label two[] = {
		{0, 8, FSR_LABEL_OFFSET, "offset"}, {8, 40, FSR_LABEL_UNUSED, "unused"}};
	static const uint8_t data[48];
	struct bytes_rows rows = {0};

	(void)state;
	bytes_rows_make(&rows, 16, true, data, sizeof data, 0, two, 2);
	assert_int_equal(bytes_rows_count(&rows), 2);
	assert_null(bytes_rows_at(&rows, 0).fold);
	assert_int_equal(bytes_rows_at(&rows, 1).byte, 16);
	assert_int_equal(bytes_rows_at(&rows, 1).length, 32);
	bytes_rows_free(&rows);
}

/* Of two pieces of 4096 the second was not read: what is in its memory says nothing. */
static void test_unread_bytes_are_no_zeros(void **state)
{
	static const struct fsr_label one = {0, 2 * PAGE, FSR_LABEL_UNUSED, "free"};
	uint8_t *data = calloc(2, PAGE);
	struct bytes_rows rows = {0};

	(void)state;
	assert_non_null(data);
	bytes_rows_make(&rows, 16, true, data, (size_t)2 * PAGE, 2, &one, 1);
	assert_int_equal(bytes_rows_count(&rows), 2);
	assert_int_equal(bytes_rows_at(&rows, 0).length, PAGE);
	assert_int_equal(bytes_rows_at(&rows, 1).byte, PAGE);
	assert_false(byte_unread(2, PAGE - 1));
	assert_true(byte_unread(2, PAGE));
	free(data);
	bytes_rows_free(&rows);
}

static void test_labels_are_found(void **state)
{
	(void)state;
	assert_ptr_equal(bytes_label_at(labels, LABELS, 0), &labels[0]);
	assert_ptr_equal(bytes_label_at(labels, LABELS, 88), &labels[5]);
	assert_ptr_equal(bytes_label_at(labels, LABELS, 89), &labels[6]);
	assert_ptr_equal(bytes_label_at(labels, LABELS, 4095), &labels[7]);
	assert_null(bytes_label_at(labels, LABELS, 4096));
	assert_null(bytes_label_at(labels, 0, 0));
}

/* 16 bytes take 16 x 3 + 1 columns behind "0000 ": the label begins in column 55, as on the screens drawn by
 * hand. */
static void test_columns(void **state)
{
	struct bytes_layout l = bytes_layout(80, 137953280 + 4095);

	(void)state;
	assert_int_equal(l.width, 16);
	assert_int_equal(l.hex, 5);
	assert_int_equal(l.label, 55);
	assert_int_equal(l.address, -1);
	assert_int_equal(l.ascii, -1);
	assert_int_equal(bytes_layout(75, 1).label, -1);
	assert_int_equal(bytes_layout(55, 1).width, 8);
	assert_int_equal(bytes_layout(40, 1).width, 8);
	assert_int_equal(bytes_layout(1, 1).width, 8);
	l = bytes_layout(100, 137953280 + 4095); /* 9 digits and a blank more */
	assert_int_equal(l.address, 5);
	assert_int_equal(l.hex, 15);
	assert_int_equal(l.ascii, 65);
	assert_int_equal(l.label, 82);
	assert_int_equal(bytes_layout(140, 1).width, 32);
	assert_true(bytes_layout(200, 1).list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unused_bytes_fold),
		cmocka_unit_test(test_nothing_folds_when_it_is_not_wanted),
		cmocka_unit_test(test_a_byte_that_differs_is_seen),
		cmocka_unit_test(test_equal_rows_of_several_values),
		cmocka_unit_test(test_fields_do_not_fold),
		cmocka_unit_test(test_rows_with_two_fields_do_not_fold),
		cmocka_unit_test(test_unread_bytes_are_no_zeros),
		cmocka_unit_test(test_labels_are_found),
		cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
