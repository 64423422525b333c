/* SPDX-License-Identifier: MIT */
#include "term.h"

#include "crash.h"
#include "keys.h"
#include "leave.h"
#include "look.h"
#include "sequence.h"
#include "signals.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Nothing is drawn beyond: a terminal that says it has more has lied or is of no use. */
#define SIDE_MOST 1000

static struct {
	SCREEN *screen; /* NULL: closed */
	bool ascii;
	bool away; /* given back while the process is stopped */
	bool lost; /* curses ran out of memory: it is not to be touched any more, but for the end */
	char leave[LEAVE_SIZE];
} term;

/* Whether the locale has the characters of ours, each one column wide. */
static bool speaks_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 && wcwidth(L'█') == 1;
}

/* Curses takes over; signals are caught already, so that it installs no handlers of its own. */
static const char *start_curses(const struct term_options *options)
{
	term.screen = newterm(NULL, stdout, stdin);
	if (!term.screen)
		return "the terminal can't be set up";
	crash_shield(true);
	keys_open();
	look_open(options->colour);
	curs_set(0);
	return NULL;
}

const char *term_open(const struct term_options *options)
{
	static bool at_exit;
	size_t size = 0;

	setlocale(LC_CTYPE, "");
	term.ascii = options->ascii || !speaks_utf8();
	if (!isatty(STDIN_FILENO))
		return "standard input is no terminal";
	if (!isatty(STDOUT_FILENO))
		return "standard output is no terminal";
	const char *why = leave_collect(STDOUT_FILENO, term.leave, &size);

	if (!why && !signals_open(STDIN_FILENO, STDOUT_FILENO, term.leave, size))
		why = "the terminal's modes can't be read";
	if (why)
		return why;
	why = start_curses(options);
	if (why)
		signals_close();
	else if (!at_exit)
		at_exit = atexit(term_close) == 0;
	return why;
}

static void leave(void)
{
	mouse_switch(false);
	endwin();
}

void term_close(void)
{
	if (!term.screen)
		return;
	if (!term.away && crash_foreground() && !term.lost)
		leave();
	else if (!term.away)
		crash_give_back();
	signals_close();
	if (!term.lost)
		delscreen(term.screen);
	term.screen = NULL;
	term.away = false;
}

bool term_ascii(void)
{
	return term.ascii;
}

bool term_lost(void)
{
	return term.lost;
}

static int between(int least, int value, int most)
{
	return value < least ? least : value > most ? most : value;
}

void term_size(int *rows, int *cols)
{
	struct winsize size;

	getmaxyx(stdscr, *rows, *cols);
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		return;
	int now_rows = between(1, size.ws_row, SIDE_MOST), now_cols = between(1, size.ws_col, SIDE_MOST);

	if ((now_rows != *rows || now_cols != *cols) && !term.lost) {
		term.lost = resizeterm(now_rows, now_cols) == ERR;
		if (term.lost)
			signals_ask_to_end();
	}
	*rows = now_rows;
	*cols = now_cols;
}

/* Takes the terminal again after the process was stopped. */
static void take_back(void)
{
	signals_continued();
	term.away = false;
	crash_shield(true);
	mouse_switch(true);
	clearok(curscr, TRUE);
	refresh();
}

/*
 * Whether the terminal is ours. Someone who stopped us from outside, without Ctrl-Z, left us no chance to
 * give it back; then the shell has changed its modes meanwhile. Curses stops the process by SIGTTOU when
 * it was continued in the background, as it should be.
 */
static bool have_terminal(void)
{
	if (!term.screen || term.lost || (term.away && !crash_foreground()))
		return false;
	if (term.away) {
		take_back();
	} else if (signals_continued()) {
		reset_prog_mode();
		clearok(curscr, TRUE);
	}
	return true;
}

void term_suspend(void)
{
	if (!term.screen || term.away || term.lost)
		return;
	leave();
	crash_shield(false);
	term.away = true;
	signals_stop();
	/* `kill %1` in the shell: taking the terminal now would stop us before we can obey. */
	if (!signals_quit_pending())
		take_back();
}

void term_redraw(void)
{
	if (term.screen)
		clearok(curscr, TRUE);
}

/* Half a wide character at the right end of a window that is narrower than the canvas becomes a blank. */
static void draw_row(const struct cell *cells, int row, int cols)
{
	static cchar_t line[SIDE_MOST];
	int n = 0;

	for (int col = 0; col < cols; col++) {
		wchar_t text[2] = {cells[col].ch, 0};
		short pair;
		attr_t attributes = look_of(cells[col].style, cells[col].marks, &pair);

		if (text[0] == 0)
			continue;
		if (col + 1 == cols && wcwidth(text[0]) > 1)
			text[0] = L' ';
		setcchar(&line[n++], text, attributes, pair, NULL);
	}
	mvadd_wchnstr(row, 0, line, n);
}

void term_show(const struct canvas *canvas, int cursor_row, int cursor_col)
{
	int rows, cols;

	if (!have_terminal())
		return;
	getmaxyx(stdscr, rows, cols);
	if (canvas->rows < rows || canvas->cols < cols)
		erase();
	rows = between(0, canvas->rows, rows);
	cols = between(0, canvas->cols, cols);
	for (int row = 0; row < rows; row++)
		draw_row(
			canvas->cells + (size_t)row * (size_t)canvas->cols, row, between(0, cols, SIDE_MOST));
	bool cursor = cursor_row >= 0 && cursor_col >= 0 && cursor_row < rows && cursor_col < cols;

	curs_set(cursor);
	move(cursor ? cursor_row : 0, cursor ? cursor_col : 0);
	refresh();
}

struct term_input term_read(void)
{
	return have_terminal() ? keys_read() : (struct term_input){.key = KEY_IS_NONE};
}

const char *term_library(void)
{
	return curses_version();
}
