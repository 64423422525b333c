/* SPDX-License-Identifier: MIT */
/*
 * Preload for the browser's tests: what happens to reads of a thread other than the first, by the variable
 * READS. "slow": each takes 3 ms more, "crash": the 20th is a crash, "fail": all from the 20th on fail with
 * EIO.
 */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NTH 20

static atomic_int reads;

/* Does to a read what is asked for; false: it fails. */
static bool before_read(void)
{
	const char *how = getenv("READS");

	if (!how || gettid() == getpid())
		return true;
	int nth = atomic_fetch_add(&reads, 1) + 1;

	if (!strcmp(how, "slow"))
		nanosleep(&(struct timespec){0, 3000000}, NULL);
	if (!strcmp(how, "crash") && nth == NTH)
		raise(SIGSEGV);
	return strcmp(how, "fail") || nth < NTH;
}

/* With 64-bit offsets a caller's pread() is this one. */
ssize_t pread64(int fd, void *buffer, size_t length, off_t offset)
{
	static ssize_t (*real)(int, void *, size_t, off_t);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "pread64");
	if (before_read())
		return real(fd, buffer, length, offset);
	errno = EIO;
	return -1;
}
