/* SPDX-License-Identifier: MIT */
/* The chunk tree: which devices there are, and which chunks. */
#include "tree.h"

#include "../format/error.h"

#include <inttypes.h>

/* What a walk through the chunk tree has seen. */
struct chunk_walk {
	struct volume *volume;
	uint64_t devices, total_bytes; /* of the device items */
	bool devices_hidden;           /* some device items can't be read */
	bool some_missing;             /* a device that was not given has been named */
};

/* Addresses whose chunk items lie in the hole the cursor met. */
static void report_hole(struct chunk_walk *walk, const struct cursor *c)
{
	const struct fsr_key first = {FIRST_CHUNK_TREE_OBJECTID, KEY_CHUNK_ITEM, 0};
	const struct fsr_key last = {FIRST_CHUNK_TREE_OBJECTID, KEY_CHUNK_ITEM, UINT64_MAX};
	bool from_start = key_cmp(&c->hole_from, &first) < 0;
	bool to_end = c->hole_to_end || key_cmp(&c->hole_to, &last) > 0;
	uint64_t from = from_start ? 0 : c->hole_from.offset, to = to_end ? UINT64_MAX : c->hole_to.offset;
	struct fsr_finding f;

	if (from_start)
		walk->devices_hidden = true;
	if (key_cmp(&c->hole_from, &last) > 0 || (!c->hole_to_end && key_cmp(&c->hole_to, &first) <= 0))
		return;
	finding_init(&f, FSR_FINDING_GROUP_HIDDEN, FSR_NO_BYTENR,
		"tree block %" PRIu64 " of the chunk tree can't be read: chunks that start at %" PRIu64
		" to %" PRIu64 " are not known",
		c->hole_bytenr, from, to);
	finding_number(&f, "bytenr", from);
	finding_number(&f, "end", to);
	finding_number(&f, "tree_block", c->hole_bytenr);
	findings_add(&walk->volume->findings, &f);
}

static void check_stripe_devices(struct chunk_walk *walk, const uint8_t *item)
{
	unsigned stripes = get16(item + CHUNK_NUM_STRIPES);

	for (unsigned i = 0; i < stripes; i++) {
		const uint8_t *stripe = item + CHUNK_STRIPES + i * CHUNK_STRIPE_SIZE;

		if (!volume_check_member(
			    walk->volume, get64(stripe + CHUNK_STRIPE_DEVID), stripe + CHUNK_STRIPE_UUID))
			walk->some_missing = true;
	}
}

static int take_chunk(struct chunk_walk *walk, const struct fsr_item *item, struct fsr_error *err)
{
	struct fsr_error why;
	struct fsr_finding f;
	int ret = volume_add_chunk(walk->volume, item->key.offset, item->data, item->size, &why);

	if (!ret) {
		check_stripe_devices(walk, item->data);
		return 0;
	}
	if (ret != FSR_E_CORRUPT)
		return fsr_fail(err, ret, why.devid, why.bytenr, "%s", why.text);
	finding_init(&f, FSR_FINDING_CHUNK_BAD, FSR_NO_BYTENR, "%s", why.text);
	finding_number(&f, "bytenr", item->key.offset);
	findings_add(&walk->volume->findings, &f);
	return 0;
}

static int take_item(struct chunk_walk *walk, const struct fsr_item *item, struct fsr_error *err)
{
	if (item->key.type == KEY_CHUNK_ITEM)
		return take_chunk(walk, item, err);
	if (item->key.type == KEY_DEV_ITEM && item->size >= DEV_ITEM_SIZE) {
		walk->devices++;
		walk->total_bytes += get64(item->data + DEV_ITEM_TOTAL_BYTES);
		volume_seed_item(walk->volume, item->data);
		if (!volume_check_device(walk->volume, item->data))
			walk->some_missing = true;
	}
	return 0;
}

static int walk_chunks(struct chunk_walk *walk, struct cursor *c, struct fsr_error *err)
{
	const struct fsr_key start = {0, 0, 0};
	int ret = cursor_seek(c, &start, err);

	for (; ret == CURSOR_ITEM || ret == CURSOR_HOLE; ret = cursor_next(c, err)) {
		struct fsr_item item;
		int answer;

		if (ret == CURSOR_HOLE) {
			report_hole(walk, c);
			continue;
		}
		cursor_item(c, &item);
		answer = take_item(walk, &item, err);
		if (answer)
			return answer;
	}
	return ret < 0 ? ret : 0;
}

/* Only a count: which ones are missing, the hidden device items would have said. */
static void report_missing_count(const struct chunk_walk *walk)
{
	struct volume *volume = walk->volume;
	struct fsr_finding f;

	if (walk->some_missing || volume->logical || volume->fs.num_devices <= volume->ndevices)
		return;
	finding_init(&f, FSR_FINDING_DEVICE_MISSING, FSR_NO_BYTENR,
		"the filesystem has %" PRIu64 " devices, %zu were given", volume->fs.num_devices,
		volume->ndevices);
	finding_number(&f, "num_devices", volume->fs.num_devices);
	finding_number(&f, "given", volume->ndevices);
	findings_add(&volume->findings, &f);
}

/* Linux mounts in spite of it and mends the superblock at the next commit. */
static void report_device_count(const struct chunk_walk *walk)
{
	uint64_t stored = walk->volume->fs.num_devices;
	struct fsr_finding f;

	if (stored == walk->devices)
		return;
	finding_init(&f, FSR_FINDING_DEVICE_DIFFERS, FSR_NO_BYTENR,
		"the superblock says %" PRIu64 " devices, the chunk tree has %" PRIu64, stored,
		walk->devices);
	f.severity = FSR_SEVERITY_WARNING;
	finding_number(&f, "num_devices", stored);
	finding_number(&f, "device_items", walk->devices);
	findings_add(&walk->volume->findings, &f);
}

static void report_total(const struct chunk_walk *walk)
{
	uint64_t stored = walk->volume->fs.total_bytes;
	struct fsr_finding f;

	if (stored >= walk->total_bytes)
		return;
	finding_init(&f, FSR_FINDING_SUPER_RULE, FSR_NO_BYTENR,
		"superblock: total_bytes is %" PRIu64 ", must be at least the devices' sum %" PRIu64, stored,
		walk->total_bytes);
	finding_text(&f, "field", "total_bytes");
	finding_number(&f, "value", stored);
	findings_add(&walk->volume->findings, &f);
}

int volume_load_chunks(struct volume *volume, struct fsr_error *err)
{
	struct chunk_walk walk = {.volume = volume};
	struct tree_root root;
	struct cursor c;
	int ret;

	tree_root_of_super(volume, CHUNK_TREE_OBJECTID, &root);
	cursor_init(&c, volume, &root);
	ret = walk_chunks(&walk, &c, err);
	cursor_free(&c);
	if (ret)
		return ret;
	if (walk.devices_hidden) {
		report_missing_count(&walk);
		return 0;
	}
	report_device_count(&walk);
	report_total(&walk);
	return volume_check_seeds(volume, err);
}
