/* SPDX-License-Identifier: MIT */
/* Root items of the trees that changed, and what else names a generation (F-B2, F-B12). */
#include "commit.h"

#include "../fields.h"

/* Makes a root item of old size a full one; what it lacks is zero. */
static int enlarge(struct trans *t, const struct fsr_key *key, struct path *path, struct fsr_error *err)
{
	uint8_t item[ROOT_ITEM_SIZE] = {0};
	uint32_t size = path_item_size(path);
	int ret;

	if (size >= ROOT_ITEM_SIZE)
		return 0;
	memcpy(item, path_item(path), size);
	ret = tree_delete(t, &t->roots, path, err);
	return ret ? ret : tree_insert(t, &t->roots, key, item, sizeof item, path, err);
}

static bool is_current(const struct tree *tree, const uint8_t *item, uint64_t bytes_used)
{
	return get64(item + ROOT_BYTENR) == tree->root.bytenr && item[ROOT_LEVEL] == tree->root.level &&
	       get64(item + ROOT_GENERATION) == tree->root.generation &&
	       get64(item + ROOT_BYTES_USED) == bytes_used;
}

static int write_root(struct trans *t, struct tree *tree, bool *changed, struct fsr_error *err)
{
	const struct fsr_key key = {tree->root.owner, KEY_ROOT_ITEM, 0};
	uint64_t bytes_used;
	struct path path;
	uint8_t *item;
	int ret = tree_search(t, &t->roots, &key, true, &path, err);

	if (ret > 0)
		return fsr_fail(err, FSR_E_CORRUPT, 0, path.block[0]->bytenr,
			"tree %lld has no root item at offset 0", (long long)tree->root.owner);
	if (!ret)
		ret = enlarge(t, &key, &path, err);
	if (ret)
		return ret;
	item = path_item(&path);
	bytes_used =
		get64(item + ROOT_BYTES_USED) + (uint64_t)(tree->nodes * (int64_t)t->volume->fs.nodesize);
	if (is_current(tree, item, bytes_used))
		return 0;
	*changed = true;
	tree->nodes = 0;
	set64(item + ROOT_BYTENR, tree->root.bytenr);
	item[ROOT_LEVEL] = tree->root.level;
	set64(item + ROOT_GENERATION, tree->root.generation);
	set64(item + ROOT_GENERATION_V2, tree->root.generation);
	set64(item + ROOT_BYTES_USED, bytes_used);
	return 0;
}

/* Where quotas are, their status names the generation they are right for. */
static int write_quota_status(struct trans *t, struct fsr_error *err)
{
	const struct fsr_key key = {0, KEY_QGROUP_STATUS, 0};
	struct path path;
	int ret = tree_search(t, &t->quota, &key, false, &path, err);

	if (ret)
		return ret < 0 ? ret : 0;
	if (path_item_size(&path) < QGROUP_STATUS_SIZE)
		return fsr_fail(err, FSR_E_CORRUPT, 0, path.block[0]->bytenr,
			"the quota status item has %u bytes", path_item_size(&path));
	if (get64(path_item(&path) + QGROUP_STATUS_GENERATION) == t->generation)
		return 0;
	ret = tree_search(t, &t->quota, &key, true, &path, err);
	if (ret)
		return ret;
	set64(path_item(&path) + QGROUP_STATUS_GENERATION, t->generation);
	t->simple_quota = get64(path_item(&path) + QGROUP_STATUS_FLAGS) & QGROUP_STATUS_SIMPLE;
	return 0;
}

int commit_begin_quota(struct commit *c, struct fsr_error *err)
{
	return c->trans.has_quota ? write_quota_status(&c->trans, err) : 0;
}

int commit_update_roots(struct commit *c, bool *changed, struct fsr_error *err)
{
	struct trans *t = &c->trans;
	int ret = t->has_quota && t->quota.changed ? write_root(t, &t->quota, changed, err) : 0;

	return ret ? ret : write_root(t, &t->extents, changed, err);
}
