/* SPDX-License-Identifier: MIT */
/* From logical addresses to all their copies on the devices. */
#include "../../libfsread/format/csum.h"
#include "../fields.h"
#include "commit.h"

static struct device *device_of(const struct commit *c, uint64_t devid)
{
	const struct volume *v = c->trans.volume;

	for (size_t i = 0; i < v->ndevices && i < c->set->count; i++)
		if (v->devices[i].info.devid == devid)
			return c->set->list[i];
	return NULL;
}

int commit_one_copy(struct commit *c, uint64_t logical, unsigned copy, const uint8_t *data, size_t length,
	place_fn fn, void *arg, struct fsr_error *err)
{
	int ret = 0;

	while (length && !ret) {
		struct fsr_physical where;
		struct device *device;
		uint64_t run;
		size_t n;

		ret = volume_map(c->trans.volume, logical, copy, &where, &run, err);
		if (ret)
			return ret;
		device = device_of(c, where.devid);
		if (!device)
			return fsr_fail(err, FSR_E_MISSING, where.devid, logical,
				"address %llu lies on device %llu, which was not given",
				(unsigned long long)logical, (unsigned long long)where.devid);
		n = run < length ? (size_t)run : length;
		ret = fn(arg, device, where.offset, data, n, err);
		data += n;
		logical += n;
		length -= n;
	}
	return ret;
}

/* What else a chunk with parity has is no copy, and for parity.c to write. */
static unsigned stored_copies(const struct chunk *chunk)
{
	return chunk_has_parity(chunk) ? 1 : chunk_copies(chunk);
}

int commit_each_copy(struct commit *c, uint64_t logical, const uint8_t *data, size_t length, place_fn fn,
	void *arg, struct fsr_error *err)
{
	const struct chunk *chunk = volume_find_chunk(c->trans.volume, logical);
	int ret = 0;

	if (!chunk || length > chunk->length - (logical - chunk->start))
		return fsr_fail(err, FSR_E_CORRUPT, 0, logical, "%zu bytes at %llu lie in no chunk", length,
			(unsigned long long)logical);
	for (unsigned copy = 0; copy < stored_copies(chunk) && !ret; copy++)
		ret = commit_one_copy(c, logical, copy, data, length, fn, arg, err);
	return ret;
}

int place_on_overlay(void *arg, struct device *overlay, uint64_t offset, const uint8_t *data, size_t length,
	struct fsr_error *err)
{
	(void)arg;
	return device_write(overlay, data, length, offset, err);
}

struct sealing {
	struct commit *c;
	uint64_t owner;
};

static int seal(void *arg, struct block *b, struct fsr_error *err)
{
	const struct sealing *s = arg;
	const struct volume *v = s->c->trans.volume;
	uint8_t *p = b->data;

	if (s->owner && block_owner(p) != s->owner)
		return 0;
	set64(p + HEADER_FLAGS, get64(p + HEADER_FLAGS) | HEADER_FLAG_WRITTEN); /* the checksum covers it */
	csum_compute(v->fs.csum_type, p + CSUM_SIZE, v->fs.nodesize - CSUM_SIZE, p);
	return commit_each_copy(s->c, b->bytenr, p, v->fs.nodesize, place_on_overlay, NULL, err);
}

int commit_seal_blocks(struct commit *c, uint64_t owner, struct fsr_error *err)
{
	struct sealing s = {c, owner};

	return block_each(&c->trans, seal, &s, err);
}
