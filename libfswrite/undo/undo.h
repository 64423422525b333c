/* SPDX-License-Identifier: MIT */
/*
 * The undo file: what a commit overwrites, saved before its first write. Its layout is described in
 * docs/undo-file.md.
 */
#ifndef FSWRITE_UNDO_UNDO_H
#define FSWRITE_UNDO_UNDO_H

#include "../device/set.h"
#include "../fswrite.h"
#include "format.h"

/*
 * Creates the file (O_CREAT|O_EXCL|O_NOFOLLOW, mode 0600) with what the base devices hold now wherever the
 * overlays of the set were written to, and makes it durable, its folder too. On failure no file is
 * left. Nothing is written to the devices.
 */
int undo_save(
	struct device_set *set, const char *path, const struct fsr_filesystem *fs, struct fsr_error *err);
/* Takes the file away again: nothing was written after all. */
void undo_discard(const char *path);

/*
 * Puts back what the file holds, once every unit of every range was found to be as before or as it was
 * written: FSR_E_REFUSED, naming device and place, otherwise, and then nothing was written. Can be
 * repeated when it was interrupted.
 */
int undo_restore(struct device_set *set, const struct undo_file *file, const struct fsr_open_options *options,
	struct fsw_undone *out, struct fsr_error *err);

#endif
