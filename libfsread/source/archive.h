/* SPDX-License-Identifier: MIT */
/* What the files about archives share. */
#ifndef FSREAD_SOURCE_ARCHIVE_H
#define FSREAD_SOURCE_ARCHIVE_H

#include "parts.h"

#include <archive.h>
#include <archive_entry.h>

/* Where the primary superblock ends: less can't be a btrfs. */
#define PRIMARY_END (64 * KIB + SUPER_SIZE)

/* An archive being read. Everything in it is untrusted, so all work is counted against a limit. */
struct reader {
	struct archive *archive;
	struct source *base; /* the compressed file */
	const struct fsr_open_options *options;
	uint64_t position;           /* in the compressed file */
	uint64_t written_left;       /* non-zero bytes that may still be unpacked */
	uint64_t passed_over_left;   /* bytes that may still be decompressed for nothing */
	uint64_t since_progress;     /* bytes read or made since the callback was called */
	bool stopped;                /* it asked to stop */
	struct fsr_error read_error; /* of the compressed file, where its code is not 0 */
	uint8_t buffer[256 * 1024];
};

/* Whether the bytes are one compressed file rather than an archive of named members. */
bool reader_is_single(const struct reader *reader);
/* Counts work and calls the progress callback now and then; FSR_E_STOPPED is left to reader_fail(). */
bool reader_goes_on(struct reader *reader, uint64_t bytes);
/* Turns libarchive's failure, a failed read or a stop into one sentence. `member` may be NULL. */
int reader_fail(struct reader *reader, const char *member, struct fsr_error *err);
/* The next piece of the member's data: 0, ARCHIVE_EOF with *offset where the member ends, or a negative
 * fsr_code. */
int reader_next_block(struct reader *reader, const char *member, const uint8_t **data, size_t *length,
	uint64_t *offset, struct fsr_error *err);
/* Leaves the rest of the member behind; decompressing it is bounded. */
int reader_pass_over(struct reader *reader, const char *member, struct fsr_error *err);

/*
 * Unpacks the member at hand into an unlinked temporary file, holes kept, if it begins like a btrfs
 * or a partitioned disk. Positive: it does not, and was passed over.
 */
int unpack_member(struct reader *reader, const char *name, struct source **out, struct fsr_error *err);

/* Refuses an .xz file whose first block asks for more memory than any sensible one: FSR_E_LIMIT. */
int check_dictionary(struct source *base, struct fsr_error *err);

/* A member that holds a btrfs. */
struct candidate {
	struct source *source;
	uint8_t fsid[16];
	bool seed; /* flagged SEEDING */
	uint64_t devid, generation;
	bool chosen; /* by options->member */
};

struct candidates {
	struct candidate *list;
	size_t count;
};

#define MAX_CANDIDATES 64u

/* Takes source over. */
int candidates_add(struct candidates *set, struct source *source, bool chosen, struct fsr_error *err);
void candidates_free(struct candidates *set);
/*
 * Picks the devices of one filesystem, in devid order, and closes the rest; set is empty afterwards.
 * FSR_E_AMBIGUOUS when there are several filesystems, or several states of one.
 */
int candidates_choose(struct candidates *set, const char *archive, struct source ***list, size_t *count,
	struct fsr_error *err);

#endif
