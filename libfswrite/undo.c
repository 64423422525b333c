/* SPDX-License-Identifier: MIT */
/* The undo of a rewrite, as a program asks for it. */
#include "undo/undo.h"

#include "rewrite.h"

int undo_with(struct fsw_undone *out, const char *const *paths, size_t n, const char *undo,
	const struct fsr_open_options *open, const struct device_hooks *hooks, struct fsr_error *err)
{
	struct device_set *set;
	struct undo_file file;
	int e = undo_file_open(&file, undo, err);

	if (e)
		return e;
	/* No healthy filesystem is asked for: an undo that was interrupted may have left a torn superblock.
	 */
	e = device_set_open(paths, n, open, DEVICES_WRITE, hooks, &set, err);
	if (!e)
		e = undo_restore(set, &file, open, out, err);
	device_set_close(set);
	undo_file_close(&file);
	return e;
}

int fsw_undo(struct fsw_undone *out, const char *const *paths, size_t n, const char *undo,
	const struct fsr_open_options *open, struct fsr_error *err)
{
	return undo_with(out, paths, n, undo, open, NULL, err);
}
