/* SPDX-License-Identifier: MIT */
/* Opening a filesystem and what can be asked of it before anything is judged. */
#include "open.h"

#include "format/error.h"
#include "source/parts.h"
#include "space/summary.h"

#include <inttypes.h>
#include <stdlib.h>

struct source_list {
	struct source **list;
	size_t count;
};

static void close_sources(struct source_list *all)
{
	for (size_t i = 0; i < all->count; i++)
		source_close(all->list[i]);
	free(all->list);
	*all = (struct source_list){0};
}

static int open_sources(const char *const *paths, size_t n, const struct fsr_open_options *options,
	struct source_list *all, struct fsr_error *err)
{
	for (size_t i = 0; i < n; i++) {
		struct source **list = NULL, **grown;
		size_t count = 0;
		const struct fsr_open_options its = source_options(options, i);
		int ret = source_open(paths[i], &its, &list, &count, err);

		if (ret)
			return ret;
		grown = realloc(all->list, (all->count + count) * sizeof *grown);
		if (grown) {
			all->list = grown;
			memcpy(grown + all->count, list, count * sizeof *grown);
			all->count += count;
		} else {
			for (size_t k = 0; k < count; k++)
				source_close(list[k]);
		}
		free(list);
		if (!grown)
			return fsr_fail_nomem(err);
	}
	return 0;
}

static void report_in_use(struct fsr_fs *fs)
{
	struct fsr_finding f;

	for (size_t i = 0; i < fs->volume->ndevices; i++) {
		if (!fs->volume->devices[i].source->in_use)
			continue;
		finding_init(&f, FSR_FINDING_IMAGE_IN_USE, FSR_NO_BYTENR,
			"device %" PRIu64 " is mounted or in use: what is read may change meanwhile",
			fs->volume->devices[i].info.devid);
		finding_number(&f, "devid", fs->volume->devices[i].info.devid);
		findings_add(&fs->volume->findings, &f);
	}
}

static void report_dump(struct fsr_fs *fs)
{
	struct fsr_finding f;

	if (!fs->volume->logical)
		return;
	finding_init(&f, FSR_FINDING_IMAGE_IS_DUMP, FSR_NO_BYTENR,
		"'%.100s' is a btrfs-image dump: file data and checksums are not in it, and what it leaves "
		"out is unknown",
		fs->volume->devices[0].info.path);
	findings_add(&fs->volume->findings, &f);
}

static void report_unread(struct fsr_fs *fs)
{
	struct fsr_finding f;

	for (size_t i = 0; i < fs->volume->ndevices; i++) {
		const struct volume_device *device = &fs->volume->devices[i];
		uint64_t size = window_base(device->source)->size;

		if (!device->source->unread)
			continue;
		finding_init(&f, FSR_FINDING_IMAGE_UNREAD, FSR_NO_BYTENR,
			"%" PRIu64 " bytes of the %" PRIu64 " of '%.200s' were not read by ddrescue",
			device->source->unread, size, device->info.path);
		finding_number(&f, "devid", device->info.devid);
		finding_number(&f, "unread", device->source->unread);
		finding_number(&f, "size", size);
		findings_add(&fs->volume->findings, &f);
	}
}

/* A tree that can't be found costs what hangs on it; mount_check() says what that means. */
static int find_root(
	struct fsr_fs *fs, uint64_t objectid, struct tree_root *root, bool *has, struct fsr_error *err)
{
	int ret = tree_find_root(fs->volume, objectid, root, err);

	*has = !ret;
	return ret == FSR_E_NOMEM ? ret : 0;
}

static int collect(struct fsr_fs *fs, struct fsr_error *err)
{
	uint64_t flags = fs->volume->fs.compat_ro_flags;
	bool has_group_root;
	int ret = volume_load_chunks(fs->volume, err);

	if (!ret)
		ret = mount_check(fs->volume, err);
	if (!ret)
		ret = find_root(fs, EXTENT_TREE_OBJECTID, &fs->extent_root, &fs->has_extent_root, err);
	if (!ret && flags & COMPAT_RO_BLOCK_GROUP_TREE) {
		ret = find_root(fs, BLOCK_GROUP_TREE_OBJECTID, &fs->block_group_root, &has_group_root, err);
		fs->has_extent_root = fs->has_extent_root && has_group_root;
	}
	if (!ret && flags & COMPAT_RO_FREE_SPACE_TREE)
		ret = find_root(
			fs, FREE_SPACE_TREE_OBJECTID, &fs->free_space_root, &fs->has_free_space_root, err);
	if (!ret)
		ret = collect_groups(fs, err);
	if (!ret)
		ret = collect_caches(fs, err);
	if (!ret)
		ret = summarise(fs, err);
	return ret;
}

