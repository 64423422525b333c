/* SPDX-License-Identifier: MIT */
/* Where fields lead to, and which byte a place is. */
#include "bytes.h"
#include "places.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

#define CRC_SIZE 4u
#define HEADER_SIZE 101u
#define POINTER_SIZE 33u

/* ---- to a place */

static void show_nothing(struct bytes_view *b)
{
	bytes_source_free(&b->source);
	bytes_fold(b, b->rows.width);
	b->cursor = b->top = 0;
}

/* Where the address is spoken of, or page 0 where it is but the block group's beginning. */
static void show_address(struct bytes_view *b, uint64_t address)
{
	size_t entry = address == b->model_group ? SIZE_MAX : cache_model_at(&b->model, address);
	const struct fsr_cache_entry *e = entry == SIZE_MAX ? NULL : &b->model.cache->entries[entry];

	if (e && e->bitmap_readable)
		bytes_show_page(b, e->bitmap_page, b->model.copy,
			(size_t)((address - e->offset) / b->model.sector / 8));
	else
		bytes_show_page(b, e ? e->page : 0, b->model.copy, e ? e->byte : 0);
}

static void show_cache(struct bytes_view *b, const struct place *place)
{
	if (!bytes_need_model(b, b->group) || !b->model.cache->npages)
		show_nothing(b);
	else if (place->target == TARGET_CACHE && place->page < b->model.cache->npages)
		bytes_show_page(b, place->page, place->copy, place->byte);
	else
		show_address(b, place->address);
}

/* Tree knows the item, not where its bytes begin. */
static size_t byte_of_slot(const struct bytes_view *b, unsigned slot)
{
	const struct fsr_block *block = b->source.block;
	struct fsr_item item;

	if (!block || !block->lawful || slot >= block->nritems)
		return 0;
	if (block->level)
		return HEADER_SIZE + slot * POINTER_SIZE;
	/* an item without data may begin where the block ends */
	return fsr_block_item(block, slot, &item) && item.size ? (size_t)(item.data - block->data) : 0;
}

void bytes_show(struct view *view, const struct place *place)
{
	struct bytes_view *b = bytes_self(view);
	const struct record *record = tab_record(view->tab, place->group);

	b->group = record ? record->group.bytenr : place->group;
	b->address = place->address;
	switch (place->target) {
	case TARGET_BLOCK:
		bytes_show_block(b, place->block, place->copy, place->byte);
		if (!place->byte && place->slot)
			b->cursor = byte_of_slot(b, place->slot);
		break;
	case TARGET_SUPER:
	case TARGET_TREES:
		bytes_show_super(b, place->copy, place->byte);
		break;
	default:
		if (record)
			show_cache(b, place);
		else
			show_nothing(b);
	}
}

/* ---- from a byte */

/* The number behind the word in a label: "item 14 location ..." */
static bool numbered(const struct fsr_label *label, const char *word, unsigned *number)
{
	size_t n = strlen(word);

	return label && strncmp(label->text, word, n) == 0 && sscanf(label->text + n, "%u", number) == 1;
}

/* The address that the byte speaks of, or `other`. */
static uint64_t address_of(const struct bytes_view *b, const struct fsr_label *label, uint64_t other)
{
	size_t entry = label ? bytes_entry(b, label) : SIZE_MAX;
	uint64_t address;

	if (entry == SIZE_MAX)
		return other;
	address = b->model.cache->entries[entry].offset;
	if (label->kind == FSR_LABEL_BITMAP)
		address += b->cursor * UINT64_C(8) * b->model.sector;
	return address;
}

static bool within_group(const struct bytes_view *b, uint64_t address)
{
	const struct record *record = tab_record(b->view.tab, address);

	return record && record->group.bytenr == b->group;
}

void bytes_here(const struct view *view, struct place *place)
{
	struct bytes_view *b = bytes_self(view);
	const struct fsr_label *label = bytes_field(b);

	place->group = b->group;
	place->address = address_of(b, label, b->address);
	if (!within_group(b, place->address))
		place->address = b->group;
	place->byte = (unsigned)b->cursor;
	place->copy = b->source.copy;
	switch (b->source.kind) {
	case BYTES_CACHE:
		place->target = TARGET_CACHE;
		place->page = b->source.page;
		break;
	case BYTES_BLOCK:
		place->target = TARGET_BLOCK;
		place->block = b->source.bytenr;
		if (!numbered(label, "item ", &place->slot))
			numbered(label, "pointer ", &place->slot);
		break;
	case BYTES_SUPER:
		place->target = TARGET_SUPER;
		break;
	default:
		place->byte = place->copy = 0;
	}
}

static bool to_block(struct place *place, uint64_t bytenr)
{
	place->screen = SCREEN_TREE;
	place->target = TARGET_BLOCK;
	place->block = bytenr;
	place->slot = place->byte = place->copy = 0;
	return bytenr != 0;
}

