/* SPDX-License-Identifier: MIT */
/* libblkid reads descriptors only; a disk that is no file gets one that holds its partition tables. */
#include "parts.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#define EDGE MIB /* at both ends, where tables lie: a GPT with 128 entries takes 17 KiB */
#define BLOCK ((size_t)64 * KIB)
#define MOST_LOGICAL 256u /* partitions inside an extended one; as many as are listed at all */

static int fail_memfd(struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot hold a partition table in memory: %s",
		strerror(errno));
}

static int copy(struct source *source, int fd, uint64_t from, uint64_t to, struct fsr_error *err)
{
	uint8_t buffer[BLOCK];

	while (from < to) {
		size_t n = to - from < BLOCK ? (size_t)(to - from) : BLOCK;
		int e = source_read(source, buffer, n, from, err);

		if (e)
			return e;
		if (pwrite(fd, buffer, n, (off_t)from) != (ssize_t)n)
			return fail_memfd(err);
		from += n;
	}
	return 0;
}

/* The start, in sectors, of the extended partition that a boot record names; 0: none. */
static uint64_t extended_start(struct source *source, uint64_t record)
{
	uint8_t sector[512];

	if (record > source->size || source->size - record < sizeof sector ||
		source_read(source, sector, sizeof sector, record, NULL) || sector[510] != 0x55 ||
		sector[511] != 0xaa)
		return 0;
	for (const uint8_t *entry = sector + 446; entry < sector + 510; entry += 16)
		if (entry[4] == 0x05 || entry[4] == 0x0f || entry[4] == 0x85)
			return get32(entry + 8);
	return 0;
}

/* Each logical partition has a boot record of its own, which names the next; all count from the first. */
static int copy_logical(struct source *source, int fd, unsigned unit, struct fsr_error *err)
{
	uint64_t first = extended_start(source, 0), next = first;
	int e = 0;

	for (unsigned i = 0; next && i < MOST_LOGICAL && !e; i++) {
		uint64_t at = next * unit;

		if (at > source->size || source->size - at < 512)
			break;
		e = copy(source, fd, at, at + 512, err);
		next = extended_start(source, at);
		next = next ? first + next : 0;
	}
	return e;
}

static int copy_tables(struct source *source, int fd, struct fsr_error *err)
{
	uint64_t size = source->size, edge = size < EDGE ? size : EDGE;
	int e = ftruncate(fd, (off_t)size) ? fail_memfd(err) : copy(source, fd, 0, edge, err);

	if (!e)
		e = copy(source, fd, size - edge, size, err);
	if (!e)
		e = copy_logical(source, fd, 512, err);
	return e ? e : copy_logical(source, fd, 4096, err);
}

int table_fd(struct source *source, bool *own, struct fsr_error *err)
{
	int fd, e;

	*own = false;
	if (source_is_file(source))
		return file_fd(source);
	if (source->size > INT64_MAX)
		return fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR, NAME " is too large: %llu bytes",
			source->name, (unsigned long long)source->size);
	fd = memfd_create("partition table", MFD_CLOEXEC);
	if (fd < 0)
		return fail_memfd(err);
	e = copy_tables(source, fd, err);
	if (e) {
		close(fd);
		return e;
	}
	*own = true;
	return fd;
}
