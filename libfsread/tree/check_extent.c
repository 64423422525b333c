/* SPDX-License-Identifier: MIT */
/*
 * Items of the extent tree and block group items. A filesystem has millions of the first two rules'
 * items: what is rare there stays out of line.
 */
#include "check.h"

#define INLINE_REF_SIZE 9u /* type and the number behind it: tree block refs end here */
#define SHARED_DATA_REF_SIZE 4u
#define DATA_REF_SIZE 28u
enum data_ref_field { DATA_REF_OFFSET = 16, DATA_REF_COUNT = 24 };

static const char *bad_alignment(const struct leaf_check *c, const char *what, uint64_t value)
{
	return check_reason(
		c->text, "%s %llu is not aligned to %u", what, (unsigned long long)value, c->sectorsize);
}

/* Bytes of an inline reference of this type, 0 for types that are none. */
static inline uint32_t inline_ref_size(uint8_t type)
{
	switch (type) {
	case KEY_TREE_BLOCK_REF:
	case KEY_SHARED_BLOCK_REF:
	case KEY_EXTENT_OWNER_REF:
		return INLINE_REF_SIZE;
	case KEY_SHARED_DATA_REF:
		return INLINE_REF_SIZE + SHARED_DATA_REF_SIZE;
	case KEY_EXTENT_DATA_REF:
		return 1 + DATA_REF_SIZE;
	default:
		return 0;
	}
}

/* p: the fields of a data reference, inline or in an item of its own. Adds to *count. */
static inline const char *check_data_ref(const struct leaf_check *c, const uint8_t *p, uint64_t *count)
{
	uint64_t offset = get64(p + DATA_REF_OFFSET);

	if (!is_aligned(offset, c->sectorsize))
		return bad_alignment(c, "a data reference's offset", offset);
	if (!get32(p + DATA_REF_COUNT))
		return "a data reference that counts nothing";
	*count += get32(p + DATA_REF_COUNT);
	return NULL;
}

/* p: one complete inline reference. Adds what it stands for to *count. */
static inline const char *check_inline_ref(const struct leaf_check *c, const uint8_t *p, uint64_t *count)
{
	uint64_t parent = get64(p + 1);

	switch (*p) {
	case KEY_EXTENT_DATA_REF:
		return check_data_ref(c, p + 1, count);
	case KEY_TREE_BLOCK_REF:
		*count += 1;
		return NULL;
	case KEY_EXTENT_OWNER_REF: /* says who pays, stands for no reference */
		return NULL;
	case KEY_SHARED_BLOCK_REF:
		if (!is_aligned(parent, c->sectorsize))
			return bad_alignment(c, "a tree block's parent", parent);
		*count += 1;
		return NULL;
	default: /* KEY_SHARED_DATA_REF: inline_ref_size() knows no other */
		if (!is_aligned(parent, c->sectorsize))
			return bad_alignment(c, "a data extent's parent", parent);
		if (!get32(p + INLINE_REF_SIZE))
			return "a shared data reference that counts nothing";
		*count += get32(p + INLINE_REF_SIZE);
		return NULL;
	}
}

/*
 * Inline references fill the item exactly and don't stand for more than the extent's count. (Later
 * kernels also want them in the order of their types, and look at a data reference's root and inode.)
 * Type 172 is simple quota's; a kernel that does not know these mounts no filesystem that has them.
 */
static inline const char *check_inline_refs(
	const struct leaf_check *c, const struct leaf_slot *item, uint32_t at)
{
	uint64_t refs = get64(item->data + EXTENT_REFS), count = 0;

	while (at < item->size) {
		const uint8_t *p = item->data + at;
		uint32_t size = inline_ref_size(*p);
		const char *why;

		if (*p == KEY_EXTENT_OWNER_REF && !(c->incompat & INCOMPAT_SIMPLE_QUOTA))
			size = 0;
		if (!size && item->size - at >= INLINE_REF_SIZE)
			return check_reason(c->text, "an inline reference of unknown type %u", *p);
		if (!size || size > item->size - at)
			return "an inline reference runs over its item's end";
		why = check_inline_ref(c, p, &count);
		if (why)
			return why;
		at += size;
	}
	if (count > refs)
		return check_reason(c->text, "%llu inline references, the extent counts %llu",
			(unsigned long long)count, (unsigned long long)refs);
	return NULL;
}

static const char *check_tree_block(const struct leaf_check *c, const struct leaf_slot *item)
{
	uint32_t level_at = EXTENT_ITEM_SIZE + TREE_BLOCK_INFO_SIZE - 1;

	if (item->key.offset != c->nodesize)
		return check_reason(c->text, "a tree block of %llu bytes, not %u",
			(unsigned long long)item->key.offset, c->nodesize);
	if (item->size <= level_at)
		return check_reason(
			c->text, "a tree block's item of %u bytes, at least %u", item->size, level_at + 1);
	if (item->data[level_at] >= MAX_LEVEL)
		return check_reason(
			c->text, "tree block level %u, at most %u", item->data[level_at], MAX_LEVEL - 1);
	return check_inline_refs(c, item, level_at + 1);
}

