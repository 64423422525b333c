/* SPDX-License-Identifier: MIT */
/*
 * each_group list DIR: of a mounted filesystem, one extent in each block group that holds file data, as lines
 * "FILE OFFSET LENGTH", by TREE_SEARCH and FIEMAP. each_group free DIR <LIST: frees these extents and
 * commits, so that Linux has to write each one's cache.
 */
#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/btrfs_tree.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MOST_GROUPS 4096
#define MOST_EXTENTS 512

struct group {
	uint64_t start, end;
	bool listed;
};

static struct group groups[MOST_GROUPS];
static unsigned count, left;

static void die(const char *what)
{
	fprintf(stderr, "each_group: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* The chunks that hold data; their items come in the order of their addresses. */
static void find_groups(void)
{
	struct btrfs_ioctl_search_args args = {.key = {.tree_id = BTRFS_CHUNK_TREE_OBJECTID,
						       .min_objectid = BTRFS_FIRST_CHUNK_TREE_OBJECTID,
						       .max_objectid = BTRFS_FIRST_CHUNK_TREE_OBJECTID,
						       .max_offset = UINT64_MAX,
						       .max_transid = UINT64_MAX,
						       .min_type = BTRFS_CHUNK_ITEM_KEY,
						       .max_type = BTRFS_CHUNK_ITEM_KEY}};
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		die(".");
	for (;;) {
		const char *p = args.buf;

		args.key.nr_items = 64;
		if (ioctl(fd, BTRFS_IOC_TREE_SEARCH, &args) != 0)
			die("TREE_SEARCH");
		if (!args.key.nr_items)
			break;
		for (unsigned i = 0; i < args.key.nr_items; i++) {
			struct btrfs_ioctl_search_header header;
			struct btrfs_chunk chunk;

			memcpy(&header, p, sizeof(header));
			memcpy(&chunk, p + sizeof(header), sizeof(chunk));
			p += sizeof(header) + header.len;
			args.key.min_offset = header.offset + 1;
			if (count < MOST_GROUPS && le64toh(chunk.type) & BTRFS_BLOCK_GROUP_DATA)
				groups[count++] = (struct group){
					header.offset, header.offset + le64toh(chunk.length), false};
		}
	}
	left = count;
	close(fd);
}

static void list_extent(const char *name, const struct fiemap_extent *extent)
{
	for (unsigned i = 0; i < count; i++) {
		struct group *group = &groups[i];

		if (group->listed || extent->fe_physical < group->start || extent->fe_physical >= group->end)
			continue;
		printf("%s %llu %llu\n", name, (unsigned long long)extent->fe_logical,
			(unsigned long long)extent->fe_length);
		group->listed = true;
		left--;
	}
}

static void list_file(const char *name)
{
	struct fiemap *map = calloc(1, sizeof(*map) + MOST_EXTENTS * sizeof(struct fiemap_extent));
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (!map || fd < 0)
		die(name);
	map->fm_length = UINT64_MAX;
	map->fm_extent_count = MOST_EXTENTS;
	while (left) {
		if (ioctl(fd, FS_IOC_FIEMAP, map) != 0)
			die(name);
		if (!map->fm_mapped_extents)
			break;
		for (unsigned i = 0; i < map->fm_mapped_extents; i++) {
			const struct fiemap_extent *extent = &map->fm_extents[i];

			list_extent(name, extent);
			map->fm_start = extent->fe_logical + extent->fe_length;
		}
		map->fm_length = UINT64_MAX - map->fm_start;
	}
	close(fd);
	free(map);
}

static void list(void)
{
	DIR *dir = opendir(".");
	const struct dirent *entry;

	if (!dir)
		die(".");
	find_groups();
	while (left && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			list_file(entry->d_name);
	closedir(dir);
}

static void free_listed(void)
{
	char name[64];
	unsigned long long offset, length;
	int fd;

	while (scanf("%63s %llu %llu", name, &offset, &length) == 3) {
		fd = open(name, O_WRONLY | O_CLOEXEC);
		if (fd < 0 || fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset,
				      (off_t)length) != 0)
			die(name);
		close(fd);
	}
	fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || syncfs(fd) != 0)
		die("syncfs");
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc != 3 || (strcmp(argv[1], "list") != 0 && strcmp(argv[1], "free") != 0)) {
		fprintf(stderr, "usage: each_group list|free DIR\n");
		return 2;
	}
	if (chdir(argv[2]) != 0)
		die(argv[2]);
	if (argv[1][0] == 'l')
		list();
	else
		free_listed();
	return 0;
}
