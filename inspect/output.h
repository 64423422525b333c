/* SPDX-License-Identifier: MIT */
/* stdout, and the signals that end the work. */
#ifndef INSPECT_OUTPUT_H
#define INSPECT_OUTPUT_H

#include <stdbool.h>

/*
 * Makes sure that descriptors 0 to 2 are open, so that no image gets one of them; has write errors
 * of stdout remembered; turns SIGINT, SIGTERM and SIGHUP into a request to stop and SIGPIPE into a write
 * error.
 */
void output_setup(void);

/* True when there is no sense in going on: a signal came, or stdout failed. */
bool output_stopped(void);

/* For what a signal could not stop any more: it is done, and is to be reported as if none had come. */
void output_forget_signal(void);

/* Undoes what another program in place of this one would inherit: SIGPIPE is as it was found. */
void output_hand_over(void);

/* Flushes stdout. The status to end with: 2, after one sentence, if stdout failed or a signal came. */
int output_finish(int status);

#endif
