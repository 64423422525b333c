/* SPDX-License-Identifier: MIT */
/*
 * Preload for btrfs-progs, which tell the kernel to drop an image's pages on open and on close: with
 * it both sides of a comparison run from a warm page cache. (Both use 64-bit offsets, which makes
 * this posix_fadvise64 on every architecture.)
 */
#include <fcntl.h>

int posix_fadvise(int fd, off_t offset, off_t length, int advice)
{
	(void)fd;
	(void)offset;
	(void)length;
	(void)advice;
	return 0;
}
