/* SPDX-License-Identifier: MIT */
/* --output: a sparse copy to work on. */
#ifndef FSWRITE_DEVICE_COPY_H
#define FSWRITE_DEVICE_COPY_H

#include "set.h"

/* The files that image_copy() made; to be given to image_copy_free(). */
struct image_copy {
	char **paths;
	size_t count;
};

/*
 * Copies the image on the n files to `output`, which must not exist: raw files whole (by reflink where the
 * filesystem can, else holes and zeros kept as holes), of a compressed file or an archive what is in it.
 * Of several devices the copies are OUTPUT.1, OUTPUT.2, ... in the order of the sources. Made with
 * O_CREAT|O_EXCL|O_NOFOLLOW, mode 0600, flushed, folder too. On failure nothing is left. The same options
 * open the copies, except for `member`: they are no archives. FSR_E_BUSY when somebody may be writing to
 * the image meanwhile.
 */
int image_copy_make(const char *const *paths, size_t n, const struct fsr_open_options *options,
	const char *output, struct image_copy *copy, struct fsr_error *err);
/* Takes the files away again: the work on them failed. */
void image_copy_remove(const struct image_copy *copy);
void image_copy_free(struct image_copy *copy);

#endif
