/* SPDX-License-Identifier: MIT */
#include "keys.h"

#include "sequence.h"

#include <curses.h>

#define ESCAPE 27

/* Sequences that terminals send whatever TERM says. */
static const struct {
	const char *sequence;
	int code;
} common[] = {
	{"\033[A", KEY_UP},
	{"\033[B", KEY_DOWN},
	{"\033[C", KEY_RIGHT},
	{"\033[D", KEY_LEFT},
	{"\033OA", KEY_UP},
	{"\033OB", KEY_DOWN},
	{"\033OC", KEY_RIGHT},
	{"\033OD", KEY_LEFT},
	{"\033[H", KEY_HOME},
	{"\033OH", KEY_HOME},
	{"\033[1~", KEY_HOME},
	{"\033[7~", KEY_HOME},
	{"\033[F", KEY_END},
	{"\033OF", KEY_END},
	{"\033[4~", KEY_END},
	{"\033[8~", KEY_END},
	{"\033[5~", KEY_PPAGE},
	{"\033[6~", KEY_NPAGE},
	{"\033[3~", KEY_DC},
	{"\033[Z", KEY_BTAB},
	{"\033OM", KEY_ENTER},
	{"\033OP", KEY_F(1)},
	{"\033[11~", KEY_F(1)},
	{"\033[[A", KEY_F(1)},
	{"\033[21~", KEY_F(10)},
};

static const struct {
	int code, key;
} codes[] = {
	{KEY_UP, KEY_IS_UP},
	{KEY_DOWN, KEY_IS_DOWN},
	{KEY_LEFT, KEY_IS_LEFT},
	{KEY_RIGHT, KEY_IS_RIGHT},
	{KEY_PPAGE, KEY_IS_PAGE_UP},
	{KEY_NPAGE, KEY_IS_PAGE_DOWN},
	{KEY_HOME, KEY_IS_HOME},
	{KEY_END, KEY_IS_END},
	{KEY_A1, KEY_IS_HOME},
	{KEY_A3, KEY_IS_PAGE_UP},
	{KEY_C1, KEY_IS_END},
	{KEY_C3, KEY_IS_PAGE_DOWN},
	{KEY_ENTER, KEY_IS_ENTER},
	{KEY_BACKSPACE, KEY_IS_BACKSPACE},
	{KEY_DC, KEY_IS_DELETE},
	{KEY_BTAB, KEY_IS_BACKTAB},
	{KEY_F(1), KEY_IS_F1},
	{KEY_F(10), KEY_IS_F10},
};

/* Characters that are keys with a name, or the same as one. */
static const struct {
	wint_t ch;
	int key;
} characters[] = {
	{'\r', KEY_IS_ENTER},
	{'\n', KEY_IS_ENTER},
	{'\t', KEY_IS_TAB},
	{'\b', KEY_IS_BACKSPACE},
	{0x7f, KEY_IS_BACKSPACE},
};

/* Whether TERM gives the sequence no meaning, or only one of those that curses has no name for. */
static bool unclaimed(const char *sequence)
{
	int code = key_defined(sequence);

	return code == 0 || code > KEY_MAX;
}

void keys_open(void)
{
	raw();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	typeahead(-1);               /* a frame is drawn whole even when the next key waits */
	define_key(NULL, KEY_MOUSE); /* sequence.c reads it */
	mouse_switch(true);
	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		if (unclaimed(common[i].sequence))
			define_key(common[i].sequence, common[i].code);
}

static int from_code(wint_t code)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if ((wint_t)codes[i].code == code)
			return codes[i].key;
	return KEY_IS_OTHER;
}

static int from_character(wint_t ch)
{
	for (size_t i = 0; i < sizeof characters / sizeof *characters; i++)
		if (characters[i].ch == ch)
			return characters[i].key;
	return (int)ch;
}

struct term_input keys_read(void)
{
	for (;;) {
		wint_t ch;
		int kind = get_wch(&ch);
		struct term_input input = {.key = KEY_IS_NONE};

		if (kind == ERR)
			return input;
		if (kind == KEY_CODE_YES && ch == KEY_RESIZE)
			continue;
		if (kind == KEY_CODE_YES)
			input.key = from_code(ch);
		else if (ch == ESCAPE)
			input = sequence_read();
		else
			input.key = from_character(ch);
		if (input.key != KEY_IS_NONE)
			return input;
	}
}
