/* SPDX-License-Identifier: MIT */
/* Files in a scratch folder for the tests of source/: images, partitioned disks, archives. */
#ifndef TESTS_UNIT_CONTAINER_H
#define TESTS_UNIT_CONTAINER_H

#include "../../libfsread/source/source.h"

#include <sys/types.h>

/* cmocka fixtures: a scratch folder that is the working directory, and its removal. */
int enter_scratch(void **state);
int leave_scratch(void **state);

/* Writes bytes into a file at an offset; the file is made where it is not there. */
void put_bytes(const char *path, uint64_t offset, const void *bytes, size_t length);
/* Sets a file's size, holes for zeros. */
void set_size(const char *path, uint64_t size);
/* A primary superblock whose filesystem begins at `start`; the fsid is 16 times the byte. */
void put_btrfs(const char *path, uint64_t start, uint8_t fsid, uint64_t devid, uint64_t total_bytes);

/* How a source_open() ended: its code, or how many sources; they are kept until the next call. */
int open_path(const char *path, const struct fsr_open_options *options);
extern struct source **opened;
extern struct fsr_error open_error;
/* The byte of a source at an offset. */
uint8_t byte_at(struct source *source, uint64_t offset);

/* A member of an archive to be made: a regular file with bytes of `from`, or a link to `link`. */
struct member {
	const char *name, *from, *link;
	mode_t kind; /* AE_IFREG and so on */
};
/* filter and format by libarchive's names ("zstd", "pax"); filter NULL: none. */
void write_archive(const char *path, const char *format, const char *filter, const struct member *members,
	unsigned count);

#endif
