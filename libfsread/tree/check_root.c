/* SPDX-License-Identifier: MIT */
/* Root items and the references between subvolumes. */
#include "check.h"

#define ROOT_FLAG_READONLY (UINT64_C(1) << 0)
#define ROOT_FLAG_DEAD (UINT64_C(1) << 48)

const char *check_root_key(const struct leaf_check *c, const struct fsr_key *key, bool location)
{
	if (!location && key->objectid == TREE_RELOC_OBJECTID && !is_subvolume(key->offset))
		return check_reason(c->text, "a relocation tree of tree %llu, which is no subvolume",
			(unsigned long long)key->offset);
	if (key->objectid == 0)
		return "tree 0 does not exist";
	if (location && !is_subvolume(key->objectid))
		return check_reason(c->text, "a directory entry that points to tree %llu, no subvolume",
			(unsigned long long)key->objectid);
	return NULL;
}

static const char *check_generations(const struct leaf_check *c, const struct leaf_slot *item)
{
	static const struct {
		const char *name;
		uint32_t at;
	} fields[] = {
		{"generation", ROOT_GENERATION},
		{"last snapshot", ROOT_LAST_SNAPSHOT},
		{"second generation", ROOT_GENERATION_V2},
	};
	size_t n = item->size == ROOT_ITEM_LEGACY_SIZE ? 2 : 3; /* the old, short item ends before the last */

	for (size_t i = 0; i < n; i++) {
		uint64_t value = get64(item->data + fields[i].at);

		if (value > c->max_generation)
			return check_reason(c->text, "root item's %s %llu, at most %llu", fields[i].name,
				(unsigned long long)value, (unsigned long long)c->max_generation);
	}
	return NULL;
}

static const char *check_levels(const struct leaf_check *c, const uint8_t *p)
{
	uint64_t drop = get64(p + ROOT_DROP_PROGRESS);

	if (p[ROOT_LEVEL] >= MAX_LEVEL || p[ROOT_DROP_LEVEL] >= MAX_LEVEL)
		return check_reason(c->text, "root level %u, drop level %u, at most %u", p[ROOT_LEVEL],
			p[ROOT_DROP_LEVEL], MAX_LEVEL - 1);
	/* A dropping that was interrupted notes its place in a node; a leaf in its stead crashed kernels. */
	if (drop && !p[ROOT_DROP_LEVEL])
		return check_reason(c->text, "an interrupted drop at objectid %llu with level 0",
			(unsigned long long)drop);
	return NULL;
}

const char *check_root_item(const struct leaf_check *c, const struct leaf_slot *item)
{
	const char *why = check_root_key(c, &item->key, false);
	const uint8_t *p = item->data;

	if (why)
		return why;
	if (item->size != ROOT_ITEM_SIZE && item->size != ROOT_ITEM_LEGACY_SIZE)
		return check_reason(c->text, "a root item of %u bytes, not %u or %u", item->size,
			ROOT_ITEM_SIZE, ROOT_ITEM_LEGACY_SIZE);
	why = check_generations(c, item);
	if (why)
		return why;
	if (!is_aligned(get64(p + ROOT_BYTENR), c->sectorsize))
		return check_reason(c->text, "root block %llu is not aligned to %u",
			(unsigned long long)get64(p + ROOT_BYTENR), c->sectorsize);
	why = check_levels(c, p);
	if (why)
		return why;
	if (get64(p + ROOT_FLAGS) & ~(ROOT_FLAG_READONLY | ROOT_FLAG_DEAD))
		return check_reason(c->text, "root flags 0x%llx hold unknown ones",
			(unsigned long long)get64(p + ROOT_FLAGS));
	return NULL;
}

const char *check_root_ref(const struct leaf_check *c, const struct leaf_slot *item)
{
	uint32_t length;

	if (item->size <= ROOT_REF_SIZE)
		return check_reason(c->text, "a subvolume reference of %u bytes holds no name", item->size);
	length = get16(item->data + ROOT_REF_NAME_LENGTH);
	if (length > NAME_LENGTH_MAX)
		return check_reason(c->text, "a subvolume reference's name of %u bytes", length);
	if (item->size != ROOT_REF_SIZE + length)
		return check_reason(
			c->text, "a subvolume reference of %u bytes with a name of %u", item->size, length);
	return NULL;
}
