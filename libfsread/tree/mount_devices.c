/* SPDX-License-Identifier: MIT */
/*
 * Devices as a mount sees them: their items, device extents against chunks, statistics, a running
 * replace.
 */
#include "mount.h"

#include "../format/error.h"

#include <inttypes.h>
#include <stdlib.h>

#define DEV_STATS_OBJECTID UINT64_C(0)
#define REPLACE_TARGET_DEVID UINT64_C(0)

struct dev_extent {
	uint64_t devid, start, length, chunk;
};

/* A pass over the device extents; found[i] counts those of chunk i that fit one of its stripes. */
struct dev_extent_walk {
	struct mount *m;
	uint16_t *found;
	struct dev_extent last;
};

/* The key tells device and start; the item may be short, its leaf then has the bytes (block_check()). */
static struct dev_extent decode_dev_extent(const struct fsr_item *item)
{
	return (struct dev_extent){.devid = item->key.objectid,
		.start = item->key.offset,
		.length = get64(item->data + DEV_EXTENT_LENGTH),
		.chunk = get64(item->data + DEV_EXTENT_CHUNK_OFFSET)};
}

#define report_extent(m, e, format, ...)                                                                     \
	mount_report((m), FSR_FINDING_DEV_EXTENT, "offset", (e)->start,                                      \
		"device extent at %" PRIu64 " of device %" PRIu64 " " format, (e)->start, (e)->devid,        \
		__VA_ARGS__)

/* Linux takes the chunk that holds the address, which need not be the chunk's start. */
static void match_stripe(struct dev_extent_walk *walk, const struct dev_extent *e, const struct chunk *chunk)
{
	uint16_t *found = &walk->found[chunk - walk->m->volume->chunks];
	uint64_t length = chunk_stripe_size(chunk);

	if (e->length != length) {
		report_extent(walk->m, e, "has %" PRIu64 " bytes, a stripe of chunk %" PRIu64 " has %" PRIu64,
			e->length, chunk->start, length);
		return;
	}
	for (unsigned i = 0; i < chunk->num_stripes; i++) {
		if (chunk->stripes[i].devid != e->devid || chunk->stripes[i].offset != e->start)
			continue;
		if (*found == chunk->num_stripes)
			report_extent(walk->m, e, "is one more than the %u stripes of chunk %" PRIu64,
				chunk->num_stripes, chunk->start);
		else
			++*found;
		return;
	}
	report_extent(
		walk->m, e, "is none of the %u stripes of chunk %" PRIu64, chunk->num_stripes, chunk->start);
}

/* Sums wrap as the kernel's do. A device that was not given has a finding of its own. */
static void check_dev_extent_bounds(struct dev_extent_walk *walk, const struct dev_extent *e)
{
	const struct volume_device *device = volume_find_device(walk->m->volume, e->devid);
	const struct dev_extent *last = &walk->last;

	if (last->devid == e->devid && e->start < last->start + last->length)
		report_extent(walk->m, e, "begins inside the one before, which ends at %" PRIu64,
			last->start + last->length);
	if (device && e->start + e->length > device->info.total_bytes)
		report_extent(walk->m, e, "ends at %" PRIu64 ", the device has %" PRIu64 " bytes",
			e->start + e->length, device->info.total_bytes);
}

static void take_dev_extent(struct dev_extent_walk *walk, const struct fsr_item *item)
{
	const struct dev_extent e = decode_dev_extent(item);
	const struct chunk *chunk = volume_find_chunk(walk->m->volume, e.chunk);

	check_dev_extent_bounds(walk, &e);
	if (chunk)
		match_stripe(walk, &e, chunk);
	else
		report_extent(walk->m, &e, "belongs to chunk %" PRIu64 ", which does not exist", e.chunk);
	walk->last = e;
}

/* From the first device's extents on, up to anything else. */
static int walk_dev_extents(struct dev_extent_walk *walk, struct cursor *c, struct fsr_error *err)
{
	const struct fsr_key first = {1, KEY_DEV_EXTENT, 0};
	uint64_t seen = 0;
	int ret;

	for (ret = cursor_seek(c, &first, err); ret == CURSOR_ITEM; ret = cursor_next(c, err)) {
		struct fsr_item item;

		cursor_item(c, &item);
		if (item.key.type != KEY_DEV_EXTENT)
			break;
		take_dev_extent(walk, &item);
		seen++;
	}
	if (ret < 0)
		return ret;
	if (ret == CURSOR_HOLE)
		return MOUNT_FAILS;
	if (ret == CURSOR_END && !seen)
		mount_report(walk->m, FSR_FINDING_DEV_EXTENT, "chunks", walk->m->volume->nchunks,
			"the device tree has no device extents, there are %zu chunks",
			walk->m->volume->nchunks);
	return MOUNT_GOES_ON;
}

static void check_stripes_found(const struct dev_extent_walk *walk)
{
	const struct volume *volume = walk->m->volume;

	for (size_t i = 0; i < volume->nchunks; i++)
		if (walk->found[i] != volume->chunks[i].num_stripes)
			mount_report(walk->m, FSR_FINDING_DEV_EXTENT, "chunk", volume->chunks[i].start,
				"chunk %" PRIu64 " has %u device extents, not %u", volume->chunks[i].start,
				walk->found[i], volume->chunks[i].num_stripes);
}

