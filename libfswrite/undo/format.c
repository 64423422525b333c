/* SPDX-License-Identifier: MIT */
#include "format.h"

#include "../fields.h"

#include <stdlib.h>
#include <xxhash.h>

void undo_put_magic(uint8_t *p, const char *magic)
{
	memcpy(p, magic, UNDO_MAGIC_SIZE);
}

uint64_t undo_hash(const void *data, size_t length)
{
	return XXH3_64bits(data, length);
}

void undo_seal(uint8_t *p, size_t length, uint64_t seed)
{
	set64(p + length, XXH3_64bits_withSeed(p, length, seed));
}

bool undo_seal_ok(const uint8_t *p, size_t length, uint64_t seed)
{
	return get64(p + length) == XXH3_64bits_withSeed(p, length, seed);
}

uint8_t *undo_header_encode(struct undo_header *header, size_t *size)
{
	size_t length = UNDO_HEADER_SIZE + header->ndevices * UNDO_DEVICE_SIZE;
	uint8_t *p = calloc(1, length + UNDO_CSUM_SIZE), *device;

	if (!p)
		return NULL;
	device = p + UNDO_HEADER_SIZE;
	undo_put_magic(p, UNDO_MAGIC);
	set32(p + UNDO_HEADER_VERSION, UNDO_VERSION);
	set32(p + UNDO_HEADER_DEVICES, (uint32_t)header->ndevices);
	set32(p + UNDO_HEADER_SECTORSIZE, header->sectorsize);
	set32(p + UNDO_HEADER_NODESIZE, header->nodesize);
	set64(p + UNDO_HEADER_BEFORE, header->before);
	set64(p + UNDO_HEADER_AFTER, header->after);
	memcpy(p + UNDO_HEADER_FSID, header->fsid, sizeof header->fsid);
	set64(p + UNDO_HEADER_RECORDS, header->records);
	set64(p + UNDO_HEADER_BYTES, header->bytes);
	for (size_t i = 0; i < header->ndevices; i++, device += UNDO_DEVICE_SIZE) {
		set64(device + UNDO_DEVICE_ID, header->devices[i].devid);
		memcpy(device + UNDO_DEVICE_UUID, header->devices[i].uuid, 16);
	}
	undo_seal(p, length, 0);
	header->csum = get64(p + length);
	*size = length + UNDO_CSUM_SIZE;
	return p;
}
