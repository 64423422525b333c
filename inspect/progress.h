/* SPDX-License-Identifier: MIT */
/* One line on stderr that tells how far long work is; only on a terminal. */
#ifndef INSPECT_PROGRESS_H
#define INSPECT_PROGRESS_H

#include <stdint.h>

/* For the progress fields of libfsread's options; non-zero when the work is to stop. arg: a struct settings.
 */
int progress_report(void *arg, const char *what, uint64_t done, uint64_t total);

/* Takes the line away. */
void progress_clear(void);

#endif
