/* SPDX-License-Identifier: MIT */
/* Putting the given devices together into one volume. */
#include "super.h"

#include "../format/error.h"

#include <stdlib.h>

static void describe_device(struct volume_device *device)
{
	const uint8_t *item = device->super + SUPER_DEV_ITEM;
	struct fsr_device *info = &device->info;

	info->path = device->source->name;
	info->devid = get64(item + DEV_ITEM_DEVID);
	memcpy(info->uuid, item + DEV_ITEM_UUID, sizeof info->uuid);
	info->offset = device->source->image_offset;
	info->size = device->source->size;
	info->in_place = device->source->in_place;
	info->container = device->source->container;
	info->total_bytes = get64(item + DEV_ITEM_TOTAL_BYTES);
}

/* Whether device i belongs to the filesystem of device `host`, or can be its seed. */
static int check_member(struct volume *volume, size_t i, size_t host, struct fsr_error *err)
{
	const struct volume_device *first = &volume->devices[host];
	struct volume_device *device = &volume->devices[i];
	char first_fsid[UUID_TEXT_SIZE], fsid[UUID_TEXT_SIZE];

	device->seed = memcmp(first->super + SUPER_FSID, device->super + SUPER_FSID, 16) != 0;
	if (device->seed && !super_is_seed(device->super)) {
		uuid_text(first->super + SUPER_FSID, first_fsid);
		uuid_text(device->super + SUPER_FSID, fsid);
		return fsr_fail(err, FSR_E_INVALID, 0, FSR_NO_BYTENR,
			"'%s' belongs to another filesystem: its fsid is %s, that of '%s' is %s",
			device->info.path, fsid, first->info.path, first_fsid);
	}
	for (size_t k = 0; k < i; k++)
		if (volume->devices[k].info.devid == device->info.devid)
			return fsr_fail(err, FSR_E_INVALID, device->info.devid, FSR_NO_BYTENR,
				"'%s' and '%s' are both device %llu", volume->devices[k].info.path,
				device->info.path, (unsigned long long)device->info.devid);
	return 0;
}

static int read_device(struct volume *volume, size_t i, struct source *source, struct fsr_error *err)
{
	struct volume_device *device = &volume->devices[i];
	int ret;

	device->source = source;
	ret = volume_read_mirrors(volume, i, err);
	if (ret)
		return ret;
	describe_device(device);
	return super_refuse(device->super, source->name, err);
}

static uint64_t device_generation(const struct volume_device *device)
{
	return get64(device->super + SUPER_GENERATION);
}

/*
 * A device whose superblock is behind missed commits. One behind is what a crash between two devices'
 * superblocks leaves, and harmless; more means it was away while the filesystem was written.
 */
static void report_older(struct volume *volume, const struct volume_device *device)
{
	uint64_t has = device_generation(device), newest = volume->fs.generation;
	struct fsr_finding f;

	if (has == newest || device->seed)
		return;
	finding_init(&f, FSR_FINDING_DEVICE_DIFFERS, FSR_NO_BYTENR,
		"device %llu ('%.100s') is of generation %llu, the filesystem is at %llu",
		(unsigned long long)device->info.devid, device->info.path, (unsigned long long)has,
		(unsigned long long)newest);
	if (has == newest - 1)
		f.severity = FSR_SEVERITY_WARNING;
	finding_number(&f, "devid", device->info.devid);
	finding_number(&f, "generation", has);
	finding_number(&f, "newest_generation", newest);
	findings_add(&volume->findings, &f);
}

/* The newest device's superblock speaks for the volume; of equals the first given. A seed's never does. */
static void choose_super(struct volume *volume, size_t best)
{
	for (size_t i = 0; i < volume->ndevices; i++)
		if (!volume->devices[i].seed &&
			device_generation(&volume->devices[i]) > device_generation(&volume->devices[best]))
			best = i;
	for (size_t m = 0; m < volume->nmirrors; m++)
		if (m / SUPER_MIRRORS != best)
			volume->mirrors[m].used = false;
	memcpy(volume->super, volume->devices[best].super, SUPER_SIZE);
	memcpy(volume->tree_fsid, super_tree_fsid(volume->super), sizeof volume->tree_fsid);
	super_decode(volume->super, &volume->fs);
}

static int open_devices(struct volume *volume, struct source **sources, size_t n, struct fsr_error *err)
{
	for (; volume->ndevices < n; volume->ndevices++) {
		int ret = read_device(volume, volume->ndevices, sources[volume->ndevices], err);

		if (ret)
			return ret;
	}
	return 0;
}

/* A dump is of all devices, so nothing can be added to it. */
static int check_dumps(struct volume *volume, struct source **sources, size_t n, struct fsr_error *err)
{
	for (size_t i = 0; i < n; i++) {
		if (sources[i]->logical && n > 1)
			return fsr_fail(err, FSR_E_INVALID, 0, FSR_NO_BYTENR,
				"'%s' is a btrfs-image dump, which stands for all devices: give it alone",
				sources[i]->name);
		volume->logical = sources[i]->logical;
	}
	return 0;
}

/* Sets *host to a device of the filesystem that all of them make up. */
static int check_members(struct volume *volume, size_t *host, struct fsr_error *err)
{
	int ret = 0;

	*host = seed_host(volume);
	for (size_t i = 0; i < volume->ndevices && !ret; i++)
		ret = check_member(volume, i, *host, err);
	return ret;
}

static int assemble(struct volume *volume, struct source **sources, size_t n, struct fsr_error *err)
{
	size_t host;
	int ret = check_dumps(volume, sources, n, err);

	if (!ret)
		ret = open_devices(volume, sources, n, err);
	if (!ret)
		ret = check_members(volume, &host, err);
	if (ret)
		return ret;
	choose_super(volume, host);
	for (size_t i = 0; i < n; i++) {
		report_older(volume, &volume->devices[i]);
		volume_check_size(volume, &volume->devices[i], volume->devices[i].info.total_bytes);
	}
	super_check_rules(volume);
	return volume_map_sys_chunks(volume, err);
}

static void free_volume(struct volume *volume)
{
	for (size_t i = 0; i < volume->nchunks; i++)
		free(volume->chunks[i].stripes);
	free(volume->chunks);
	free(volume->mirrors);
	free(volume->devices);
	findings_free(&volume->findings);
	copy_set_free(volume->copies);
	free(volume);
}

static struct volume *new_volume(size_t n)
{
	struct volume *volume = calloc(1, sizeof *volume);

	if (!volume)
		return NULL;
	findings_init_shared(&volume->findings);
	volume->devices = calloc(n, sizeof *volume->devices);
	volume->mirrors = calloc(n * SUPER_MIRRORS, sizeof *volume->mirrors);
	volume->nmirrors = n * SUPER_MIRRORS;
	if (volume->devices && volume->mirrors)
		return volume;
	free_volume(volume);
	return NULL;
}

int volume_open(struct source **sources, size_t n, struct volume **out, struct fsr_error *err)
{
	struct volume *volume;
	int ret;

	if (!n)
		return fsr_fail(err, FSR_E_INVALID, 0, FSR_NO_BYTENR, "no device was given");
	volume = new_volume(n);
	if (!volume)
		return fsr_fail_nomem(err);
	ret = assemble(volume, sources, n, err);
	if (ret)
		free_volume(volume);
	else
		*out = volume;
	return ret;
}

void volume_close(struct volume *volume)
{
	if (!volume)
		return;
	for (size_t i = 0; i < volume->ndevices; i++)
		source_close(volume->devices[i].source);
	free_volume(volume);
}
