/* SPDX-License-Identifier: MIT */
/* fsr_block_labels(): what every byte of a tree block is (D3). */
#include "format/btrfs.h"
#include "labeller.h"

#include <inttypes.h>
#include <stdio.h>

#define VALUE_SIZE 72u

static const char *number_or(const char *name, uint64_t number, char text[24])
{
	if (name)
		return name;
	snprintf(text, 24, "%" PRIu64, number);
	return text;
}

static void key_text(const struct fsr_key *key, const char *before, char out[VALUE_SIZE])
{
	char objectid[24], type[24];

	snprintf(out, VALUE_SIZE, "%s(%.24s %.24s %" PRIu64 ")", before,
		number_or(fsr_key_objectid_name(key), key->objectid, objectid),
		number_or(fsr_key_type_name(key->type), key->type, type), key->offset);
}

static void label_header(struct labeller *l, const uint8_t *block)
{
	char owner[24];

	label(l, HEADER_FSID - HEADER_CSUM, FSR_LABEL_CRC, "checksum");
	label(l, HEADER_BYTENR - HEADER_FSID, FSR_LABEL_TYPE, "fsid");
	label(l, 8, FSR_LABEL_OFFSET, "bytenr %" PRIu64, get64(block + HEADER_BYTENR));
	label(l, 8, FSR_LABEL_TYPE, "flags 0x%" PRIx64, get64(block + HEADER_FLAGS));
	label(l, HEADER_GENERATION - HEADER_CHUNK_TREE_UUID, FSR_LABEL_TYPE, "chunk_tree_uuid");
	label(l, 8, FSR_LABEL_GENERATION, "generation %" PRIu64, block_generation(block));
	label(l, 8, FSR_LABEL_TYPE, "owner %s",
		number_or(fsr_objectid_name(block_owner(block)), block_owner(block), owner));
	label(l, 4, FSR_LABEL_TYPE, "nritems %" PRIu32, block_nritems(block));
	label(l, 1, FSR_LABEL_TYPE, "level %u", block_level(block));
}

static void label_pointers(struct labeller *l, const struct fsr_block *block)
{
	struct fsr_pointer pointer;
	char key[VALUE_SIZE];

	for (unsigned i = 0; fsr_block_pointer(block, i, &pointer); i++) {
		key_text(&pointer.key, "", key);
		label(l, DISK_KEY_SIZE, FSR_LABEL_TYPE, "pointer %u key %s", i, key);
		label(l, 8, FSR_LABEL_OFFSET, "pointer %u block %" PRIu64, i, pointer.bytenr);
		label(l, 8, FSR_LABEL_GENERATION, "pointer %u generation %" PRIu64, i, pointer.generation);
	}
}

static void label_heads(struct labeller *l, const struct fsr_block *block)
{
	struct fsr_item item;
	char key[VALUE_SIZE];

	for (unsigned i = 0; fsr_block_item(block, i, &item); i++) {
		key_text(&item.key, "", key);
		label(l, DISK_KEY_SIZE, FSR_LABEL_TYPE, "item %u key %s", i, key);
		label(l, 4, FSR_LABEL_OFFSET, "item %u data offset %" PRIu32, i,
			leaf_item_offset(block->data, i));
		label(l, 4, FSR_LABEL_BYTES, "item %u size %" PRIu32, i, item.size);
	}
}

/* ---- the items' fields */

struct field_labeller {
	struct labeller *l;
	unsigned slot;
	uint32_t start, end; /* where the item's data lies in the block */
};

static bool named_like(const char *name, const char *const *words)
{
	for (; *words; words++)
		if (strstr(name, *words))
			return true;
	return false;
}

/* Fields are told apart by their names: a table of kinds beside the one of fields would have to follow it. */
static enum fsr_label_kind field_label_kind(const struct fsr_field *field)
{
	static const char *const generations[] = {"generation", "transid", "last_snapshot", NULL};
	static const char *const offsets[] = {"offset", "bytenr", "parent", NULL};
	static const char *const lengths[] = {
		"bytes", "size", "len", "used", "referenced", "exclusive", NULL};

	if (field->kind == FSR_FIELD_BYTES || field->kind == FSR_FIELD_NAME)
		return strcmp(field->name, "reserved") ? FSR_LABEL_BYTES : FSR_LABEL_UNUSED;
	if (field->kind != FSR_FIELD_U64)
		return FSR_LABEL_TYPE;
	return named_like(field->name, generations) ? FSR_LABEL_GENERATION
	       : named_like(field->name, offsets)   ? FSR_LABEL_OFFSET
	       : named_like(field->name, lengths)   ? FSR_LABEL_BYTES
						    : FSR_LABEL_TYPE;
}

/* Raw bytes and names from the disk are not put into words. */
static void value_text(const struct fsr_field *field, char out[VALUE_SIZE])
{
	char number[24];

	out[0] = 0;
	switch (field->kind) {
	case FSR_FIELD_U64:
	case FSR_FIELD_TIME:
		snprintf(out, VALUE_SIZE, " %" PRIu64 "%s%.40s%s", field->value, field->symbol ? " (" : "",
			field->symbol ? field->symbol : "", field->symbol ? ")" : "");
		break;
	case FSR_FIELD_HEX:
		snprintf(out, VALUE_SIZE, " 0x%" PRIx64, field->value);
		break;
	case FSR_FIELD_OBJECTID:
		snprintf(out, VALUE_SIZE, " %.40s",
			number_or(fsr_objectid_name(field->value), field->value, number));
		break;
	case FSR_FIELD_KEY:
		key_text(&field->key, " ", out);
		break;
	case FSR_FIELD_UUID:
	case FSR_FIELD_NAME:
	case FSR_FIELD_BYTES:
		break;
	}
}

/* An item's fields follow each other: one that does not is left to the label of the rest. */
static int label_field(void *arg, const struct fsr_field *field)
{
	struct field_labeller *f = arg;
	uint32_t start = f->start + field->offset;
	char value[VALUE_SIZE];

	if (start != f->l->at || field->size > f->end - start)
		return 0;
	value_text(field, value);
	if (field->list)
		label(f->l, field->size, field_label_kind(field), "item %u %s[%u].%s%s", f->slot, field->list,
			field->index, field->name, value);
	else
		label(f->l, field->size, field_label_kind(field), "item %u %s%s", f->slot, field->name,
			value);
	return f->l->ret;
}

/* The last item's data comes first in a leaf. */
static void label_items(struct labeller *l, const struct fsr_block *block)
{
	struct fsr_item item;

	for (unsigned i = block->nritems; i-- > 0 && !l->ret && fsr_block_item(block, i, &item);) {
		uint32_t start = (uint32_t)(item.data - block->data);
		struct field_labeller f = {.l = l, .slot = i, .start = start, .end = start + item.size};

		fsr_item_fields(&item, label_field, &f);
		label(l, f.end - l->at, FSR_LABEL_BYTES, "item %u data", i);
	}
}

int fsr_block_labels(const struct fsr_block *block, fsr_label_fn fn, void *arg)
{
	struct labeller l = {.fn = fn, .arg = arg};

	label_header(&l, block->data);
	if (!block->lawful) {
		label(&l, block->size - l.at, FSR_LABEL_UNUSED, "unchecked");
		return l.ret;
	}
	if (block->level)
		label_pointers(&l, block);
	else
		label_heads(&l, block);
	label(&l, block->free_bytes, FSR_LABEL_UNUSED, "free");
	label_items(&l, block);
	return l.ret;
}
