/* SPDX-License-Identifier: MIT */
/* fsr_spans(): what the bytes of one block group are. */
#include "spans.h"
#include "format/error.h"

#include <stdlib.h>

/* 1 MiB of them, more than a block group of 1 GiB has as a rule. */
#define KEPT_MAX 65536u

struct kept_range {
	uint64_t start, end;
};

struct spans {
	const struct group_facts *group;
	fsr_span_fn fn;
	void *arg;
	struct fsr_error *err;
	int ret;
	struct kept_range *kept;
	size_t nkept, most;
	bool too_many;
};

/* Cut to the block group: a cache may list what lies outside. */
static int give(struct spans *s, enum fsr_span_kind kind, uint64_t start, uint64_t end)
{
	uint64_t first = s->group->bytenr, last = first + s->group->length;
	struct fsr_span span = {.kind = kind};

	start = start > first ? start : first;
	end = end < last ? end : last;
	if (s->ret || start >= end)
		return s->ret;
	span.bytenr = start;
	span.length = end - start;
	if (s->fn(s->arg, &span))
		s->ret = fsr_fail(s->err, FSR_E_STOPPED, 0, FSR_NO_BYTENR, "stopped");
	return s->ret;
}

static void keep_used(void *arg, uint64_t start, uint64_t end)
{
	struct spans *s = arg;

	if (s->nkept < s->most)
		s->kept[s->nkept++] = (struct kept_range){start, end};
	else
		s->too_many = true;
}

static void give_used(void *arg, uint64_t start, uint64_t end)
{
	give(arg, FSR_SPAN_USED, start, end);
}

static int give_difference(void *arg, uint64_t start, uint64_t end, bool excess)
{
	return give(arg, excess ? FSR_SPAN_EXCESS : FSR_SPAN_MISSING, start, end);
}

static int give_stripes(struct spans *s, const struct chunk *chunk)
{
	struct super_stripe one;
	size_t n = chunk_super_stripes(chunk, &one, 1);
	struct super_stripe *stripes = n ? calloc(n, sizeof *stripes) : NULL;

	if (!n)
		return 0;
	if (!stripes)
		return fsr_fail_nomem(s->err);
	n = chunk_super_stripes(chunk, stripes, n);
	for (size_t i = 0; i < n; i++)
		give(s, FSR_SPAN_SUPER, stripes[i].start, stripes[i].end);
	free(stripes);
	return s->ret;
}

/* Everything in one go, but for what calls for a second scan. */
static int give_all(struct spans *s, struct judge *j, const struct fsr_group *record)
{
	difference_fn v2 = record->relation == FSR_RELATION_NULL ? give_difference : NULL;
	int ret;

	if (!record->has_recomputed)
		return give(s, FSR_SPAN_UNKNOWN, record->bytenr, record->bytenr + record->length);
	j->used.fn = s->too_many ? give_used : NULL;
	for (size_t i = 0; i < s->nkept && !s->too_many; i++)
		give(s, FSR_SPAN_USED, s->kept[i].start, s->kept[i].end);
	ret = s->ret ? s->ret : give_stripes(s, volume_find_chunk(j->fs->volume, record->bytenr));
	return ret ? ret : judge_differences(j, record, give_difference, v2, s, s->err);
}

static int judge_and_give(struct spans *s, struct fsr_fs *fs, struct fsr_group *record)
{
	struct judge j;
	int ret;

	s->kept = malloc((s->most + 1) * sizeof *s->kept);
	if (!s->kept)
		return fsr_fail_nomem(s->err);
	judge_init(&j, fs);
	j.used = (struct used_sink){keep_used, s};
	ret = judge_group(&j, (size_t)(s->group - fs->groups), record, s->err);
	record->findings = NULL; /* they end with the judge */
	record->nfindings = 0;
	if (!ret)
		ret = give_all(s, &j, record);
	judge_free(&j);
	free(s->kept);
	return ret ? ret : s->ret;
}

int give_spans(struct fsr_fs *fs, uint64_t block_group, size_t most, struct fsr_group *group, fsr_span_fn fn,
	void *arg, struct fsr_error *err)
{
	struct fsr_error ignored = {0};
	struct spans s = {.group = find_group(fs, block_group),
		.fn = fn,
		.arg = arg,
		.err = err ? err : &ignored,
		.most = most};
	struct fsr_group record;
	int ret;

	if (!s.group)
		return fsr_fail(err, FSR_E_NOT_FOUND, 0, block_group, "no block group begins at %llu",
			(unsigned long long)block_group);
	ret = judge_and_give(&s, fs, &record);
	if (!ret && group)
		*group = record;
	return ret;
}

int fsr_spans(struct fsr_fs *fs, uint64_t block_group, struct fsr_group *group, fsr_span_fn fn, void *arg,
	struct fsr_error *err)
{
	return give_spans(fs, block_group, KEPT_MAX, group, fn, arg, err);
}
