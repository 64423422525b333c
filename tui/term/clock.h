/* SPDX-License-Identifier: MIT */
#ifndef TUI_TERM_CLOCK_H
#define TUI_TERM_CLOCK_H

/* Milliseconds since some point in the past, never going back. */
long long clock_ms(void);

#endif
