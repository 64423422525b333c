/* SPDX-License-Identifier: MIT */
#include "sequence.h"

#include <curses.h>
#include <stdio.h>

/* How long the rest of a sequence may take. */
#define PATIENCE_MS 25

void mouse_switch(bool on)
{
	const char *reports = tigetstr("kmous");

	if (reports && reports != (const char *)-1) {
		fputs(on ? "\033[?1000;1006h" : MOUSE_OFF, stdout);
		fflush(stdout);
	}
}

/* The number of a button without the keys that were held down with it. */
static int key_of_button(int button, bool pressed)
{
	switch (button & ~(4 | 8 | 16)) {
	case 0:
		return pressed ? KEY_IS_CLICK : KEY_IS_NONE;
	case 64:
		return KEY_IS_WHEEL_UP;
	case 65:
		return KEY_IS_WHEEL_DOWN;
	default:
		return KEY_IS_NONE;
	}
}

/* Rows and columns come counted from 1. */
static struct term_input mouse(int button, bool pressed, int col, int row)
{
	struct term_input input = {.key = KEY_IS_NONE};

	if (row < 1 || col < 1)
		return input;
	input.key = key_of_button(button, pressed);
	input.row = row - 1;
	input.col = col - 1;
	return input;
}

/* The older report, of terminals that don't know the newer: three bytes above 32; button 3 is a release. */
static struct term_input old_mouse(void)
{
	int bytes[3];

	for (int i = 0; i < 3; i++) {
		bytes[i] = getch();
		if (bytes[i] < 32 || bytes[i] > 255)
			return (struct term_input){.key = KEY_IS_NONE};
	}
	return mouse(bytes[0] - 32, true, bytes[1] - 32, bytes[2] - 32);
}

/* What has been read from "[" on, its last character too. */
static struct term_input judge(const char *text, char last)
{
	int button, col, row;

	if (text[0] == 'M')
		return old_mouse();
	if (sscanf(text, "<%5d;%5d;%5d", &button, &col, &row) == 3)
		return mouse(button, last == 'M', col, row);
	return (struct term_input){.key = KEY_IS_OTHER};
}

/* A sequence ends with a letter or the like. */
static struct term_input read_sequence(void)
{
	char text[40] = "";
	wint_t ch = 0;

	for (size_t i = 0; i < sizeof text - 1 && get_wch(&ch) == OK; i++) {
		text[i] = ch < 0x80 ? (char)ch : '?';
		if (i == 0 && ch == '[') /* function keys of the Linux console */
			continue;
		if (ch >= 0x40 && ch <= 0x7e)
			break;
	}
	return judge(text, (char)ch);
}

struct term_input sequence_read(void)
{
	struct term_input input = {.key = KEY_IS_ESCAPE};
	wint_t next;
	int kind = get_wch(&next); /* curses has waited for it already */

	if (kind == KEY_CODE_YES)
		ungetch((int)next);
	else if (kind == OK && next != '[' && next != 'O')
		unget_wch((wchar_t)next);
	else if (kind == OK) {
		timeout(PATIENCE_MS);
		if (next == '[')
			input = read_sequence();
		else
			input.key = get_wch(&next) == OK ? KEY_IS_OTHER : KEY_IS_ESCAPE;
		timeout(0);
	}
	return input;
}
