/* SPDX-License-Identifier: MIT */
/* Where in an image the btrfs begins. */
#include "parts.h"

static const uint64_t mirrors[SUPER_MIRRORS] = {64 * KIB, 64 * MIB, 256 * GIB};

/* The copy of the superblock at start + mirrors[i], if there is one with the magic. */
static bool read_super(struct source *source, uint64_t start, unsigned i, uint8_t super[SUPER_SIZE])
{
	if (start > source->size || source->size - start < mirrors[i] + SUPER_SIZE)
		return false;
	if (source_read(source, super, SUPER_SIZE, start + mirrors[i], NULL))
		return false;
	return memcmp(super + SUPER_MAGIC_AT, SUPER_MAGIC, 8) == 0;
}

bool read_primary(struct source *source, uint64_t start, uint8_t super[SUPER_SIZE])
{
	return read_super(source, start, 0, super);
}

bool read_any_super(struct source *source, uint8_t super[SUPER_SIZE])
{
	for (unsigned i = 0; i < SUPER_MIRRORS; i++)
		if (read_super(source, 0, i, super))
			return true;
	return false;
}

/* A further copy proves something only if it says that it belongs where it is. */
static bool has_mirror(struct source *source, uint64_t start, uint64_t length)
{
	uint8_t super[SUPER_SIZE];

	for (unsigned i = 1; i < SUPER_MIRRORS; i++)
		if (mirrors[i] + SUPER_SIZE <= length && read_super(source, start, i, super) &&
			get64(super + SUPER_BYTENR) == mirrors[i])
			return true;
	return false;
}

bool is_btrfs_at(struct source *source, uint64_t start, uint64_t length)
{
	uint8_t super[SUPER_SIZE];

	return read_primary(source, start, super) || has_mirror(source, start, length);
}

static int find_at_offset(struct source *base, uint64_t offset, struct source **out, struct fsr_error *err)
{
	if (offset >= base->size)
		return fsr_fail(err, FSR_E_INVALID, 0, FSR_NO_BYTENR,
			"offset %llu lies beyond the end of " NAME ", %llu bytes", (unsigned long long)offset,
			base->name, (unsigned long long)base->size);
	if (!is_btrfs_at(base, offset, base->size - offset))
		return fsr_fail(err, FSR_E_NOT_BTRFS, 0, FSR_NO_BYTENR,
			"no btrfs begins at byte %llu of " NAME, (unsigned long long)offset, base->name);
	*out = window_open(base, offset, UINT64_MAX);
	return *out ? 0 : fsr_fail_nomem(err);
}

int find_filesystem(struct source *base, const struct fsr_open_options *options, struct source **out,
	struct fsr_error *err)
{
	uint8_t super[SUPER_SIZE];
	int r;

	if (options->has_offset)
		return find_at_offset(base, options->offset, out, err);
	if (options->partition)
		return find_partition(base, options->partition, out, err);
	*out = base;
	if (read_primary(base, 0, super))
		return 0;
	/* Before the other copies: one may be left over from before the disk was partitioned. */
	r = find_partition(base, 0, out, err);
	if (r == FSR_E_NOT_BTRFS && has_mirror(base, 0, base->size)) {
		*out = base;
		return 0;
	}
	return r;
}
