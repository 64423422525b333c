/* SPDX-License-Identifier: MIT */
#include "copy.h"

#include "../../libfsread/source/parts.h"
#include "create.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PIECE 4096u /* zeros are kept as holes in units of this */
#define BLOCK ((size_t)MIB)

/* One file to be made. */
struct original {
	struct source *source; /* what find_filesystem() gave */
	struct source *whole;  /* the file it lies in, which is copied; belongs to source */
};

struct copying {
	const struct fsr_open_options *options;
	struct original *list;
	size_t count;
	uint64_t done, total;
	uint8_t *buffer; /* BLOCK bytes */
	struct image_copy *copy;
};

/* ---- what there is to copy */

static int keep(struct copying *c, struct source **list, size_t count, struct fsr_error *err)
{
	struct original *grown = realloc(c->list, (c->count + count) * sizeof *grown);

	if (grown)
		c->list = grown;
	for (size_t i = 0; i < count; i++) {
		if (!grown) {
			source_close(list[i]);
			continue;
		}
		c->list[c->count] = (struct original){list[i], window_base(list[i])};
		c->total += c->list[c->count++].whole->size;
	}
	free(list);
	return grown ? 0 : fsr_fail_nomem(err);
}

static int open_original(struct copying *c, const char *const *paths, size_t i, struct fsr_error *err)
{
	const struct fsr_open_options its = source_options(c->options, i);
	struct source **list = NULL;
	size_t count = 0;
	int e = device_open_at_rest(paths[i], &its, &list, &count, err);

	return e ? e : keep(c, list, count, err);
}

/* ---- copying */

static int goes_on(struct copying *c, uint64_t bytes, struct fsr_error *err)
{
	const struct fsr_open_options *o = c->options;

	c->done += bytes;
	if (!o || !o->progress || !o->progress(o->progress_arg, "copying", c->done, c->total))
		return 0;
	return fsr_fail(err, FSR_E_STOPPED, 0, FSR_NO_BYTENR, "stopped while copying the image");
}

static bool is_zero(const uint8_t *p, size_t n)
{
	return p[0] == 0 && memcmp(p, p + 1, n - 1) == 0;
}

/* Writes the pieces that are not zero. offset is a multiple of PIECE where the length is one. */
static int write_sparse(
	int fd, const char *name, const uint8_t *data, size_t length, uint64_t offset, struct fsr_error *err)
{
	size_t run = 0, at = 0; /* [run, at) is to be written */
	int e = 0;

	while (!e && at < length) {
		size_t n = PIECE - (size_t)((offset + at) % PIECE);

		if (n > length - at)
			n = length - at;
		if (is_zero(data + at, n)) {
			e = fd_write(fd, name, data + run, at - run, offset + run, err);
			run = at + n;
		}
		at += n;
	}
	return e ? e : fd_write(fd, name, data + run, at - run, offset + run, err);
}

static int copy_data(struct copying *c, struct source *whole, int out, const char *name, uint64_t from,
	uint64_t to, struct fsr_error *err)
{
	int e = 0;

	while (!e && from < to) {
		size_t n = to - from < BLOCK ? (size_t)(to - from) : BLOCK;

		e = source_read(whole, c->buffer, n, from, err);
		if (!e)
			e = write_sparse(out, name, c->buffer, n, from, err);
		if (!e)
			e = goes_on(c, n, err);
		from += n;
	}
	return e;
}

/* The next data from `at` on; what can't tell its holes is all data. */
static void next_data(const struct source *whole, uint64_t at, uint64_t *from, uint64_t *to)
{
	off_t data, hole = -1;
	bool none;

	*from = at;
	*to = whole->size;
	if (!source_is_file(whole))
		return;
	data = lseek(file_fd(whole), (off_t)at, SEEK_DATA);
	none = data < 0 && errno == ENXIO;
	if (none)
		*from = whole->size;
	else if (data >= 0)
		hole = lseek(file_fd(whole), data, SEEK_HOLE);
	if (hole <= data)
		return;
	*from = (uint64_t)data < whole->size ? (uint64_t)data : whole->size;
	*to = (uint64_t)hole < whole->size ? (uint64_t)hole : whole->size;
}

static int copy_content(
	struct copying *c, struct source *whole, int out, const char *name, struct fsr_error *err)
{
	bool cloned = source_is_file(whole) && ioctl(out, FICLONE, file_fd(whole)) == 0;
	uint64_t at = 0, from, to;
	int e = 0;

