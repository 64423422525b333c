/* SPDX-License-Identifier: MIT */
/* Inodes and the names that lead to them. */
#include "check.h"

#include "../format/crc32c.h"

#include <sys/stat.h>

#define INODE_KNOWN_FLAGS UINT32_C(0x80000fff) /* twelve, and the top-level inode's ROOT_ITEM_INIT */

/* An inode number and the key of an inode item, in whichever place it stands. */
static const char *check_inode_key(const struct leaf_check *c, const struct fsr_key *key)
{
	uint64_t id = key->objectid;
	bool usual = id >= FIRST_FREE_OBJECTID && id <= LAST_FREE_OBJECTID;

	if (!usual && id != ROOT_TREE_DIR_OBJECTID && id != FREE_INO_OBJECTID)
		return check_reason(
			c->text, "inode number %llu is in no lawful range", (unsigned long long)id);
	if (key->offset)
		return check_reason(
			c->text, "an inode's key with offset %llu, not 0", (unsigned long long)key->offset);
	return NULL;
}

static const char *check_mode(const struct leaf_check *c, uint32_t mode, uint32_t nlink)
{
	switch (mode & ~07777u) {
	case S_IFDIR:
		if (nlink > 1)
			return check_reason(c->text, "a directory with %u links, at most 1", nlink);
		return NULL;
	case S_IFIFO:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFREG:
	case S_IFLNK:
	case S_IFSOCK:
		return NULL;
	default:
		return check_reason(c->text, "inode mode 0%o is no file type", mode);
	}
}

/* The flags in the upper half may be unknown: they matter to writable mounts only. */
const char *check_inode_item(const struct leaf_check *c, const struct leaf_slot *item)
{
	const char *why = check_inode_key(c, &item->key);
	const uint8_t *p = item->data;

	if (why)
		return why;
	if (item->size != INODE_ITEM_SIZE)
		return check_reason(
			c->text, "an inode item of %u bytes, not %u", item->size, INODE_ITEM_SIZE);
	if (get64(p + INODE_GENERATION) > c->max_generation)
		return check_reason(c->text, "inode generation %llu, at most %llu",
			(unsigned long long)get64(p + INODE_GENERATION),
			(unsigned long long)c->max_generation);
	if (get64(p + INODE_TRANSID) > c->max_generation)
		return check_reason(c->text, "inode transid %llu, at most %llu",
			(unsigned long long)get64(p + INODE_TRANSID), (unsigned long long)c->max_generation);
	why = check_mode(c, get32(p + INODE_MODE), get32(p + INODE_NLINK));
	if (why)
		return why;
	if (get32(p + INODE_FLAGS) & ~INODE_KNOWN_FLAGS)
		return check_reason(c->text, "inode flags 0x%x hold unknown ones", get32(p + INODE_FLAGS));
	return NULL;
}

const char *check_inode_ref(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev)
{
	const char *why = check_same_inode(c, item, prev);
	uint32_t at = 0;

	if (why)
		return why;
	if (item->size <= INODE_REF_SIZE)
		return check_reason(c->text, "an inode reference of %u bytes holds no name", item->size);
	while (at < item->size) {
		uint32_t left = item->size - at, length;

		if (left < INODE_REF_SIZE)
			return "an inode reference runs over its item's end";
		length = get16(item->data + at + INODE_REF_NAME_LENGTH);
		if (length == 0 || length > NAME_LENGTH_MAX)
			return check_reason(c->text, "an inode reference's name of %u bytes", length);
		if (length > left - INODE_REF_SIZE)
			return "an inode reference's name runs over its item's end";
		at += INODE_REF_SIZE + length;
	}
	return NULL;
}

/* ---- directory entries and extended attributes, which share their layout */

static const char *check_location(
	const struct leaf_check *c, const struct leaf_slot *item, const struct fsr_key *to)
{
	if (to->type == KEY_ROOT_ITEM)
		return check_root_key(c, to, true);
	if (to->type != KEY_INODE_ITEM && to->type != 0)
		return check_reason(c->text, "a directory entry that points to key type %u", to->type);
	if (item->key.type != KEY_XATTR_ITEM)
		return check_inode_key(c, to);
	if (to->objectid || to->type || to->offset)
		return "an extended attribute that points to a key";
	return NULL;
}

static const char *check_entry_type(const struct leaf_check *c, const struct leaf_slot *item, uint8_t type)
{
	if (type > FILE_TYPE_XATTR)
		return check_reason(c->text, "directory entry type %u, at most %u", type, FILE_TYPE_XATTR);
	if ((item->key.type == KEY_XATTR_ITEM) != (type == FILE_TYPE_XATTR))
		return check_reason(
			c->text, "directory entry type %u in an item of type %u", type, item->key.type);
	return NULL;
}

/* Lengths of the entry at p, of which `left` bytes belong to the item. */
static const char *check_entry_lengths(const struct leaf_check *c, const uint8_t *p, uint32_t left)
{
	uint32_t name = get16(p + DIR_ITEM_NAME_LENGTH), data = get16(p + DIR_ITEM_DATA_LENGTH);
	uint32_t most = c->nodesize - HEADER_SIZE - LEAF_ITEM_SIZE - DIR_ITEM_SIZE;

	if (name > NAME_LENGTH_MAX)
		return check_reason(
			c->text, "a directory entry's name of %u bytes, at most %u", name, NAME_LENGTH_MAX);
	if (name + data > most)
		return check_reason(c->text, "a directory entry of %u bytes, at most %u", name + data, most);
	if (data && p[DIR_ITEM_TYPE] != FILE_TYPE_XATTR)
		return check_reason(c->text, "a directory entry with %u bytes of data", data);
	if (DIR_ITEM_SIZE + name + data > left)
		return "a directory entry runs over its item's end";
	return NULL;
}

static const char *check_entry(
	const struct leaf_check *c, const struct leaf_slot *item, const uint8_t *p, uint32_t left)
{
	struct fsr_key to = get_key(p);
	const char *why = check_location(c, item, &to);
	uint32_t hash;

	if (!why)
		why = check_entry_type(c, item, p[DIR_ITEM_TYPE]);
	if (!why)
		why = check_entry_lengths(c, p, left);
	/* btrfs-image -s puts other names into a dump, whose hashes are other ones. */
	if (why || item->key.type == KEY_DIR_INDEX || c->volume->logical)
		return why;
	hash = name_hash(p + DIR_ITEM_SIZE, get16(p + DIR_ITEM_NAME_LENGTH));
	if (item->key.offset != hash)
		return check_reason(c->text, "the name's hash is 0x%x, the key's 0x%llx", hash,
			(unsigned long long)item->key.offset);
	return NULL;
}

const char *check_dir_item(
	const struct leaf_check *c, const struct leaf_slot *item, const struct leaf_slot *prev)
{
	const char *why = check_same_inode(c, item, prev);
	uint32_t at = 0;

	while (!why && at < item->size) {
		const uint8_t *p = item->data + at;

		if (item->size - at < DIR_ITEM_SIZE)
			return "a directory entry runs over its item's end";
		why = check_entry(c, item, p, item->size - at);
		at += DIR_ITEM_SIZE + get16(p + DIR_ITEM_NAME_LENGTH) + get16(p + DIR_ITEM_DATA_LENGTH);
	}
	return why;
}
