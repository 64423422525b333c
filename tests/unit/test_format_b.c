/* SPDX-License-Identifier: MIT */
/* A cache of Linux 3.1 in a filesystem: no checksums of its own, those of its data in the checksum tree
 * (A13). */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define CSUM_TREE (IMAGE_CHUNK + 4 * IMAGE_NODESIZE)
#define PAGES 16u
#define FIRST_ITEM 5u /* pages that the first checksum item covers */

struct b {
	struct world *w;
	struct cachefile file;
	uint8_t sums[2][4 * PAGES];
	unsigned pages; /* that have a checksum */
};

/* Page 0: a crc that is one too high, 4 bytes, the generation, then entries from byte 16 on. */
static void begin(struct b *b)
{
	uint8_t *data;

	*b = (struct b){.w = world_plain(0), .pages = PAGES};
	cachefile_init(&b->file, PAGES, 4096, IMAGE_GENERATION);
	world_cache(b->w, &b->file);
	for (unsigned i = 0; i < b->w->roots.count; i++)
		if (b->w->roots.items[i].key.type == KEY_INODE_ITEM)
			put64((uint8_t *)(uintptr_t)b->w->roots.items[i].data + INODE_FLAGS, 0x18);
	data = b->file.set.data;
	memset(data, 0, PAGES * 4096);
	b->file.byte = 16;
	cachefile_entry(&b->file, WORLD_FILE + FILE_BYTES, STRIPE_0 - WORLD_FILE - FILE_BYTES, EXTENT);
	cachefile_entry(&b->file, STRIPE_0 + STRIPE_BYTES, END - STRIPE_0 - STRIPE_BYTES, EXTENT);
	put64(data + 8, IMAGE_GENERATION);
	put32(data, plain_crc32c(data + 8, 4088) + 1);
	for (unsigned i = 0; i < b->w->roots.count; i++)
		if (b->w->roots.items[i].key.type == KEY_UNTYPED)
			put64((uint8_t *)(uintptr_t)b->w->roots.items[i].data + FREE_SPACE_HEADER_ENTRIES, 2);
	for (unsigned i = 0; i < PAGES; i++)
		put32(i < FIRST_ITEM ? b->sums[0] + 4 * i : b->sums[1] + 4 * (i - FIRST_ITEM),
			plain_crc32c(data + (size_t)i * 4096, 4096));
}

/* The checksum tree in one leaf, of two items; answers the format. */
static char judge(struct b *b)
{
	const struct image_item items[] = {
		{{EXTENT_CSUM_OBJECTID, KEY_EXTENT_CSUM, WORLD_FILE}, b->sums[0], 4 * FIRST_ITEM},
		{{EXTENT_CSUM_OBJECTID, KEY_EXTENT_CSUM, WORLD_FILE + FIRST_ITEM * SECTOR}, b->sums[1],
			4 * (b->pages - FIRST_ITEM)},
	};
	uint8_t *root = world_item(&b->w->roots, CSUM_TREE_OBJECTID, KEY_ROOT_ITEM, 0, NULL, 239);

	put64(root + ROOT_BYTENR, CSUM_TREE);
	put64(root + ROOT_GENERATION, IMAGE_GENERATION);
	put32(root + ROOT_REFS, 1);
	image_leaf(b->w->image, CSUM_TREE, CSUM_TREE_OBJECTID, items, 2);
	memcpy(world_bytes(b->w, WORLD_FILE, 0), b->file.set.data, PAGES * 4096);
	world_judge(b->w);
	assert_int_equal(b->w->group.verdict, FSR_VERDICT_IGNORED);
	assert_int_equal(b->w->group.step, 6);
	return b->w->group.cache.format;
}

static void end(struct b *b)
{
	page_set_free(&b->file.set);
	world_free(b->w);
}

static void test_right(void **state)
{
	struct b b;

	(void)state;
	begin(&b);
	assert_int_equal(judge(&b), 'B');
	assert_int_equal(b.w->group.relation, FSR_RELATION_EQUAL);
	end(&b);
}

/* A page that nothing else covers, the first and the last of each item, one without a checksum. */
static void test_wrong(void **state)
{
	static const unsigned pages[] = {0, 4, 5, 15};
	struct b b;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		begin(&b);
		b.file.set.data[pages[i] * 4096 + 4] ^=
			1; /* in page 0 one of the 4 bytes that nobody looks at */
		assert_int_equal(judge(&b), '?');
		end(&b);
	}
	begin(&b);
	b.pages = PAGES - 1;
	assert_int_equal(judge(&b), '?');
	end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
