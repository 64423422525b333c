/* SPDX-License-Identifier: MIT */
/*
 * The canvas. What a picture should be is written out by hand; how wide a character is comes from Unicode
 * (East Asian Width), as the C.UTF-8 locale has it.
 */
#include "../../tui/term/canvas.h"

#include <limits.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct canvas canvas;
static struct area whole;

/* A new canvas of this size. */
static void begin(int rows, int cols, bool ascii)
{
	canvas_free(&canvas);
	canvas.ascii = ascii;
	assert_true(canvas_resize(&canvas, rows, cols));
	whole = canvas_area(&canvas);
}

/* The canvas as text is this. */
static void expect_lines(const char *expected)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	canvas_write(&canvas, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, expected);
	free(text);
}

/* A canvas of one row holds this after put() at this column. */
static void expect_put(int cols, bool ascii, int col, const char *text, const char *expected)
{
	char line[256];

	begin(1, cols, ascii);
	put(&whole, 0, col, STYLE_PLAIN, text);
	snprintf(line, sizeof line, "%s\n", expected);
	expect_lines(line);
}

static wchar_t ch(int row, int col)
{
	return canvas.cells[row * canvas.cols + col].ch;
}

static void test_clipping(void **state)
{
	(void)state;
	expect_put(5, false, 0, "abcdefg", "abcd…");
	expect_put(5, false, 0, "abcde  ", "abcde"); /* blanks are no loss */
	expect_put(5, false, -2, "abcdefghi", "cdef…");
	expect_put(5, false, 4, "xy", "    x");
	expect_put(5, false, 5, "xy", "");
	expect_put(5, false, -3, "xy", "");
	begin(2, 3, false);
	put(&whole, -1, 0, STYLE_PLAIN, "no");
	put(&whole, 2, 0, STYLE_PLAIN, "no");
	put(&whole, INT_MAX, 0, STYLE_PLAIN, "no");
	expect_lines("\n\n");
	assert_int_equal(put(&whole, 0, 1, STYLE_PLAIN, "wxyz"), 5);
	put_right(&whole, 1, 3, STYLE_PLAIN, "12345");
	expect_lines(" w…\n…45\n");
}

static void test_size(void **state)
{
	(void)state;
	begin(0, -5, false);
	assert_int_equal(canvas.rows, 1);
	assert_int_equal(canvas.cols, 1);
	begin(2, 3, false);
	put(&whole, 1, 0, STYLE_OK, "abc");
	struct area old = whole;

	assert_true(canvas_resize(&canvas, 1, 2));
	put(&old, 1, 0, STYLE_PLAIN, "gone");
	put(&old, 0, 0, STYLE_PLAIN, "abc");
	expect_lines("ab\n");
	canvas_clear(&canvas);
	expect_lines("\n");
	assert_false(canvas_resize(&canvas, INT_MAX, INT_MAX));
	assert_false(canvas_resize(&canvas, 5000, 4000)); /* more than 2^24 cells */
	assert_int_equal(canvas.rows, 0);
	assert_null(canvas.cells);
	expect_lines("");
}

static void test_areas(void **state)
{
	(void)state;
	begin(4, 10, false);
	struct area part = area_part(&whole, 1, 2, 2, 4);

	assert_int_equal(put(&part, 0, 0, STYLE_PLAIN, "abcdef"), 6);
	put(&part, 1, -1, STYLE_PLAIN, "xyz");
	put(&part, 2, 0, STYLE_PLAIN, "no");
	expect_lines("\n  abc…\n  yz\n\n");
	struct area inner = area_part(&part, -1, 2, 10, 10);

	assert_int_equal(inner.row, 1);
	assert_int_equal(inner.col, 4);
	assert_int_equal(inner.rows, 2);
	assert_int_equal(inner.cols, 2);
	struct area none = area_part(&whole, 4, 11, 5, 5), before = area_part(&whole, -9, -9, 5, 5);

	assert_int_equal(none.rows + none.cols + before.rows + before.cols, 0);
	put(&none, 0, 0, STYLE_PLAIN, "no");
	put(&before, 0, 0, STYLE_PLAIN, "no");
	inner = area_part(&whole, -1, -2, 3, 5);
	assert_int_equal(inner.row + inner.col, 0);
	assert_int_equal(inner.rows, 2);
	assert_int_equal(inner.cols, 3);
	inner = area_part(&whole, 2, 2, INT_MAX, INT_MAX);
	assert_int_equal(inner.rows, 2);
	assert_int_equal(inner.cols, 8);
	inner = area_part(&whole, 0, 0, INT_MIN, INT_MIN);
	assert_int_equal(inner.rows + inner.cols, 0);
}

