/* SPDX-License-Identifier: MIT */
/* What happens to a cache, told as it happens. */
#include "cache.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int cache_state(struct trans *t, struct trans_group *g, enum fsr_state state, struct fsr_error *err,
	const char *format, ...)
{
	struct fsw_group *result = &g->result;
	char text[sizeof result->problem];
	struct fsw_event event = {.kind = FSW_EVENT_STATE,
		.block_group = result->bytenr,
		.length = result->length,
		.flags = result->flags,
		.state = state,
		.text = text};
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	g->state = state;
	if (result->ntransitions < FSW_MAX_TRANSITIONS)
		result->transitions[result->ntransitions++] = state;
	if (state == FSR_STATE_ERROR)
		memcpy(result->problem, text, sizeof text);
	return trans_tell(t, &event, err);
}

int cache_removed(struct trans *t, const struct fsw_removed *removed, struct fsr_error *err)
{
	const struct fsw_event event = {.kind = FSW_EVENT_REMOVED, .removed = *removed, .text = ""};
	struct fsw_removed *grown = array_grow(t->removed, t->nremoved, sizeof *grown);

	if (!grown)
		return fsr_fail_nomem(err);
	t->removed = grown;
	t->removed[t->nremoved++] = *removed;
	return trans_tell(t, &event, err);
}

bool cache_wanted(const struct trans_group *g)
{
	const struct group_facts *f = g->facts;

	return g->eligible && g->used && g->used < f->length && g->used + f->excluded_bytes < f->length;
}
