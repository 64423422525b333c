/* SPDX-License-Identifier: MIT */
/* Whether somebody may write to an image while it is read. Good enough for a warning, no lock. */
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <unistd.h>

/* A mounted or otherwise claimed block device can't be opened exclusively. */
static bool is_claimed(const char *device, bool if_unknown)
{
	int fd = open(device, O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return errno == EBUSY || if_unknown;
	close(fd);
	return false;
}

/* The first line of a small file, without its end. */
static bool read_line(const char *path, char *line, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, line, room - 1);

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	line[n] = 0;
	line[strcspn(line, "\n")] = 0;
	return true;
}

/* Whether the loop device of attribute /sys/block/loopN/loop/backing_file, then named, stands on the file. */
static bool loop_uses(const char *attribute, const struct stat *st, char device[LOOP_NAME_SIZE])
{
	char line[4096];
	struct stat backing;
	unsigned number;

	if (sscanf(attribute, "/sys/block/loop%u/", &number) != 1 || !read_line(attribute, line, sizeof line))
		return false;
	snprintf(device, LOOP_NAME_SIZE, "/dev/loop%u", number);
	return !stat(line, &backing) && backing.st_dev == st->st_dev && backing.st_ino == st->st_ino;
}

bool file_loop_device(const struct stat *st, bool claimed, char device[LOOP_NAME_SIZE])
{
	glob_t found;
	bool used = false;

	if (glob("/sys/block/loop*/loop/backing_file", GLOB_NOSORT, NULL, &found))
		return false;
	for (size_t i = 0; i < found.gl_pathc && !used; i++)
		used = loop_uses(found.gl_pathv[i], st, device) && (!claimed || is_claimed(device, true));
	globfree(&found);
	return used;
}

bool file_in_use(int fd, const struct stat *st)
{
	char self[32], device[LOOP_NAME_SIZE];

	if (S_ISREG(st->st_mode))
		return file_loop_device(st, true, device);
	snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
	return is_claimed(self, false);
}
