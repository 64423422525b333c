/* SPDX-License-Identifier: MIT */
/* One writer, and nobody else's filesystem: what must hold before anything is opened for writing. */
#include "set.h"

#include "../../libfsread/source/parts.h"
#include "holder.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static int refuse_busy(const char *path, const char *why, struct fsr_error *err)
{
	return fsr_fail(
		err, FSR_E_BUSY, 0, FSR_NO_BYTENR, NAME " is %s; nothing may be written to it", path, why);
}

static int refuse_read_only(const char *path, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
		NAME " is read-only; give write permission, or --output for a copy", path);
}

static int fail_open(const char *path, const struct stat *st, int error, struct fsr_error *err)
{
	char why[HOLDER_SIZE];

	if (error == EBUSY)
		return refuse_busy(
			path, holder_of_device(st, why) ? why : "mounted, or held by another program", err);
	if (error == EACCES || error == EPERM || error == EROFS)
		return refuse_read_only(path, err);
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot open " NAME " for writing: %s", path,
		strerror(error));
}

/* The kind is asked for by name first: opening some devices for writing does something by itself. */
static int open_file(const char *path, int *fd, struct stat *st, struct fsr_error *err)
{
	int e;

	if (stat(path, st))
		return fsr_fail(
			err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot open " NAME ": %s", path, strerror(errno));
	e = file_refuse_kind(path, st, err);
	if (e)
		return e;
	/* O_EXCL is for block devices; without O_CREAT it says nothing about others. */
	*fd = open(path, O_RDWR | O_EXCL | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (*fd < 0)
		return fail_open(path, st, errno, err);
	if (fstat(*fd, st) == 0)
		return file_refuse_kind(path, st, err);
	return fail_open(path, st, errno, err);
}

/* Root may write to anything; a file without write permission was meant to stay as it is all the same. */
static int check_writable(int fd, const char *path, const struct stat *st, struct fsr_error *err)
{
	int read_only = 0;

	if (S_ISREG(st->st_mode))
		read_only = !(st->st_mode & (S_IWUSR | S_IWGRP | S_IWOTH));
	else if (ioctl(fd, BLKROGET, &read_only))
		read_only = 0;
	return read_only ? refuse_read_only(path, err) : 0;
}

static int check_loops(const char *path, const struct stat *st, struct fsr_error *err)
{
	char device[LOOP_NAME_SIZE], mounted[HOLDER_SIZE], why[2 * HOLDER_SIZE + LOOP_NAME_SIZE];
	struct stat loop;

	if (!S_ISREG(st->st_mode) || !file_loop_device(st, false, device))
		return 0;
	if (stat(device, &loop) == 0 && holder_of_device(&loop, mounted))
		snprintf(why, sizeof why, "attached to %s, which is %s", device, mounted);
	else
		snprintf(why, sizeof why, "attached to %s", device);
	return refuse_busy(path, why, err);
}

static int lock(int fd, const char *path, const struct stat *st, struct fsr_error *err)
{
	/* udev looks at a block device under a lock for a moment, after each writer. */
	const struct timespec moment = {.tv_nsec = 20000000};
	int tries = S_ISBLK(st->st_mode) ? 50 : 1;
	char why[HOLDER_SIZE];

	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot lock " NAME ": %s", path,
				strerror(errno));
		if (--tries <= 0)
			return refuse_busy(
				path, holder_of_lock(st, why) ? why : "locked by another program", err);
		nanosleep(&moment, NULL);
	}
	return 0;
}

int device_claim(const char *path, int *fd, struct fsr_error *err)
{
	struct stat st;
	int e;

	*fd = -1;
	if (source_is_address(path))
		return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
			NAME " is an address, not a file, and is only read; give --output for a copy", path);
	e = open_file(path, fd, &st, err);
	if (!e)
		e = check_writable(*fd, path, &st, err);
	if (!e)
		e = check_loops(path, &st, err);
	if (!e)
		e = lock(*fd, path, &st, err);
	if (e && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	return e;
}

static int fail_in_use(const char *path, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_BUSY, 0, FSR_NO_BYTENR,
		NAME " is mounted or in use: what is read may change meanwhile", path);
}

static int check_at_rest(int fd, const char *path, struct fsr_error *err)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && file_in_use(fd, &st))
		return fail_in_use(path, err);
	if (flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK)
		return fsr_fail(err, FSR_E_BUSY, 0, FSR_NO_BYTENR,
			NAME " is locked: another program is writing to it", path);
	return 0;
}

/*
 * Positions in a dump are no device's, and its checksums and inline data are gone: nothing can be put there.
 * What is free is not known where the extent tree may not have been read.
 */
static int check_source(const struct source *source, const char *path, struct fsr_error *err)
{
	if (source->in_use) /* a part of a split image other than the first */
		return fail_in_use(path, err);
	if (source->logical)
		return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
			NAME " is a btrfs-image dump, which has no devices to write to", path);
	if (!source->unread)
		return 0;
	return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
		NAME " has %llu bytes that ddrescue did not read: nothing is written before all are there",
		path, (unsigned long long)source->unread);
}

int device_open_source(int fd, const char *path, const struct fsr_open_options *options,
	struct source ***list, size_t *count, struct fsr_error *err)
{
	int e = source_open_fd(fd, path, options, list, count, err);

	if (e)
		return e;
	for (size_t i = 0; !e && i < *count; i++)
		e = check_source((*list)[i], path, err);
	if (!e)
		return 0;
	while (*count)
		source_close((*list)[--*count]);
	free(*list);
	*list = NULL;
	return e;
}

int device_open_at_rest(const char *path, const struct fsr_open_options *options, struct source ***list,
	size_t *count, struct fsr_error *err)
{
	int fd, e;

	/* Whether others write to what is behind an address can't be told. */
	if (source_is_address(path))
		return source_open(path, options, list, count, err);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return fsr_fail(
			err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot open " NAME ": %s", path, strerror(errno));
	e = check_at_rest(fd, path, err);
	if (!e)
		return device_open_source(fd, path, options, list, count, err);
	close(fd);
	return e;
}
