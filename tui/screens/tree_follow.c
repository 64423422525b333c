/* SPDX-License-Identifier: MIT */
/* Where things on disk lead: what Enter opens. One table, keyed by key type. */
#include "tree.h"
#include "words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct follow to(enum follow_kind kind, uint64_t number)
{
	return (struct follow){.kind = number ? kind : FOLLOW_NONE, .number = number};
}

static struct follow to_inode(uint64_t tree, uint64_t inode)
{
	return (struct follow){FOLLOW_KEY, tree, {inode, (uint8_t)key_type_number("INODE_ITEM"), 0}};
}

/* A location: of an inode in the same tree, or of another tree. */
static struct follow to_location(uint64_t tree, const struct fsr_key *key)
{
	if (key_is(key, "ROOT_ITEM"))
		return to(FOLLOW_TREE, key->objectid);
	return (struct follow){FOLLOW_KEY, tree, *key};
}

/* ---- items */

static struct follow by_location(const struct tree_view *t, const struct fsr_item *item)
{
	struct fsr_field field;

	if (!item_field(item, "location", &field) && !item_field(item, "entries.location", &field))
		return to(FOLLOW_NONE, 0);
	return to_location(tree_number(t), &field.key);
}

/* Data: where the first reference has it, in the tree and file that it names. */
static struct follow by_data_ref(const struct fsr_item *item, const char *list)
{
	char name[3][32];
	struct fsr_field root, inode, offset;

	snprintf(name[0], sizeof name[0], "%sroot", list);
	snprintf(name[1], sizeof name[1], "%sobjectid", list);
	snprintf(name[2], sizeof name[2], "%soffset", list);
	if (!item_field(item, name[0], &root) || !item_field(item, name[1], &inode) ||
		!item_field(item, name[2], &offset))
		return to(FOLLOW_NONE, 0);
	return (struct follow){
		FOLLOW_KEY, root.value, {inode.value, (uint8_t)key_type_number("EXTENT_DATA"), offset.value}};
}

static struct follow by_extent(const struct tree_view *t, const struct fsr_item *item)
{
	const char *word;
	struct fsr_field flags;

	(void)t;
	word = item_field(item, "flags", &flags) ? field_symbol(&flags) : NULL;
	if (word && !strncmp(word, "TREE_BLOCK", strlen("TREE_BLOCK")))
		return to(FOLLOW_BLOCK, item->key.objectid);
	return by_data_ref(item, "inline_refs.");
}

static struct follow by_reference(const struct tree_view *t, const struct fsr_item *item)
{
	(void)t;
	return by_data_ref(item, "");
}

static struct follow by_directory(const struct tree_view *t, const struct fsr_item *item)
{
	return to_inode(tree_number(t), item->key.offset);
}

static const struct {
	const char *type;
	enum follow_kind kind;
	const char *number; /* "@objectid", "@offset" of the key, or a field */
	struct follow (*by)(const struct tree_view *t, const struct fsr_item *item);
} table[] = {
	{"ROOT_ITEM", FOLLOW_BLOCK, "bytenr", NULL},
	{"UNTYPED", FOLLOW_NONE, NULL, by_location},
	{"DIR_ITEM", FOLLOW_NONE, NULL, by_location},
	{"DIR_INDEX", FOLLOW_NONE, NULL, by_location},
	{"INODE_REF", FOLLOW_NONE, NULL, by_directory},
	{"ORPHAN_ITEM", FOLLOW_NONE, NULL, by_directory},
	{"EXTENT_DATA", FOLLOW_EXTENT, "disk_bytenr", NULL},
	{"EXTENT_CSUM", FOLLOW_EXTENT, "@offset", NULL},
	{"EXTENT_ITEM", FOLLOW_NONE, NULL, by_extent},
	{"METADATA_ITEM", FOLLOW_BLOCK, "@objectid", NULL},
	{"EXTENT_DATA_REF", FOLLOW_NONE, NULL, by_reference},
	{"TREE_BLOCK_REF", FOLLOW_TREE, "@offset", NULL},
	{"SHARED_BLOCK_REF", FOLLOW_BLOCK, "@offset", NULL},
	{"SHARED_DATA_REF", FOLLOW_BLOCK, "@offset", NULL},
	{"BLOCK_GROUP_ITEM", FOLLOW_GROUP, "@objectid", NULL},
	{"FREE_SPACE_INFO", FOLLOW_GROUP, "@objectid", NULL},
	{"FREE_SPACE_EXTENT", FOLLOW_MAP, "@objectid", NULL},
	{"FREE_SPACE_BITMAP", FOLLOW_MAP, "@objectid", NULL},
	{"CHUNK_ITEM", FOLLOW_GROUP, "@offset", NULL},
	{"DEV_EXTENT", FOLLOW_GROUP, "chunk_offset", NULL},
	{"ROOT_REF", FOLLOW_TREE, "@offset", NULL},
	{"ROOT_BACKREF", FOLLOW_TREE, "@offset", NULL},
	{"UUID_KEY_SUBVOL", FOLLOW_TREE, "subvolumes.subvolume", NULL},
	{"UUID_KEY_RECEIVED_SUBVOL", FOLLOW_TREE, "subvolumes.subvolume", NULL},
};

