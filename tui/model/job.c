/* SPDX-License-Identifier: MIT */
#include "job.h"

#include "../term/signals.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct link {
	struct link *next;
	void *item;
};

struct job {
	pthread_t thread;
	pthread_mutex_t lock;
	struct link *first, **last;
	bool ended;
	atomic_bool stop;
	job_fn fn;
	void *arg;
	job_free_fn free_item;
};

static void *run(void *arg)
{
	struct job *job = arg;

	job->fn(job, job->arg);
	pthread_mutex_lock(&job->lock);
	job->ended = true;
	pthread_mutex_unlock(&job->lock);
	wake_up();
	return NULL;
}

struct job *job_start(job_fn fn, void *arg, job_free_fn free_item)
{
	struct job *job = calloc(1, sizeof *job);

	if (!job)
		return NULL;
	job->fn = fn;
	job->arg = arg;
	job->free_item = free_item;
	job->last = &job->first;
	atomic_init(&job->stop, false);
	pthread_mutex_init(&job->lock, NULL);
	if (!pthread_create(&job->thread, NULL, run, job))
		return job;
	pthread_mutex_destroy(&job->lock);
	free(job);
	return NULL;
}

void job_stop(struct job *job)
{
	if (job)
		atomic_store(&job->stop, true);
}

void job_end(struct job *job)
{
	void *item;

	if (!job)
		return;
	job_stop(job);
	pthread_join(job->thread, NULL);
	while ((item = job_take(job)))
		job->free_item(item);
	pthread_mutex_destroy(&job->lock);
	free(job);
}

bool job_stopped(const struct job *job)
{
	return atomic_load(&job->stop);
}

bool job_post(struct job *job, void *item)
{
	struct link *link = malloc(sizeof *link);

	if (!link) {
		job->free_item(item);
		return false;
	}
	*link = (struct link){NULL, item};
	pthread_mutex_lock(&job->lock);
	*job->last = link;
	job->last = &link->next;
	pthread_mutex_unlock(&job->lock);
	wake_up();
	return true;
}

void *job_take(struct job *job)
{
	struct link *link;
	void *item = NULL;

	pthread_mutex_lock(&job->lock);
	link = job->first;
	if (link) {
		job->first = link->next;
		if (!job->first)
			job->last = &job->first;
		item = link->item;
	}
	pthread_mutex_unlock(&job->lock);
	free(link);
	return item;
}

bool job_done(struct job *job)
{
	bool done;

	pthread_mutex_lock(&job->lock);
	done = job->ended && !job->first;
	pthread_mutex_unlock(&job->lock);
	return done;
}
