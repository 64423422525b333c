/* SPDX-License-Identifier: MIT */
#include "map_pass.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define JOBS_MAX 8u

/* What is to be read of one block group. */
struct order {
	size_t group;
	uint64_t bytenr;       /* of the block group */
	uint64_t skipped;      /* cells of it in front of those asked for */
	uint64_t first, count; /* those, as the shape counts */
};

/* While jobs run they only read it, but for `next`. */
struct map_pass {
	struct fsr_fs *fs;
	unsigned shift;
	size_t norders;
	struct order *orders;
	size_t begin; /* the order that comes first */
	atomic_size_t next;
	size_t taken;
	unsigned njobs;
	struct job *jobs[JOBS_MAX];
};

/* ---- in the jobs */

struct reading {
	const struct job *job;
	struct map_run run;
	struct map_part *part;
	bool unknown;
};

static int take_span(void *arg, const struct fsr_span *span)
{
	struct reading *reading = arg;

	if (span->kind == FSR_SPAN_UNKNOWN)
		reading->unknown = true;
	map_run_add(&reading->run, span);
	return job_stopped(reading->job) ? -1 : 0;
}

static void read_group(struct job *job, const struct map_pass *pass, const struct order *order)
{
	struct map_part *part = calloc(1, sizeof *part + order->count * sizeof *part->cells);
	struct reading reading = {.job = job, .part = part};
	struct fsr_group group = {.state = FSR_STATE_UNKNOWN, .verdict = FSR_VERDICT_UNKNOWN};
	struct fsr_error err;
	int ret;

	if (!part) /* costs this block group, as a failing read does */
		return;
	part->group = order->group;
	part->first = order->first;
	part->count = order->count;
	reading.run = (struct map_run){
		order->bytenr + (order->skipped << pass->shift), pass->shift, order->count, part->cells};
	ret = fsr_spans(pass->fs, order->bytenr, &group, take_span, &reading, &err);
	if (job_stopped(job)) {
		free(part);
		return;
	}
	part->facts = map_facts_of(&group);
	part->facts.unknown = ret || reading.unknown;
	job_post(job, part);
}

static void work(struct job *job, void *arg)
{
	struct map_pass *pass = arg;

	while (!job_stopped(job)) {
		size_t i = atomic_fetch_add(&pass->next, 1);

		if (i >= pass->norders)
			return;
		read_group(job, pass, &pass->orders[(pass->begin + i) % pass->norders]);
	}
}

/* ---- in the main thread */

/* One order for each block group that has cells asked for. */
static bool give_orders(
	struct map_pass *pass, const struct map_shape *shape, uint64_t first, uint64_t end, size_t begin)
{
	size_t from = map_shape_group(shape, first), to = map_shape_group(shape, end - 1) + 1;

	pass->orders = calloc(to - from, sizeof *pass->orders);
	if (!pass->orders)
		return false;
	pass->norders = to - from;
	pass->begin = begin > from && begin < to ? begin - from : 0;
	for (size_t i = from; i < to; i++) {
		uint64_t low = shape->first[i], high = shape->first[i + 1];
		uint64_t skipped = first > low ? first - low : 0;

		high = high < end ? high : end;
		pass->orders[i - from] = (struct order){
			i, shape->groups[i].group.bytenr, skipped, low + skipped, high - low - skipped};
	}
	return true;
}

static void start_jobs(struct map_pass *pass, unsigned threads)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (!threads)
		threads = processors > 0 ? (unsigned)processors : 1;
	if (threads > JOBS_MAX)
		threads = JOBS_MAX;
	while (pass->njobs < threads && pass->njobs < pass->norders) {
		struct job *job = job_start(work, pass, free);

		if (!job)
			return;
		pass->jobs[pass->njobs++] = job;
	}
}

struct map_pass *map_pass_start(struct fsr_fs *fs, const struct map_shape *shape, uint64_t first,
	uint64_t count, uint64_t begin, unsigned threads)
{
	struct map_pass *pass = calloc(1, sizeof *pass);

	if (!pass)
		return NULL;
	pass->fs = fs;
	pass->shift = shape->shift;
	atomic_init(&pass->next, 0);
	if (count && give_orders(pass, shape, first, first + count, map_shape_group(shape, begin)))
		start_jobs(pass, threads);
	if (pass->njobs)
		return pass;
	map_pass_end(pass);
	return NULL;
}

struct map_part *map_pass_take(struct map_pass *pass)
{
	for (unsigned i = 0; i < pass->njobs; i++) {
		struct map_part *part = job_take(pass->jobs[i]);

		if (!part)
			continue;
		pass->taken++;
		return part;
	}
	return NULL;
}

bool map_pass_done(const struct map_pass *pass)
{
	for (unsigned i = 0; i < pass->njobs; i++)
		if (!job_done(pass->jobs[i]))
			return false;
	return true;
}

void map_pass_progress(const struct map_pass *pass, size_t *done, size_t *all)
{
	*done = pass->taken;
	*all = pass->norders;
}

void map_pass_stop(struct map_pass *pass)
{
	for (unsigned i = 0; i < pass->njobs; i++)
		job_stop(pass->jobs[i]);
}

void map_pass_end(struct map_pass *pass)
{
	if (!pass)
		return;
	map_pass_stop(pass);
	for (unsigned i = 0; i < pass->njobs; i++)
		job_end(pass->jobs[i]);
	free(pass->orders);
	free(pass);
}
