/* SPDX-License-Identifier: MIT */
/* From a cache that can't be trusted to one that waits for its content. */
#include "cache.h"

#include "../fields.h"
#include "pages.h"

/* What is on disk of the block group's cache. */
struct old_cache {
	const struct cache_header *header; /* NULL: none */
	bool reusable;                     /* its inode is */
};

static int look(struct trans *t, const struct trans_group *g, struct old_cache *old, struct fsr_error *err)
{
	int ret;

	*old = (struct old_cache){.header = g->has_header ? find_header(t->fs, g->facts->bytenr) : NULL};
	ret = old->header ? inode_reusable(t, old->header, err) : 0;
	old->reusable = ret > 0;
	return ret < 0 ? ret : 0;
}

static struct fsr_key header_key(const struct trans_group *g)
{
	return (struct fsr_key){FREE_SPACE_OBJECTID, KEY_UNTYPED, g->facts->bytenr};
}

/* Points the header to inode ino, making it if there is none. A header of the wrong size is made anew. */
static int set_header(struct trans *t, struct trans_group *g, uint64_t ino, struct fsr_error *err)
{
	const struct fsr_key key = header_key(g), location = {ino, KEY_INODE_ITEM, 0};
	struct path path;
	int ret = tree_search(t, &t->roots, &key, true, &path, err);

	if (!ret && path_item_size(&path) != FREE_SPACE_HEADER_SIZE) {
		ret = tree_delete(t, &t->roots, &path, err);
		if (!ret)
			ret = 1;
	}
	if (ret > 0)
		ret = tree_insert(t, &t->roots, &key, NULL, FREE_SPACE_HEADER_SIZE, &path, err);
	if (ret)
		return ret;
	set_key(path_item(&path) + FREE_SPACE_HEADER_LOCATION, &location);
	g->has_header = true;
	g->ino = ino;
	t->roots.changed = true;
	return 0;
}

/* Takes the header away, and the inode with it unless another header names it. */
static int drop_header(
	struct trans *t, struct trans_group *g, const struct cache_header *header, struct fsr_error *err)
{
	int ret = cache_remove_header(t, g->facts->bytenr, err);

	g->has_header = false;
	return ret ? ret : cache_leave_inode(t, header, err);
}

int cache_invalidate(struct trans *t, struct trans_group *g, struct fsr_error *err)
{
	struct old_cache old;
	int ret = look(t, g, &old, err);

	if (ret || !old.header)
		return ret;
	/* Linux loads a cache that it never renews: there is no lawful state for it but being gone */
	if (old.reusable && g->eligible)
		return inode_clear(t, old.header->location.objectid, err);
	return drop_header(t, g, old.header, err);
}

/* For what reason ever it gets no new cache, the old one must not be trusted. */
static int give_up(struct trans *t, struct trans_group *g, const struct fsr_error *why, struct fsr_error *err)
{
	int ret;

	if (g->result.before == FSR_STATE_WRITTEN &&
		!g->touched) { /* a right cache is worth more than none */
		g->takes_part = false;
		return cache_state(t, g, FSR_STATE_WRITTEN, err, "left as it is: %s", why->text);
	}
	ret = cache_invalidate(t, g, err);
	return ret ? ret : cache_state(t, g, FSR_STATE_ERROR, err, "%s", why->text);
}

/* Makes the cache invalid, and frees its extents if they are its own. */
static int empty_inode(struct trans *t, struct trans_group *g, uint64_t ino, struct fsr_error *err)
{
	struct fsr_error why;
	int ret = g->old_dropped ? 0 : inode_check_extents(t, ino, &why);

	if (ret == FSR_E_REFUSED)
		return inode_clear(t, ino, err);
	if (ret) {
		*err = why;
		return ret;
	}
	if (!g->old_dropped)
		ret = inode_drop_extents(t, ino, err);
	g->old_dropped = true;
	return ret ? ret : inode_set_up(t, ino, 0, false, err);
}