static int check_dev_extents(struct mount *m, struct cursor *c, struct fsr_error *err)
{
	struct dev_extent_walk walk = {.m = m, .found = calloc(m->volume->nchunks + 1, sizeof *walk.found)};
	int ret;

	if (!walk.found)
		return fsr_fail_nomem(err);
	ret = walk_dev_extents(&walk, c, err);
	if (!ret)
		check_stripes_found(&walk);
	free(walk.found);
	return ret;
}

/* Only the way to the items matters: any content is taken. */
static int pass_statistics(struct mount *m, struct cursor *c, struct fsr_error *err)
{
	int ret = MOUNT_GOES_ON;

	for (size_t i = 0; ret >= 0 && i < m->volume->ndevices; i++) {
		const struct fsr_key key = {
			DEV_STATS_OBJECTID, KEY_PERSISTENT_ITEM, m->volume->devices[i].info.devid};
		struct fsr_item item;

		ret = mount_find(c, &key, &item, err);
	}
	return ret < 0 ? ret : MOUNT_GOES_ON;
}

static void need_replace_device(struct mount *m, const char *role, uint64_t devid)
{
	if (!m->volume->logical && !volume_find_device(m->volume, devid))
		mount_report(m, FSR_FINDING_MOUNT_LOOKUP, "devid", devid,
			"a device replace is under way, its %s, device %" PRIu64 ", was not given", role,
			devid);
}

/* A target device may be there exactly when a replace is under way; an item of another size is none. */
static int check_replace(struct mount *m, struct cursor *c, struct fsr_error *err)
{
	const struct fsr_key key = {0, KEY_DEV_REPLACE, 0};
	struct fsr_item item;
	int ret = mount_find(c, &key, &item, err);
	uint64_t state = 0;

	if (ret < 0 || ret == MOUNT_FAILS)
		return ret;
	if (ret == MOUNT_GOES_ON && item.size == DEV_REPLACE_SIZE)
		state = get64(item.data + DEV_REPLACE_STATE);
	if (state == DEV_REPLACE_STARTED || state == DEV_REPLACE_SUSPENDED) {
		need_replace_device(m, "source", get64(item.data + DEV_REPLACE_SOURCE));
		need_replace_device(m, "target", REPLACE_TARGET_DEVID);
	} else if (state < DEV_REPLACE_SUSPENDED && volume_find_device(m->volume, REPLACE_TARGET_DEVID)) {
		mount_report(m, FSR_FINDING_MOUNT_LOOKUP, "devid", REPLACE_TARGET_DEVID,
			"the target of a device replace was given, but none is under way (state %" PRIu64 ")",
			state);
	}
	return MOUNT_GOES_ON;
}

static void check_item_fsid(struct mount *m, const struct fsr_item *item)
{
	if (memcmp(item->data + DEV_ITEM_FSID, m->volume->tree_fsid, sizeof m->volume->tree_fsid) != 0 &&
		!volume_seed_item(m->volume, item->data))
		mount_report(m, FSR_FINDING_DEVICE_DIFFERS, "devid", item->key.offset,
			"the device item of device %" PRIu64
			" has the fsid of another filesystem, of a seed device",
			item->key.offset);
}

/* To Linux a device without an item has no bytes, and one of another fsid belongs to a seed. */
static int check_device_items(struct mount *m, struct fsr_error *err)
{
	struct tree_root chunk_tree;
	struct cursor c;
	int ret = MOUNT_GOES_ON;

	tree_root_of_super(m->volume, CHUNK_TREE_OBJECTID, &chunk_tree);
	cursor_init(&c, m->volume, &chunk_tree);
	for (size_t i = 0; ret >= 0 && i < m->volume->ndevices; i++) {
		const struct fsr_key key = {
			DEV_ITEMS_OBJECTID, KEY_DEV_ITEM, m->volume->devices[i].info.devid};
		struct fsr_item item;

		ret = mount_find(&c, &key, &item, err);
		if (ret == MOUNT_GOES_ON)
			check_item_fsid(m, &item);
		else if (ret == MOUNT_ABSENT && key.offset != REPLACE_TARGET_DEVID)
			mount_report(m, FSR_FINDING_DEVICE_DIFFERS, "devid", key.offset,
				"the chunk tree has no item for device %" PRIu64, key.offset);
	}
	cursor_free(&c);
	return ret < 0 ? ret : MOUNT_GOES_ON;
}

int mount_check_devices(struct mount *m, const struct tree_root *dev_tree, struct fsr_error *err)
{
	struct cursor c;
	int ret = check_device_items(m, err);

	cursor_init(&c, m->volume, dev_tree);
	if (ret >= 0)
		ret = check_dev_extents(m, &c, err);
	if (ret >= 0)
		ret = pass_statistics(m, &c, err);
	if (ret >= 0)
		ret = check_replace(m, &c, err);
	cursor_free(&c);
	return ret;
}
