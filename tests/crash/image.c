/* SPDX-License-Identifier: MIT */
/* Image files: mapped for reading, copied with their holes. */
#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void open_disk(struct disk *disk, const char *path)
{
	struct stat st;
	void *map;

	*disk = (struct disk){.path = path, .fd = open(path, O_RDONLY | O_CLOEXEC)};
	if (disk->fd < 0 || fstat(disk->fd, &st) != 0)
		die("%s: %s", path, strerror(errno));
	disk->size = (uint64_t)st.st_size;
	map = mmap(NULL, disk->size, PROT_READ, MAP_SHARED, disk->fd, 0);
	if (map == MAP_FAILED)
		die("%s can't be mapped: %s", path, strerror(errno));
	disk->bytes = map;
}

void image_open(struct image *image, const char *const *paths, size_t n)
{
	if (!n || n > MAX_DISKS)
		die("an image has 1 to %u files", MAX_DISKS);
	image->count = n;
	for (size_t i = 0; i < n; i++) {
		image->paths[i] = paths[i];
		open_disk(&image->disks[i], paths[i]);
	}
}

void image_close(struct image *image)
{
	for (size_t i = 0; i < image->count; i++) {
		munmap((void *)image->disks[i].bytes, image->disks[i].size);
		close(image->disks[i].fd);
	}
	image->count = 0;
}

static void copy_data(const struct disk *from, int to, off_t start, off_t end)
{
	while (start < end) {
		ssize_t n = pwrite(to, from->bytes + start, (size_t)(end - start), start);

		if (n <= 0)
			die("a copy of %s can't be written: %s", from->path, strerror(errno));
		start += n;
	}
}

static void copy_disk(const struct disk *from, const char *path)
{
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	off_t start = 0, end;

	if (to < 0 || ftruncate(to, (off_t)from->size) != 0)
		die("%s: %s", path, strerror(errno));
	while ((start = lseek(from->fd, start, SEEK_DATA)) >= 0) {
		end = lseek(from->fd, start, SEEK_HOLE);
		copy_data(from, to, start, end);
		start = end;
	}
	if (close(to) != 0)
		die("%s: %s", path, strerror(errno));
}

void image_copy(const struct image *image, const char *dir, const char *name, char *paths[MAX_DISKS])
{
	for (size_t i = 0; i < image->count; i++) {
		if (asprintf(&paths[i], "%s/%s.%zu", dir, name, i + 1) < 0)
			die("out of memory");
		copy_disk(&image->disks[i], paths[i]);
	}
}

void image_remove(char *paths[MAX_DISKS], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unlink(paths[i]);
		free(paths[i]);
	}
}

void image_put_supers(const struct image *from, const struct image *to)
{
	static const uint64_t offsets[] = {PRIMARY_OFFSET, 67108864, 274877906944};

	for (size_t i = 0; i < from->count; i++) {
		int fd = open(to->paths[i], O_WRONLY | O_CLOEXEC);

		if (fd < 0)
			die("%s: %s", to->paths[i], strerror(errno));
		for (size_t k = 0; k < sizeof offsets / sizeof *offsets; k++)
			if (offsets[k] + 4096 <= from->disks[i].size)
				copy_data(&from->disks[i], fd, (off_t)offsets[k], (off_t)offsets[k] + 4096);
		close(fd);
	}
}
