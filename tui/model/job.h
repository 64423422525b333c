/* SPDX-License-Identifier: MIT */
/*
 * Work in a thread of its own, whose results the main thread takes one by one: all that threads share here.
 * What the main thread draws is never touched by a job.
 */
#ifndef TUI_MODEL_JOB_H
#define TUI_MODEL_JOB_H

#include <stdbool.h>

struct job;
typedef void (*job_fn)(struct job *job, void *arg);
typedef void (*job_free_fn)(void *item);

/* Starts fn(job, arg). Items that nobody took are given to free_item. NULL: no thread, no memory. */
struct job *job_start(job_fn fn, void *arg, job_free_fn free_item);
/* Asks it to end, waits for that, and frees it. NULL is fine. */
void job_end(struct job *job);
/* Asks it to end, and does not wait. */
void job_stop(struct job *job);

/* In the job: whether it was asked to end. */
bool job_stopped(const struct job *job);
/* In the job: hands an item over; the main loop wakes up. false: no memory, the item was freed. */
bool job_post(struct job *job, void *item);

/* In the main thread: the next item, now the caller's; NULL when there is none at present. */
void *job_take(struct job *job);
/* In the main thread: it has ended, and everything was taken. */
bool job_done(struct job *job);

#endif
