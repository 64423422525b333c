/* SPDX-License-Identifier: MIT */
/*
 * rewrite [all] [invalidate] [enable-v1] [dry-run] [group=N]... IMAGE[,IMAGE...]: calls fsw_rewrite() and
 * prints what it told: each event as it came, then what became of each block group and the commit's figures.
 * Nothing between the library and these lines makes them up. Exit 0; 1 when a cache that was asked for is not
 * WRITTEN in the end; 2 with one sentence when it was refused or failed.
 */
#include "../../libfswrite/fswrite.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LIST 64u

static int print_event(void *arg, const struct fsw_event *e)
{
	(void)arg;
	if (e->kind == FSW_EVENT_STATE)
		printf("event %" PRIu64 " %s: %s\n", e->block_group, fsr_state_name(e->state), e->text);
	else if (e->kind == FSW_EVENT_PHASE)
		return 0;
	else if (e->removed.kind == FSW_REMOVED_HEADER)
		printf("removed header %" PRIu64 "\n", e->removed.block_group);
	else
		printf("removed inode %" PRIu64 "\n", e->removed.inode);
	return 0;
}

static void print_result(const struct fsw_result *r)
{
	const struct fsw_transaction *t = &r->transaction;

	for (size_t i = 0; i < r->ngroups; i++) {
		const struct fsw_group *g = &r->groups[i];

		printf("group %" PRIu64 " why %s before %s after %s entries %" PRIu64 " bitmaps %" PRIu64
		       " file %" PRIu64 " problem %s\n",
			g->bytenr, fsw_why_name(g->why), fsr_state_name(g->before), fsr_state_name(g->after),
			g->entries, g->bitmaps, g->cache_bytenr, *g->problem ? g->problem : "-");
	}
	printf("planned %d generation %" PRIu64 " blocks %" PRIu64 " cache-bytes %" PRIu64
	       " removed %zu unwritten %zu\n",
		r->planned, t->generation, t->blocks_written, t->cache_bytes_written, r->nremoved,
		r->unwritten);
}

/* False: it is no option. */
static bool take_option(struct fsw_options *o, uint64_t groups[MAX_LIST], const char *word)
{
	const struct {
		const char *name;
		bool *on;
	} table[] = {{"all", &o->all}, {"invalidate", &o->invalidate}, {"enable-v1", &o->enable_v1},
		{"dry-run", &o->dry_run}};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (!strcmp(word, table[i].name))
			return *table[i].on = true;
	if (strncmp(word, "group=", 6) != 0 || o->ngroups == MAX_LIST)
		return false;
	groups[o->ngroups++] = strtoull(word + 6, NULL, 10);
	return true;
}

int main(int argc, char **argv)
{
	uint64_t groups[MAX_LIST];
	struct fsw_options options = {.groups = groups, .event = print_event};
	const char *paths[MAX_LIST];
	struct fsw_result *result;
	struct fsr_error err;
	size_t n = 0;
	int at = 1, ret;

	while (at < argc - 1 && take_option(&options, groups, argv[at]))
		at++;
	if (at != argc - 1) {
		fprintf(stderr, "usage: rewrite [OPTION...] IMAGE[,IMAGE...]\n");
		return 2;
	}
	for (char *p = strtok(argv[at], ","); p && n < MAX_LIST; p = strtok(NULL, ","))
		paths[n++] = p;
	ret = fsw_rewrite(&result, paths, n, &options, &err);
	if (ret) {
		fprintf(stderr, "rewrite: error %d: %s\n", ret, err.text);
		return 2;
	}
	print_result(result);
	ret = result->unwritten ? 1 : 0;
	fsw_result_free(result);
	return fflush(stdout) ? 2 : ret;
}
