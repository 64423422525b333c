/* SPDX-License-Identifier: MIT */
/* ddrescue's map file: maps written by hand, by the manual's chapter on the mapfile. */
#include "../../libfsread/source/ddrescue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct fsr_error error;

static int parse(const char *text, struct rescue_map *map)
{
	char *copy = strdup(text);
	int e;

	assert_non_null(copy);
	error = (struct fsr_error){0};
	e = rescue_map_parse(map, copy, "the.map", &error);
	free(copy);
	return e;
}

static void refused(const char *text, const char *words)
{
	struct rescue_map map;

	assert_int_equal(parse(text, &map), FSR_E_CORRUPT);
	if (!strstr(error.text, words))
		fail_msg("'%s' does not say '%s'", error.text, words);
	rescue_map_free(&map);
}

struct place {
	uint64_t at;
	char status;
};

/* Asks for single bytes. */
static void has(const char *text, const struct place *places, size_t n)
{
	struct rescue_map map;

	assert_int_equal(parse(text, &map), 0);
	for (size_t i = 0; i < n; i++) {
		char status = 'x';
		uint64_t at = rescue_map_unread(&map, places[i].at, places[i].at + 1, &status);

		assert_int_equal(status, places[i].status);
		assert_int_equal(at, places[i].at + (status == RESCUE_READ));
	}
	rescue_map_free(&map);
}
#define HAS(text, ...)                                                                                       \
	has(text, (const struct place[]){__VA_ARGS__},                                                       \
		sizeof((const struct place[]){__VA_ARGS__}) / sizeof(struct place))

static void every_status(void **state)
{
	(void)state;
	HAS("# Mapfile. Created by GNU ddrescue version 1.27\n"
	    "# current_pos  current_status  current_pass\n"
	    "0x00000000     ?               1\n"
	    "#      pos        size  status\n"
	    "0x00000000  0x00001000  +\n"
	    "0x00001000  0x00000200  ?\n"
	    "0x00001200  0x00000200  *\n"
	    "0x00001400  0x00000200  /\n"
	    "0x00001600  0x00000200  -\n"
	    "0x00001800  0x00000800  +\n",
		{0, '+'}, {0xfff, '+'}, {0x1000, '?'}, {0x11ff, '?'}, {0x1200, '*'}, {0x1400, '/'},
		{0x1600, '-'}, {0x17ff, '-'}, {0x1800, '+'}, {0x1fff, '+'}, {0x2000, RESCUE_UNLISTED},
		{INT64_MAX, RESCUE_UNLISTED});
}

static void numbers_as_in_c(void **state)
{
	(void)state;
	HAS("0 +\n010 010 +\n16 0X10 -\n0x20 1 +\n", {7, RESCUE_UNLISTED}, {8, '+'}, {15, '+'}, {16, '-'},
		{31, '-'}, {32, '+'}, {33, RESCUE_UNLISTED});
}

static void gaps_are_unlisted(void **state)
{
	(void)state;
	HAS("0 F 2\n10 10 +\n30 10 +\n", {0, RESCUE_UNLISTED}, {9, RESCUE_UNLISTED}, {10, '+'}, {19, '+'},
		{20, RESCUE_UNLISTED}, {29, RESCUE_UNLISTED}, {30, '+'}, {40, RESCUE_UNLISTED});
	HAS("0 + 1\n", {0, RESCUE_UNLISTED});
}

static void how_lines_may_look(void **state)
{
	(void)state;
	HAS("\n  # before\r\n\t 0x10\t+ 1 # behind\r\n\n 0\t4 - # bad\r\n4 4 +", {3, '-'}, {4, '+'}, {7, '+'},
		{8, RESCUE_UNLISTED});
}

static void ranges(void **state)
{
	struct rescue_map map;
	char status = 0;

	(void)state;
	assert_int_equal(parse("0 + 1\n0 100 +\n100 50 +\n150 10 -\n160 40 +\n", &map), 0);
	assert_int_equal(rescue_map_unread(&map, 0, 150, &status), 150);
	assert_int_equal(rescue_map_unread(&map, 90, 151, &status), 150);
	assert_int_equal(status, '-');
	assert_int_equal(rescue_map_unread(&map, 155, 200, &status), 155);
	assert_int_equal(rescue_map_unread(&map, 160, 200, &status), 200);
	assert_int_equal(rescue_map_unread(&map, 160, 201, &status), 200);
	assert_int_equal(rescue_map_count(&map, 200), 10);
	assert_int_equal(rescue_map_count(&map, 155), 5);
	assert_int_equal(rescue_map_count(&map, 150), 0);
	assert_int_equal(rescue_map_count(&map, 1000), 810);
	rescue_map_free(&map);
}

static void nonsense(void **state)
{
	(void)state;
	refused("", "no status line");
	refused("# only a comment\n", "no status line");
	refused("hello\n", "line 1 ");
	refused("0 + 1 1\n", "line 1 ");
	refused("0 x 1\n", "line 1 ");
	refused("0 + -1\n", "line 1 ");
	refused("0 + 1\n0 100\n", "line 2 ");
	refused("0 + 1\n0 100 + +\n", "line 2 ");
	refused("0 + 1\n0 100 ++\n", "line 2 ");
	refused("0 + 1\n0 100 F\n", "line 2 ");
	refused("0 + 1\n-1 100 +\n", "line 2 ");
	refused("0 + 1\n0 0xg +\n", "line 2 ");
	refused("0 + 1\n0 08 +\n", "line 2 ");
	refused("0 + 1\n0 18446744073709551616 +\n", "line 2 ");
}

static void areas_out_of_order(void **state)
{
	(void)state;
	refused("0 + 1\n0 0 +\n", "line 2 ");
	refused("0 + 1\n0 10 +\n9 10 +\n", "line 3 ");
	refused("0 + 1\n\n20 10 +\n#\n0 10 +\n", "line 5 ");
	refused("0 + 1\n0 10 +\n0 10 +\n", "line 3 ");
	refused("0 + 1\n1 0x7fffffffffffffff +\n", "line 2 ");
	refused("0 + 1\n0 0x8000000000000000 +\n", "line 2 ");
	refused("0 + 1\n0x8000000000000000 10 +\n", "line 2 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status),
		cmocka_unit_test(numbers_as_in_c),
		cmocka_unit_test(gaps_are_unlisted),
		cmocka_unit_test(how_lines_may_look),
		cmocka_unit_test(ranges),
		cmocka_unit_test(nonsense),
		cmocka_unit_test(areas_out_of_order),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
