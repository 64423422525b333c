/* SPDX-License-Identifier: MIT */
/* One superblock: where it lies, what it must hold to be worked with, and what it says. */
#include "super.h"

#include "../format/csum.h"

#include <stdio.h>
#include <uuid/uuid.h>

#define NODESIZE_MAX (64 * KIB)
#define SECTORSIZE_MIN (4 * KIB)
/* One key and one chunk of one stripe. */
#define SYS_ARRAY_MIN (DISK_KEY_SIZE + CHUNK_ITEM_SIZE + CHUNK_STRIPE_SIZE)

uint64_t super_offset(unsigned mirror)
{
	static const uint64_t offsets[SUPER_MIRRORS] = {64 * KIB, 64 * MIB, 256 * GIB};

	return offsets[mirror];
}

void uuid_text(const uint8_t *uuid, char out[UUID_TEXT_SIZE])
{
	uuid_unparse_lower(uuid, out);
}

static bool power_of_two(uint64_t value)
{
	return value && !(value & (value - 1));
}

void rule_text(const struct number_rule *rule, char out[SUPER_WHY_SIZE])
{
	snprintf(out, SUPER_WHY_SIZE, "%s is %llu, must be %s %llu", rule->field,
		(unsigned long long)rule->value, rule->must, (unsigned long long)rule->limit);
}

static bool judge_numbers(const uint8_t *s, char why[SUPER_WHY_SIZE])
{
	uint32_t sector = get32(s + SUPER_SECTORSIZE), node = get32(s + SUPER_NODESIZE);
	uint32_t leaf = get32(s + SUPER_LEAFSIZE), array = get32(s + SUPER_SYS_ARRAY_SIZE);
	uint64_t devices = get64(s + SUPER_NUM_DEVICES);
	const struct number_rule rules[] = {
		{power_of_two(sector) && sector >= SECTORSIZE_MIN && sector <= NODESIZE_MAX, "sectorsize",
			sector, "a power of two from 4096 to", NODESIZE_MAX},
		{power_of_two(node) && node >= sector && node <= NODESIZE_MAX, "nodesize", node,
			"a power of two from sectorsize to", NODESIZE_MAX},
		{leaf == node, "leafsize", leaf, "nodesize,", node},
		{s[SUPER_ROOT_LEVEL] < MAX_LEVEL, "root_level", s[SUPER_ROOT_LEVEL], "below", MAX_LEVEL},
		{s[SUPER_CHUNK_ROOT_LEVEL] < MAX_LEVEL, "chunk_root_level", s[SUPER_CHUNK_ROOT_LEVEL],
			"below", MAX_LEVEL},
		{s[SUPER_LOG_ROOT_LEVEL] < MAX_LEVEL, "log_root_level", s[SUPER_LOG_ROOT_LEVEL], "below",
			MAX_LEVEL},
		{array >= SYS_ARRAY_MIN, "sys_chunk_array_size", array, "at least", SYS_ARRAY_MIN},
		{array <= SUPER_SYS_ARRAY_MAX, "sys_chunk_array_size", array, "at most", SUPER_SYS_ARRAY_MAX},
		{devices >= 1, "num_devices", devices, "at least", 1},
	};

	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		if (rules[i].ok)
			continue;
		rule_text(&rules[i], why);
		return false;
	}
	return true;
}

static bool judge_csum(const uint8_t *s, char why[SUPER_WHY_SIZE])
{
	unsigned type = get16(s + SUPER_CSUM_TYPE);
	char text[CSUM_TEXT_SIZE];

	if (type >= CSUM_TYPES) {
		snprintf(
			why, SUPER_WHY_SIZE, "csum_type is %u, must be below %u", type, (unsigned)CSUM_TYPES);
		return false;
	}
	if (csum_block_ok(type, s, SUPER_SIZE))
		return true;
	csum_block_text(type, s, SUPER_SIZE, text);
	snprintf(why, SUPER_WHY_SIZE, "its checksum is %s", text);
	return false;
}

bool super_judge(struct fsr_super_mirror *mirror, char why[SUPER_WHY_SIZE])
{
	const uint8_t *s = mirror->raw;
	uint64_t bytenr = get64(s + SUPER_BYTENR);

	mirror->magic_ok = !memcmp(s + SUPER_MAGIC_AT, SUPER_MAGIC, 8);
	if (!mirror->magic_ok) {
		snprintf(why, SUPER_WHY_SIZE, "it has no btrfs magic");
		return false;
	}
	mirror->csum_ok = judge_csum(s, why);
	if (!mirror->csum_ok)
		return false;
	if (bytenr != mirror->offset) {
		snprintf(why, SUPER_WHY_SIZE, "its bytenr is %llu, but it lies at %llu",
			(unsigned long long)bytenr, (unsigned long long)mirror->offset);
		return false;
	}
	return judge_numbers(s, why);
}

const uint8_t *super_tree_fsid(const uint8_t *super)
{
	bool separate = get64(super + SUPER_INCOMPAT) & INCOMPAT_METADATA_UUID;

	return super + (separate ? SUPER_METADATA_UUID : SUPER_FSID);
}

static enum fsr_space_cache space_cache_of(const struct fsr_filesystem *fs)
{
	if (fs->compat_ro_flags & COMPAT_RO_FREE_SPACE_TREE)
		return FSR_SPACE_CACHE_V2;
	return fs->cache_generation ? FSR_SPACE_CACHE_V1 : FSR_SPACE_CACHE_NONE;
}

void super_decode(const uint8_t *s, struct fsr_filesystem *fs)
{
	*fs = (struct fsr_filesystem){
		.generation = get64(s + SUPER_GENERATION),
		.cache_generation = get64(s + SUPER_CACHE_GENERATION),
		.nodesize = get32(s + SUPER_NODESIZE),
		.sectorsize = get32(s + SUPER_SECTORSIZE),
		.csum_type = get16(s + SUPER_CSUM_TYPE),
		.num_devices = get64(s + SUPER_NUM_DEVICES),
		.total_bytes = get64(s + SUPER_TOTAL_BYTES),
		.bytes_used = get64(s + SUPER_BYTES_USED),
		.compat_flags = get64(s + SUPER_COMPAT),
		.compat_ro_flags = get64(s + SUPER_COMPAT_RO),
		.incompat_flags = get64(s + SUPER_INCOMPAT),
		.root = get64(s + SUPER_ROOT),
		.chunk_root = get64(s + SUPER_CHUNK_ROOT),
		.log_root = get64(s + SUPER_LOG_ROOT),
		.root_level = s[SUPER_ROOT_LEVEL],
		.chunk_root_level = s[SUPER_CHUNK_ROOT_LEVEL],
		.log_root_level = s[SUPER_LOG_ROOT_LEVEL],
		.chunk_root_generation = get64(s + SUPER_CHUNK_ROOT_GENERATION),
	};
	memcpy(fs->fsid, s + SUPER_FSID, sizeof fs->fsid);
	memcpy(fs->metadata_uuid, super_tree_fsid(s), sizeof fs->metadata_uuid);
	memcpy(fs->label, s + SUPER_LABEL, SUPER_LABEL_SIZE);
	fs->space_cache = space_cache_of(fs);
}
