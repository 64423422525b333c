/* SPDX-License-Identifier: MIT */
/* Superblocks, devices and the chunk map: from logical addresses to verified copies' bytes. */
#ifndef FSREAD_VOLUME_VOLUME_H
#define FSREAD_VOLUME_VOLUME_H

#include "../format/btrfs.h"
#include "../format/finding.h"
#include "../source/source.h"
#include "copies.h"

struct volume_device {
	struct fsr_device info;
	struct source *source;
	uint8_t super[SUPER_SIZE]; /* this device's best mirror */
	bool seed;                 /* of another filesystem, which the volume has grown from */
	bool seed_known;           /* and the chunk tree says so */
};

struct chunk_stripe {
	uint64_t devid, offset;
};

struct chunk {
	uint64_t start, length, type;
	uint16_t num_stripes, sub_stripes; /* sub_stripes at least 1 */
	struct chunk_stripe *stripes;
};

struct volume {
	struct fsr_filesystem fs;  /* decoded from `super` */
	uint8_t super[SUPER_SIZE]; /* the mirror in use */
	uint8_t tree_fsid[16];     /* what tree blocks must carry: metadata_uuid or fsid */
	bool logical;              /* the one device is a dump, read by logical address (source.h) */
	size_t ndevices;
	struct volume_device *devices;
	size_t nmirrors;
	struct fsr_super_mirror *mirrors;
	size_t nchunks, chunk_room; /* sorted by start, no overlap */
	struct chunk *chunks;
	struct findings findings; /* filesystem-wide, shared between threads */
	struct fsr_copy_counts super_copies;
	struct copy_set
		*copies; /* every copy is to be read and compared; NULL: the first good one is enough */
};

/*
 * Reads every mirror of every device, picks the superblock in use (primary if good, else the best
 * mirror, with a finding), refuses unsupported features by name (FSR_E_UNSUPPORTED), checks that
 * the devices belong together, and maps the sys_chunk_array. Takes over the sources on success only.
 * The chunk tree is read by volume_load_chunks() in tree/, through volume_add_chunk().
 */
int volume_open(struct source **sources, size_t n, struct volume **out, struct fsr_error *err);
void volume_close(struct volume *volume);

/*
 * The rules Linux applies to a chunk item (D5): NULL when lawful, else what is wrong, in words that
 * lie in `text`. Overlap with other chunks is volume_add_chunk()'s to see.
 */
const char *chunk_check(
	const struct volume *volume, uint64_t start, const uint8_t *item, uint32_t size, char text[128]);
/*
 * Checks a chunk item's bytes (size is the item's) against the kernel's rules (D5) and adds it to
 * the map; one that is there already must be equal. FSR_E_CORRUPT with the reason otherwise.
 */
int volume_add_chunk(
	struct volume *volume, uint64_t start, const uint8_t *item, uint32_t size, struct fsr_error *err);
/* The chunk that holds logical, or NULL. */
const struct chunk *volume_find_chunk(const struct volume *volume, uint64_t logical);
/* Index of the first chunk that ends after logical; nchunks if none. */
size_t volume_chunk_index(const struct volume *volume, uint64_t logical);

/* How many ways there are to read each byte: 1 to 4. With parity copy 0 is stored, the others are rebuilt. */
unsigned chunk_copies(const struct chunk *chunk);
/* RAID5 or RAID6. */
bool chunk_has_parity(const struct chunk *chunk);
/* What super stripes are counted in (F-A10): a stripe's 64 KiB, with parity a row of them. */
uint64_t chunk_super_unit(const struct chunk *chunk);
/* The same of what was given: a dump has one copy of everything. */
unsigned volume_copies(const struct volume *volume, const struct chunk *chunk);
/*
 * How many ways Linux tries to read a tree block: the copies, and with RAID6 once more for each data stripe
 * that may be the second bad one. volume_read() takes those too.
 */
unsigned volume_ways(const struct volume *volume, const struct chunk *chunk);
/*
 * Whether the raid-stripe-tree, and not the chunk, says where the chunk's bytes lie: maps and reads of
 * it are FSR_E_UNSUPPORTED.
 */
bool data_in_stripe_tree(const struct volume *volume, const struct chunk *chunk);
/* Data stripes, and bytes of each stripe on its device. */
unsigned chunk_data_stripes(const struct chunk *chunk);
uint64_t chunk_stripe_size(const struct chunk *chunk);

/*
 * Where copy `copy` of logical lies: fills *where and *length (contiguous bytes from there, at most
 * to the chunk's end). image_offset is right only where the device was given.
 */
int volume_map(const struct volume *volume, uint64_t logical, unsigned copy, struct fsr_physical *where,
	uint64_t *length, struct fsr_error *err);
/*
 * Reads length bytes of one copy; may cross stripes, not chunks. Errors name device and place. What lies on a
 * device that was not given is FSR_E_MISSING, and a finding stripe-missing.
 */
int volume_read(struct volume *volume, uint64_t logical, size_t length, unsigned copy, void *buffer,
	struct fsr_error *err);

/* One excluded range of a chunk (super stripes, F-A10). */
struct super_stripe {
	uint64_t start, end;
};
/*
 * Fills out, sorted and merged, with the ranges of the chunk that super stripes exclude; returns how
 * many there are. When room is too small for all, they are incomplete and the answer is a room that
 * is not. A chunk has at most 3 * num_stripes + 1.
 */
size_t chunk_super_stripes(const struct chunk *chunk, struct super_stripe *out, size_t room);
/* bytes_super as Linux adds it up: ranges that overlap count twice, unlike in the merged list. */
uint64_t chunk_bytes_super(const struct chunk *chunk);

/* The device with this devid, or NULL when it was not given. */
const struct volume_device *volume_find_device(const struct volume *volume, uint64_t devid);
/*
 * Whether the device with this devid and uuid was given. If not, that is a finding: device-missing,
 * or device-differs where the one with that devid has another uuid.
 */
bool volume_check_member(struct volume *volume, uint64_t devid, const uint8_t *uuid);
/*
 * The same for a DEV_ITEM (98 bytes), whose total_bytes is taken over; a device that is larger than
 * its image, which Linux would not mount, is a device-differs.
 */
bool volume_check_device(struct volume *volume, const uint8_t *dev_item);

/* Whether a DEV_ITEM (98 bytes) is that of a seed device among those given, which is known to belong then. */
bool volume_seed_item(struct volume *volume, const uint8_t *dev_item);
/* FSR_E_INVALID, naming it, when a seed was given that no DEV_ITEM was of. */
int volume_check_seeds(const struct volume *volume, struct fsr_error *err);
/* Whether a tree block may carry this fsid: the filesystem's (metadata_uuid), or that of a seed. */
bool volume_tree_fsid(const struct volume *volume, const uint8_t *fsid);
bool volume_has_seeds(const struct volume *volume);

#endif
