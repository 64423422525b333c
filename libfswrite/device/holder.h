/* SPDX-License-Identifier: MIT */
/* Who stands in the way of a claim, in words; as far as /proc and /sys tell. */
#ifndef FSWRITE_DEVICE_HOLDER_H
#define FSWRITE_DEVICE_HOLDER_H

#include <stdbool.h>
#include <sys/stat.h>

#define HOLDER_SIZE 200u

/*
 * Whether the block device (by st->st_rdev), the disk it is a part of, or one of its partitions is mounted,
 * used for swapping, or part of another device such as dm-0: "mounted on '/mnt'", "used by dm-0".
 */
bool holder_of_device(const struct stat *st, char text[HOLDER_SIZE]);
/* The process that holds a flock() on the file: "locked by process 12". */
bool holder_of_lock(const struct stat *st, char text[HOLDER_SIZE]);

#endif
