/* SPDX-License-Identifier: MIT */
/* Damage to items, field by field for the types that carry numbers others rely on. */
#include "hostile.h"

#include <stdio.h>

static const struct item_field {
	uint8_t type;
	struct field field;
} item_fields[] = {
	{0, {0, 8, "location.objectid"}},
	{0, {8, 1, "location.type"}},
	{0, {9, 8, "location.offset"}},
	{0, {17, 8, "header generation"}},
	{0, {25, 8, "num_entries"}},
	{0, {33, 8, "num_bitmaps"}},
	{1, {0, 8, "inode generation"}},
	{1, {8, 8, "inode transid"}},
	{1, {16, 8, "inode size"}},
	{1, {24, 8, "inode nbytes"}},
	{1, {40, 4, "nlink"}},
	{1, {52, 4, "mode"}},
	{1, {64, 8, "inode flags"}},
	{12, {8, 2, "inode ref name_len"}},
	{84, {25, 2, "dir data_len"}},
	{84, {27, 2, "dir name_len"}},
	{96, {0, 8, "dir location"}},
	{96, {27, 2, "dir index name_len"}},
	{108, {0, 8, "extent generation"}},
	{108, {8, 8, "ram_bytes"}},
	{108, {16, 1, "compression"}},
	{108, {17, 1, "encryption"}},
	{108, {18, 2, "other encoding"}},
	{108, {20, 1, "extent type"}},
	{108, {21, 8, "disk_bytenr"}},
	{108, {29, 8, "disk_num_bytes"}},
	{108, {37, 8, "extent offset"}},
	{108, {45, 8, "num_bytes"}},
	{132, {160, 8, "root generation"}},
	{132, {168, 8, "root_dirid"}},
	{132, {176, 8, "root bytenr"}},
	{132, {192, 8, "root bytes_used"}},
	{132, {208, 8, "root flags"}},
	{132, {216, 4, "root refs"}},
	{132, {237, 1, "drop_level"}},
	{132, {238, 1, "root level"}},
	{132, {239, 8, "generation_v2"}},
	{156, {16, 2, "root ref name_len"}},
	{168, {0, 8, "extent refs"}},
	{168, {8, 8, "extent generation"}},
	{168, {16, 8, "extent flags"}},
	{168, {24, 1, "inline ref type"}},
	{168, {25, 8, "inline ref root"}},
	{169, {0, 8, "extent refs"}},
	{169, {8, 8, "extent generation"}},
	{169, {16, 8, "extent flags"}},
	{169, {24, 1, "inline ref type"}},
	{169, {25, 8, "inline ref offset"}},
	{192, {0, 8, "used"}},
	{192, {8, 8, "chunk_objectid"}},
	{192, {16, 8, "block group flags"}},
	{198, {0, 4, "extent_count"}},
	{198, {4, 4, "info flags"}},
	{200, {0, 8, "free space bitmap"}},
	{204, {0, 8, "chunk_tree"}},
	{204, {8, 8, "chunk_objectid"}},
	{204, {16, 8, "chunk_offset"}},
	{204, {24, 8, "dev extent length"}},
	{216, {0, 8, "devid"}},
	{216, {8, 8, "dev total_bytes"}},
	{216, {16, 8, "dev bytes_used"}},
	{228, {0, 8, "chunk length"}},
	{228, {8, 8, "chunk owner"}},
	{228, {16, 8, "stripe_len"}},
	{228, {24, 8, "chunk type"}},
	{228, {32, 4, "io_align"}},
	{228, {36, 4, "io_width"}},
	{228, {40, 4, "sector_size"}},
	{228, {44, 2, "num_stripes"}},
	{228, {46, 2, "sub_stripes"}},
	{228, {48, 8, "stripe devid"}},
	{228, {56, 8, "stripe offset"}},
};
#define ITEM_FIELDS (sizeof(item_fields) / sizeof(*item_fields))

/* Key parts: the item's place in the tree is a number like any other. */
static const struct field key_fields[] = {{0, 8, "key.objectid"}, {8, 1, "key.type"}, {9, 8, "key.offset"}};

static void spoil_key(struct hostile *h, uint8_t *block, const struct item_ref *item)
{
	uint8_t *slot = block + BLOCK_HEADER + (size_t)LEAF_SLOT * item->slot;

	spoil(h, slot, &key_fields[pick(h, sizeof(key_fields) / sizeof(*key_fields))], "key in leaf",
		item->leaf);
}

void damage_item(struct hostile *h)
{
	const struct item_field *row;
	const struct item_ref *item;
	uint8_t block[MAX_NODE];

	do {
		row = &item_fields[pick(h, ITEM_FIELDS)];
		item = item_of_type(h, row->type);
	} while (!item || item->size < (uint32_t)row->field.at + row->field.size);
	take(h, item->leaf, block);
	if (pick(h, 5) == 0)
		spoil_key(h, block, item);
	else
		spoil(h, block + item->at, &row->field, "item in leaf", item->leaf);
	block_write(&h->image, item->leaf, block);
}

/* Random bytes anywhere in a tree block behind the fields that say whose it is. */
void damage_noise(struct hostile *h)
{
	const struct block_ref *ref = any_block(h);
	uint64_t n = 1 + pick(h, pick(h, 2) ? 8 : 4000);
	uint8_t block[MAX_NODE];

	take(h, ref->bytenr, block);
	for (uint64_t i = 0; i < n; i++)
		block[BLOCK_HEADER + pick(h, h->image.nodesize - BLOCK_HEADER)] = (uint8_t)pick(h, 256);
	block_write(&h->image, ref->bytenr, block);
	printf("block %llu: %llu random bytes\n", (unsigned long long)ref->bytenr, (unsigned long long)n);
}
