/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <inttypes.h>
#include <string.h>

void words_uuid(const uint8_t uuid[16], char out[UUID_TEXT_SIZE])
{
	char *p = out;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		p += snprintf(p, 3, "%02x", uuid[i]);
	}
}

/* Key types whose objectid is an address, a device or half an UUID: a small number there is no name. */
static bool objectid_is_plain(const char *type)
{
	static const char *const types[] = {"EXTENT_ITEM", "METADATA_ITEM", "BLOCK_GROUP_ITEM",
		"FREE_SPACE_INFO", "FREE_SPACE_EXTENT", "FREE_SPACE_BITMAP", "DEV_EXTENT", "UUID_KEY_SUBVOL",
		"UUID_KEY_RECEIVED_SUBVOL", "TREE_BLOCK_REF", "EXTENT_DATA_REF", "SHARED_BLOCK_REF",
		"SHARED_DATA_REF", "EXTENT_OWNER_REF"};

	for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/* The objectid's name in a key of this type, or NULL. */
static const char *objectid_name(uint64_t objectid, const char *type)
{
	static const struct {
		uint64_t objectid;
		const char *type, *name;
	} by_type[] = {
		{1, "DEV_ITEM", "DEV_ITEMS"},
		{256, "CHUNK_ITEM", "FIRST_CHUNK_TREE"},
		{0, "PERSISTENT_ITEM", "DEV_STATS"},
	};

	for (size_t i = 0; type && i < sizeof by_type / sizeof *by_type; i++)
		if (objectid == by_type[i].objectid && strcmp(type, by_type[i].type) == 0)
			return by_type[i].name;
	return objectid_is_plain(type) ? NULL : fsr_objectid_name(objectid);
}

void words_key(const struct fsr_key *key, char out[KEY_TEXT_SIZE])
{
	const char *type = fsr_key_type_name(key->type);
	const char *name = objectid_name(key->objectid, type);
	char objectid[24], number[16];

	snprintf(objectid, sizeof objectid, "%" PRIu64, key->objectid);
	snprintf(number, sizeof number, "UNKNOWN.%u", key->type);
	snprintf(out, KEY_TEXT_SIZE, "(%.30s %.30s %" PRIu64 ")", name ? name : objectid,
		type ? type : number, key->offset);
}

const char *words_label(enum fsr_label_kind kind)
{
	static const char *const names[] = {
		[FSR_LABEL_CRC] = "crc",
		[FSR_LABEL_GENERATION] = "generation",
		[FSR_LABEL_OFFSET] = "offset",
		[FSR_LABEL_BYTES] = "bytes",
		[FSR_LABEL_TYPE] = "type",
		[FSR_LABEL_BITMAP] = "bitmap",
		[FSR_LABEL_UNUSED] = "unused",
	};

	return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "unknown";
}

struct fsr_item cache_inode_item(const struct fsr_cache *cache)
{
	/* 1 is INODE_ITEM: this record is nothing else whatever the header's location says. */
	return (struct fsr_item){
		.key = {cache->location.objectid, 1, 0},
		.leaf = cache->inode_leaf,
		.slot = cache->inode_slot,
		.size = sizeof cache->inode_raw,
		.data = cache->inode_raw,
	};
}
