/* SPDX-License-Identifier: MIT */
/* Geometry of striped chunks and reading through parity (D1); within volume/ only. */
#ifndef FSREAD_VOLUME_RAID_H
#define FSREAD_VOLUME_RAID_H

#include "volume.h"

/* Where a copy of a byte lies. */
struct place {
	unsigned stripe;
	uint64_t within, length; /* from the stripe's start, and how far it goes on there */
	bool rebuilt;            /* no copy of it: the parity through which it is rebuilt */
};

/* Copy `copy` of the byte at `offset` of the chunk. */
struct place chunk_place(const struct chunk *chunk, uint64_t offset, unsigned copy);

/*
 * Reads from one stripe of the chunk; logical is for messages. A stripe on a device that was not given is
 * FSR_E_MISSING, and a finding.
 */
int stripe_read(struct volume *volume, const struct chunk *chunk, const struct place *place, uint64_t logical,
	size_t length, void *buffer, struct fsr_error *err);

/*
 * Rebuilds length bytes at `offset` of a RAID5 or RAID6 chunk without reading the stripe they lie on: copy 1
 * through P, with Q's help where one more stripe can't be read, copy 2 through Q alone, copy 3 and on
 * through both without one data stripe each, the last one first, as Linux does. They must not go beyond what
 * chunk_place() tells of copy 0.
 */
int raid_rebuild(struct volume *volume, const struct chunk *chunk, uint64_t offset, unsigned copy,
	size_t length, uint8_t *buffer, struct fsr_error *err);

/* The finding stripe-missing for stripe i of the chunk. */
void raid_report_missing(struct volume *volume, const struct chunk *chunk, unsigned i);

#endif
