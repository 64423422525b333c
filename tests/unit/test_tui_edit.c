/* SPDX-License-Identifier: MIT */
#include "../../tui/overlays/edit.h"
#include "../../tui/overlays/recall.h"
#include "../../tui/term/term.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void type(struct edit *edit, const int *keys)
{
	for (; *keys; keys++)
		edit_key(edit, *keys);
}

static void test_typing(void **state)
{
	struct edit edit = {0};

	(void)state;
	type(&edit, (const int[]){'a', 'c', KEY_IS_LEFT, 'b', KEY_IS_END, 'd', 0});
	assert_string_equal(edit.text, "abcd");
	type(&edit, (const int[]){KEY_IS_HOME, KEY_IS_DELETE, KEY_IS_END, KEY_IS_BACKSPACE, 0});
	assert_string_equal(edit.text, "bc");
	type(&edit, (const int[]){KEY_IS_HOME, KEY_IS_BACKSPACE, KEY_IS_LEFT, KEY_IS_END, KEY_IS_DELETE,
			    KEY_IS_RIGHT, 0});
	assert_string_equal(edit.text, "bc");
	assert_int_equal(edit.cursor, 2);
	assert_int_equal(edit_key(&edit, 21), EDIT_CHANGED); /* Ctrl-U */
	assert_int_equal(edit.length, 0);
}

/* "é" is c3 a9, "€" e2 82 ac, U+1D11E f0 9d 84 9e. */
static void test_utf8(void **state)
{
	struct edit edit = {0};

	(void)state;
	type(&edit, (const int[]){0xe9, 0x20ac, 0x1d11e, 0});
	assert_string_equal(edit.text, "\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e");
	type(&edit, (const int[]){KEY_IS_LEFT, KEY_IS_BACKSPACE, 0});
	assert_string_equal(edit.text, "\xc3\xa9\xf0\x9d\x84\x9e");
	type(&edit, (const int[]){KEY_IS_DELETE, 0});
	assert_string_equal(edit.text, "\xc3\xa9");
}

static void test_never_gets_in(void **state)
{
	/* Esc, a newline, DEL, CSI of C1, a surrogate, beyond Unicode, right-to-left override, zero width
	 * space */
	const int keys[] = {27, 10, 1, 127, 0x9b, 0xd800, 0x110000, 0x202e, 0x200b, KEY_IS_F1, KEY_IS_UP, -1};
	struct edit edit = {0};

	(void)state;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		assert_int_equal(edit_key(&edit, keys[i]), EDIT_NOT_WANTED);
	assert_int_equal(edit.length, 0);
	edit_set(&edit, "a\x1b[2J\xff\nb\\c");
	assert_string_equal(edit.text, "a[2Jb\\c");
	assert_int_equal(edit.cursor, edit.length);
}

/* All of ASCII that is printed gets in, at the beginning and elsewhere. */
static void test_ascii(void **state)
{
	(void)state;
	for (int c = ' '; c < 127; c++) {
		struct edit edit = {0};

		assert_int_equal(edit_key(&edit, c), EDIT_CHANGED);
		assert_int_equal(edit_key(&edit, c), EDIT_CHANGED);
		assert_int_equal(edit.text[0], c);
		assert_int_equal(edit.text[1], c);
	}
}

static void test_full(void **state)
{
	struct edit edit = {0};

	(void)state;
	for (int i = 0; i < 2 * EDIT_SIZE; i++)
		edit_key(&edit, 'x');
	assert_int_equal(edit.length, EDIT_SIZE - 1);
	assert_int_equal(edit_key(&edit, 'y'), EDIT_NOT_WANTED);
	edit_key(&edit, KEY_IS_BACKSPACE);
	assert_int_equal(edit_key(&edit, 0xe9), EDIT_NOT_WANTED); /* two bytes */
	assert_int_equal(edit_key(&edit, 'y'), EDIT_CHANGED);
}

/* What is seen of ten letters on five columns: the cursor always is. */
static void test_scrolling(void **state)
{
	struct canvas canvas = {0};
	struct edit edit = {0};
	struct area area;

	(void)state;
	assert_true(canvas_resize(&canvas, 1, 5));
	area = canvas_area(&canvas);
	edit_set(&edit, "abcdefghij");
	assert_int_equal(edit_draw(&edit, &area, STYLE_PLAIN), 4);
	assert_int_equal(canvas.cells[0].ch, L'g');
	edit_key(&edit, KEY_IS_HOME);
	assert_int_equal(edit_draw(&edit, &area, STYLE_PLAIN), 0);
	assert_int_equal(canvas.cells[0].ch, L'a');
	edit_key(&edit, KEY_IS_END);
	edit_draw(&edit, &area, STYLE_PLAIN);
	for (int i = 0; i < 8; i++)
		edit_key(&edit, KEY_IS_BACKSPACE);
	assert_int_equal(edit_draw(&edit, &area, STYLE_PLAIN), 2); /* it comes back from the left */
	assert_int_equal(canvas.cells[0].ch, L'a');
	canvas_free(&canvas);
	assert_true(canvas_resize(&canvas, 1, 1));
	area = canvas_area(&canvas);
	edit_set(&edit, "abc");
	assert_int_equal(edit_draw(&edit, &area, STYLE_PLAIN), 0);
	canvas_free(&canvas);
}

static void test_recall(void **state)
{
	char line[16];

	(void)state;
	assert_null(recall_line(RECALL_GO, 1));
	recall_add(RECALL_GO, "one");
	recall_add(RECALL_GO, "two");
	recall_add(RECALL_GO, "");
	assert_string_equal(recall_line(RECALL_GO, 1), "two");
	assert_string_equal(recall_line(RECALL_GO, 2), "one");
	recall_add(RECALL_GO, "one"); /* moved, not twice */
	assert_string_equal(recall_line(RECALL_GO, 1), "one");
	assert_null(recall_line(RECALL_GO, 3));
	assert_null(recall_line(RECALL_SEARCH, 1)); /* each kind has its own */
	for (int i = 0; i < 2 * RECALL_MAX; i++) {
		snprintf(line, sizeof line, "%d", i);
		recall_add(RECALL_GO, line);
	}
	assert_string_equal(recall_line(RECALL_GO, 1), "31");
	assert_string_equal(recall_line(RECALL_GO, RECALL_MAX), "16");
	assert_null(recall_line(RECALL_GO, RECALL_MAX + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_typing),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_never_gets_in),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_scrolling),
		cmocka_unit_test(test_recall),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
