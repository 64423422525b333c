/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void text_add(struct text *text, const char *format, ...)
{
	char *piece, *grown;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&piece, format, args);
	va_end(args);
	if (n < 0) {
		text->failed = true;
		return;
	}
	grown = realloc(text->data, text->length + (size_t)n + 1);
	if (grown) {
		memcpy(grown + text->length, piece, (size_t)n + 1);
		text->data = grown;
		text->length += (size_t)n;
	}
	text->failed |= !grown;
	free(piece);
}

static int fail_memory(struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot make a file in memory: %s", strerror(errno));
}

int memory_file(uint64_t size, struct fsr_error *err)
{
	int fd = memfd_create("spacescope", MFD_CLOEXEC), e;

	if (fd < 0)
		return fail_memory(err);
	if (size <= INT64_MAX && !ftruncate(fd, (off_t)size))
		return fd;
	e = fail_memory(err);
	close(fd);
	return e;
}

int memory_put(int fd, const void *data, size_t length, uint64_t offset, struct fsr_error *err)
{
	return pwrite(fd, data, length, (off_t)offset) == (ssize_t)length ? 0 : fail_memory(err);
}
