/* SPDX-License-Identifier: MIT */
#include "recall.h"

#include <stdio.h>
#include <string.h>

/* Newest first. */
static struct {
	size_t count;
	char lines[RECALL_MAX][RECALL_SIZE];
} kept[RECALL_KINDS];

void recall_add(enum recall kind, const char *line)
{
	size_t at = 0, *count = &kept[kind].count;

	if (!*line || strlen(line) >= RECALL_SIZE)
		return;
	while (at < *count && strcmp(kept[kind].lines[at], line) != 0)
		at++;
	if (at == *count && *count < RECALL_MAX)
		++*count;
	if (at == RECALL_MAX)
		at--;
	memmove(kept[kind].lines[1], kept[kind].lines[0], at * RECALL_SIZE);
	snprintf(kept[kind].lines[0], RECALL_SIZE, "%s", line);
}

const char *recall_line(enum recall kind, size_t i)
{
	return i && i <= kept[kind].count ? kept[kind].lines[i - 1] : NULL;
}
