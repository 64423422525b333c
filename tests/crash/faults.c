/* SPDX-License-Identifier: MIT */
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the linker makes of the calls in the libraries (__wrap_) and of the true ones (__real_). */
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_reallocarray(void *p, size_t n, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
ssize_t __real_write(int fd, const void *data, size_t length);
ssize_t __real_pwrite64(int fd, const void *data, size_t length, off_t offset);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_reallocarray(void *p, size_t n, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);
ssize_t __wrap_write(int fd, const void *data, size_t length);
ssize_t __wrap_pwrite64(int fd, const void *data, size_t length, off_t offset);
int __wrap_fsync(int fd);
int __wrap_fdatasync(int fd);

struct extent {
	unsigned disk;
	uint64_t offset;
	size_t length;
};

static const struct image *watched;
static enum fault armed;
static size_t armed_at;
static atomic_bool counting;
static atomic_size_t writes, flushes, allocations, image_writes;
static struct extent *written;
static size_t nwritten, written_room;

const char *fault_name(enum fault fault)
{
	static const char *const names[] = {
		[FAULT_NONE] = "nothing fails",
		[FAULT_WRITE_EIO] = "a write fails (EIO)",
		[FAULT_WRITE_ENOSPC] = "writes fail (ENOSPC)",
		[FAULT_WRITE_SHORT] = "a write is short",
		[FAULT_WRITE_SHORT_ENOSPC] = "a write is short, then writes fail (ENOSPC)",
		[FAULT_WRITE_NOTHING] = "writes write nothing",
		[FAULT_FLUSH_EIO] = "a flush fails (EIO)",
		[FAULT_ALLOCATION] = "an allocation fails",
	};

	return names[fault];
}

void faults_watch(const struct image *files)
{
	watched = files;
	nwritten = 0;
}

void faults_start(enum fault fault, size_t at)
{
	armed = fault;
	armed_at = at;
	writes = flushes = allocations = image_writes = 0;
	counting = true;
}

struct fault_counts faults_stop(void)
{
	counting = false;
	return (struct fault_counts){writes, flushes, allocations, image_writes};
}

/* ---- the watched files */

static bool watched_disk(int fd, unsigned *disk)
{
	struct stat have, want;

	if (!watched || fstat(fd, &have) != 0)
		return false;
	for (*disk = 0; *disk < watched->count; ++*disk)
		if (fstat(watched->disks[*disk].fd, &want) == 0 && have.st_dev == want.st_dev &&
			have.st_ino == want.st_ino)
			return true;
	return false;
}

static void remember(unsigned disk, uint64_t offset, size_t length)
{
	if (nwritten == written_room) {
		written_room = written_room ? 2 * written_room : 64;
		written = __real_reallocarray(written, written_room, sizeof *written);
		if (!written)
			die("out of memory");
	}
	written[nwritten++] = (struct extent){disk, offset, length};
}

bool faults_all_equal(const struct image *want)
{
	for (size_t i = 0; i < nwritten; i++) {
		const struct extent *e = &written[i];

		if (memcmp(watched->disks[e->disk].bytes + e->offset, want->disks[e->disk].bytes + e->offset,
			    e->length) != 0)
			return false;
	}
	return true;
}

void faults_put_back(const struct image *from)
{
	for (size_t i = 0; i < nwritten; i++) {
		const struct extent *e = &written[i];
		int fd = open(watched->paths[e->disk], O_WRONLY | O_CLOEXEC);
		const uint8_t *bytes = from->disks[e->disk].bytes + e->offset;

		if (fd < 0 || __real_pwrite64(fd, bytes, e->length, (off_t)e->offset) != (ssize_t)e->length)
			die("%s: %s", watched->paths[e->disk], strerror(errno));
		close(fd);
	}
	nwritten = 0;
}

/* ---- calls that fail */

static bool allocation_fails(void)
{
	return counting && allocations++ == armed_at && armed == FAULT_ALLOCATION;
}

void *__wrap_malloc(size_t size)
{
	return allocation_fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return allocation_fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return allocation_fails() ? NULL : __real_realloc(p, size);
}

void *__wrap_reallocarray(void *p, size_t n, size_t size)
{
	return allocation_fails() ? NULL : __real_reallocarray(p, n, size);
}

char *__wrap_strdup(const char *s)
{
	return allocation_fails() ? NULL : __real_strdup(s);
}

char *__wrap_strndup(const char *s, size_t n)
{
	return allocation_fails() ? NULL : __real_strndup(s, n);
}

/* How many bytes of it a write writes; -1 and errno when it fails. */
static ssize_t allowed(size_t length)
{
	size_t number = counting ? writes++ : 0;
	bool now = counting && number == armed_at, later = counting && number > armed_at;

	switch (armed) {
	case FAULT_WRITE_EIO:
		errno = EIO;
		return now ? -1 : (ssize_t)length;
	case FAULT_WRITE_ENOSPC:
		errno = ENOSPC;
		return now || later ? -1 : (ssize_t)length;
	case FAULT_WRITE_SHORT:
		return (ssize_t)(now ? (length + 1) / 2 : length);
	case FAULT_WRITE_SHORT_ENOSPC:
		errno = ENOSPC;
		return later ? -1 : (ssize_t)(now ? (length + 1) / 2 : length);
	case FAULT_WRITE_NOTHING:
		return now || later ? 0 : (ssize_t)length;
	default:
		return (ssize_t)length;
	}
}

ssize_t __wrap_write(int fd, const void *data, size_t length)
{
	ssize_t n = allowed(length);

	return n <= 0 ? n : __real_write(fd, data, (size_t)n);
}

ssize_t __wrap_pwrite64(int fd, const void *data, size_t length, off_t offset)
{
	ssize_t n = allowed(length);
	unsigned disk;

	if (counting && watched_disk(fd, &disk)) {
		image_writes++;
		if (n > 0)
			remember(disk, (uint64_t)offset, (size_t)n);
	}
	return n <= 0 ? n : __real_pwrite64(fd, data, (size_t)n, offset);
}

/* No true flush: nothing here is to last. */
static int flush(void)
{
	if (!counting || flushes++ != armed_at || armed != FAULT_FLUSH_EIO)
		return 0;
	errno = EIO;
	return -1;
}

int __wrap_fsync(int fd)
{
	(void)fd;
	return flush();
}

int __wrap_fdatasync(int fd)
{
	(void)fd;
	return flush();
}
