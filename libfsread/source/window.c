/* SPDX-License-Identifier: MIT */
/* A part of another source: a partition, or what lies behind an offset. */
#include "parts.h"

#include <stdlib.h>

struct window {
	struct source source;
	struct source *base;
	uint64_t start;
};

static int window_read_at(
	struct source *s, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	const struct window *w = (struct window *)s;

	if (offset > s->size || length > s->size - offset)
		return fsr_fail(err, FSR_E_TRUNCATED, 0, FSR_NO_BYTENR,
			"the filesystem in " NAME
			" ends at byte %llu, but %zu bytes are needed from byte %llu",
			s->name, (unsigned long long)s->size, length, (unsigned long long)offset);
	return source_read(w->base, buffer, length, w->start + offset, err);
}

static void window_close(struct source *s)
{
	source_close(((struct window *)s)->base);
	free(s->name);
	free(s);
}

static const struct source_ops window_ops = {window_read_at, window_close};

struct source *window_open(struct source *base, uint64_t start, uint64_t length)
{
	struct window *w = calloc(1, sizeof *w);

	if (!w)
		return NULL;
	w->source = *base;
	w->source.ops = &window_ops;
	w->source.name = strdup(base->name);
	w->source.image_offset = base->image_offset + start;
	w->source.size = start < base->size ? base->size - start : 0;
	if (w->source.size > length)
		w->source.size = length;
	w->base = base;
	w->start = start;
	if (w->source.name)
		return &w->source;
	free(w);
	return NULL;
}

struct source *window_base(struct source *source)
{
	return source->ops == &window_ops ? ((struct window *)source)->base : source;
}
