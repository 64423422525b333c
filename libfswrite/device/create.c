/* SPDX-License-Identifier: MIT */
#include "create.h"

#include "../../libfsread/source/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int fd_write(
	int fd, const char *name, const void *data, size_t length, uint64_t offset, struct fsr_error *err)
{
	const char *p = data;

	while (length) {
		ssize_t n = pwrite(fd, p, length, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR,
				"cannot write " NAME " at byte %llu: %s", name, (unsigned long long)offset,
				n ? strerror(errno) : "nothing was taken");
		p += n;
		length -= (size_t)n;
		offset += (uint64_t)n;
	}
	return 0;
}

static int fail_exists(const char *path, const char *what, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
		"the %s " NAME " exists already; name one that does not", what, path);
}

int check_absent(const char *path, const char *what, struct fsr_error *err)
{
	struct stat st;

	return path && lstat(path, &st) == 0 ? fail_exists(path, what, err) : 0;
}

int create_file(const char *path, const char *what, int *fd, struct fsr_error *err)
{
	*fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);
	if (*fd >= 0)
		return 0;
	if (errno == EEXIST || errno == ELOOP)
		return fail_exists(path, what, err);
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot make the %s " NAME ": %s", what, path,
		strerror(errno));
}

static int fail_sync(const char *path, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot flush " NAME ": %s", path, strerror(errno));
}

/* The folder of path, from malloc. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return strdup(".");
	return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static int sync_folder(const char *path, struct fsr_error *err)
{
	char *folder = folder_of(path);
	int fd, e = 0;

	if (!folder)
		return fsr_fail_nomem(err);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Some filesystems can't flush a folder, and keep its names safe in another way. */
	if (fd < 0 || (fsync(fd) && errno != EINVAL && errno != ENOTSUP))
		e = fail_sync(folder, err);
	if (fd >= 0)
		close(fd);
	free(folder);
	return e;
}

int make_durable(int fd, const char *path, struct fsr_error *err)
{
	if (fsync(fd))
		return fail_sync(path, err);
	return sync_folder(path, err);
}
