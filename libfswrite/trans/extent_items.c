/* SPDX-License-Identifier: MIT */
/* Extents in the extent tree, each with the one reference that tree blocks and cache files have (F-A2, D3).
 */
#include "../../libfsread/format/crc32c.h"
#include "../fields.h"
#include "trans.h"

#define BLOCK_REF_SIZE 9u
#define DATA_REF_SIZE 28u /* root, objectid, offset, count */
#define OWNER_REF_SIZE 9u
#define ITEM_MAX (EXTENT_ITEM_SIZE + TREE_BLOCK_INFO_SIZE + OWNER_REF_SIZE + 1 + DATA_REF_SIZE)

/* What the key of a data reference that is an item of its own holds (D3). */
static uint64_t data_ref_hash(const struct ref *ref)
{
	uint8_t root[8], file[16];

	set64(root, ROOT_TREE_OBJECTID);
	set64(file, ref->ino);
	set64(file + 8, ref->start);
	return (uint64_t)crc32c_raw(~UINT32_C(0), root, sizeof root) << 31 ^
	       crc32c_raw(~UINT32_C(0), file, sizeof file);
}

static void fill_data_ref(uint8_t *p, const struct ref *ref)
{
	set64(p, ROOT_TREE_OBJECTID);
	set64(p + 8, ref->ino);
	set64(p + 16, ref->start);
	set32(p + 24, 1);
}

static uint32_t fill_head(const struct trans *t, uint8_t *p, uint64_t flags)
{
	set64(p + EXTENT_REFS, 1);
	set64(p + EXTENT_GENERATION, t->generation);
	set64(p + EXTENT_FLAGS, flags);
	return EXTENT_ITEM_SIZE;
}

static uint32_t fill_block_item(struct trans *t, const struct ref *ref, uint8_t *p)
{
	uint32_t size = fill_head(t, p, EXTENT_FLAG_TREE_BLOCK);
	const struct block *b = block_find(t, ref->bytenr);

	if (!t->skinny) {
		struct fsr_key key = b ? block_first_key(b->data) : (struct fsr_key){0};

		set_key(p + size, &key);
		p[size + DISK_KEY_SIZE] = ref->level;
		size += TREE_BLOCK_INFO_SIZE;
	}
	p[size] = KEY_TREE_BLOCK_REF;
	set64(p + size + 1, ref->owner);
	return size + BLOCK_REF_SIZE;
}

/* Simple quotas want to know who pays for an extent, before all references (C3). */
static uint32_t fill_data_item(const struct trans *t, const struct ref *ref, uint8_t *p)
{
	uint32_t size = fill_head(t, p, EXTENT_FLAG_DATA);

	if (t->simple_quota) {
		p[size] = KEY_EXTENT_OWNER_REF;
		set64(p + size + 1, ROOT_TREE_OBJECTID);
		size += OWNER_REF_SIZE;
	}
	p[size] = KEY_EXTENT_DATA_REF;
	fill_data_ref(p + size + 1, ref);
	return size + 1 + DATA_REF_SIZE;
}

int extent_item_add(struct trans *t, const struct ref *ref, struct fsr_error *err)
{
	uint8_t item[ITEM_MAX] = {0};
	uint32_t size = ref->ino ? fill_data_item(t, ref, item) : fill_block_item(t, ref, item);
	struct fsr_key key = {ref->bytenr, KEY_EXTENT_ITEM, ref->length};
	struct path path;

	if (!ref->ino && t->skinny)
		key = (struct fsr_key){ref->bytenr, KEY_METADATA_ITEM, ref->level};
	return tree_insert(t, &t->extents, &key, item, size, &path, err);
}

static int refuse(const struct ref *ref, const char *why, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_REFUSED, 0, ref->bytenr,
		"the extent tree's item of %s %llu %s: repair the filesystem first",
		ref->ino ? "cache extent" : "tree block", (unsigned long long)ref->bytenr, why);
}

/* Goes to the extent's item. 1 when there is none. */
static int find_item(struct trans *t, const struct ref *ref, bool change, struct path *path,
	struct fsr_key *key, struct fsr_error *err)
{
	int ret = 1;

