/* SPDX-License-Identifier: MIT */
/* fsr_judge(): workers take block groups side by side, the calling thread gives them out in order. */
#include "format/error.h"
#include "space/judge.h"

#include <stdlib.h>
#include <unistd.h>

#define THREADS_MAX 8u
#define WINDOW 64u /* how far workers may run ahead of the caller's function */

struct result {
	bool done;
	int ret;
	struct fsr_error err;
	struct fsr_group group;
};

struct pool {
	struct fsr_fs *fs;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t next, given, end; /* next to take, next to give out */
	bool stop;
	struct result results[WINDOW];
};

/* Copies the findings, which belong to the worker's judge, into the record. */
static int keep_findings(struct fsr_group *group)
{
	struct fsr_finding *copy;

	if (!group->nfindings) {
		group->findings = NULL;
		return 0;
	}
	copy = malloc(group->nfindings * sizeof *copy);
	if (copy)
		memcpy(copy, group->findings, group->nfindings * sizeof *copy);
	group->findings = copy;
	return copy ? 0 : FSR_E_NOMEM;
}

static void judge_into(struct judge *j, size_t i, struct result *r)
{
	r->ret = judge_group(j, i, &r->group, &r->err);
	if (!r->ret && keep_findings(&r->group))
		r->ret = fsr_fail_nomem(&r->err);
	if (r->ret)
		r->group.findings = NULL;
}

static void *work(void *arg)
{
	struct pool *pool = arg;
	struct judge j;

	judge_init(&j, pool->fs);
	pthread_mutex_lock(&pool->lock);
	while (!pool->stop && pool->next < pool->end) {
		size_t i = pool->next;

		if (i >= pool->given + WINDOW) {
			pthread_cond_wait(&pool->changed, &pool->lock);
			continue;
		}
		pool->next++;
		pthread_mutex_unlock(&pool->lock);
		judge_into(&j, i, &pool->results[i % WINDOW]);
		pthread_mutex_lock(&pool->lock);
		pool->results[i % WINDOW].done = true;
		pthread_cond_broadcast(&pool->changed);
	}
	pthread_mutex_unlock(&pool->lock);
	judge_free(&j);
	return NULL;
}

static int show_progress(const struct fsr_judge_options *options, size_t done, size_t total)
{
	if (!options || !options->progress)
		return 0;
	return options->progress(options->progress_arg, "judging block groups", done, total);
}

static int give_out(const struct fsr_judge_options *options, struct result *r, size_t done, size_t total,
	fsr_group_fn fn, void *arg, struct fsr_error *err)
{
	int ret = r->ret;

	if (ret)
		*err = r->err;
	else if (show_progress(options, done, total) || fn(arg, &r->group))
		ret = fsr_fail(err, FSR_E_STOPPED, 0, FSR_NO_BYTENR, "stopped");
	free((void *)r->group.findings);
	r->group.findings = NULL;
	return ret;
}

static int give_out_all(struct pool *pool, const struct fsr_judge_options *options, fsr_group_fn fn,
	void *arg, struct fsr_error *err)
{
	size_t first = pool->given;
	int ret = 0;

	pthread_mutex_lock(&pool->lock);
	while (!ret && pool->given < pool->end) {
		struct result *r = &pool->results[pool->given % WINDOW];

		if (!r->done) {
			pthread_cond_wait(&pool->changed, &pool->lock);
			continue;
		}
		pthread_mutex_unlock(&pool->lock);
		ret = give_out(options, r, pool->given - first, pool->end - first, fn, arg, err);
		pthread_mutex_lock(&pool->lock);
		r->done = false;
		pool->given++;
		pthread_cond_broadcast(&pool->changed);
	}
	pool->stop = true;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
	return ret;
}

static int run_pool(struct pool *pool, unsigned threads, const struct fsr_judge_options *options,
	fsr_group_fn fn, void *arg, struct fsr_error *err)
{
	pthread_t ids[THREADS_MAX];
	unsigned started = 0;
	int ret;

	while (started < threads && !pthread_create(&ids[started], NULL, work, pool))
		started++;
	if (!started)
		return fsr_fail(err, FSR_E_NOMEM, 0, FSR_NO_BYTENR, "no thread can be started");
	ret = give_out_all(pool, options, fn, arg, err);
	for (unsigned i = 0; i < started; i++)
		pthread_join(ids[i], NULL);
	for (size_t i = 0; i < WINDOW; i++)
		if (pool->results[i].done)
			free((void *)pool->results[i].group.findings);
	return ret;
}

static unsigned thread_count(const struct fsr_judge_options *options, size_t groups)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned n = options && options->threads ? options->threads : online > 0 ? (unsigned)online : 1;

	if (n > THREADS_MAX)
		n = THREADS_MAX;
	if (n > groups)
		n = groups ? (unsigned)groups : 1;
	return n;
}

/* A writer that commits while we read would leave us with parts of two filesystems. */
static int check_unchanged(struct fsr_fs *fs, struct fsr_error *err)
{
	const struct volume *volume = fs->volume;
	uint8_t now[SUPER_SIZE];

	for (size_t i = 0; i < volume->nmirrors; i++) {
		const struct fsr_super_mirror *mirror = &volume->mirrors[i];
		uint64_t generation;

		if (!mirror->used)
			continue;
		for (size_t k = 0; k < volume->ndevices; k++) {
			if (volume->devices[k].info.devid != mirror->devid ||
				source_read(volume->devices[k].source, now, sizeof now, mirror->offset, NULL))
				continue;
			generation = get64(now + SUPER_GENERATION);
			if (generation != get64(mirror->raw + SUPER_GENERATION))
				return fsr_fail(err, FSR_E_CHANGED, mirror->devid, mirror->offset,
					"the filesystem changed while it was read (generation %llu, then "
					"%llu)",
					(unsigned long long)get64(mirror->raw + SUPER_GENERATION),
					(unsigned long long)generation);
		}
	}
	return 0;
}

int fsr_judge(struct fsr_fs *fs, const struct fsr_judge_options *options, fsr_group_fn fn, void *arg,
	struct fsr_error *err)
{
	struct pool *pool = calloc(1, sizeof *pool);
	struct fsr_error ignored;
	int ret = 0;

	if (!err)
		err = &ignored;
	if (!pool)
		return fsr_fail_nomem(err);
	pool->fs = fs;
	pool->end = fs->ngroups;
	if (options && options->has_group) {
		const struct group_facts *group = find_group(fs, options->group);

		if (!group) {
			free(pool);
			return fsr_fail(err, FSR_E_NOT_FOUND, 0, options->group,
				"no block group begins at %llu", (unsigned long long)options->group);
		}
		pool->next = pool->given = (size_t)(group - fs->groups);
		pool->end = pool->next + 1;
	}
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->changed, NULL);
	if (pool->next < pool->end)
		ret = run_pool(pool, thread_count(options, pool->end - pool->next), options, fn, arg, err);
	pthread_cond_destroy(&pool->changed);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
	return ret ? ret : check_unchanged(fs, err);
}
