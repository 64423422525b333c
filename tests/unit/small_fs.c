/* SPDX-License-Identifier: MIT */
#include "small_fs.h"

#include "../../libfsread/format/crc32c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const uint64_t owners[FS_TREES] = {[FS_ROOTS] = ROOT_TREE_OBJECTID,
	[FS_EXTENTS] = EXTENT_TREE_OBJECTID,
	[FS_DEVICES] = DEV_TREE_OBJECTID,
	[FS_FILES] = FS_TREE_OBJECTID,
	[FS_CSUMS] = CSUM_TREE_OBJECTID,
	[FS_UUIDS] = UUID_TREE_OBJECTID,
	[FS_RELOCATED] = DATA_RELOC_TREE_OBJECTID,
	[FS_SUB] = FS_SUBVOLUME,
	[FS_QUOTAS] = QUOTA_TREE_OBJECTID};

uint8_t *fs_add(struct small_fs *fs, unsigned tree, struct fsr_key key, uint32_t size)
{
	struct small_tree *t = &fs->trees[tree];
	unsigned at = t->n;
	uint8_t *data = t->data[t->used++];

	for (; at && key_cmp(&t->items[at - 1].key, &key) > 0; at--)
		t->items[at] = t->items[at - 1];
	t->items[at] = (struct image_item){key, data, size};
	t->n++;
	memset(data, 0, size);
	return data;
}

struct image_item *fs_find(struct small_fs *fs, unsigned tree, uint64_t objectid, uint8_t type)
{
	struct small_tree *t = &fs->trees[tree];

	for (unsigned i = 0; i < t->n; i++)
		if (t->items[i].key.objectid == objectid && t->items[i].key.type == type)
			return &t->items[i];
	fail_msg("no item (%llu %u)", (unsigned long long)objectid, type);
	return NULL;
}

uint8_t *fs_bytes(struct small_fs *fs, unsigned tree, uint64_t objectid, uint8_t type)
{
	return (uint8_t *)(uintptr_t)fs_find(fs, tree, objectid, type)->data;
}

void fs_drop(struct small_fs *fs, unsigned tree, uint64_t objectid, uint8_t type)
{
	struct small_tree *t = &fs->trees[tree];
	struct image_item *item = fs_find(fs, tree, objectid, type);

	t->n--;
	memmove(item, item + 1, (size_t)(t->items + t->n - item) * sizeof *item);
}

void fs_add_root(struct small_fs *fs, unsigned tree)
{
	uint8_t *item =
		fs_add(fs, FS_ROOTS, (struct fsr_key){owners[tree], KEY_ROOT_ITEM, 0}, ROOT_ITEM_SIZE);

	put64(item + ROOT_BYTENR, FS_BLOCK(tree));
	put64(item + ROOT_GENERATION, IMAGE_GENERATION);
	put64(item + ROOT_DIRID, FIRST_FREE_OBJECTID);
	put32(item + ROOT_REFS, 1);
}

void fs_add_directory(struct small_fs *fs, unsigned tree, uint64_t ino)
{
	uint8_t *item = fs_add(fs, tree, (struct fsr_key){ino, KEY_INODE_ITEM, 0}, INODE_ITEM_SIZE);

	put32(item + INODE_MODE, 0040755);
	put32(item + INODE_NLINK, 1);
}

/* Names on disk have no 0 behind them. */
static void put_name(uint8_t *p, const char *name)
{
	while (*name)
		*p++ = (uint8_t)*name++;
}

static void add_inode_ref(struct small_fs *fs, struct fsr_key key, const char *name)
{
	uint8_t *item = fs_add(fs, FS_FILES, key, INODE_REF_SIZE + (uint32_t)strlen(name));

	put16(item + INODE_REF_NAME_LENGTH, (uint16_t)strlen(name));
	put_name(item + INODE_REF_SIZE, name);
}

static void add_entry(
	struct small_fs *fs, unsigned tree, uint64_t directory, const char *name, struct fsr_key to)
{
	size_t length = strlen(name);
	const struct fsr_key key = {directory, KEY_DIR_ITEM, name_hash(name, length)};
	uint8_t *item = fs_add(fs, tree, key, DIR_ITEM_SIZE + (uint32_t)length);

	put64(item, to.objectid);
	item[8] = to.type;
	put64(item + 9, to.offset);
	put16(item + DIR_ITEM_NAME_LENGTH, (uint16_t)length);
	item[DIR_ITEM_TYPE] = FILE_TYPE_DIRECTORY;
	put_name(item + DIR_ITEM_SIZE, name);
}

/* The name is "sub": ROOT_REF from the top level, ROOT_BACKREF to it. */
static void add_root_ref(struct small_fs *fs, struct fsr_key key)
{
	uint8_t *item = fs_add(fs, FS_ROOTS, key, ROOT_REF_SIZE + 3);

	put64(item + ROOT_REF_DIRID, FS_DIRECTORY);
	put16(item + ROOT_REF_NAME_LENGTH, 3);
	put_name(item + ROOT_REF_SIZE, "sub");
}

