/* SPDX-License-Identifier: MIT */
#include "set.h"

#include "../../libfsread/source/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct open_set {
	struct device_set set;
	struct device **files; /* the lowest device of each in set.list, which owns it */
};

/* What device_set_open() was asked for. */
struct opening {
	struct open_set *o;
	const struct fsr_open_options *options;
	enum device_access access;
	const struct device_hooks *hooks;
};

static struct open_set *set_of(struct device_set *set)
{
	return (struct open_set *)set;
}

static bool make_room(struct open_set *o, size_t more)
{
	size_t n = o->set.count + more + 1;
	struct device **list = realloc(o->set.list, n * sizeof(struct device *)), **files;

	if (list)
		o->set.list = list;
	files = list ? realloc(o->files, n * sizeof(struct device *)) : NULL;
	if (files)
		o->files = files;
	return files;
}

/* Stacks the devices over source, which is taken over. */
static int add_source(const struct opening *opening, struct source *source, int fd, struct fsr_error *err)
{
	const struct device_hooks *hooks = opening->hooks;
	struct device_set *set = &opening->o->set;
	struct device *file = device_file(source, fd, err), *below = file, *overlay;

	if (!file) {
		source_close(source);
		return err->code;
	}
	if (hooks && hooks->wrap)
		below = hooks->wrap(hooks->arg, file, set->count, err);
	overlay = below ? device_overlay(below, err) : NULL;
	if (!overlay) {
		device_close(below ? below : file);
		return err->code ? err->code : fsr_fail_nomem(err);
	}
	opening->o->files[set->count] = file;
	set->list[set->count++] = overlay;
	return 0;
}

static int add_sources(
	const struct opening *opening, struct source **list, size_t count, int fd, struct fsr_error *err)
{
	bool room = make_room(opening->o, count);
	int e = room ? 0 : fsr_fail_nomem(err);

	for (size_t i = 0; i < count; i++)
		if (e || !room)
			source_close(list[i]);
		else
			e = add_source(opening, list[i], fd, err);
	free(list);
	return e;
}

static int keep_claim(struct device_set *set, int fd, struct fsr_error *err)
{
	int *claims = realloc(set->claims, (set->nclaims + 1) * sizeof *claims);

	if (!claims) {
		close(fd);
		return fsr_fail_nomem(err);
	}
	set->claims = claims;
	claims[set->nclaims++] = fd;
	return 0;
}

/* A file that is claimed already would seem to be locked by somebody else. */
static int check_once(const struct device_set *set, const char *path, struct fsr_error *err)
{
	struct stat st, other;

	if (stat(path, &st))
		return 0;
	for (size_t i = 0; i < set->nclaims; i++)
		if (!fstat(set->claims[i], &other) && other.st_dev == st.st_dev && other.st_ino == st.st_ino)
			return fsr_fail(err, FSR_E_INVALID, 0, FSR_NO_BYTENR, NAME " is given twice", path);
	return 0;
}

/* Reads go through a copy of the claimed descriptor: what is read is what was claimed. */
static int open_claimed(const char *path, const struct opening *opening, int *fd, struct source ***list,
	size_t *count, struct fsr_error *err)
{
	int copy, e = check_once(&opening->o->set, path, err);

	if (!e)
		e = device_claim(path, fd, err);
	if (!e)
		e = keep_claim(&opening->o->set, *fd, err);
	if (e)
		return e;
	copy = fcntl(*fd, F_DUPFD_CLOEXEC, 3);
	if (copy < 0)
		return fsr_fail(
			err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot open " NAME ": %s", path, strerror(errno));
	return device_open_source(copy, path, opening->options, list, count, err);
}

static int add_path(const struct opening *opening, const char *path, struct fsr_error *err)
{
	struct source **list = NULL;
	size_t count = 0;
	int e, fd = -1;

	if (opening->access == DEVICES_WRITE)
		e = open_claimed(path, opening, &fd, &list, &count, err);
	else
		e = device_open_at_rest(path, opening->options, &list, &count, err);
	if (e || !list)
		return e;
	if (fd < 0 || list[0]->in_place)
		return add_sources(opening, list, count, fd, err);
	while (count)
		source_close(list[--count]);
	free(list);
	return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
		NAME
		" is a compressed file, an archive or a container, which can't be changed in place; give "
		"--output for a copy",
		path);
}

int device_set_open(const char *const *paths, size_t n, const struct fsr_open_options *options,
	enum device_access access, const struct device_hooks *hooks, struct device_set **out,
	struct fsr_error *err)
{
	struct open_set *o = calloc(1, sizeof *o);
	struct fsr_open_options its;
	const struct opening opening = {o, &its, access, hooks};
	struct fsr_error ignored;
	int e = 0;

	*out = NULL;
	if (!err)
		err = &ignored;
	err->code = 0;
	if (!o)
		return fsr_fail_nomem(err);
	for (size_t i = 0; i < n && !e; i++) {
		its = source_options(options, i);
		e = add_path(&opening, paths[i], err);
	}
	if (e)
		device_set_close(&o->set);
	else
		*out = &o->set;
	return e;
}

void device_set_close(struct device_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->count; i++)
		device_close(set->list[i]);
	for (size_t i = 0; i < set->nclaims; i++)
		close(set->claims[i]);
	free(set->list);
	free(set->claims);
	free(set_of(set)->files);
	free(set_of(set));
}

int device_set_sources(struct device_set *set, struct source ***out, struct fsr_error *err)
{
	struct source **list = calloc(set->count ? set->count : 1, sizeof(struct source *));
	size_t n = 0;

	*out = NULL;
	if (!list)
		return fsr_fail_nomem(err);
	for (; n < set->count; n++) {
		list[n] = device_source(set->list[n], device_base_source(set_of(set)->files[n]), err);
		if (!list[n])
			break;
	}
	if (n == set->count) {
		*out = list;
		return 0;
	}
	while (n)
		source_close(list[--n]);
	free(list);
	return fsr_fail_nomem(err);
}
