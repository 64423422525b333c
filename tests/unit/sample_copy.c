/* SPDX-License-Identifier: MIT */
#include "sample_copy.h"

#include "../../libfswrite/device/copy.h"
#include "container.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static char *samples;

int enter_scratch_by_samples(void **state)
{
	samples = realpath("samples", NULL);
	return samples ? enter_scratch(state) : -1;
}

void sample_copy(const char *name, const char *file)
{
	char path[4096];
	const char *paths[] = {path};
	struct image_copy copy;
	struct fsr_error err;

	snprintf(path, sizeof path, "%s/%s.tar.zst", samples, name);
	if (image_copy_make(paths, 1, NULL, file, &copy, &err))
		fail_msg("%s: %s", path, err.text);
	image_copy_free(&copy);
}