static uint64_t number_of(const struct fsr_item *item, const char *name)
{
	return !strcmp(name, "@objectid") ? item->key.objectid
	       : !strcmp(name, "@offset") ? item->key.offset
					  : item_number(item, name);
}

static struct follow of_item(const struct tree_view *t, const struct fsr_item *item)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (!key_is(&item->key, table[i].type))
			continue;
		if (table[i].by)
			return table[i].by(t, item);
		return to(table[i].kind, number_of(item, table[i].number));
	}
	return to(FOLLOW_NONE, 0);
}

/* ---- fields: those that lead somewhere of their own */

static struct follow of_field(const struct tree_view *t, const struct fsr_field *field)
{
	static const struct {
		const char *list, *name;
		enum follow_kind kind;
	} fields[] = {
		{NULL, "bytenr", FOLLOW_BLOCK},
		{NULL, "block", FOLLOW_BLOCK},
		{NULL, "disk_bytenr", FOLLOW_EXTENT},
		{NULL, "chunk_offset", FOLLOW_GROUP},
		{NULL, "root", FOLLOW_TREE},
		{"inline_refs", "root", FOLLOW_TREE},
		{"inline_refs", "parent", FOLLOW_BLOCK},
		{"subvolumes", "subvolume", FOLLOW_TREE},
	};

	if (field->kind == FSR_FIELD_KEY && !strcmp(field->name, "location"))
		return to_location(tree_number(t), &field->key);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (!strcmp(fields[i].name, field->name) && !fields[i].list == !field->list &&
			(!field->list || !strcmp(fields[i].list, field->list)))
			return to(fields[i].kind, field->value);
	return to(FOLLOW_NONE, 0);
}

bool tree_field_leads(const struct tree_view *t, const struct fsr_field *field)
{
	return of_field(t, field).kind != FOLLOW_NONE;
}

static struct follow of_super_field(const struct fsr_field *field)
{
	static const char *const roots[] = {"root", "chunk_root", "log_root"};

	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		if (!field->list && !strcmp(field->name, roots[i]))
			return to(FOLLOW_BLOCK, field->value);
	return to(FOLLOW_NONE, 0);
}

/* ---- rows */

static struct follow of_row(const struct tree_view *t, size_t row)
{
	struct fsr_pointer pointer;
	struct fsr_item item;
	uint64_t bytenr;
	unsigned level;

	if (tree_path_row(t, row, &bytenr, &level))
		return to(FOLLOW_BLOCK, bytenr);
	if (row < tree_path_rows(t))
		return to(FOLLOW_TREES, 1);
	if (tree_pointer(t, row, &pointer))
		return to(FOLLOW_BLOCK, pointer.bytenr);
	return tree_item(t, row, &item) ? of_item(t, &item) : to(FOLLOW_NONE, 0);
}

struct follow tree_follow(const struct tree_view *t)
{
	struct follow follow = {.kind = FOLLOW_NONE};
	size_t row = t->list.cursor;
	struct fsr_field field;
	struct fsr_tree tree;

	if (tree_entry(t, row, &tree))
		return to(FOLLOW_BLOCK, tree.bytenr);
	if (t->mode == TREE_SUPER)
		return tree_field(t, row, row, &field) ? of_super_field(&field) : follow;
	if (t->mode != TREE_BLOCK)
		return follow;
	if (t->lower && tree_field(t, row, t->fields.cursor, &field))
		follow = of_field(t, &field);
	return follow.kind ? follow : of_row(t, row);
}

const char *follow_text(const struct follow *follow, bool raw, char out[FIELD_TEXT])
{
	static const char *const words[] = {
		[FOLLOW_BLOCK] = "tree block",
		[FOLLOW_EXTENT] = "the extent item of",
		[FOLLOW_GROUP] = "Overview, block group",
		[FOLLOW_MAP] = "Map, address",
	};
	char name[40], key[KEY_TEXT_SIZE];

	*out = 0;
	if (follow->kind == FOLLOW_TREES)
		snprintf(out, FIELD_TEXT, "the list of all trees");
	else if (follow->kind == FOLLOW_TREE)
		snprintf(out, FIELD_TEXT, "the root of the %s", tree_name_text(follow->number, raw, name));
	else if (follow->kind == FOLLOW_KEY && key_is(&follow->key, "INODE_ITEM"))
		snprintf(out, FIELD_TEXT, "inode %" PRIu64, follow->key.objectid);
	else if (follow->kind == FOLLOW_KEY)
		snprintf(out, FIELD_TEXT, "%s of the %s", key_text(&follow->key, raw, key),
			tree_name_text(follow->number, raw, name));
	else if (follow->kind)
		snprintf(out, FIELD_TEXT, "%s %" PRIu64, words[follow->kind], follow->number);
	return out;
}

