/* SPDX-License-Identifier: MIT */
/* GNU ddrescue's map file: which bytes of an image were read from the disk, and which only seem to be there.
 */
#ifndef FSREAD_SOURCE_DDRESCUE_H
#define FSREAD_SOURCE_DDRESCUE_H

#include "parts.h"

#define RESCUE_READ '+'   /* the status of bytes that were read */
#define RESCUE_UNLISTED 0 /* of those that the map doesn't tell of */
#define RESCUE_MAX_LINES 4000000u

/* Bytes of one status, up to the next area's start or the end of the image. */
struct rescue_area {
	uint64_t start;
	char status; /* as in the map: ? * / - + */
};

/* The areas of an image in order, the first from byte 0; neighbours differ in status. */
struct rescue_map {
	struct rescue_area *areas;
	size_t count, room;
};

/*
 * Reads the text of a map file, which is taken apart in place; `name` is for messages. FSR_E_CORRUPT, naming
 * the line, for what ddrescue doesn't write. To be given to rescue_map_free() in either case.
 */
int rescue_map_parse(struct rescue_map *map, char *text, const char *name, struct fsr_error *err);
void rescue_map_free(struct rescue_map *map);
/* The first byte from offset on, and before end, that was not read; end: all were. *status gets its status.
 */
uint64_t rescue_map_unread(const struct rescue_map *map, uint64_t offset, uint64_t end, char *status);
/* How many of the first `size` bytes were not read. */
uint64_t rescue_map_count(const struct rescue_map *map, uint64_t size);

/*
 * Puts the map file between *base and whoever reads it: bytes that were not read are FSR_E_MISSING. *base is
 * taken over and replaced, unless all of it was read or this fails; then it stays as it is.
 */
int rescue_wrap(struct source **base, const char *map_path, struct fsr_error *err);

#endif
