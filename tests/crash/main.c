/* SPDX-License-Identifier: MIT */
/*
 * crash difference [OPTIONS] BEFORE AFTER   the commit that leads from one file to the other
 * crash commit [OPTIONS] IMAGE...           a rewrite of our own, and its undo
 * crash fail [OPTIONS] IMAGE...             the same, with writes, flushes and allocations that fail
 */
#include "run.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void die(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("crash: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

void *must_alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (!p)
		die("out of memory");
	return p;
}

void *must_grow(void *list, size_t n, size_t size)
{
	void *p = reallocarray(list, n, size);

	if (!p)
		die("out of memory");
	return p;
}

static const struct option options[] = {
	{"name", required_argument, NULL, 'n'},
	{"scratch", required_argument, NULL, 's'},
	{"keep", required_argument, NULL, 'k'},
	{"kept", required_argument, NULL, 'K'},
	{"mode", required_argument, NULL, 'm'},
	{"seed", required_argument, NULL, 'r'},
	{"shuffles", required_argument, NULL, 'f'},
	{"tears", required_argument, NULL, 't'},
	{"checks", required_argument, NULL, 'c'},
	{"recovers", required_argument, NULL, 'e'},
	{"undos", required_argument, NULL, 'u'},
	{"losses", required_argument, NULL, 'l'},
	{"allocations", required_argument, NULL, 'a'},
	{0},
};

static void set_option(struct run *run, int c)
{
	size_t number = strtoul(optarg, NULL, 10);

	switch (c) {
	case 'n':
		run->name = optarg;
		break;
	case 's':
		run->scratch = optarg;
		break;
	case 'k':
		run->keep = optarg;
		break;
	case 'K':
		run->effort.kept = number;
		break;
	case 'm':
		run->mode = optarg;
		break;
	case 'r':
		run->how.seed = number;
		break;
	case 'f':
		run->how.shuffles = (unsigned)number;
		break;
	case 't':
		run->how.max_tears = number;
		break;
	case 'c':
		run->effort.checks = number;
		break;
	case 'e':
		run->effort.recovers = number;
		break;
	case 'u':
		run->effort.undos = number;
		break;
	case 'l':
		run->effort.losses = number;
		break;
	case 'a':
		run->allocations = number;
		break;
	default:
		die("unknown option");
	}
}

int main(int argc, char **argv)
{
	struct run run = {
		.name = "image",
		.mode = "default",
		.scratch = "/tmp",
		.how = {.seed = 1, .shuffles = 500, .max_tears = 4096},
		.allocations = SIZE_MAX,
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		set_option(&run, c);
	if (argc - optind < 2)
		die("usage: crash difference|commit|fail [OPTIONS] IMAGE...");
	run.paths = (const char *const *)argv + optind + 1;
	run.count = (size_t)(argc - optind - 1);
	if (strcmp(argv[optind], "difference") == 0)
		run_difference(&run);
	else if (strcmp(argv[optind], "commit") == 0)
		run_commit(&run);
	else if (strcmp(argv[optind], "fail") == 0)
		run_fail(&run);
	else
		die("unknown command '%s'", argv[optind]);
	return report_all_good() ? 0 : 1;
}
