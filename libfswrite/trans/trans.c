/* SPDX-License-Identifier: MIT */
#include "trans.h"

#include <stdlib.h>

static int find_tree(struct trans *t, uint64_t objectid, struct tree *tree, struct fsr_error *err)
{
	*tree = (struct tree){0};
	return tree_find_root(t->volume, objectid, &tree->root, err);
}

static void begin_group(struct trans *t, size_t i)
{
	struct trans_group *g = &t->groups[i];

	g->facts = &t->fs->groups[i];
	g->used = g->item_used = g->facts->used;
	g->largest = UINT64_MAX;
	g->eligible = group_eligible(t->fs, g->facts->length);
	g->result = (struct fsw_group){
		.bytenr = g->facts->bytenr, .length = g->facts->length, .flags = g->facts->flags};
}

int trans_begin(struct trans *t, struct fsr_fs *fs, const struct fsw_options *options, struct fsr_error *err)
{
	const struct fsr_filesystem *facts = &fs->volume->fs;
	int ret;

	*t = (struct trans){
		.fs = fs,
		.volume = fs->volume,
		.generation = facts->generation + 1,
		.skinny = facts->incompat_flags & INCOMPAT_SKINNY_METADATA,
		.bytes_used = facts->bytes_used,
		.ngroups = fs->ngroups,
		.options = options,
	};
	t->groups = calloc(fs->ngroups + 1, sizeof *t->groups);
	if (!t->groups)
		return fsr_fail_nomem(err);
	for (size_t i = 0; i < fs->ngroups; i++)
		begin_group(t, i);
	ret = find_tree(t, ROOT_TREE_OBJECTID, &t->roots, err);
	if (!ret)
		ret = find_tree(t, EXTENT_TREE_OBJECTID, &t->extents, err);
	if (ret)
		return ret;
	ret = find_tree(t, QUOTA_TREE_OBJECTID, &t->quota, err);
	t->has_quota = !ret;
	return ret == FSR_E_NOT_FOUND ? 0 : ret;
}

void trans_free(struct trans *t)
{
	for (size_t i = 0; t->groups && i < t->ngroups; i++)
		free_map_free(&t->groups[i].map);
	block_table_free(&t->blocks);
	free(t->groups);
	free(t->refs.list);
	free(t->removed);
	*t = (struct trans){0};
}

int trans_tell(const struct trans *t, const struct fsw_event *event, struct fsr_error *err)
{
	if (!t->options->event || !t->options->event(t->options->event_arg, event))
		return 0;
	return fsr_fail(err, FSR_E_STOPPED, 0, FSR_NO_BYTENR, "stopped");
}

struct trans_group *trans_group_of(struct trans *t, uint64_t bytenr)
{
	size_t i = volume_chunk_index(t->volume, bytenr);

	if (i >= t->ngroups || t->groups[i].facts->bytenr > bytenr)
		return NULL;
	return &t->groups[i];
}
