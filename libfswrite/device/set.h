/* SPDX-License-Identifier: MIT */
/* The devices of one filesystem, found, claimed and stacked. */
#ifndef FSWRITE_DEVICE_SET_H
#define FSWRITE_DEVICE_SET_H

#include "device.h"

/* What a test puts between the file and the overlay. */
struct device_hooks {
	/* Gives a device over base, which it takes over; NULL after filling err. i: number of the device. */
	struct device *(*wrap)(void *arg, struct device *base, size_t i, struct fsr_error *err);
	void *arg;
};

enum device_access {
	DEVICES_READ,  /* opened O_RDONLY; compressed images too; nothing is claimed */
	DEVICES_WRITE, /* opened O_RDWR and claimed: see device_claim() */
};

struct device_set {
	size_t count;
	struct device **list; /* each an overlay over (a hook over) a file, in the order of the sources */
	int *claims;          /* descriptors opened for writing, one for each path given */
	size_t nclaims;
};

/*
 * Opens the files like fsr_open() does and finds the filesystem in each (several, in an archive). With
 * DEVICES_WRITE a file that is no raw image (FSR_E_REFUSED: compressed, give --output) or can't be
 * claimed is refused. hooks may be NULL.
 */
int device_set_open(const char *const *paths, size_t n, const struct fsr_open_options *options,
	enum device_access access, const struct device_hooks *hooks, struct device_set **out,
	struct fsr_error *err);
void device_set_close(struct device_set *set);
/* Sources for fs_open_sources() that read through the overlays; an array from malloc. */
int device_set_sources(struct device_set *set, struct source ***out, struct fsr_error *err);

/*
 * claim.c. source_open_fd(), but FSR_E_REFUSED for a btrfs-image dump and for an image of which ddrescue did
 * not read all, FSR_E_BUSY where a file that was opened along is in use.
 */
int device_open_source(int fd, const char *path, const struct fsr_open_options *options,
	struct source ***list, size_t *count, struct fsr_error *err);
/*
 * claim.c. source_open() of a file that nobody writes to: FSR_E_BUSY when it is mounted, attached to a loop
 * device in use or locked exclusively, FSR_E_REFUSED for a dump. While the sources are open nobody can claim
 * it.
 */
int device_open_at_rest(const char *path, const struct fsr_open_options *options, struct source ***list,
	size_t *count, struct fsr_error *err);

/*
 * claim.c. Opens path O_RDWR for one writer: a regular file is locked by flock(LOCK_EX | LOCK_NB), a block
 * device opened with O_EXCL too; FSR_E_BUSY, naming what holds it, when it is locked, mounted (by
 * /proc/self/mountinfo), or the backing file of a loop device. FSR_E_REFUSED for a read-only file. *fd is
 * the caller's.
 */
int device_claim(const char *path, int *fd, struct fsr_error *err);

#endif
