/* SPDX-License-Identifier: MIT */
/* From logical addresses to places on devices, and reading from there (D1). */
#include "raid.h"

#include "../format/error.h"

/* RAID0 and RAID10 deal 64 KiB units out to groups of sub_stripes stripes in turn. */
static void striped_place(const struct chunk *chunk, uint64_t nr, unsigned copy, struct place *place)
{
	unsigned groups = chunk_data_stripes(chunk);

	place->stripe = (unsigned)(nr % groups) * chunk->sub_stripes + copy;
	place->within = nr / groups * STRIPE_LEN;
}

/* Rows of 64 KiB units, each with its parity behind its data; the next one begins a stripe further on. */
static void parity_place(const struct chunk *chunk, uint64_t nr, unsigned copy, struct place *place)
{
	unsigned data = chunk_data_stripes(chunk), j = (unsigned)(nr % data);
	uint64_t row = nr / data;

	place->rebuilt = copy;
	place->stripe = (unsigned)((row + (copy ? data + copy - 1 : j)) % chunk->num_stripes);
	place->within = row * STRIPE_LEN;
}

struct place chunk_place(const struct chunk *chunk, uint64_t offset, unsigned copy)
{
	uint64_t nr = offset / STRIPE_LEN, o = offset % STRIPE_LEN, left = chunk->length - offset;
	struct place place = {.stripe = copy, .within = offset, .length = left};

	if (!(chunk->type & BLOCK_GROUP_STRIPED_MASK))
		return place;
	if (chunk_has_parity(chunk))
		parity_place(chunk, nr, copy, &place);
	else
		striped_place(chunk, nr, copy, &place);
	place.within += o;
	place.length = left < STRIPE_LEN - o ? left : STRIPE_LEN - o;
	return place;
}

static int fail_wrap(
	const struct chunk *chunk, const struct chunk_stripe *stripe, uint64_t logical, struct fsr_error *err)
{
	return fsr_fail(err, FSR_E_CORRUPT, stripe->devid, logical,
		"chunk %llu: its stripe on device %llu runs over the end of the address space",
		(unsigned long long)chunk->start, (unsigned long long)stripe->devid);
}

/* The chunk of logical, and where in it copy `copy` lies, of as many as `number` tells. */
static int locate(const struct volume *volume, uint64_t logical, unsigned copy,
	unsigned (*number)(const struct volume *, const struct chunk *), const struct chunk **chunk,
	struct place *place, struct fsr_error *err)
{
	const struct chunk *found = volume_find_chunk(volume, logical);

	if (!found)
		return fsr_fail(err, FSR_E_CORRUPT, 0, logical, "address %llu lies in no chunk",
			(unsigned long long)logical);
	if (data_in_stripe_tree(volume, found))
		return fsr_fail(err, FSR_E_UNSUPPORTED, 0, logical,
			"the raid-stripe-tree, which is not read, says where address %llu lies",
			(unsigned long long)logical);
	if (copy >= number(volume, found))
		return fsr_fail(err, FSR_E_INVALID, 0, logical, "chunk %llu has no copy %u",
			(unsigned long long)found->start, copy);
	*chunk = found;
	*place = chunk_place(found, logical - found->start, copy);
	if (found->stripes[place->stripe].offset > UINT64_MAX - place->within)
		return fail_wrap(found, &found->stripes[place->stripe], logical, err);
	return 0;
}

/* In a dump every address stands for itself. */
static int map_logical(const struct volume *volume, const struct chunk *chunk, uint64_t logical,
	struct fsr_physical *where, uint64_t *length, struct fsr_error *err)
{
	const struct volume_device *device = &volume->devices[0];

	*where = (struct fsr_physical){.devid = device->info.devid, .offset = logical};
	*length = chunk->length - (logical - chunk->start);
	return source_place(device->source, logical, &where->image_offset, err);
}

int volume_map(const struct volume *volume, uint64_t logical, unsigned copy, struct fsr_physical *where,
	uint64_t *length, struct fsr_error *err)
{
	const struct volume_device *device;
	const struct chunk_stripe *stripe;
	const struct chunk *chunk = NULL;
	struct place place = {0};
	int ret = locate(volume, logical, copy, volume_copies, &chunk, &place, err);

	if (ret || !chunk)
		return ret;
	if (volume->logical)
		return map_logical(volume, chunk, logical, where, length, err);
	stripe = &chunk->stripes[place.stripe];
	device = volume_find_device(volume, stripe->devid);
	*where = (struct fsr_physical){
		.devid = stripe->devid, .offset = stripe->offset + place.within, .rebuilt = place.rebuilt};
	where->image_offset = where->offset + (device ? device->info.offset : 0);
	*length = place.length;
	return 0;
}

int stripe_read(struct volume *volume, const struct chunk *chunk, const struct place *place, uint64_t logical,
	size_t length, void *buffer, struct fsr_error *err)
{
	const struct chunk_stripe *stripe = &chunk->stripes[place->stripe];
	const struct volume_device *device = volume_find_device(volume, stripe->devid);
	uint64_t offset = stripe->offset + place->within;
	struct fsr_error why;
	int ret;

	if (offset < place->within)
		return fail_wrap(chunk, stripe, logical, err);
	if (!device) {
		raid_report_missing(volume, chunk, place->stripe);
		return fsr_fail(err, FSR_E_MISSING, stripe->devid, logical,
			"address %llu lies on device %llu, which was not given", (unsigned long long)logical,
			(unsigned long long)stripe->devid);
	}
	ret = source_read(device->source, buffer, length, offset, &why);
	if (ret)
		return fsr_fail(err, ret, stripe->devid, logical,
			"address %llu on device %llu at image offset %llu: %s", (unsigned long long)logical,
			(unsigned long long)stripe->devid, (unsigned long long)offset + device->info.offset,
			why.text);
	return 0;
}

/* The source's own words name dump and address. */
static int read_logical(const struct volume *volume, const struct chunk *chunk, uint64_t logical,
	size_t wanted, void *buffer, size_t *done, struct fsr_error *err)
{
	const struct volume_device *device = &volume->devices[0];
	uint64_t left = chunk->length - (logical - chunk->start);
	struct fsr_error why;
	int ret;

	*done = left < wanted ? (size_t)left : wanted;
	ret = source_read(device->source, buffer, *done, logical, &why);
	return ret ? fsr_fail(err, ret, device->info.devid, logical, "%s", why.text) : 0;
}

/* Reads what lies contiguously at logical, at most `wanted` bytes: *done of them. */
static int read_run(struct volume *volume, uint64_t logical, size_t wanted, unsigned copy, void *buffer,
	size_t *done, struct fsr_error *err)
{
	const struct chunk *chunk = NULL;
	struct place place = {0};
	int ret = locate(volume, logical, copy, volume_ways, &chunk, &place, err);

	if (ret || !chunk)
		return ret;
	if (volume->logical)
		return read_logical(volume, chunk, logical, wanted, buffer, done, err);
	*done = place.length < wanted ? (size_t)place.length : wanted;
	if (place.rebuilt)
		return raid_rebuild(volume, chunk, logical - chunk->start, copy, *done, buffer, err);
	return stripe_read(volume, chunk, &place, logical, *done, buffer, err);
}

/* Whether [logical, logical + length) lies in the chunk that holds its start. */
static bool within_chunk(const struct volume *volume, uint64_t logical, size_t length)
{
	const struct chunk *chunk = volume_find_chunk(volume, logical);

	return !chunk || length <= chunk->length - (logical - chunk->start);
}

int volume_read(struct volume *volume, uint64_t logical, size_t length, unsigned copy, void *buffer,
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
