/* SPDX-License-Identifier: MIT */
/* Samples opened through the public interface; tests run at the top of the project. */
#ifndef TESTS_UNIT_SAMPLE_H
#define TESTS_UNIT_SAMPLE_H

#include "../../libfsread/fsread.h"

/* samples/NAME.tar.zst; fails the test where it can't be opened. fsr_close() closes it. */
struct fsr_fs *sample_open(const char *name);
/* Calls fn with every sample there is, by its path and opened; at least 70. */
void sample_each(void (*fn)(const char *path, struct fsr_fs *fs));

#endif
