/* SPDX-License-Identifier: MIT */
/* Where bytes come from. A new container is one new file that fills this table. */
#ifndef FSREAD_SOURCE_SOURCE_H
#define FSREAD_SOURCE_SOURCE_H

#include "../fsread.h"

struct source;

struct source_ops {
	/* Reads exactly length bytes at offset; bytes past the end are FSR_E_TRUNCATED. Thread-safe. */
	int (*read_at)(struct source *s, void *buffer, size_t length, uint64_t offset, struct fsr_error *err);
	void (*close)(struct source *s); /* frees s too */
};

struct source {
	const struct source_ops *ops;
	char *name;            /* the path as given, or the archive member's name; owned by s */
	uint64_t size;         /* bytes that can be read */
	uint64_t image_offset; /* where byte 0 lies in the file the user gave (a partition's start) */
	uint64_t file_size;    /* of that file as stored (an archive: compressed) */
	bool in_use;           /* mounted, attached to a loop device that is in use, or otherwise busy */
	bool in_place;         /* its bytes are those of the file the user gave, from image_offset on */
	bool logical;          /* offsets are btrfs' logical addresses (a metadata dump), not a device's */
	uint64_t unread;       /* bytes of the whole image that ddrescue's map says were not read */
	const char *container; /* as in struct fsr_device */
};

static inline int source_read(
	struct source *s, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	return s->ops->read_at(s, buffer, length, offset, err);
}
static inline void source_close(struct source *s)
{
	if (s)
		s->ops->close(s);
}

/* What of the options (which may be NULL) counts for path i: ddrescue's map is the first image's. */
struct fsr_open_options source_options(const struct fsr_open_options *options, size_t i);
/*
 * Where the byte at offset lies in the file that the user gave; of a dump's blob that is compressed, where
 * the blob begins. FSR_E_MISSING where a dump leaves it out.
 */
int source_place(struct source *s, uint64_t offset, uint64_t *at, struct fsr_error *err);

/*
 * Opens what the user named: finds out whether it is a raw image, a block device, a compressed file
 * or an archive, and inside it the btrfs: at the start, in a partition, at options->offset. An
 * archive with several btrfs members gives several sources (one filesystem's devices). Members or
 * partitions without btrfs are passed over. *list (to be freed by the caller, its sources closed)
 * has *count >= 1 on success.
 */
int source_open(const char *path, const struct fsr_open_options *options, struct source ***list,
	size_t *count, struct fsr_error *err);
/* Whether path is the address of a disk, such as nbd://host, rather than a file's name. */
bool source_is_address(const char *path);
/*
 * The same for a file that is open already, for reading at least: fd is taken over on success and
 * failure alike. It must be a regular file or a block device. `path` names it in messages.
 */
int source_open_fd(int fd, const char *path, const struct fsr_open_options *options, struct source ***list,
	size_t *count, struct fsr_error *err);

#endif
