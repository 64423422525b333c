/* SPDX-License-Identifier: MIT */
#include "signals.h"

#include "clock.h"
#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define SAME_REQUEST_MS 500

static int tty = -1;
/* Made once and never closed: a thread may call wake_up() at any time. */
static int pipe_ends[2] = {-1, -1};
static atomic_uint pending;     /* enum wake */
static atomic_llong asked_at;   /* when the request to end came that waits; 0: none */
static atomic_int ended_by;     /* signal number */
static atomic_bool was_stopped; /* and went on */

static void note(unsigned what)
{
	int error = errno;

	atomic_fetch_or(&pending, what);
	/* a pipe that is full will wake the reader just as well */
	if (write(pipe_ends[1], "", 1) < 0)
		errno = error;
}

void wake_up(void)
{
	if (pipe_ends[1] >= 0)
		note(WAKE_WORK);
}

void signals_ask_to_end(void)
{
	if (pipe_ends[1] >= 0)
		note(WAKE_QUIT);
}

static void on_quit(int signal)
{
	long long first = 0, now = clock_ms() + 1; /* 0 means that there was none */

	if (!atomic_compare_exchange_strong(&asked_at, &first, now) && now - first >= SAME_REQUEST_MS) {
		crash_give_back();
		crash_let_die(signal);
		raise(signal);
		return;
	}
	atomic_store(&ended_by, signal);
	note(WAKE_QUIT);
}

static void on_resize(int signal)
{
	(void)signal;
	note(WAKE_RESIZE);
}

static void on_suspend(int signal)
{
	(void)signal;
	note(WAKE_SUSPEND);
}

/* The size may have changed meanwhile, and then the signal went to whoever was in front. */
static void on_continue(int signal)
{
	(void)signal;
	atomic_store(&was_stopped, true);
	note(WAKE_RESIZE);
}

static struct {
	int signal;
	void (*handler)(int);
	bool stays_ignored;
	struct sigaction before;
} caught[] = {
	{.signal = SIGINT, .handler = on_quit, .stays_ignored = true},
	{.signal = SIGQUIT, .handler = on_quit, .stays_ignored = true},
	{.signal = SIGHUP, .handler = on_quit, .stays_ignored = true},
	{.signal = SIGTERM, .handler = on_quit},
	{.signal = SIGWINCH, .handler = on_resize},
	{.signal = SIGTSTP, .handler = on_suspend, .stays_ignored = true},
	{.signal = SIGCONT, .handler = on_continue},
	{.signal = SIGPIPE, .handler = SIG_IGN},
};
enum { CAUGHT = sizeof caught / sizeof *caught };

static void take_over(int i)
{
	struct sigaction action = {.sa_handler = caught[i].handler, .sa_flags = SA_RESTART};

	sigaction(caught[i].signal, NULL, &caught[i].before);
	if (!caught[i].stays_ignored || caught[i].before.sa_handler != SIG_IGN)
		sigaction(caught[i].signal, &action, NULL);
}

bool signals_open(int in, int out, const char *restore, size_t size)
{
	if (pipe_ends[0] < 0 && pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return false;
	if (!crash_open(in, out, restore, size))
		return false;
	tty = in;
	for (int i = 0; i < CAUGHT; i++)
		take_over(i);
	return true;
}

void signals_close(void)
{
	for (int i = 0; i < CAUGHT; i++)
		sigaction(caught[i].signal, &caught[i].before, NULL);
	crash_close();
	tty = -1;
}

int signals_ended_by(void)
{
	return atomic_load(&ended_by);
}

bool signals_quit_pending(void)
{
	return atomic_load(&asked_at) != 0;
}

bool signals_continued(void)
{
	return atomic_exchange(&was_stopped, false);
}

/* What poll() says of the terminal. One that can be read and has nothing to read is at its end. */
static unsigned judge_tty(int events)
{
	int waiting = 1;

	if (events & (POLLHUP | POLLERR | POLLNVAL))
		return WAKE_QUIT;
	if (!(events & POLLIN))
		return WAKE_NONE;
	return ioctl(tty, FIONREAD, &waiting) == 0 && waiting == 0 ? WAKE_QUIT : WAKE_KEY;
}

/* Takes what has been noted; the pipe first, so that what comes in between wakes once too often, not never.
 */
static unsigned take_pending(void)
{
	char bytes[64];

	while (read(pipe_ends[0], bytes, sizeof bytes) > 0)
		continue;
	unsigned taken = atomic_exchange(&pending, 0);

	if (taken & WAKE_QUIT)
		atomic_store(&asked_at, 0);
	return taken;
}

unsigned signals_wait(int milliseconds)
{
	long long end = clock_ms() + milliseconds;

	for (;;) {
		struct pollfd fds[] = {{.fd = tty, .events = POLLIN}, {.fd = pipe_ends[0], .events = POLLIN}};
		long long left = end - clock_ms();
		int n = poll(fds, 2, milliseconds < 0 ? -1 : left < 0 ? 0 : (int)left);
		bool interrupted = n < 0 && errno == EINTR;
		unsigned woken = take_pending() | judge_tty(fds[0].revents);

		if (woken || n == 0 || (n < 0 && !interrupted))
			return woken;
	}
}

/* The index of SIGTSTP in caught[]. */
static int stop_index(void)
{
	int i = 0;

	while (caught[i].signal != SIGTSTP)
		i++;
	return i;
}

/*
 * The whole job stops, as the terminal would have made it: a script that waits for us would otherwise keep
 * the shell waiting. Another thread may be the one that is told, a moment later, so wait to have been
 * stopped; not for long, since a job that no shell looks after isn't.
 */
void signals_stop(void)
{
	int i = stop_index();

	if (caught[i].before.sa_handler == SIG_IGN)
		return;
	atomic_store(&was_stopped, false);
	sigaction(SIGTSTP, &caught[i].before, NULL);
	kill(0, SIGTSTP);
	for (int tries = 0; tries < 50 && !atomic_load(&was_stopped); tries++)
		poll(NULL, 0, 2);
	take_over(i);
}
