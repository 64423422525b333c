/* SPDX-License-Identifier: MIT */
#include "history.h"

#include <string.h>

bool place_equal(const struct place *a, const struct place *b)
{
	return a->screen == b->screen && a->group == b->group && a->address == b->address &&
	       a->target == b->target && a->block == b->block && a->page == b->page && a->byte == b->byte &&
	       a->slot == b->slot && a->copy == b->copy && a->detail == b->detail;
}

void history_go(struct history *h, const struct place *from, const struct place *to)
{
	if (!h->count)
		h->count = 1;
	h->places[h->at] = *from;
	if (h->at + 1 == HISTORY_MAX) {
		memmove(h->places, h->places + 1, (HISTORY_MAX - 1) * sizeof *h->places);
		h->at--;
	}
	h->places[++h->at] = *to;
	h->count = h->at + 1;
}

const struct place *history_step(struct history *h, const struct place *from, int step)
{
	if (step < 0 ? !h->at : h->at + 1 >= h->count)
		return NULL;
	h->places[h->at] = *from;
	h->at = step < 0 ? h->at - 1 : h->at + 1;
	return &h->places[h->at];
}
