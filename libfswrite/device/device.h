/* SPDX-License-Identifier: MIT */
/*
 * What can be written to. Devices stack: a file below, above it what a test puts there (recording, failing
 * writes), on top the overlay, which keeps all writes in memory until overlay_write_out().
 *
 * Offsets are those of the filesystem's device: 0 is where the filesystem begins in its file.
 */
#ifndef FSWRITE_DEVICE_DEVICE_H
#define FSWRITE_DEVICE_DEVICE_H

#include "../../libfsread/format/btrfs.h"
#include "../../libfsread/format/error.h"
#include "../../libfsread/source/source.h"

struct device;

struct device_ops {
	/* Read or write exactly length bytes; past the end is FSR_E_TRUNCATED. Reads are thread-safe. */
	int (*read_at)(struct device *d, void *buffer, size_t length, uint64_t offset, struct fsr_error *err);
	int (*write_at)(
		struct device *d, const void *buffer, size_t length, uint64_t offset, struct fsr_error *err);
	/* What was written before is on the medium when this returns. */
	int (*flush)(struct device *d, struct fsr_error *err);
	void (*close)(struct device *d); /* frees d, and closes the one below it */
};

struct device {
	const struct device_ops *ops;
	const char *name; /* of the file, as the user gave it; belongs to the lowest device */
	uint64_t size;    /* bytes from the start of the filesystem to the end of the file or partition */
};

static inline int device_read(
	struct device *d, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	return d->ops->read_at(d, buffer, length, offset, err);
}
static inline int device_write(
	struct device *d, const void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	return d->ops->write_at(d, buffer, length, offset, err);
}
static inline int device_flush(struct device *d, struct fsr_error *err)
{
	return d->ops->flush(d, err);
}
static inline void device_close(struct device *d)
{
	if (d)
		d->ops->close(d);
}

/* ---- file.c: the lowest device */

/*
 * A device over a source that libfsread found. Reads go through the source, which is taken over on
 * success. fd is a descriptor of the same file, open for writing, and is the caller's to keep open
 * and close; -1: every write fails.
 */
struct device *device_file(struct source *source, int fd, struct fsr_error *err);

/* ---- source.c: libfsread reads through a device */

/* `like` is the source that the device stands on: name, place and sizes are taken from it. d stays the
 * caller's. */
struct source *device_source(struct device *d, const struct source *like, struct fsr_error *err);
/* The source a device_file() stands on. */
const struct source *device_base_source(const struct device *d);

/* ---- overlay.c */

/* A device that keeps what is written to it in memory and reads the rest from base, which it takes over
 * on success. Writes and reads are in any size at any place; memory is that of the 4 KiB pages written. */
struct device *device_overlay(struct device *base, struct fsr_error *err);
/* The device below. */
struct device *overlay_base(struct device *overlay);
/* Bytes of all pages that were written: as many as overlay_ranges() tells. */
uint64_t overlay_bytes(const struct device *overlay);
typedef int (*overlay_range_fn)(
	void *arg, uint64_t offset, const void *data, size_t length, struct fsr_error *err);
/*
 * The written pages in ascending order, pages that follow each other as one range of at most 1 MiB. A
 * non-zero answer of fn ends it and is the answer.
 */
int overlay_ranges(struct device *overlay, overlay_range_fn fn, void *arg, struct fsr_error *err);
/* Those in [from, to) only; both multiples of 4096. */
int overlay_ranges_in(struct device *overlay, uint64_t from, uint64_t to, overlay_range_fn fn, void *arg,
	struct fsr_error *err);

#endif
