/* SPDX-License-Identifier: MIT */
/* What a path names is decided by what is in it, never by its name. */
#include "containers.h"
#include "ddrescue.h"

#include <stdlib.h>

static int open_single(struct source *found, struct source ***list, size_t *count, struct fsr_error *err)
{
	*list = malloc(sizeof **list);
	if (!*list) {
		source_close(found);
		return fsr_fail_nomem(err);
	}
	(*list)[0] = found;
	*count = 1;
	return 0;
}

/* Failures of a raw image that an archive may explain. */
static bool may_be_archive(int e)
{
	return e == FSR_E_NOT_BTRFS || e == FSR_E_NOT_FOUND || e == FSR_E_INVALID;
}

static int fail_member(
	const struct source *base, const struct fsr_open_options *options, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_NOT_FOUND, 0, FSR_NO_BYTENR,
		"no member '%.120s': '%.120s' is not an archive", options->member, base->name);
}

/* A superblock or a partition table that was not read is no proof that there is none. */
static int fail_unread(const struct source *base, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_NOT_BTRFS, 0, FSR_NO_BYTENR,
		"no btrfs in what ddrescue read of " NAME ": %llu of its %llu bytes were not read",
		base->name, (unsigned long long)base->unread, (unsigned long long)base->size);
}

static int open_base(struct source *base, const struct fsr_open_options *options, struct source ***list,
	size_t *count, struct fsr_error *err)
{
	struct fsr_error archive_error = {0};
	struct source *found;
	int e = find_filesystem(base, options, &found, err);
	int a;

	if (!e && options->member) {
		e = fail_member(base, options, err);
		source_close(found);
		return e;
	}
	if (!e)
		return open_single(found, list, count, err);
	/* A map tells of the bytes of a disk, not of a file that holds one compressed. */
	a = may_be_archive(e) && !base->unread ? archive_open(base, options, list, count, &archive_error) : 1;
	if (a > 0 && e == FSR_E_NOT_BTRFS && base->unread)
		e = fail_unread(base, err);
	if (a > 0 && options->member)
		e = fail_member(base, options, err);
	if (a < 0 && err)
		*err = archive_error;
	source_close(base);
	return a > 0 ? e : a;
}

/* A dump has one filesystem, at the addresses that it says. */
static int open_logical(struct source *base, const struct fsr_open_options *options, struct source ***list,
	size_t *count, struct fsr_error *err)
{
	int e;

	if (!options->partition && !options->has_offset && !options->member)
		return open_single(base, list, count, err);
	e = options->member ? fail_member(base, options, err)
			    : fsr_fail(err, FSR_E_INVALID, 0, FSR_NO_BYTENR,
				      NAME " is a btrfs-image dump, which has no partitions and no offsets",
				      base->name);
	source_close(base);
	return e;
}

/* The disk inside a container, instead of base, which is closed; base itself where it is none. */
static int look_inside(
	struct source **base, const char *path, const struct fsr_open_options *options, struct fsr_error *err)
{
	struct source *disk;
	int e = container_open(path, *base, options, &disk, err);

	if (e > 0)
		return *base ? 0 : e;
	source_close(*base);
	if (!e)
		*base = disk;
	return e;
}

static int open_mapped(struct source *base, const struct fsr_open_options *options, struct source ***list,
	size_t *count, struct fsr_error *err)
{
	int e = options->ddrescue_map ? rescue_wrap(&base, options->ddrescue_map, err) : 0;

	if (!e)
		return open_base(base, options, list, count, err);
	source_close(base);
	return e;
}

static int identify(struct source *base, const struct fsr_open_options *options, struct source ***list,
	size_t *count, struct fsr_error *err)
{
	int e;

	if (base->logical)
		return open_logical(base, options, list, count, err);
	if (base->size)
		return open_mapped(base, options, list, count, err);
	e = fsr_fail(err, FSR_E_NOT_BTRFS, 0, FSR_NO_BYTENR, NAME " is empty", base->name);
	source_close(base);
	return e;
}

static const struct fsr_open_options defaults;

struct fsr_open_options source_options(const struct fsr_open_options *options, size_t i)
{
	struct fsr_open_options its = options ? *options : defaults;

	if (i)
		its.ddrescue_map = NULL;
	return its;
}

int source_open(const char *path, const struct fsr_open_options *options, struct source ***list,
	size_t *count, struct fsr_error *err)
{
	struct source *base = NULL;
	int e;

	if (!options)
		options = &defaults;
	e = look_inside(&base, path, options, err); /* an address is no file */
	if (e <= 0)
		return e ? e : identify(base, options, list, count, err);
	e = file_open(path, &base, err);
	if (!e)
		e = look_inside(&base, path, options, err);
	return e ? e : identify(base, options, list, count, err);
}

int source_open_fd(int fd, const char *path, const struct fsr_open_options *options, struct source ***list,
	size_t *count, struct fsr_error *err)
{
	struct source *base;
	int e = file_take(fd, path, &base, err);

	if (!options)
		options = &defaults;
	if (!e)
		e = look_inside(&base, path, options, err);
	return e ? e : identify(base, options, list, count, err);
}
