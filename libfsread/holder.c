/* SPDX-License-Identifier: MIT */
/* fsr_holder_at(): the extent that holds an address. */
#include "format/error.h"
#include "space/extents.h"

int fsr_holder_at(struct fsr_fs *fs, uint64_t bytenr, struct fsr_holder *holder, struct fsr_error *err)
{
	struct fsr_error ignored;
	struct cursor c;
	int ret;

	if (!err)
		err = &ignored;
	if (!fs->has_extent_root)
		return fsr_fail(err, FSR_E_NOT_FOUND, 0, bytenr,
			"the extent tree can't be found: what is at %llu is not known",
			(unsigned long long)bytenr);
	cursor_init(&c, fs->volume, &fs->extent_root);
	ret = find_holder_at(fs, &c, bytenr, holder, err);
	cursor_free(&c);
	if (ret == CURSOR_HOLE)
		return err->code;
	return ret < 0 ? ret : 0;
}
