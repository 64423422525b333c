/* SPDX-License-Identifier: MIT */
/* fsr_tree_walk() and fsr_tree_range(): the items of a tree. */
#include "format/error.h"
#include "space/space.h"

#include <limits.h>

/* One walk. `last`: the item at *to was given, no block behind it is needed. */
struct walk {
	struct cursor c;
	const struct fsr_key *to;
	fsr_item_fn fn;
	void *arg;
	int holes;
	bool last;
};

static int give_item(struct walk *w, struct fsr_error *err)
{
	struct fsr_item item;
	int cmp;

	cursor_item(&w->c, &item);
	cmp = key_cmp(&item.key, w->to);
	w->last = cmp >= 0;
	if (cmp <= 0 && w->fn(w->arg, &item))
		return fsr_fail(err, FSR_E_STOPPED, 0, FSR_NO_BYTENR, "stopped");
	return 0;
}

static void count_hole(struct walk *w)
{
	w->last = key_cmp(&w->c.hole_from, w->to) > 0;
	w->holes += !w->last && w->holes < INT_MAX;
}

int fsr_tree_range(struct fsr_fs *fs, const char *name, const struct fsr_key *from, const struct fsr_key *to,
	fsr_item_fn fn, void *arg, struct fsr_error *err)
{
	struct walk w = {.to = to, .fn = fn, .arg = arg};
	struct fsr_error ignored;
	struct tree_root root;
	struct fsr_tree tree;
	int ret;

	if (!err)
		err = &ignored;
	ret = fsr_tree_find(fs, name, &tree, err);
	if (ret)
		return ret;
	root = (struct tree_root){tree.bytenr, tree.generation, tree.objectid, tree.level};
	cursor_init(&w.c, fs->volume, &root);
	ret = cursor_seek(&w.c, from, err);
	while (ret == CURSOR_ITEM || ret == CURSOR_HOLE) {
		if (ret == CURSOR_HOLE)
			count_hole(&w);
		else if ((ret = give_item(&w, err)))
			break;
		ret = w.last ? CURSOR_END : cursor_next(&w.c, err);
	}
	cursor_free(&w.c);
	return ret < 0 ? ret : w.holes;
}

int fsr_tree_walk(struct fsr_fs *fs, const char *name, fsr_item_fn fn, void *arg, struct fsr_error *err)
{
	const struct fsr_key from = {0, 0, 0}, to = {UINT64_MAX, UINT8_MAX, UINT64_MAX};

	return fsr_tree_range(fs, name, &from, &to, fn, arg, err);
}
