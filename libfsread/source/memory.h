/* SPDX-License-Identifier: MIT */
/* Text that grows, and files without a name that lie in memory: nothing here comes near a disk. */
#ifndef FSREAD_SOURCE_MEMORY_H
#define FSREAD_SOURCE_MEMORY_H

#include "parts.h"

/* All 0: empty. data is to be freed; it is ended by 0, or NULL. */
struct text {
	char *data;
	size_t length;
	bool failed; /* memory ran out, and the text isn't whole */
};

/* A failure is kept in text->failed, to be asked for at the end. */
void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A file of size bytes, all of them a hole; a descriptor that is the caller's, or negative: an error. */
int memory_file(uint64_t size, struct fsr_error *err);
int memory_put(int fd, const void *data, size_t length, uint64_t offset, struct fsr_error *err);

#endif
