/* SPDX-License-Identifier: MIT */
/* Judging and decoding one superblock; within volume/ only. */
#ifndef FSREAD_VOLUME_SUPER_H
#define FSREAD_VOLUME_SUPER_H

#include "volume.h"

#define SUPER_WHY_SIZE 160u
#define UUID_TEXT_SIZE 37u

/* A number that a superblock holds, and what it must be: words and a number. */
struct number_rule {
	bool ok;
	const char *field;
	uint64_t value;
	const char *must;
	uint64_t limit;
};
/* "nodesize is 1, must be ... 65536" */
void rule_text(const struct number_rule *rule, char out[SUPER_WHY_SIZE]);

/* Where mirror 0, 1, 2 lies on its device. */
uint64_t super_offset(unsigned mirror);

/*
 * Whether these 4096 bytes, read at `offset`, are a superblock to work with: magic, checksum, its own
 * place, and the rules without which nothing can be read. Sets magic_ok and csum_ok; `why` gets the
 * reason when the answer is false.
 */
bool super_judge(struct fsr_super_mirror *mirror, char why[SUPER_WHY_SIZE]);

/* FSR_E_UNSUPPORTED, naming the feature, if the superblock has one that this library does not read. */
int super_refuse(const uint8_t *super, const char *name, struct fsr_error *err);

/* Makes a finding of every rule that Linux checks at mount and this superblock breaks. */
void super_check_rules(struct volume *volume);

/* Whether the superblock is flagged SEEDING. */
bool super_is_seed(const uint8_t *super);
/* Which device is of the filesystem that the volume is: one that is no seed, else the newest seed. */
size_t seed_host(const struct volume *volume);

void super_decode(const uint8_t *super, struct fsr_filesystem *fs);
/* What tree blocks and device items must carry. */
const uint8_t *super_tree_fsid(const uint8_t *super);
void uuid_text(const uint8_t *uuid, char out[UUID_TEXT_SIZE]);

/* Reads all mirrors of device i, picks its best one and reports the others. FSR_E_NOT_BTRFS, FSR_E_CORRUPT.
 */
int volume_read_mirrors(struct volume *volume, size_t i, struct fsr_error *err);

/* Maps the sys_chunk_array of the superblock in use. */
int volume_map_sys_chunks(struct volume *volume, struct fsr_error *err);

/* device-differs when the device claims more bytes than its image has. */
void volume_check_size(struct volume *volume, const struct volume_device *device, uint64_t total_bytes);

#endif
