/* SPDX-License-Identifier: MIT */
/* Devices, superblocks, the chunk map, and logical reads and writes. */
#include "mutate.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	RAID0 = 0x8,
	RAID1 = 0x10,
	DUP = 0x20,
	RAID10 = 0x40,
	RAID56 = 0x180,
	RAID1C3 = 0x200,
	RAID1C4 = 0x400,
};

static const uint64_t mirror_offset[3] = {65536, UINT64_C(67108864), UINT64_C(274877906944)};

static void device_read(const struct device *device, uint64_t offset, void *buffer, size_t length)
{
	if (pread(device->fd, buffer, length, (off_t)offset) != (ssize_t)length)
		die("%s: can't read %zu bytes at %llu", device->path, length, (unsigned long long)offset);
}

static void device_write(const struct device *device, uint64_t offset, const void *buffer, size_t length)
{
	if (pwrite(device->fd, buffer, length, (off_t)offset) != (ssize_t)length)
		die("%s: can't write %zu bytes at %llu", device->path, length, (unsigned long long)offset);
}

static const struct device *device_by_id(const struct image *image, uint64_t id)
{
	for (unsigned i = 0; i < image->devices; i++)
		if (image->device[i].id == id)
			return &image->device[i];
	return NULL;
}

void chunk_add(struct image *image, uint64_t start, const uint8_t *data)
{
	struct chunk *chunk = image->chunk;

	while (chunk < image->chunk + image->chunks && chunk->start != start)
		chunk++;
	if (chunk == image->chunk + MAX_CHUNKS)
		die("too many chunks");
	chunk->start = start;
	chunk->length = get(data, 8);
	chunk->stripe_len = get(data + 16, 8);
	chunk->type = get(data + 24, 8);
	chunk->stripes = (unsigned)get(data + 44, 2);
	chunk->sub_stripes = (unsigned)get(data + 46, 2);
	if (chunk->stripes == 0 || chunk->stripes > MAX_STRIPES || chunk->stripe_len == 0)
		die("chunk %llu: unusable", (unsigned long long)start);
	for (unsigned i = 0; i < chunk->stripes; i++) {
		chunk->stripe[i].devid = get(data + 48 + 32 * i, 8);
		chunk->stripe[i].offset = get(data + 48 + 32 * i + 8, 8);
	}
	if (chunk == image->chunk + image->chunks)
		image->chunks++;
}

static void read_sys_chunks(struct image *image)
{
	const uint8_t *at = image->super + 0x32b, *end = at + get(image->super + 0xa0, 4);

	while (at + 17 + 80 <= end) {
		chunk_add(image, get(at + 9, 8), at + 17);
		at += 17 + 48 + 32 * get(at + 17 + 44, 2);
	}
}

static void chunk_item(void *arg, struct key key, const uint8_t *data, uint32_t size)
{
	if (key.type == TYPE_CHUNK && size >= 80)
		chunk_add(arg, key.offset, data);
}

static void device_open(struct image *image, const char *path)
{
	struct device *device = &image->device[image->devices++];
	uint8_t super[SUPER_SIZE];

	device->path = path;
	device->fd = open(path, O_RDWR | O_CLOEXEC);
	if (device->fd < 0)
		die("%s: can't open", path);
	device_read(device, mirror_offset[0], super, sizeof(super));
	if (memcmp(super + 0x40, "_BHRfS_M", 8) != 0)
		die("%s: no btrfs superblock", path);
	device->id = get(super + 0xc9, 8);
	if (image->devices == 1)
		memcpy(image->super, super, sizeof(super));
}

void image_open(struct image *image, char *paths)
{
	memset(image, 0, sizeof(*image));
	image->copy = image->mirror = -1;
	image->mend = true;
	for (char *path = strtok(paths, ","); path; path = strtok(NULL, ",")) {
		if (image->devices == MAX_DEVICES)
			die("too many devices");
		device_open(image, path);
	}
	if (image->devices == 0)
		die("no image");
	image->sectorsize = (uint32_t)get(image->super + 0x90, 4);
	image->nodesize = (uint32_t)get(image->super + 0x94, 4);
	if (image->nodesize < 4096 || image->nodesize > MAX_NODE)
		die("nodesize %u", image->nodesize);
	read_sys_chunks(image);
	tree_walk(image, tree_number("chunk"), chunk_item, image);
}

void image_close(struct image *image)
{
	for (unsigned i = 0; i < image->devices; i++)
		if (close(image->device[i].fd) != 0)
			die("%s: can't close", image->device[i].path);
}

