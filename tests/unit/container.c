/* SPDX-License-Identifier: MIT */
#include "container.h"
#include "image.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/spacescope-unit-XXXXXX";

int enter_scratch(void **state)
{
	(void)state;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static void close_opened(void);

int leave_scratch(void **state)
{
	(void)state;
	close_opened();
	return chdir("/") || nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) ? -1 : 0;
}

void put_bytes(const char *path, uint64_t offset, const void *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, length, (off_t)offset), length);
	close(fd);
}

void set_size(const char *path, uint64_t size)
{
	put_bytes(path, 0, "", 0);
	assert_int_equal(truncate(path, (off_t)size), 0);
}

void put_btrfs(const char *path, uint64_t start, uint8_t fsid, uint64_t devid, uint64_t total_bytes)
{
	uint8_t super[SUPER_SIZE];

	image_super(super, 0, devid, total_bytes);
	memset(super + SUPER_FSID, fsid, 16);
	image_seal(super, sizeof super);
	put_bytes(path, start + 64 * KIB, super, sizeof super);
}

/* ---- opening */

struct source **opened;
struct fsr_error open_error;
static size_t nopened;

static void close_opened(void)
{
	while (nopened)
		source_close(opened[--nopened]);
	free(opened);
	opened = NULL;
}

int open_path(const char *path, const struct fsr_open_options *options)
{
	int e;

	close_opened();
	memset(&open_error, 0, sizeof open_error);
	e = source_open(path, options, &opened, &nopened, &open_error);
	if (e) {
		assert_int_equal(e, open_error.code);
		assert_true(strlen(open_error.text) > 10);
		assert_int_equal(nopened, 0);
		return e;
	}
	return (int)nopened;
}

uint8_t byte_at(struct source *source, uint64_t offset)
{
	uint8_t byte;

	assert_int_equal(source_read(source, &byte, 1, offset, NULL), 0);
	return byte;
}

/* ---- archives */

static void write_data(struct archive *a, const char *path)
{
	static char buffer[1 << 16];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	assert_true(fd >= 0);
	while ((n = read(fd, buffer, sizeof buffer)) > 0)
		assert_int_equal(archive_write_data(a, buffer, (size_t)n), n);
	close(fd);
}

static void write_member(struct archive *a, const struct member *m)
{
	struct archive_entry *entry = archive_entry_new();
	struct stat st;

	archive_entry_set_pathname(entry, m->name);
	archive_entry_set_filetype(entry, m->kind);
	archive_entry_set_perm(entry, 0644);
	if (m->link && m->kind == AE_IFLNK)
		archive_entry_set_symlink(entry, m->link);
	else if (m->link)
		archive_entry_set_hardlink(entry, m->link);
	if (m->from && stat(m->from, &st) == 0)
		archive_entry_set_size(entry, st.st_size);
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	if (m->from)
		write_data(a, m->from);
	archive_entry_free(entry);
}

void write_archive(const char *path, const char *format, const char *filter, const struct member *members,
	unsigned count)
{
	struct archive *a = archive_write_new();

	unlink(path);
	if (filter)
		assert_int_equal(archive_write_add_filter_by_name(a, filter), ARCHIVE_OK);
	assert_int_equal(archive_write_set_format_by_name(a, format), ARCHIVE_OK);
	assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
	for (unsigned i = 0; i < count; i++)
		write_member(a, &members[i]);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
}
