/* SPDX-License-Identifier: MIT */
/*
 * From the overlays to the devices. Until the primary superblocks are written the old filesystem is whole,
 * for nothing of it is overwritten; when they are, everything the new one needs is on the medium (F-B3).
 */
#include "commit.h"

#include <stdlib.h>

static int write_below(struct commit *c, struct device *overlay, uint64_t offset, const uint8_t *data,
	size_t length, struct fsr_error *err)
{
	c->written = true; /* in part, if it fails */
	return device_write(overlay_base(overlay), data, length, offset, err);
}

static int place_below(void *arg, struct device *overlay, uint64_t offset, const uint8_t *data, size_t length,
	struct fsr_error *err)
{
	return write_below(arg, overlay, offset, data, length, err);
}

struct copying_down {
	struct commit *c;
	uint8_t *buffer;
};

/* What the overlay has there goes to the device below it; `data` is only where the read goes. */
static int copy_down(void *arg, struct device *overlay, uint64_t offset, const uint8_t *data, size_t length,
	struct fsr_error *err)
{
	const struct copying_down *d = arg;
	int ret = device_read(overlay, d->buffer, length, offset, err);

	(void)data;
	return ret ? ret : write_below(d->c, overlay, offset, d->buffer, length, err);
}

static int write_cache(struct commit *c, const struct fsw_group *result, struct fsr_error *err)
{
	uint8_t *buffer = malloc(result->cache_bytes);
	struct copying_down down = {c, buffer};
	int ret;

	if (!buffer)
		return fsr_fail_nomem(err);
	ret = commit_each_copy(c, result->cache_bytenr, buffer, result->cache_bytes, copy_down, &down, err);
	free(buffer);
	return ret;
}

int commit_write_caches(struct commit *c, bool really, struct fsr_error *err)
{
	struct trans *t = &c->trans;

	for (size_t i = 0; i < t->ngroups; i++) {
		struct trans_group *g = &t->groups[i];
		int ret;

		if (!g->extent_there)
			continue;
		ret = really ? write_cache(c, &g->result, err) : 0;
		if (!ret)
			ret = cache_state(t, g, FSR_STATE_WRITTEN, err, "%llu entries, %llu bitmaps",
				(unsigned long long)g->result.entries, (unsigned long long)g->result.bitmaps);
		if (!ret)
			ret = commit_progress(c, "writing caches", i, t->ngroups, err);
		if (ret)
			return ret;
		c->done.cache_bytes_written += g->result.cache_bytes;
	}
	return 0;
}

static int write_block(void *arg, struct block *b, struct fsr_error *err)
{
	struct commit *c = arg;

	return commit_each_copy(c, b->bytenr, b->data, c->trans.volume->fs.nodesize, place_below, c, err);
}

static int flush_all(struct commit *c, struct fsr_error *err)
{
	for (size_t i = 0; i < c->set->count; i++) {
		int ret = device_flush(overlay_base(c->set->list[i]), err);

		if (ret)
			return ret;
	}
	c->done.flushes++;
	return 0;
}

static int flush_phase(struct commit *c, enum fsw_phase phase, struct fsr_error *err)
{
	int ret = commit_phase(c, phase, err);

	return ret ? ret : flush_all(c, err);
}

static int write_supers(struct commit *c, enum fsw_phase phase, struct fsr_error *err)
{
	int ret = commit_phase(c, phase, err);

	if (!ret && phase == FSW_PHASE_SUPER) /* the last chance to stop */
		ret = commit_progress(c, "writing the superblock", 0, 0, err);
	if (ret)
		return ret;
	c->super_begun = true;
	return commit_each_super(c, phase == FSW_PHASE_SUPER, place_below, c, err);
}

int commit_write(struct commit *c, struct fsr_error *err)
{
	int ret = commit_phase(c, FSW_PHASE_WRITE, err);

	if (!ret)
		ret = commit_write_caches(c, true, err);
	if (!ret)
		ret = block_each(&c->trans, write_block, c, err);
	if (!ret)
		ret = commit_each_parity(c, place_below, c, err);
	if (!ret)
		ret = flush_phase(c, FSW_PHASE_FLUSH, err);
	if (!ret)
		ret = write_supers(c, FSW_PHASE_SUPER, err);
	if (!ret)
		ret = flush_phase(c, FSW_PHASE_FLUSH_SUPER, err);
	if (!ret)
		ret = write_supers(c, FSW_PHASE_MIRRORS, err);
	return ret ? ret : flush_phase(c, FSW_PHASE_FLUSH_MIRRORS, err);
}
