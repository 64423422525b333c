/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdlib.h>
#include <sys/stat.h>

struct world *world_new(void)
{
	struct world *w = calloc(1, sizeof *w);

	w->image = image_ready();
	for (unsigned mirror = 0; mirror < 2; mirror++) {
		uint8_t *super = w->image->bytes + (mirror ? 64 * MIB : 64 * KIB);

		put64(super + SUPER_INCOMPAT, INCOMPAT_SKINNY_METADATA);
		image_seal(super, SUPER_SIZE);
	}
	return w;
}

void world_free(struct world *w)
{
	judge_free(&w->judge);
	volume_close(w->fs.volume);
	free(w->fs.groups);
	free(w->fs.headers);
	free(w->fs.inodes);
	free(w->fs.extents);
	free(w->fs.holes);
	free(w);
}

struct world *world_plain(uint64_t profile)
{
	struct world *w = world_new();

	w->profile = profile;
	world_extent(w, GROUP, MIB);
	world_extent(w, WORLD_FILE, FILE_BYTES);
	return w;
}

void list_free_space(struct cachefile *f, bool two_stripes)
{
	cachefile_init(f, 16, 4096, IMAGE_GENERATION);
	if (two_stripes) {
		cachefile_entry(f, WORLD_FILE + FILE_BYTES, STRIPE_1 - WORLD_FILE - FILE_BYTES, EXTENT);
		cachefile_entry(f, STRIPE_1 + STRIPE_BYTES, STRIPE_0 - STRIPE_1 - STRIPE_BYTES, EXTENT);
	} else {
		cachefile_entry(f, WORLD_FILE + FILE_BYTES, STRIPE_0 - WORLD_FILE - FILE_BYTES, EXTENT);
	}
	cachefile_entry(f, STRIPE_0 + STRIPE_BYTES, END - STRIPE_0 - STRIPE_BYTES, EXTENT);
}

struct world *world_clean(uint64_t profile)
{
	struct world *w = world_plain(profile);
	struct cachefile f;

	list_free_space(&f, profile);
	world_cache(w, &f);
	page_set_free(&f.set);
	return w;
}

static bool key_before(const struct fsr_key *a, const struct fsr_key *b)
{
	return key_cmp(a, b) < 0;
}

uint8_t *world_item(struct world_tree *tree, uint64_t objectid, uint8_t type, uint64_t offset,
	const void *data, uint32_t size)
{
	struct fsr_key key = {objectid, type, offset};
	unsigned i = tree->count;

	if (data)
		memcpy(tree->data[tree->count], data, size);
	for (; i && key_before(&key, &tree->items[i - 1].key); i--)
		tree->items[i] = tree->items[i - 1];
	tree->items[i] = (struct image_item){key, tree->data[tree->count], size};
	return tree->data[tree->count++];
}

void world_extent(struct world *w, uint64_t start, uint64_t length)
{
	uint8_t *item = world_item(&w->extents, start, KEY_EXTENT_ITEM, length, NULL, 53);

	put64(item + EXTENT_REFS, 1);
	put64(item + EXTENT_GENERATION, 7);
	put64(item + EXTENT_FLAGS, EXTENT_FLAG_DATA);
	item[24] = KEY_EXTENT_DATA_REF;
	put64(item + 25, FS_TREE_OBJECTID);
	put64(item + 33, 257);
	put64(item + 41, 0);
	put32(item + 49, 1);
	w->used += length;
}

uint8_t *world_bytes(struct world *w, uint64_t bytenr, unsigned copy)
{
	return w->image->bytes + (copy ? WORLD_COPY_1 : WORLD_COPY_0) + (bytenr - GROUP);
}

static void add_inode(struct world *w, uint64_t size)
{
	uint8_t *item = world_item(&w->roots, WORLD_FILE_INO, KEY_INODE_ITEM, 0, NULL, INODE_ITEM_SIZE);

	put64(item + INODE_GENERATION, IMAGE_GENERATION);
	put64(item + INODE_TRANSID, IMAGE_GENERATION);
	put64(item + INODE_SIZE, size);
	put64(item + INODE_NBYTES, size);
	put32(item + INODE_NLINK, 1);
	put32(item + INODE_MODE, S_IFREG | 0600);
	put64(item + INODE_FLAGS, 0x1b);
}