/* ---- places */

static void block_place(struct place *place, uint64_t block, unsigned slot)
{
	place->screen = SCREEN_TREE;
	place->target = TARGET_BLOCK;
	place->block = block;
	place->slot = slot;
	place->byte = place->copy = 0;
}

static bool no_item(struct fsr_error *err, uint64_t tree, const struct fsr_key *key)
{
	char text[KEY_TEXT_SIZE], name[40];

	*err = (struct fsr_error){.code = FSR_E_NOT_FOUND, .bytenr = FSR_NO_BYTENR};
	snprintf(err->text, sizeof err->text, "there is no item %s in the %s", key_text(key, false, text),
		tree_name_text(tree, false, name));
	return false;
}

/* Whether the path leads to an item with exactly this key. */
static bool leads_to(struct fsr_fs *fs, const struct tree_path *path, const struct fsr_key *key)
{
	struct fsr_block *leaf;
	struct fsr_item item;
	bool same;

	if (fsr_block_open(fs, path->way.bytenr[0], FSR_ANY_COPY, &leaf, NULL))
		return false;
	same = fsr_block_item(leaf, path->way.slot[0], &item) && item.key.objectid == key->objectid &&
	       item.key.type == key->type && item.key.offset == key->offset;
	fsr_block_free(leaf);
	return same;
}

bool place_of_key(struct tree_view *t, uint64_t number, const struct fsr_key *key, bool near,
	struct place *place, struct fsr_error *err)
{
	struct fsr_fs *fs = t->view.tab->fs;
	struct tree_path path;
	struct fsr_tree tree;

	if (tree_of_number(fs, number, &tree, err) || path_to_key(fs, &path, &tree, key, err) < 0)
		return false;
	if (!near && !leads_to(fs, &path, key))
		return no_item(err, number, key);
	block_place(place, path.way.bytenr[0], path.way.slot[0]);
	return true;
}

static bool extent_place(struct tree_view *t, uint64_t address, struct place *place, struct fsr_error *err)
{
	struct fsr_holder holder;

	if (fsr_holder_at(t->view.tab->fs, address, &holder, err))
		return false;
	if (!holder.present) {
		*err = (struct fsr_error){.code = FSR_E_NOT_FOUND, .bytenr = address};
		snprintf(err->text, sizeof err->text, "no extent item holds %" PRIu64, address);
		return false;
	}
	block_place(place, holder.leaf, holder.slot);
	return true;
}

/* On another screen, at an address. */
static bool address_place(struct tree_view *t, enum screen_id screen, uint64_t address, struct place *place,
	struct fsr_error *err)
{
	const struct record *record = tab_record(t->view.tab, address);

	if (!record) {
		*err = (struct fsr_error){.code = FSR_E_NOT_FOUND, .bytenr = address};
		snprintf(err->text, sizeof err->text, "no block group holds %" PRIu64, address);
		return false;
	}
	*place = (struct place){.screen = screen, .group = record->group.bytenr, .address = address};
	return true;
}

bool follow_place(
	struct tree_view *t, const struct follow *follow, struct place *place, struct fsr_error *err)
{
	struct fsr_tree tree;

	switch (follow->kind) {
	case FOLLOW_BLOCK:
		block_place(place, follow->number, 0);
		return true;
	case FOLLOW_TREE:
		if (tree_of_number(t->view.tab->fs, follow->number, &tree, err))
			return false;
		block_place(place, tree.bytenr, 0);
		return true;
	case FOLLOW_KEY:
		return place_of_key(t, follow->number, &follow->key, false, place, err);
	case FOLLOW_EXTENT:
		return extent_place(t, follow->number, place, err);
	case FOLLOW_GROUP:
		return address_place(t, SCREEN_OVERVIEW, follow->number, place, err);
	case FOLLOW_MAP:
		return address_place(t, SCREEN_MAP, follow->number, place, err);
	case FOLLOW_TREES:
		*place = (struct place){.screen = SCREEN_TREE,
			.group = place->group,
			.address = place->address,
			.target = TARGET_TREES};
		return true;
	default:
		return false;
	}
}
