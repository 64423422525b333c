/* SPDX-License-Identifier: MIT */
/* What the files about btrfs-image's dumps share. */
#ifndef FSREAD_SOURCE_DUMP_H
#define FSREAD_SOURCE_DUMP_H

#include "parts.h"

#define DUMP_MAGIC UINT64_C(0xbd5c25e27295668b)
#define DUMP_BLOCK 1024u /* of an index block; blobs are padded to its multiples */
/*
 * Tree blocks are gathered up to 256 KiB, but a cache's extent comes whole: 2.5 MiB is the largest that Linux
 * makes with 4 KiB pages.
 */
#define DUMP_BLOB_MAX (4 * MIB)

/* A run of logical addresses and where its bytes lie in the file. */
struct dump_blob {
	uint64_t logical, at;
	uint32_t stored;
	uint32_t length; /* 0: compressed, it shows when it is inflated */
};

struct dump_index {
	struct dump_blob *blobs; /* sorted by address; to be freed */
	size_t count, room;
};

/*
 * Lists the blobs of a dump by its index blocks, reading no blob. FSR_E_CORRUPT for an index that breaks the
 * format's rules or names an address twice, FSR_E_TRUNCATED where the file ends before it. On failure too
 * index->blobs is to be freed. Memory is bounded: a blob costs 24 bytes, and at least 20 in the file.
 */
int dump_read_index(struct source *file, const struct fsr_open_options *options, struct dump_index *index,
	struct fsr_error *err);
/* The blob that begins last at or before logical, or NULL. */
const struct dump_blob *dump_find(const struct dump_index *index, uint64_t logical);
/* How many bytes the blob may have: up to the next one's address, and DUMP_BLOB_MAX. */
uint64_t dump_most(const struct dump_index *index, const struct dump_blob *blob);

#endif
