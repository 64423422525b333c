/* SPDX-License-Identifier: MIT */
/* Preload for the browser's tests: curses gets no more memory once the file that CURSES_NOMEM names is there.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Asking who calls may allocate. */
static _Thread_local bool asking;

static bool fails(const void *caller)
{
	const char *name = getenv("CURSES_NOMEM");
	bool curses;
	Dl_info info;

	if (asking || !name)
		return false;
	asking = true;
	curses = dladdr(caller, &info) && info.dli_fname &&
		 (strstr(info.dli_fname, "curses") || strstr(info.dli_fname, "tinfo"));
	asking = false;
	if (!curses || access(name, F_OK) != 0)
		return false;
	errno = ENOMEM;
	return true;
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}
