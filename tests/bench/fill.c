/* SPDX-License-Identifier: MIT */
/*
 * fill DIR EXTENTS: fragments a mounted filesystem, the same way every time, by fallocate alone. Twice
 * as many extents as asked for, of 4 KiB to 64 KiB, are put into files that are kept and files that
 * are not, in turn; the latter are then cut off from their ends in rounds, a commit after each, since
 * Linux gives up on the cache of a block group that frees too much in one commit.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PER_FILE 20000
#define ROUNDS 8
#define SECTOR 4096

static void die(const char *what)
{
	fprintf(stderr, "fill: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t next_random(void)
{
	static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state * UINT64_C(0x2545f4914f6cdd1d) >> 32;
}

static void name_of(char *name, size_t size, char kind, unsigned long number)
{
	snprintf(name, size, "%c%06lu", kind, number);
}

/* A pair of files, one to keep and one to free, with PER_FILE extents each, taking turns on disk. */
static void make_pair(unsigned long number, unsigned long each, bool small)
{
	int fd[2];
	off_t end[2] = {0, 0};

	for (int i = 0; i < 2; i++) {
		char name[32];

		name_of(name, sizeof(name), i ? 'f' : 'k', number);
		fd[i] = open(name, O_CREAT | O_WRONLY, 0644);
		if (fd[i] < 0)
			die(name);
	}
	for (unsigned long i = 0; i < 2 * each; i++) {
		off_t length = small ? SECTOR : SECTOR << next_random() % 5;

		if (fallocate(fd[i & 1], 0, end[i & 1], length) != 0)
			die("fallocate");
		end[i & 1] += length;
	}
	for (int i = 0; i < 2; i++)
		close(fd[i]);
}

static void free_round(unsigned long pairs, off_t *whole, int left)
{
	for (unsigned long i = 0; i < pairs; i++) {
		char name[32];
		struct stat st;

		name_of(name, sizeof(name), 'f', i);
		if (whole[i] == 0) {
			if (stat(name, &st) != 0)
				die(name);
			whole[i] = st.st_size;
		}
		if (truncate(name, whole[i] / ROUNDS * left) != 0)
			die(name);
	}
	sync();
}

int main(int argc, char **argv)
{
	unsigned long pairs = argc == 3 ? (strtoul(argv[2], NULL, 10) + PER_FILE - 1) / PER_FILE : 0;
	off_t *whole;

	if (!pairs) {
		fprintf(stderr, "usage: fill DIR EXTENTS\n");
		return 2;
	}
	whole = calloc(pairs, sizeof(*whole));
	if (!whole || chdir(argv[1]) != 0)
		die(argv[1]);
	for (unsigned long i = 0; i < pairs; i++)
		make_pair(i, PER_FILE, i < pairs / 4);
	sync();
	for (int left = ROUNDS - 1; left >= 0; left--)
		free_round(pairs, whole, left);
	free(whole);
	return 0;
}
