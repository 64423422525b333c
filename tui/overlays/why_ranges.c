/* SPDX-License-Identifier: MIT */
/* The ranges that differ, with the entries that list them. */
#include "why.h"

#include "../screens/map_entry.h"
#include "../screens/words.h"

#include <stdlib.h>

struct reader {
	struct job *job;
	struct fsr_fs *fs;
	uint64_t group;
	uint32_t sectorsize;
	struct why_ranges *out;
};

static int take(struct why_ranges *out, const struct fsr_diff_range *range)
{
	size_t *n = range->excess ? &out->nexcess : &out->nmissing;
	struct why_range *list = range->excess ? out->excess : out->missing;

	if (*n < WHY_RANGES)
		list[*n] = (struct why_range){.range = *range};
	++*n;
	return 0;
}

static int take_read(void *arg, const struct fsr_diff_range *range)
{
	struct reader *reader = arg;

	take(reader->out, range);
	return job_stopped(reader->job);
}

static void locate(const struct reader *reader, const struct fsr_cache *cache, struct why_range *range)
{
	size_t entry;

	range->cached = map_entry_listing(
		cache, reader->sectorsize, range->range.bytenr, &entry, &range->page, &range->byte);
	if (!range->cached)
		return;
	range->entry = cache->entries[entry];
	range->number = entry;
}

static void read_ranges(struct job *job, void *arg)
{
	struct reader *reader = arg;
	struct fsr_cache *cache;
	struct fsr_error err;

	reader->job = job;
	fsr_diff(reader->fs, reader->group, take_read, reader, &err);
	if (reader->out->nexcess && !reader->out->excess[0].range.free_space_tree && !job_stopped(job) &&
		!fsr_cache_open(reader->fs, reader->group, &cache, &err)) {
		for (size_t i = 0; i < reader->out->nexcess && i < WHY_RANGES; i++)
			locate(reader, cache, &reader->out->excess[i]);
		fsr_cache_free(cache);
	}
	job_post(job, reader->out);
	free(reader);
}

struct job *why_read(struct tab *tab, const struct record *record)
{
	uint64_t excess = 0, missing = 0;
	struct reader *reader;
	struct job *job;

	if (!tab_has_image(tab) || !record_differences(record, &excess, &missing) || !(excess || missing))
		return NULL;
	reader = calloc(1, sizeof *reader);
	if (!reader)
		return NULL;
	*reader = (struct reader){.fs = tab->fs,
		.group = record->group.bytenr,
		.sectorsize = tab->facts.sectorsize,
		.out = calloc(1, sizeof *reader->out)};
	job = reader->out ? job_start(read_ranges, reader, free) : NULL;
	if (!job) {
		free(reader->out);
		free(reader);
	}
	return job;
}

bool why_recorded(const struct tab *tab, const struct record *record, struct why_ranges *out)
{
	*out = (struct why_ranges){0};
	if (tab->kind != TAB_REPORT || !tab->image->has_ranges)
		return false;
	for (size_t i = 0; i < tab->image->nranges; i++)
		if (tab->image->ranges[i].block_group == record->group.bytenr)
			take(out, &tab->image->ranges[i]);
	return true;
}
