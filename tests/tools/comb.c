/* SPDX-License-Identifier: MIT */
/*
 * comb TEETH GAPS PAIRS TOOTH: preallocates two files in turns, TOOTH bytes of the one and 4 KiB of the
 * other, so that their extents alternate where nothing else goes on. Removing GAPS then leaves PAIRS
 * holes. (samples/make)
 */
#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long size[2] = {0, 4096}, pairs;
	int file[2];

	if (argc != 5)
		errx(2, "usage: comb TEETH GAPS PAIRS TOOTH");
	pairs = strtol(argv[3], NULL, 10);
	size[0] = strtol(argv[4], NULL, 10);
	for (int i = 0; i < 2; i++) {
		file[i] = open(argv[1 + i], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (file[i] < 0)
			err(2, "%s", argv[1 + i]);
	}
	for (long k = 0; k < pairs; k++)
		for (int i = 0; i < 2; i++)
			if (fallocate(file[i], 0, k * size[i], size[i]) != 0)
				err(2, "%s", argv[1 + i]);
	for (int i = 0; i < 2; i++)
		if (close(file[i]) != 0)
			err(2, "%s", argv[1 + i]);
	return 0;
}
