/* SPDX-License-Identifier: MIT */
/* Reading one tree block: every copy until one passes all that Linux checks when it reads (D5). */
#include "block_copies.h"
#include "check.h"

#include "../format/csum.h"
#include "../format/error.h"

#include <stdarg.h>
#include <stdio.h>

#define WHY_SIZE BLOCK_WHY_SIZE

__attribute__((cold, format(printf, 2, 3))) static bool wrong(char why[WHY_SIZE], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, WHY_SIZE, format, args);
	va_end(args);
	return false;
}

static struct fsr_key first_key(const uint8_t *block)
{
	return get_key(block + HEADER_SIZE); /* an item and a pointer both begin with their key */
}

/* Log and relocation trees name their subvolume elsewhere; Linux does not look at their blocks' owner. */
static bool owner_ok(const struct block_want *want, uint64_t owner)
{
	if (want->owner == TREE_LOG_OBJECTID || want->owner == TREE_RELOC_OBJECTID || owner == want->owner)
		return true;
	return want->first_key && is_subvolume(want->owner) && is_subvolume(owner);
}

/* btrfs-image zeroes what a block doesn't use and makes its checksum good, as crc32c whatever the type. */
static bool csum_ok(const struct volume *volume, const uint8_t *block)
{
	uint32_t size = volume->fs.nodesize;

	return csum_block_ok(volume->fs.csum_type, block, size) ||
	       (volume->logical && csum_block_ok(CSUM_CRC32C, block, size));
}

static bool wrong_csum(const struct volume *volume, const uint8_t *block, char why[WHY_SIZE])
{
	char text[CSUM_TEXT_SIZE];

	csum_block_text(volume->fs.csum_type, block, volume->fs.nodesize, text);
	return wrong(why, "its checksum is %s", text);
}

static bool check_identity(
	const struct volume *volume, uint64_t expected, const uint8_t *block, char why[WHY_SIZE])
{
	uint64_t bytenr = get64(block + HEADER_BYTENR);

	if (bytenr != expected)
		return wrong(why, "its header says bytenr %llu", (unsigned long long)bytenr);
	if (!volume_tree_fsid(volume, block + HEADER_FSID))
		return wrong(why, "its fsid is that of another filesystem");
	if (block_level(block) >= MAX_LEVEL)
		return wrong(why, "its level is %u, must be below %u", block_level(block), MAX_LEVEL);
	if (!csum_ok(volume, block))
		return wrong_csum(volume, block, why);
	return true;
}

/* What the parent or the root item promised. */
static bool check_expected(const struct block_want *want, const uint8_t *block, char why[WHY_SIZE])
{
	struct fsr_key key;

	if (block_level(block) != want->level)
		return wrong(why, "its level is %u, expected %u", block_level(block), want->level);
	if (block_generation(block) != want->generation)
		return wrong(why, "its generation is %llu, expected %llu",
			(unsigned long long)block_generation(block), (unsigned long long)want->generation);
	if (want->first_key) {
		if (!block_nritems(block))
			return wrong(why, "it is empty, its parent expects a key");
		key = first_key(block);
		if (key_cmp(&key, want->first_key))
			return wrong(why, "its first key is (%llu %u %llu), expected (%llu %u %llu)",
				(unsigned long long)key.objectid, key.type, (unsigned long long)key.offset,
				(unsigned long long)want->first_key->objectid, want->first_key->type,
				(unsigned long long)want->first_key->offset);
	}
	return true;
}

/* Linux looks at the owner only when a copy has passed everything else, and then tries no other one. */
static bool check_owner(const struct block_want *want, const uint8_t *block, char why[WHY_SIZE])
{
	if (owner_ok(want, block_owner(block)))
		return true;
	return wrong(why, "its owner is tree %llu, expected %llu", (unsigned long long)block_owner(block),
		(unsigned long long)want->owner);
}

static bool check_content(const struct volume *volume, const uint8_t *block, char why[WHY_SIZE])
{
	char text[128];
	unsigned slot = 0;
	const char *reason = block_check(volume, block, &slot, text);

	return reason ? wrong(why, "slot %u: %s", slot, reason) : true;
}

static bool check_block(
	const struct volume *volume, const struct block_want *want, const uint8_t *block, char why[WHY_SIZE])
{
	return check_identity(volume, want->bytenr, block, why) && check_expected(want, block, why) &&
	       check_content(volume, block, why);
}

/* A log tree is one generation ahead of the superblock. */
static bool check_generation(const struct volume *volume, const uint8_t *block, char why[WHY_SIZE])
{
	uint64_t newest = volume->fs.generation, generation = block_generation(block);

	if (!generation || generation - 1 <= newest)
		return true;
	return wrong(why, "its generation is %llu, the filesystem's %llu", (unsigned long long)generation,
		(unsigned long long)newest);
}

bool tree_block_lawful(const struct volume *volume, uint64_t bytenr, const uint8_t *block, char why[WHY_SIZE])
{
	return check_identity(volume, bytenr, block, why) && check_generation(volume, block, why) &&
	       check_content(volume, block, why);
}

