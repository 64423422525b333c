/* SPDX-License-Identifier: MIT */
#include "crash.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <termios.h>
#include <unistd.h>

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
enum { CRASHES = sizeof crashes / sizeof *crashes };

/* What the handlers need; written before they are installed. */
static struct {
	int in, out;
	const char *restore;
	size_t size;
	struct termios modes;
	struct sigaction before[CRASHES];
} saved;

/* Whose the terminal is. */
enum { NOT_OURS, OURS, GIVING };
static atomic_int owner;

/* A stack that overflowed is of no use to its handler. */
static char handler_stack[64 << 10];

static void write_all(int fd, const char *bytes, size_t n)
{
	for (int tries = 0; n > 0 && tries < 100; tries++) {
		ssize_t done = write(fd, bytes, n);

		if (done > 0) {
			bytes += done;
			n -= (size_t)done;
		} else if (done < 0 && errno == EAGAIN) {
			poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 10);
		} else if (done < 0 && errno != EINTR) {
			return;
		}
	}
}

bool crash_foreground(void)
{
	pid_t group = tcgetpgrp(saved.in);

	return group < 0 || group == getpgrp();
}

void crash_shield(bool ours)
{
	atomic_store(&owner, ours ? OURS : NOT_OURS);
}

/*
 * In the background the modes are those of whoever is in front, and to touch them, or where `stty tostop` is
 * set even to write, would stop the process.
 */
static void give_back(void)
{
	sigset_t stops, before;

	sigemptyset(&stops);
	sigaddset(&stops, SIGTTOU);
	pthread_sigmask(SIG_BLOCK, &stops, &before);
	write_all(saved.out, saved.restore, saved.size);
	if (crash_foreground())
		tcsetattr(saved.in, TCSANOW, &saved.modes);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void crash_give_back(void)
{
	int ours = OURS, error = errno;

	if (atomic_compare_exchange_strong(&owner, &ours, GIVING)) {
		give_back();
		atomic_store(&owner, NOT_OURS);
	}
	/* Another thread is at it: the process must not die before that is done, nor wait for ever. */
	for (int i = 0; i < 1000 && atomic_load(&owner) == GIVING; i++)
		poll(NULL, 0, 1);
	errno = error;
}

void crash_let_die(int signal)
{
	struct sigaction action = {.sa_handler = SIG_DFL};

	for (int i = 0; i < CRASHES; i++)
		if (crashes[i] == signal && saved.before[i].sa_handler != SIG_IGN)
			action = saved.before[i];
	sigaction(signal, &action, NULL);
}

static void say_crashed(int signal)
{
	static const char start[] = "spacescope-tui: crashed (signal ",
			  end[] = "); the terminal was restored\n";
	char digits[] = {(char)('0' + signal / 10), (char)('0' + signal % 10)};

	write_all(STDERR_FILENO, start, sizeof start - 1);
	write_all(STDERR_FILENO, digits + (signal < 10), sizeof digits - (signal < 10));
	write_all(STDERR_FILENO, end, sizeof end - 1);
}

/* Back from here the instruction at fault runs once more, and whoever had the signal before gets it, address
 * and all. What was sent, by kill() or abort(), is sent again. */
static void on_crash(int signal, siginfo_t *info, void *context)
{
	(void)context;
	crash_give_back();
	say_crashed(signal);
	crash_let_die(signal);
	if (info->si_code <= 0)
		raise(signal);
}

/* Sanitizers bring a stack for handlers of their own; that one stays. */
static void bring_stack(void)
{
	stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack}, now;

	if (sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE))
		sigaltstack(&stack, NULL);
}

bool crash_open(int in, int out, const char *restore, size_t size)
{
	struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};

	if (tcgetattr(in, &saved.modes) != 0)
		return false;
	saved.in = in;
	saved.out = out;
	saved.restore = restore;
	saved.size = size;
	bring_stack();
	/* A crash inside the handler ends the process at once instead of coming back here. */
	for (int i = 0; i < CRASHES; i++)
		sigaddset(&action.sa_mask, crashes[i]);
	for (int i = 0; i < CRASHES; i++)
		sigaction(crashes[i], &action, &saved.before[i]);
	return true;
}

void crash_close(void)
{
	crash_shield(false);
	for (int i = 0; i < CRASHES; i++)
		sigaction(crashes[i], &saved.before[i], NULL);
}