static int ask_all_copies(struct fsr_fs *fs, struct fsr_error *err)
{
	fs->volume->copies = copy_set_new();
	return fs->volume->copies ? 0 : fsr_fail_nomem(err);
}

static int open_all(
	struct source **sources, size_t n, bool all_copies, struct fsr_fs **out, struct fsr_error *err)
{
	struct source_list all = {sources, n};
	struct fsr_fs *fs = calloc(1, sizeof *fs);
	int ret;

	*out = NULL;
	if (!fs) {
		close_sources(&all);
		return fsr_fail_nomem(err);
	}
	ret = volume_open(all.list, all.count, &fs->volume, err);
	if (ret) {
		close_sources(&all);
	} else {
		free(all.list); /* the sources are the volume's now */
		report_in_use(fs);
		report_dump(fs);
		report_unread(fs);
		ret = all_copies ? ask_all_copies(fs, err) : 0;
		if (!ret)
			ret = collect(fs, err);
	}
	if (ret)
		fsr_close(fs);
	else
		*out = fs;
	return ret;
}

int fs_open_sources(struct source **sources, size_t n, struct fsr_fs **out, struct fsr_error *err)
{
	return open_all(sources, n, false, out, err);
}

int fsr_open(struct fsr_fs **out, const char *const *paths, size_t n, const struct fsr_open_options *options,
	struct fsr_error *err)
{
	struct source_list all = {0};
	struct fsr_error ignored;
	int ret;

	if (!err)
		err = &ignored;
	*out = NULL;
	ret = open_sources(paths, n, options, &all, err);
	if (ret) {
		close_sources(&all);
		return ret;
	}
	return open_all(all.list, all.count, options && options->all_copies, out, err);
}

void fsr_close(struct fsr_fs *fs)
{
	if (!fs)
		return;
	if (fs->volume)
		volume_close(fs->volume);
	free(fs->groups);
	free(fs->headers);
	free(fs->inodes);
	free(fs->extents);
	free(fs->holes);
	free(fs);
}

const struct fsr_filesystem *fsr_filesystem(const struct fsr_fs *fs)
{
	return &fs->volume->fs;
}

uint64_t fsr_image_size(const struct fsr_fs *fs)
{
	return fs->volume->devices[0].source->file_size;
}

bool fsr_copy_counts(const struct fsr_fs *fs, struct fsr_copy_counts *counts)
{
	*counts = (struct fsr_copy_counts){0};
	if (!fs->volume->copies)
		return false;
	*counts = copy_set_counts(fs->volume->copies);
	copy_counts_add(counts, &fs->volume->super_copies);
	return true;
}

size_t fsr_device_count(const struct fsr_fs *fs)
{
	return fs->volume->ndevices;
}

const struct fsr_device *fsr_device(const struct fsr_fs *fs, size_t i)
{
	return i < fs->volume->ndevices ? &fs->volume->devices[i].info : NULL;
}

size_t fsr_mirror_count(const struct fsr_fs *fs)
{
	return fs->volume->nmirrors;
}

const struct fsr_super_mirror *fsr_mirror(const struct fsr_fs *fs, size_t i)
{
	return i < fs->volume->nmirrors ? &fs->volume->mirrors[i] : NULL;
}

size_t fsr_findings(struct fsr_fs *fs, const struct fsr_finding **out)
{
	struct findings *all = &fs->volume->findings;

	findings_sort_total(all);
	if (all->dropped && all->count) /* the least of what is kept makes room for saying so */
		finding_init(&all->list[all->count - 1], FSR_FINDING_FINDINGS_CUT, FSR_NO_BYTENR,
			"there are more findings about the filesystem than these %u", FINDINGS_MAX);
	*out = all->list;
	return all->count;
}

int fsr_findings_copy(struct fsr_fs *fs, struct fsr_finding **out, size_t *count)
{
	struct findings *all = &fs->volume->findings;
	const struct fsr_finding *list;

	pthread_mutex_lock(&all->lock);
	*count = fsr_findings(fs, &list);
	*out = malloc((*count + 1) * sizeof **out);
	if (*out && *count) /* else there is no list */
		memcpy(*out, list, *count * sizeof **out);
	pthread_mutex_unlock(&all->lock);
	return *out ? 0 : FSR_E_NOMEM;
}
