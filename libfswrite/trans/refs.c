/* SPDX-License-Identifier: MIT */
/*
 * References wait in a queue until they are brought into the extent tree: doing so changes the extent
 * tree, whose new blocks want references themselves. Each block moves once, so the queue runs dry.
 */
#include "trans.h"

#include <stdlib.h>

static int push(struct trans *t, const struct ref *ref, struct fsr_error *err)
{
	struct ref_queue *q = &t->refs;

	if (q->count == q->room) {
		size_t room = q->room ? 2 * q->room : 256;
		struct ref *grown = reallocarray(q->list, room, sizeof *grown);

		if (!grown)
			return fsr_fail_nomem(err);
		q->list = grown;
		q->room = room;
	}
	q->list[q->count++] = *ref;
	return 0;
}

int refs_add_block(struct trans *t, const struct tree *tree, struct block *block, struct fsr_error *err)
{
	const struct ref ref = {.bytenr = block->bytenr,
		.length = t->volume->fs.nodesize,
		.add = true,
		.owner = tree->root.owner,
		.level = block_level(block->data)};
	int ret = push(t, &ref, err);

	block->ref = ret ? 0 : t->refs.count;
	return ret;
}

int refs_drop_block(
	struct trans *t, const struct tree *tree, uint64_t bytenr, uint8_t level, struct fsr_error *err)
{
	const struct ref ref = {.bytenr = bytenr,
		.length = t->volume->fs.nodesize,
		.owner = tree->root.owner,
		.level = level};
	int ret = alloc_release(t, bytenr, ref.length, err);

	return ret ? ret : push(t, &ref, err);
}

int refs_add_data(struct trans *t, uint64_t bytenr, uint64_t length, uint64_t ino, struct fsr_error *err)
{
	const struct ref ref = {.bytenr = bytenr, .length = length, .add = true, .ino = ino};

	return push(t, &ref, err);
}

int refs_drop_data(struct trans *t, uint64_t bytenr, uint64_t length, uint64_t ino, uint64_t start,
	struct fsr_error *err)
{
	const struct ref ref = {.bytenr = bytenr, .length = length, .ino = ino, .start = start};
	int ret = alloc_release(t, bytenr, length, err);

	return ret ? ret : push(t, &ref, err);
}

/* The block that waited for this reference has it now: what becomes of it is told to the extent tree. */
static void arrived(struct trans *t, size_t i)
{
	const struct ref *ref = &t->refs.list[i];

	if (ref->add && !ref->ino)
		block_ref_arrived(t, ref->bytenr);
}

int refs_run(struct trans *t, struct fsr_error *err)
{
	int ret = 0;

	while (!ret && refs_waiting(t)) {
		size_t i = t->refs.done++;
		struct ref ref = t->refs.list[i];

		if (ref.cancelled)
			continue;
		arrived(t, i);
		ret = ref.add ? extent_item_add(t, &ref, err) : extent_item_drop(t, &ref, err);
	}
	return ret;
}