/* One copy of a logical address: which device and where, and how many bytes run on from there. */
struct place {
	const struct device *device;
	uint64_t offset, run;
};

static const struct chunk *chunk_of(const struct image *image, uint64_t bytenr)
{
	for (unsigned i = 0; i < image->chunks; i++)
		if (bytenr >= image->chunk[i].start &&
			bytenr - image->chunk[i].start < image->chunk[i].length)
			return &image->chunk[i];
	die("%llu lies in no chunk", (unsigned long long)bytenr);
}

static unsigned copies_of(const struct chunk *chunk)
{
	if (chunk->type & RAID56)
		die("RAID5 and RAID6 are not supported");
	if (chunk->type & (DUP | RAID1 | RAID1C3 | RAID1C4))
		return chunk->stripes;
	return chunk->type & RAID10 ? 2 : 1;
}

static struct place place_of(const struct image *image, uint64_t bytenr, unsigned copy)
{
	const struct chunk *chunk = chunk_of(image, bytenr);
	uint64_t offset = bytenr - chunk->start, nr = offset / chunk->stripe_len;
	unsigned width = 1, stripe = copy;
	struct place place;

	if (chunk->type & RAID0)
		width = chunk->stripes;
	if (chunk->type & RAID10)
		width = chunk->stripes / 2;
	place.run = chunk->length - offset;
	if (chunk->type & (RAID0 | RAID10)) {
		stripe = (unsigned)(nr % width) * (chunk->type & RAID10 ? 2 : 1) + copy;
		place.run = chunk->stripe_len - offset % chunk->stripe_len;
		offset = nr / width * chunk->stripe_len + offset % chunk->stripe_len;
	}
	place.device = device_by_id(image, chunk->stripe[stripe].devid);
	place.offset = chunk->stripe[stripe].offset + offset;
	return place;
}

void logical_read(const struct image *image, uint64_t bytenr, void *buffer, size_t length)
{
	uint8_t *to = buffer;

	while (length) {
		unsigned copies = copies_of(chunk_of(image, bytenr));
		struct place place = place_of(image, bytenr, 0);
		size_t run;

		for (unsigned copy = 1; !place.device && copy < copies; copy++)
			place = place_of(image, bytenr, copy);
		if (!place.device)
			die("the device of %llu was not given", (unsigned long long)bytenr);
		run = place.run < length ? (size_t)place.run : length;
		device_read(place.device, place.offset, to, run);
		to += run;
		bytenr += run;
		length -= run;
	}
}

void logical_write(const struct image *image, uint64_t bytenr, const void *buffer, size_t length)
{
	const uint8_t *from = buffer;

	while (length) {
		unsigned copies = copies_of(chunk_of(image, bytenr));
		size_t run = length;

		if (image->copy >= (int)copies)
			die("%llu has %u copies only", (unsigned long long)bytenr, copies);
		for (unsigned copy = 0; copy < copies; copy++) {
			struct place place = place_of(image, bytenr, copy);

			if (place.run < run)
				run = (size_t)place.run;
			if (place.device && (image->copy < 0 || image->copy == (int)copy))
				device_write(place.device, place.offset, from, run);
		}
		from += run;
		bytenr += run;
		length -= run;
	}
}

static void mirror_edit(const struct image *image, const struct device *device, unsigned mirror,
	uint32_t offset, unsigned size, struct edit edit)
{
	uint8_t super[SUPER_SIZE];
	struct stat st;

	if (fstat(device->fd, &st) != 0 || (uint64_t)st.st_size < mirror_offset[mirror] + SUPER_SIZE)
		return;
	device_read(device, mirror_offset[mirror], super, sizeof(super));
	if (memcmp(super + 0x40, "_BHRfS_M", 8) != 0)
		return;
	apply_edit(super + offset, size, edit);
	if (image->mend) {
		if (get(super + 0xc4, 2) != 0)
			die("only crc32c superblocks can be mended");
		put(super, 4, crc32c_of(super + 32, SUPER_SIZE - 32));
	}
	device_write(device, mirror_offset[mirror], super, sizeof(super));
}

void super_edit(struct image *image, uint32_t offset, unsigned size, struct edit edit)
{
	if (offset > SUPER_SIZE - size)
		die("offset %u lies outside the superblock", offset);
	for (unsigned i = 0; i < image->devices; i++)
		for (unsigned mirror = 0; mirror < 3; mirror++)
			if (image->mirror < 0 || image->mirror == (int)mirror)
				mirror_edit(image, &image->device[i], mirror, offset, size, edit);
	apply_edit(image->super + offset, size, edit);
}