static void add_file_extent(struct world *w, uint64_t size)
{
	uint8_t *item = world_item(&w->roots, WORLD_FILE_INO, KEY_EXTENT_DATA, 0, NULL, FILE_EXTENT_SIZE);

	put64(item + FILE_EXTENT_GENERATION, IMAGE_GENERATION);
	put64(item + FILE_EXTENT_RAM_BYTES, size);
	item[FILE_EXTENT_TYPE] = FILE_EXTENT_REG;
	put64(item + FILE_EXTENT_DISK_BYTENR, WORLD_FILE);
	put64(item + FILE_EXTENT_DISK_NUM_BYTES, size);
	put64(item + FILE_EXTENT_NUM_BYTES, size);
}

void world_cache(struct world *w, struct cachefile *f)
{
	uint64_t size = (uint64_t)f->set.count * f->set.size;
	uint8_t *header =
		world_item(&w->roots, FREE_SPACE_OBJECTID, KEY_UNTYPED, GROUP, NULL, FREE_SPACE_HEADER_SIZE);

	put64(header, WORLD_FILE_INO);
	header[8] = KEY_INODE_ITEM;
	put64(header + FREE_SPACE_HEADER_GENERATION, f->generation);
	put64(header + FREE_SPACE_HEADER_ENTRIES, f->entries);
	put64(header + FREE_SPACE_HEADER_BITMAPS, f->bitmaps);
	add_inode(w, size);
	add_file_extent(w, size);
	cachefile_seal(f);
	for (unsigned copy = 0; copy < 2; copy++)
		memcpy(world_bytes(w, WORLD_FILE, copy), f->set.data, size);
}

static void add_chunk(struct world *w)
{
	struct chunk_stripe stripes[2] = {{1, WORLD_COPY_0}, {w->second_device ? 2 : 1, WORLD_COPY_1}};
	uint8_t item[256];
	uint32_t size = image_chunk_item(
		item, GROUP_LENGTH, BLOCK_GROUP_DATA | w->profile, w->profile ? 2 : 1, stripes);

	volume_add_chunk(w->fs.volume, GROUP, item, size, NULL);
}

static void add_group_item(struct world *w, uint64_t start, uint64_t length, uint64_t used, uint64_t flags)
{
	uint8_t *item =
		world_item(&w->extents, start, KEY_BLOCK_GROUP_ITEM, length, NULL, BLOCK_GROUP_ITEM_SIZE);

	put64(item + BLOCK_GROUP_USED, used);
	put64(item + BLOCK_GROUP_CHUNK_OBJECTID, FIRST_CHUNK_TREE_OBJECTID);
	put64(item + BLOCK_GROUP_FLAGS, flags);
}

void world_open(struct world *w)
{
	struct fsr_fs *fs = &w->fs;

	if (!w->roots.count)
		world_item(&w->roots, FIRST_FREE_OBJECTID, KEY_UNTYPED, 0, NULL, 10);
	add_group_item(w, IMAGE_CHUNK, IMAGE_CHUNK_LENGTH, 0, BLOCK_GROUP_SYSTEM | BLOCK_GROUP_DUP);
	if (!w->no_group_item)
		add_group_item(w, GROUP, GROUP_LENGTH, w->used, BLOCK_GROUP_DATA | w->profile);
	image_leaf(w->image, WORLD_ROOT_TREE, ROOT_TREE_OBJECTID, w->roots.items, w->roots.count);
	image_leaf(w->image, WORLD_EXTENT_TREE, EXTENT_TREE_OBJECTID, w->extents.items, w->extents.count);
	image_leaf(w->image, WORLD_FREE_SPACE_TREE, FREE_SPACE_TREE_OBJECTID, w->free_space.items,
		w->free_space.count);
	fs->volume = image_open(w->image);
	fs->extent_root = (struct tree_root){WORLD_EXTENT_TREE, IMAGE_GENERATION, EXTENT_TREE_OBJECTID, 0};
	fs->free_space_root =
		(struct tree_root){WORLD_FREE_SPACE_TREE, IMAGE_GENERATION, FREE_SPACE_TREE_OBJECTID, 0};
	fs->has_extent_root = true;
	fs->has_free_space_root = w->free_space.count;
	add_chunk(w);
}

static void collect(struct world *w)
{
	struct fsr_error err;

	if (!w->fs.volume)
		world_open(w);
	if (!w->fs.groups && !collect_groups(&w->fs, &err))
		collect_caches(&w->fs, &err);
}

void world_judge(struct world *w)
{
	struct fsr_error err;

	collect(w);
	judge_free(&w->judge);
	judge_init(&w->judge, &w->fs);
	judge_group(&w->judge, 1, &w->group, &err);
}

int world_finding(const struct world *w, enum fsr_finding_code code)
{
	for (size_t i = 0; i < w->group.nfindings; i++)
		if (w->group.findings[i].code == code)
			return w->group.findings[i].severity;
	return -1;
}
