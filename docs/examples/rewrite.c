/* SPDX-License-Identifier: MIT */
/*
 * Has the cache of one block group written anew: rewrite IMAGE BYTENR. Built outside of this tree by
 *   cc -o rewrite rewrite.c $(pkg-config --cflags --libs libfswrite)
 */
#include <fswrite.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	if (argc != 3) {
		fputs("usage: rewrite IMAGE BYTENR\n", stderr);
		return 2;
	}
	const char *paths[] = {argv[1]};
	const uint64_t group = strtoull(argv[2], NULL, 0);
	const struct fsw_options options = {.groups = &group, .ngroups = 1};
	struct fsw_result *result;
	struct fsr_error err;

	if (fsw_rewrite(&result, paths, 1, &options, &err) != 0) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	bool written = result->unwritten == 0;
	printf("generation %llu\n", (unsigned long long)result->transaction.generation);
	fsw_result_free(result);
	return written ? 0 : 1;
}
