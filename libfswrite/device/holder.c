/* SPDX-License-Identifier: MIT */
#include "holder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define TEXT_MAX (16u << 20)

/* A file of /proc as one string, from malloc; NULL when it can't be read. */
static char *read_text(const char *path)
{
	size_t room = 1 << 16, n = 0;
	char *text = malloc(room + 1), *grown;
	int fd = text ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t got = fd < 0 ? -1 : 1;

	while (got > 0 || (got < 0 && fd >= 0 && errno == EINTR)) {
		got = read(fd, text + n, room - n);
		n += got > 0 ? (size_t)got : 0;
		if (n < room)
			continue;
		grown = room < TEXT_MAX ? realloc(text, 2 * room + 1) : NULL;
		if (!grown)
			break;
		text = grown;
		room *= 2;
	}
	if (fd >= 0)
		close(fd);
	if (fd < 0) {
		free(text);
		return NULL;
	}
	text[n] = 0;
	return text;
}

/* Linux writes blanks and the like in these files as a backslash and three octal digits. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' && s[3] >= '0' &&
			s[3] <= '7') {
			*to++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = 0;
}

/* ---- devices that share bytes */

/* Where the device stands in /sys; a partition's folder lies in its disk's. */
static bool sys_path(dev_t device, char path[PATH_MAX])
{
	char link[64];

	snprintf(link, sizeof link, "/sys/dev/block/%u:%u", major(device), minor(device));
	return realpath(link, path);
}

static bool lies_in(const char *inner, const char *outer)
{
	size_t n = strlen(outer);

	return strncmp(inner, outer, n) == 0 && (inner[n] == '/' || inner[n] == 0);
}

static bool share_bytes(dev_t a, dev_t b)
{
	char one[PATH_MAX], other[PATH_MAX];

	if (a == b)
		return true;
	return sys_path(a, one) && sys_path(b, other) && (lies_in(one, other) || lies_in(other, one));
}

/* Whether the name, as it stands in a file of /proc, is one for the device. */
static bool names_device(char *name, dev_t device)
{
	struct stat st;

	unescape(name);
	return *name == '/' && stat(name, &st) == 0 && S_ISBLK(st.st_mode) && share_bytes(st.st_rdev, device);
}

/* ---- mounts and swap */

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": the fifth word and, behind " - ", the
 * second. */
static bool mount_uses(char *line, dev_t device, char text[HOLDER_SIZE])
{
	char *dash = strstr(line, " - "), *words = line, *point = NULL, *source;

	if (!dash)
		return false;
	for (int i = 0; i < 5 && words; i++)
		point = strsep(&words, " ");
	dash += 3;
	strsep(&dash, " ");
	source = strsep(&dash, " ");
	if (!point || !source || !names_device(source, device))
		return false;
	unescape(point);
	snprintf(text, HOLDER_SIZE, "mounted on '%.150s'", point);
	return true;
}

static bool swap_uses(char *line, dev_t device, char text[HOLDER_SIZE])
{
	char *name = strsep(&line, " \t");

	if (!names_device(name, device))
		return false;
	snprintf(text, HOLDER_SIZE, "used for swapping");
	return true;
}

typedef bool (*line_fn)(char *line, dev_t device, char text[HOLDER_SIZE]);

static bool any_line(const char *path, line_fn fn, dev_t device, char text[HOLDER_SIZE])
{
	char *all = read_text(path), *rest = all, *line;
	bool found = false;

	while (!found && rest && (line = strsep(&rest, "\n")))
		found = fn(line, device, text);
	free(all);
	return found;
}

/* ---- devices made of it */

static bool has_holder(dev_t device, char text[HOLDER_SIZE])
{
	char path[64];
	const struct dirent *entry;
	bool found = false;
	DIR *folder;

	snprintf(path, sizeof path, "/sys/dev/block/%u:%u/holders", major(device), minor(device));
	folder = opendir(path);
	while (folder && !found && (entry = readdir(folder))) {
		found = entry->d_name[0] != '.';
		if (found)
			snprintf(text, HOLDER_SIZE, "used by %.100s", entry->d_name);
	}
	if (folder)
		closedir(folder);
	return found;
}

bool holder_of_device(const struct stat *st, char text[HOLDER_SIZE])
{
	return any_line("/proc/self/mountinfo", mount_uses, st->st_rdev, text) ||
	       any_line("/proc/swaps", swap_uses, st->st_rdev, text) || has_holder(st->st_rdev, text);
}

/* ---- locks */

bool holder_of_lock(const struct stat *st, char text[HOLDER_SIZE])
{
	char *all = read_text("/proc/locks"), *rest = all, *line;
	unsigned pid, high, low;
	unsigned long long inode;
	bool found = false;

	/* "1: FLOCK  ADVISORY  WRITE 1234 fe:01:5678 0 EOF" */
	while (!found && rest && (line = strsep(&rest, "\n")))
		found = sscanf(line, "%*u: FLOCK %*s %*s %u %x:%x:%llu", &pid, &high, &low, &inode) == 4 &&
			high == major(st->st_dev) && low == minor(st->st_dev) && inode == st->st_ino;
	free(all);
	if (found)
		snprintf(text, HOLDER_SIZE, "locked by process %u", pid);
	return found;
}
