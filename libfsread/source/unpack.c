/* SPDX-License-Identifier: MIT */
/* One archive member into one unlinked temporary file: the only thing this library ever writes. */
#include "archive.h"
#include "containers.h"

#include "../format/csum.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PIECE 4096u                     /* holes are kept in units of this */
#define DISK_LIMIT (UINT64_C(16) << 40) /* apparent size of a partitioned disk, which declares none */

struct unpacking {
	struct reader *reader;
	const char *name;
	struct source *file;
	uint64_t probe_end; /* what must be there before it is decided whether to go on */
	bool probed;
	bool limited;  /* what goes beyond `stop` is too much, rather than of no interest */
	uint64_t stop; /* nothing from here on is wanted */
};

/* ---- the temporary file */

static const char *scratch_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder && *folder ? folder : "/tmp";
}

/* Where the folder's filesystem has no O_TMPFILE: a name for a moment. */
static int open_named_scratch(void)
{
	char *path;
	int fd;

	if (asprintf(&path, "%s/spacescope-XXXXXX", scratch_folder()) < 0)
		return -1;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	free(path);
	return fd;
}

static int open_scratch(struct unpacking *u, struct fsr_error *err)
{
	int fd = open(scratch_folder(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		fd = open_named_scratch();
	if (fd < 0)
		return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR,
			"cannot make a temporary file in " NAME ": %s (TMPDIR names another folder)",
			scratch_folder(), strerror(errno));
	u->file = file_from_fd(fd, u->name, 0, u->reader->base);
	if (u->file)
		return 0;
	close(fd);
	return fsr_fail_nomem(err);
}

static int write_run(
	struct unpacking *u, const uint8_t *data, size_t length, uint64_t offset, struct fsr_error *err)
{
	if (length > u->reader->written_left)
		return fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR,
			NAME " unpacks to more than the limit for unpacking", u->reader->base->name);
	u->reader->written_left -= length;
	while (length) {
		ssize_t n = pwrite(file_fd(u->file), data, length, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR,
				"cannot unpack " NAME " into a temporary file in " NAME ": %s", u->name,
				scratch_folder(), strerror(errno));
		data += n;
		length -= (size_t)n;
		offset += (uint64_t)n;
	}
	return 0;
}

static bool is_zero(const uint8_t *p, size_t n)
{
	return p[0] == 0 && memcmp(p, p + 1, n - 1) == 0;
}

/* Writes what is not zero; the file began as one hole, so zeros are there already. */
static int write_sparse(
	struct unpacking *u, const uint8_t *data, size_t length, uint64_t offset, struct fsr_error *err)
{
	size_t run = 0, at = 0; /* [run, at) is to be written */
	int e = 0;

	while (!e && at < length) {
		size_t n = PIECE - (offset + at) % PIECE;

		if (n > length - at)
			n = length - at;
		if (is_zero(data + at, n)) {
			if (at > run)
				e = write_run(u, data + run, at - run, offset + run, err);
			run = at + n;
		}
		at += n;
	}
	if (!e && at > run)
		e = write_run(u, data + run, at - run, offset + run, err);
	return e;
}

/* ---- what the member is */

static bool has_partition_table(struct source *file)
{
	uint8_t start[PIECE + 8];

	if (source_read(file, start, sizeof start, 0, NULL))
		return false;
	return (start[510] == 0x55 && start[511] == 0xaa) || memcmp(start + 512, "EFI PART", 8) == 0 ||
	       memcmp(start + PIECE, "EFI PART", 8) == 0;
}

static bool is_dump(struct source *file)
{
	uint8_t head[DUMP_HEAD];

	return !source_read(file, head, sizeof head, 0, NULL) &&
	       dump_container.recognise(file->name, head, sizeof head);
}

/* The size that a superblock declares, if its checksum makes it worth believing. */
static uint64_t declared_size(const uint8_t *super)
{
	unsigned type = get16(super + SUPER_CSUM_TYPE);
	uint64_t size = get64(super + SUPER_DEV_ITEM + DEV_ITEM_TOTAL_BYTES);

	if (type >= CSUM_TYPES || !csum_block_ok(type, super, SUPER_SIZE) || size < PRIMARY_END)
		return 0;
	return size;
}

