/* SPDX-License-Identifier: MIT */
/* Reading what Tree shows. A block is one read; only the list of trees takes a job. */
#include "tree.h"

#include "../ui.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void forget_block(struct tree_view *t)
{
	fsr_block_free(t->block);
	t->block = NULL;
	t->err = (struct fsr_error){0};
	*t->other_problem = *t->parent_problem = 0;
}

/* What is wrong with the copy that would have been read first. */
static void note_bad_copy(struct tree_view *t)
{
	struct fsr_block *first;
	struct fsr_error err = {0};

	if (fsr_block_open(t->view.tab->fs, t->bytenr, 0, &first, &err)) {
		snprintf(t->other_problem, sizeof t->other_problem, "%.190s", err.text);
		return;
	}
	snprintf(t->other_problem, sizeof t->other_problem, "%.190s", first->problem);
	fsr_block_free(first);
}

static void open_block(struct tree_view *t, uint64_t bytenr, unsigned copy)
{
	forget_block(t);
	t->mode = TREE_BLOCK;
	t->bytenr = bytenr;
	t->copy_chosen = copy != FSR_ANY_COPY;
	if (fsr_block_open(t->view.tab->fs, bytenr, copy, &t->block, &t->err))
		return;
	if (t->block->copy && !t->copy_chosen)
		note_bad_copy(t);
}

/* The new block is one that the old one points at: the path goes on. */
static bool go_down(struct tree_view *t, const struct fsr_block *old, uint64_t bytenr)
{
	struct fsr_pointer pointer;

	if (!old || !path_holds(&t->path, old->bytenr, old->level))
		return false;
	for (unsigned i = 0; fsr_block_pointer(old, i, &pointer); i++) {
		if (pointer.bytenr != bytenr)
			continue;
		path_down(&t->path, old->level, i, bytenr);
		return true;
	}
	return false;
}

/* The generation that the pointer to the block, or for a root what knows of the tree, wants it to have. */
static bool wanted_generation(const struct tree_view *t, unsigned level, uint64_t *generation)
{
	struct fsr_pointer pointer;
	struct fsr_block *parent;
	bool found;

	if (level == t->path.tree.level) {
		*generation = t->path.tree.generation;
		return true;
	}
	if (fsr_block_open(t->view.tab->fs, t->path.way.bytenr[level + 1], FSR_ANY_COPY, &parent, NULL))
		return false;
	found = fsr_block_pointer(parent, t->path.way.slot[level + 1], &pointer);
	if (found)
		*generation = pointer.generation;
	fsr_block_free(parent);
	return found;
}

/* Linux reads no block whose generation is not the one that leads to it. */
static void check_parent(struct tree_view *t)
{
	uint64_t generation;
	int level = path_level(&t->path, t->bytenr);

	if (!t->block || level < 0 || !wanted_generation(t, (unsigned)level, &generation) ||
		generation == t->block->generation)
		return;
	snprintf(t->parent_problem, sizeof t->parent_problem,
		"its generation is %" PRIu64 ", what leads to it says %" PRIu64, t->block->generation,
		generation);
}

static void load(struct tree_view *t, uint64_t bytenr, unsigned copy)
{
	bool kept = path_level(&t->path, bytenr) >= 0 || go_down(t, t->block, bytenr);

	open_block(t, bytenr, copy);
	if (kept)
		return;
	t->path.known = false;
	if (t->block)
		path_to_block(t->view.tab->fs, &t->path, t->block);
}

void tree_load(struct tree_view *t, uint64_t bytenr, unsigned copy)
{
	load(t, bytenr, copy);
	check_parent(t);
}

void tree_load_on_path(struct tree_view *t, uint64_t bytenr)
{
	open_block(t, bytenr, FSR_ANY_COPY);
	check_parent(t);
}

const struct fsr_super_mirror *tree_super(const struct tree_view *t)
{
	const struct fsr_fs *fs = t->view.tab->fs;

	for (size_t i = 0; i < fsr_mirror_count(fs); i++)
		if (fsr_mirror(fs, i)->used)
			return fsr_mirror(fs, i);
	return NULL;
}

/* ---- all trees: a walk over the root tree, which can be large */

#define BATCH 256u
/* So many are kept; a filesystem has one for each subvolume and snapshot. */
#define TREES_MAX 65536u

struct batch {
	size_t n;
	struct fsr_tree trees[BATCH];
};

struct lister {
	struct fsr_fs *fs;
	struct job *job;
	struct batch *batch;
	size_t total;
};

static bool hand_over(struct lister *lister)
{
	struct batch *batch = lister->batch;

	lister->batch = NULL;
	return !batch || job_post(lister->job, batch);
}

static int take_tree(void *arg, const struct fsr_tree *tree)
{
	struct lister *lister = arg;

	if (!lister->batch)
		lister->batch = calloc(1, sizeof *lister->batch);
	if (!lister->batch || job_stopped(lister->job) || lister->total++ == TREES_MAX)
		return -1;
	lister->batch->trees[lister->batch->n++] = *tree;
	return lister->batch->n < BATCH || hand_over(lister) ? 0 : -1;
}

static void list_trees(struct job *job, void *arg)
{
	struct lister *lister = arg;

	lister->job = job;
	fsr_trees(lister->fs, take_tree, lister, NULL);
	hand_over(lister);
	free(lister);
}

void tree_list_trees(struct tree_view *t)
{
	struct lister *lister;

	if (t->job || t->listed)
		return;
	lister = calloc(1, sizeof *lister);
	if (!lister)
		return;
	lister->fs = t->view.tab->fs;
	t->job = job_start(list_trees, lister, free);
	if (!t->job)
		free(lister);
}

static void keep(struct tree_view *t, const struct batch *batch)
{
	struct fsr_tree *grown = realloc(t->trees, (t->ntrees + batch->n) * sizeof *grown);

	if (!grown)
		return;
	t->trees = grown;
	memcpy(t->trees + t->ntrees, batch->trees, batch->n * sizeof *grown);
	t->ntrees += batch->n;
}

bool tree_take_trees(struct tree_view *t)
{
	struct batch *batch;
	bool changed = false;

	if (!t->job)
		return false;
	while ((batch = job_take(t->job))) {
		keep(t, batch);
		free(batch);
		changed = true;
	}
	if (!job_done(t->job))
		return changed;
	job_end(t->job);
	t->job = NULL;
	t->listed = true;
	return true;
}