static void test_wide(void **state)
{
	(void)state;
	begin(1, 6, false);
	assert_int_equal(put(&whole, 0, 0, STYLE_PLAIN, "漢a"), 3);
	assert_int_equal(ch(0, 0), L'漢');
	assert_int_equal(ch(0, 1), 0);
	assert_int_equal(ch(0, 2), L'a');
	expect_put(3, false, 0, "a漢字", "a …");
	expect_put(4, false, 0, "a漢字", "a漢…");
	expect_put(4, false, -1, "漢字b", " 字b");
	assert_int_equal(text_width(&canvas, "a漢字é"), 6);
	begin(1, 6, true);
	assert_int_equal(put(&whole, 0, 0, STYLE_PLAIN, "漢a"), 2);
	expect_lines("?a\n");
}

/* Half of a wide character overwritten: a blank is left, in the neighbour's area too. */
static void test_wide_overwritten(void **state)
{
	(void)state;
	begin(1, 6, false);
	put(&whole, 0, 0, STYLE_PLAIN, "漢字");
	put(&whole, 0, 0, STYLE_PLAIN, "x");
	expect_lines("x 字\n");
	put(&whole, 0, 3, STYLE_PLAIN, "y");
	expect_lines("x  y\n");
	put(&whole, 0, 0, STYLE_PLAIN, "漢字");
	put(&whole, 0, 1, STYLE_PLAIN, "語");
	expect_lines(" 語\n");
	assert_int_equal(ch(0, 3), L' ');
	put(&whole, 0, 2, STYLE_PLAIN, "字");
	struct area right = area_part(&whole, 0, 3, 1, 3);

	put(&right, 0, 0, STYLE_PLAIN, "z");
	expect_lines("   z\n");
}

static void test_ascii(void **state)
{
	(void)state;
	expect_put(40, true, 0, "█▓▒░·│─┌┐└┘┬›→−×▲▼▾…≤⅓⅔", "#%=:.|-+++++>>-x^vv...to 1/32/3");
	expect_put(40, true, 0, "≤⅓ ▒ ≤⅔", "to 1/3 = to 2/3");
	/* a sliver differs from nothing, an almost full cell from a full one */
	expect_put(40, true, 0, "▏··█▉▌", ":..#==");
	expect_put(4, true, 0, "ab…", "ab.~");
	assert_int_equal(text_width(&canvas, "≤⅓…"), 9);
	expect_put(10, true, 0, "é€k", "??k");
	expect_put(10, false, 0, "│é≤⅓…", "│é≤⅓…");
	assert_int_equal(text_width(&canvas, "│é≤⅓…"), 5);
}

