/* SPDX-License-Identifier: MIT */
/*
 * Walking a tree. The path from the root is held in memory, one block a level. A block that can't be
 * read hides the keys its parent gives it, and the walk goes on behind them. Levels whose bytenr is 0
 * hold nothing: after a hole at level L that is so for L and everything below.
 */
#include "tree.h"

#include "../format/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void cursor_init(struct cursor *c, struct volume *volume, const struct tree_root *root)
{
	*c = (struct cursor){.volume = volume, .root = *root};
}

void cursor_free(struct cursor *c)
{
	for (unsigned level = 0; level < MAX_LEVEL; level++)
		free(c->block[level]);
	memset(c->block, 0, sizeof c->block);
	memset(c->bytenr, 0, sizeof c->bytenr);
}

static struct fsr_key node_key(const uint8_t *node, uint32_t i)
{
	return get_key(node_ptr(node, i));
}

static struct fsr_key slot_key(const uint8_t *block, uint32_t i)
{
	return get_key(block_level(block) ? node_ptr(block, i) : leaf_item(block, i));
}

/* The first slot whose key is not below `key` (above: the first whose key is above it). */
static uint32_t search(const uint8_t *block, const struct fsr_key *key, bool above)
{
	uint32_t low = 0, high = block_nritems(block);

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct fsr_key k = slot_key(block, middle);
		int cmp = key_cmp(&k, key);

		if (cmp > 0 || (cmp == 0 && !above))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static bool same_upper(const struct cursor *c, unsigned level, const struct fsr_key *upper)
{
	if (!upper || !c->has_upper[level])
		return !upper && !c->has_upper[level];
	return !key_cmp(upper, &c->upper[level]);
}

/* Keys at and beyond the bound belong to a later block: Linux's search does not find them here. */
static void cut_at_upper(struct cursor *c, unsigned level)
{
	uint8_t *block = c->block[level];
	uint32_t n = block_nritems(block), kept;
	struct fsr_finding f;
	struct fsr_key last;

	if (!n || !c->has_upper[level])
		return;
	last = slot_key(block, n - 1);
	if (key_cmp(&last, &c->upper[level]) < 0)
		return;
	kept = search(block, &c->upper[level], false);
	finding_init(&f, FSR_FINDING_TREE_ORDER, FSR_NO_BYTENR,
		"tree block %" PRIu64 " (tree %" PRId64
		", level %u): its keys from slot %u on reach into the next block, up "
		"to (%" PRIu64 " %u %" PRIu64 ")",
		c->bytenr[level], (int64_t)c->root.owner, level, kept, last.objectid, last.type, last.offset);
	finding_number(&f, "bytenr", c->bytenr[level]);
	finding_number(&f, "tree", c->root.owner);
	finding_number(&f, "level", level);
	finding_number(&f, "slot", kept);
	findings_add(&c->volume->findings, &f);
	kept = htole32(kept);
	memcpy(block + HEADER_NRITEMS, &kept, sizeof kept);
}

/* Damage hides keys; anything else (memory, a stop) ends the walk. */
static bool is_damage(int code)
{
	return code == FSR_E_CORRUPT || code == FSR_E_IO || code == FSR_E_TRUNCATED || code == FSR_E_MISSING;
}

static void key_text(const struct fsr_key *key, char out[48])
{
	snprintf(out, 48, "(%" PRIu64 " %u %" PRIu64 ")", key->objectid, key->type, key->offset);
}

static int hide(struct cursor *c, const struct block_want *want, const struct fsr_key *upper,
	const struct fsr_error *why)
{
	struct fsr_finding f;
	char text[48];

	c->hole_from = want->first_key ? *want->first_key : (struct fsr_key){0, 0, 0};
	c->hole_to_end = !upper;
	c->hole_to = upper ? *upper : (struct fsr_key){UINT64_MAX, UINT8_MAX, UINT64_MAX};
	c->hole_bytenr = want->bytenr;
	finding_init(&f, FSR_FINDING_TREE_BLOCK, FSR_NO_BYTENR, "%s", why->text);
	finding_number(&f, "bytenr", want->bytenr);
	finding_number(&f, "tree", want->owner);
	finding_number(&f, "level", want->level);
	key_text(&c->hole_from, text);
	finding_text(&f, "hidden_from", text);
	key_text(&c->hole_to, text);
	finding_text(&f, "hidden_to", upper ? text : "end");
	findings_add(&c->volume->findings, &f);
	return CURSOR_HOLE;
}

/* Makes block[want->level] the wanted one, whose keys lie below upper (NULL: no bound). */
static int load(
	struct cursor *c, const struct block_want *want, const struct fsr_key *upper, struct fsr_error *err)
{
	unsigned level = want->level;
	struct fsr_error why;
	int ret;

	if (want->bytenr && c->bytenr[level] == want->bytenr && same_upper(c, level, upper))
		return 0;
	memset(c->bytenr, 0, (level + 1) * sizeof c->bytenr[0]);
	if (!c->block[level])
		c->block[level] = malloc(c->volume->fs.nodesize);
	if (!c->block[level])
		return fsr_fail_nomem(err);
	ret = tree_read_block(c->volume, want, c->block[level], &why);
	if (ret && err)
		*err = why;
	if (ret)
		return is_damage(ret) ? hide(c, want, upper, &why) : ret;
	c->bytenr[level] = want->bytenr;
	c->has_upper[level] = upper;
	if (upper)
		c->upper[level] = *upper;
	cut_at_upper(c, level);
	return 0;
}

static int load_root(struct cursor *c, struct fsr_error *err)
{
	const struct tree_root *root = &c->root;
	const struct block_want want = {.bytenr = root->bytenr,
		.generation = root->generation,
		.owner = root->owner,
		.level = root->level};

	if (root->level >= MAX_LEVEL)
		return fsr_fail(err, FSR_E_CORRUPT, 0, root->bytenr,
			"the root of tree %" PRId64 " has level %u, must be below %u", (int64_t)root->owner,
			root->level, MAX_LEVEL);
	return load(c, &want, NULL, err);
}

/* The child that slot[level] of block[level] points to. */
static int load_child(struct cursor *c, unsigned level, struct fsr_error *err)
{
	const uint8_t *node = c->block[level];
	uint32_t slot = c->slot[level];
	struct fsr_key first = node_key(node, slot), next;
	const struct fsr_key *upper = c->has_upper[level] ? &c->upper[level] : NULL;
	const struct block_want want = {.bytenr = node_blockptr(node, slot),
		.generation = node_ptr_generation(node, slot),
		.owner = c->root.owner,
		.level = (uint8_t)(level - 1),
		.first_key = &first};

	if (slot + 1 < block_nritems(node)) {
		next = node_key(node, slot + 1);
		upper = &next;
	}
	return load(c, &want, upper, err);
}

/* From block[level] down to the leaf, always to the first slot of the children. */
static int descend_first(struct cursor *c, unsigned level, struct fsr_error *err)
{
	while (level) {
		int ret = load_child(c, level, err);

		if (ret)
			return ret;
		c->slot[--level] = 0;
	}
	return CURSOR_ITEM;
}

/* The lowest level that holds a block: 0 on an item, more behind a hole, MAX_LEVEL when the root is hidden.
 */
static unsigned lowest(const struct cursor *c)
{
	unsigned level = 0;

	while (level < MAX_LEVEL && !c->bytenr[level])
		level++;
	return level;
}

/* To the first item behind slot[level]. */
static int advance(struct cursor *c, unsigned level, struct fsr_error *err)
{
	for (; level <= c->root.level; level++) {
		if (c->slot[level] + 1 >= block_nritems(c->block[level]))
			continue;
		c->slot[level]++;
		return descend_first(c, level, err);
	}
	return CURSOR_END;
}

int cursor_next(struct cursor *c, struct fsr_error *err)
{
	if (c->bytenr[0] && c->slot[0] + 1 < block_nritems(c->block[0])) {
		c->slot[0]++;
		return CURSOR_ITEM;
	}
	return advance(c, lowest(c), err);
}

int cursor_next_leaf(struct cursor *c, struct fsr_error *err)
{
	unsigned level = lowest(c);

	return advance(c, level ? level : 1, err);
}

/* Down to the leaf where key belongs; in nodes the slot is the last one not above it, or the first. */
static int descend(struct cursor *c, const struct fsr_key *key, struct fsr_error *err)
{
	int ret = load_root(c, err);

	for (unsigned level = c->root.level; !ret && level; level--) {
		uint32_t slot = search(c->block[level], key, true);

		c->slot[level] = slot ? slot - 1 : 0;
		ret = load_child(c, level, err);
	}
	return ret;
}

int cursor_seek(struct cursor *c, const struct fsr_key *key, struct fsr_error *err)
{
	int ret = descend(c, key, err);

	if (ret)
		return ret;
	c->slot[0] = search(c->block[0], key, false);
	return c->slot[0] < block_nritems(c->block[0]) ? CURSOR_ITEM : advance(c, 0, err);
}

int cursor_seek_back(struct cursor *c, const struct fsr_key *key, struct fsr_error *err)
{
	int ret = descend(c, key, err);
	uint32_t slot;

	if (ret)
		return ret;
	slot = search(c->block[0], key, true);
	c->slot[0] = slot ? slot - 1 : 0;
	return slot ? CURSOR_ITEM : CURSOR_END;
}
