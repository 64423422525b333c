/* SPDX-License-Identifier: MIT */
/* The lowest device: libfsread's source to read from, a descriptor of the same file to write to. */
#include "device.h"

#include "../../libfsread/source/parts.h"
#include "create.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct file_device {
	struct device device;
	struct source *source;
	int fd; /* the caller's; -1: for reading only */
};

static struct file_device *file_of(const struct device *d)
{
	return (struct file_device *)d;
}

static int read_at(struct device *d, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	return source_read(file_of(d)->source, buffer, length, offset, err);
}

static int refuse_read_only(const struct device *d, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR, NAME " is open for reading only", d->name);
}

static int write_at(
	struct device *d, const void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	const struct file_device *f = file_of(d);

	if (f->fd < 0)
		return refuse_read_only(d, err);
	/* A file would grow, and a partition's neighbour be written to. */
	if (offset > d->size || length > d->size - offset)
		return fsr_fail(err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR,
			"the filesystem in " NAME
			" ends at byte %llu, but %zu bytes are to be written at byte %llu",
			d->name, (unsigned long long)d->size, length, (unsigned long long)offset);
	return fd_write(f->fd, d->name, buffer, length, f->source->image_offset + offset, err);
}

static int flush(struct device *d, struct fsr_error *err)
{
	const struct file_device *f = file_of(d);

	if (f->fd < 0)
		return refuse_read_only(d, err);
	if (fdatasync(f->fd) == 0)
		return 0;
	return fsr_fail(
		err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot flush " NAME ": %s", d->name, strerror(errno));
}

static void close_file(struct device *d)
{
	source_close(file_of(d)->source);
	free(d);
}

static const struct device_ops ops = {read_at, write_at, flush, close_file};

struct device *device_file(struct source *source, int fd, struct fsr_error *err)
{
	struct file_device *f;

	if (fd >= 0 && !source->in_place) {
		fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
			NAME " comes out of a compressed file or an archive, which can't be written to",
			source->name);
		return NULL;
	}
	f = calloc(1, sizeof *f);
	if (!f) {
		fsr_fail_nomem(err);
		return NULL;
	}
	f->device = (struct device){&ops, source->name, source->size};
	f->source = source;
	f->fd = fd;
	return &f->device;
}

const struct source *device_base_source(const struct device *d)
{
	return file_of(d)->source;
}
