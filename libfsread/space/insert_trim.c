/* SPDX-License-Identifier: MIT */
/* Whether the free space that was taken over can be walked to its end: ranges that wrap around may not be. */
#include "insert_model.h"

/* The slot that holds the address, or else the first one behind it that ends behind it, as Linux looks for
 * it. */
static size_t find_from(struct model *m, uint64_t offset)
{
	size_t i = model_holding(m, offset);

	if (i != NO_SLOT)
		return i;
	i = model_lower_bound(m, offset, false);
	if (!i) /* the first of all is taken unseen */
		return m->count ? 0 : NO_SLOT;
	for (; i < m->count; i++, m->steps++)
		if (m->slots[i].offset + slot_span(m, &m->slots[i]) > offset)
			return i;
	return NO_SLOT;
}

/* From each address the way on is one, and there are no more addresses than slots: more steps are a circle.
 */
void model_trim(struct model *m, uint64_t *at)
{
	uint64_t from = m->start, end = m->start + m->length, to;

	for (size_t n = 0; from < end; from = to, n++) {
		size_t i = find_from(m, from);

		if (++m->steps > STEPS_MAX) {
			m->result = INSERT_UNKNOWN;
			return;
		}
		while (i < m->count && m->slots[i].bitmap)
			i++;
		if (i >= m->count || m->slots[i].offset >= end)
			return;
		to = m->slots[i].offset + m->slots[i].bytes;
		if (to > end)
			to = end;
		if (n > m->count) {
			m->result = INSERT_CRASHES;
			*at = m->slots[i].offset;
			return;
		}
	}
}
