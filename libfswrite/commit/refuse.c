/* SPDX-License-Identifier: MIT */
/* What must not be written to, each with its own sentence. */
#include "commit.h"

#include <inttypes.h>

#define SUPER_FLAGS_WRITABLE UINT64_C(3) /* WRITTEN and RELOC */
#define COMPAT_RO_WRITABLE COMPAT_RO_VERITY

static int refuse(struct fsr_error *err, const char *why)
{
	return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR, "%s", why);
}

/* What a flag of the superblock says, each bit by itself. */
static const struct {
	uint64_t bits;
	const char *why;
} flag_sentences[] = {
	{UINT64_C(1) << 2,
		"the superblock is flagged ERROR: an error was met while it was mounted; check it first"},
	{UINT64_C(1) << 32, "the filesystem is a seed (superblock flag SEEDING), which is never written to"},
	{UINT64_C(3) << 33,
		"the superblock is flagged METADUMP: it is a dump of metadata, without the files"},
	{UINT64_C(3) << 35, "the superblock is flagged CHANGING_FSID: let btrfstune finish first"},
	{UINT64_C(7) << 38, "the superblock is flagged as being converted by btrfstune: let it finish first"},
	{UINT64_MAX, "the superblock has flags that are unknown"},
};

static int refuse_flags(uint64_t flags, struct fsr_error *err)
{
	for (size_t i = 0; flags && i < sizeof flag_sentences / sizeof *flag_sentences; i++)
		if (flags & flag_sentences[i].bits)
			return refuse(err, flag_sentences[i].why);
	return 0;
}

static int refuse_compat_ro(uint64_t flags, struct fsr_error *err)
{
	unsigned bit = flags ? (unsigned)__builtin_ctzll(flags) : 0;
	const char *name = fsr_compat_ro_name(bit);

	if (flags & COMPAT_RO_FREE_SPACE_TREE)
		return refuse(err, "the free space tree (v2) is in use: there is no v1 cache to rewrite");
	if (flags && name)
		return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
			"the filesystem uses the feature %s, which is not supported for writing", name);
	if (flags)
		return fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
			"the filesystem uses an unknown feature that forbids writing, compat_ro_flags bit %u",
			bit);
	return 0;
}

static int refuse_super(const struct fsr_fs *fs, struct fsr_error *err)
{
	const struct fsr_filesystem *f = &fs->volume->fs;
	int ret = refuse_compat_ro(f->compat_ro_flags & ~COMPAT_RO_WRITABLE, err);

	if (!ret && f->incompat_flags & INCOMPAT_RAID_STRIPE_TREE)
		ret = fsr_fail(err, FSR_E_UNSUPPORTED, 0, FSR_NO_BYTENR,
			"the filesystem uses the feature RAID_STRIPE_TREE: data written to it would need "
			"items "
			"of that tree, which is not supported");
	if (!ret)
		ret = refuse_flags(get64(fs->volume->super + SUPER_FLAGS) & ~SUPER_FLAGS_WRITABLE, err);
	if (!ret && f->log_root)
		ret = refuse(
			err, "there is a log tree: mount it once, so that what was synced last is not lost");
	if (!ret && f->generation >= UINT64_MAX - 1)
		ret = refuse(err, "the generation is at its end");
	return ret;
}

static int refuse_devices(const struct fsr_fs *fs, struct fsr_error *err)
{
	const struct volume *v = fs->volume;

	if (v->ndevices < v->fs.num_devices)
		return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
			"the filesystem has %" PRIu64 " devices, %zu given: give the others with --device",
			v->fs.num_devices, v->ndevices);
	if (volume_has_seeds(v))
		return refuse(err, "the filesystem has grown from a seed device, which is not supported for "
				   "writing");
	for (size_t i = 0; i < v->ndevices; i++)
		if (v->devices[i].source->in_use)
			return fsr_fail(err, FSR_E_BUSY, v->devices[i].info.devid, FSR_NO_BYTENR,
				"'%s' is mounted or attached to a loop device that is in use",
				v->devices[i].info.path);
	return 0;
}

/* The first item of this objectid and type in a tree; its data, at most `room` bytes. 1: there is none. */
static int find_first(struct fsr_fs *fs, uint64_t tree, uint64_t objectid, uint8_t type, uint8_t *data,
	uint32_t room, struct fsr_error *err)
{
	struct tree_root root;
	struct cursor c;
	struct fsr_item item;
	int ret = tree_find_root(fs->volume, tree, &root, err);

	if (ret)
		return ret == FSR_E_NOT_FOUND ? 1 : ret;
	cursor_init(&c, fs->volume, &root);
	ret = cursor_seek(&c, &(struct fsr_key){objectid, type, 0}, err);
	if (ret == CURSOR_ITEM) {
		cursor_item(&c, &item);
		if (item.key.objectid == objectid && item.key.type == type) {
			memset(data, 0, room);
			memcpy(data, item.data, item.size < room ? item.size : room);
		} else {
			ret = CURSOR_END;
		}
	}
	cursor_free(&c);
	if (ret == CURSOR_HOLE)
		return fsr_fail(err, FSR_E_REFUSED, 0, c.hole_bytenr, "tree block %" PRIu64 " can't be read",
			c.hole_bytenr);
	return ret;
}

static int refuse_running(struct fsr_fs *fs, struct fsr_error *err)
{
	uint8_t replace[DEV_REPLACE_SIZE], nothing[1];
	int ret = find_first(fs, ROOT_TREE_OBJECTID, BALANCE_OBJECTID, KEY_TEMPORARY_ITEM, nothing, 1, err);

	if (!ret)
		return refuse(err, "a balance is under way: mount it and let it finish, or cancel it");
	if (ret > 0)
		ret = find_first(fs, DEV_TREE_OBJECTID, 0, KEY_DEV_REPLACE, replace, sizeof replace, err);
	if (!ret && (get64(replace + DEV_REPLACE_STATE) == DEV_REPLACE_STARTED ||
			    get64(replace + DEV_REPLACE_STATE) == DEV_REPLACE_SUSPENDED))
		return refuse(err, "a device is being replaced: mount it and let that finish, or cancel it");
	return ret < 0 ? ret : 0;
}

/* Findings about caches are what a rewrite is for; everything else that is an error must be repaired first.
 */
bool finding_forbids(const struct fsr_finding *f)
{
	const struct fsr_finding_info *info = fsr_finding_info(f->code);

	if (f->severity < FSR_SEVERITY_ERROR || !info)
		return false;
	return strncmp(info->name, "cache-", 6) != 0 && strncmp(info->name, "content-", 8) != 0;
}

static int refuse_findings(struct fsr_fs *fs, struct fsr_error *err)
{
	const struct fsr_finding *list;
	size_t n = fsr_findings(fs, &list);

	for (size_t i = 0; i < n; i++)
		if (finding_forbids(&list[i]))
			return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
				"the filesystem must be repaired first: %s: %s",
				fsr_finding_info(list[i].code)->name, list[i].message);
	return 0;
}

int commit_refuse(struct fsr_fs *fs, const struct fsw_options *options, struct fsr_error *err)
{
	int ret = refuse_devices(fs, err);

	if (!ret)
		ret = refuse_super(fs, err);
	if (!ret && !fs->volume->fs.cache_generation && !options->enable_v1)
		ret = refuse(err, "space caches are off (cache_generation 0): give --enable-v1 to turn the "
				  "v1 cache on");
	if (!ret) /* before the findings, some of which are of its making */
		ret = refuse_running(fs, err);
	return ret ? ret : refuse_findings(fs, err);
}
