/* SPDX-License-Identifier: MIT */
/* From logical addresses to places on devices, and reading from there (D1). */
#include "volume.h"

#include "../format/error.h"

/* Which stripe of the chunk holds a byte, where in that stripe, and how far it goes on there. */
struct place {
	unsigned stripe;
	uint64_t within, length;
};

/* RAID0 and RAID10 deal 64 KiB units out to groups of sub_stripes stripes in turn. */
static struct place striped_place(const struct chunk *chunk, uint64_t offset, unsigned copy)
{
	uint64_t nr = offset / STRIPE_LEN, o = offset % STRIPE_LEN;
	unsigned groups = chunk_data_stripes(chunk);
	uint64_t left = chunk->length - offset;

	return (struct place){
		.stripe = (unsigned)(nr % groups) * chunk->sub_stripes + copy,
		.within = nr / groups * STRIPE_LEN + o,
		.length = left < STRIPE_LEN - o ? left : STRIPE_LEN - o,
	};
}

static struct place find_place(const struct chunk *chunk, uint64_t offset, unsigned copy)
{
	if (chunk->type & (BLOCK_GROUP_RAID0 | BLOCK_GROUP_RAID10))
		return striped_place(chunk, offset, copy);
	return (struct place){.stripe = copy, .within = offset, .length = chunk->length - offset};
}

/* As volume_map(); *device is NULL where it was not given. */
static int locate(const struct volume *volume, uint64_t logical, unsigned copy, struct fsr_physical *where,
	uint64_t *length, const struct volume_device **device, struct fsr_error *err)
{
	const struct chunk *chunk = volume_find_chunk(volume, logical);
	const struct chunk_stripe *stripe;
	struct place place;

	if (!chunk)
		return fsr_fail(err, FSR_E_CORRUPT, 0, logical, "address %llu lies in no chunk",
			(unsigned long long)logical);
	if (copy >= chunk_copies(chunk))
		return fsr_fail(err, FSR_E_INVALID, 0, logical, "chunk %llu has no copy %u",
			(unsigned long long)chunk->start, copy);
	place = find_place(chunk, logical - chunk->start, copy);
	stripe = &chunk->stripes[place.stripe];
	if (stripe->offset > UINT64_MAX - place.within)
		return fsr_fail(err, FSR_E_CORRUPT, stripe->devid, logical,
			"chunk %llu: its stripe on device %llu runs over the end of the address space",
			(unsigned long long)chunk->start, (unsigned long long)stripe->devid);
	*device = volume_find_device(volume, stripe->devid);
	*where = (struct fsr_physical){.devid = stripe->devid, .offset = stripe->offset + place.within};
	where->image_offset = where->offset + (*device ? (*device)->info.offset : 0);
	*length = place.length;
	return 0;
}

int volume_map(const struct volume *volume, uint64_t logical, unsigned copy, struct fsr_physical *where,
	uint64_t *length, struct fsr_error *err)
{
	const struct volume_device *device;

	return locate(volume, logical, copy, where, length, &device, err);
}

/* Reads what lies contiguously at logical, at most `wanted` bytes: *done of them. */
static int read_run(const struct volume *volume, uint64_t logical, size_t wanted, unsigned copy, void *buffer,
	size_t *done, struct fsr_error *err)
{
	const struct volume_device *device = NULL;
	struct fsr_physical where = {0};
	struct fsr_error why;
	uint64_t length = 0;
	int ret = locate(volume, logical, copy, &where, &length, &device, err);

	if (ret)
		return ret;
	if (!device)
		return fsr_fail(err, FSR_E_MISSING, where.devid, logical,
			"address %llu lies on device %llu, which was not given", (unsigned long long)logical,
			(unsigned long long)where.devid);
	*done = length < wanted ? (size_t)length : wanted;
	ret = source_read(device->source, buffer, *done, where.offset, &why);
	if (ret)
		return fsr_fail(err, ret, where.devid, logical,
			"address %llu on device %llu at image offset %llu: %s", (unsigned long long)logical,
			(unsigned long long)where.devid, (unsigned long long)where.image_offset, why.text);
	return 0;
}

/* Whether [logical, logical + length) lies in the chunk that holds its start. */
static bool within_chunk(const struct volume *volume, uint64_t logical, size_t length)
{
	const struct chunk *chunk = volume_find_chunk(volume, logical);

	return !chunk || length <= chunk->length - (logical - chunk->start);
}

int volume_read(const struct volume *volume, uint64_t logical, size_t length, unsigned copy, void *buffer,
	struct fsr_error *err)
{
	uint8_t *to = buffer;

	if (!within_chunk(volume, logical, length))
		return fsr_fail(err, FSR_E_CORRUPT, 0, logical,
			"%zu bytes at address %llu reach over the end of their chunk", length,
			(unsigned long long)logical);
	while (length) {
		size_t done = 0;
		int ret = read_run(volume, logical, length, copy, to, &done, err);

		if (ret)
			return ret;
		to += done;
		logical += done;
		length -= done;
	}
	return 0;
}
