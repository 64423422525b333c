/* SPDX-License-Identifier: MIT */
#include "leaf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define LEAF_BYTENR (IMAGE_CHUNK + 64 * KIB)

int leaf_setup(void **state)
{
	struct leaf_test *t = calloc(1, sizeof *t);

	if (!t)
		return -1;
	t->image = image_ready();
	t->volume = image_open(t->image);
	if (!t->volume) {
		free(t);
		return -1;
	}
	t->volume->fs.incompat_flags |= INCOMPAT_SKINNY_METADATA;
	t->block = image_block(t->image, LEAF_BYTENR, 0);
	*state = t;
	return 0;
}

int leaf_teardown(void **state)
{
	struct leaf_test *t = *state;

	volume_close(t->volume);
	free(t);
	return 0;
}

void leaf_build(struct leaf_test *t, uint64_t owner, const struct image_item *items, unsigned n)
{
	image_leaf(t->image, LEAF_BYTENR, owner, items, n);
}

const char *leaf_verdict(struct leaf_test *t)
{
	return block_check(t->volume, t->block, &t->slot, t->text);
}

void leaf_expect(struct leaf_test *t, const char *words)
{
	const char *why = leaf_verdict(t);

	if (!words && why)
		fail_msg("slot %u should be lawful: %s", t->slot, why);
	if (words && (!why || !strstr(why, words)))
		fail_msg("should say '%s': %s", words, why ? why : "lawful");
}

void leaf_expect_item(struct leaf_test *t, uint64_t owner, const struct image_item *before,
	struct fsr_key key, const void *data, uint32_t size, const char *words)
{
	struct image_item items[2];
	unsigned n = 0;

	if (before)
		items[n++] = *before;
	items[n++] = (struct image_item){key, data, size};
	leaf_build(t, owner, items, n);
	leaf_expect(t, words);
	if (words)
		assert_int_equal(t->slot, n - 1);
}

static void change(uint8_t *item, const struct leaf_change *c)
{
	switch (c->width) {
	case 1:
		item[c->at] = (uint8_t)c->value;
		break;
	case 2:
		put16(item + c->at, (uint16_t)c->value);
		break;
	case 4:
		put32(item + c->at, (uint32_t)c->value);
		break;
	case 8:
		put64(item + c->at, c->value);
		break;
	default:
		break;
	}
}

void leaf_expect_changes(struct leaf_test *t, uint64_t owner, struct fsr_key key, const void *data,
	uint32_t size, const struct leaf_change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t item[1024];

		memcpy(item, data, size);
		change(item, &changes[i]);
		leaf_expect_item(t, owner, NULL, key, item, size, changes[i].words);
	}
}
