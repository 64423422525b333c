/* SPDX-License-Identifier: MIT */
/*
 * The states that a crash can leave. What a device was told to flush is there; of its later writes each
 * sector may be there or not. Devices are flushed one by one, so what is certain is counted for each by
 * itself.
 */
#include "crash.h"

#include <stdlib.h>
#include <string.h>

struct walk {
	const struct ground *ground;
	const struct enumeration *how;
	struct state prefix, certain, all, tried;
	size_t *open; /* writes before the position that no flush covers */
	size_t nopen, position;
	uint64_t random;
	size_t *order;
	uint64_t *seen; /* open addressing; room is a power of 2 */
	size_t nseen, seen_room;
	state_fn fn;
	void *arg;
};

const char *origin_name(enum origin_kind kind)
{
	static const char *const names[] = {
		[ORIGIN_PREFIX] = "prefix",
		[ORIGIN_LOST] = "lost",
		[ORIGIN_TORN] = "torn",
		[ORIGIN_TORN_ALL] = "torn among all",
		[ORIGIN_SHUFFLED] = "reordered",
	};

	return names[kind];
}

/* splitmix64 */
static uint64_t next_random(struct walk *w)
{
	uint64_t z = w->random += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* ---- each state once */

static bool put_seen(uint64_t *table, size_t room, uint64_t hash)
{
	size_t i = hash & (room - 1);

	while (table[i] && table[i] != hash)
		i = (i + 1) & (room - 1);
	if (table[i] == hash)
		return false;
	table[i] = hash;
	return true;
}

static void grow_seen(struct walk *w)
{
	size_t room = w->seen_room ? 2 * w->seen_room : 4096;
	uint64_t *table = must_alloc(room, sizeof *table);

	for (size_t i = 0; i < w->seen_room; i++)
		if (w->seen[i])
			put_seen(table, room, w->seen[i]);
	free(w->seen);
	w->seen = table;
	w->seen_room = room;
}

static int offer(
	struct walk *w, const struct state *state, enum origin_kind kind, size_t event, size_t sectors)
{
	struct origin origin = {kind, w->position, event, sectors};

	if (2 * w->nseen >= w->seen_room)
		grow_seen(w);
	if (!put_seen(w->seen, w->seen_room, state->hash ? state->hash : 1))
		return 0;
	w->nseen++;
	return w->fn(w->arg, state, &origin);
}

/* ---- one write in part */

static size_t sectors_of(const struct event *event)
{
	return event->length / SECTOR;
}

/* Where a write is torn: everywhere if it is small enough, else at places of equal distance. */
static size_t tears_of(const struct walk *w, const struct event *event)
{
	size_t inner = sectors_of(event) - 1;

	return inner <= w->how->max_tears || event_is_primary(event) ? inner : w->how->max_tears;
}

static size_t tear_at(size_t i, size_t tears, size_t sectors)
{
	return 1 + i * (sectors - 1) / tears;
}

/* `from` with the first sectors of a write, or with its last ones. */
static int tear(struct walk *w, const struct state *from, size_t event, enum origin_kind kind)
{
	const struct event *e = &w->ground->log->events[event];
	size_t tears = tears_of(w, e), sectors = sectors_of(e);
	int ret = 0;

	for (size_t i = 0; i < 2 * tears && !ret; i++) {
		size_t at = tear_at(i / 2, tears, sectors);

		state_copy(&w->tried, from);
		if (i % 2)
			state_apply(&w->tried, e, at, sectors);
		else
			state_apply(&w->tried, e, 0, at);
		ret = offer(w, &w->tried, kind, event, at);
	}
	return ret;
}

/* ---- the writes that no flush covers */

/* All of them but one. */
static void apply_others(struct walk *w, size_t without)
{
	const struct event *events = w->ground->log->events;

	state_copy(&w->all, &w->certain);
	for (size_t i = 0; i < w->nopen; i++)
		if (i != without)
			state_apply(&w->all, &events[w->open[i]], 0, sectors_of(&events[w->open[i]]));
}

static int lose_and_tear(struct walk *w)
{
	int ret = 0;

	for (size_t i = 0; i < w->nopen && !ret; i++) {
		apply_others(w, i);
		ret = offer(w, &w->all, ORIGIN_LOST, w->open[i], 0);
		if (!ret)
			ret = tear(w, &w->all, w->open[i], ORIGIN_TORN_ALL);
	}
	return ret;
}

static void shuffle(struct walk *w)
{
	memcpy(w->order, w->open, w->nopen * sizeof *w->order);
	for (size_t i = w->nopen; i > 1; i--) {
		size_t k = next_random(w) % i, swap = w->order[i - 1];

		w->order[i - 1] = w->order[k];
		w->order[k] = swap;
	}
}

static void apply_some(struct walk *w, const struct event *event)
{
	size_t sectors = sectors_of(event), from = 0, to = sectors;

	switch (next_random(w) % 4) {
	case 0:
	case 1:
		break;
	case 2:
		from = next_random(w) % sectors;
		to = from + next_random(w) % (sectors - from + 1);
		break;
	default:
		return;
	}
	state_apply(&w->tried, event, from, to);
}

static int reorder(struct walk *w)
{
	int ret = 0;

	for (unsigned n = 0; n < w->how->shuffles && w->nopen && !ret; n++) {
		shuffle(w);
		state_copy(&w->tried, &w->certain);
		for (size_t i = 0; i < w->nopen; i++)
			apply_some(w, &w->ground->log->events[w->order[i]]);
		ret = offer(w, &w->tried, ORIGIN_SHUFFLED, w->order[0], 0);
	}
	return ret;
}

/* ---- along the log */

static int pass_write(struct walk *w, size_t event)
{
	const struct event *e = &w->ground->log->events[event];
	int ret = tear(w, &w->prefix, event, ORIGIN_TORN);

	state_apply(&w->prefix, e, 0, sectors_of(e));
	w->open[w->nopen++] = event;
	w->position = event + 1;
	return ret ? ret : offer(w, &w->prefix, ORIGIN_PREFIX, event, 0);
}

/* In the order in which they were given: later writes to the same place win. */
static void pass_flush(struct walk *w, unsigned disk)
{
	const struct event *events = w->ground->log->events;
	size_t kept = 0;

	for (size_t i = 0; i < w->nopen; i++) {
		const struct event *e = &events[w->open[i]];

		if (e->disk == disk)
			state_apply(&w->certain, e, 0, sectors_of(e));
		else
			w->open[kept++] = w->open[i];
	}
	w->nopen = kept;
}

static int interval_ends(struct walk *w)
{
	int ret = lose_and_tear(w);

	return ret ? ret : reorder(w);
}

static int walk_log(struct walk *w)
{
	const struct log *log = w->ground->log;
	int ret = offer(w, &w->prefix, ORIGIN_PREFIX, 0, 0);

	for (size_t i = 0; i < log->count && !ret; i++) {
		w->position = i;
		if (log->events[i].flush) {
			ret = interval_ends(w);
			pass_flush(w, log->events[i].disk);
		} else {
			ret = pass_write(w, i);
		}
	}
	w->position = log->count;
	return ret ? ret : interval_ends(w);
}

int enumerate(const struct ground *ground, const struct enumeration *how, state_fn fn, void *arg)
{
	struct walk w = {.ground = ground, .how = how, .random = how->seed, .fn = fn, .arg = arg};
	int ret;

	w.open = must_alloc(ground->log->count + 1, sizeof *w.open);
	w.order = must_alloc(ground->log->count + 1, sizeof *w.order);
	state_make(&w.prefix, ground);
	state_make(&w.certain, ground);
	state_make(&w.all, ground);
	state_make(&w.tried, ground);
	ret = walk_log(&w);
	state_free(&w.prefix);
	state_free(&w.certain);
	state_free(&w.all);
	state_free(&w.tried);
	free(w.open);
	free(w.order);
	free(w.seen);
	return ret;
}