	if (!ref->ino && t->skinny) {
		*key = (struct fsr_key){ref->bytenr, KEY_METADATA_ITEM, ref->level};
		ret = tree_search(t, &t->extents, key, change, path, err);
	}
	if (ret != 1)
		return ret;
	*key = (struct fsr_key){ref->bytenr, KEY_EXTENT_ITEM, ref->length};
	return tree_search(t, &t->extents, key, change, path, err);
}

/* Where the inline references begin; 0 when the item's head is not that of an extent with one reference. */
static uint32_t refs_begin(const struct ref *ref, const struct fsr_key *key, const uint8_t *p, uint32_t size)
{
	uint64_t flags = ref->ino ? EXTENT_FLAG_DATA : EXTENT_FLAG_TREE_BLOCK;
	uint32_t at = EXTENT_ITEM_SIZE;

	if (size < at || get64(p + EXTENT_REFS) != 1 || get64(p + EXTENT_FLAGS) != flags)
		return 0;
	if (!ref->ino && key->type == KEY_EXTENT_ITEM)
		at += TREE_BLOCK_INFO_SIZE;
	if (at + OWNER_REF_SIZE <= size && p[at] == KEY_EXTENT_OWNER_REF)
		at += OWNER_REF_SIZE;
	return at <= size ? at : 0;
}

static bool is_inline_ref(const struct ref *ref, const uint8_t *p, uint32_t size)
{
	uint8_t wanted[DATA_REF_SIZE];

	if (!ref->ino)
		return size == BLOCK_REF_SIZE && p[0] == KEY_TREE_BLOCK_REF && get64(p + 1) == ref->owner;
	fill_data_ref(wanted, ref);
	return size == 1 + DATA_REF_SIZE && p[0] == KEY_EXTENT_DATA_REF &&
	       !memcmp(p + 1, wanted, sizeof wanted);
}

static struct fsr_key keyed_ref(const struct ref *ref)
{
	if (!ref->ino)
		return (struct fsr_key){ref->bytenr, KEY_TREE_BLOCK_REF, ref->owner};
	return (struct fsr_key){ref->bytenr, KEY_EXTENT_DATA_REF, data_ref_hash(ref)};
}

/* Whether the item that path leads to is that of an extent with just this reference; *keyed: by an item of
 * its own. */
static int check_item(const struct ref *ref, const struct path *path, const struct fsr_key *key, bool *keyed,
	struct fsr_error *err)
{
	const uint8_t *p = path_item(path);
	uint32_t size = path_item_size(path), at = refs_begin(ref, key, p, size);

	*keyed = at == size;
	if (!at)
		return refuse(ref, "has not exactly one reference", err);
	if (!*keyed && !is_inline_ref(ref, p + at, size - at))
		return refuse(ref, "names another holder", err);
	return 0;
}

static int check_keyed(const struct ref *ref, const struct path *path, struct fsr_error *err)
{
	uint8_t wanted[DATA_REF_SIZE];

	if (!ref->ino)
		return 0; /* all is in the key */
	fill_data_ref(wanted, ref);
	if (path_item_size(path) == sizeof wanted && !memcmp(path_item(path), wanted, sizeof wanted))
		return 0;
	return refuse(ref, "names another holder", err);
}

/* Goes through the extent's item, and its reference if that is an item too; removes them with `change`. */
static int visit(struct trans *t, const struct ref *ref, bool change, struct fsr_error *err)
{
	struct fsr_key key;
	struct path path;
	bool keyed = false;
	int ret = find_item(t, ref, change, &path, &key, err);

	if (ret > 0)
		return refuse(ref, "is not there", err);
	if (!ret)
		ret = check_item(ref, &path, &key, &keyed, err);
	if (!ret && change)
		ret = tree_delete(t, &t->extents, &path, err);
	if (ret || !keyed)
		return ret;
	key = keyed_ref(ref);
	ret = tree_search(t, &t->extents, &key, change, &path, err);
	if (ret > 0)
		return refuse(ref, "has no reference", err);
	if (!ret)
		ret = check_keyed(ref, &path, err);
	return !ret && change ? tree_delete(t, &t->extents, &path, err) : ret;
}

int extent_item_drop(struct trans *t, const struct ref *ref, struct fsr_error *err)
{
	return visit(t, ref, true, err);
}

int extent_item_check(struct trans *t, const struct ref *ref, struct fsr_error *err)
{
	return visit(t, ref, false, err);
}
