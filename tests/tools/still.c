/* SPDX-License-Identifier: MIT */
/*
 * still SECONDS TTY PID...: waits until nothing that was typed on TTY is unread and all threads of the
 * processes have slept for a while without being woken: what they had to show is shown. Exit status 0; 1 when
 * the time is over; 3 when the first process has ended.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* Longer than the browser puts off a frame. */
#define SLEPT_MS 70
#define STEP_MS 5

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Adds how often a thread was switched to *switches; false: it is running, or wants to, or is gone. */
static bool add_thread(const char *pid, const char *thread, unsigned long long *switches)
{
	char path[64], line[256], state = 0;
	unsigned long long n, sum = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%.16s/task/%.16s/status", pid, thread);
	file = fopen(path, "r");
	if (!file)
		return false;
	while (fgets(line, sizeof line, file)) {
		sscanf(line, "State: %c", &state);
		if (sscanf(line, "voluntary_ctxt_switches: %llu", &n) == 1 ||
			sscanf(line, "nonvoluntary_ctxt_switches: %llu", &n) == 1)
			sum += n;
	}
	fclose(file);
	*switches += sum + 1;
	return state == 'S';
}

/* Whether all threads of a process sleep; adds what changes when one of them did not. */
static bool add_process(const char *pid, unsigned long long *switches)
{
	bool sleeping = true, any = false;
	struct dirent *entry;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%.16s/task", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while ((entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		any = true;
		sleeping &= add_thread(pid, entry->d_name, switches);
	}
	closedir(dir);
	return any && sleeping;
}

static bool ended(const char *pid)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%.16s", pid);
	return access(path, F_OK) != 0;
}

int main(int argc, char **argv)
{
	long long begin = now_ms(), since = begin, limit = argc > 3 ? atoll(argv[1]) * 1000 : 0;
	unsigned long long before = 0;
	int tty = argc > 3 ? open(argv[2], O_RDONLY | O_NOCTTY | O_NONBLOCK) : -1;

	if (argc < 4 || tty < 0) {
		fputs("usage: still SECONDS TTY PID...\n", stderr);
		return 2;
	}
	while (now_ms() - begin < limit) {
		unsigned long long switches = 0;
		int unread = 0;
		bool still = ioctl(tty, FIONREAD, &unread) == 0 && unread == 0;

		for (int i = 3; i < argc; i++)
			still &= add_process(argv[i], &switches);
		if (ended(argv[3]))
			return 3;
		if (!still || switches != before)
			since = now_ms();
		else if (now_ms() - since >= SLEPT_MS)
			return 0;
		before = switches;
		nanosleep(&(struct timespec){0, STEP_MS * 1000000L}, NULL);
	}
	return 1;
}