uint8_t *fs_add_dev_extent(struct small_fs *fs, uint64_t start)
{
	uint8_t *item = fs_add(fs, FS_DEVICES, (struct fsr_key){1, KEY_DEV_EXTENT, start}, DEV_EXTENT_SIZE);

	put64(item + DEV_EXTENT_CHUNK_TREE, CHUNK_TREE_OBJECTID);
	put64(item + DEV_EXTENT_CHUNK_OBJECTID, FIRST_CHUNK_TREE_OBJECTID);
	put64(item + DEV_EXTENT_CHUNK_OFFSET, IMAGE_CHUNK);
	put64(item + DEV_EXTENT_LENGTH, IMAGE_CHUNK_LENGTH);
	return item;
}

struct small_fs *fs_make(void)
{
	struct small_fs *fs = calloc(1, sizeof *fs);

	fs->image = image_ready();
	for (unsigned tree = FS_ROOTS + 1; tree < FS_QUOTAS; tree++)
		fs_add_root(fs, tree);
	add_entry(fs, FS_ROOTS, ROOT_TREE_DIR_OBJECTID, "default",
		(struct fsr_key){FS_SUBVOLUME, KEY_ROOT_ITEM, UINT64_MAX});
	add_root_ref(fs, (struct fsr_key){FS_TREE_OBJECTID, KEY_ROOT_REF, FS_SUBVOLUME});
	add_root_ref(fs, (struct fsr_key){FS_SUBVOLUME, KEY_ROOT_BACKREF, FS_TREE_OBJECTID});
	fs_add(fs, FS_EXTENTS, (struct fsr_key){0, KEY_UNTYPED, 1}, 0);
	fs_add_dev_extent(fs, IMAGE_COPY_0);
	fs_add_dev_extent(fs, IMAGE_COPY_1);
	fs_add(fs, FS_DEVICES, (struct fsr_key){FS_DEV_STATS, KEY_PERSISTENT_ITEM, 1}, 40);
	fs_add_directory(fs, FS_FILES, FIRST_FREE_OBJECTID);
	add_entry(fs, FS_FILES, FIRST_FREE_OBJECTID, "d", (struct fsr_key){FS_DIRECTORY, KEY_INODE_ITEM, 0});
	fs_add_directory(fs, FS_FILES, FS_DIRECTORY);
	add_inode_ref(fs, (struct fsr_key){FS_DIRECTORY, KEY_INODE_REF, FIRST_FREE_OBJECTID}, "d");
	add_entry(
		fs, FS_FILES, FS_DIRECTORY, "sub", (struct fsr_key){FS_SUBVOLUME, KEY_ROOT_ITEM, UINT64_MAX});
	fs_add_directory(fs, FS_RELOCATED, FIRST_FREE_OBJECTID);
	fs_add_directory(fs, FS_SUB, FIRST_FREE_OBJECTID);
	put64(fs_add(fs, FS_QUOTAS, (struct fsr_key){0, KEY_QGROUP_STATUS, 0}, 32), 1);
	return fs;
}

/* The node of a tree with a second leaf lies behind all leaves. */
static uint64_t node_of(unsigned tree)
{
	return FS_BLOCK(FS_TREES + tree);
}

void fs_add_leaf(struct small_fs *fs, unsigned tree, struct fsr_key first, uint64_t bytenr)
{
	uint8_t *root = fs_bytes(fs, FS_ROOTS, owners[tree], KEY_ROOT_ITEM);

	fs->levels[tree] = 1;
	fs->second[tree] = bytenr;
	fs->second_key[tree] = first;
	put64(root + ROOT_BYTENR, node_of(tree));
	root[ROOT_LEVEL] = 1;
}

static void write_node(struct small_fs *fs, unsigned tree)
{
	const struct image_ptr ptrs[] = {
		{fs->trees[tree].items[0].key, FS_BLOCK(tree), IMAGE_GENERATION},
		{fs->second_key[tree], fs->second[tree], IMAGE_GENERATION},
	};

	image_node(fs->image, node_of(tree), owners[tree], 1, ptrs, 2);
}

struct volume *fs_volume(struct small_fs *fs)
{
	struct volume *volume;

	for (unsigned tree = FS_ROOTS; tree < FS_TREES; tree++)
		image_leaf(fs->image, FS_BLOCK(tree), owners[tree], fs->trees[tree].items, fs->trees[tree].n);
	for (unsigned tree = FS_ROOTS; tree < FS_TREES; tree++)
		if (fs->levels[tree])
			write_node(fs, tree);
	volume = image_open(fs->image);
	assert_non_null(volume);
	assert_int_equal(volume_load_chunks(volume, NULL), 0);
	return volume;
}

static bool has_finding(const struct volume *volume, enum fsr_finding_code code, const char *words)
{
	for (size_t i = 0; i < volume->findings.count; i++)
		if (volume->findings.list[i].code == code && strstr(volume->findings.list[i].message, words))
			return true;
	return false;
}

void fs_expect_volume(
	struct small_fs *fs, struct volume *volume, enum fsr_finding_code code, const char *words)
{
	const struct findings *list = &volume->findings;

	assert_int_equal(mount_check(volume, NULL), 0);
	if (!words && list->count)
		fail_msg("should mount: %s", list->list[0].message);
	if (words && !has_finding(volume, code, words))
		fail_msg("should say '%s': %s", words, list->count ? list->list[0].message : "mounts");
	volume_close(volume);
	free(fs);
}

void fs_expect(struct small_fs *fs, enum fsr_finding_code code, const char *words)
{
	fs_expect_volume(fs, fs_volume(fs), code, words);
}
