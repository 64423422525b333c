/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct fsr_fs *open_path(const char *path)
{
	struct fsr_error err;
	struct fsr_fs *fs;

	if (fsr_open(&fs, &path, 1, NULL, &err))
		fail_msg("%s: %s", path, err.text);
	return fs;
}

struct fsr_fs *sample_open(const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "samples/%s.tar.zst", name);
	return open_path(path);
}

void sample_each(void (*fn)(const char *path, struct fsr_fs *fs))
{
	glob_t found;

	assert_int_equal(glob("samples/*.zst", 0, NULL, &found), 0);
	assert_int_equal(glob("samples/*.xz", GLOB_APPEND, NULL, &found), 0);
	assert_true(found.gl_pathc >= 70);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct fsr_fs *fs = open_path(found.gl_pathv[i]);

		fn(found.gl_pathv[i], fs);
		fsr_close(fs);
	}
	globfree(&found);
}
