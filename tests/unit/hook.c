/* SPDX-License-Identifier: MIT */
#include "hook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct hook_device {
	struct device device;
	struct device *base;
	struct hook *hook;
	size_t number;
};

/* Notes the operation; whether it has to fail, and is the first that does. */
static bool fails(struct hook_device *h, struct hook_operation operation, bool *first)
{
	struct hook *hook = h->hook;

	assert_true(hook->n < HOOK_MAX);
	operation.device = h->number;
	hook->log[hook->n++] = operation;
	*first = hook->n == hook->fail_at;
	return hook->fail_at && hook->n >= hook->fail_at;
}

static int made_to_fail(struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "made to fail");
}

static int read_at(struct device *d, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	struct hook_device *h = (struct hook_device *)d;

	return h->hook->fail_reads ? made_to_fail(err) : device_read(h->base, buffer, length, offset, err);
}

static int write_at(
	struct device *d, const void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	struct hook_device *h = (struct hook_device *)d;
	size_t torn = h->hook->torn < length ? h->hook->torn : length;
	bool first;

	if (!fails(h, (struct hook_operation){.offset = offset, .length = length}, &first))
		return device_write(h->base, buffer, length, offset, err);
	if (first && torn)
		assert_int_equal(device_write(h->base, buffer, torn, offset, NULL), 0);
	return made_to_fail(err);
}

static int flush(struct device *d, struct fsr_error *err)
{
	struct hook_device *h = (struct hook_device *)d;
	bool first;

	if (fails(h, (struct hook_operation){.is_flush = true}, &first))
		return made_to_fail(err);
	return device_flush(h->base, err);
}

static void close_hook(struct device *d)
{
	device_close(((struct hook_device *)d)->base);
	free(d);
}

static struct device *wrap(void *arg, struct device *base, size_t i, struct fsr_error *err)
{
	static const struct device_ops ops = {read_at, write_at, flush, close_hook};
	struct hook_device *h = calloc(1, sizeof *h);

	(void)err;
	h->device = (struct device){&ops, base->name, base->size};
	h->base = base;
	h->hook = arg;
	h->number = i;
	return &h->device;
}

struct device_hooks hook_over(struct hook *hook)
{
	*hook = (struct hook){.n = 0};
	return (struct device_hooks){wrap, hook};
}
