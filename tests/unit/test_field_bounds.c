/* SPDX-License-Identifier: MIT */
/* Fields of root items and superblocks, and items of which every byte and length lies. */
#include "image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint8_t data[4096];

static int find_field(void *arg, const struct fsr_field *f)
{
	struct fsr_field *want = arg;

	if (strcmp(f->name, want->name) || f->index != want->index || !f->list != !want->list)
		return 0;
	*want = *f;
	return 1;
}

static uint64_t item_value(uint8_t type, uint32_t size, const char *name)
{
	struct fsr_item item = {.key = {5, type, 0}, .size = size, .data = data};
	struct fsr_field f = {.name = name};

	if (!fsr_item_fields(&item, find_field, &f))
		return 0xbad;
	return f.kind == FSR_FIELD_UUID ? f.bytes[0] : f.kind == FSR_FIELD_KEY ? f.key.offset : f.value;
}

/* A legacy root item ends before generation_v2. */
static void test_root_item(void **state)
{
	(void)state;
	memset(data, 0, sizeof data);
	put64(data + 160, 77);
	put64(data + 168, 256);
	put64(data + 176, 30441472);
	put64(data + 220 + 9, 4711);
	data[238] = 2;
	put64(data + 239, 77);
	memset(data + 247, 0xab, 16);
	assert_int_equal(item_value(132, 239, "generation"), 77);
	assert_int_equal(item_value(132, 239, "bytenr"), 30441472);
	assert_int_equal(item_value(132, 239, "drop_progress"), 4711);
	assert_int_equal(item_value(132, 239, "level"), 2);
	assert_int_equal(item_value(132, 239, "generation_v2"), 0xbad);
	assert_int_equal(item_value(132, 439, "generation_v2"), 77);
	assert_int_equal(item_value(132, 439, "uuid"), 0xab);
	assert_int_equal(item_value(132, 439, "reserved"), 0);
}

static uint64_t super_value(const char *list, unsigned index, const char *name)
{
	struct fsr_field f = {.name = name, .list = list, .index = index};

	assert_int_equal(fsr_super_fields(data, find_field, &f), 1);
	return f.kind == FSR_FIELD_NAME || f.kind == FSR_FIELD_BYTES ? f.size : f.value;
}

static void test_super(void **state)
{
	(void)state;
	memset(data, 0, sizeof data);
	memset(data + 0x12b, 'x', 256); /* a label without an end */
	put32(data + 0xa0, UINT32_MAX); /* the array's size lies */
	data[0xc4] = 3;
	put64(data + 0xc9 + 8, 1 << 30);
	put64(data + 0x22b, UINT64_MAX);
	put64(data + 0xb2b + 2 * 168 + 8, 1234);
	data[0xb2b + 3 * 168 + 157] = 1;
	assert_int_equal(super_value(NULL, 0, "label"), 256);
	assert_int_equal(super_value(NULL, 0, "sys_chunk_array"), 2048);
	assert_int_equal(super_value(NULL, 0, "csum_type"), 3);
	assert_int_equal(super_value(NULL, 0, "dev_item.total_bytes"), 1 << 30);
	assert_int_equal(super_value(NULL, 0, "cache_generation"), UINT64_MAX);
	assert_int_equal(super_value("backup_roots", 2, "tree_root_generation"), 1234);
	assert_int_equal(super_value("backup_roots", 3, "csum_root_level"), 1);
}

/* ---- whatever the bytes are */

struct bounds {
	uint32_t size, calls, stop_at;
};

static int check_bounds(void *arg, const struct fsr_field *f)
{
	struct bounds *b = arg;

	assert_true(f->size > 0 && f->offset < b->size && f->size <= b->size - f->offset);
	return ++b->calls == b->stop_at ? 42 : 0;
}

/* Every type, every length, in memory that ends where the item does (for the sanitizer to see). */
static void test_any_bytes(void **state)
{
	(void)state;
	srand(7);
	for (unsigned round = 0; round < 256 * 60; round++) {
		struct bounds b = {.size = (uint32_t)rand() % 500};
		uint8_t *p = malloc(b.size ? b.size : 1);
		struct fsr_item item = {.key = {round % 3 ? 256 : (uint64_t)-11, (uint8_t)round, 0}};

		assert_non_null(p);
		for (uint32_t i = 0; i < b.size; i++)
			p[i] = (uint8_t)(rand() & (round & 256 ? 0xff : 0x03));
		item.size = b.size;
		item.data = p;
		assert_int_equal(fsr_item_fields(&item, check_bounds, &b), 0);
		if (b.calls) {
			b = (struct bounds){b.size, 0, 1 + (uint32_t)rand() % b.calls};
			assert_int_equal(fsr_item_fields(&item, check_bounds, &b), 42);
			assert_int_equal(b.calls, b.stop_at);
		}
		free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root_item),
		cmocka_unit_test(test_super),
		cmocka_unit_test(test_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
