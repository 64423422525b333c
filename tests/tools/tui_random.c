/* SPDX-License-Identifier: MIT */
/*
 * tui_random SEED COUNT SECONDS PROGRAM ARGUMENT...: runs the browser in a terminal of its own and presses
 * COUNT random keys of its action table, types into its prompts, clicks and resizes; one seed is always the
 * same sequence. After each of them the browser has to be waiting again within SECONDS, and at the end `q`
 * has to end it within SECONDS. Exit status 0; 1 with what went wrong, the last keys, and what the browser
 * wrote last.
 */
#include "../../tui/actions.h"
#include "../../tui/term/term.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOG_SIZE 2000u
#define SHOWN_SIZE 6000u

static struct {
	uint64_t random;
	int terminal, slave;
	pid_t pid;
	long long limit_ms, slowest_ms;
	char slowest[64];
	char log[LOG_SIZE]; /* keys pressed last */
	size_t logged;
	char shown[SHOWN_SIZE]; /* what came out last */
	size_t nshown;
	bool ended, early;
	int status;
} run;

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static unsigned pick(unsigned n)
{
	uint64_t z = run.random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((z ^ (z >> 31)) % n);
}

/* Keeps the end of what does not fit. */
static void keep(char *all, size_t *used, size_t size, const char *more, size_t n)
{
	if (n > size / 2)
		more += n - size / 2, n = size / 2;
	if (*used + n > size) {
		memmove(all, all + size / 2, *used - size / 2);
		*used -= size / 2;
	}
	memcpy(all + *used, more, n);
	*used += n;
}

static int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\nkeys: %.*s\nshown last: ", (int)run.logged, run.log);
	for (size_t i = 0; i < run.nshown; i++)
		if (run.shown[i] == '\n' || ((unsigned char)run.shown[i] >= 32 && run.shown[i] != 127))
			putchar(run.shown[i]);
	putchar('\n');
	if (!run.ended)
		kill(run.pid, SIGABRT);
	exit(1);
}

/* ---- the browser */

static void start(char **argv)
{
	static const char *const terms[] = {"xterm-256color", "vt100", "linux", "tmux-256color"};
	static const unsigned short sizes[][2] = {{24, 80}, {10, 40}, {40, 160}, {60, 200}, {1, 1}};
	unsigned size = pick(5);
	struct winsize window = {.ws_row = sizes[size][0], .ws_col = sizes[size][1]};
	const char *term = terms[pick(4)];

	run.pid = forkpty(&run.terminal, NULL, NULL, &window);
	if (!run.pid) {
		setenv("TERM", term, 1);
		setenv("LC_ALL", pick(6) ? "C.UTF-8" : "C", 1);
		execv(argv[0], argv);
		_exit(127);
	}
	run.slave = run.pid > 0 ? open(ptsname(run.terminal), O_RDONLY | O_NOCTTY | O_NONBLOCK) : -1;
	if (run.slave < 0) {
		fputs("tui_random: no terminal\n", stderr);
		exit(2);
	}
}

static void drain(int milliseconds)
{
	struct pollfd fd = {.fd = run.terminal, .events = POLLIN};
	char bytes[4096];

	while (poll(&fd, 1, milliseconds) > 0) {
		ssize_t n = read(run.terminal, bytes, sizeof bytes);

		if (n <= 0)
			break;
		keep(run.shown, &run.nshown, SHOWN_SIZE, bytes, (size_t)n);
		milliseconds = 0;
	}
	if (!run.ended && waitpid(run.pid, &run.status, WNOHANG) == run.pid)
		run.ended = true;
}

/* Whether it has read all that was typed and waits for more. */
static bool waiting(void)
{
	char path[64], text[64] = "";
	int unread = 1;
	FILE *file;

	if (ioctl(run.slave, FIONREAD, &unread) || unread)
		return false;
	snprintf(path, sizeof path, "/proc/%d/wchan", (int)run.pid);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (!fgets(text, sizeof text, file))
		*text = 0;
	fclose(file);
	return strstr(text, "poll") != NULL;
}

static void settle(const char *what)
{
	long long begin = now_ms(), took;

	do
		drain(2);
	while (!run.ended && !waiting() && now_ms() - begin < run.limit_ms);
	took = now_ms() - begin;
	if (took > run.slowest_ms) {
		run.slowest_ms = took;
		snprintf(run.slowest, sizeof run.slowest, "%s", what);
	}
	if (!run.ended && took >= run.limit_ms)
		fail("no answer to %s for %lld ms", what, took);
}

static void type(const char *name, const char *bytes, size_t n)
{
	keep(run.log, &run.logged, LOG_SIZE, name, strlen(name));
	keep(run.log, &run.logged, LOG_SIZE, " ", 1);
	if (write(run.terminal, bytes, n) != (ssize_t)n && !run.ended)
		fail("can't write to the terminal");
	settle(name);
}

/* ---- what is pressed */

