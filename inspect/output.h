/* SPDX-License-Identifier: MIT */
/* stdout, and the signals that end the work. */
#ifndef INSPECT_OUTPUT_H
#define INSPECT_OUTPUT_H

#include <stdbool.h>

/*
 * Makes sure that descriptors 0 to 2 are open, so that no image gets one of them; has write errors
 * of stdout remembered; turns SIGINT and SIGTERM into a request to stop and SIGPIPE into a write error.
 */
void output_setup(void);

/* True when there is no sense in going on: a signal came, or stdout failed. */
bool output_stopped(void);

/* Flushes stdout. The status to end with: 2, after one sentence, if stdout failed or a signal came. */
int output_finish(int status);

#endif
