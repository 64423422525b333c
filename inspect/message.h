/* SPDX-License-Identifier: MIT */
/* What goes to stderr: one escaped line each, "spacescope: " before it. */
#ifndef INSPECT_MESSAGE_H
#define INSPECT_MESSAGE_H

#include "../libfsread/fsread.h"

void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Says why `path` could not be worked on: the one place that turns errors into words. Silent on
 * FSR_E_STOPPED, which output_finish() gives the reason of.
 */
void complain_error(const char *path, const struct fsr_error *err);

/* Says so and ends the program with status 2. */
void out_of_memory(void) __attribute__((noreturn));

#endif
