/* SPDX-License-Identifier: MIT */
#include "read_pool.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 16384

/* One block; the newest comes first. */
struct report_pool {
	struct report_pool *older;
	size_t used, size;
	char *bytes[]; /* for its alignment */
};

static struct report_pool *new_block(struct report_pool *older, size_t least)
{
	size_t size = least > BLOCK_SIZE ? least : BLOCK_SIZE;
	struct report_pool *block = malloc(sizeof *block + size);

	if (block)
		*block = (struct report_pool){.older = older, .size = size};
	return block;
}

void *pool_take(struct report_pool **pool, size_t size)
{
	size_t rounded = (size + sizeof(char *) - 1) / sizeof(char *) * sizeof(char *);

	if (!*pool || (*pool)->size - (*pool)->used < rounded) {
		struct report_pool *block = new_block(*pool, rounded);
		if (!block)
			return NULL;
		*pool = block;
	}
	char *piece = (char *)(*pool)->bytes + (*pool)->used;
	(*pool)->used += rounded;
	return piece;
}

char *pool_text(struct report_pool **pool, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = pool_take(pool, size);

	return copy ? memcpy(copy, text, size) : NULL;
}

void pool_free(struct report_pool *pool)
{
	while (pool) {
		struct report_pool *older = pool->older;
		free(pool);
		pool = older;
	}
}
