/* SPDX-License-Identifier: MIT */
/* fsr_outline(): what is known of the block groups before any of them is judged. */
#include "format/error.h"
#include "space/judge.h"

int fsr_outline(struct fsr_fs *fs, fsr_group_fn fn, void *arg, struct fsr_error *err)
{
	struct fsr_group record;
	struct judge j;
	int ret = 0;

	judge_init(&j, fs);
	for (size_t i = 0; i < fs->ngroups && !ret; i++) {
		outline_group(&j, i, &record);
		if (fn(arg, &record))
			ret = fsr_fail(err, FSR_E_STOPPED, 0, FSR_NO_BYTENR, "stopped");
	}
	judge_free(&j);
	return ret;
}
