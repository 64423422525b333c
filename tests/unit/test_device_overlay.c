/* SPDX-License-Identifier: MIT */
/* The overlay against a plain array, and over a file that must not change. */
#include "../../libfswrite/device/device.h"
#include "container.h"
#include "image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- a device in memory that counts what reaches it */

struct memory {
	struct device device;
	uint8_t *bytes;
	unsigned reads, writes;
	bool fails;
};

static int memory_read(struct device *d, void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	struct memory *m = (struct memory *)d;

	m->reads++;
	assert_true(offset <= d->size && length <= d->size - offset);
	if (m->fails)
		return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "made to fail");
	memcpy(buffer, m->bytes + offset, length);
	return 0;
}

static int memory_write(
	struct device *d, const void *buffer, size_t length, uint64_t offset, struct fsr_error *err)
{
	(void)buffer;
	(void)length;
	(void)offset;
	((struct memory *)d)->writes++;
	return fsr_fail(err, FSR_E_IO, 0, FSR_NO_BYTENR, "nothing may be written");
}

static int memory_flush(struct device *d, struct fsr_error *err)
{
	return memory_write(d, NULL, 0, 0, err);
}

static void memory_close(struct device *d)
{
	free(((struct memory *)d)->bytes);
	free(d);
}

static const struct device_ops memory_ops = {memory_read, memory_write, memory_flush, memory_close};

static uint64_t seed;

static uint64_t draw(uint64_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (seed >> 33) % below;
}

static struct memory *memory_new(uint64_t size)
{
	struct memory *m = calloc(1, sizeof *m);

	m->device = (struct device){&memory_ops, "memory", size};
	m->bytes = malloc(size);
	for (uint64_t i = 0; i < size; i++)
		m->bytes[i] = (uint8_t)draw(256);
	return m;
}

/* ---- the overlay beside the array */

struct model {
	uint8_t *bytes, *written; /* written: one byte for each page */
	uint64_t size;
};

struct ranges {
	const struct model *model;
	uint64_t end;
};

static int on_range(void *arg, uint64_t offset, const void *data, size_t length, struct fsr_error *err)
{
	struct ranges *r = arg;
	const struct model *model = r->model;

	(void)err;
	assert_int_equal(offset % 4096, 0);
	assert_in_range(length, 1, MIB);
	assert_true(offset >= r->end);
	for (uint64_t page = r->end / 4096; page < offset / 4096; page++)
		assert_int_equal(model->written[page], 0);
	for (uint64_t page = offset / 4096; page * 4096 < offset + length; page++)
		assert_int_equal(model->written[page], 1);
	assert_true((offset + length) % 4096 == 0 || offset + length == model->size);
	assert_memory_equal(model->bytes + offset, data, length);
	r->end = offset + length;
	return 0;
}

static void check_ranges(struct device *overlay, const struct model *model)
{
	struct ranges r = {.model = model};
	uint64_t bytes = 0;

	assert_int_equal(overlay_ranges(overlay, on_range, &r, NULL), 0);
	for (uint64_t page = (r.end + 4095) / 4096; page * 4096 < model->size; page++)
		assert_int_equal(model->written[page], 0);
	for (uint64_t at = 0; at < model->size; at++)
		bytes += model->written[at / 4096];
	assert_int_equal(overlay_bytes(overlay), bytes);
}

static void one_operation(struct device *overlay, struct model *model, uint8_t *buffer)
{
	uint64_t offset = draw(model->size + 1), most = draw(4) ? 9000 : 300000;
	uint64_t length = draw(most < model->size - offset ? most : model->size - offset + 1);

	if (draw(2)) {
		assert_int_equal(device_read(overlay, buffer, length, offset, NULL), 0);
		assert_memory_equal(buffer, model->bytes + offset, length);
		return;
	}
	for (uint64_t i = 0; i < length; i++)
		model->bytes[offset + i] = buffer[i] = (uint8_t)draw(256);
	for (uint64_t page = offset / 4096; length && page * 4096 < offset + length; page++)
		model->written[page] = 1;
	assert_int_equal(device_write(overlay, buffer, length, offset, NULL), 0);
}

static void run_model(uint64_t size, unsigned operations)
{
	struct memory *memory = memory_new(size);
	struct model model = {malloc(size), calloc(1, size / 4096 + 1), size};
	uint8_t *buffer = malloc(size + 1);
	struct device *overlay = device_overlay(&memory->device, NULL);

	memcpy(model.bytes, memory->bytes, size);
	for (unsigned i = 0; i < operations; i++) {
		one_operation(overlay, &model, buffer);
		if (i % 100 == 0)
			check_ranges(overlay, &model);
	}
	check_ranges(overlay, &model);
	assert_int_equal(device_read(overlay, buffer, size, 0, NULL), 0);
	assert_memory_equal(buffer, model.bytes, size);
	assert_int_equal(memory->writes, 0);
	device_close(overlay);
	free(buffer);
	free(model.bytes);
	free(model.written);
}

