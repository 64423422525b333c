/* SPDX-License-Identifier: MIT */
#include "output.h"

#include "message.h"
#include "options.h"
#include "progress.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stop_signal;
static struct sigaction pipe_before;
static int write_error; /* errno of the first write that failed */
static bool on_terminal;

static void note_signal(int number)
{
	stop_signal = number;
}

static ssize_t write_all(void *cookie, const char *data, size_t size)
{
	size_t done = 0;

	(void)cookie;
	if (on_terminal)
		progress_clear();
	while (done < size && !write_error) {
		ssize_t n = write(STDOUT_FILENO, data + done, size - done);
		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR || stop_signal)
			write_error = errno;
	}
	return (ssize_t)(done == size ? done : 0);
}

/* A closed descriptor would be given to the next file opened. Reading end: writing to it fails. */
static void keep_descriptors(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
}

static void catch_signals(void)
{
	/* A second Ctrl-C ends the program at once. */
	struct sigaction stop = {.sa_handler = note_signal, .sa_flags = (int)SA_RESETHAND};

	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGHUP, &stop, NULL);
}

void output_setup(void)
{
	cookie_io_functions_t functions = {.write = write_all};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	keep_descriptors();
	catch_signals();
	sigaction(SIGPIPE, &ignore, &pipe_before);
	FILE *out = fopencookie(NULL, "w", functions);
	if (!out)
		out_of_memory();
	on_terminal = isatty(STDOUT_FILENO);
	setvbuf(out, NULL, on_terminal ? _IOLBF : _IOFBF, 1 << 16);
	stdout = out;
}

void output_forget_signal(void)
{
	stop_signal = 0;
	catch_signals();
}

bool output_stopped(void)
{
	return stop_signal || write_error;
}

void output_hand_over(void)
{
	sigaction(SIGPIPE, &pipe_before, NULL);
}

int output_finish(int status)
{
	fflush(stdout);
	if (stop_signal) {
		complain("interrupted");
		return STATUS_TROUBLE;
	}
	if (write_error) {
		complain("can't write to standard output: %s", strerror(write_error));
		return STATUS_TROUBLE;
	}
	return status;
}
