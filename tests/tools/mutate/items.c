/* SPDX-License-Identifier: MIT */
/* Ops on superblocks, tree blocks and items, by field name or by byte. */
#include "mutate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct field {
	const char *name;
	uint32_t offset;
	unsigned size;
};

static const struct field super_fields[] = {
	{"bytenr", 0x30, 8},
	{"flags", 0x38, 8},
	{"magic", 0x40, 8},
	{"generation", 0x48, 8},
	{"root", 0x50, 8},
	{"chunk_root", 0x58, 8},
	{"log_root", 0x60, 8},
	{"total_bytes", 0x70, 8},
	{"bytes_used", 0x78, 8},
	{"num_devices", 0x88, 8},
	{"sectorsize", 0x90, 4},
	{"nodesize", 0x94, 4},
	{"sys_chunk_array_size", 0xa0, 4},
	{"chunk_root_generation", 0xa4, 8},
	{"compat", 0xac, 8},
	{"compat_ro", 0xb4, 8},
	{"incompat", 0xbc, 8},
	{"csum_type", 0xc4, 2},
	{"root_level", 0xc6, 1},
	{"cache_generation", 0x22b, 8},
	{"uuid_tree_generation", 0x233, 8},
	{NULL, 0, 0},
};

static const struct field header_fields[] = {
	{"location_objectid", 0, 8},
	{"location_type", 8, 1},
	{"location_offset", 9, 8},
	{"generation", 17, 8},
	{"entries", 25, 8},
	{"bitmaps", 33, 8},
	{NULL, 0, 0},
};

static const struct field inode_fields[] = {
	{"generation", 0, 8},
	{"transid", 8, 8},
	{"size", 16, 8},
	{"nbytes", 24, 8},
	{"block_group", 32, 8},
	{"nlink", 40, 4},
	{"uid", 44, 4},
	{"gid", 48, 4},
	{"mode", 52, 4},
	{"rdev", 56, 8},
	{"flags", 64, 8},
	{"sequence", 72, 8},
	{NULL, 0, 0},
};

static const struct field extent_fields[] = {
	{"generation", 0, 8},
	{"ram_bytes", 8, 8},
	{"compression", 16, 1},
	{"encryption", 17, 1},
	{"other", 18, 2},
	{"type", 20, 1},
	{"disk_bytenr", 21, 8},
	{"disk_num_bytes", 29, 8},
	{"offset", 37, 8},
	{"num_bytes", 45, 8},
	{NULL, 0, 0},
};

static const struct field *field_named(const struct field *fields, const char *name)
{
	for (; fields->name; fields++)
		if (strcmp(fields->name, name) == 0)
			return fields;
	die("no field '%s'", name);
}

static struct path *path_new(void)
{
	struct path *path = calloc(1, sizeof(*path));

	if (!path)
		die("out of memory");
	return path;
}

static void item_edit(
	struct image *image, struct path *path, uint32_t offset, unsigned size, const char *value)
{
	if (size > item_size(path) || offset > item_size(path) - size)
		die("offset %u lies outside the item of %u bytes", offset, item_size(path));
	apply_edit(item_data(path) + offset, size, parse_edit(value));
	leaf_save(image, path);
}

static struct key parse_key(char **args)
{
	return (struct key){number(args[0]), (uint8_t)number(args[1]), number(args[2])};
}

void header_find(const struct image *image, uint64_t group, struct path *path)
{
	tree_need(image, 1, (struct key){FREE_SPACE_ID, TYPE_UNTYPED, group}, path);
	if (item_size(path) != 41)
		die("header of %u bytes", item_size(path));
}

uint64_t header_inode(const struct image *image, uint64_t group)
{
	struct path *path = path_new();
	uint64_t inode;

	header_find(image, group, path);
	inode = get(item_data(path), 8);
	free(path);
	return inode;
}

/* The three items of a cache as keys: 'h'eader, 'i'node, 'e'xtent. */
static struct key cache_key(struct image *image, char part, const char *group)
{
	if (part == 'h')
		return (struct key){FREE_SPACE_ID, TYPE_UNTYPED, number(group)};
	return (struct key){
		header_inode(image, number(group)), part == 'i' ? TYPE_INODE : TYPE_EXTENT_DATA, 0};
}

