/* SPDX-License-Identifier: MIT */
/* Tree: one tree block, the list of all trees, or the superblock's fields. */
#ifndef TUI_SCREENS_TREE_H
#define TUI_SCREENS_TREE_H

#include "columns.h"
#include "item_text.h"
#include "list.h"
#include "tree_path.h"

enum tree_mode { TREE_BLOCK, TREE_ALL, TREE_SUPER };

struct tree_view {
	struct view view;
	enum tree_mode mode;
	uint64_t group, address; /* the focus with which one came */

	uint64_t bytenr; /* TREE_BLOCK: which one; `block` is NULL where it can't be read: err */
	struct fsr_block *block;
	struct fsr_error err;
	char other_problem[192]; /* what is wrong with copy 0 where another is shown instead */
	char parent_problem[96]; /* what the pointer to the block says otherwise */
	bool copy_chosen;        /* by hand, and not the first lawful one */
	struct tree_path path;
	bool unfolded; /* the path is shown over the items */

	struct job *job; /* TREE_ALL: being listed */
	bool listed;
	size_t ntrees;
	struct fsr_tree *trees;

	struct list list, fields; /* rows; the fields of the item under the cursor */
	bool lower;               /* the lower pane is active */
	struct layout layout;
	int name_width;           /* of the fields in the lower pane */
	int list_row, fields_row; /* where they were drawn; negative: they were not */
};

static inline struct tree_view *tree_of(struct view *view)
{
	return (struct tree_view *)view;
}

/* tree.c: the cursor to a row, its fields from the first one on. */
void tree_to_row(struct tree_view *t, size_t row);

/* ---- tree_keys.c */

bool tree_act(struct view *view, enum action action);
bool tree_click(struct view *view, int row, int col);
void tree_wheel(struct view *view, int direction);
bool tree_find(struct view *view, const struct needle *needle, int direction, size_t *number, size_t *count);

/* ---- tree_load.c */

/* Opens a block (copy FSR_ANY_COPY: the first lawful one) and finds the path to it. */
void tree_load(struct tree_view *t, uint64_t bytenr, unsigned copy);
/* The same with the path to it already in t->path. */
void tree_load_on_path(struct tree_view *t, uint64_t bytenr);
/* Starts the listing of all trees where that was not done. */
void tree_list_trees(struct tree_view *t);
/* Takes in trees that were listed; true when there are more. */
bool tree_take_trees(struct tree_view *t);
/* The superblock in use; NULL: there is none. */
const struct fsr_super_mirror *tree_super(const struct tree_view *t);

/* ---- tree_rows.c: what the rows are */

/* How many there are, and how many of them are the path over a block's items. */
size_t tree_count(const struct tree_view *t);
size_t tree_path_rows(const struct tree_view *t);
/* The block of a path row, its level and the slot that the path takes; row 0 is the list of trees: false. */
bool tree_path_row(const struct tree_view *t, size_t row, uint64_t *bytenr, unsigned *level);
/* What is in a row; false where it is something else. */
bool tree_item(const struct tree_view *t, size_t row, struct fsr_item *item);
bool tree_pointer(const struct tree_view *t, size_t row, struct fsr_pointer *pointer);
bool tree_entry(const struct tree_view *t, size_t row, struct fsr_tree *tree);
/* The level of the block: that of the path to it, for what a bad block says of itself may be wrong. */
unsigned tree_level(const struct tree_view *t);
/* The number of the item or pointer in a row. */
unsigned tree_slot(const struct tree_view *t, size_t row);
size_t tree_row_of_slot(const struct tree_view *t, unsigned slot);
/* Where the bytes of the item's data or the pointer lie in the block; false: the row has none. */
bool tree_bytes(const struct tree_view *t, size_t row, uint32_t *start, uint32_t *size);
/* The row whose item or pointer holds a byte of the block: its head or its data. */
size_t tree_row_of_byte(const struct tree_view *t, uint32_t byte, size_t row);
/* Gives each field of the item or pointer in a row, or of the superblock, until fn answers other than 0;
 * gives that answer. Items may have thousands of them. */
int tree_fields(const struct tree_view *t, size_t row, fsr_field_fn fn, void *arg);
/* Field i of the item or pointer in a row, or of the superblock in its i-th row; false: there is none. */
bool tree_field(const struct tree_view *t, size_t row, size_t i, struct fsr_field *field);
size_t tree_count_fields(const struct tree_view *t, size_t row);
/* The address that an item is about; false: none. */
bool tree_address(const struct tree_view *t, size_t row, uint64_t *address, uint64_t *length);
/* The number of the tree that the block belongs to; the root tree where no block is shown. */
uint64_t tree_number(const struct tree_view *t);
/* "root tree", "tree 257". */
const char *tree_name_text(uint64_t objectid, bool raw, char out[40]);

/* ---- tree_columns.c */

/* Columns for the mode, fitted into cols. */
const struct column *tree_columns(struct tree_view *t, int cols);
void tree_draw_row(struct view *view, size_t row, const struct area *area);
void tree_draw_heads(struct view *view, const struct area *area);
void tree_row_text(
	struct view *view, size_t row, char *text, size_t size, uint64_t *address, uint64_t *length);

/* ---- tree_head.c: the context lines; gives how many they are */
int tree_head(struct tree_view *t, const struct area *area);

/* ---- tree_pane.c */

/* The fields of the row under the cursor and its bytes. */
void tree_draw_pane(struct tree_view *t, const struct area *area);

/* ---- tree_follow.c: what Enter opens */

enum follow_kind {
	FOLLOW_NONE,
	FOLLOW_BLOCK,  /* a tree block */
	FOLLOW_TREE,   /* a tree by its number */
	FOLLOW_KEY,    /* an item of tree `number` */
	FOLLOW_EXTENT, /* the extent item that holds an address */
	FOLLOW_GROUP,  /* Overview */
	FOLLOW_MAP,    /* Map at an address */
	FOLLOW_TREES,  /* the list of all trees */
};
struct follow {
	enum follow_kind kind;
	uint64_t number;
	struct fsr_key key;
};
/* Where the row, or with the lower pane active its field, leads; nothing is read. */
struct follow tree_follow(const struct tree_view *t);
/* Whether a field of an item leads somewhere by itself. */
bool tree_field_leads(const struct tree_view *t, const struct fsr_field *field);
/* "inode 257 of the root tree" */
const char *follow_text(const struct follow *follow, bool raw, char out[FIELD_TEXT]);
/* Makes a place of it. false: there is nothing there, *err says so. */
bool follow_place(
	struct tree_view *t, const struct follow *follow, struct place *place, struct fsr_error *err);
/* An item of a tree, exactly this key or (near) the first one not below it. */
bool place_of_key(struct tree_view *t, uint64_t tree, const struct fsr_key *key, bool near,
	struct place *place, struct fsr_error *err);

/* ---- tree_go.c */

bool tree_go(struct view *view, const char *text, struct place *place);
/* "257 108 0", "(FREE_SPACE UNTYPED 137756672)": numbers or names. false: it is no key. */
bool parse_key(const char *text, struct fsr_key *key);
/* The number of a key type's name; -1: there is none. */
int key_type_number(const char *name);

/* ---- tree_export.c */

void tree_shown(struct view *view, char *out, size_t size);
int tree_export_json(struct view *view, FILE *out, bool all);
int tree_export_text(struct view *view, FILE *out, int cols);

#endif
