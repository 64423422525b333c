/* SPDX-License-Identifier: MIT */
/* Tree as text and as a document. */
#include "tree.h"

#include "../ui.h"
#include "records_export.h"

#include <errno.h>
#include <inttypes.h>

void tree_shown(struct view *view, char *out, size_t size)
{
	const struct tree_view *t = tree_of(view);

	if (t->mode == TREE_BLOCK)
		snprintf(out, size, "items shown: those of block %" PRIu64, t->bytenr);
	else
		snprintf(out, size, "rows shown: %zu", t->list.count);
}

int tree_export_text(struct view *view, FILE *out, int cols)
{
	struct tree_view *t = tree_of(view);
	struct canvas canvas = {.ascii = view->ui->canvas.ascii};
	struct area area;

	if (!canvas_resize(&canvas, 2, cols))
		return -1;
	area = canvas_area(&canvas);
	canvas.rows = tree_head(t, &area); /* no blank line where nothing is wrong */
	canvas_write(&canvas, out);
	canvas_free(&canvas);
	return list_write(&t->list, view, tree_draw_row, tree_draw_heads, out, cols);
}

/* ---- the document of `spacescope tree` */

struct items {
	struct json_stream json;
	bool roots_only;
};

static int put_item(void *arg, const struct fsr_item *item)
{
	struct items *items = arg;

	if (!items->roots_only || key_is(&item->key, "ROOT_ITEM"))
		json_put(&items->json, NULL, report_item(item));
	return json_stopped(&items->json);
}

/* The greatest key below this one. */
static struct fsr_key key_before(struct fsr_key key)
{
	if (key.offset--)
		return key;
	if (key.type--)
		return key;
	key.objectid--;
	return key;
}

/* The last key that belongs below a node: the next node of its level begins behind it. */
static struct fsr_key last_below(const struct tree_view *t)
{
	struct fsr_key last = {UINT64_MAX, UINT8_MAX, UINT64_MAX};
	struct tree_path path = t->path;
	struct fsr_pointer pointer;
	struct fsr_block *next;
	struct fsr_error err;
	unsigned level = t->block->level;

	if (path_step(t->view.tab->fs, &path, level, 1, &err) ||
		fsr_block_open(t->view.tab->fs, path.way.bytenr[level], FSR_ANY_COPY, &next, &err))
		return last;
	if (fsr_block_pointer(next, 0, &pointer))
		last = key_before(pointer.key);
	fsr_block_free(next);
	return last;
}

/* The items of a leaf, all that lie below a node, or the root items. */
static void put_shown(struct tree_view *t, struct items *items, struct fsr_error *err)
{
	struct fsr_fs *fs = t->view.tab->fs;
	struct fsr_pointer first;
	struct fsr_item item;
	struct fsr_key last;
	char number[24];

	if (t->mode == TREE_ALL) {
		items->roots_only = true;
		fsr_tree_walk(fs, "root", put_item, items, err);
		return;
	}
	for (unsigned i = 0; t->block && fsr_block_item(t->block, i, &item); i++)
		put_item(items, &item);
	if (!t->block || !t->path.known || !fsr_block_pointer(t->block, 0, &first))
		return;
	snprintf(number, sizeof number, "%" PRIu64, t->path.tree.objectid);
	last = last_below(t);
	fsr_tree_range(fs, number, &first.key, &last, put_item, items, err);
}

static void put_tree(struct tree_view *t, struct items *items, struct fsr_error *err)
{
	char number[24];

	snprintf(number, sizeof number, "%" PRIu64, tree_number(t));
	fsr_tree_walk(t->view.tab->fs, number, put_item, items, err);
}

int tree_export_json(struct view *view, FILE *out, bool all)
{
	struct tree_view *t = tree_of(view);
	const struct tab *tab = view->tab;
	struct items items = {.json = {.out = out}};
	struct fsr_error err = {0};

	if (t->mode == TREE_SUPER) {
		errno = ENOTSUP;
		return -1;
	}
	records_open(tab, &items.json, "tree");
	json_open(&items.json, "items", '[');
	if (all)
		put_tree(t, &items, &err);
	else
		put_shown(t, &items, &err);
	json_close(&items.json, ']');
	export_findings(&items.json, tab->findings, tab->nfindings);
	export_close(&items.json, err.code ? &err : NULL);
	return records_outcome(&items.json);
}
