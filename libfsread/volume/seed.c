/* SPDX-License-Identifier: MIT */
/*
 * Seed devices. A seed is a filesystem flagged SEEDING, which Linux never writes to. One that was grown from
 * it, by adding a device, has an fsid of its own and goes on using the seed's chunks: its chunk tree has the
 * seed's device item, with the seed's fsid, and tree blocks that lie on the seed carry that fsid too.
 */
#include "super.h"

#include "../format/error.h"

bool super_is_seed(const uint8_t *super)
{
	return get64(super + SUPER_FLAGS) & SUPER_FLAG_SEEDING;
}

/* A grown filesystem may be flagged a seed itself: it is the newest of them. */
size_t seed_host(const struct volume *volume)
{
	size_t newest = 0;

	for (size_t i = 0; i < volume->ndevices; i++) {
		const uint8_t *super = volume->devices[i].super;

		if (!super_is_seed(super))
			return i;
		if (get64(super + SUPER_GENERATION) > get64(volume->devices[newest].super + SUPER_GENERATION))
			newest = i;
	}
	return newest;
}

bool volume_seed_item(struct volume *volume, const uint8_t *dev_item)
{
	for (size_t i = 0; i < volume->ndevices; i++) {
		struct volume_device *device = &volume->devices[i];

		if (!device->seed || device->info.devid != get64(dev_item + DEV_ITEM_DEVID) ||
			memcmp(device->info.uuid, dev_item + DEV_ITEM_UUID, sizeof device->info.uuid) != 0 ||
			memcmp(super_tree_fsid(device->super), dev_item + DEV_ITEM_FSID, 16) != 0)
			continue;
		device->seed_known = true;
		return true;
	}
	return false;
}

int volume_check_seeds(const struct volume *volume, struct fsr_error *err)
{
	for (size_t i = 0; i < volume->ndevices; i++)
		if (volume->devices[i].seed && !volume->devices[i].seed_known)
			return fsr_fail(err, FSR_E_INVALID, volume->devices[i].info.devid, FSR_NO_BYTENR,
				"'%s' is a seed device of another filesystem: the chunk tree has no such "
				"device",
				volume->devices[i].info.path);
	return 0;
}

bool volume_tree_fsid(const struct volume *volume, const uint8_t *fsid)
{
	if (!memcmp(fsid, volume->tree_fsid, sizeof volume->tree_fsid))
		return true;
	for (size_t i = 0; i < volume->ndevices; i++)
		if (volume->devices[i].seed && !memcmp(fsid, volume->devices[i].super + SUPER_FSID, 16))
			return true;
	return false;
}

bool volume_has_seeds(const struct volume *volume)
{
	for (size_t i = 0; i < volume->ndevices; i++)
		if (volume->devices[i].seed)
			return true;
	return false;
}