/* Decides by the first 68 KiB how much of the member is wanted; false: nothing. */
static bool probe(struct unpacking *u)
{
	const struct fsr_open_options *o = u->reader->options;
	uint64_t begin = o->has_offset ? o->offset : 0, size = 0;
	uint8_t super[SUPER_SIZE];

	u->probed = true;
	if (is_dump(u->file))
		size = 0;
	else if (read_primary(u->file, begin, super))
		size = declared_size(super);
	else if (o->has_offset || !has_partition_table(u->file))
		return false;
	u->limited = size == 0;
	if (u->limited)
		size = DISK_LIMIT;
	if (__builtin_add_overflow(begin, size, &u->stop) || u->stop > INT64_MAX)
		u->stop = INT64_MAX;
	return true;
}

/* ---- unpacking */

/* After the size has grown: no further than `stop`. */
static int clip(struct unpacking *u, struct fsr_error *err)
{
	if (u->file->size <= u->stop)
		return 0;
	u->file->size = u->stop;
	if (!u->limited)
		return 0;
	return fsr_fail(err, FSR_E_LIMIT, 0, FSR_NO_BYTENR, NAME " unpacks to more than %u TiB", u->name,
		(unsigned)(DISK_LIMIT >> 40));
}

/* Takes what of the piece lies before `end`; returns how much that is, or a negative code. */
static int64_t take_before(struct unpacking *u, uint64_t end, const uint8_t *data, size_t length,
	uint64_t offset, struct fsr_error *err)
{
	int e;

	if (offset >= end)
		return 0;
	if (length > end - offset)
		length = (size_t)(end - offset);
	e = length ? write_sparse(u, data, length, offset, err) : 0;
	return e ? e : (int64_t)length;
}

/* Data up to probe_end is taken before it is decided whether the rest is wanted; positive: it is not. */
static int take_block(
	struct unpacking *u, const uint8_t *data, size_t length, uint64_t offset, struct fsr_error *err)
{
	uint64_t end = offset + length;
	int64_t taken;

	if (offset < u->file->size || end > INT64_MAX)
		return fsr_fail(
			err, FSR_E_CORRUPT, 0, FSR_NO_BYTENR, "the pieces of " NAME " overlap", u->name);
	if (!u->probed) {
		taken = take_before(u, u->probe_end, data, length, offset, err);
		if (taken < 0)
			return (int)taken;
		u->file->size = end < u->probe_end ? end : u->probe_end;
		if (end < u->probe_end)
			return 0;
		if (!probe(u))
			return 1;
		data += taken;
		length -= (size_t)taken;
		offset += (uint64_t)taken;
	}
	taken = take_before(u, u->stop, data, length, offset, err);
	if (taken < 0)
		return (int)taken;
	u->file->size = end;
	return clip(u, err);
}

/* The archive may end a member with a hole, and tell only where that ends. */
static int take_end(struct unpacking *u, uint64_t end, struct fsr_error *err)
{
	if (u->file->size < end)
		u->file->size = end;
	if (!u->probed && !probe(u))
		return 1;
	return clip(u, err);
}

static int take_blocks(struct unpacking *u, struct fsr_error *err)
{
	const uint8_t *data;
	uint64_t offset;
	size_t length;
	int e;

	do {
		e = reader_next_block(u->reader, u->name, &data, &length, &offset, err);
		if (e == ARCHIVE_EOF)
			return take_end(u, offset, err);
		if (!e)
			e = take_block(u, data, length, offset, err);
	} while (!e && !(u->probed && u->file->size == u->stop));
	return e;
}

/*
 * libblkid looks at the file's own size. Where that can't be had, beyond what the folder's filesystem
 * allows, a btrfs at the start is read all the same.
 */
static void extend(struct source *file)
{
	struct file_source *f = (struct file_source *)file;

	f->zeros_behind_end = ftruncate(f->fd, (off_t)file->size) != 0;
}

int unpack_member(struct reader *reader, const char *name, struct source **out, struct fsr_error *err)
{
	struct unpacking u = {.reader = reader, .name = name, .probe_end = PRIMARY_END, .stop = INT64_MAX};
	int e, left_behind = 0;

	if (reader->options->has_offset &&
		__builtin_add_overflow(reader->options->offset, PRIMARY_END, &u.probe_end))
		return fsr_fail(err, FSR_E_INVALID, 0, FSR_NO_BYTENR, "offset %llu is too large",
			(unsigned long long)reader->options->offset);
	e = open_scratch(&u, err);
	if (!u.file)
		return e;
	e = take_blocks(&u, err);
	/* A member may go on behind its device's end, or not be wanted; the next one must be found. */
	if (e >= 0 && !reader_is_single(reader))
		left_behind = reader_pass_over(reader, name, err);
	if (left_behind)
		e = left_behind;
	if (e) {
		source_close(u.file);
		return e;
	}
	extend(u.file);
	*out = u.file;
	return 0;
}