static bool to_address(const struct bytes_view *b, struct place *place, uint64_t address)
{
	const struct record *record = tab_record(b->view.tab, address);

	if (!record) {
		ui_say(b->view.ui, SAY_WARNING, "%" PRIu64 ": no block group holds this address", address);
		return false;
	}
	place->screen = SCREEN_MAP;
	place->target = TARGET_NONE;
	place->group = record->group.bytenr;
	place->address = address;
	return true;
}

static bool follow_page(struct bytes_view *b, const struct fsr_label *label, struct place *place)
{
	unsigned page = label->byte / CRC_SIZE;

	if (label->kind == FSR_LABEL_CRC && page < b->model.cache->npages) {
		place->screen = SCREEN_BYTES;
		place->page = page;
		place->byte = 0;
		return true;
	}
	if (label->kind == FSR_LABEL_GENERATION)
		return place_of_header(b->view.tab, b->group, place);
	return bytes_entry(b, label) != SIZE_MAX && to_address(b, place, address_of(b, label, 0));
}

/* ---- fields of tree blocks */

static struct fsr_key key_of(const struct bytes_source *s, const struct fsr_label *label)
{
	return (struct fsr_key){bytes_number(s, label->byte, 8), (uint8_t)bytes_number(s, label->byte + 8, 1),
		bytes_number(s, label->byte + 9, 8)};
}

/* A root item's key leads to where that tree begins, others to the item in this block's own tree. */
static bool follow_key(struct bytes_view *b, const struct fsr_label *label, struct place *place)
{
	struct fsr_key key = key_of(&b->source, label);
	char tree[24];

	snprintf(tree, sizeof tree, "%" PRIu64, b->source.block->owner);
	place->screen = SCREEN_TREE;
	return place_of_item(b->view.tab, key.type == ITEM_ROOT ? "root" : tree, key.objectid, key.type,
		key.type == ITEM_INODE ? 0 : key.offset, place);
}

static bool is_tree_root(const struct bytes_view *b, unsigned slot)
{
	struct fsr_item item;

	return fsr_block_item(b->source.block, slot, &item) && item.key.type == ITEM_ROOT;
}

static bool follow_block(struct bytes_view *b, const struct fsr_label *label, struct place *place)
{
	uint64_t value = bytes_number(&b->source, label->byte, label->length < 8 ? label->length : 8);
	unsigned slot;

	if (!b->source.block || !b->source.block->lawful)
		return false;
	if (numbered(label, "pointer ", &slot)) {
		struct fsr_pointer pointer;

		return fsr_block_pointer(b->source.block, slot, &pointer) && to_block(place, pointer.bytenr);
	}
	if (!numbered(label, "item ", &slot)) /* the header: this block in its tree */
		return to_block(place, b->source.bytenr);
	if (label->byte < HEADER_SIZE + b->source.block->nritems * 25) { /* an item's head */
		place->screen = SCREEN_TREE;
		return true;
	}
	if (label->length == 17)
		return follow_key(b, label, place);
	if (label->kind == FSR_LABEL_OFFSET && label->length == 8 && strstr(label->text, "bytenr"))
		return is_tree_root(b, slot) ? to_block(place, value) : to_address(b, place, value);
	place->screen = SCREEN_TREE;
	return true;
}

static bool follow_super(const struct bytes_view *b, const struct fsr_label *label, struct place *place)
{
	static const char *const roots[] = {"root ", "chunk_root ", "log_root ", NULL};

	for (size_t i = 0; roots[i]; i++)
		if (strncmp(label->text, roots[i], strlen(roots[i])) == 0)
			return to_block(place, bytes_number(&b->source, label->byte, 8));
	return false;
}

bool bytes_enter(struct view *view, struct place *place)
{
	struct bytes_view *b = bytes_self(view);
	const struct fsr_label *label = bytes_field(b);

	if (!label)
		return false;
	switch (b->source.kind) {
	case BYTES_CACHE:
		return follow_page(b, label, place);
	case BYTES_BLOCK:
		return follow_block(b, label, place);
	case BYTES_SUPER:
		return follow_super(b, label, place);
	default:
		return false;
	}
}

/* ---- `:` */

bool bytes_go(struct view *view, const char *text, struct place *place)
{
	struct bytes_view *b = bytes_self(view);
	const struct fsr_cache *cache = b->source.kind == BYTES_CACHE ? b->model.cache : NULL;
	uint64_t n;

	bytes_here(view, place);
	place->screen = SCREEN_BYTES;
	if (word_number(text, "+", &n) && n < b->source.size) {
		place->byte = (unsigned)n;
		return true;
	}
	if (cache && word_number(text, "page", &n) && n < cache->npages) {
		place->page = (unsigned)n;
		place->byte = 0;
		return true;
	}
	if (cache && word_number(text, "entry", &n) && n < cache->nentries) {
		place->page = cache->entries[n].page;
		place->byte = cache->entries[n].byte;
		return true;
	}
	return false;
}
