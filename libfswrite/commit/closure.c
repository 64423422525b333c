/* SPDX-License-Identifier: MIT */
/*
 * The commit loop. Setting up a cache allocates and frees, which changes block groups, whose caches must be
 * set up in turn; their items and the roots' move tree blocks, which changes block groups again. Every
 * block moves once and every cache gets one extent, so it ends.
 */
#include "commit.h"

#include "../fields.h"

#include <inttypes.h>

#define ROUNDS_MAX 24u /* two or three as a rule; FSW_MAX_TRANSITIONS has room for the events of all */

/* It was full or empty and now wants a cache: with everything asked for that is work which shall not be left.
 */
static bool comes_to_want(const struct commit *c, const struct trans_group *g)
{
	return !c->options->ngroups && !c->options->invalidate && cache_wanted(g);
}

static bool must_enter(const struct commit *c, const struct trans_group *g)
{
	return !g->entered && (g->takes_part || (g->touched && (g->has_header || comes_to_want(c, g))));
}

static int invalidate(struct trans *t, struct trans_group *g, struct fsr_error *err)
{
	int ret = cache_invalidate(t, g, err);

	if (ret)
		return ret;
	return cache_state(t, g, g->has_header ? FSR_STATE_SETUP : FSR_STATE_CLEAR, err, "made invalid");
}

static int enter(struct commit *c, struct trans_group *g, struct fsr_error *err)
{
	struct trans *t = &c->trans;
	bool touched = !g->takes_part; /* asked for or not: this is why it enters now */
	int ret;

	if (g->result.why == FSW_WHY_NONE)
		g->result.why = FSW_WHY_TOUCHED;
	g->takes_part = g->entered = true;
	ret = cache_state(t, g, FSR_STATE_CLEAR, err, "%s",
		touched                            ? "the commit changes this block group"
		: g->result.why == FSW_WHY_TRUSTED ? "its wrong cache would be trusted from now on"
						   : "");
	if (ret)
		return ret;
	ret = c->options->invalidate ? invalidate(t, g, err) : cache_set_up(t, g, err);
	if (!g->takes_part) /* left as it was, unless the commit comes to change it after all */
		g->entered = false;
	return ret;
}

static int enter_all(struct commit *c, struct fsr_error *err)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < c->trans.ngroups; i++) {
			struct trans_group *g = &c->trans.groups[i];
			int ret = must_enter(c, g) ? enter(c, g, err) : 0;

			if (ret)
				return ret;
			again |= must_enter(c, g);
		}
	}
	return 0;
}

/* Back to SETUP: the block group changed after its item was written; or it is full or empty no more. */
static bool must_go_back(const struct trans_group *g)
{
	if (g->extent_there)
		return g->state == FSR_STATE_NEED_WRITE && g->dirty;
	return g->entered && g->eligible && g->state != FSR_STATE_ERROR && cache_wanted(g) && g->dirty;
}

static int set_up_again(struct commit *c, struct fsr_error *err)
{
	int ret = 0;

	for (size_t i = 0; i < c->trans.ngroups && !ret && !c->options->invalidate; i++)
		if (must_go_back(&c->trans.groups[i]))
			ret = cache_set_up(&c->trans, &c->trans.groups[i], err);
	return ret;
}

static int write_item(struct trans *t, struct trans_group *g, struct fsr_error *err)
{
	const struct fsr_key key = {g->facts->bytenr, KEY_BLOCK_GROUP_ITEM, g->facts->length};
	struct path path;
	int ret = tree_search(t, &t->extents, &key, true, &path, err);

	if (ret < 0)
		return ret;
	if (ret || path_item_size(&path) < BLOCK_GROUP_ITEM_SIZE)
		return fsr_fail(err, FSR_E_REFUSED, 0, key.objectid,
			"block group %" PRIu64 " has no item of its length: repair the filesystem first",
			key.objectid);
	set64(path_item(&path) + BLOCK_GROUP_USED, g->used);
	t->extents.changed = true;
	g->item_used = g->used;
	return 0;
}

/* SETUP to NEED_WRITE, and the items of all that changed. */
static int write_items(struct commit *c, struct fsr_error *err)
{
	for (size_t i = 0; i < c->trans.ngroups; i++) {
		struct trans_group *g = &c->trans.groups[i];
		bool set_up = g->extent_there && g->state == FSR_STATE_SETUP;
		int ret = 0;

		g->dirty &= !set_up;
		if (g->item_used != g->used)
			ret = write_item(&c->trans, g, err);
		if (!ret && set_up)
			ret = cache_state(
				&c->trans, g, FSR_STATE_NEED_WRITE, err, "%" PRIu64 " bytes used", g->used);
		if (ret)
			return ret;
	}
	return 0;
}

static bool is_settled(const struct commit *c)
{
	if (refs_waiting(&c->trans))
		return false;
	for (size_t i = 0; i < c->trans.ngroups; i++) {
		const struct trans_group *g = &c->trans.groups[i];

		if (must_enter(c, g) || g->item_used != g->used ||
			(!c->options->invalidate && must_go_back(g)))
			return false;
	}
	return true;
}

static int remove_strays(struct commit *c, struct fsr_error *err)
{
	struct trans *t = &c->trans;
	int ret = 0;

	for (size_t i = 0; i < t->fs->nheaders && ret >= 0; i++) {
		const struct cache_header *h = &t->fs->headers[i];

		if (!find_group(t->fs, h->group))
			ret = cache_drop_stray(t, h, err);
	}
	for (size_t i = 0; i < t->fs->ninodes && ret >= 0; i++)
		if (!t->fs->inodes[i].headers)
			ret = cache_remove_inode(t, t->fs->inodes[i].ino, err);
	return ret < 0 ? ret : 0;
}

int commit_settle(struct commit *c, struct fsr_error *err)
{
	int ret = commit_begin_quota(c, err);

	if (!ret && c->removes_strays)
		ret = remove_strays(c, err);
	for (unsigned round = 0; !ret; round++) {
		bool changed = false;

		if (round == ROUNDS_MAX)
			return fsr_fail(err, FSR_E_REFUSED, 0, FSR_NO_BYTENR,
				"the commit does not settle after %u rounds: please report this", ROUNDS_MAX);
		ret = commit_progress(c, "planning", round, 0, err);
		if (!ret)
			ret = enter_all(c, err);
		if (!ret)
			ret = refs_run(&c->trans, err);
		if (!ret)
			ret = set_up_again(c, err);
		if (!ret)
			ret = write_items(c, err);
		if (!ret)
			ret = commit_update_roots(c, &changed, err);
		if (!ret && !changed && is_settled(c))
			break;
	}
	c->trans.frozen = !ret;
	return ret;
}
