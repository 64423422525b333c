/* SPDX-License-Identifier: MIT */
/*
 * Containers that wrap a whole disk: virtual disks, forensic images, remote ones. A new one is a file with
 * its row, named here and in the table of containers.c.
 */
#ifndef FSREAD_SOURCE_CONTAINERS_H
#define FSREAD_SOURCE_CONTAINERS_H

#include "parts.h"

/* As many bytes from the start of a file as recognise() gets. */
#define CONTAINER_HEAD 4096u

struct container {
	const char *names; /* of the formats it reads, for --version: "qcow2, VMDK, VDI, VHDX"; NULL: refuses
			      all */
	const char *library; /* what reads it, "libnbd"; NULL: this program itself */
	const char *package; /* Debian's, to build it in: "libnbd-dev"; NULL: it always is */
	/*
	 * The format's name if this is one, else NULL. By the path alone where head is NULL (an address that
	 * is no file), else by the file's first `length` bytes and, where a format has no magic, its name.
	 */
	const char *(*recognise)(const char *path, const uint8_t *head, size_t length);
	/*
	 * Gives the disk inside, whose bytes are numbered from 0. base is the opened file, NULL for an
	 * address; it stays the caller's and may be closed once this has returned. Positive: it is none
	 * after all. NULL where this build lacks it.
	 */
	int (*open)(const char *path, struct source *base, const struct fsr_open_options *options,
		struct source **disk, struct fsr_error *err);
};

/* What the dump's recognise() needs, and less than any dump has. */
#define DUMP_HEAD 1024u
extern const struct container dump_container; /* btrfs-image's metadata dumps, a file_source at its base */
extern const struct container container_ewf, container_logical_ewf, container_split;

/*
 * Opens what path names, or base (NULL: nothing is open yet), if it is a container. Positive: it is none.
 * FSR_E_UNSUPPORTED, naming format and package, for one that this build lacks. base stays the caller's.
 */
int container_open(const char *path, struct source *base, const struct fsr_open_options *options,
	struct source **disk, struct fsr_error *err);

#endif
