/* SPDX-License-Identifier: MIT */
/*
 * Preload for btrfs-progs, which tell the kernel to drop an image's pages on open and on close: with
 * it both sides of a comparison run from a warm page cache. The call has two names, by how the caller's
 * offsets are declared.
 */
#include <sys/types.h>

int warm_fadvise(int fd, off_t offset, off_t length, int advice) __asm__("posix_fadvise");
int warm_fadvise64(int fd, off_t offset, off_t length, int advice) __asm__("posix_fadvise64");

int warm_fadvise(int fd, off_t offset, off_t length, int advice)
{
	(void)fd;
	(void)offset;
	(void)length;
	(void)advice;
	return 0;
}

int warm_fadvise64(int fd, off_t offset, off_t length, int advice)
{
	return warm_fadvise(fd, offset, length, advice);
}
