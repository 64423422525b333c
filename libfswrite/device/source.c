/* SPDX-License-Identifier: MIT */
/* A source for libfsread whose bytes are a device's. */
#include "device.h"

#include <stdlib.h>

struct through_device {
	struct source source;
	struct device *device;
};

static int read_at(struct source *s, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	return device_read(((struct through_device *)s)->device, buffer, length, offset, err);
}

static void close_source(struct source *s)
{
	free(s->name);
	free(s);
}

static const struct source_ops ops = {read_at, close_source};

struct source *device_source(struct device *d, const struct source *like, struct fsr_error *err)
{
	struct through_device *t = calloc(1, sizeof *t);

	if (t) {
		t->source = *like;
		t->source.ops = &ops;
		t->source.name = strdup(like->name);
		t->source.size = d->size;
		t->device = d;
	}
	if (t && t->source.name)
		return &t->source;
	free(t);
	fsr_fail_nomem(err);
	return NULL;
}