static void part_edit(struct image *image, char part, const struct field *fields, char **args)
{
	const struct field *field = field_named(fields, args[1]);
	struct path *path = path_new();

	tree_need(image, 1, cache_key(image, part, args[0]), path);
	item_edit(image, path, field->offset, field->size, args[2]);
	free(path);
}

static void op_header(struct image *image, char **args)
{
	part_edit(image, 'h', header_fields, args);
}

static void op_inode(struct image *image, char **args)
{
	part_edit(image, 'i', inode_fields, args);
}

static void op_extent(struct image *image, char **args)
{
	part_edit(image, 'e', extent_fields, args);
}

static void op_header_delete(struct image *image, char **args)
{
	item_delete(image, 1, cache_key(image, 'h', args[0]));
}

static void op_inode_delete(struct image *image, char **args)
{
	item_delete(image, 1, cache_key(image, 'i', args[0]));
}

static void op_extent_delete(struct image *image, char **args)
{
	item_delete(image, 1, cache_key(image, 'e', args[0]));
}

static void op_header_add(struct image *image, char **args)
{
	uint8_t header[41] = {0};

	put(header, 8, number(args[1]));
	header[8] = TYPE_INODE;
	for (unsigned i = 0; i < 3; i++)
		put(header + 17 + 8 * i, 8, number(args[2 + i]));
	item_insert(image, 1, (struct key){FREE_SPACE_ID, TYPE_UNTYPED, number(args[0])}, header, 41);
}

/* Gives an item another key, its content kept. */
static void item_move(struct image *image, uint64_t tree, struct key from, struct key to)
{
	struct path *path = path_new();
	uint32_t size;
	uint8_t *data;

	tree_need(image, tree, from, path);
	size = item_size(path);
	data = malloc(size ? size : 1);
	if (!data)
		die("out of memory");
	memcpy(data, item_data(path), size);
	item_delete(image, tree, from);
	item_insert(image, tree, to, data, size);
	free(data);
	free(path);
}

static void op_header_move(struct image *image, char **args)
{
	item_move(image, 1, cache_key(image, 'h', args[0]), cache_key(image, 'h', args[1]));
}

static void op_item(struct image *image, char **args)
{
	struct path *path = path_new();
	uint32_t offset;
	unsigned size;

	parse_place(args[4], &offset, &size);
	tree_need(image, tree_number(args[0]), parse_key(args + 1), path);
	item_edit(image, path, offset, size, args[5]);
	free(path);
}

static void op_item_delete(struct image *image, char **args)
{
	item_delete(image, tree_number(args[0]), parse_key(args + 1));
}

static void op_item_move(struct image *image, char **args)
{
	item_move(image, tree_number(args[0]), parse_key(args + 1), parse_key(args + 4));
}

static void op_item_insert(struct image *image, char **args)
{
	uint8_t data[MAX_NODE];
	size_t length = strlen(args[4]);

	/* "-" stands for an item without content */
	if (strcmp(args[4], "-") == 0)
		length = 0;
	if (length % 2 != 0 || length / 2 > sizeof(data))
		die("'%s' is no hex string", args[4]);
	for (size_t i = 0; i < length / 2; i++)
		if (sscanf(args[4] + 2 * i, "%2hhx", &data[i]) != 1)
			die("'%s' is no hex string", args[4]);
	item_insert(image, tree_number(args[0]), parse_key(args + 1), data, (uint32_t)(length / 2));
}

static void op_group(struct image *image, char **args)
{
	static const struct field fields[] = {
		{"used", 0, 8}, {"chunk_objectid", 8, 8}, {"flags", 16, 8}, {NULL, 0, 0}};
	const struct field *field = field_named(fields, args[1]);
	uint64_t start = number(args[0]);
	struct path *path = path_new();

	for (unsigned i = 0; i < image->chunks; i++)
		if (image->chunk[i].start == start)
			tree_need(image, 2, (struct key){start, TYPE_BLOCK_GROUP, image->chunk[i].length},
				path);
	if (path->bytenr[0] == 0)
		die("no chunk starts at %s", args[0]);
	item_edit(image, path, field->offset, field->size, args[2]);
	free(path);
}

