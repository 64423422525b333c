/* SPDX-License-Identifier: MIT */
/*
 * tui_term [--never | --always] [--ascii] [--busy]
 * Opens the terminal, shows every style with every mark, and below it what it reads, key by key. "q" or a
 * request to end ends it; "1" to "4" crash it in several ways. --busy heeds no request to end.
 */
#include "../../tui/term/signals.h"
#include "../../tui/term/term.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define SAMPLE_COL 18
#define KEYS_ROW 26

static const char *const styles[STYLE_COUNT] = {"plain", "danger", "error", "warning", "note", "ok",
	"unknown", "pending", "used", "free", "super", "need-write", "setup", "none", "crc", "generation",
	"offset", "length", "type", "unused", "head", "title", "key", "dim"};

static const char *const keys[] = {"up", "down", "left", "right", "page-up", "page-down", "home", "end",
	"enter", "backspace", "delete", "tab", "backtab", "escape", "f1", "f10", "click", "wheel-up",
	"wheel-down", "other"};

static struct canvas canvas;
static char typed[4096]; /* names of the keys so far */

static void draw(void)
{
	static const unsigned marks[] = {0, MARK_CURSOR, MARK_HIT, MARK_BOLD, MARK_UNDERLINE};
	int rows, cols;

	term_size(&rows, &cols);
	canvas.ascii = term_ascii();
	if (!canvas_resize(&canvas, rows, cols))
		exit(2);
	struct area area = canvas_area(&canvas);

	for (int i = 0; i < STYLE_COUNT; i++) {
		put(&area, i, 0, STYLE_PLAIN, styles[i]);
		for (int mark = 0; mark < 5; mark++) {
			put(&area, i, SAMPLE_COL + 5 * mark, (enum style)i, "a█▏…");
			put_marks(&area, i, SAMPLE_COL + 5 * mark, 4, marks[mark]);
		}
	}
	putf(&area, KEYS_ROW - 1, 0, STYLE_PLAIN, "size %d x %d, 漢字", rows, cols);
	put_right(&area, KEYS_ROW, cols, STYLE_PLAIN, typed);
	put(&area, rows - 1, cols - 1, STYLE_PLAIN, "$");
	term_show(&canvas, -1, -1);
}

static void add_key(struct term_input input)
{
	char name[64];

	if (input.key < KEY_IS_UP)
		snprintf(name, sizeof name, " %d", input.key);
	else if (input.key == KEY_IS_CLICK)
		snprintf(name, sizeof name, " click:%d,%d", input.row, input.col);
	else
		snprintf(name, sizeof name, " %s", keys[input.key - KEY_IS_UP]);
	if (strlen(typed) + strlen(name) < sizeof typed)
		strcat(typed, name);
}

static void *crash_here(void *unused)
{
	volatile char *page = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*page = 1;
	return unused;
}

/* Uses up the stack; what it gives keeps the calls from being folded into one. */
static unsigned overflow(volatile unsigned *above) // NOLINT(misc-no-recursion)
{
	volatile unsigned here[256] = {*above + 1};

	return here[0] ? overflow(here) + here[1] : 0;
}

static void crash(int how)
{
	pthread_t thread;

	if (how == '1')
		crash_here(NULL);
	if (how == '2' && pthread_create(&thread, NULL, crash_here, NULL) == 0)
		pthread_join(thread, NULL);
	if (how == '3')
		abort();
	if (how == '4')
		overflow(&(unsigned){0});
}

/* false: it is time to end. */
static bool read_keys(void)
{
	for (;;) {
		struct term_input input = term_read();

		if (input.key == KEY_IS_NONE)
			return true;
		if (input.key == 'q')
			return false;
		add_key(input);
		if (input.key == 26)
			term_suspend();
		else if (input.key == 12)
			term_redraw();
		else if (input.key >= '1' && input.key <= '4')
			crash(input.key);
	}
}

_Noreturn static void sleep_for_ever(void)
{
	for (;;)
		nanosleep(&(struct timespec){1, 0}, NULL);
}

static void loop(bool busy)
{
	for (;;) {
		draw();
		if (busy)
			sleep_for_ever();
		unsigned woken = signals_wait(-1);

		if (woken & WAKE_SUSPEND)
			term_suspend();
		if (woken & WAKE_QUIT || !read_keys())
			return;
	}
}

int main(int argc, char **argv)
{
	struct term_options options = {.colour = TERM_COLOUR_AUTO};
	bool busy = false;

	for (int i = 1; i < argc; i++) {
		options.colour = strcmp(argv[i], "--never") == 0 ? TERM_COLOUR_NEVER : options.colour;
		options.colour = strcmp(argv[i], "--always") == 0 ? TERM_COLOUR_ALWAYS : options.colour;
		options.ascii |= strcmp(argv[i], "--ascii") == 0;
		busy |= strcmp(argv[i], "--busy") == 0;
	}
	const char *why = term_open(&options);

	if (why) {
		fprintf(stderr, "tui_term: %s\n", why);
		return 2;
	}
	loop(busy);
	term_close();
	canvas_free(&canvas);
	printf("ended by %d\n", signals_ended_by());
	return 0;
}
