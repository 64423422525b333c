/* SPDX-License-Identifier: MIT */
/* Chunk items: the rules they obey, and their geometry. */
#include "volume.h"

#include <stdarg.h>
#include <stdio.h>

/* Stripe counts of a profile: copies of each byte, parity stripes, and how many stripes there may be. */
struct profile {
	uint64_t flag;
	unsigned copies, parity, least, most; /* most 0: any number */
};

static const struct profile profiles[] = {
	{0, 1, 0, 1, 1},
	{BLOCK_GROUP_RAID0, 1, 0, 1, 0},
	{BLOCK_GROUP_RAID1, 2, 0, 2, 2},
	{BLOCK_GROUP_DUP, 2, 0, 2, 2},
	{BLOCK_GROUP_RAID10, 2, 0, 2, 0},
	{BLOCK_GROUP_RAID5, 1, 1, 2, 0},
	{BLOCK_GROUP_RAID6, 1, 2, 3, 0},
	{BLOCK_GROUP_RAID1C3, 3, 0, 3, 3},
	{BLOCK_GROUP_RAID1C4, 4, 0, 4, 4},
};

/* NULL when more than one profile bit is set. */
static const struct profile *find_profile(uint64_t type)
{
	for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++)
		if (profiles[i].flag == (type & BLOCK_GROUP_PROFILE_MASK))
			return &profiles[i];
	return NULL;
}

__attribute__((format(printf, 2, 3))) static const char *wrong(char text[128], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(text, 128, format, args);
	va_end(args);
	return text;
}

static const char *check_size(const uint8_t *item, uint32_t size, char text[128])
{
	uint32_t wanted;
	unsigned stripes;

	if (size < CHUNK_ITEM_SIZE + CHUNK_STRIPE_SIZE)
		return wrong(text, "its item has %u bytes, at least %u are needed", size,
			CHUNK_ITEM_SIZE + CHUNK_STRIPE_SIZE);
	stripes = get16(item + CHUNK_NUM_STRIPES);
	wanted = CHUNK_ITEM_SIZE + stripes * CHUNK_STRIPE_SIZE;
	if (!stripes)
		return wrong(text, "it has no stripes");
	if (size != wanted)
		return wrong(text, "its item has %u bytes, %u stripes need %u", size, stripes, wanted);
	return NULL;
}

static const char *check_extent(
	const struct volume *volume, uint64_t start, const uint8_t *item, char text[128])
{
	uint64_t length = get64(item + CHUNK_LENGTH), stripe_len = get64(item + CHUNK_STRIPE_LEN);
	uint32_t sector = volume->fs.sectorsize, own_sector = get32(item + CHUNK_SECTOR_SIZE);

	if (start % sector)
		return wrong(text, "its start is not a multiple of the sectorsize %u", sector);
	if (own_sector != sector)
		return wrong(text, "its sector_size is %u, the filesystem's is %u", own_sector, sector);
	if (!length || length % sector)
		return wrong(text, "its length is %llu, must be a multiple of %u", (unsigned long long)length,
			sector);
	if (length > UINT64_MAX - start)
		return wrong(text, "its length %llu runs over the end of the address space",
			(unsigned long long)length);
	if (stripe_len != STRIPE_LEN)
		return wrong(text, "its stripe_len is %llu, must be %llu", (unsigned long long)stripe_len,
			(unsigned long long)STRIPE_LEN);
	/* Stripe numbers are 32 bits wide in Linux. */
	if (length >= (uint64_t)UINT32_MAX * STRIPE_LEN)
		return wrong(text, "its length is %llu, must be below %llu", (unsigned long long)length,
			(unsigned long long)(UINT32_MAX * STRIPE_LEN));
	return NULL;
}

static const char *check_type(const struct volume *volume, uint64_t type, char text[128])
{
	uint64_t kind = type & BLOCK_GROUP_TYPE_MASK;
	bool mixed = kind == (BLOCK_GROUP_DATA | BLOCK_GROUP_METADATA);

	if (type & ~(BLOCK_GROUP_TYPE_MASK | BLOCK_GROUP_PROFILE_MASK))
		return wrong(text, "its type 0x%llx has unknown bits", (unsigned long long)type);
	if (!find_profile(type))
		return wrong(text, "its type 0x%llx has more than one profile bit", (unsigned long long)type);
	if (!kind)
		return wrong(text, "its type 0x%llx is neither data, metadata nor system",
			(unsigned long long)type);
	if ((kind & BLOCK_GROUP_SYSTEM) && kind != BLOCK_GROUP_SYSTEM)
		return wrong(text, "its type 0x%llx is system and something else", (unsigned long long)type);
	if (mixed && !(volume->fs.incompat_flags & INCOMPAT_MIXED_GROUPS))
		return wrong(
			text, "its type 0x%llx is mixed, the filesystem is not", (unsigned long long)type);
	return NULL;
}

static const char *check_stripes(const uint8_t *item, uint64_t type, char text[128])
{
	unsigned stripes = get16(item + CHUNK_NUM_STRIPES), sub = get16(item + CHUNK_SUB_STRIPES);
	const struct profile *p = find_profile(type);

	if (stripes < p->least || (p->most && stripes > p->most))
		return wrong(text, "it has %u stripes, its profile needs %u", stripes, p->least);
	if (p->flag == BLOCK_GROUP_RAID10 && sub != 2)
		return wrong(text, "its sub_stripes is %u, RAID10 needs 2", sub);
	return NULL;
}

const char *chunk_check(
	const struct volume *volume, uint64_t start, const uint8_t *item, uint32_t size, char text[128])
{
	const char *why = check_size(item, size, text);
	uint64_t type;

	if (why)
		return why;
	type = get64(item + CHUNK_TYPE);
	why = check_extent(volume, start, item, text);
	if (!why)
		why = check_type(volume, type, text);
	return why ? why : check_stripes(item, type, text);
}

unsigned chunk_copies(const struct chunk *chunk)
{
	const struct profile *p = find_profile(chunk->type);

	return p->copies + p->parity;
}

bool chunk_has_parity(const struct chunk *chunk)
{
	return find_profile(chunk->type)->parity;
}

uint64_t chunk_super_unit(const struct chunk *chunk)
{
	return chunk_has_parity(chunk) ? STRIPE_LEN * chunk_data_stripes(chunk) : STRIPE_LEN;
}

unsigned volume_copies(const struct volume *volume, const struct chunk *chunk)
{
	return volume->logical ? 1 : chunk_copies(chunk);
}

/* Each way reads all stripes, of which a made-up chunk may have thousands. */
#define WAYS_MAX 64

unsigned volume_ways(const struct volume *volume, const struct chunk *chunk)
{
	unsigned copies = volume_copies(volume, chunk);

	if (volume->logical || !(chunk->type & BLOCK_GROUP_RAID6) || chunk->num_stripes > WAYS_MAX)
		return copies;
	return chunk->num_stripes;
}

unsigned chunk_data_stripes(const struct chunk *chunk)
{
	const struct profile *p = find_profile(chunk->type);

	return (chunk->num_stripes - p->parity) / p->copies;
}

uint64_t chunk_stripe_size(const struct chunk *chunk)
{
	return chunk->length / chunk_data_stripes(chunk);
}