static void press_code(const char *name, int code)
{
	static const struct {
		int code;
		const char *bytes;
	} sequences[] = {
		{KEY_IS_UP, "\033[A"},
		{KEY_IS_DOWN, "\033[B"},
		{KEY_IS_RIGHT, "\033[C"},
		{KEY_IS_LEFT, "\033[D"},
		{KEY_IS_PAGE_UP, "\033[5~"},
		{KEY_IS_PAGE_DOWN, "\033[6~"},
		{KEY_IS_HOME, "\033[H"},
		{KEY_IS_END, "\033[F"},
		{KEY_IS_ENTER, "\r"},
		{KEY_IS_BACKSPACE, "\177"},
		{KEY_IS_TAB, "\t"},
		{KEY_IS_BACKTAB, "\033[Z"},
		{KEY_IS_ESCAPE, "\033"},
		{KEY_IS_F1, "\033OP"},
	};
	char one = (char)code;

	for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++)
		if (sequences[i].code == code) {
			type(name, sequences[i].bytes, strlen(sequences[i].bytes));
			return;
		}
	if (code < 128)
		type(name, &one, 1);
}

/* A key of a row of the table; not those that end or stop it. */
static void press_of_table(void)
{
	unsigned row = 1 + pick(ACTION_COUNT - 1);
	const char *keys = action_row((enum action)row)->keys;
	char name[16];
	int code = key_take(&keys, name, sizeof name);

	if (row != ACTION_QUIT && row != ACTION_SUSPEND)
		press_code(name, code);
}

static void press_common(void)
{
	static const struct {
		const char *name;
		int code;
	} common[] = {{"Enter", KEY_IS_ENTER}, {"Enter", KEY_IS_ENTER}, {"Down", KEY_IS_DOWN},
		{"Up", KEY_IS_UP}, {"PgDn", KEY_IS_PAGE_DOWN}, {"Right", KEY_IS_RIGHT}, {"Tab", KEY_IS_TAB},
		{"Backspace", KEY_IS_BACKSPACE}, {"Esc", KEY_IS_ESCAPE}, {".", '.'}, {")", ')'}, {"x", 'x'}};
	unsigned i = pick(sizeof common / sizeof *common);

	press_code(common[i].name, common[i].code);
}

static void prompt(void)
{
	static const char *const opens[] = {"/", ":", "f", "e"};
	static const char *const texts[] = {"138014720", "0x2000000", "4g", "+0x48", "extent", "257 108 0",
		"page 0", "entry 1", "danger", "data !written", "x: 00 f0", "ROOT", "%s%n", "moved", "bytes",
		"18446744073709551615", "-1", "1048576", "root", "chunk", "csum", "super", "0", "free-space"};
	static const char *const ends[] = {"\r", "\r", "\r", "\033", "\t", "\033[A"};
	const char *text = opens[pick(4)], *end;

	type(text, text, 1);
	text = texts[pick(sizeof texts / sizeof *texts)];
	type(text, text, strlen(text));
	end = ends[pick(6)];
	type("END", end, strlen(end));
}

static void mouse(void)
{
	char text[40];
	int button = (int)pick(3);

	snprintf(text, sizeof text, "\033[<%d;%u;%uM", button ? 0 : 64 + (int)pick(2), 1 + pick(200),
		1 + pick(60));
	type("CLICK", text, strlen(text));
}

static void resize(void)
{
	static const unsigned short sizes[] = {1, 2, 3, 5, 10, 13, 24, 40, 60, 80, 100, 140, 160, 200, 300};
	struct winsize window = {
		.ws_row = sizes[pick(10)], .ws_col = sizes[pick(sizeof sizes / sizeof *sizes)]};
	char text[32];

	snprintf(text, sizeof text, "%ux%u", window.ws_col, window.ws_row);
	ioctl(run.terminal, TIOCSWINSZ, &window);
	kill(run.pid, SIGWINCH);
	type(text, "", 0);
}

static void press(void)
{
	unsigned roll = pick(100);
	char digit[2] = {(char)('1' + pick(8)), 0};

	if (roll < 40)
		press_of_table();
	else if (roll < 70)
		press_common();
	else if (roll < 86)
		type(digit, digit, 1);
	else if (roll < 92)
		prompt();
	else if (roll < 96)
		mouse();
	else
		resize();
}

/* `q` closes boxes first. */
static void quit(void)
{
	long long begin = now_ms();

	for (int i = 0; !run.ended && now_ms() - begin < run.limit_ms; i++) {
		if (i % 20 == 0 && write(run.terminal, i / 20 % 2 ? "\033" : "q", 1) != 1)
			continue;
		drain(5);
	}
	if (!run.ended)
		fail("q does not end it within %lld ms", run.limit_ms);
}

int main(int argc, char **argv)
{
	if (argc < 5) {
		fputs("usage: tui_random SEED COUNT SECONDS PROGRAM ARGUMENT...\n", stderr);
		return 2;
	}
	run.random = strtoull(argv[1], NULL, 10);
	run.limit_ms = strtoll(argv[3], NULL, 10) * 1000;
	start(argv + 4);
	settle("the beginning");
	for (long i = strtol(argv[2], NULL, 10); i > 0 && !run.ended; i--)
		press();
	run.early = run.ended;
	if (!run.ended)
		quit();
	if (!WIFEXITED(run.status) || (WEXITSTATUS(run.status) != 0 && WEXITSTATUS(run.status) != 2))
		fail("it ended with status 0x%x", (unsigned)run.status);
	printf("%s%s, slowest %lld ms: %s\n", run.early ? "ended early: " : "",
		run.early ? run.log + (run.logged > 60 ? run.logged - 60 : 0) : "done", run.slowest_ms,
		run.slowest);
	return 0;
}
