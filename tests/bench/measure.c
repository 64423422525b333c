/* SPDX-License-Identifier: MIT */
/*
 * measure TIMES -- [@] COMMAND... [-- [@] COMMAND...]...: runs the commands in turn, TIMES times each, with
 * stdout and stderr thrown away, and prints one line for each: median milliseconds and peak memory in KiB.
 * With @ the command times itself: the first number that it prints is taken.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_COMMANDS 16
#define MOST_TIMES 99

struct command {
	char **argv;
	bool self_timed;
	double wall[MOST_TIMES], processor[MOST_TIMES];
	long peak;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void child(char **argv, int out)
{
	int null = open("/dev/null", O_RDWR);

	if (!argv[0] || null < 0 || dup2(null, 0) < 0 || dup2(out < 0 ? null : out, 1) < 0 ||
		dup2(null, 2) < 0)
		_exit(126);
	execvp(argv[0], argv);
	_exit(127);
}

static double milliseconds(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

/* Runs a command for the nth time; false when it could not be run. */
static bool run(struct command *command, int nth)
{
	char text[256] = "", *rest;
	struct rusage usage;
	int pipes[2], status;
	double start = now();
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) != 0 || (pid = fork()) < 0)
		return false;
	if (pid == 0)
		child(command->argv, command->self_timed ? pipes[1] : -1);
	close(pipes[1]);
	if (read(pipes[0], text, sizeof(text) - 1) < 0)
		return false;
	if (wait4(pid, &status, 0, &usage) != pid || !WIFEXITED(status) || WEXITSTATUS(status) > 125)
		return false;
	close(pipes[0]);
	if (usage.ru_maxrss > command->peak)
		command->peak = usage.ru_maxrss;
	command->wall[nth] = now() - start;
	command->processor[nth] = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
	if (command->self_timed) {
		command->wall[nth] = strtod(text, &rest);
		command->processor[nth] = strtod(rest, NULL);
	}
	return true;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Splits the arguments at each "--"; answers how many commands there are. */
static int split(char **argv, struct command *commands)
{
	int n = 0;

	for (; *argv; argv++) {
		if (strcmp(*argv, "--") != 0)
			continue;
		*argv = NULL;
		if (n == MOST_COMMANDS || !argv[1])
			return 0;
		commands[n].self_timed = strcmp(argv[1], "@") == 0;
		commands[n].argv = argv + 1 + commands[n].self_timed;
		if (!commands[n++].argv[0])
			return 0;
	}
	return n;
}

int main(int argc, char **argv)
{
	static struct command commands[MOST_COMMANDS];
	int times = argc > 3 ? atoi(argv[1]) : 0, n = times ? split(argv + 2, commands) : 0;

	if (times < 1 || times > MOST_TIMES || n == 0) {
		fprintf(stderr, "usage: measure TIMES -- [@] COMMAND... [-- [@] COMMAND...]...\n");
		return 2;
	}
	for (int i = 0; i < times; i++)
		for (int k = 0; k < n; k++)
			if (!run(&commands[k], i)) {
				fprintf(stderr, "measure: '%s' could not be run\n", commands[k].argv[0]);
				return 1;
			}
	for (int k = 0; k < n; k++) {
		qsort(commands[k].wall, (size_t)times, sizeof(double), compare);
		qsort(commands[k].processor, (size_t)times, sizeof(double), compare);
		printf("%.1f %.1f %ld\n", commands[k].wall[times / 2], commands[k].processor[times / 2],
			commands[k].peak);
	}
	return 0;
}
