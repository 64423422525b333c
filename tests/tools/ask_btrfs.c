/* SPDX-License-Identifier: MIT */
/*
 * ask_btrfs REQUEST: requests to a mounted btrfs that its own tools have no word for, or take long over.
 * (tests/kernel) subvolumes FOLDER COUNT           makes the subvolumes s1, s2, ... in the folder snapshots
 * SUBVOLUME FOLDER COUNT  makes the snapshots s1, s2, ... of it in the folder simple-quota FOLDER turns
 * simple quotas on; status 3: this kernel knows none
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define ENABLE_SIMPLE_QUOTA 4 /* BTRFS_QUOTA_CTL_ENABLE_SIMPLE_QUOTA, since Linux 6.7 */

static int open_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		err(2, "%s", path);
	return fd;
}

static void make_subvolumes(const char *folder, long count)
{
	int fd = open_folder(folder);

	for (long i = 1; i <= count; i++) {
		struct btrfs_ioctl_vol_args args = {0};

		snprintf(args.name, sizeof(args.name), "s%ld", i);
		if (ioctl(fd, BTRFS_IOC_SUBVOL_CREATE, &args) != 0)
			err(2, "%s/%s", folder, args.name);
	}
}

static void make_snapshots(const char *source, const char *folder, long count)
{
	int fd = open_folder(folder), from = open_folder(source);

	for (long i = 1; i <= count; i++) {
		struct btrfs_ioctl_vol_args_v2 args = {.fd = from};

		snprintf(args.name, sizeof(args.name), "s%ld", i);
		if (ioctl(fd, BTRFS_IOC_SNAP_CREATE_V2, &args) != 0)
			err(2, "%s/%s", folder, args.name);
	}
}

static int turn_simple_quota_on(const char *folder)
{
	struct btrfs_ioctl_quota_ctl_args args = {.cmd = ENABLE_SIMPLE_QUOTA};

	if (ioctl(open_folder(folder), BTRFS_IOC_QUOTA_CTL, &args) == 0)
		return 0;
	if (errno == EINVAL || errno == ENOTTY)
		return 3;
	err(2, "%s", folder);
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "subvolumes") == 0) {
		make_subvolumes(argv[2], strtol(argv[3], NULL, 10));
		return 0;
	}
	if (argc == 5 && strcmp(argv[1], "snapshots") == 0) {
		make_snapshots(argv[2], argv[3], strtol(argv[4], NULL, 10));
		return 0;
	}
	if (argc == 3 && strcmp(argv[1], "simple-quota") == 0)
		return turn_simple_quota_on(argv[2]);
	errx(2, "usage: ask_btrfs subvolumes FOLDER COUNT | snapshots SUBVOLUME FOLDER COUNT | simple-quota "
		"FOLDER");
}
