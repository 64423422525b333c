/* SPDX-License-Identifier: MIT */
/* Which block groups take part, by what libfsread makes of each. */
#include "commit.h"

#include <inttypes.h>

struct selecting {
	struct commit *c;
	struct fsr_error *err;
	int ret;
};

static bool is_listed(const struct fsw_options *o, uint64_t bytenr)
{
	for (size_t i = 0; i < o->ngroups; i++)
		if (o->groups[i] == bytenr)
			return true;
	return false;
}

/* Whether the caller asks for this one, by name or by the state it is in. */
static bool is_asked_for(const struct commit *c, const struct trans_group *g)
{
	const struct fsw_options *o = c->options;
	enum fsr_state state = g->result.before;
	bool caches_off = !c->trans.volume->fs.cache_generation;

	if (o->ngroups && !is_listed(o, g->facts->bytenr))
		return false;
	if (o->invalidate)
		return o->all || o->ngroups || caches_off ? state != FSR_STATE_SETUP
							  : g->harmful || state == FSR_STATE_NEED_WRITE;
	if (!g->eligible)
		return g->has_header;
	/* Full and empty ones want nothing: what is right or made invalid already stays as it is. */
	if (!cache_wanted(g))
		return g->harmful || (state != FSR_STATE_SETUP && state != FSR_STATE_WRITTEN);
	return o->all || o->ngroups || caches_off || state != FSR_STATE_WRITTEN;
}

static void decide(const struct commit *c, struct trans_group *g)
{
	bool changes_something = g->has_header || (cache_wanted(g) && !c->options->invalidate);

	if (!changes_something)
		return;
	if (is_asked_for(c, g))
		g->result.why = FSW_WHY_SELECTED;
	else if (g->deadly)
		g->result.why = FSW_WHY_TRUSTED;
	g->takes_part = g->result.why != FSW_WHY_NONE;
}

/* cache_generation is another one than it will be: what Linux ignores today it will trust. */
static bool renews_trust(const struct commit *c)
{
	const struct fsr_filesystem *f = &c->trans.volume->fs;

	return f->cache_generation != f->generation;
}

static int take_group(void *arg, const struct fsr_group *record)
{
	struct selecting *s = arg;
	struct trans_group *g = &s->c->trans.groups[record->index];

	for (size_t i = 0; i < record->nfindings; i++) {
		const struct fsr_finding *f = &record->findings[i];

		if (finding_forbids(f))
			return s->ret = fsr_fail(s->err, FSR_E_REFUSED, 0, record->bytenr,
				       "the filesystem must be repaired first: block group %" PRIu64
				       ": %s: %s",
				       record->bytenr, fsr_finding_info(f->code)->name, f->message);
		g->harmful |= f->severity >= FSR_SEVERITY_ERROR;
		g->deadly |= f->severity == FSR_SEVERITY_DANGER && renews_trust(s->c);
	}
	if (record->state == FSR_STATE_UNKNOWN && !record->has_cache)
		return s->ret = fsr_fail(s->err, FSR_E_REFUSED, 0, record->bytenr,
			       "block group %" PRIu64 " can't be judged; repair the filesystem first",
			       record->bytenr);
	/* what can't be foretold may be taken, and wrong */
	g->deadly |= record->state == FSR_STATE_UNKNOWN && renews_trust(s->c);
	g->has_header = record->has_cache;
	g->largest = record->recomputed_largest;
	g->state = g->result.before = g->result.after = record->state;
	decide(s->c, g);
	return 0;
}

/* Headers whose block group is gone, and inodes that no header names. */
static int has_strays(struct commit *c, bool *work, struct fsr_error *err)
{
	const struct fsr_fs *fs = c->trans.fs;
	struct fsr_error ignored;

	for (size_t i = 0; i < fs->nheaders; i++)
		*work |= !find_group(fs, fs->headers[i].group);
	for (size_t i = 0; i < fs->ninodes && !*work; i++) {
		const struct cache_inode *inode = &fs->inodes[i];
		int ret;

		if (inode->headers || inode->ino < FIRST_FREE_OBJECTID || inode->ino > LAST_FREE_OBJECTID)
			continue;
		ret = inode_is_plain(&c->trans, inode->ino, err);
		if (ret < 0)
			return ret;
		*work |= ret && !inode_check_extents(&c->trans, inode->ino, &ignored);
	}
	return 0;
}

static int check_list(const struct commit *c, struct fsr_error *err)
{
	const struct fsw_options *o = c->options;

	for (size_t i = 0; i < o->ngroups; i++)
		if (!find_group(c->trans.fs, o->groups[i]))
			return fsr_fail(err, FSR_E_NOT_FOUND, 0, o->groups[i],
				"no block group begins at %" PRIu64, o->groups[i]);
	return 0;
}

int commit_select(struct commit *c, bool *work, struct fsr_error *err)
{
	struct selecting s = {.c = c, .err = err};
	struct fsr_error why;
	int ret = check_list(c, err);

	if (ret)
		return ret;
	ret = commit_judge(c, c->trans.fs, take_group, &s, &why);
	if (s.ret)
		return s.ret;
	if (ret) {
		*err = why;
		return ret;
	}
	*work = false;
	for (size_t i = 0; i < c->trans.ngroups; i++)
		*work |= c->trans.groups[i].takes_part;
	if (c->options->ngroups || c->options->invalidate)
		return 0;
	*work |= commit_is_behind(c);
	c->removes_strays = true;
	return has_strays(c, work, err);
}
