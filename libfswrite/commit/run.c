/* SPDX-License-Identifier: MIT */
/* One commit from beginning to end. */
#include "../undo/undo.h"
#include "commit.h"

#include <stdio.h>
#include <stdlib.h>

int commit_progress(
	const struct commit *c, const char *what, uint64_t done, uint64_t total, struct fsr_error *err)
{
	const struct fsr_open_options *open = c->options->open;

	if (!open || !open->progress || !open->progress(open->progress_arg, what, done, total))
		return 0;
	return fsr_fail(err, FSR_E_STOPPED, 0, FSR_NO_BYTENR, "stopped");
}

int commit_phase(const struct commit *c, enum fsw_phase phase, struct fsr_error *err)
{
	const struct fsw_event event = {.kind = FSW_EVENT_PHASE, .phase = phase, .text = ""};
	struct fsr_error too_late;
	int ret = trans_tell(&c->trans, &event, c->super_begun ? &too_late : err);

	return c->super_begun ? 0 : ret;
}

int commit_judge(const struct commit *c, struct fsr_fs *fs, fsr_group_fn fn, void *arg, struct fsr_error *err)
{
	const struct fsr_open_options *open = c->options->open;
	const struct fsr_judge_options judging = {
		.threads = c->options->threads,
		.progress = open ? open->progress : NULL,
		.progress_arg = open ? open->progress_arg : NULL,
	};

	return fsr_judge(fs, &judging, fn, arg, err);
}

bool commit_is_behind(const struct commit *c)
{
	const struct fsr_filesystem *f = &c->trans.volume->fs;

	return f->cache_generation != f->generation && f->cache_generation != UINT64_MAX;
}

/* A commit that would only cost caches which are right must not be (F-B12). */
static bool is_worthwhile(const struct commit *c)
{
	if (c->trans.nremoved || (c->removes_strays && commit_is_behind(c)))
		return true;
	for (size_t i = 0; i < c->trans.ngroups; i++) {
		const struct trans_group *g = &c->trans.groups[i];
		bool wanted =
			g->entered && (g->result.why == FSW_WHY_SELECTED || g->result.why == FSW_WHY_TRUSTED);

		if (wanted && (g->state != FSR_STATE_ERROR || g->harmful))
			return true;
	}
	return false;
}

/* Everything up to what can be seen: the new filesystem is whole on the overlays. */
static int prepare(struct commit *c, struct fsr_error *err)
{
	int ret = commit_phase(c, FSW_PHASE_SERIALISE, err);

	if (!ret)
		ret = commit_fill(c, err);
	if (!ret)
		ret = commit_seal_blocks(c, 0, err);
	if (!ret)
		ret = commit_make_parity(c, err);
	if (!ret)
		ret = commit_make_super(c, err);
	if (!ret)
		ret = commit_phase(c, FSW_PHASE_CHECK, err);
	if (!ret)
		ret = commit_progress(c, "checking", 0, 0, err);
	if (!ret)
		ret = commit_check(c, err);
	c->done.generation = c->trans.generation;
	c->done.blocks_written = c->trans.blocks.fresh;
	return ret;
}

/* Whoever reads the error must know what is there now: maybe the new filesystem. */
static void add_what_is_left(const struct commit *c, struct fsr_error *err)
{
	size_t length = strlen(err->text);

	snprintf(err->text + length, sizeof err->text - length, "%s%s",
		c->super_begun ? "; superblocks were being written: the image holds the old or the new "
				 "filesystem, whole"
			       : "; the old filesystem is untouched",
		c->written && c->options->undo ? "; undo takes back what was written" : "");
}

/* The undo file is of no use when nothing was written; else it takes away even what nothing refers to. */
static int write_with_undo(struct commit *c, struct fsr_error *err)
{
	const char *undo = c->options->undo;
	int ret = undo ? undo_save(c->set, undo, &c->trans.volume->fs, err) : 0;

	if (ret)
		return ret;
	ret = commit_progress(c, "writing", 0, 0, err); /* saving may have taken long */
	if (!ret)
		ret = commit_write(c, err);
	if (ret && !c->scratch)
		add_what_is_left(c, err);
	if (ret && undo && (!c->written || c->scratch))
		undo_discard(undo);
	return ret;
}

/* What is on the overlays is what an undo file saves from the devices below, and what goes there. */
static uint64_t bytes_to_overwrite(const struct commit *c)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < c->set->count; i++)
		bytes += overlay_bytes(c->set->list[i]);
	return bytes;
}

static int carry_out(struct commit *c, struct fsw_result *result, struct fsr_error *err)
{
	int ret = commit_phase(c, FSW_PHASE_ALLOCATE, err);

	if (!ret)
		ret = commit_settle(c, err);
	if (ret)
		return ret;
	result->planned = is_worthwhile(c);
	if (!result->planned)
		return 0;
	ret = prepare(c, err);
	result->undo_bytes = bytes_to_overwrite(c);
	if (!ret && c->options->dry_run) {
		ret = commit_write_caches(c, false, err);
		c->done.flushes = COMMIT_FLUSHES;
	} else if (!ret) {
		ret = write_with_undo(c, err);
	}
	result->committed = !ret && !c->options->dry_run;
	return ret;
}

/* Without a list everything is, what the commit made invalid for want of space too. */
static bool is_asked_for(const struct commit *c, const struct fsw_group *g)
{
	return !c->options->invalidate && (!c->options->ngroups || g->why == FSW_WHY_SELECTED);
}

void commit_tell(struct commit *c, struct fsw_result *result)
{
	struct trans *t = &c->trans;

	result->ngroups = t->ngroups;
	for (size_t i = 0; i < t->ngroups; i++) {
		struct fsw_group *g = &result->groups[i];

		*g = t->groups[i].result;
		g->wants_cache = cache_wanted(&t->groups[i]);
		if (!result->planned) { /* what was tried in memory is gone */
			g->after = g->before;
			g->cache_bytenr = g->cache_bytes = 0;
		}
		if (is_asked_for(c, g) && g->wants_cache && g->after != FSR_STATE_WRITTEN)
			result->unwritten++;
	}
	if (result->planned) {
		result->transaction = c->done;
		result->removed = t->removed;
		result->nremoved = t->nremoved;
		t->removed = NULL;
	}
}

int commit_run(struct commit *c, struct fsr_fs *fs, struct fsw_result *result, struct fsr_error *err)
{
	bool work = false;
	int ret;

	/* now, since a commit that is done must not fail for want of memory to tell of it */
	result->groups = calloc(fs->ngroups + 1, sizeof *result->groups);
	if (!result->groups)
		return fsr_fail_nomem(err);
	ret = trans_begin(&c->trans, fs, c->options, err);
	if (!ret)
		ret = commit_refuse(fs, c->options, err);
	if (!ret)
		ret = commit_select(c, &work, err);
	if (!ret && work)
		ret = carry_out(c, result, err);
	if (!ret)
		commit_tell(c, result);
	return ret;
}
