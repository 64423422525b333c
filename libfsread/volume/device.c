/* SPDX-License-Identifier: MIT */
/* Devices as they were given, against what the filesystem records of them. */
#include "raid.h"
#include "super.h"

static struct volume_device *find_device(const struct volume *volume, uint64_t devid)
{
	for (size_t i = 0; i < volume->ndevices; i++)
		if (volume->devices[i].info.devid == devid)
			return &volume->devices[i];
	return NULL;
}

const struct volume_device *volume_find_device(const struct volume *volume, uint64_t devid)
{
	return find_device(volume, devid);
}

void volume_check_size(struct volume *volume, const struct volume_device *device, uint64_t total_bytes)
{
	struct fsr_finding f;

	if (total_bytes <= device->info.size || volume->logical)
		return;
	finding_init(&f, FSR_FINDING_DEVICE_DIFFERS, FSR_NO_BYTENR,
		"device %llu ('%.100s') is recorded with %llu bytes, its image has %llu",
		(unsigned long long)device->info.devid, device->info.path, (unsigned long long)total_bytes,
		(unsigned long long)device->info.size);
	finding_number(&f, "devid", device->info.devid);
	finding_number(&f, "total_bytes", total_bytes);
	finding_number(&f, "size", device->info.size);
	findings_add(&volume->findings, &f);
}

static void report_missing(struct volume *volume, uint64_t devid, const char *uuid)
{
	struct fsr_finding f;

	finding_init(&f, FSR_FINDING_DEVICE_MISSING, FSR_NO_BYTENR, "device %llu (uuid %s) was not given",
		(unsigned long long)devid, uuid);
	finding_number(&f, "devid", devid);
	finding_text(&f, "uuid", uuid);
	findings_add(&volume->findings, &f);
}

/* Linux looks devices up by devid and uuid: another uuid is another device to it. */
static void report_uuid(struct volume *volume, const struct volume_device *device, const char *recorded)
{
	char has[UUID_TEXT_SIZE];
	struct fsr_finding f;

	uuid_text(device->info.uuid, has);
	finding_init(&f, FSR_FINDING_DEVICE_DIFFERS, FSR_NO_BYTENR,
		"device %llu ('%.60s') has the uuid %s, the chunk tree records %s",
		(unsigned long long)device->info.devid, device->info.path, has, recorded);
	finding_number(&f, "devid", device->info.devid);
	finding_text(&f, "uuid", has);
	finding_text(&f, "recorded_uuid", recorded);
	findings_add(&volume->findings, &f);
}

bool volume_check_member(struct volume *volume, uint64_t devid, const uint8_t *uuid)
{
	const struct volume_device *device = find_device(volume, devid);
	char recorded[UUID_TEXT_SIZE];

	if (device ? !memcmp(uuid, device->info.uuid, sizeof device->info.uuid) : volume->logical)
		return true;
	uuid_text(uuid, recorded);
	if (device)
		report_uuid(volume, device, recorded);
	else
		report_missing(volume, devid, recorded);
	return false;
}

bool volume_check_device(struct volume *volume, const uint8_t *dev_item)
{
	uint64_t devid = get64(dev_item + DEV_ITEM_DEVID);
	struct volume_device *device = find_device(volume, devid);
	bool given = volume_check_member(volume, devid, dev_item + DEV_ITEM_UUID);

	if (device) {
		device->info.total_bytes = get64(dev_item + DEV_ITEM_TOTAL_BYTES);
		volume_check_size(volume, device, device->info.total_bytes);
	}
	return given;
}

/* What the chunk bears: how many of these stripes, which all hold the same bytes or row, are missing too. */
static bool bears_loss(const struct volume *volume, const struct chunk *chunk, unsigned i)
{
	unsigned tolerance = chunk_copies(chunk) - 1, first = 0, count = chunk->num_stripes, missing = 0;

	if (chunk->type & (BLOCK_GROUP_RAID0 | BLOCK_GROUP_RAID10)) {
		count = chunk->sub_stripes;
		first = i - i % count;
	}
	for (unsigned k = first; k < first + count && k < chunk->num_stripes; k++)
		missing += !find_device(volume, chunk->stripes[k].devid);
	return missing <= tolerance;
}

void raid_report_missing(struct volume *volume, const struct chunk *chunk, unsigned i)
{
	bool bears = bears_loss(volume, chunk, i);
	struct fsr_finding f;

	finding_init(&f, FSR_FINDING_STRIPE_MISSING, FSR_NO_BYTENR,
		"stripe %u of chunk %llu (%s) lies on device %llu, which was not given: %s", i,
		(unsigned long long)chunk->start, fsr_profile_name(chunk->type),
		(unsigned long long)chunk->stripes[i].devid,
		!bears                    ? "what lies there is unknown"
		: chunk_has_parity(chunk) ? "what lies there is rebuilt from parity"
					  : "another copy is read");
	if (!bears)
		f.severity = FSR_SEVERITY_ERROR;
	finding_number(&f, "chunk", chunk->start);
	finding_number(&f, "stripe", i);
	finding_number(&f, "devid", chunk->stripes[i].devid);
	findings_add(&volume->findings, &f);
}