static inline const char *check_metadata(
	const struct leaf_check *c, const struct leaf_slot *item, uint64_t flags)
{
	if (!(c->incompat & INCOMPAT_SKINNY_METADATA))
		return "a METADATA_ITEM, but the filesystem lacks the skinny metadata feature";
	if (item->key.offset >= MAX_LEVEL)
		return check_reason(c->text, "tree block level %llu, at most %u",
			(unsigned long long)item->key.offset, MAX_LEVEL - 1);
	if (!(flags & EXTENT_FLAG_TREE_BLOCK))
		return "a METADATA_ITEM that is flagged as data";
	return check_inline_refs(c, item, EXTENT_ITEM_SIZE);
}

static inline const char *check_data_extent(
	const struct leaf_check *c, const struct leaf_slot *item, uint64_t flags)
{
	if (!is_aligned(item->key.offset, c->sectorsize))
		return bad_alignment(c, "the extent's length", item->key.offset);
	if (flags & EXTENT_FLAG_FULL_BACKREF)
		return "a data extent flagged with full back references";
	return check_inline_refs(c, item, EXTENT_ITEM_SIZE);
}

/* Where the extent of this key ends, 0 for other types; the sum wraps as the kernel's does. */
static inline uint64_t extent_end(const struct leaf_check *c, const struct fsr_key *key)
{
	if (key->type == KEY_METADATA_ITEM)
		return key->objectid + c->nodesize;
	return key->type == KEY_EXTENT_ITEM ? key->objectid + key->offset : 0;
}

static const char *check_overlap(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev)
{
	uint64_t end = prev ? extent_end(c, &prev->key) : 0;

	if (end > item->key.objectid)
		return check_reason(c->text, "extent %llu begins inside the one before, which ends at %llu",
			(unsigned long long)item->key.objectid, (unsigned long long)end);
	return NULL;
}

const char *check_extent_item(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev)
{
	const char *why;
	uint64_t generation, flags;

	if (!is_aligned(item->key.objectid, c->sectorsize))
		return bad_alignment(c, "the extent's address", item->key.objectid);
	if (item->size < EXTENT_ITEM_SIZE)
		return check_reason(
			c->text, "an extent item of %u bytes, at least %u", item->size, EXTENT_ITEM_SIZE);
	generation = get64(item->data + EXTENT_GENERATION);
	flags = get64(item->data + EXTENT_FLAGS);
	if (generation > c->max_generation)
		return check_reason(c->text, "extent generation %llu, at most %llu",
			(unsigned long long)generation, (unsigned long long)c->max_generation);
	if (!(flags & EXTENT_FLAG_DATA) == !(flags & EXTENT_FLAG_TREE_BLOCK))
		return check_reason(c->text, "extent flags 0x%llx, either data (1) or tree block (2)",
			(unsigned long long)flags);
	if (item->key.type == KEY_METADATA_ITEM)
		why = check_metadata(c, item, flags);
	else if (flags & EXTENT_FLAG_DATA)
		why = check_data_extent(c, item, flags);
	else
		why = check_tree_block(c, item);
	return why ? why : check_overlap(c, item, prev);
}

/* p: the data of an item of this size. */
static inline bool is_plain_metadata(
	const struct leaf_check *c, const uint8_t *p, uint32_t size, uint64_t level)
{
	const uint64_t kinds = EXTENT_FLAG_DATA | EXTENT_FLAG_TREE_BLOCK;

	return size == EXTENT_ITEM_SIZE + INLINE_REF_SIZE && p[EXTENT_ITEM_SIZE] == KEY_TREE_BLOCK_REF &&
	       c->incompat & INCOMPAT_SKINNY_METADATA && level < MAX_LEVEL && get64(p + EXTENT_REFS) &&
	       (get64(p + EXTENT_FLAGS) & kinds) == EXTENT_FLAG_TREE_BLOCK;
}

static inline bool is_plain_data(const struct leaf_check *c, const uint8_t *p, uint32_t size, uint64_t length)
{
	const uint64_t kinds = EXTENT_FLAG_DATA | EXTENT_FLAG_TREE_BLOCK | EXTENT_FLAG_FULL_BACKREF;
	const uint8_t *ref = p + EXTENT_ITEM_SIZE + 1;

	return size == EXTENT_ITEM_SIZE + 1 + DATA_REF_SIZE && p[EXTENT_ITEM_SIZE] == KEY_EXTENT_DATA_REF &&
	       (get64(p + EXTENT_FLAGS) & kinds) == EXTENT_FLAG_DATA &&
	       is_aligned(length | get64(ref + DATA_REF_OFFSET), c->sectorsize) &&
	       get32(ref + DATA_REF_COUNT) && get32(ref + DATA_REF_COUNT) <= get64(p + EXTENT_REFS);
}

