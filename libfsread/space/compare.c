/* SPDX-License-Identifier: MIT */
#include "compare.h"

void compare_init(struct compare *c, range_source next, void *source, difference_fn fn, void *arg)
{
	*c = (struct compare){.next = next, .source = source, .fn = fn, .arg = arg};
	c->have = next(source, &c->start, &c->end);
}

static void flush(struct compare *c)
{
	if (c->pending && !c->stopped)
		c->stopped = c->fn(c->arg, c->pending_start, c->pending_end, c->pending_excess);
	c->pending = false;
}

static void differ(struct compare *c, uint64_t start, uint64_t end, bool excess)
{
	if (excess)
		c->excess_bytes += end - start;
	else
		c->missing_bytes += end - start;
	if (!c->fn)
		return;
	if (c->pending && c->pending_excess == excess && c->pending_end == start) {
		c->pending_end = end;
		return;
	}
	flush(c);
	c->pending = true;
	c->pending_excess = excess;
	c->pending_start = start;
	c->pending_end = end;
}

/* Uses up the cached range up to `to`. */
static void consume(struct compare *c, uint64_t to)
{
	c->start = to;
	if (c->start >= c->end)
		c->have = c->next(c->source, &c->start, &c->end);
}

void compare_free_range(struct compare *c, uint64_t start, uint64_t end)
{
	while (start < end && c->have && c->start < end) {
		if (c->start < start) {
			uint64_t to = c->end < start ? c->end : start;

			differ(c, c->start, to, true);
			consume(c, to);
		} else if (c->start > start) {
			differ(c, start, c->start, false);
			start = c->start;
		} else {
			start = c->end < end ? c->end : end;
			consume(c, start);
		}
	}
	if (start < end)
		differ(c, start, end, false);
}

void compare_finish(struct compare *c)
{
	while (c->have) {
		differ(c, c->start, c->end, true);
		consume(c, c->end);
	}
	flush(c);
}

enum fsr_relation compare_relation(const struct compare *c)
{
	if (c->excess_bytes)
		return c->missing_bytes ? FSR_RELATION_MISPLACED : FSR_RELATION_EXCESS;
	return c->missing_bytes ? FSR_RELATION_SHORT : FSR_RELATION_EQUAL;
}
