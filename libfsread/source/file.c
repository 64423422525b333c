/* SPDX-License-Identifier: MIT */
/* Raw images and block devices: one descriptor, opened for reading, read with pread. */
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int fail_read(const struct source *s, uint64_t offset, int error, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot read " NAME " at byte %llu: %s", s->name,
		(unsigned long long)offset, strerror(error));
}

static int fail_end(const struct source *s, size_t length, uint64_t offset, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR,
		NAME " ends at byte %llu, but %zu bytes are needed from byte %llu", s->name,
		(unsigned long long)s->size, length, (unsigned long long)offset);
}

static int file_read_at(struct source *s, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	const struct file_source *f = (struct file_source *)s;
	size_t done = 0;

	if (offset > s->size || length > s->size - offset)
		return fail_end(s, length, offset, err);
	while (done < length) {
		ssize_t n = pread(f->fd, (char *)buffer + done, length - done, (off_t)(offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_read(s, offset + done, errno, err);
		if (n == 0 && !f->zeros_behind_end)
			return fail_end(s, length, offset, err);
		if (n == 0) {
			memset((char *)buffer + done, 0, length - done);
			return 0;
		}
		done += (size_t)n;
	}
	return 0;
}

static void file_close(struct source *s)
{
	close(file_fd(s));
	free(s->name);
	free(s);
}

static const struct source_ops file_ops = {file_read_at, file_close};

bool source_is_file(const struct source *source)
{
	return source->ops == &file_ops;
}

struct source *file_from_fd(int fd, const char *name, uint64_t size, const struct source *like)
{
	struct file_source *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	f->fd = fd;
	f->zeros_behind_end = like;
	f->source.ops = &file_ops;
	f->source.name = strdup(name);
	f->source.size = size;
	f->source.file_size = like ? like->file_size : size;
	f->source.in_use = like && like->in_use;
	if (f->source.name)
		return &f->source;
	free(f);
	return NULL;
}

struct source *file_again(const struct source *file)
{
	int fd = fcntl(file_fd(file), F_DUPFD_CLOEXEC, 3);
	struct source *again = fd < 0 ? NULL : file_from_fd(fd, file->name, file->size, file);

	if (!again && fd >= 0)
		close(fd);
	if (again)
		((struct file_source *)again)->zeros_behind_end =
			((const struct file_source *)file)->zeros_behind_end;
	return again;
}

/* Why a kind of file is no image, or NULL. */
static const char *refusal(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
	case S_IFBLK:
		return NULL;
	case S_IFDIR:
		return "a directory";
	case S_IFIFO:
		return "a FIFO";
	case S_IFSOCK:
		return "a socket";
	case S_IFCHR:
		return "a character device";
	default:
		return "of an unknown kind";
	}
}

int file_refuse_kind(const char *path, const struct stat *st, struct fsr_error *err)
{
	const char *kind = refusal(st->st_mode);

	if (!kind)
		return 0;
	return fsr_fail(err, FSR_E_INVALID, 0, FSR_NO_BYTENR,
		NAME " is %s; give an image file or a block device", path, kind);
}

static int fail_open(const char *path, int error, struct fsr_error *err)
{
	struct stat st;

	/* A socket can't be opened at all, so its kind has to be asked for by name. */
	if (error == ENXIO && stat(path, &st) == 0 && refusal(st.st_mode))
		return file_refuse_kind(path, &st, err);
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot open " NAME ": %s", path, strerror(error));
}

static int find_size(int fd, const char *path, const struct stat *st, uint64_t *size, struct fsr_error *err)
{
	off_t end;

	*size = (uint64_t)st->st_size;
	if (S_ISREG(st->st_mode) || ioctl(fd, BLKGETSIZE64, size) == 0)
		return 0;
	end = lseek(fd, 0, SEEK_END);
	if (end < 0)
		return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot tell the size of " NAME ": %s", path,
			strerror(errno));
	*size = (uint64_t)end;
	return 0;
}

static int open_checked(int fd, const char *path, struct source **out, struct fsr_error *err)
{
	struct stat st;
	uint64_t size;
	int r;

	if (fstat(fd, &st))
		return fail_open(path, errno, err);
	r = file_refuse_kind(path, &st, err);
	if (!r)
		r = find_size(fd, path, &st, &size, err);
	if (r)
		return r;
	*out = file_from_fd(fd, path, size, NULL);
	if (!*out)
		return fsr_fail_nomem(err);
	(*out)->in_place = true;
	return 0;
}

int file_take(int fd, const char *path, struct source **out, struct fsr_error *err)
{
	int r = open_checked(fd, path, out, err);

	if (r)
		close(fd);
	return r;
}

int file_open(const char *path, struct source **out, struct fsr_error *err)
{
	/* O_NONBLOCK: a FIFO without a writer must not hold us up before fstat() refuses it. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	int r;

	if (fd < 0)
		return fail_open(path, errno, err);
	r = file_take(fd, path, out, err);
	if (!r)
		(*out)->in_use = !fstat(fd, &st) && file_in_use(fd, &st);
	return r;
}