static void op_super(struct image *image, char **args)
{
	struct field place = {NULL, 0, 0};

	if (args[0][0] == '@')
		parse_place(args[0] + 1, &place.offset, &place.size);
	else
		place = *field_named(super_fields, args[0]);
	super_edit(image, place.offset, place.size, parse_edit(args[1]));
}

static void op_block(struct image *image, char **args)
{
	uint8_t block[MAX_NODE];
	uint32_t offset;
	unsigned size;

	parse_place(args[1], &offset, &size);
	if (offset > image->nodesize - size)
		die("offset %u lies outside the block", offset);
	block_read(image, number(args[0]), block);
	apply_edit(block + offset, size, parse_edit(args[2]));
	block_write(image, number(args[0]), block);
}

static void op_logical(struct image *image, char **args)
{
	uint8_t bytes[8];
	unsigned size = (unsigned)number(args[1]);

	if (size < 1 || size > 8)
		die("size %u", size);
	logical_read(image, number(args[0]), bytes, size);
	apply_edit(bytes, size, parse_edit(args[2]));
	logical_write(image, number(args[0]), bytes, size);
}

static void op_copy(struct image *image, char **args)
{
	image->copy = strcmp(args[0], "all") == 0 ? -1 : (int)number(args[0]);
}

static void op_mirror(struct image *image, char **args)
{
	image->mirror = strcmp(args[0], "all") == 0 ? -1 : (int)number(args[0]);
}

static void op_mend(struct image *image, char **args)
{
	if (strcmp(args[0], "yes") != 0 && strcmp(args[0], "no") != 0)
		die("mend yes|no");
	image->mend = strcmp(args[0], "yes") == 0;
}

const struct op image_ops[] = {
	{"copy", 1, op_copy, "all|N: which copy of logical ranges the ops after this write"},
	{"mirror", 1, op_mirror, "all|0|1|2: which superblock mirror they write"},
	{"mend", 1, op_mend, "yes|no: whether they mend checksums"},
	{"super", 2, op_super, "FIELD|@OFF[/SIZE] VALUE: generation cache_generation log_root compat_ro ..."},
	{"block", 3, op_block, "BYTENR OFF[/SIZE] VALUE: a byte of a tree block, header included"},
	{"logical", 3, op_logical, "BYTENR SIZE VALUE: bytes at a logical address, nothing mended"},
	{NULL, 0, NULL, NULL},
};

const struct op item_ops[] = {
	{"group", 3, op_group, "BG used|chunk_objectid|flags VALUE: the block group item"},
	{"header", 3, op_header,
		"BG location_objectid|location_type|location_offset|generation|entries|bitmaps VALUE"},
	{"inode", 3, op_inode, "BG generation|size|nbytes|mode|nlink|flags|... VALUE"},
	{"extent", 3, op_extent,
		"BG generation|type|disk_bytenr|disk_num_bytes|offset|num_bytes|ram_bytes|compression|"
		"encryption|other VALUE: the file extent at 0"},
	{"header-delete", 1, op_header_delete, "BG"},
	{"inode-delete", 1, op_inode_delete, "BG"},
	{"extent-delete", 1, op_extent_delete, "BG"},
	{"header-add", 5, op_header_add, "BG INODE GENERATION ENTRIES BITMAPS"},
	{"header-move", 2, op_header_move, "BG NEWBG"},
	{"item", 6, op_item, "TREE OBJECTID TYPE OFFSET FIELDOFF[/SIZE] VALUE"},
	{"item-delete", 4, op_item_delete, "TREE OBJECTID TYPE OFFSET"},
	{"item-insert", 5, op_item_insert, "TREE OBJECTID TYPE OFFSET HEX|-"},
	{"item-move", 7, op_item_move, "TREE OBJECTID TYPE OFFSET NEWOBJECTID NEWTYPE NEWOFFSET"},
	{NULL, 0, NULL, NULL},
};