/* "tree block 1 (tree 2, level 0) on device 1 at image offset 3: why" into err. */
int block_fail_copy(const struct volume *volume, const struct block_want *want, unsigned copy,
	const char *why, struct fsr_error *err)
{
	struct fsr_physical where = {0};
	uint64_t length;

	volume_map(volume, want->bytenr, copy, &where, &length, NULL);
	return fsr_fail(err, FSR_E_CORRUPT, where.devid, want->bytenr,
		"tree block %llu (tree %lld, level %u) on device %llu at image offset %llu: %s",
		(unsigned long long)want->bytenr, (long long)want->owner, want->level,
		(unsigned long long)where.devid, (unsigned long long)where.image_offset, why);
}

/* The reader's own words name device and place. */
static int fail_read(
	const struct block_want *want, int code, const struct fsr_error *why, struct fsr_error *err)
{
	return fsr_fail(err, code, why->devid, want->bytenr, "tree block %llu (tree %lld, level %u): %s",
		(unsigned long long)want->bytenr, (long long)want->owner, want->level, why->text);
}

int block_read_raw(struct volume *volume, const struct block_want *want, unsigned copy, uint8_t *buffer,
	struct fsr_error *err)
{
	struct fsr_error read_err;
	int ret = volume_read(volume, want->bytenr, volume->fs.nodesize, copy, buffer, &read_err);

	return ret ? fail_read(want, ret, &read_err, err) : 0;
}

int block_check_copy(const struct volume *volume, const struct block_want *want, unsigned copy,
	const uint8_t *buffer, struct fsr_error *err)
{
	char why[WHY_SIZE];

	return check_block(volume, want, buffer, why) ? 0 : block_fail_copy(volume, want, copy, why, err);
}

static int read_copy(struct volume *volume, const struct block_want *want, unsigned copy, uint8_t *buffer,
	struct fsr_error *err)
{
	int ret = block_read_raw(volume, want, copy, buffer, err);

	return ret ? ret : block_check_copy(volume, want, copy, buffer, err);
}

/*
 * Copies on a device that was not given are one device-missing finding, not one for each block. Where all
 * copies are compared, that names them, with more to say.
 */
static void report_copy(
	struct volume *volume, const struct block_want *want, unsigned copy, const struct fsr_error *why)
{
	struct fsr_finding f;

	if (why->code == FSR_E_MISSING || volume->copies)
		return;
	block_copy_finding(volume, want, copy, why, &f);
	findings_add(&volume->findings, &f);
}

/* Copy 0 failed with *first: reads on up to a good copy and reports those that are not. NO_COPY: none is. */
static unsigned read_other_copy(struct volume *volume, const struct block_want *want, unsigned copies,
	unsigned ways, uint8_t *buffer, const struct fsr_error *first)
{
	struct fsr_error bad[FSR_MAX_COPIES];
	unsigned copy = 1;

	bad[0] = *first;
	while (copy < ways && read_copy(volume, want, copy, buffer, copy < copies ? &bad[copy] : NULL))
		copy++;
	for (unsigned k = 0; copy < ways && k < copy && k < copies; k++)
		report_copy(volume, want, k, &bad[k]);
	return copy < ways ? copy : NO_COPY;
}

/* The first good copy into buffer: its number in *good, NO_COPY where there is none. */
static int read_good_copy(struct volume *volume, const struct block_want *want, const struct chunk *chunk,
	uint8_t *buffer, unsigned *good, struct fsr_error *err)
{
	struct fsr_error first;
	int ret = read_copy(volume, want, 0, buffer, &first);

	*good = ret ? read_other_copy(volume, want, volume_copies(volume, chunk), volume_ways(volume, chunk),
			      buffer, &first)
		    : 0;
	if (*good != NO_COPY)
		return 0;
	if (err)
		*err = first;
	return ret;
}

int tree_read_block(
	struct volume *volume, const struct block_want *want, uint8_t *buffer, struct fsr_error *err)
{
	const struct chunk *chunk = volume_find_chunk(volume, want->bytenr);
	struct fsr_error nomem;
	char why[WHY_SIZE];
	unsigned copy;
	int ret;

	if (!chunk || !want->bytenr || want->bytenr % volume->fs.sectorsize)
		return fsr_fail(err, FSR_E_CORRUPT, 0, want->bytenr,
			"tree block %llu (tree %lld, level %u): its address %s",
			(unsigned long long)want->bytenr, (long long)want->owner, want->level,
			chunk ? "is not a positive multiple of the sectorsize" : "lies in no chunk");
	ret = read_good_copy(volume, want, chunk, buffer, &copy, err);
	if (block_compare_copies(volume, want, copy, buffer, &nomem))
		return fsr_fail_nomem(err);
	if (ret)
		return ret;
	return check_owner(want, buffer, why) ? 0 : block_fail_copy(volume, want, copy, why, err);
}