/* No cell ever holds what moves a cursor, is not seen, or is no character. */
static void test_nothing_dangerous(void **state)
{
	static const char *const bad[] = {"\033", "\a", "\b", "\n", "\r", "\t", "\x7f", "\x01", "\xc2\x80",
		"\xc2\x9b", "\xc2\x9f",                 /* C1, of them the CSI of 8 bits */
		"\u00ad",                               /* soft hyphen */
		"\u0301", "\u200b", "\u200d", "\ufe0f", /* no width of their own */
		"\u061c", "\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069", /* direction */
		"\u2028", "\u2029", "\ufeff", "\ufff9", "\ufffb", "\uffff", "\U000e0041"};
	char text[16];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		for (int ascii = 0; ascii < 2; ascii++) {
			snprintf(text, sizeof text, "a%sb", bad[i]);
			expect_put(10, ascii, 0, text, "a?b");
			assert_int_equal(text_width(&canvas, text), 3);
		}
	expect_put(20, false, 0, "\033[31mred", "?[31mred");
	begin(1, 10, false);
	put_repeated(&whole, 0, 0, 3, STYLE_PLAIN, "\033");
	put_rule(&whole, 0, "\033", true);
	expect_lines("─ ? ──────\n");
}

static void test_invalid_utf8(void **state)
{
	(void)state;
	expect_put(10, false, 0, "a\xff", "a?");
	expect_put(10, false, 0,
		"\x9b"
		"31m",
		"?31m");
	expect_put(10, false, 0, "\xe2\x94", "??");             /* the first bytes of "│", cut */
	expect_put(10, false, 0, "\xc0\xafx", "??x");           /* overlong "/" */
	expect_put(10, false, 0, "\xed\xa0\x80x", "???x");      /* surrogate */
	expect_put(10, false, 0, "\xf4\x90\x80\x80x", "????x"); /* above U+10FFFF */
}

static void test_untrusted(void **state)
{
	(void)state;
	begin(1, 20, false);
	assert_int_equal(put_untrusted(&whole, 0, 1, 10, STYLE_PLAIN, "short"), 6);
	expect_lines(" short\n");
	begin(1, 40, false);
	put_untrusted(&whole, 0, 0, 40, STYLE_PLAIN, "\033[31m\n\u202e\xff\\");
	expect_lines("\\x1b[31m\\x0a\\u202e\\xff\\\\\n");
	begin(1, 20, false);
	assert_int_equal(put_untrusted(&whole, 0, 0, 5, STYLE_PLAIN, "abcdefg"), 5);
	expect_lines("abcd…\n");
	begin(1, 20, true);
	put_untrusted(&whole, 0, 0, 5, STYLE_PLAIN, "abcdefg");
	expect_lines("abcd~\n");
	begin(1, 20, false);
	assert_int_equal(
		put_untrusted(&whole, 0, 0, 4, STYLE_PLAIN, "漢字語"), 3); /* half a 字 is not shown */
	expect_lines("漢…\n");
	begin(1, 20, false);
	assert_int_equal(put_untrusted(&whole, 0, 0, 0, STYLE_PLAIN, "abc"), 0);
	assert_int_equal(put_untrusted(&whole, 0, 3, -7, STYLE_PLAIN, "abc"), 3);
	expect_lines("\n");
}

static void test_clipped(void **state)
{
	(void)state;
	begin(1, 20, false);
	assert_int_equal(put_clipped(&whole, 0, 1, 5, STYLE_PLAIN, "12│45"), 6);
	assert_int_equal(put_clipped(&whole, 0, 8, 5, STYLE_PLAIN, "12│456"), 13);
	expect_lines(" 12│45  12│4…\n");
	begin(1, 20, true);
	assert_int_equal(put_clipped(&whole, 0, 0, 4, STYLE_PLAIN, "a\\b…c"), 4); /* nothing is escaped */
	assert_int_equal(put_clipped(&whole, 0, 5, 0, STYLE_PLAIN, "abc"), 5);
	expect_lines("a\\b~\n");
}

static void expect_clip(const char *text, int width, bool middle, size_t size, const char *expected)
{
	char out[64];

	memset(out, 'x', sizeof out);
	clip_untrusted(&canvas, text, width, middle, out, size);
	assert_string_equal(out, expected);
	assert_true(text_width(&canvas, out) <= width || width < 0);
	assert_int_equal(out[size], 'x');
}

