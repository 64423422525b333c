/* SPDX-License-Identifier: MIT */
/* What has to be written to leave the screen, collected beforehand for handlers that can't ask curses. */
#ifndef TUI_TERM_LEAVE_H
#define TUI_TERM_LEAVE_H

#include <stddef.h>

#define LEAVE_SIZE 512

/*
 * Looks TERM up for the terminal at fd. Gives NULL and fills text with the *size bytes that leave the screen,
 * or gives a sentence why there is no drawing on this terminal.
 */
const char *leave_collect(int fd, char text[LEAVE_SIZE], size_t *size);

#endif
