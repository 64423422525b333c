/* SPDX-License-Identifier: MIT */
#include "fst.h"

static void take_answer(struct fst_stream *s, int ret)
{
	if (ret == CURSOR_HOLE) {
		s->hidden = true;
		s->hidden_block = s->cursor->hole_bytenr;
	}
	if (ret < 0)
		s->error = ret;
	s->on_item = ret == CURSOR_ITEM;
}

static void bad_item(struct fst_stream *s, const struct fsr_key *key)
{
	if (!s->bad_item)
		s->bad_key = *key;
	s->bad_item = true;
}

void fst_stream_init(
	struct fst_stream *s, const struct fsr_fs *fs, const struct group_facts *group, struct cursor *cursor)
{
	struct fsr_error err;
	struct fsr_item item;

	*s = (struct fst_stream){.fs = fs, .group = group, .cursor = cursor, .reached = group->bytenr};
	s->end = group->bytenr + group->length;
	take_answer(s, cursor_seek(cursor, &(struct fsr_key){group->bytenr, 0, 0}, &err));
	if (!s->on_item)
		return;
	cursor_item(cursor, &item);
	if (item.key.objectid != group->bytenr || item.key.type != KEY_FREE_SPACE_INFO)
		return;
	s->info_length = item.key.offset;
	s->info_size = item.size;
	s->has_info = item.key.offset == group->length && item.size == FREE_SPACE_INFO_SIZE;
	s->bad_info = !s->has_info;
	if (item.size >= FREE_SPACE_INFO_SIZE) {
		s->extent_count = get32(item.data);
		s->flags = get32(item.data + 4);
	}
	take_answer(s, cursor_next(cursor, &err));
}

static bool lawful_range(struct fst_stream *s, const struct fsr_key *key)
{
	uint64_t sector = s->fs->volume->fs.sectorsize;

	return key->objectid >= s->reached && key->objectid < s->end && key->offset &&
	       key->offset <= s->end - key->objectid && !(key->objectid % sector) && !(key->offset % sector);
}

/* Takes an item as one run. Linux counts it whatever it is. */
static bool take_range(struct fst_stream *s, const struct fsr_item *item, uint64_t *start, uint64_t *end)
{
	s->counted++;
	if (!lawful_range(s, &item->key)) {
		bad_item(s, &item->key);
		return false;
	}
	*start = item->key.objectid;
	*end = s->reached = item->key.objectid + item->key.offset;
	return true;
}

/* Takes a BITMAP item over for next_bit_run(). */
static void take_bitmap(struct fst_stream *s, const struct fsr_item *item)
{
	uint64_t sectors = item->key.offset / s->fs->volume->fs.sectorsize;

	if (!lawful_range(s, &item->key) || sectors > FREE_SPACE_BITMAP_MAX * 8 ||
		item->size != (sectors + 7) / 8) {
		bad_item(s, &item->key);
		return;
	}
	memset(s->bits, 0, sizeof s->bits);
	memcpy(s->bits, item->data, item->size);
	if (sectors & 7) /* bits behind the range mean nothing */
		s->bits[sectors / 8] &= (uint8_t)((1u << (sectors & 7)) - 1);
	s->nbits = (uint32_t)sectors;
	s->bit = 0;
	s->base = item->key.objectid;
	s->reached = item->key.objectid + item->key.offset;
}

static bool next_bit_run(struct fst_stream *s, uint64_t *start, uint64_t *end)
{
	uint64_t sector = s->fs->volume->fs.sectorsize;
	uint32_t run = s->bit, run_end;

	if (!bitmap_next_run(s->bits, FREE_SPACE_BITMAP_MAX * 8, 0, &run, &run_end)) {
		if (s->bit < s->nbits)
			s->previous_set = false;
		s->bit = s->nbits;
		return false;
	}
	if (run || !s->previous_set) /* a run that goes on from the last bitmap counts once */
		s->counted++;
	s->previous_set = run_end == s->nbits;
	s->bit = run_end;
	*start = s->base + run * sector;
	*end = s->base + run_end * sector;
	return true;
}

/* To Linux a bitmap's last run goes on up to the next bitmap, and the last bitmap's to the group's end. */
static bool bridge_gap(struct fst_stream *s, uint64_t to, uint64_t *start, uint64_t *end)
{
	*start = s->reached;
	*end = to;
	if (!s->previous_set || to <= s->reached)
		return false;
	s->reached = to;
	return true;
}

/* The item under the cursor, if it is one that Linux takes for this block group's: it goes on up to an INFO.
 */
static bool current_item(struct fst_stream *s, struct fsr_item *item)
{
	if (!s->on_item)
		return false;
	cursor_item(s->cursor, item);
	if (item->key.type == KEY_FREE_SPACE_INFO)
		return false;
	if (item->key.objectid < s->end)
		return true;
	bad_item(s, &item->key);
	return false;
}

static bool take_item(struct fst_stream *s, const struct fsr_item *item, uint64_t *start, uint64_t *end)
{
	bool bitmaps = s->flags & FREE_SPACE_INFO_USING_BITMAPS;

	s->extent_items += item->key.type == KEY_FREE_SPACE_EXTENT;
	s->bitmap_items += item->key.type == KEY_FREE_SPACE_BITMAP;
	if (item->key.type == KEY_FREE_SPACE_EXTENT ? item->size != 0 : !bitmaps)
		bad_item(s, &item->key);
	if (item->key.type == KEY_FREE_SPACE_EXTENT || !bitmaps)
		return take_range(s, item, start, end);
	if (item->key.type != KEY_FREE_SPACE_BITMAP || item->key.objectid != s->reached)
		bad_item(s, &item->key);
	if (item->key.type == KEY_FREE_SPACE_BITMAP)
		take_bitmap(s, item);
	return false;
}

static bool next_raw(struct fst_stream *s, uint64_t *start, uint64_t *end)
{
	struct fsr_error err;
	struct fsr_item item;

	for (;;) {
		bool taken;

		if (s->bit < s->nbits && next_bit_run(s, start, end))
			return true;
		if (!current_item(s, &item))
			return !s->hidden && bridge_gap(s, s->end, start, end);
		if (item.key.type == KEY_FREE_SPACE_BITMAP && bridge_gap(s, item.key.objectid, start, end)) {
			bad_item(s, &item.key);
			return true;
		}
		taken = take_item(s, &item, start, end);
		take_answer(s, cursor_next(s->cursor, &err));
		if (taken)
			return true;
	}
}

bool fst_stream_next(void *stream, uint64_t *start, uint64_t *end)
{
	struct fst_stream *s = stream;

	if (!s->have && !next_raw(s, &s->start, &s->stop))
		return false;
	*start = s->start;
	*end = s->stop;
	while ((s->have = next_raw(s, &s->start, &s->stop)) && s->start == *end)
		*end = s->stop;
	return true;
}
