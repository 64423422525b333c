/* SPDX-License-Identifier: MIT */
/* What the files about forensic images share. */
#ifndef FSREAD_SOURCE_EWF_H
#define FSREAD_SOURCE_EWF_H

#include "containers.h"

/* The files of one image, in order. */
struct ewf_segments {
	char **names;
	size_t count;
	uint64_t bytes; /* of all of them */
};

/* "E01" or "Ex01", by the magic; NULL: neither. */
const char *ewf_recognise(const char *path, const uint8_t *head, size_t length);
/*
 * The files that belong to path, in its folder and with its name: .E01 to .E99, .EAA to .EZZ, .FAA and so on,
 * up to the first that is not there. Only regular files. To be given to ewf_free_segments() in either case.
 */
int ewf_find_segments(const char *path, struct ewf_segments *files, struct fsr_error *err);
void ewf_free_segments(struct ewf_segments *files);

/* FSR_E_LIMIT for a set whose sections, or the lists in them, would keep libewf busy for too long. */
int ewf_check_sections(const struct ewf_segments *files, struct fsr_error *err);

#endif
