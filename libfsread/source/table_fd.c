/* SPDX-License-Identifier: MIT */
/* libblkid reads descriptors only; a disk that is no file gets one that holds its partition tables. */
#include "memory.h"

#include <unistd.h>

#define EDGE MIB /* at both ends, where tables lie: a GPT with 128 entries takes 17 KiB */
#define BLOCK ((size_t)64 * KIB)
#define MOST_LOGICAL 256u /* partitions inside an extended one; as many as are listed at all */

/*
 * What can't be read stays a hole, since the table may be whole all the same; but where a disk can't be read
 * from its start on, that is the thing to say.
 */
static int copy(struct source *source, int fd, uint64_t from, uint64_t to, struct fsr_error *err)
{
	uint8_t buffer[BLOCK];

	while (from < to) {
		size_t n = to - from < BLOCK ? (size_t)(to - from) : BLOCK;
		int e = source_read(source, buffer, n, from, err);

		if (e && !from && e != FSR_E_MISSING)
			return e;
		e = e ? 0 : memory_put(fd, buffer, n, from, err);
		if (e)
			return e;
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
	int e = copy(source, fd, 0, edge, err);

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
	fd = memory_file(source->size, err);
	if (fd < 0)
		return fd;
	e = copy_tables(source, fd, err);
	if (e) {
		close(fd);
		return e;
	}
	*own = true;
	return fd;
}
