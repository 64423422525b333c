/* SPDX-License-Identifier: MIT */
/*
 * Where new tree blocks and cache files go. A block group in which something is allocated needs a new cache
 * itself, so those that keep none come first, then those whose cache is written anyway.
 */
#include "trans.h"

enum preference { NEEDS_NO_CACHE, TAKES_PART, OTHERS, PREFERENCES };

static enum preference preference_of(const struct trans_group *g)
{
	if (!g->eligible)
		return NEEDS_NO_CACHE;
	return g->touched || g->takes_part ? TAKES_PART : OTHERS;
}

/* A tree block of those in memory that has a part in the range, or NULL. */
static const struct block *block_within(struct trans *t, uint64_t bytenr, uint64_t length)
{
	uint32_t sector = t->volume->fs.sectorsize, before = t->volume->fs.nodesize - sector;
	uint64_t at = bytenr - (bytenr < before ? bytenr : before);

	for (; at < bytenr + length; at += sector) {
		const struct block *b = block_find(t, at);

		if (b)
			return b;
	}
	return NULL;
}

/* Whether everything that follows on from an allocation there can be done. */
static int use(
	struct trans *t, struct trans_group *g, uint64_t bytenr, uint64_t length, struct fsr_error *err)
{
	const struct block *b = block_within(t, bytenr, length);

	if (b)
		return fsr_fail(err, FSR_E_REFUSED, 0, b->bytenr,
			"tree block %llu lies where the extent tree has nothing: repair the filesystem first",
			(unsigned long long)b->bytenr);
	if (t->frozen)
		return fsr_fail(err, FSR_E_REFUSED, 0, g->facts->bytenr,
			"space was needed after the allocation was settled: please report this");
	g->used += length;
	g->dirty = g->touched = true;
	t->bytes_used += length;
	return 0;
}

static int try_group(struct trans *t, struct trans_group *g, uint64_t length, uint64_t align,
	uint64_t *bytenr, struct fsr_error *err)
{
	int ret;

	if (g->largest < length || g->used > g->facts->length - length)
		return FSR_E_NO_SPACE;
	ret = free_map_load(t, g, err);
	if (ret)
		return ret;
	ret = free_map_take(&g->map, length, align, bytenr);
	if (!ret)
		return use(t, g, *bytenr, length, err);
	g->largest = free_map_largest(&g->map);
	return ret == FSR_E_NOMEM ? fsr_fail_nomem(err) : ret;
}

static int alloc(struct trans *t, uint64_t type, uint64_t length, uint64_t align, uint64_t *bytenr,
	struct fsr_error *err)
{
	for (unsigned preference = 0; preference < PREFERENCES; preference++) {
		for (size_t i = 0; i < t->ngroups; i++) {
			struct trans_group *g = &t->groups[i];
			int ret = FSR_E_NO_SPACE;

			if (g->facts->flags & type && g->facts->has_item && preference_of(g) == preference)
				ret = try_group(t, g, length, align, bytenr, err);
			if (ret != FSR_E_NO_SPACE)
				return ret;
		}
	}
	return FSR_E_NO_SPACE;
}

/* More of why there is no space. */
static const char *about_rows(const struct trans *t, uint64_t type)
{
	for (size_t i = 0; i < t->ngroups; i++)
		if (t->groups[i].facts->flags & type &&
			t->groups[i].facts->flags & (BLOCK_GROUP_RAID5 | BLOCK_GROUP_RAID6))
			return " (with parity only rows of stripes that are wholly free are written to)";
	return "";
}

int alloc_block(struct trans *t, uint64_t *bytenr, struct fsr_error *err)
{
	uint32_t nodesize = t->volume->fs.nodesize;
	int ret = alloc(t, BLOCK_GROUP_METADATA, nodesize, nodesize, bytenr, err);

	if (ret != FSR_E_NO_SPACE)
		return ret;
	return fsr_fail(err, ret, 0, FSR_NO_BYTENR,
		"no free space for the tree blocks of a commit: the metadata block groups are full%s; "
		"make room by mounting it first",
		about_rows(t, BLOCK_GROUP_METADATA));
}

int alloc_data(struct trans *t, uint64_t length, uint64_t *bytenr, struct fsr_error *err)
{
	int ret = alloc(t, BLOCK_GROUP_DATA, length, t->volume->fs.sectorsize, bytenr, err);

	if (ret != FSR_E_NO_SPACE)
		return ret;
	return fsr_fail(err, ret, 0, FSR_NO_BYTENR,
		"no %llu free bytes in a row for its cache file in the data block groups%s",
		(unsigned long long)length, about_rows(t, BLOCK_GROUP_DATA));
}

static struct trans_group *holder(struct trans *t, uint64_t bytenr, uint64_t length, struct fsr_error *err)
{
	struct trans_group *g = trans_group_of(t, bytenr);

	if (g && length <= g->facts->length - (bytenr - g->facts->bytenr) && length <= g->used)
		return g;
	fsr_fail(err, FSR_E_REFUSED, 0, bytenr, "extent %llu of %llu bytes does not lie in one block group",
		(unsigned long long)bytenr, (unsigned long long)length);
	return NULL;
}

/* The block group that held it, or NULL after FSR_E_REFUSED. */
static struct trans_group *count_out(struct trans *t, uint64_t bytenr, uint64_t length, struct fsr_error *err)
{
	struct trans_group *g = holder(t, bytenr, length, err);

	if (g && t->frozen) {
		fsr_fail(err, FSR_E_REFUSED, 0, bytenr,
			"space was freed after the allocation was settled: please report this");
		return NULL;
	}
	if (!g)
		return NULL;
	g->used -= length;
	g->dirty = g->touched = true;
	t->bytes_used -= length;
	return g;
}

int alloc_cancel(struct trans *t, uint64_t bytenr, uint64_t length, struct fsr_error *err)
{
	struct trans_group *g = count_out(t, bytenr, length, err);

	if (!g)
		return FSR_E_REFUSED;
	if (g->largest < length)
		g->largest = length;
	return free_map_give(&g->map, bytenr, bytenr + length, err);
}

int alloc_release(struct trans *t, uint64_t bytenr, uint64_t length, struct fsr_error *err)
{
	return count_out(t, bytenr, length, err) ? 0 : FSR_E_REFUSED;
}
