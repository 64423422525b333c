/* SPDX-License-Identifier: MIT */
/* What the files of this room share. */
#ifndef FSREAD_SOURCE_PARTS_H
#define FSREAD_SOURCE_PARTS_H

#include "../format/btrfs.h"
#include "../format/error.h"
#include "source.h"

#include <sys/stat.h>

/* A path or a member's name in a sentence; the rest of the sentence must still fit behind it. */
#define NAME "'%.240s'"

/* A source over one open file: a raw image, a block device, or an unpacked archive member. */
struct file_source {
	struct source source;
	int fd;
	/* The file ends before source.size; what lies between is zeros (an unpacked hole). */
	bool zeros_behind_end;
};

/* Opens a regular file or block device O_RDONLY; everything else is refused by name. */
int file_open(const char *path, struct source **out, struct fsr_error *err);
/* The same for a descriptor, which is taken over and closed on failure; its owner knows whether it is in use.
 */
int file_take(int fd, const char *path, struct source **out, struct fsr_error *err);
/* Makes a source of fd, which it takes over on success. `like` tells name, in_use and file_size. */
struct source *file_from_fd(int fd, const char *name, uint64_t size, const struct source *like);
/* Another source of the same bytes, a file_source with a descriptor of its own. NULL without memory or
 * descriptors. */
struct source *file_again(const struct source *file);
/* Whether source is of that kind; only of such a one file_fd() may be asked for. */
bool source_is_file(const struct source *source);
static inline int file_fd(const struct source *source)
{
	return ((const struct file_source *)source)->fd;
}

/* Only regular files and block devices are images; FSR_E_INVALID, naming the kind, for everything else. */
int file_refuse_kind(const char *path, const struct stat *st, struct fsr_error *err);

#define LOOP_NAME_SIZE 64u
/* Whether a loop device stands on this regular file, and which; claimed: one that is in use itself. */
bool file_loop_device(const struct stat *st, bool claimed, char device[LOOP_NAME_SIZE]);
/* Whether the opened file is mounted or attached to a loop device, as far as it can be told. */
bool file_in_use(int fd, const struct stat *st);

/* The part of base that begins at start; it ends with base, or after length bytes. Takes base over on
 * success. */
struct source *window_open(struct source *base, uint64_t start, uint64_t length);
/* What a window is a part of; of another source, itself. */
struct source *window_base(struct source *source);

/* The superblock at the front of a btrfs; false when there is no magic at `start` + 64 KiB. */
bool read_primary(struct source *source, uint64_t start, uint8_t super[SUPER_SIZE]);
/* The first superblock copy with the magic. */
bool read_any_super(struct source *source, uint8_t super[SUPER_SIZE]);
/* Whether a btrfs begins at start, by any of its superblock copies. */
bool is_btrfs_at(struct source *source, uint64_t start, uint64_t length);

/*
 * Finds the btrfs inside base: at options->offset, in options->partition, at the
 * start, or in the one partition that has one. *out is base itself or a window that owns it; on
 * failure base stays the caller's.
 */
int find_filesystem(struct source *base, const struct fsr_open_options *options, struct source **out,
	struct fsr_error *err);
/*
 * A descriptor in which libblkid finds the partition table of source: its own, or a nameless file of the same
 * size that has copies of the places where tables lie, and holes. *own: it is to be closed. Negative: an
 * error.
 */
int table_fd(struct source *source, bool *own, struct fsr_error *err);
/* The part of find_filesystem() that reads partition tables. `number` 0: the only one with btrfs. */
int find_partition(struct source *base, unsigned number, struct source **out, struct fsr_error *err);

/*
 * Opens base as a compressed file or an archive. Positive: it is neither. Otherwise
 * like source_open(). base stays the caller's.
 */
int archive_open(struct source *base, const struct fsr_open_options *options, struct source ***list,
	size_t *count, struct fsr_error *err);

#endif