static void test_clip(void **state)
{
	(void)state;
	begin(1, 1, false);
	expect_clip("disk.img", 8, true, 40, "disk.img");
	expect_clip("long-name.img", 8, false, 40, "long-na…");
	/* 13 columns into 8: 4 in front, the mark, 3 at the end */
	expect_clip("long-name.img", 8, true, 40, "long…img");
	expect_clip("long-name.img", 7, true, 40, "lon…img");
	expect_clip("long-name.img", 2, true, 40, "l…");
	expect_clip("long-name.img", 1, true, 40, "…");
	expect_clip("long-name.img", 0, true, 40, "");
	expect_clip("long-name.img", -1, true, 40, "");
	expect_clip("a\n\033b", 20, true, 40, "a\\x0a\\x1bb");
	expect_clip("漢漢漢漢", 7, true, 40, "漢…漢"); /* 3 columns at either end have room for one */
	expect_clip("漢字語", 5, false, 40, "漢字…");
	/* a buffer that is too small */
	expect_clip("abc漢字", 9, false, 5, "abc");
	expect_clip("abc漢字", 9, false, 7, "abc漢");
	expect_clip("abc漢字", 9, false, 1, "");
	begin(1, 1, true);
	expect_clip("long-name.img", 8, true, 40, "long~img");
}

static void test_marks(void **state)
{
	(void)state;
	begin(2, 4, false);
	put_marks(&whole, 0, -1, 3, MARK_CURSOR);
	put_marks(&whole, 0, 1, INT_MAX, MARK_HIT);
	put_marks(&whole, 5, 0, 3, MARK_HIT);
	assert_int_equal(canvas.cells[0].marks, MARK_CURSOR);
	assert_int_equal(canvas.cells[1].marks, MARK_CURSOR | MARK_HIT);
	assert_int_equal(canvas.cells[3].marks, MARK_HIT);
	assert_int_equal(canvas.cells[4].marks, 0);
	put(&whole, 0, 1, STYLE_ERROR, "E");
	assert_int_equal(canvas.cells[1].style, STYLE_ERROR);
	assert_int_equal(canvas.cells[1].marks, 0);
}

static void test_rule(void **state)
{
	(void)state;
	begin(2, 12, false);
	put_rule(&whole, 0, "pages 16", true);
	put_rule(&whole, 1, NULL, false);
	expect_lines("─ pages 16 ─\n────────────\n");
	assert_int_equal(canvas.cells[11].marks, MARK_BOLD);
	assert_int_equal(canvas.cells[12].marks, 0);
	begin(1, 6, true);
	put_rule(&whole, 0, "pages", false);
	expect_lines("- pag~\n");
}

static void test_format(void **state)
{
	(void)state;
	begin(1, 12, false);
	assert_int_equal(putf(&whole, 0, 2, STYLE_PLAIN, "%d/%s", 12, "170…"), 9);
	expect_lines("  12/170…\n");
	begin(1, 4, false);
	put_repeated(&whole, 0, 1, INT_MAX, STYLE_PLAIN, "▒");
	expect_lines(" ▒▒▒\n");
}

/* UTF-8 of one to four bytes; the numbers are those of the Unicode standard. */
static void test_write(void **state)
{
	(void)state;
	begin(2, 8, false);
	put(&whole, 0, 1, STYLE_PLAIN, "$\u00a3\u20ac\U0001f600 ");
	expect_lines(" $\xc2\xa3\xe2\x82\xac\xf0\x9f\x98\x80\n\n");
}

static int free_canvas(void **state)
{
	(void)state;
	canvas_free(&canvas);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clipping),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_areas),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_wide_overwritten),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_nothing_dangerous),
		cmocka_unit_test(test_invalid_utf8),
		cmocka_unit_test(test_untrusted),
		cmocka_unit_test(test_clipped),
		cmocka_unit_test(test_clip),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_rule),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_write),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 1;
	return cmocka_run_group_tests(tests, NULL, free_canvas);
}
