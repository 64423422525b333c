/* SPDX-License-Identifier: MIT */
/* The superblock of the new generation, and its copies (F-B4, F-B5). */
#include "../../libfsread/volume/super.h"
#include "../../libfsread/format/csum.h"
#include "../fields.h"
#include "commit.h"

/* A backup root: pairs of bytenr and generation, sums, then levels (D2). */
enum backup_field {
	BACKUP_TREE = 0,
	BACKUP_CHUNK = 16,
	BACKUP_EXTENT = 32,
	BACKUP_FS = 48,
	BACKUP_DEV = 64,
	BACKUP_CSUM = 80,
	BACKUP_TOTAL_BYTES = 96,
	BACKUP_BYTES_USED = 104,
	BACKUP_NUM_DEVICES = 112,
	BACKUP_LEVELS = 152
};

static uint8_t *backup_slot(uint8_t *super, unsigned i)
{
	return super + SUPER_BACKUPS + i * SUPER_BACKUP_SIZE;
}

/* The slot behind the one that the last commit used. */
static unsigned next_slot(uint8_t *super, uint64_t last_generation)
{
	for (unsigned i = 0; i < SUPER_BACKUP_COUNT; i++)
		if (get64(backup_slot(super, i) + BACKUP_TREE + 8) == last_generation)
			return (i + 1) % SUPER_BACKUP_COUNT;
	return 0;
}

/* Roots of generations that never came to be, as a superblock that was put back by hand has them. */
static void clear_future(uint8_t *super, uint64_t generation)
{
	for (unsigned i = 0; i < SUPER_BACKUP_COUNT; i++)
		if (get64(backup_slot(super, i) + BACKUP_TREE + 8) >= generation)
			memset(backup_slot(super, i), 0, SUPER_BACKUP_SIZE);
}

static void set_backup_root(uint8_t *slot, unsigned field, const struct tree_root *root)
{
	set64(slot + field, root->bytenr);
	set64(slot + field + 8, root->generation);
	slot[BACKUP_LEVELS + field / 16] = root->level;
}

/* A tree that this commit doesn't change; one that is not there leaves zeros. */
static int set_backup_of(
	struct trans *t, uint8_t *slot, unsigned field, uint64_t objectid, struct fsr_error *err)
{
	struct tree_root root;
	int ret = tree_find_root(t->volume, objectid, &root, err);

	if (!ret)
		set_backup_root(slot, field, &root);
	return ret == FSR_E_NOT_FOUND ? 0 : ret;
}

static int set_backup(struct trans *t, uint8_t *super, struct fsr_error *err)
{
	uint8_t *slot = backup_slot(super, next_slot(super, t->generation - 1));
	struct tree_root chunk_root;
	int ret;

	clear_future(super, t->generation);
	memset(slot, 0, SUPER_BACKUP_SIZE);
	tree_root_of_super(t->volume, CHUNK_TREE_OBJECTID, &chunk_root);
	set_backup_root(slot, BACKUP_TREE, &t->roots.root);
	set_backup_root(slot, BACKUP_CHUNK, &chunk_root);
	set_backup_root(slot, BACKUP_EXTENT, &t->extents.root);
	ret = set_backup_of(t, slot, BACKUP_FS, FS_TREE_OBJECTID, err);
	if (!ret)
		ret = set_backup_of(t, slot, BACKUP_DEV, DEV_TREE_OBJECTID, err);
	if (!ret)
		ret = set_backup_of(t, slot, BACKUP_CSUM, CSUM_TREE_OBJECTID, err);
	set64(slot + BACKUP_TOTAL_BYTES, t->volume->fs.total_bytes);
	set64(slot + BACKUP_BYTES_USED, t->bytes_used);
	set64(slot + BACKUP_NUM_DEVICES, t->volume->fs.num_devices);
	return ret;
}

static int make_super(struct commit *c, struct fsr_error *err)
{
	struct trans *t = &c->trans;
	uint8_t *s = c->super;
	uint64_t last = t->generation - 1;

	memcpy(s, t->volume->super, SUPER_SIZE);
	set64(s + SUPER_FLAGS, get64(s + SUPER_FLAGS) | HEADER_FLAG_WRITTEN);
	set64(s + SUPER_GENERATION, t->generation);
	set64(s + SUPER_ROOT, t->roots.root.bytenr);
	s[SUPER_ROOT_LEVEL] = t->roots.root.level;
	set64(s + SUPER_BYTES_USED, t->bytes_used);
	set64(s + SUPER_CACHE_GENERATION, t->generation);
	/* kept in step only where it was (else Linux checks the uuid tree, as it should) */
	if (get64(s + SUPER_UUID_TREE_GENERATION) == last)
		set64(s + SUPER_UUID_TREE_GENERATION, t->generation);
	return set_backup(t, s, err);
}

/* The copy for mirror `mirror` of device i. */
static void make_copy(const struct commit *c, size_t i, unsigned mirror, uint8_t copy[SUPER_SIZE])
{
	const struct volume *v = c->trans.volume;

	memcpy(copy, c->super, SUPER_SIZE);
	memcpy(copy + SUPER_DEV_ITEM, v->devices[i].super + SUPER_DEV_ITEM, DEV_ITEM_SIZE);
	set64(copy + SUPER_DEV_ITEM + DEV_ITEM_GENERATION, 0);
	set64(copy + SUPER_BYTENR, super_offset(mirror));
	csum_compute(v->fs.csum_type, copy + CSUM_SIZE, SUPER_SIZE - CSUM_SIZE, copy);
}

int commit_each_super(struct commit *c, bool primary, place_fn fn, void *arg, struct fsr_error *err)
{
	const struct volume *v = c->trans.volume;
	uint8_t copy[SUPER_SIZE];
	int ret = 0;

	for (size_t i = 0; i < v->ndevices; i++) {
		for (unsigned mirror = primary ? 0 : 1; mirror < (primary ? 1 : SUPER_MIRRORS) && !ret;
			mirror++) {
			/* the place must end before the device does (F-B3) */
			if (super_offset(mirror) + SUPER_SIZE >= v->devices[i].info.total_bytes)
				continue;
			make_copy(c, i, mirror, copy);
			ret = fn(arg, c->set->list[i], super_offset(mirror), copy, SUPER_SIZE, err);
		}
	}
	return ret;
}

int commit_make_super(struct commit *c, struct fsr_error *err)
{
	int ret = make_super(c, err);

	if (!ret)
		ret = commit_each_super(c, true, place_on_overlay, NULL, err);
	return ret ? ret : commit_each_super(c, false, place_on_overlay, NULL, err);
}