/* Full or empty: Linux never asks for the cache, so it gets no space (F-B12). Too small: it keeps none. */
static int set_up_without(struct trans *t, struct trans_group *g, struct fsr_error *err)
{
	struct old_cache old;
	int ret = look(t, g, &old, err);

	if (ret)
		return ret;
	if (old.header && !g->eligible)
		ret = drop_header(t, g, old.header, err);
	else if (old.reusable)
		ret = empty_inode(t, g, old.header->location.objectid, err);
	else
		ret = cache_invalidate(t, g, err);
	if (ret)
		return ret;
	if (!g->eligible)
		return cache_state(
			t, g, FSR_STATE_NONE, err, "Linux keeps no cache for a block group of this size");
	return cache_state(t, g, g->has_header ? FSR_STATE_SETUP : FSR_STATE_CLEAR, err,
		"the block group is %s: Linux never asks for its cache", g->used ? "full" : "empty");
}

/* Header, inode and the new extent at g->result.cache_bytenr, in place of what is there. */
static int build(struct trans *t, struct trans_group *g, const struct old_cache *old, struct fsr_error *err)
{
	uint64_t bytenr = g->result.cache_bytenr, bytes = g->result.cache_bytes, ino;
	int ret = 0;

	if (old->reusable) {
		ino = old->header->location.objectid;
		if (!g->old_dropped)
			ret = inode_drop_extents(t, ino, err);
		g->old_dropped = true;
	} else {
		ret = inode_number(t, &ino, err);
	}
	if (!ret)
		ret = inode_set_up(t, ino, bytes, !old->reusable, err);
	if (!ret)
		ret = inode_add_extent(t, ino, bytenr, bytes, err);
	if (!ret)
		ret = set_header(t, g, ino, err);
	if (!ret)
		ret = refs_add_data(t, bytenr, bytes, ino, err);
	if (!ret && old->header && !old->reusable)
		ret = cache_leave_inode(t, old->header, err);
	return ret;
}

/* The new extent comes before the old one goes: a failure must not cost what is there (F-B12). */
static int set_up_new(struct trans *t, struct trans_group *g, struct fsr_error *err)
{
	struct fsr_error why;
	struct old_cache old;
	uint64_t bytenr = 0, bytes = cache_file_bytes(g->facts->length, t->volume->fs.sectorsize);
	int ret = look(t, g, &old, err);

	if (ret)
		return ret;
	ret = old.reusable && !g->old_dropped ? inode_check_extents(t, old.header->location.objectid, &why)
					      : 0;
	if (!ret)
		ret = alloc_data(t, bytes, &bytenr, &why);
	if (ret == FSR_E_NO_SPACE || ret == FSR_E_REFUSED)
		return give_up(t, g, &why, err);
	if (ret) {
		*err = why;
		return ret;
	}
	g->result.cache_bytenr = bytenr;
	g->result.cache_bytes = bytes;
	g->extent_there = true;
	ret = build(t, g, &old, err);
	if (ret)
		return ret;
	return cache_state(t, g, FSR_STATE_SETUP, err, "cache file of %llu bytes at %llu, inode %llu",
		(unsigned long long)bytes, (unsigned long long)bytenr, (unsigned long long)g->ino);
}

int cache_set_up(struct trans *t, struct trans_group *g, struct fsr_error *err)
{
	if (g->extent_there)
		return cache_state(t, g, FSR_STATE_SETUP, err, "the block group changed again");
	if (!cache_wanted(g))
		return set_up_without(t, g, err);
	return set_up_new(t, g, err);
}

int cache_finish(
	struct trans *t, struct trans_group *g, uint64_t entries, uint64_t bitmaps, struct fsr_error *err)
{
	const struct fsr_key key = header_key(g);
	struct path path;
	int ret = tree_search(t, &t->roots, &key, true, &path, err);

	if (ret)
		return ret < 0 ? ret
			       : fsr_fail(err, FSR_E_REFUSED, 0, g->facts->bytenr,
					 "block group %llu: its header is gone: please report this",
					 (unsigned long long)g->facts->bytenr);
	set64(path_item(&path) + FREE_SPACE_HEADER_GENERATION, t->generation);
	set64(path_item(&path) + FREE_SPACE_HEADER_ENTRIES, entries);
	set64(path_item(&path) + FREE_SPACE_HEADER_BITMAPS, bitmaps);
	g->result.entries = entries;
	g->result.bitmaps = bitmaps;
	return inode_complete(t, g->ino, err);
}
