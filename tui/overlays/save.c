/* SPDX-License-Identifier: MIT */
#include "save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct save {
	save_fn fn;
	void *arg;
	uint64_t *size;
	char *why;
	size_t why_size;
};

static enum save_result fail(const struct save *save, const char *what, const char *path)
{
	snprintf(save->why, save->why_size, "%s %s: %s", what, path, strerror(errno));
	return SAVE_FAILED;
}

static bool write_all(const struct save *save, int fd)
{
	FILE *out = fdopen(fd, "w");
	struct stat st;
	bool ok;

	if (!out) {
		close(fd);
		return false;
	}
	errno = EIO; /* of a writer that says nothing more */
	ok = !save->fn(save->arg, out) && !fflush(out) && !ferror(out) && !fsync(fd) && !fstat(fd, &st);
	if (ok)
		*save->size = (uint64_t)st.st_size;
	return !fclose(out) && ok;
}

/* A new file, in full or not at all. */
static enum save_result create(const struct save *save, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600), error;

	if (fd < 0)
		return errno == EEXIST ? SAVE_EXISTS : fail(save, "can't create", path);
	if (write_all(save, fd))
		return SAVED;
	error = errno;
	unlink(path);
	errno = error;
	return fail(save, "can't write", path);
}

static bool is_regular(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISREG(st.st_mode);
}

static enum save_result refuse(const struct save *save, const char *path)
{
	snprintf(save->why, save->why_size, "%s exists and is no regular file", path);
	return SAVE_FAILED;
}

static enum save_result replace_file(const struct save *save, const char *path)
{
	enum save_result result;
	char *part;

	if (asprintf(&part, "%s.part", path) < 0) {
		errno = ENOMEM;
		return fail(save, "can't create", path);
	}
	result = create(save, part);
	if (result == SAVE_EXISTS) {
		errno = EEXIST;
		result = fail(save, "can't create", part);
	} else if (result == SAVED && rename(part, path)) {
		result = fail(save, "can't replace", path);
		unlink(part);
	}
	free(part);
	return result;
}

/* The new name in the directory is made durable too, as far as the filesystem can. */
static void sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int fd = name ? open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	free(name);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

bool save_is_same(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

enum save_result save_file(
	const char *path, bool replace, save_fn fn, void *arg, uint64_t *size, char *why, size_t why_size)
{
	const struct save save = {fn, arg, size, why, why_size};
	enum save_result result = create(&save, path);

	if (result == SAVE_EXISTS && !is_regular(path))
		return refuse(&save, path);
	if (result == SAVE_EXISTS && replace)
		result = replace_file(&save, path);
	if (result == SAVED)
		sync_directory(path);
	return result;
}
