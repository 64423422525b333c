/* SPDX-License-Identifier: MIT */
/*
 * screens TIMES PROGRAM ARGUMENT...: runs the browser in a bare terminal of 80 columns and 24 rows, TIMES
 * times, and prints median milliseconds until its first full screen was written (its last words are "Quit",
 * then it waits), and until no block group is pending any more. Nothing draws what it writes.
 */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_TIMES 99
/* All is judged when nothing was written for so long: it draws every 50 ms while it judges. */
#define DONE_MS 1000

/* What is told from the bytes that were written. */
struct watch {
	char tail[8192]; /* the last of them */
	size_t n;
	double begin, last; /* ms: of the run, of the latest bytes */
	double first;       /* of the last bytes of the first screen; 0: not seen yet */
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static pid_t start(char **argv, int *terminal)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	pid_t pid = forkpty(terminal, NULL, NULL, &size);

	if (pid != 0)
		return pid;
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	execvp(*argv, argv);
	_exit(127);
}

static void keep(struct watch *watch, const char *bytes, size_t n)
{
	size_t room = sizeof watch->tail - 1, drop = watch->n + n > room ? watch->n + n - room : 0;

	if (drop > watch->n) { /* more than all of it */
		bytes += n - room;
		n = room;
		drop = watch->n;
	}
	memmove(watch->tail, watch->tail + drop, watch->n - drop);
	watch->n -= drop;
	memcpy(watch->tail + watch->n, bytes, n);
	watch->n += n;
	watch->tail[watch->n] = 0;
	watch->last = now();
	if (!watch->first && strstr(watch->tail, " Qui")) /* the last letter comes by a way of its own */
		watch->first = watch->last;
}

/* Reads what is written until it has been quiet for a while; false: the program has ended. */
static bool read_on(struct watch *watch, int terminal)
{
	struct pollfd fd = {.fd = terminal, .events = POLLIN};
	char bytes[4096];
	ssize_t n;

	while (poll(&fd, 1, DONE_MS) == 1) {
		n = read(terminal, bytes, sizeof bytes);
		if (n <= 0)
			return false;
		keep(watch, bytes, (size_t)n);
	}
	return true;
}

/* One run; false when it did not end well. */
static bool run(char **argv, double *first, double *judged)
{
	struct watch watch = {.begin = now()};
	int terminal, status;
	bool alive;
	pid_t pid = start(argv, &terminal);

	if (pid < 0)
		return false;
	alive = read_on(&watch, terminal);
	*first = watch.first - watch.begin;
	*judged = watch.last - watch.begin;
	if (alive && write(terminal, "q", 1) == 1)
		read_on(&watch, terminal);
	close(terminal);
	return waitpid(pid, &status, 0) == pid && alive && WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
	       watch.first > 0;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	static double first[MOST_TIMES], judged[MOST_TIMES];
	int times = argc > 2 ? atoi(argv[1]) : 0;

	if (times < 1 || times > MOST_TIMES) {
		fputs("usage: screens TIMES PROGRAM ARGUMENT...\n", stderr);
		return 2;
	}
	for (int i = 0; i < times; i++)
		if (!run(argv + 2, &first[i], &judged[i])) {
			fprintf(stderr, "screens: '%s' could not be run\n", argv[2]);
			return 1;
		}
	qsort(first, (size_t)times, sizeof *first, compare);
	qsort(judged, (size_t)times, sizeof *judged, compare);
	printf("%.1f %.1f\n", first[times / 2], judged[times / 2]);
	return 0;
}