	if (ftruncate(out, (off_t)whole->size))
		return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot make " NAME " %llu bytes long: %s",
			name, (unsigned long long)whole->size, strerror(errno));
	if (cloned)
		return goes_on(c, whole->size, err);
	while (!e && at < whole->size) {
		next_data(whole, at, &from, &to);
		e = goes_on(c, from - at, err);
		if (!e)
			e = copy_data(c, whole, out, name, from, to, err);
		at = to;
	}
	return e;
}

/* Gives the file its name when it is whole; another that got there meanwhile stays. */
static int give_name(const char *part, const char *name, struct fsr_error *err)
{
	int e = check_absent(name, "output file", err);

	if (e || !renameat2(AT_FDCWD, part, AT_FDCWD, name, RENAME_NOREPLACE))
		return e;
	if ((errno == EINVAL || errno == ENOSYS) && !rename(part, name))
		return 0;
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "cannot name the output file " NAME ": %s", name,
		strerror(errno));
}

/* The name of file number `number` (0: of the only one) with something behind it; NULL after filling err. */
static char *new_name(const char *output, size_t number, const char *end, struct fsr_error *err)
{
	size_t room = strlen(output) + 32;
	char *name = malloc(room);

	if (!name)
		fsr_fail_nomem(err);
	else if (number)
		snprintf(name, room, "%s.%zu%s", output, number, end);
	else
		snprintf(name, room, "%s%s", output, end);
	return name;
}

/* Makes the file under the name of a part, which becomes `name` when it is whole. */
static int make_part(
	struct copying *c, struct source *whole, const char *part, const char *name, struct fsr_error *err)
{
	int fd, e = create_file(part, "output file", &fd, err);

	if (e)
		return e;
	e = copy_content(c, whole, fd, part, err);
	if (!e)
		e = give_name(part, name, err);
	if (e) {
		unlink(part);
	} else {
		e = make_durable(fd, name, err);
		if (e)
			unlink(name);
	}
	close(fd);
	return e;
}

/*
 * While it is made a file has a name of its own, so that whatever ends the program leaves nothing half made
 * under the name asked for. From then on it is the copy's, and taken away on failure.
 */
static int make_one(struct copying *c, size_t i, const char *output, struct fsr_error *err)
{
	struct image_copy *copy = c->copy;
	size_t number = c->count > 1 ? i + 1 : 0;
	char *name = new_name(output, number, "", err),
	     *part = name ? new_name(output, number, ".part", err) : NULL;
	int e = part ? check_absent(name, "output file", err) : FSR_E_NOMEM;

	if (!e)
		e = make_part(c, c->list[i].whole, part, name, err);
	free(part);
	if (e)
		free(name);
	else
		copy->paths[copy->count++] = name;
	return e;
}

static int make_all(struct copying *c, const char *output, struct fsr_error *err)
{
	int e = 0;

	c->buffer = malloc(BLOCK);
	c->copy->paths = calloc(c->count + 1, sizeof(char *));
	if (!c->buffer || !c->copy->paths)
		return fsr_fail_nomem(err);
	for (size_t i = 0; i < c->count && !e; i++)
		e = make_one(c, i, output, err);
	return e;
}

static void close_originals(struct copying *c)
{
	for (size_t i = 0; i < c->count; i++)
		source_close(c->list[i].source);
	free(c->list);
	free(c->buffer);
}

int image_copy_make(const char *const *paths, size_t n, const struct fsr_open_options *options,
	const char *output, struct image_copy *copy, struct fsr_error *err)
{
	struct copying c = {.options = options, .copy = copy};
	int e = 0;

	*copy = (struct image_copy){NULL, 0};
	for (size_t i = 0; i < n && !e; i++)
		e = open_original(&c, paths, i, err);
	if (!e)
		e = make_all(&c, output, err);
	close_originals(&c);
	if (e) {
		image_copy_remove(copy);
		image_copy_free(copy);
	}
	return e;
}

void image_copy_remove(const struct image_copy *copy)
{
	for (size_t i = 0; i < copy->count; i++)
		if (copy->paths[i])
			unlink(copy->paths[i]);
}

void image_copy_free(struct image_copy *copy)
{
	for (size_t i = 0; i < copy->count; i++)
		free(copy->paths[i]);
	free(copy->paths);
	*copy = (struct image_copy){NULL, 0};
}