static void test_model(void **state)
{
	(void)state;
	for (seed = 1; seed < 8; seed++) {
		uint64_t keep = seed;

		run_model(4 * MIB + keep * 512 - 17, 400);
		run_model(keep * 4096, 300);
		run_model(keep, 30);
		seed = keep;
	}
}

static void test_reads_of_the_base(void **state)
{
	struct memory *memory = memory_new(8 * MIB);
	struct device *overlay = device_overlay(&memory->device, NULL);
	uint8_t *buffer = malloc(8 * MIB);

	(void)state;
	assert_int_equal(device_read(overlay, buffer, 8 * MIB, 0, NULL), 0);
	assert_int_equal(memory->reads, 1);
	assert_int_equal(device_write(overlay, buffer, 8192, 4 * MIB, NULL), 0);
	assert_int_equal(memory->reads, 1); /* whole pages need nothing of the base */
	assert_int_equal(device_write(overlay, buffer, 2, 5 * MIB - 1, NULL), 0);
	assert_int_equal(memory->reads, 3);
	assert_int_equal(device_write(overlay, buffer, 1, 5 * MIB - 9, NULL), 0);
	assert_int_equal(memory->reads, 3);
	memory->reads = 0;
	assert_int_equal(device_read(overlay, buffer, 4 * MIB, 0, NULL), 0);
	assert_int_equal(memory->reads, 1);
	assert_int_equal(device_read(overlay, buffer, 8 * MIB, 0, NULL), 0);
	assert_int_equal(memory->reads, 4);
	device_close(overlay);
	free(buffer);
}

static void test_bounds(void **state)
{
	struct memory *memory = memory_new(10000);
	struct device *overlay = device_overlay(&memory->device, NULL);
	struct fsr_error err = {0};
	uint8_t byte = 0;

	(void)state;
	assert_int_equal(device_read(overlay, &byte, 1, 10000, &err), FSR_E_TRUNCATED);
	assert_int_equal(device_write(overlay, &byte, 1, 10000, &err), FSR_E_TRUNCATED);
	assert_int_equal(device_write(overlay, &byte, 1, UINT64_MAX, &err), FSR_E_TRUNCATED);
	assert_non_null(strstr(err.text, "'memory' ends at byte 10000"));
	assert_int_equal(overlay_bytes(overlay), 0);
	memory->fails = true;
	assert_int_equal(device_write(overlay, &byte, 1, 5, &err), FSR_E_IO);
	assert_int_equal(overlay_bytes(overlay), 0);
	assert_int_equal(device_flush(overlay, &err), 0);
	device_close(overlay);
}

/* ---- parts of it */

struct seen {
	uint64_t offsets[8];
	size_t lengths[8];
	unsigned n;
	int answer;
};

static int note(void *arg, uint64_t offset, const void *data, size_t length, struct fsr_error *err)
{
	struct seen *seen = arg;

	(void)data;
	(void)err;
	assert_true(seen->n < 8);
	seen->offsets[seen->n] = offset;
	seen->lengths[seen->n++] = length;
	return seen->answer;
}

static void test_ranges_in(void **state)
{
	struct memory *memory = memory_new(4 * MIB);
	struct device *overlay = device_overlay(&memory->device, NULL);
	uint8_t *buffer = calloc(1, 2 * MIB);
	struct seen seen = {0};

	(void)state;
	assert_int_equal(device_write(overlay, buffer, 5000, 2 * MIB, NULL), 0);
	assert_int_equal(device_write(overlay, buffer, MIB + 4096, 64 * KIB, NULL), 0);
	assert_int_equal(overlay_ranges(overlay, note, &seen, NULL), 0);
	assert_int_equal(seen.n, 3);
	assert_int_equal(seen.offsets[0], 64 * KIB);
	assert_int_equal(seen.lengths[0], MIB);
	assert_int_equal(seen.offsets[1], MIB + 64 * KIB);
	assert_int_equal(seen.lengths[1], 4096);
	assert_int_equal(seen.offsets[2], 2 * MIB);
	assert_int_equal(seen.lengths[2], 8192);
	seen.n = 0;
	assert_int_equal(overlay_ranges_in(overlay, 64 * KIB, 68 * KIB, note, &seen, NULL), 0);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.lengths[0], 4096);
	seen.n = 0;
	assert_int_equal(overlay_ranges_in(overlay, 0, 64 * KIB, note, &seen, NULL), 0);
	assert_int_equal(overlay_ranges_in(overlay, 3 * MIB, 3 * MIB, note, &seen, NULL), 0);
	assert_int_equal(seen.n, 0);
	assert_int_equal(overlay_ranges_in(overlay, 2 * MIB + 4096, 4 * MIB, note, &seen, NULL), 0);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.offsets[0], 2 * MIB + 4096);
	seen = (struct seen){.answer = 7};
	assert_int_equal(overlay_ranges(overlay, note, &seen, NULL), 7);
	assert_int_equal(seen.n, 1);
	device_close(overlay);
	free(buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_reads_of_the_base),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_ranges_in),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