uint32_t plain_extents(
	const struct leaf_check *c, const uint8_t *leaf, uint32_t i, uint32_t n, const struct leaf_slot *prev)
{
	uint64_t last = prev->key.objectid, end = extent_end(c, &prev->key);
	uint32_t first = i, data_end = prev->offset;

	for (; i < n; i++) {
		const uint8_t *raw = leaf_item(leaf, i);
		struct fsr_key key = get_key(raw);
		uint32_t offset = get32(raw + 17), size = get32(raw + 21);
		const uint8_t *p = leaf + HEADER_SIZE + offset;

		if (key.objectid <= last || key.objectid < end || !is_aligned(key.objectid, c->sectorsize))
			break;
		if ((uint64_t)offset + size != data_end || offset < (i + 1) * LEAF_ITEM_SIZE)
			break;
		if (key.type == KEY_METADATA_ITEM
				? !is_plain_metadata(c, p, size, key.offset)
				: key.type != KEY_EXTENT_ITEM || !is_plain_data(c, p, size, key.offset))
			break;
		if (get64(p + EXTENT_GENERATION) > c->max_generation)
			break;
		last = key.objectid;
		end = extent_end(c, &key);
		data_end = offset;
	}
	return i - first;
}

const char *check_keyed_ref(const struct leaf_check *c, const struct leaf_slot *item)
{
	uint32_t size = item->key.type == KEY_SHARED_DATA_REF ? SHARED_DATA_REF_SIZE : 0;

	if (item->size != size)
		return check_reason(c->text, "a reference item of %u bytes, not %u", item->size, size);
	if (size && !get32(item->data))
		return "a shared data reference that counts nothing";
	if (!is_aligned(item->key.objectid, c->sectorsize))
		return bad_alignment(c, "the extent's address", item->key.objectid);
	if (item->key.type != KEY_TREE_BLOCK_REF && !is_aligned(item->key.offset, c->sectorsize))
		return bad_alignment(c, "the parent's address", item->key.offset);
	return NULL;
}

/* Several references lie in one item where their hashes collide, so the hash says nothing. */
const char *check_keyed_data_ref(const struct leaf_check *c, const struct leaf_slot *item)
{
	uint64_t count = 0;

	if (item->size % DATA_REF_SIZE)
		return check_reason(c->text, "a reference item of %u bytes, no multiple of %u", item->size,
			DATA_REF_SIZE);
	if (!is_aligned(item->key.objectid, c->sectorsize))
		return bad_alignment(c, "the extent's address", item->key.objectid);
	for (uint32_t at = 0; at < item->size; at += DATA_REF_SIZE) {
		const char *why = check_data_ref(c, item->data + at, &count);

		if (why)
			return why;
	}
	return NULL;
}

const char *check_block_group_item(const struct leaf_check *c, const struct leaf_slot *item)
{
	uint64_t used, chunk_objectid, flags, type, profile;

	if (!item->key.offset)
		return "a block group of length 0";
	if (item->size != BLOCK_GROUP_ITEM_SIZE)
		return check_reason(
			c->text, "a block group item of %u bytes, not %u", item->size, BLOCK_GROUP_ITEM_SIZE);
	chunk_objectid = get64(item->data + BLOCK_GROUP_CHUNK_OBJECTID);
	if (chunk_objectid != FIRST_CHUNK_TREE_OBJECTID)
		return check_reason(c->text, "block group chunk objectid %llu, not %llu",
			(unsigned long long)chunk_objectid, (unsigned long long)FIRST_CHUNK_TREE_OBJECTID);
	used = get64(item->data + BLOCK_GROUP_USED);
	if (used > item->key.offset)
		return check_reason(c->text, "%llu bytes used of a block group of %llu",
			(unsigned long long)used, (unsigned long long)item->key.offset);
	flags = get64(item->data + BLOCK_GROUP_FLAGS);
	profile = flags & BLOCK_GROUP_PROFILE_MASK;
	if (profile & (profile - 1))
		return check_reason(c->text, "block group flags 0x%llx name more than one profile",
			(unsigned long long)flags);
	type = flags & BLOCK_GROUP_TYPE_MASK;
	if (!type || (type & BLOCK_GROUP_SYSTEM && type != BLOCK_GROUP_SYSTEM))
		return check_reason(
			c->text, "block group flags 0x%llx name no possible type", (unsigned long long)flags);
	return NULL;
}
