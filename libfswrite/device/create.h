/* SPDX-License-Identifier: MIT */
/* Writing to descriptors, and the files that this library makes: undo files and copies. */
#ifndef FSWRITE_DEVICE_CREATE_H
#define FSWRITE_DEVICE_CREATE_H

#include "../../libfsread/format/error.h"

/* Writes all of it, however often the system stops short; FSR_E_IO names the file, the byte and the reason.
 */
int fd_write(
	int fd, const char *name, const void *data, size_t length, uint64_t offset, struct fsr_error *err);
/*
 * Makes a new file, mode 0600, open for reading and writing; *fd is the caller's. What is there already,
 * a symbolic link too, is left alone: FSR_E_REFUSED. `what` is its purpose in words: "undo file".
 */
int create_file(const char *path, const char *what, int *fd, struct fsr_error *err);
/* The same refusal ahead of long work, which create_file() makes sure of. path NULL: nothing is to be made.
 */
int check_absent(const char *path, const char *what, struct fsr_error *err);
/* Both the file's content and its name are on the medium when this returns 0. */
int make_durable(int fd, const char *path, struct fsr_error *err);

#endif
